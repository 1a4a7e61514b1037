/* SPDX-License-Identifier: MIT */
/* Host tests of the console's input ring and output translation. */
#include <CUnit/Basic.h>
#include <string.h>

#include "terminal.h"

static struct terminal terminal;

static void test_input(void)
{
    static char bytes[TERMINAL_INPUT_BYTES], back[TERMINAL_INPUT_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    memset(&terminal, 0, sizeof terminal);
    CU_ASSERT_EQUAL(terminal_take(&terminal, back, 10), 0);
    for (int turn = 0; turn < 50; turn++) {
        terminal_put(&terminal, bytes, 97);
        CU_ASSERT_EQUAL(terminal_take(&terminal, back, 200), 97);
        CU_ASSERT_EQUAL(memcmp(bytes, back, 97), 0);
    }
    CU_ASSERT_EQUAL(terminal_room(&terminal), TERMINAL_INPUT_BYTES);
    terminal_put(&terminal, bytes, sizeof bytes);
    CU_ASSERT_EQUAL(terminal_room(&terminal), 0);
    CU_ASSERT_EQUAL(terminal_take(&terminal, back, sizeof back), TERMINAL_INPUT_BYTES);
    CU_ASSERT_EQUAL(memcmp(bytes, back, sizeof back), 0);
}

static void test_output(void)
{
    char out[8];
    size_t made;
    memset(&terminal, 0, sizeof terminal);
    CU_ASSERT_EQUAL(terminal_translate(&terminal, "a\nb", 3, out, sizeof out, &made), 3);
    CU_ASSERT_EQUAL(made, 4);
    CU_ASSERT_EQUAL(memcmp(out, "a\r\nb", 4), 0);
    CU_ASSERT_EQUAL(terminal_translate(&terminal, "\r", 1, out, sizeof out, &made), 1);
    CU_ASSERT_EQUAL(terminal_translate(&terminal, "\n\n", 2, out, sizeof out, &made), 2);
    CU_ASSERT_EQUAL(memcmp(out, "\n\r\n", 3), 0);
    CU_ASSERT_EQUAL(terminal_translate(&terminal, "abcdefg\n", 8, out, sizeof out, &made), 7);
    CU_ASSERT_EQUAL(made, 7);
    CU_ASSERT_EQUAL(terminal_translate(&terminal, "\n", 1, out, 2, &made), 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("console", NULL, NULL);
    CU_add_test(suite, "input ring", test_input);
    CU_add_test(suite, "output translation", test_output);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
