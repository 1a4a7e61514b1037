/* SPDX-License-Identifier: MIT */
/* Host tests of the log's store. */
#include <CUnit/Basic.h>
#include <string.h>

#include "lines.h"

static struct lines lines;

static void test_store(void)
{
    lines_start(&lines);
    CU_ASSERT_PTR_NULL(lines_at(&lines, 0));
    CU_ASSERT_TRUE(lines_write(&lines, 3, 1, "a\nb\033c", 5, 77));
    const struct line *line = lines_at(&lines, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(line);
    CU_ASSERT_EQUAL(line->bytes, 5);
    CU_ASSERT_EQUAL(memcmp(line->text, "a b c", 5), 0);
    CU_ASSERT_EQUAL(line->ticks, 77);
    CU_ASSERT_EQUAL(line->component, 3);
    for (int i = 1; i < LINES_MAX + 10; i++)
        lines_write(&lines, 0, 0, "x", 1, 0);
    CU_ASSERT_EQUAL(lines_at(&lines, 0)->number, 10);
    CU_ASSERT_EQUAL(lines_at(&lines, LINES_MAX + 9)->number, LINES_MAX + 9);
    CU_ASSERT_PTR_NULL(lines_at(&lines, LINES_MAX + 10));
}

static void test_limits(void)
{
    char text[500];
    memset(text, 'y', sizeof text);
    lines_start(&lines);
    CU_ASSERT_TRUE(lines_write(&lines, 0, 0, text, sizeof text, 0));
    CU_ASSERT_EQUAL(lines_at(&lines, 0)->bytes, LINE_TEXT_BYTES);
    CU_ASSERT_FALSE(lines_write(&lines, LINES_COMPONENTS_MAX, 0, "x", 1, 0));
    CU_ASSERT_FALSE(lines_write(&lines, 0, LINES_LEVELS, "x", 1, 0));
    CU_ASSERT_TRUE(lines_set_level(&lines, 7, 1));
    CU_ASSERT_FALSE(lines_set_level(&lines, 7, LINES_LEVELS));
    CU_ASSERT_FALSE(lines_write(&lines, 7, 2, "x", 1, 0));
    CU_ASSERT_TRUE(lines_write(&lines, 7, 1, "x", 1, 0));
    CU_ASSERT_TRUE(lines_write(&lines, 8, 2, "x", 1, 0));
    CU_ASSERT_EQUAL(lines.next, 3);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("log", NULL, NULL);
    CU_add_test(suite, "store", test_store);
    CU_add_test(suite, "limits and levels", test_limits);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
