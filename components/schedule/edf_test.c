/* SPDX-License-Identifier: MIT */
/* Host tests of the earliest deadline first: admission, budgets, and that no deadline is missed. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "schedule.h"

enum { THREADS = 64, SLOTS = 20000 };

static struct schedule *schedule;
static void *memory;
static struct random numbers = {1};

static void start(void)
{
    static const struct schedule_shape shape = {.threads = THREADS, .cores = 1};
    const struct schedule_rule *rule = schedule_rule_find("edf");
    free(memory);
    memory = aligned_alloc(16, schedule_bytes(rule, &shape));
    schedule = schedule_start(rule, &shape, memory);
}

static enum schedule_status add(uint32_t index, uint32_t budget, uint32_t period,
                                uint32_t deadline, uint64_t first, uint64_t now)
{
    struct schedule_terms terms = {
        .budget = budget, .period = period, .deadline = deadline, .first = first};
    return schedule_add(schedule, index, &terms, now);
}

static void test_order(void)
{
    static const uint32_t expected[] = {1, 0, 0, 1, 2, 0, 1, 0, 3, 1};
    start();
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), SCHEDULE_NOBODY);
    start();
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(1, 1, 3, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(2, 0, 0, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(3, 0, 0, 0, 0, 0), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 10; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), expected[slot]);
    CU_ASSERT_TRUE(schedule_check(schedule));
    /* The slots that they were given last were to be before 10, 12 and ever. */
    CU_ASSERT_EQUAL(schedule_urgency(schedule, 0), 10);
    CU_ASSERT_EQUAL(schedule_urgency(schedule, 1), 12);
    CU_ASSERT_EQUAL(schedule_urgency(schedule, 2), UINT64_MAX);
}

static void test_refused(void)
{
    struct schedule_terms terms = {.budget = 4, .period = 4};
    start();
    CU_ASSERT_EQUAL(add(0, 1, 0, 0, 0, 0), SCHEDULE_PERIOD_ZERO);
    CU_ASSERT_EQUAL(add(0, 1, 0, 7, 0, 0), SCHEDULE_PERIOD_ZERO);
    CU_ASSERT_EQUAL(add(0, 1, 5, 6, 0, 0), SCHEDULE_DEADLINE_RANGE);
    CU_ASSERT_EQUAL(add(0, 3, 5, 2, 0, 0), SCHEDULE_BUDGET_LARGE);
    CU_ASSERT_EQUAL(add(0, 6, 5, 0, 0, 0), SCHEDULE_BUDGET_LARGE);
    CU_ASSERT_EQUAL(add(0, UINT32_MAX, UINT32_MAX, UINT32_MAX - 1, 0, 0), SCHEDULE_BUDGET_LARGE);
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, 99, 100), SCHEDULE_DEADLINE_PAST);
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, 104, 100), SCHEDULE_DEADLINE_PAST);
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, UINT64_MAX, 100), SCHEDULE_DEADLINE_RANGE);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 99), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, 105, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(0, 2, 5, 0, 105, 100), SCHEDULE_PRESENT);
    CU_ASSERT_EQUAL(add(THREADS, 2, 5, 0, 105, 100), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(add(1, 4, 6, 0, 0, 100), SCHEDULE_OVERLOAD);
    CU_ASSERT_EQUAL(add(1, 3, 6, 4, 0, 100), SCHEDULE_OVERLOAD);
    CU_ASSERT_EQUAL(schedule_change(schedule, 1, &terms, 100), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_change(schedule, 0, &terms, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(1, 1, UINT32_MAX, 0, 0, 100), SCHEDULE_OVERLOAD);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 100), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, true, 100), SCHEDULE_UNKNOWN);
    CU_ASSERT_EQUAL(schedule_finished(schedule, 0, 100), SCHEDULE_UNKNOWN);
    /* All of the core, exactly. */
    CU_ASSERT_EQUAL(add(1, 1, 3, 0, 0, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(2, 1, 3, 0, 0, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(3, 1, 3, 0, 0, 100), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(4, 1, UINT32_MAX, 0, 0, 100), SCHEDULE_OVERLOAD);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

/* Who has had its budget, goes and comes back at once, or asks for other terms, has no second one
   in its period. */
static void test_anew(void)
{
    struct schedule_terms terms = {.budget = 3, .period = 10};
    start();
    CU_ASSERT_EQUAL(add(0, 3, 10, 0, 0, 0), SCHEDULE_OK);
    for (uint32_t slot = 0; slot < 3; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), 0);
    CU_ASSERT_EQUAL(schedule_remove(schedule, 0, 3), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(0, 3, 10, 0, 13, 3), SCHEDULE_DEADLINE_PAST);
    CU_ASSERT_EQUAL(add(0, 3, 10, 0, 0, 3), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 3), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(schedule_change(schedule, 0, &terms, 4), SCHEDULE_OK);
    for (uint32_t slot = 4; slot < 10; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), SCHEDULE_NOBODY);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 10), 0);
}

