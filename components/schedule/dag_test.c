/* SPDX-License-Identifier: MIT */
/*
 * Host tests of graphs of tasks: the order is legal, the critical path comes first, cores are never
 * idle while a task waits, and graphs that cannot run are refused.
 */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "schedule.h"

enum { TASKS = 1000, EDGES = 4000, CORES = 8, THREADS = TASKS + 10, MILLION = 1000000,
       SLOTS_MAX = 20000 };

static struct schedule *schedule;
static void *memory;
static struct random numbers = {1};
static struct schedule_task tasks[TASKS + 1];
static struct schedule_edge edges[EDGES + 1];
static struct schedule_graph graph;

/* On several cores tasks wait for the threads that claim them, one on each core. */
static uint32_t worker(uint32_t core)
{
    return TASKS + core;
}

static void start(uint32_t cores)
{
    struct schedule_shape shape = {
        .threads = THREADS, .cores = cores, .tasks = TASKS, .edges = EDGES};
    const struct schedule_rule *rule = schedule_rule_find("dag");
    free(memory);
    memory = aligned_alloc(16, schedule_bytes(rule, &shape));
    schedule = schedule_start(rule, &shape, memory);
    for (uint32_t core = 0; core < cores && cores > 1; core++) {
        struct schedule_terms terms = {.core = core};
        CU_ASSERT_EQUAL(schedule_add(schedule, worker(core), &terms, 0), SCHEDULE_OK);
        CU_ASSERT_EQUAL(schedule_ready(schedule, worker(core), false, 0), SCHEDULE_OK);
    }
}

static void graph_clear(uint32_t count)
{
    graph = (struct schedule_graph){.tasks = tasks, .edges = edges, .task_count = count};
    for (uint32_t i = 0; i < count; i++)
        tasks[i] = (struct schedule_task){.thread = i, .cost = 1};
}

static void edge(uint32_t before, uint32_t after)
{
    edges[graph.edge_count++] = (struct schedule_edge){before, after};
}

/* Edges lead from smaller to greater numbers, mostly near. */
static void random_graph(uint32_t count, uint32_t edge_count)
{
    graph_clear(count);
    for (uint32_t i = 0; i < count; i++)
        tasks[i] = (struct schedule_task){.thread = count - 1 - i,
                                          .cost = 1 + (uint32_t)random_next(&numbers) % 20};
    for (uint32_t i = 0; i < edge_count; i++) {
        uint32_t after = 1 + (uint32_t)(random_next(&numbers) % (count - 1));
        uint32_t most = random_next(&numbers) % 4 ? 10 : count;
        uint32_t back = 1 + (uint32_t)(random_next(&numbers) % most);
        edge(after > back ? after - back : 0, after);
    }
}

/* What a graph costs altogether, and on its dearest way. */
static void costs(uint64_t *all, uint64_t *way)
{
    static uint64_t ways[TASKS];
    *all = *way = 0;
    for (uint32_t i = (uint32_t)graph.task_count; i-- > 0;) {
        ways[i] = tasks[i].cost;
        for (uint64_t j = 0; j < graph.edge_count; j++)
            if (edges[j].before == i && ways[edges[j].after] + tasks[i].cost > ways[i])
                ways[i] = ways[edges[j].after] + tasks[i].cost;
        *all += tasks[i].cost;
        *way = ways[i] > *way ? ways[i] : *way;
    }
}

static uint32_t left[TASKS], missing[TASKS], task_of[THREADS], free_count;

/* Take a task as done, as the test keeps count of it. */
static void done(uint32_t task)
{
    free_count--;
    for (uint64_t i = 0; i < graph.edge_count; i++)
        if (edges[i].before == task && --missing[edges[i].after] == 0)
            free_count++;
}

/* Everything as the test keeps count of it. */
static void count_anew(void)
{
    free_count = 0;
    for (uint32_t i = 0; i < graph.task_count; i++) {
        left[i] = tasks[i].cost;
        missing[i] = 0;
        if (tasks[i].thread != SCHEDULE_NOBODY)
            task_of[tasks[i].thread] = i;
    }
    for (uint32_t core = 0; core < CORES; core++)
        task_of[worker(core)] = SCHEDULE_NOBODY;
    for (uint64_t i = 0; i < graph.edge_count; i++)
        missing[edges[i].after]++;
    for (uint32_t i = 0; i < graph.task_count; i++)
        free_count += missing[i] == 0;
}

/* Run a graph whose tasks wait to be claimed, if there are several cores. */
static enum schedule_status submit(uint32_t cores)
{
    for (uint32_t i = 0; i < graph.task_count && cores > 1; i++)
        tasks[i].thread = SCHEDULE_NOBODY;
    return schedule_submit(schedule, &graph, 0);
}

