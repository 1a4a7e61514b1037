/* SPDX-License-Identifier: MIT */
/* Host tests of the round-robin order. */
#include <CUnit/Basic.h>

#include "rounds.h"

static struct rounds rounds;

static void test_equal(void)
{
    rounds_start(&rounds);
    for (uint32_t i = 0; i < 5; i++)
        CU_ASSERT_TRUE(rounds_add(&rounds, i * 3, 1));
    CU_ASSERT_FALSE(rounds_add(&rounds, 3, 1));
    for (uint32_t slot = 0; slot < 50; slot++)
        CU_ASSERT_EQUAL(rounds_next(&rounds), slot % 5 * 3);
}

/* Each round gives each thread exactly its share, and never leaves it a whole round behind. */
static void test_shares(void)
{
    uint32_t given[3] = {0}, share[3] = {1, 2, 5};
    rounds_start(&rounds);
    for (uint32_t i = 0; i < 3; i++)
        rounds_add(&rounds, i, share[i]);
    for (uint32_t slot = 1; slot <= 800; slot++) {
        given[rounds_next(&rounds)]++;
        for (uint32_t i = 0; i < 3; i++) {
            int32_t lag = (int32_t)(slot * share[i]) - (int32_t)(given[i] * 8);
            CU_ASSERT_TRUE(lag > -16 && lag < 16);
        }
        if (slot % 8 == 0)
            for (uint32_t i = 0; i < 3; i++)
                CU_ASSERT_EQUAL(given[i], slot / 8 * share[i]);
    }
}

static void test_changes(void)
{
    rounds_start(&rounds);
    CU_ASSERT_FALSE(rounds_remove(&rounds, 1));
    rounds_add(&rounds, 1, 3);
    rounds_add(&rounds, 2, 1);
    rounds_next(&rounds);
    CU_ASSERT_TRUE(rounds_remove(&rounds, 1));
    CU_ASSERT_EQUAL(rounds.total, 1);
    CU_ASSERT_EQUAL(rounds_next(&rounds), 2);
    CU_ASSERT_EQUAL(rounds_next(&rounds), 2);
    CU_ASSERT_FALSE(rounds_add(&rounds, 3, ROUNDS_SLOTS_MAX));
    for (uint32_t i = 10; rounds_add(&rounds, i, 1); i++)
        ;
    CU_ASSERT_EQUAL(rounds.count, ROUNDS_THREADS_MAX);
}

/* What is refused changes nothing. */
static void test_set(void)
{
    rounds_start(&rounds);
    rounds_add(&rounds, 1, 3);
    CU_ASSERT_FALSE(rounds_set(&rounds, 1, 0));
    CU_ASSERT_TRUE(rounds_set(&rounds, 2, 1));
    CU_ASSERT_TRUE(rounds_set(&rounds, 1, 1));
    CU_ASSERT_EQUAL(rounds.total, 2);
    rounds_next(&rounds);
    CU_ASSERT_FALSE(rounds_set(&rounds, 1, ROUNDS_SLOTS_MAX));
    CU_ASSERT_FALSE(rounds_set(&rounds, 3, 0));
    CU_ASSERT(rounds.count == 2 && rounds.total == 2);
    CU_ASSERT_EQUAL(rounds_next(&rounds), 2);
    CU_ASSERT_TRUE(rounds_set(&rounds, 1, ROUNDS_SLOTS_MAX - 1));
    CU_ASSERT_TRUE(rounds_set(&rounds, 1, 0));
    CU_ASSERT(rounds.count == 1 && rounds.total == 1 && rounds_next(&rounds) == 2);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("scheduler_round_robin", NULL, NULL);
    CU_add_test(suite, "equal shares", test_equal);
    CU_add_test(suite, "shares", test_shares);
    CU_add_test(suite, "changes", test_changes);
    CU_add_test(suite, "set", test_set);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
