/* SPDX-License-Identifier: MIT */
/* Host tests of beatty and beatty_dag, through what all rules have in common. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "schedule.h"

enum { THREADS = 600, TASKS = 100, EDGES = 300, FAMILIES = 4, CORES_MAX = 4 };

static struct schedule *schedule;
static void *memory;
static struct random numbers = {1};

static void start(const char *name, uint32_t cores)
{
    struct schedule_shape shape = {.threads = THREADS, .cores = cores, .tasks = TASKS,
                                   .edges = EDGES, .families = FAMILIES};
    const struct schedule_rule *rule = schedule_rule_find(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
    free(memory);
    memory = aligned_alloc(16, schedule_bytes(rule, &shape));
    schedule = schedule_start(rule, &shape, memory);
}

static enum schedule_status add(uint32_t index, int64_t weight)
{
    struct schedule_terms terms = {.weight = weight};
    return schedule_add(schedule, index, &terms, 0);
}

static void test_shares(const char *name)
{
    uint32_t had[10] = {0};
    start(name, 1);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
    for (uint32_t i = 0; i < 10; i++)
        CU_ASSERT_EQUAL(add(i, 1 + i), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 55; slot++)
        had[schedule_next(schedule, 0, slot)]++;
    for (uint32_t i = 0; i < 10; i++)
        CU_ASSERT_EQUAL(had[i], i + 1);
    /* Who is blocked is not named, and the others have its share. */
    schedule_next(schedule, 0, 55);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 9, false, 56), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 20; slot++)
        schedule_next(schedule, 0, slot); /* until it has left */
    memset(had, 0, sizeof had);
    for (uint32_t slot = 0; slot < 450; slot++)
        had[schedule_next(schedule, 0, slot)]++;
    CU_ASSERT_EQUAL(had[9], 0);
    for (uint32_t i = 0; i < 9; i++)
        CU_ASSERT(had[i] >= 10 * (i + 1) - 1 && had[i] <= 10 * (i + 1) + 1);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 9, true, 500), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 500), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 500), SCHEDULE_UNKNOWN);
    memset(had, 0, sizeof had);
    for (uint32_t slot = 0; slot < 540; slot++)
        had[schedule_next(schedule, 0, slot)]++;
    CU_ASSERT(had[9] >= 98 && had[9] <= 102 && had[0] <= 2);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

static void test_beatty(void)
{
    test_shares("beatty");
    test_shares("beatty_dag");
}

static void test_weights_refused(const char *name)
{
    struct schedule_terms terms = {.weight = 0};
    start(name, 1);
    CU_ASSERT_EQUAL(add(0, 0), SCHEDULE_WEIGHT_ZERO);
    CU_ASSERT_EQUAL(add(0, -5), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(add(0, INT64_MIN), SCHEDULE_WEIGHT_NEGATIVE);
    CU_ASSERT_EQUAL(add(0, INT64_MAX), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(add(0, INT64_C(1) << 45), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(1, INT64_C(1) << 45), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(2, 1), SCHEDULE_WEIGHT_OVERFLOW);
    CU_ASSERT_EQUAL(add(1, 1), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(add(THREADS, 1), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_change(schedule, 1, &terms, 0), SCHEDULE_WEIGHT_ZERO);
    terms.weight = INT64_C(1) << 47;
    CU_ASSERT_EQUAL(schedule_change(schedule, 1, &terms, 0), SCHEDULE_WEIGHT_OVERFLOW);
    terms.weight = 7;
    CU_ASSERT_EQUAL(schedule_change(schedule, 2, &terms, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_change(schedule, 1, &terms, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 3, true, 0), SCHEDULE_UNKNOWN);
}

static void test_refused(void)
{
    static const struct schedule_task task = {.thread = 4, .cost = 1};
    struct schedule_graph graph = {.tasks = &task, .task_count = 1, .weight = 1};
    test_weights_refused("beatty");
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_UNSUPPORTED);
    test_weights_refused("beatty_dag");
    for (int64_t weight = -1; weight <= 0; weight++) {
        graph.weight = weight;
        CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0),
                        weight < 0 ? SCHEDULE_WEIGHT_NEGATIVE : SCHEDULE_WEIGHT_ZERO);
    }
    graph.weight = INT64_C(1) << 47;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_WEIGHT_OVERFLOW);
    graph.weight = 1;
    graph.family = FAMILIES;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_UNKNOWN);
    graph.family = 1;
    graph.task_count = 1000000;
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_GRAPH_LARGE);
    CU_ASSERT_TRUE(schedule_check(schedule));
    start("beatty_dag", 1);
    graph.task_count = 1;
    CU_ASSERT_EQUAL(add(4, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 4, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_GRAPH_BUSY);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), 4);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 4, 0), SCHEDULE_OK);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

