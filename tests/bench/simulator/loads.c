/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>

#include "simulator.h"

enum {
    THREADS = 300,
    CORES = 4, /* of the graph; the other loads have one */
    SLOTS = 20000,
    GRAPH_FAMILIES = 2,
    GRAPH_TASKS = THREADS / GRAPH_FAMILIES, /* of each family */
    GRAPH_EDGES = 2 * GRAPH_TASKS,
    WORKERS = CORES * GRAPH_FAMILIES, /* of the rules that have graphs; the threads do no more */
    TRIES_MAX = 64, /* the kernel skips so many */
};

const char *const load_names[LOADS] = {"cpu", "interactive", "periodic", "graph"};

struct thread {
    struct schedule_terms terms;
    bool exists, ready;
    bool bound; /* it always wants to run */
    uint32_t job, period; /* slots of a job; 0: it never ends, or sleeps for a random time */
    uint32_t left, missing; /* of the job; tasks before this one */
    uint64_t woke, wakes, deadline;
    double lag;
};

static struct thread threads[THREADS];
static struct schedule_task tasks[GRAPH_FAMILIES][GRAPH_TASKS];
static struct schedule_edge edges[GRAPH_FAMILIES][GRAPH_EDGES];
/* By worker, who are the threads from THREADS on: whose task it does, or NOBODY. */
static uint32_t doing[WORKERS];
static struct schedule *instances[CORES]; /* by core; a shared one serves all */
static void *memories[CORES];
static uint32_t cores, unfinished;
static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)((random_state >> 33) % limit);
}

/* --- The loads ------------------------------------------------------------------------------- */

static void thread_make(uint32_t index, int64_t weight, uint32_t priority)
{
    threads[index] = (struct thread){.exists = true,
                                     .ready = true,
                                     .bound = true,
                                     .terms = {.weight = weight, .priority = priority}};
}

/* Threads that always want to run, of weights from 1 to 20. */
static void make_cpu(void)
{
    for (uint32_t i = 0; i < 16; i++)
        thread_make(i, 1 + random_below(20), random_below(8));
}

/* Eight that always want to run, and 24 that wake now and then for one to three slots. */
static void make_interactive(void)
{
    for (uint32_t i = 0; i < 8; i++)
        thread_make(i, 10, 8);
    for (uint32_t i = 8; i < 32; i++) {
        thread_make(i, 10, 4);
        threads[i].ready = threads[i].bound = false;
        threads[i].wakes = random_below(200);
    }
}

/* Six with periods and four without; priorities by the rate, weights by what is needed. */
static void make_periodic(void)
{
    static const struct {
        uint32_t budget, period;
    } jobs[] = {{1, 8}, {2, 14}, {3, 25}, {4, 40}, {10, 70}, {25, 180}};
    for (uint32_t i = 0; i < 6; i++) {
        thread_make(i, 1000 * (int64_t)jobs[i].budget / jobs[i].period, i);
        threads[i].terms.budget = threads[i].job = jobs[i].budget;
        threads[i].terms.period = threads[i].period = jobs[i].period;
        threads[i].ready = threads[i].bound = false;
    }
    for (uint32_t i = 6; i < 10; i++)
        thread_make(i, 40, 20);
}

/* Two families of tasks, one after a few others, each in a chain that is long for its cost. */
static void make_graph(void)
{
    for (uint32_t family = 0; family < GRAPH_FAMILIES; family++) {
        uint32_t base = family * GRAPH_TASKS;
        for (uint32_t i = 0; i < GRAPH_TASKS; i++) {
            thread_make(base + i, 1, 0);
            threads[base + i].job = threads[base + i].left = 1 + random_below(i % 10 ? 10 : 30);
            tasks[family][i] = (struct schedule_task){.thread = SCHEDULE_NOBODY,
                                                      .cost = threads[base + i].job};
        }
        for (uint32_t i = 0; i < GRAPH_EDGES; i++) {
            uint32_t after = 1 + random_below(GRAPH_TASKS - 1);
            uint32_t back = 1 + random_below(i % 4 ? 20 : 60);
            uint32_t before = i % 8 == 0 && after >= 10 ? after - 10 : after > back ? after - back
                                                                                    : 0;
            edges[family][i] = (struct schedule_edge){before, after};
            threads[base + after].missing++;
            threads[base + after].ready = false;
        }
    }
    unfinished = THREADS;
}

/* The longest way through the graphs, or all cost divided by the cores. */
static uint64_t graph_least(void)
{
    static uint64_t ways[THREADS];
    uint64_t all = 0, most = 0;
    for (uint32_t i = THREADS; i-- > 0;) {
        uint32_t family = i / GRAPH_TASKS;
        ways[i] = threads[i].job;
        for (uint32_t j = 0; j < GRAPH_EDGES; j++) {
            uint64_t after = ways[family * GRAPH_TASKS + edges[family][j].after];
            if (edges[family][j].before == i % GRAPH_TASKS && after + threads[i].job > ways[i])
                ways[i] = after + threads[i].job;
        }
        all += threads[i].job;
        most = ways[i] > most ? ways[i] : most;
    }
    all = (all + CORES - 1) / CORES;
    return most > all ? most : all;
}

