/* SPDX-License-Identifier: MIT */
/*
 * What copies, canonicalizes, disowns or unpacks a message fetches each shared word once. The codec
 * is compiled into this program once more, with a hook behind each fetch that changes the word.
 */
#define CAPNP_FETCH_HOOK 1
#include "capnp.c"
#include "capnp_build.c"
#include "capnp_orphan.c"
#include "capnp_canonical.c"
#include "capnp_pack.c"

#include "capnp_random.h"

#include <CUnit/Basic.h>
#include <stdio.h>

#define WORD_MAX 2048u
#define ROUNDS 5000u

static uint64_t shared[WORD_MAX], own[WORD_MAX * 4];
static uint8_t packed[WORD_MAX * 10], fetches[sizeof packed];
static const uint8_t *watched;
static size_t watched_bytes;
static unsigned twice;
static bool is_changing;

void capnp_fetched(const void *at, uint32_t bytes)
{
    uint64_t start = (uint64_t)((uintptr_t)at - (uintptr_t)watched);
    if ((uintptr_t)at < (uintptr_t)watched || start >= watched_bytes)
        return;
    for (uint32_t i = 0; i < bytes; i++) {
        twice += fetches[start + i]++ > 0;
        if (is_changing)
            ((uint8_t *)(uintptr_t)at)[i] ^= (uint8_t)(random_word() & random_word());
    }
}

/* Count the fetches of these bytes from now on. */
static void watch(const void *bytes, size_t length, bool changes)
{
    watched = bytes;
    watched_bytes = length;
    is_changing = changes;
    twice = 0;
    memset(fetches, 0, length);
}

/* Build a random message whose objects are not shared; returns its words. */
static uint32_t build(void)
{
    struct capnp_builder builder;
    watch(shared, 0, false);
    capnp_builder_begin(&builder, shared, WORD_MAX);
    random_struct(&builder, shared, 3);
    return builder.word_count;
}

/* Make the canonical form of the message, or copy it; whatever it is, it must be one. */
static enum capnp_error transform(uint32_t count, bool is_canonical)
{
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    capnp_message_single(&message, shared, count);
    enum capnp_error error = capnp_read_root(&message, &root);
    if (error != CAPNP_OK)
        return error;
    if (is_canonical)
        return capnp_canonical(&builder, own, WORD_MAX * 4, &root);
    capnp_builder_begin(&builder, own, WORD_MAX * 4);
    return capnp_copy_struct(&builder, own, &root);
}

static void test_once(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned way = 0; way < 2; way++) {
            uint32_t count = build();
            watch(shared, count * 8, false);
            CU_ASSERT_EQUAL(transform(count, way), CAPNP_OK);
            CU_ASSERT_EQUAL(twice, 0);
            watch(shared, count * 8, true);
            transform(count, way); /* the sanitizers look on */
            CU_ASSERT_EQUAL(twice, 0);
            watch(shared, 0, false);
        }
        uint64_t length, used, words;
        uint32_t count = build();
        length = capnp_pack(shared, count, packed, sizeof packed, &words);
        watch(packed, length, true);
        CU_ASSERT_EQUAL(capnp_unpack(packed, length, own, count, &used), CAPNP_OK);
        CU_ASSERT(twice == 0 && memcmp(own, shared, count * 8) == 0);
    }
}

static void test_disown(void)
{
    uint64_t words[8] = {0};
    struct capnp_builder builder;
    struct capnp_struct_builder root;
    struct capnp_orphan orphan;
    watch(words, 0, false);
    capnp_builder_begin(&builder, words, 8);
    CU_ASSERT_EQUAL(capnp_init_struct(&builder, words, 0, 2, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_set_text(&builder, root.words, CAPNP_TEXT_LITERAL("hello")), CAPNP_OK);
    uint64_t pointer = root.words[0];
    watch(words, sizeof words, true);
    CU_ASSERT_EQUAL(capnp_disown(&builder, root.words, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(twice, 0);
    CU_ASSERT_EQUAL(capnp_adopt(&builder, root.words, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(root.words[0], pointer);
}

/* Reads the last word of the data twice, as a hasty canonicalizer would. */
static uint32_t hasty_data_words(const struct capnp_struct *from)
{
    uint32_t count = from->data_bytes / 8;
    if (count > 0 && capnp_load64(from->data + (count - 1) * 8) == 0)
        count--;
    return count > 0 ? (uint32_t)capnp_load64(from->data + (from->data_bytes / 8 - 1) * 8) : 0;
}

static void test_seeded(void)
{
    struct capnp_message message;
    struct capnp_struct root;
    uint64_t words[2] = {UINT64_C(1) << 32, 5};
    capnp_message_single(&message, words, 2);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    watch(words, sizeof words, false);
    hasty_data_words(&root);
    CU_ASSERT_EQUAL(twice, 8);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("single fetches", NULL, NULL);
    CU_add_test(suite, "copies, canonical forms, packed bytes", test_once);
    CU_add_test(suite, "orphans", test_disown);
    CU_add_test(suite, "a double fetch is seen", test_seeded);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