/* Who has the slot. A worker without a task claims one before. */
static uint32_t next(uint32_t cores, uint32_t core, uint64_t slot, unsigned *wrong)
{
    uint32_t index = worker(core);
    if (cores > 1 && task_of[index] == SCHEDULE_NOBODY)
        *wrong += schedule_claim(schedule, index, 0, &task_of[index]) != SCHEDULE_OK;
    uint32_t had = schedule_next(schedule, core, slot);
    *wrong += cores > 1 && had != (task_of[index] == SCHEDULE_NOBODY ? SCHEDULE_NOBODY : index);
    return had;
}

/* A thread has finished its task; a worker waits for the next one. */
static void finish(uint32_t index, uint64_t slot, unsigned *wrong)
{
    struct schedule_terms terms = {.core = index - worker(0)};
    *wrong += schedule_finished(schedule, index, slot) != SCHEDULE_OK;
    if (index < worker(0))
        return;
    task_of[index] = SCHEDULE_NOBODY;
    *wrong += schedule_add(schedule, index, &terms, slot) != SCHEDULE_OK;
    *wrong += schedule_ready(schedule, index, false, slot) != SCHEDULE_OK;
}

/* Run the graph to its end; returns after how many slots. Counts what is wrong. */
static uint64_t run(uint32_t cores, unsigned *wrong)
{
    uint64_t slot = 0;
    uint32_t unfinished = (uint32_t)graph.task_count, had[CORES];
    count_anew();
    for (; unfinished > 0 && slot < SLOTS_MAX; slot++) {
        uint32_t busy = 0;
        for (uint32_t core = 0; core < cores; core++) {
            had[core] = next(cores, core, slot, wrong);
            busy += had[core] != SCHEDULE_NOBODY;
        }
        *wrong += busy < cores && busy < free_count;
        for (uint32_t core = 0; core < cores; core++) {
            if (had[core] == SCHEDULE_NOBODY)
                continue;
            uint32_t task = task_of[had[core]];
            *wrong += left[task] == 0 || missing[task] > 0;
            if (left[task] == 0 || --left[task] > 0)
                continue;
            done(task);
            unfinished--;
            finish(had[core], slot, wrong);
        }
        *wrong += !schedule_check(schedule);
    }
    return slot;
}

/* Any list ends within (all - way) / cores + way; no rule before way, or all / cores. */
static void test_random(void)
{
    unsigned wrong = 0;
    uint64_t all, way;
    for (uint32_t turn = 0; turn < 60; turn++) {
        uint32_t cores = 1 + turn % CORES, count = 2 + (uint32_t)(random_next(&numbers) % 100);
        start(cores);
        random_graph(count, (uint32_t)(random_next(&numbers) % (3 * count)));
        costs(&all, &way);
        CU_ASSERT_EQUAL(submit(cores), SCHEDULE_OK);
        CU_ASSERT_EQUAL(submit(cores), SCHEDULE_GRAPH_BUSY);
        uint64_t slots = run(cores, &wrong);
        CU_ASSERT(slots * cores >= all && slots >= way);
        CU_ASSERT(slots * cores <= all - way + way * cores);
        /* The same again, in the same memory. */
        CU_ASSERT_EQUAL(submit(cores), SCHEDULE_OK);
        CU_ASSERT_EQUAL(run(cores, &wrong), slots);
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slots), SCHEDULE_NOBODY);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* One long chain beside many short tasks: only who begins with the chain ends in time. */
static void test_critical(void)
{
    unsigned wrong = 0;
    start(2);
    graph_clear(30);
    for (uint32_t i = 20; i < 29; i++)
        edge(i, i + 1);
    tasks[29].cost = 11;
    CU_ASSERT_EQUAL(submit(2), SCHEDULE_OK);
    CU_ASSERT_EQUAL(run(2, &wrong), 20);
    CU_ASSERT_EQUAL(wrong, 0);
}

static void test_large(void)
{
    unsigned wrong = 0;
    uint64_t all, way;
    start(CORES);
    random_graph(TASKS, EDGES);
    costs(&all, &way);
    CU_ASSERT_EQUAL(submit(CORES), SCHEDULE_OK);
    uint64_t slots = run(CORES, &wrong);
    CU_ASSERT(slots >= way && slots * CORES <= all + way * (CORES - 1));
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Who is blocked is put aside, and others run; threads beside the graph get what is left. */
static void test_blocked(void)
{
    struct schedule_terms terms = {0};
    start(1);
    graph_clear(3);
    tasks[0].cost = 5;
    edge(0, 2);
    CU_ASSERT_EQUAL(schedule_add(schedule, 7, &terms, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), 7);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 1), 0);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, false, 2), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 2), 1);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 2, 3), SCHEDULE_GRAPH_BUSY);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 2, 3), SCHEDULE_GRAPH_BUSY);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 2, false, 3), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 1, 3), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 3), 7);
    CU_ASSERT_TRUE(schedule_check(schedule));
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, true, 4), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 4), 0);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 5), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 5), 7);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 2, true, 6), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 6), 2);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 2, 7), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 2, 7), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 7, 7), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 7), SCHEDULE_NOBODY);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

