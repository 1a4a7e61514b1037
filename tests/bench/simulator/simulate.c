/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>

#include "simulator.h"

enum {
    CORES_MAX = 4,
    SLOTS = 20000,
    WORKERS = CORES_MAX * LOAD_FAMILIES, /* they claim the tasks of a graph on several cores */
    TRIES_MAX = 64, /* the kernel skips so many */
};

struct thread {
    bool ready;
    uint32_t left, missing; /* of the job; tasks before this one */
    uint64_t woke, wakes;
    double lag;
};

static struct load load;
static struct thread threads[LOAD_THREADS];
/* By worker, who are the threads from LOAD_THREADS on: whose task it does, or NOBODY. */
static uint32_t doing[WORKERS];
static struct schedule *instances[CORES_MAX]; /* by core; a shared one serves all */
static void *memories[CORES_MAX];
static uint32_t cores, unfinished;
static bool claims; /* under the rules that have graphs, on several cores */

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

/* --- The start ------------------------------------------------------------------------------- */

static void start_threads(void)
{
    for (uint32_t i = 0; i < load.count; i++) {
        struct load_thread *thread = &load.threads[i];
        threads[i] = (struct thread){.ready = thread->bound || load.kind == LOAD_GRAPH};
        if (load.kind == LOAD_GRAPH)
            threads[i].left = thread->job;
        else if (load.kind == LOAD_INTERACTIVE && !thread->bound)
            threads[i].wakes = load_sleep_first(thread);
    }
    unfinished = load.kind == LOAD_GRAPH ? load.count : 0;
    for (uint32_t i = 0; load.kind == LOAD_GRAPH && i < LOAD_FAMILIES * LOAD_EDGES; i++) {
        threads[load.edges[i].after].missing++;
        threads[load.edges[i].after].ready = false;
    }
}

/* A worker of a family on each core waits for tasks. */
static void worker_waits(uint32_t worker)
{
    struct schedule_terms terms = {.weight = 1, .core = worker / LOAD_FAMILIES};
    must(schedule_add(instances[0], LOAD_THREADS + worker, &terms, 0));
    must(schedule_ready(instances[0], LOAD_THREADS + worker, false, 0));
    doing[worker] = SCHEDULE_NOBODY;
}

/* Under beatty_dag there are families. */
static bool has_families(const struct schedule_rule *rule)
{
    return rule == schedule_rule_find("beatty_dag");
}

static void submit_graphs(const struct schedule_rule *rule)
{
    static struct schedule_edge edges[LOAD_FAMILIES * LOAD_EDGES];
    uint32_t from = has_families(rule) ? 0 : LOAD_FAMILIES;
    uint32_t to = has_families(rule) ? LOAD_FAMILIES : LOAD_FAMILIES + 1;
    for (uint32_t i = 0; claims && i < LOAD_THREADS; i++)
        load.tasks[i].thread = SCHEDULE_NOBODY;
    for (; from < to; from++) {
        struct schedule_graph graph = load_graph(&load, from, edges);
        must(schedule_submit(instances[0], &graph, 0));
    }
    for (uint32_t i = 0; claims && i < cores * LOAD_FAMILIES; i++)
        worker_waits(i);
}

static void start(const struct schedule_rule *rule)
{
    bool graphs = load.kind == LOAD_GRAPH && rule->submit;
    struct schedule_shape shape = {.threads = LOAD_THREADS + WORKERS,
                                   .cores = rule->shared ? cores : 1};
    claims = graphs && cores > 1;
    if (graphs) {
        shape.tasks = LOAD_THREADS;
        shape.edges = LOAD_FAMILIES * LOAD_EDGES;
        shape.families = LOAD_FAMILIES;
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
        submit_graphs(rule);
        return;
    }
    for (uint32_t i = 0; i < load.count; i++) {
        must(schedule_add(instance_of(i), i, &load.threads[i].terms, 0));
        if (!threads[i].ready)
            must(schedule_ready(instance_of(i), i, false, 0));
    }
}

/* --- A slot ---------------------------------------------------------------------------------- */

static void wake_all(uint64_t slot, struct result *result)
{
    for (uint32_t i = 0; i < load.count && load.kind != LOAD_GRAPH; i++) {
        struct load_thread *is = &load.threads[i];
        struct thread *thread = &threads[i];
        if (is->bound || thread->wakes != slot || (thread->ready && is->period == 0))
            continue;
        if (is->period != 0) {
            result->misses += thread->left > 0; /* the job before this one is late */
            thread->wakes += is->period;
        }
        thread->left += is->period != 0 ? is->job : load_burst(is);
        thread->woke = slot;
        thread->ready = true;
        must(schedule_ready(instance_of(i), i, true, slot));
    }
}