/* --- Families with graphs -------------------------------------------------------------------- */

static struct schedule_task tasks[FAMILIES][TASKS];
static struct schedule_edge edges[FAMILIES][EDGES];
static struct schedule_graph graphs[FAMILIES];
static uint32_t left[THREADS], missing[THREADS];

/* A worker: the thread that claims a family's tasks on a core. */
enum { WORKERS_FROM = THREADS - FAMILIES * CORES_MAX };
static uint32_t doing[THREADS]; /* by worker: the thread that the task has on one core; NOBODY */

static uint32_t worker(uint32_t family, uint32_t core)
{
    return WORKERS_FROM + core * FAMILIES + family;
}

/* All workers wait for tasks. */
static void start_workers(uint32_t cores)
{
    for (uint32_t i = WORKERS_FROM; i < WORKERS_FROM + cores * FAMILIES; i++) {
        struct schedule_terms terms = {.weight = 1, .core = (i - WORKERS_FROM) / FAMILIES};
        CU_ASSERT_EQUAL(schedule_add(schedule, i, &terms, 0), SCHEDULE_OK);
        CU_ASSERT_EQUAL(schedule_ready(schedule, i, false, 0), SCHEDULE_OK);
        doing[i] = SCHEDULE_NOBODY;
    }
}

/* Each that waits claims a task. */
static void claim_all(uint32_t cores, unsigned *wrong)
{
    for (uint32_t i = WORKERS_FROM; i < WORKERS_FROM + cores * FAMILIES; i++) {
        uint32_t family = i % FAMILIES, task;
        if (doing[i] != SCHEDULE_NOBODY)
            continue;
        *wrong += schedule_claim(schedule, i, family, &task) != SCHEDULE_OK;
        doing[i] = task == SCHEDULE_NOBODY ? task : task * FAMILIES + family;
    }
}

/* The thread has finished its task; a worker waits again. */
static void finish(uint32_t index, unsigned *wrong)
{
    struct schedule_terms terms = {.weight = 1, .core = (index - WORKERS_FROM) / FAMILIES};
    *wrong += schedule_finished(schedule, index, 0) != SCHEDULE_OK;
    if (index < WORKERS_FROM)
        return;
    doing[index] = SCHEDULE_NOBODY;
    *wrong += schedule_add(schedule, index, &terms, 0) != SCHEDULE_OK;
    *wrong += schedule_ready(schedule, index, false, 0) != SCHEDULE_OK;
}

/* A family's threads are FAMILIES apart. With several cores tasks wait to be claimed. */
static void make_graph(uint32_t family, uint32_t task_count, uint32_t edge_count, int64_t weight,
                       uint32_t cores)
{
    graphs[family] = (struct schedule_graph){.tasks = tasks[family], .edges = edges[family],
                                             .task_count = task_count, .edge_count = edge_count,
                                             .family = family, .weight = weight};
    for (uint32_t i = 0; i < task_count; i++) {
        tasks[family][i] = (struct schedule_task){
            .thread = cores > 1 ? SCHEDULE_NOBODY : i * FAMILIES + family,
            .cost = 1 + (uint32_t)(random_next(&numbers) % 9)};
        left[i * FAMILIES + family] = tasks[family][i].cost;
        missing[i * FAMILIES + family] = 0;
    }
    for (uint32_t i = 0; i < edge_count; i++) {
        uint32_t after = 1 + (uint32_t)(random_next(&numbers) % (task_count - 1));
        uint32_t before = (uint32_t)(random_next(&numbers) % after);
        edges[family][i] = (struct schedule_edge){before, after};
        missing[after * FAMILIES + family]++;
    }
}

