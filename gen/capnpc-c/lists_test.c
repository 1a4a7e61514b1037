/* SPDX-License-Identifier: MIT */
/*
 * Lists of structs of one field, and lists of lists, in a message that the C++ implementation
 * wrote: shapes.capnp's Boxes has the layout of its TestLists.
 */
#include "shapes.capnp.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE "../shared/data/capnp/v0.9.2/capnp/testdata/lists.binary"

/* Check a list of structs whose only field is a scalar. */
#define CHECK_BOXES(field, type, ...)                                                              \
    {                                                                                              \
        static const uint64_t expected[] = {__VA_ARGS__};                                          \
        struct shapes_boxes_of_##type##_list list;                                                 \
        CU_ASSERT_EQUAL(shapes_boxes_get_##field(reader, &list), CAPNP_OK);                        \
        CU_ASSERT_EQUAL_FATAL(shapes_boxes_of_##type##_list_count(list),                           \
                              sizeof expected / sizeof *expected);                                 \
        for (uint32_t i = 0; i < sizeof expected / sizeof *expected; i++)                          \
            CU_ASSERT_EQUAL(shapes_boxes_of_##type##_get_f(shapes_boxes_of_##type##_list_at(list,  \
                                                                                            i)),   \
                            expected[i]);                                                          \
    }

/* Check the lists of structs of one field. */
static void check_boxes(struct shapes_boxes_reader reader)
{
    static const char *const expected[] = {"foo", "bar"};
    struct shapes_boxes_of_void_list nothings;
    struct shapes_boxes_of_text_list texts;
    struct capnp_text text;
    CU_ASSERT_EQUAL(shapes_boxes_get_nothings(reader, &nothings), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_boxes_of_void_list_count(nothings), 2);
    CHECK_BOXES(flags, bool, 1, 0, 1, 1)
    CHECK_BOXES(uint8s, uint8, 123, 45)
    CHECK_BOXES(uint16s, uint16, 12345, 6789)
    CHECK_BOXES(uint32s, uint32, 123456789, 234567890)
    CHECK_BOXES(uint64s, uint64, 1234567890123456, 2345678901234567)
    CU_ASSERT_EQUAL(shapes_boxes_get_texts(reader, &texts), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(shapes_boxes_of_text_list_count(texts), 2);
    for (uint32_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(shapes_boxes_of_text_get_f(shapes_boxes_of_text_list_at(texts, i), &text),
                        CAPNP_OK);
        CU_ASSERT(capnp_text_is(text, expected[i]));
    }
}

/* Check the lists of lists: what is in each, and that it ends there. */
static void check_box_lists(struct shapes_boxes_reader reader)
{
    static const struct {
        unsigned count;
        int32_t values[3];
    } numbers[] = {{3, {1, 2, 3}}, {2, {4, 5}}, {1, {12341234}}},
      alls[] = {{2, {123, 456}}, {1, {789}}};
    static const struct {
        unsigned count;
        const char *values[2];
    } texts[] = {{2, {"foo", "bar"}}, {1, {"baz"}}, {2, {"qux", "corge"}}};
    struct capnp_list list, inner;
    struct capnp_text text;
    CU_ASSERT_EQUAL(shapes_boxes_get_int32_lists(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(list.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(capnp_list_list(&list, i, CAPNP_FOUR_BYTES, &inner), CAPNP_OK);
        CU_ASSERT_EQUAL_FATAL(inner.count, numbers[i].count);
        for (uint32_t j = 0; j < inner.count; j++)
            CU_ASSERT_EQUAL((int32_t)capnp_list_uint32(inner, j), numbers[i].values[j]);
    }
    CU_ASSERT_EQUAL(shapes_boxes_get_text_lists(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(list.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(capnp_list_list(&list, i, CAPNP_POINTER, &inner), CAPNP_OK);
        CU_ASSERT_EQUAL_FATAL(inner.count, texts[i].count);
        for (uint32_t j = 0; j < inner.count; j++) {
            CU_ASSERT_EQUAL(capnp_list_text(&inner, j, &text), CAPNP_OK);
            CU_ASSERT(capnp_text_is(text, texts[i].values[j]));
        }
    }
    CU_ASSERT_EQUAL(shapes_boxes_get_all_lists(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(list.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(capnp_list_list(&list, i, CAPNP_COMPOSITE, &inner), CAPNP_OK);
        CU_ASSERT_EQUAL_FATAL(inner.count, alls[i].count);
        for (uint32_t j = 0; j < inner.count; j++) {
            struct shapes_all_reader all = shapes_all_list_at((struct shapes_all_list){inner}, j);
            CU_ASSERT_EQUAL(shapes_all_get_int32(all), alls[i].values[j]);
            CU_ASSERT_EQUAL(shapes_all_get_int64(all), 0);
            CU_ASSERT_EQUAL(shapes_all_get_uint64(all), 0);
            CU_ASSERT(!shapes_all_has_text(all) && !shapes_all_has_inner(all));
        }
    }
}

static void test_reference_lists(void)
{
    static uint64_t words[512];
    struct capnp_segment segment;
    struct capnp_message message;
    struct shapes_boxes_reader reader;
    FILE *file = fopen(REFERENCE, "r");
    const char *ci = getenv("CI");
    if (!file && (!ci || strcmp(ci, "true") != 0)) {
        printf("skipped: there is no " REFERENCE " ... ");
        return;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t bytes = fread(words, 1, sizeof words, file);
    fclose(file);
    CU_ASSERT_FATAL(bytes > 0 && bytes < sizeof words);
    CU_ASSERT_EQUAL_FATAL(capnp_message_framed(&message, words, bytes, &segment, 1, NULL),
                          CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(shapes_boxes_read_root(&message, &reader), CAPNP_OK);
    check_boxes(reader);
    check_box_lists(reader);
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnpc-c lists", NULL, NULL);
    CU_add_test(suite, "lists of structs, and of lists", test_reference_lists);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