/* --- A run ----------------------------------------------------------------------------------- */

static void must(enum schedule_status status)
{
    if (status == SCHEDULE_OK)
        return;
    fprintf(stderr, "simulator: %s\n", schedule_status_text(status));
    exit(1);
}

static struct schedule *instance_of(uint32_t index)
{
    return instances[index % cores];
}

/* A worker of a family on each core waits for tasks. */
static void worker_waits(struct schedule *schedule, uint32_t worker)
{
    struct schedule_terms terms = {.weight = 1, .core = worker / GRAPH_FAMILIES};
    must(schedule_add(schedule, THREADS + worker, &terms, 0));
    must(schedule_ready(schedule, THREADS + worker, false, 0));
    doing[worker] = SCHEDULE_NOBODY;
}

/* The core's workers that wait claim tasks. With one family all are its. */
static void claim_tasks(uint32_t core)
{
    bool apart = instances[core]->rule == schedule_rule_find("beatty_dag");
    for (uint32_t family = 0; family < (apart ? GRAPH_FAMILIES : 1); family++) {
        uint32_t worker = core * GRAPH_FAMILIES + family, task;
        if (doing[worker] != SCHEDULE_NOBODY)
            continue;
        must(schedule_claim(instances[core], THREADS + worker, family, &task));
        doing[worker] = task == SCHEDULE_NOBODY ? task : family * GRAPH_TASKS + task;
    }
}

static void submit_graphs(struct schedule *schedule, uint64_t families)
{
    static struct schedule_task all_tasks[THREADS];
    static struct schedule_edge all_edges[GRAPH_FAMILIES * GRAPH_EDGES];
    struct schedule_graph graph = {.weight = 1};
    uint64_t task_count = 0, edge_count = 0;
    for (uint32_t family = 0; family < GRAPH_FAMILIES; family++) {
        uint32_t base = families > 1 ? 0 : family * GRAPH_TASKS;
        task_count = families > 1 ? 0 : task_count;
        edge_count = families > 1 ? 0 : edge_count;
        for (uint32_t i = 0; i < GRAPH_TASKS; i++)
            all_tasks[task_count++] = tasks[family][i];
        for (uint32_t i = 0; i < GRAPH_EDGES; i++)
            all_edges[edge_count++] = (struct schedule_edge){base + edges[family][i].before,
                                                             base + edges[family][i].after};
        graph.tasks = all_tasks;
        graph.edges = all_edges;
        graph.task_count = task_count;
        graph.edge_count = edge_count;
        graph.family = families > 1 ? family : 0;
        if (families > 1 || family == GRAPH_FAMILIES - 1)
            must(schedule_submit(schedule, &graph, 0));
    }
}

static void start(enum load_kind kind, const struct schedule_rule *rule)
{
    bool graphs = kind == LOAD_GRAPH && rule->submit;
    struct schedule_shape shape = {.threads = THREADS + WORKERS,
                                   .cores = rule->shared ? cores : 1};
    if (graphs) {
        shape.tasks = THREADS;
        shape.edges = GRAPH_FAMILIES * GRAPH_EDGES;
        shape.families = GRAPH_FAMILIES;
    }
    for (uint32_t core = 0; core < cores; core++) {
        if (core > 0 && rule->shared) {
            instances[core] = instances[0];
            continue;
        }
        memories[core] = aligned_alloc(16, schedule_bytes(rule, &shape));
        instances[core] = schedule_start(rule, &shape, memories[core]);
    }
    if (graphs) {
        submit_graphs(instances[0], rule == schedule_rule_find("beatty_dag") ? 2 : 1);
        for (uint32_t i = 0; i < WORKERS; i++)
            worker_waits(instances[0], i);
        return;
    }
    for (uint32_t i = 0; i < THREADS; i++) {
        if (!threads[i].exists)
            continue;
        must(schedule_add(instance_of(i), i, &threads[i].terms, 0));
        if (!threads[i].ready)
            must(schedule_ready(instance_of(i), i, false, 0));
    }
}

static void wake_all(enum load_kind kind, uint64_t slot, struct result *result)
{
    for (uint32_t i = 0; i < THREADS && kind != LOAD_GRAPH; i++) {
        struct thread *thread = &threads[i];
        bool sleeps = kind == LOAD_INTERACTIVE && i >= 8 && !thread->ready;
        if (!thread->exists || thread->wakes != slot || (!sleeps && thread->period == 0))
            continue;
        if (thread->period != 0) {
            result->misses += thread->left > 0; /* the job before this one is late */
            thread->wakes += thread->period;
            thread->deadline = thread->wakes;
        }
        thread->left += thread->period != 0 ? thread->job : 1 + random_below(3);
        thread->woke = slot;
        thread->ready = true;
        must(schedule_ready(instance_of(i), i, true, slot));
    }
}