/* Threads of their own that tasks have stay on their cores; claims find no task of those. */
static void test_bound(void)
{
    struct schedule_terms terms = {.core = 1};
    uint32_t task;
    start(2);
    graph_clear(3);
    edge(0, 2);
    tasks[0].core = tasks[1].core = tasks[2].core = 1;
    tasks[1].core = 2;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_UNKNOWN);
    tasks[1].core = 1;
    tasks[2].thread = SCHEDULE_NOBODY;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(schedule_next(schedule, 1, 0), 0);
    CU_ASSERT_EQUAL(schedule_claim(schedule, worker(0), 1, &task), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_claim(schedule, 5, 0, &task), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_claim(schedule, THREADS, 0, &task), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_claim(schedule, worker(0), 0, &task), SCHEDULE_OK);
    CU_ASSERT_EQUAL(task, SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 0, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_claim(schedule, worker(0), 0, &task), SCHEDULE_OK);
    CU_ASSERT_EQUAL(task, 2);
    CU_ASSERT_EQUAL(schedule_claim(schedule, worker(0), 0, &task), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_next(schedule, 1, 1), 1);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 1), worker(0));
    /* Who is blocked in a claimed task keeps it, and nobody else goes on with it. */
    CU_ASSERT_EQUAL(schedule_ready(schedule, worker(0), false, 2), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 2), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(schedule_claim(schedule, worker(1), 0, &task), SCHEDULE_OK);
    CU_ASSERT_EQUAL(task, SCHEDULE_NOBODY);
    CU_ASSERT_TRUE(schedule_check(schedule));
    CU_ASSERT_EQUAL(schedule_ready(schedule, worker(0), true, 3), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 3), worker(0));
    CU_ASSERT_EQUAL(schedule_remove(schedule, worker(0), 4), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 1, 4), SCHEDULE_OK);
    terms.core = 2;
    CU_ASSERT_EQUAL(schedule_add(schedule, 5, &terms, 4), SCHEDULE_UNKNOWN);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

static void refused(enum schedule_status status)
{
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), status);
    CU_ASSERT_TRUE(schedule_check(schedule));
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
}

static void test_refused(void)
{
    struct schedule_terms terms = {0};
    start(1);
    graph_clear(0);
    refused(SCHEDULE_GRAPH_EMPTY);
    graph_clear(TASKS + 1);
    refused(SCHEDULE_GRAPH_LARGE);
    /* A million nodes: refused by the count, without a look at the array. */
    graph = (struct schedule_graph){.task_count = MILLION};
    refused(SCHEDULE_GRAPH_LARGE);
    graph_clear(5);
    graph.edge_count = UINT64_MAX;
    refused(SCHEDULE_GRAPH_LARGE);
    graph_clear(5);
    edge(1, 5);
    refused(SCHEDULE_GRAPH_EDGE);
    graph_clear(5);
    tasks[3].cost = 0;
    refused(SCHEDULE_GRAPH_COST);
    graph_clear(5);
    edge(3, 3);
    refused(SCHEDULE_GRAPH_CYCLE);
    graph_clear(5);
    edge(0, 1);
    edge(1, 2);
    edge(2, 3);
    edge(3, 1);
    refused(SCHEDULE_GRAPH_CYCLE);
    graph_clear(5);
    tasks[4].thread = 2;
    refused(SCHEDULE_PRESENT);
    tasks[4].thread = THREADS;
    refused(SCHEDULE_UNKNOWN);
    tasks[4].thread = 4;
    graph.family = 1;
    refused(SCHEDULE_UNKNOWN);
    graph.family = 0;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_add(schedule, 4, &terms, 0), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(schedule_add(schedule, 5, &terms, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_change(schedule, 6, &terms, 0), SCHEDULE_UNKNOWN);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("dag", NULL, NULL);
    CU_add_test(suite, "random graphs", test_random);
    CU_add_test(suite, "the critical path", test_critical);
    CU_add_test(suite, "a thousand tasks", test_large);
    CU_add_test(suite, "blocked", test_blocked);
    CU_add_test(suite, "threads and their cores", test_bound);
    CU_add_test(suite, "refused", test_refused);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
