/* SPDX-License-Identifier: MIT */
/* Host tests of the calendar against the C library's. */
#include <CUnit/Basic.h>
#include <stdlib.h>
#include <time.h>

#include "calendar.h"

static uint8_t encode(int value)
{
    return (uint8_t)(value / 10 << 4 | value % 10);
}

static void test_dates(void)
{
    srand(4);
    for (int i = 0; i < 20000; i++) {
        time_t moment = ((time_t)rand() << 2 | (rand() & 3)) % 4102444800;
        struct tm tm;
        uint64_t seconds = 0;
        gmtime_r(&moment, &tm);
        struct calendar_registers registers = {
            encode(tm.tm_sec), encode(tm.tm_min), encode(tm.tm_hour), encode(tm.tm_mday),
            encode(tm.tm_mon + 1), encode((tm.tm_year + 1900) % 100),
            encode((tm.tm_year + 1900) / 100), 0x02};
        CU_ASSERT_TRUE(calendar_seconds(&registers, &seconds));
        CU_ASSERT_EQUAL(seconds, (uint64_t)moment);
    }
}

static void test_forms(void)
{
    uint64_t seconds;
    struct calendar_registers registers = {0, 0, 0x12, 1, 1, 0x70, 0x19, 0x00};
    CU_ASSERT_TRUE(calendar_seconds(&registers, &seconds));
    CU_ASSERT_EQUAL(seconds, 0); /* 12 at night */
    registers.hour = 0x92;
    CU_ASSERT_TRUE(calendar_seconds(&registers, &seconds));
    CU_ASSERT_EQUAL(seconds, 12 * 3600);
    registers = (struct calendar_registers){59, 59, 23, 31, 12, 99, 0, 0x06};
    CU_ASSERT_TRUE(calendar_seconds(&registers, &seconds));
    CU_ASSERT_EQUAL(seconds, 4102444799u);
    registers.month = 13;
    CU_ASSERT_FALSE(calendar_seconds(&registers, &seconds));
    registers.month = 0;
    CU_ASSERT_FALSE(calendar_seconds(&registers, &seconds));
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("clock", NULL, NULL);
    CU_add_test(suite, "dates", test_dates);
    CU_add_test(suite, "forms", test_forms);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
