/* SPDX-License-Identifier: MIT */
/* What an AnyPointer leads to, as a text or as bytes: the same as the typed getters say. */
#include "capnp_build.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 16u

static uint64_t words[WORDS_MAX];
static struct capnp_builder builder;
static struct capnp_message message;

/* Begin a message whose root has one pointer; gives the place of that. */
static uint64_t *begin(void)
{
    struct capnp_struct_builder root;
    memset(words, 0, sizeof words);
    capnp_builder_begin(&builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(capnp_init_struct(&builder, words, 0, 1, &root), CAPNP_OK);
    return root.words;
}

/* Read the pointer of what was built. */
static struct capnp_struct read_root(struct capnp_any *any)
{
    struct capnp_struct root;
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    capnp_message_single(&message, words, builder.word_count);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_any(&root, 0, any), CAPNP_OK);
    return root;
}

/* Both readers say what the typed ones do. */
static void expect(enum capnp_error as_text, enum capnp_error as_data, const char *bytes,
                   uint32_t length)
{
    const struct capnp_text no_text = {"", 0};
    const struct capnp_data no_data = {NULL, 0};
    struct capnp_any any;
    struct capnp_text text, typed_text;
    struct capnp_data data, typed_data;
    struct capnp_struct root = read_root(&any);
    CU_ASSERT_EQUAL(capnp_any_text(&any, &text), as_text);
    CU_ASSERT_EQUAL(message.error, as_text); /* it stays in the message */
    message.error = CAPNP_OK;
    CU_ASSERT_EQUAL(capnp_read_text(&root, 0, no_text, &typed_text), as_text);
    CU_ASSERT_EQUAL(text.length, as_text == CAPNP_OK && length > 0 ? length - 1 : 0);
    CU_ASSERT(text.length == typed_text.length &&
              memcmp(text.bytes, typed_text.bytes, text.length) == 0);
    message.error = CAPNP_OK;
    CU_ASSERT_EQUAL(capnp_any_data(&any, &data), as_data);
    CU_ASSERT_EQUAL(message.error, as_data);
    CU_ASSERT_EQUAL(capnp_read_data(&root, 0, no_data, &typed_data), as_data);
    CU_ASSERT_EQUAL(data.length, as_data == CAPNP_OK ? length : 0);
    CU_ASSERT(data.length == typed_data.length && data.bytes == typed_data.bytes);
    CU_ASSERT(data.length == 0 || memcmp(data.bytes, bytes, length) == 0);
}

static void test_bytes(void)
{
    static const uint8_t bytes[] = {1, 0, 2, 3};
    begin();
    expect(CAPNP_OK, CAPNP_OK, "", 0);
    capnp_set_text(&builder, begin(), CAPNP_TEXT_LITERAL("a text"));
    expect(CAPNP_OK, CAPNP_OK, "a text", 7); /* as bytes it has its zero */
    capnp_set_text(&builder, begin(), CAPNP_TEXT_LITERAL(""));
    expect(CAPNP_OK, CAPNP_OK, "", 1);
    capnp_set_data(&builder, begin(), (struct capnp_data){bytes, 4});
    expect(CAPNP_TEXT, CAPNP_OK, (const char *)bytes, 4);
    capnp_set_data(&builder, begin(), (struct capnp_data){bytes, 2});
    expect(CAPNP_OK, CAPNP_OK, (const char *)bytes, 2);
    uint64_t *at = begin();
    *at = capnp_list_word(CAPNP_BYTE, 0); /* there, and not even a zero byte long */
    expect(CAPNP_TEXT, CAPNP_OK, "", 0);
}

static void test_other(void)
{
    struct capnp_struct_builder inner;
    struct capnp_list_builder list;
    capnp_init_struct(&builder, begin(), 1, 0, &inner);
    expect(CAPNP_KIND, CAPNP_KIND, "", 0);
    capnp_init_list(&builder, begin(), CAPNP_TWO_BYTES, 2, &list);
    expect(CAPNP_KIND, CAPNP_KIND, "", 0);
    capnp_init_list(&builder, begin(), CAPNP_BIT, 8, &list);
    expect(CAPNP_KIND, CAPNP_KIND, "", 0);
    capnp_init_structs(&builder, begin(), 1, 0, 1, &list);
    expect(CAPNP_KIND, CAPNP_KIND, "", 0);
    capnp_set_capability(begin(), 1);
    expect(CAPNP_KIND, CAPNP_KIND, "", 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("AnyPointer", NULL, NULL);
    CU_add_test(suite, "texts and bytes", test_bytes);
    CU_add_test(suite, "anything else", test_other);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