/* A thread had a slot. Returns whether its task is finished; counts what is wrong. */
static bool work(uint32_t index, unsigned *wrong)
{
    uint32_t family = index % FAMILIES, task = index / FAMILIES;
    *wrong += left[index] == 0 || missing[index] > 0;
    if (left[index] == 0 || --left[index] > 0)
        return false;
    for (uint64_t i = 0; i < graphs[family].edge_count; i++)
        if (edges[family][i].before == task)
            missing[edges[family][i].after * FAMILIES + family]--;
    return true;
}

/* Every family gets its graph again as soon as it is finished. Shares are as the weights say. */
static void share_families(uint32_t cores, const int64_t *weights, uint64_t slots)
{
    uint64_t had[FAMILIES] = {0}, sum = 0;
    uint32_t unfinished[FAMILIES] = {0}, named[CORES_MAX];
    unsigned wrong = 0;
    start("beatty_dag", cores);
    start_workers(cores);
    for (uint32_t family = 0; family < FAMILIES; family++)
        sum += (uint64_t)weights[family];
    for (uint64_t slot = 0; slot < slots; slot++) {
        for (uint32_t family = 0; family < FAMILIES; family++) {
            if (unfinished[family] > 0)
                continue;
            make_graph(family, TASKS, 40, weights[family], cores);
            unfinished[family] = TASKS;
            wrong += schedule_submit(schedule, &graphs[family], slot) != SCHEDULE_OK;
        }
        claim_all(cores, &wrong);
        for (uint32_t core = 0; core < cores; core++) {
            named[core] = schedule_next(schedule, core, slot);
            wrong += named[core] == SCHEDULE_NOBODY;
            wrong += cores > 1 && named[core] != worker(named[core] % FAMILIES, core);
        }
        for (uint32_t core = 0; core < cores; core++) {
            uint32_t index = named[core];
            if (index == SCHEDULE_NOBODY)
                continue;
            had[index % FAMILIES]++;
            if (!work(cores > 1 ? doing[index] : index, &wrong))
                continue;
            unfinished[index % FAMILIES]--;
            finish(index, &wrong);
        }
        wrong += slot % 64 == 0 && !schedule_check(schedule);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    /* Within 3 %: now and then, at the end of a graph, a family cannot use what is its. */
    for (uint32_t family = 0; family < FAMILIES; family++) {
        uint64_t due = slots * cores * (uint64_t)weights[family] / sum;
        CU_ASSERT(had[family] > due * 97 / 100 && had[family] < due * 103 / 100);
    }
}

static void test_families(void)
{
    share_families(1, (int64_t[]){1, 2, 3, 10}, 20000);
    share_families(1, (int64_t[]){5, 5, 5, 5}, 20000);
    share_families(4, (int64_t[]){1, 2, 3, 4}, 20000);
}

/* A family beside single threads, which have what it leaves when it is blocked. */
static void test_beside(void)
{
    uint32_t had[2] = {0};
    static const struct schedule_task task = {.thread = 2, .cost = 1};
    struct schedule_graph graph = {.tasks = &task, .task_count = 1, .weight = 3};
    start("beatty_dag", 1);
    CU_ASSERT_EQUAL(add(0, 1), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 400; slot++)
        had[schedule_next(schedule, 0, slot) == 2]++;
    CU_ASSERT(had[0] == 100 && had[1] == 300);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 2, false, 400), SCHEDULE_OK);
    for (uint32_t slot = 400; slot < 500; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), 0);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 2, true, 500), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, false, 500), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 8; slot++)
        schedule_next(schedule, 0, slot);
    for (uint32_t slot = 0; slot < 100; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), 2);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("beatty", NULL, NULL);
    CU_add_test(suite, "shares", test_beatty);
    CU_add_test(suite, "families", test_families);
    CU_add_test(suite, "families beside threads", test_beside);
    CU_add_test(suite, "refused", test_refused);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
