/* SPDX-License-Identifier: MIT */
#include "block_bounds.h"

#include <CUnit/Basic.h>

#define LARGE UINT64_MAX

enum { BLOCK = 512, PIN = 8192, BYTES = 4096 };

static const struct block_extent extent = {.first = 1000, .count = 100};

static enum block_bounds check(uint64_t first, struct block_range range, uint64_t *failed)
{
    uint64_t blocks;
    return block_ranges_check(&extent, first, &range, 1, PIN, BLOCK, BYTES, &blocks, failed);
}

static void test_extents(void)
{
    struct block_extent part = {1, 2, false};
    CU_ASSERT(block_extent_check(&extent, 1100));
    CU_ASSERT(!block_extent_check(&extent, 1099));
    CU_ASSERT(block_extent_holds(&extent, 0, 100) && block_extent_holds(&extent, 99, 1));
    CU_ASSERT(!block_extent_holds(&extent, 0, 0) && !block_extent_holds(&extent, 0, 101));
    CU_ASSERT(!block_extent_holds(&extent, 100, 1) && !block_extent_holds(&extent, 99, 2));
    CU_ASSERT(!block_extent_holds(&extent, LARGE, 2) && !block_extent_holds(&extent, 2, LARGE));
    CU_ASSERT(!block_extent_part(&extent, 50, 51, false, &part));
    CU_ASSERT_EQUAL(part.first, 1);
    CU_ASSERT(block_extent_part(&extent, 50, 50, true, &part));
    CU_ASSERT(part.first == 1050 && part.count == 50 && part.read_only);
    CU_ASSERT(block_extent_part(&part, 1, 2, false, &part)); /* no more writable than before */
    CU_ASSERT(part.first == 1051 && part.count == 2 && part.read_only);
}

static void test_ranges(void)
{
    uint64_t failed = 7;
    CU_ASSERT_EQUAL(check(0, (struct block_range){0, BLOCK}, &failed), BLOCK_BOUNDS_OK);
    CU_ASSERT_EQUAL(check(92, (struct block_range){PIN - BYTES, BYTES}, &failed), BLOCK_BOUNDS_OK);
    CU_ASSERT_EQUAL(failed, 7);
    CU_ASSERT_EQUAL(check(93, (struct block_range){0, BYTES}, &failed), BLOCK_BOUNDS_OUT_OF_RANGE);
    CU_ASSERT_EQUAL(failed, 100);
    CU_ASSERT_EQUAL(check(LARGE, (struct block_range){0, BLOCK}, &failed),
                    BLOCK_BOUNDS_OUT_OF_RANGE);
    CU_ASSERT_EQUAL(failed, LARGE);
    static const struct block_range bad[] = {
        {0, 0}, {1, BLOCK}, {0, 1}, {PIN, BLOCK}, {PIN - BLOCK, 2 * BLOCK}, {0, PIN + BLOCK},
        {LARGE - BLOCK + 1, BLOCK}, {BLOCK, LARGE - BLOCK + 1}, {LARGE - 511, LARGE - 511},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT_EQUAL(check(0, bad[i], &failed), BLOCK_BOUNDS_BAD_RANGE);
    CU_ASSERT_EQUAL(check(0, (struct block_range){0, PIN}, &failed), BLOCK_BOUNDS_TOO_LARGE);
}

static void test_lists(void)
{
    struct block_range many[BLOCK_RANGES_MAX + 1];
    uint64_t blocks, failed;
    for (uint32_t i = 0; i <= BLOCK_RANGES_MAX; i++)
        many[i] = (struct block_range){0, BLOCK};
    CU_ASSERT_EQUAL(block_ranges_check(&extent, 0, many, 0, PIN, BLOCK, LARGE, &blocks, &failed),
                    BLOCK_BOUNDS_BAD_RANGE);
    CU_ASSERT_EQUAL(block_ranges_check(&extent, 0, many, BLOCK_RANGES_MAX, PIN, BLOCK, LARGE,
                                       &blocks, &failed), BLOCK_BOUNDS_OK);
    CU_ASSERT_EQUAL(blocks, BLOCK_RANGES_MAX);
    CU_ASSERT_EQUAL(block_ranges_check(&extent, 0, many, BLOCK_RANGES_MAX + 1, PIN, BLOCK, LARGE,
                                       &blocks, &failed), BLOCK_BOUNDS_TOO_LARGE);
    CU_ASSERT_EQUAL(block_ranges_check(&extent, 0, many, 9, PIN, BLOCK, BYTES, &blocks, &failed),
                    BLOCK_BOUNDS_TOO_LARGE);
}

static void test_texts(void)
{
    static const char *const bad[] = {"", "+", "1+", "+1", "1", "1+0", "0+101", "100+1", "1 + 1",
                                      "1+1 ", "18446744073709551615+2", "2+18446744073709551615"};
    struct block_extent part;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CU_ASSERT(!block_extent_parse(&extent, bad[i], &part));
    CU_ASSERT(block_extent_parse(&extent, "10+90", &part));
    CU_ASSERT(part.first == 1010 && part.count == 90);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("block", NULL, NULL);
    CU_add_test(suite, "extents", test_extents);
    CU_add_test(suite, "ranges", test_ranges);
    CU_add_test(suite, "lists of ranges", test_lists);
    CU_add_test(suite, "extents as texts", test_texts);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    return CU_get_number_of_failures() == 0 ? 0 : 1;
}