/* Who runs on a core in this slot, or whose task, or SCHEDULE_NOBODY. */
static uint32_t choose(enum load_kind kind, uint32_t core, uint64_t slot, struct result *result)
{
    bool graphs = kind == LOAD_GRAPH && instances[core]->rule->submit;
    if (graphs)
        claim_tasks(core);
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        uint32_t index = schedule_next(instances[core], core, slot);
        result->decisions++;
        if (graphs && index != SCHEDULE_NOBODY)
            index = doing[index - THREADS];
        if (index == SCHEDULE_NOBODY || threads[index].ready)
            return index;
    }
    return SCHEDULE_NOBODY;
}

/* The tasks behind one that is finished become ready, where the rule does not know the graph. */
static void release_after(const struct schedule_rule *rule, uint32_t index, uint64_t slot)
{
    uint32_t family = index / GRAPH_TASKS, base = family * GRAPH_TASKS;
    unfinished--;
    for (uint32_t i = 0; i < GRAPH_EDGES; i++) {
        struct thread *after = &threads[base + edges[family][i].after];
        if (base + edges[family][i].before != index || --after->missing > 0)
            continue;
        after->ready = true;
        if (!rule->submit)
            must(schedule_ready(instance_of((uint32_t)(after - threads)),
                                (uint32_t)(after - threads), true, slot));
    }
}

/* Whoever did the task of this thread has finished it, and waits for another. */
static void task_finished(struct schedule *schedule, uint32_t index, uint64_t slot)
{
    uint32_t worker = 0;
    while (doing[worker] != index)
        worker++;
    must(schedule_finished(schedule, THREADS + worker, slot));
    worker_waits(schedule, worker);
}

/* A thread had a slot; it may have done its job with that. */
static void work(enum load_kind kind, uint32_t index, uint64_t slot, struct result *result)
{
    struct thread *thread = &threads[index];
    if (thread->left == 0 || --thread->left > 0)
        return;
    thread->ready = false;
    const struct schedule_rule *rule = instance_of(index)->rule;
    if (kind == LOAD_GRAPH) {
        if (rule->submit)
            task_finished(instance_of(index), index, slot);
        else
            must(schedule_ready(instance_of(index), index, false, slot));
        release_after(rule, index, slot);
        return;
    }
    result->responses[result->response_count++] = (uint32_t)(slot + 1 - thread->woke);
    if (thread->period == 0)
        thread->wakes = slot + 20 + random_below(200);
    must(schedule_finished(instance_of(index), index, slot));
    must(schedule_ready(instance_of(index), index, false, slot));
}

/*
 * The lags of those that always want to run: what each of them has earned of all the slots that
 * they had, less its own. So it does not matter by which rule others block and wake.
 */
static void account(uint32_t had, uint64_t slot, struct result *result)
{
    double sum = 0, most = 0;
    for (uint32_t i = 0; i < THREADS; i++)
        sum += threads[i].bound ? (double)threads[i].terms.weight : 0;
    for (uint32_t i = 0; i < THREADS; i++) {
        if (!threads[i].bound)
            continue;
        if (had != SCHEDULE_NOBODY && threads[had].bound)
            threads[i].lag += (double)threads[i].terms.weight / sum - (i == had);
        double lag = threads[i].lag < 0 ? -threads[i].lag : threads[i].lag;
        most = lag > most ? lag : most;
    }
    result->lag_max = most > result->lag_max ? most : result->lag_max;
    result->lag_mean += most;
    if (slot < TRACE_SLOTS)
        result->trace[slot] = most;
}

static int compare(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

uint32_t percentile(const struct result *result, unsigned percent)
{
    if (result->response_count == 0)
        return 0;
    return result->responses[(uint64_t)(result->response_count - 1) * percent / 100];
}

void simulate(enum load_kind kind, const struct schedule_rule *rule, struct result *result)
{
    static void (*const makers[LOADS])(void) = {make_cpu, make_interactive, make_periodic,
                                                make_graph};
    uint32_t last[CORES], index[CORES];
    *result = (struct result){0};
    random_state = 1;
    for (uint32_t i = 0; i < THREADS; i++)
        threads[i] = (struct thread){0};
    cores = kind == LOAD_GRAPH ? CORES : 1;
    makers[kind]();
    if (kind == LOAD_GRAPH)
        result->slots_least = graph_least();
    start(kind, rule);
    uint64_t slot = 0;
    for (; slot < SLOTS && (kind != LOAD_GRAPH || unfinished > 0); slot++) {
        wake_all(kind, slot, result);
        for (uint32_t core = 0; core < cores; core++) {
            index[core] = choose(kind, core, slot, result);
            result->switches += slot == 0 || index[core] != last[core];
            last[core] = index[core];
        }
        if (kind != LOAD_GRAPH)
            account(index[0], slot, result);
        for (uint32_t core = 0; core < cores; core++)
            if (index[core] != SCHEDULE_NOBODY)
                work(kind, index[core], slot, result);
    }
    result->slots = slot;
    result->lag_mean /= (double)slot;
    qsort(result->responses, result->response_count, sizeof result->responses[0], compare);
    for (uint32_t core = 0; core < cores; core++) {
        free(memories[core]);
        memories[core] = NULL;
    }
}
