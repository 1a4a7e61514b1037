/* SPDX-License-Identifier: MIT */
/* Host tests of round robin and fixed priorities, through what all rules have in common. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "schedule.h"

enum { THREADS = 12, TURNS = 20000 };

static struct schedule *schedule;
static void *memory;

static void start(const char *name)
{
    static const struct schedule_shape shape = {.threads = THREADS, .cores = 1};
    const struct schedule_rule *rule = schedule_rule_find(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
    free(memory);
    memory = aligned_alloc(16, schedule_bytes(rule, &shape));
    memset(memory, 0xa5, schedule_bytes(rule, &shape));
    schedule = schedule_start(rule, &shape, memory);
}

static enum schedule_status add(uint32_t index, uint32_t priority)
{
    struct schedule_terms terms = {.priority = priority};
    return schedule_add(schedule, index, &terms, 0);
}

static void test_round(void)
{
    start("round_robin");
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(add(2 * i, 1000), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 50; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), slot % 5 * 2);
    /* Who is blocked misses its turns, and comes last when it is ready again. */
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, false, 50), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, false, 50), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 40; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), 2 + slot % 4 * 2);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, true, 90), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 90), 2);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

static void test_priority(void)
{
    start("priority");
    CU_ASSERT_EQUAL(add(1, 63), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(2, 5), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(3, 5), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(4, 7), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 10; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), 2 + slot % 2);
    CU_ASSERT(schedule_urgency(schedule, 2) == schedule_urgency(schedule, 3));
    CU_ASSERT(schedule_urgency(schedule, 2) < schedule_urgency(schedule, 4));
    CU_ASSERT(schedule_urgency(schedule, 4) < schedule_urgency(schedule, 1));
    schedule_ready(schedule, 2, false, 10);
    schedule_ready(schedule, 3, false, 10);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 10), 4);
    struct schedule_terms first = {.priority = 0}, none = {.priority = SCHEDULE_PRIORITIES};
    CU_ASSERT_EQUAL(schedule_change(schedule, 1, &first, 11), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_change(schedule, 4, &none, 11), SCHEDULE_PRIORITY_RANGE);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 11), 1);
}

static void test_refused(void)
{
    static const struct schedule_graph graph = {.task_count = 1};
    struct schedule_shape shape = {.threads = THREADS, .cores = 2};
    struct schedule_terms terms = {.weight = 0};
    start("priority");
    CU_ASSERT_EQUAL(add(0, SCHEDULE_PRIORITIES), SCHEDULE_PRIORITY_RANGE);
    CU_ASSERT_EQUAL(add(THREADS, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(add(3, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(3, 0), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 2, true, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_change(schedule, 2, &terms, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 2, 0), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_submit(schedule, &graph, 0), SCHEDULE_UNSUPPORTED);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 3, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_bytes(schedule->rule, &shape), 0);
    shape = (struct schedule_shape){.threads = SCHEDULE_THREADS_MAX + 1, .cores = 1};
    CU_ASSERT_EQUAL(schedule_bytes(schedule->rule, &shape), 0);
    CU_ASSERT_PTR_NULL(schedule_rule_find("prior"));
    CU_ASSERT_PTR_NULL(schedule_rule_find("priority_"));
    for (int i = 0; i < SCHEDULE_STATUS_COUNT; i++)
        CU_ASSERT_PTR_NOT_NULL(schedule_status_text((enum schedule_status)i));
}

/*
 * Sets that change at random: the answer is of the most urgent level, and nobody of that level who
 * was ready all the time has waited longer.
 */
static void random_changes(const char *name, uint32_t levels)
{
    bool here[THREADS] = {false}, is_ready[THREADS] = {false};
    uint32_t level[THREADS] = {0}, since[THREADS] = {0};
    unsigned wrong = 0;
    start(name);
    srand(1);
    for (uint32_t turn = 1; turn <= TURNS; turn++) {
        uint32_t i = (uint32_t)rand() % THREADS, to = (uint32_t)rand() % levels;
        struct schedule_terms terms = {.priority = to};
        bool was = here[i] && is_ready[i];
        switch (rand() % 8) {
        case 0:
            wrong += add(i, to) != (here[i] ? SCHEDULE_PRESENT : SCHEDULE_OK);
            level[i] = here[i] ? level[i] : to;
            is_ready[i] = here[i] ? is_ready[i] : true;
            here[i] = true;
            break;
        case 1:
            wrong += schedule_remove(schedule, i, turn) !=
                     (here[i] ? SCHEDULE_OK : SCHEDULE_UNKNOWN);
            here[i] = false;
            break;
        case 2:
            schedule_change(schedule, i, &terms, turn);
            was = was && level[i] == to;
            level[i] = here[i] ? to : level[i];
            break;
        case 3:
            schedule_ready(schedule, i, turn % 2, turn);
            is_ready[i] = turn % 2;
            break;
        }
        if (!was && here[i] && is_ready[i])
            since[i] = turn;
        uint32_t answer = schedule_next(schedule, 0, turn);
        if (answer != SCHEDULE_NOBODY)
            wrong += !here[answer] || !is_ready[answer];
        for (uint32_t j = 0; j < THREADS; j++)
            if (here[j] && is_ready[j])
                wrong += answer == SCHEDULE_NOBODY || level[j] < level[answer] ||
                         (level[j] == level[answer] && since[j] < since[answer]);
        if (answer != SCHEDULE_NOBODY)
            since[answer] = turn;
        wrong += !schedule_check(schedule);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void test_random(void)
{
    random_changes("round_robin", 1);
    random_changes("priority", 3);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("levels", NULL, NULL);
    CU_add_test(suite, "round robin", test_round);
    CU_add_test(suite, "priority", test_priority);
    CU_add_test(suite, "refused", test_refused);
    CU_add_test(suite, "sets that change", test_random);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