/* The core's workers that wait claim tasks. With one family all are its. */
static void claim_tasks(uint32_t core)
{
    bool is_split = has_families(instances[core]->rule);
    for (uint32_t family = 0; family < (is_split ? LOAD_FAMILIES : 1); family++) {
        uint32_t worker = core * LOAD_FAMILIES + family, task;
        if (doing[worker] != SCHEDULE_NOBODY)
            continue;
        must(schedule_claim(instances[core], LOAD_THREADS + worker, family, &task));
        doing[worker] = task == SCHEDULE_NOBODY ? task : family * LOAD_TASKS + task;
    }
}

/* Who runs on a core in this slot, or whose task, or SCHEDULE_NOBODY. */
static uint32_t choose(uint32_t core, uint64_t slot, struct result *result)
{
    if (claims)
        claim_tasks(core);
    for (unsigned tries = 0; tries < TRIES_MAX; tries++) {
        uint32_t index = schedule_next(instances[core], core, slot);
        result->decisions++;
        if (claims && index != SCHEDULE_NOBODY)
            index = doing[index - LOAD_THREADS];
        if (index == SCHEDULE_NOBODY || threads[index].ready)
            return index;
    }
    return SCHEDULE_NOBODY;
}

/* The tasks behind one that is finished become ready, where the rule does not know the graph. */
static void release_after(const struct schedule_rule *rule, uint32_t index, uint64_t slot)
{
    unfinished--;
    for (uint32_t i = 0; i < LOAD_FAMILIES * LOAD_EDGES; i++) {
        uint32_t after = load.edges[i].after;
        if (load.edges[i].before != index || --threads[after].missing > 0)
            continue;
        threads[after].ready = true;
        threads[after].woke = slot + 1;
        if (!rule->submit)
            must(schedule_ready(instance_of(after), after, true, slot));
    }
}

/* Whoever did the task of this thread has finished it, and waits for another. */
static void task_finished(uint32_t index, uint64_t slot)
{
    uint32_t worker = 0;
    while (claims && doing[worker] != index)
        worker++;
    must(schedule_finished(instances[0], claims ? LOAD_THREADS + worker : index, slot));
    if (claims)
        worker_waits(worker);
}

/* A thread had a slot; it may have done its job with that. */
static void work(uint32_t index, uint64_t slot, struct result *result)
{
    struct thread *thread = &threads[index];
    const struct schedule_rule *rule = instance_of(index)->rule;
    if (thread->left == 0 || --thread->left > 0)
        return;
    thread->ready = false;
    assert(result->response_count < RESPONSES_MAX);
    result->responses[result->response_count++] = (uint32_t)(slot + 1 - thread->woke);
    if (load.kind == LOAD_GRAPH) {
        if (rule->submit)
            task_finished(index, slot);
        else
            must(schedule_ready(instance_of(index), index, false, slot));
        release_after(rule, index, slot);
        return;
    }
    if (load.threads[index].period == 0)
        thread->wakes = slot + load_sleep(&load.threads[index]);
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
    for (uint32_t i = 0; i < load.count; i++)
        sum += load.threads[i].bound ? (double)load.threads[i].terms.weight : 0;
    for (uint32_t i = 0; i < load.count; i++) {
        if (!load.threads[i].bound)
            continue;
        if (had != SCHEDULE_NOBODY && load.threads[had].bound)
            threads[i].lag += (double)load.threads[i].terms.weight / sum - (i == had);
        double lag = threads[i].lag < 0 ? -threads[i].lag : threads[i].lag;
        most = lag > most ? lag : most;
    }
    result->lag_max = most > result->lag_max ? most : result->lag_max;
    result->lag_mean += most;
    if (slot < TRACE_SLOTS)
        result->trace[slot] = most;
}

/* --- A run ----------------------------------------------------------------------------------- */

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

void simulate(enum load_kind kind, uint32_t core_count, const struct schedule_rule *rule,
              struct result *result)
{
    uint32_t last[CORES_MAX], index[CORES_MAX];
    assert(core_count <= CORES_MAX);
    *result = (struct result){.exists = true};
    cores = core_count;
    load_make(&load, kind);
    if (kind == LOAD_GRAPH)
        result->slots_least = load_graph_least(&load, cores);
    start_threads();
    start(rule);
    uint64_t slot = 0;
    for (; slot < SLOTS && (kind != LOAD_GRAPH || unfinished > 0); slot++) {
        wake_all(slot, result);
        for (uint32_t core = 0; core < cores; core++) {
            index[core] = choose(core, slot, result);
            result->switches += slot == 0 || index[core] != last[core];
            last[core] = index[core];
        }
        if (kind != LOAD_GRAPH)
            account(index[0], slot, result);
        for (uint32_t core = 0; core < cores; core++)
            if (index[core] != SCHEDULE_NOBODY)
                work(index[core], slot, result);
    }
    result->slots = slot;
    result->lag_mean /= (double)slot;
    qsort(result->responses, result->response_count, sizeof result->responses[0], compare);
    for (uint32_t core = 0; core < cores; core++) {
        free(memories[core]);
        memories[core] = NULL;
    }
}
