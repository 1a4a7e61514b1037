/* SPDX-License-Identifier: MIT */
/* Old messages read by new schemas, and the reverse: old.capnp and new.capnp. */
#include "new.capnp.h"
#include "old.capnp.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 512

static uint64_t words[WORDS_MAX];
static struct capnp_builder builder;
static struct capnp_message message;

static void check_text(struct capnp_text text, const char *expected)
{
    CU_ASSERT(capnp_text_is(text, expected));
}

/* Write what the old schema can say. */
static void build_old(void)
{
    struct old_record_builder record, next;
    struct old_record_member_builder_list members;
    struct capnp_list_builder list;
    capnp_builder_begin(&builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(old_record_init_root(&builder, &record), CAPNP_OK);
    old_record_set_number(record, -5);
    old_record_set_name(record, CAPNP_TEXT_LITERAL("name"));
    old_record_init_next(record, &next);
    old_record_set_b(next, 77);
    old_record_set_color(record, OLD_COLOR_GREEN);
    old_record_init_numbers(record, 2, &list);
    capnp_list_set_uint32(&list, 0, 11);
    capnp_list_set_uint32(&list, 1, 12);
    old_record_init_texts(record, 2, &list);
    capnp_set_text(&builder, capnp_list_pointer_at(&list, 0), CAPNP_TEXT_LITERAL("first"));
    capnp_set_text(&builder, capnp_list_pointer_at(&list, 1), CAPNP_TEXT_LITERAL("second"));
    old_record_set_a(record);
    old_record_init_members(record, 2, &members);
    old_record_member_set_id(old_record_member_builder_list_at(members, 1), 4);
    old_record_init_box(record, &next);
    old_record_set_number(next, 99);
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    capnp_message_single(&message, words, builder.word_count);
}

static void test_old_message(void)
{
    struct new_record_reader record, next;
    struct new_record_number_list numbers;
    struct new_record_line_list lines;
    struct new_record_member_list members;
    struct capnp_text text;
    struct capnp_any any;
    build_old();
    CU_ASSERT_EQUAL_FATAL(new_record_read_root(&message, &record), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_get_number(record), -5);
    new_record_get_title(record, &text);
    check_text(text, "name");
    CU_ASSERT_EQUAL(new_record_get_color(record), NEW_COLOR_GREEN);
    /* What the writer did not know is the default. */
    CU_ASSERT_EQUAL(new_record_get_more(record), 987);
    new_record_get_rest(record, &text);
    check_text(text, "baz");
    /* Lists of numbers and of texts have become lists of structs. */
    CU_ASSERT_EQUAL(new_record_get_numbers(record, &numbers), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_number_list_count(numbers), 2);
    CU_ASSERT_EQUAL(new_record_number_get_value(new_record_number_list_at(numbers, 1)), 12);
    CU_ASSERT_EQUAL(new_record_number_get_more(new_record_number_list_at(numbers, 1)), 9);
    CU_ASSERT_EQUAL(new_record_get_texts(record, &lines), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_line_list_count(lines), 2);
    new_record_line_get_text(new_record_line_list_at(lines, 1), &text);
    check_text(text, "second");
    CU_ASSERT_EQUAL(new_record_line_get_number(new_record_line_list_at(lines, 1)), -3);
    /* Structs of a list have grown. */
    CU_ASSERT_EQUAL(new_record_get_members(record, &members), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_member_get_id(new_record_member_list_at(members, 1)), 4);
    CU_ASSERT_EQUAL(new_record_member_get_extra(new_record_member_list_at(members, 1)), 5);
    new_record_member_get_label(new_record_member_list_at(members, 1), &text);
    check_text(text, "none");
    /* A member of a union has become a union, a struct an AnyPointer. */
    CU_ASSERT_EQUAL(new_record_which(record), NEW_RECORD_WHICH_A);
    CU_ASSERT_EQUAL(new_record_a_which(new_record_get_a(record)), NEW_RECORD_A_WHICH_A0);
    CU_ASSERT_EQUAL(new_record_get_next(record, &next), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_which(next), NEW_RECORD_WHICH_B);
    CU_ASSERT_EQUAL(new_record_get_b(next), 77);
    CU_ASSERT_EQUAL(new_record_get_box(record, &any), CAPNP_OK);
    CU_ASSERT_EQUAL(any.kind, CAPNP_STRUCT);
    next.raw = any.structure;
    CU_ASSERT_EQUAL(new_record_get_number(next), 99);
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

/* Write what the old schema cannot say. */
static void build_new(void)
{
    struct new_record_builder record, next;
    struct new_record_number_builder_list numbers;
    struct new_record_line_builder_list lines;
    struct new_record_member_builder_list members;
    capnp_builder_begin(&builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(new_record_init_root(&builder, &record), CAPNP_OK);
    new_record_set_number(record, 6);
    new_record_set_title(record, CAPNP_TEXT_LITERAL("title"));
    new_record_set_color(record, NEW_COLOR_BLUE);
    new_record_set_more(record, -1);
    new_record_set_rest(record, CAPNP_TEXT_LITERAL("rest"));
    new_record_init_numbers(record, 2, &numbers);
    new_record_number_set_value(new_record_number_builder_list_at(numbers, 1), 21);
    new_record_number_set_more(new_record_number_builder_list_at(numbers, 1), 22);
    new_record_init_texts(record, 1, &lines);
    new_record_line_set_text(new_record_line_builder_list_at(lines, 0), CAPNP_TEXT_LITERAL("line"));
    new_record_line_set_number(new_record_line_builder_list_at(lines, 0), 1);
    new_record_init_members(record, 3, &members);
    new_record_member_set_id(new_record_member_builder_list_at(members, 2), 8);
    new_record_member_set_extra(new_record_member_builder_list_at(members, 2), 88);
    new_record_a_set_a1(new_record_init_a(record), 1234);
    new_record_init_next(record, &next);
    new_record_set_c(next, CAPNP_TEXT_LITERAL("c"));
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    capnp_message_single(&message, words, builder.word_count);
}

static void test_new_message(void)
{
    struct old_record_reader record, next;
    struct old_record_member_list members;
    struct capnp_list list;
    struct capnp_text text;
    build_new();
    CU_ASSERT_EQUAL_FATAL(old_record_read_root(&message, &record), CAPNP_OK);
    CU_ASSERT_EQUAL(old_record_get_number(record), 6);
    old_record_get_name(record, &text);
    check_text(text, "title");
    /* An enumerant that this schema does not know keeps its number. */
    CU_ASSERT_EQUAL((unsigned)old_record_get_color(record), 2);
    /* Lists of structs read as lists of their first fields. */
    CU_ASSERT_EQUAL(old_record_get_numbers(record, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(list.count, 2);
    CU_ASSERT_EQUAL(capnp_list_uint32(list, 1), 21);
    CU_ASSERT_EQUAL(old_record_get_texts(record, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(list.count, 1);
    CU_ASSERT_EQUAL(capnp_list_text(&list, 0, &text), CAPNP_OK);
    check_text(text, "line");
    CU_ASSERT_EQUAL(old_record_get_members(record, &members), CAPNP_OK);
    CU_ASSERT_EQUAL(old_record_member_list_count(members), 3);
    CU_ASSERT_EQUAL(old_record_member_get_id(old_record_member_list_at(members, 2)), 8);
    CU_ASSERT_EQUAL(old_record_which(record), OLD_RECORD_WHICH_A);
    /* A member of the union that this schema does not know. */
    CU_ASSERT_EQUAL(old_record_get_next(record, &next), CAPNP_OK);
    CU_ASSERT_EQUAL((unsigned)old_record_which(next), 2);
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

/* A copy that an old program makes keeps what it does not know. */
static void test_copy(void)
{
    static uint64_t copied[WORDS_MAX];
    struct old_record_reader record;
    struct new_record_reader copy;
    struct new_record_member_list members;
    struct old_record_builder holder;
    struct capnp_text text;
    build_new();
    old_record_read_root(&message, &record);
    capnp_builder_begin(&builder, copied, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(old_record_init_root(&builder, &holder), CAPNP_OK);
    CU_ASSERT_EQUAL(old_record_set_box(holder, record), CAPNP_OK);
    capnp_message_single(&message, copied, builder.word_count);
    old_record_read_root(&message, &record);
    CU_ASSERT_EQUAL(old_record_get_box(record, &record), CAPNP_OK);
    copy.raw = record.raw;
    CU_ASSERT_EQUAL(new_record_get_more(copy), -1);
    new_record_get_rest(copy, &text);
    check_text(text, "rest");
    CU_ASSERT_EQUAL(new_record_a_get_a1(new_record_get_a(copy)), 1234);
    CU_ASSERT_EQUAL(new_record_get_members(copy, &members), CAPNP_OK);
    CU_ASSERT_EQUAL(new_record_member_get_extra(new_record_member_list_at(members, 2)), 88);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnpc-c evolution", NULL, NULL);
    CU_add_test(suite, "an old message and a new schema", test_old_message);
    CU_add_test(suite, "a new message and an old schema", test_new_message);
    CU_add_test(suite, "a new message that an old program copies", test_copy);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