/* One that wakes too late for its budget has a new deadline, behind that of another. */
static void test_late(void)
{
    start();
    CU_ASSERT_EQUAL(add(0, 5, 10, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 0), 0);
    CU_ASSERT_EQUAL(schedule_next(schedule, 0, 1), 0);
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, false, 2), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(1, 5, 10, 0, 17, 2), SCHEDULE_OK);
    /* Nobody asks until slot 8, so that its window still stands there. */
    CU_ASSERT_EQUAL(schedule_ready(schedule, 0, true, 8), SCHEDULE_OK);
    for (uint64_t slot = 8; slot < 18; slot++)
        CU_ASSERT_EQUAL(schedule_next(schedule, 0, slot), slot < 13 ? 1 : 0);
}

/* Slots that nobody asked for are past, be they ever so many; a slot may be asked for again. */
static void test_gaps(void)
{
    uint64_t slot = 0;
    unsigned had[4] = {0};
    start();
    CU_ASSERT_EQUAL(add(0, 1, 100000, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(1, 1, 10, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(2, 5, 10, 0, 0, 0), SCHEDULE_OK);
    CU_ASSERT_EQUAL(add(3, 3, 30, 0, 0, 0), SCHEDULE_OK);
    for (unsigned i = 0; i < 40; i++, slot += UINT64_C(1) << i) {
        CU_ASSERT(schedule_next(schedule, 0, slot) <= 3);
        CU_ASSERT_TRUE(schedule_check(schedule));
    }
    /* Nobody has a slot twice. */
    uint32_t answer = schedule_next(schedule, 0, slot);
    for (unsigned i = 0; i < 20 && answer != SCHEDULE_NOBODY; i++) {
        had[answer]++;
        answer = schedule_next(schedule, 0, slot);
    }
    CU_ASSERT(had[0] == 1 && had[1] == 1 && had[2] == 1 && had[3] == 1);
    CU_ASSERT_EQUAL(answer, SCHEDULE_NOBODY);
    CU_ASSERT_TRUE(schedule_check(schedule));
}

/* --- Deadlines ------------------------------------------------------------------------------- */

/* A thread that is always ready, and what its period had so far. */
struct steady {
    uint32_t budget, period, deadline;
    uint64_t begin;
    uint32_t had;
};

static struct steady steady[THREADS];
static uint32_t steady_count;
static unsigned missed, too_much;

/* Admit threads of random terms until a few were refused. */
static void fill(uint32_t limit)
{
    static const uint32_t periods[] = {2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60, 120};
    for (unsigned refused = 0; steady_count < limit && refused < 8;) {
        uint32_t period = periods[random_next(&numbers) % 15];
        bool is_implicit = random_next(&numbers) % 2;
        uint32_t deadline = is_implicit ? period : 1 + (uint32_t)(random_next(&numbers) % period);
        uint32_t budget = 1 + (uint32_t)(random_next(&numbers) % (1 + deadline / 4));
        uint64_t first = random_next(&numbers) % 2 ? 0 : deadline + random_next(&numbers) % 50;
        if (add(steady_count, budget, period, deadline, first, 0) != SCHEDULE_OK) {
            refused++;
            continue;
        }
        uint64_t begin = first == 0 ? 0 : first - deadline;
        steady[steady_count++] = (struct steady){budget, period, deadline, begin, 0};
    }
}

/* A slot was given: do those that were promised something have it in time, and no more? */
static void account(uint32_t answer, uint64_t slot)
{
    for (uint32_t i = 0; i < steady_count; i++) {
        struct steady *thread = &steady[i];
        if (slot == thread->begin + thread->period) {
            thread->begin = slot;
            thread->had = 0;
        }
        if (i == answer)
            too_much += slot < thread->begin || ++thread->had > thread->budget;
        if (slot + 1 == thread->begin + thread->deadline)
            missed += thread->had != thread->budget;
    }
}

/* An instance may begin at any slot, as when another rule was used until then, and decide a little
 * later: whoever it is told of has its budget in each period from then on. */
static void test_begins_late(void)
{
    static const uint64_t slots[] = {1, 4000, 4032, 4095, 4096, 4200, 6143, 6144, 12345, 1 << 20};
    static const uint64_t later[] = {0, 1, 7, 300, 5000};
    for (size_t i = 0; i < 50; i++) {
        uint64_t told = slots[i / 5], from = told + later[i % 5];
        uint32_t had[2] = {0};
        start();
        CU_ASSERT_EQUAL(add(0, 1, 8, 0, 0, told), SCHEDULE_OK);
        CU_ASSERT_EQUAL(add(1, 25, 180, 0, 0, told), SCHEDULE_OK);
        for (uint64_t slot = from; slot < from + 720; slot++) {
            uint32_t index = schedule_next(schedule, 0, slot);
            if (index < 2)
                had[index]++;
        }
        CU_ASSERT(had[0] >= 89 && had[0] <= 91);
        CU_ASSERT(had[1] >= 75 && had[1] <= 125);
        CU_ASSERT_TRUE(schedule_check(schedule));
    }
}

static void test_deadlines(void)
{
    missed = too_much = 0;
    for (unsigned turn = 0; turn < 40; turn++) {
        start();
        steady_count = 0;
        fill(turn % 2 ? THREADS : 5);
        for (uint64_t slot = 0; slot < SLOTS / 10; slot++)
            account(schedule_next(schedule, 0, slot), slot);
        CU_ASSERT_TRUE(schedule_check(schedule));
    }
    CU_ASSERT_EQUAL(missed, 0);
    CU_ASSERT_EQUAL(too_much, 0);
}

/*
 * Other threads with budgets that come, go, block, wake, finish early and change at random, do not
 * make the steady ones miss a deadline, and never have more than their share.
 */
static void test_isolation(void)
{
    uint64_t had[THREADS] = {0};
    unsigned wrong = 0;
    missed = too_much = 0;
    start();
    steady_count = 0;
    while (steady_count < 3) {
        uint32_t period = 7 + 4 * steady_count;
        CU_ASSERT_EQUAL(add(steady_count, 1 + steady_count, period, 0, 0, 0), SCHEDULE_OK);
        steady[steady_count] = (struct steady){1 + steady_count, period, period, 0, 0};
        steady_count++;
    }
    for (uint64_t slot = 0; slot < 10 * SLOTS; slot++) {
        uint32_t i = steady_count + (uint32_t)(random_next(&numbers) % (THREADS - steady_count));
        uint32_t period = 5 + (uint32_t)(random_next(&numbers) % 200);
        uint32_t budget = (uint32_t)(random_next(&numbers) % (1 + period / 4));
        struct schedule_terms terms = {.budget = budget, .period = period};
        switch (random_next(&numbers) % 12) {
        case 0:
            schedule_add(schedule, i, &terms, slot);
            break;
        case 1:
            schedule_change(schedule, i, &terms, slot);
            break;
        case 2:
            schedule_remove(schedule, i, slot);
            break;
        case 3:
            schedule_finished(schedule, i, slot);
            break;
        case 4:
        case 5:
        case 6:
        case 7:
            schedule_ready(schedule, i, random_next(&numbers) % 2, slot);
            break;
        }
        uint32_t answer = schedule_next(schedule, 0, slot);
        account(answer, slot);
        if (answer != SCHEDULE_NOBODY)
            had[answer]++;
        wrong += slot % 16 == 0 && !schedule_check(schedule);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(missed, 0);
    CU_ASSERT_EQUAL(too_much, 0);
    unsigned served = 0;
    for (uint32_t i = steady_count; i < THREADS; i++)
        served += had[i] > 0;
    CU_ASSERT(served > 40);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("edf", NULL, NULL);
    CU_add_test(suite, "the order", test_order);
    CU_add_test(suite, "refused", test_refused);
    CU_add_test(suite, "coming anew", test_anew);
    CU_add_test(suite, "waking late", test_late);
    CU_add_test(suite, "gaps", test_gaps);
    CU_add_test(suite, "beginning late", test_begins_late);
    CU_add_test(suite, "deadlines", test_deadlines);
    CU_add_test(suite, "isolation", test_isolation);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    free(memory);
    return failures != 0;
}
