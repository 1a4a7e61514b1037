/* SPDX-License-Identifier: MIT */
/* Values as text: each form, and what happens at the end of the room. */
#include "show.h"

#include <CUnit/Basic.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

static char buffer[256];
static struct show show;

/* Begin with `room` bytes. */
static void begin(size_t room)
{
    show = (struct show){buffer, room, 0};
}

/* Is what was shown since begin() the words `expected`. */
static bool shown(const char *expected)
{
    bool same = show.used == strlen(expected) && memcmp(buffer, expected, show.used) == 0;

    if (!same)
        printf("shown \"%.*s\", expected \"%s\"\n", (int)show.used, buffer, expected);
    begin(sizeof buffer);
    return same;
}

static void test_text(void)
{
    begin(sizeof buffer);
    show_text(&show, CAPNP_TEXT_LITERAL("Lisbon"));
    CU_ASSERT(shown("\"Lisbon\""));
    show_text(&show, (struct capnp_text){0, 0});
    CU_ASSERT(shown("\"\""));
    show_text(&show, CAPNP_TEXT_LITERAL("a\"b\\c\nd\x7f\x80\x01"));
    CU_ASSERT(shown("\"a\\\"b\\\\c\\nd\\x7f\\x80\\x01\""));
    show_data(&show, (struct capnp_data){(const uint8_t *)"\xde\xad", 2});
    CU_ASSERT(shown("0x\"de ad\""));
}

static void test_numbers(void)
{
    static const char *const names[] = {"clear", "rain"};

    begin(sizeof buffer);
    show_unsigned(&show, 0);
    CU_ASSERT(shown("0"));
    show_unsigned(&show, UINT64_MAX);
    CU_ASSERT(shown("18446744073709551615"));
    show_signed(&show, INT64_MIN);
    CU_ASSERT(shown("-9223372036854775808"));
    show_signed(&show, -7);
    CU_ASSERT(shown("-7"));
    show_bool(&show, true);
    CU_ASSERT(shown("true"));
    show_enum(&show, 1, names, 2);
    CU_ASSERT(shown("rain"));
    show_enum(&show, 2, names, 2);
    CU_ASSERT(shown("2"));
}

static void show_value(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    show_float64(&show, bits);
}

static void test_floats(void)
{
    static const struct { double value; const char *text; } cases[] = {
        {0, "0"}, {-0.0, "-0"}, {1, "1"}, {1.5, "1.5"}, {-21.25, "-21.25"}, {10, "10"},
        {100, "100"}, {0.1, "0.1"}, {0.05, "0.05"}, {0.0001, "0.0001"}, {0.00001, "1e-5"},
        {3.14159265358979, "3.14159265358979"}, {123456789, "123456789"}, {1e15, "1e15"},
        {1e14, "100000000000000"}, {0.999999999999999999, "1"}, {2.5e300, "2.5e300"},
        {1.0 / 0.0, "inf"}, {-1.0 / 0.0, "-inf"},
    };

    begin(sizeof buffer);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        show_value(cases[i].value);
        CU_ASSERT(shown(cases[i].text));
    }
    show_float64(&show, UINT64_C(0x7ff8000000000001));
    CU_ASSERT(shown("nan"));
    show_float32(&show, 0x3dcccccd);
    CU_ASSERT(shown("0.1"));
    show_float32(&show, 0x7f800000);
    CU_ASSERT(shown("inf"));
    /* The largest and the smallest end, whatever their digits are. */
    show_value(DBL_MAX);
    CU_ASSERT(strncmp(buffer, "1.797693134862", 14) == 0);
    begin(sizeof buffer);
    show_value(DBL_TRUE_MIN);
    CU_ASSERT(show.used > 0);
}

static void test_room(void)
{
    for (size_t room = 0; room <= 8; room++) {
        memset(buffer, '#', sizeof buffer);
        begin(room);
        show_text(&show, CAPNP_TEXT_LITERAL("Lisbon"));
        CU_ASSERT_EQUAL(show.used, room);
        CU_ASSERT_EQUAL(memcmp(buffer, "\"Lisbon\"", room), 0);
        CU_ASSERT_EQUAL(buffer[room], '#');
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("show", NULL, NULL);

    CU_add_test(suite, "texts and bytes", test_text);
    CU_add_test(suite, "numbers and enums", test_numbers);
    CU_add_test(suite, "floating point", test_floats);
    CU_add_test(suite, "the end of the room", test_room);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();

    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
