/* SPDX-License-Identifier: MIT */
/*
 * A peer that writes while we read. The codec is compiled into this program once more, with a hook
 * behind each fetch of a shared word. It counts how often each byte is fetched: once, however a
 * message is read or copied. And it changes the bytes after they were fetched: what was decided
 * before must still hold, so that every read stays inside (the sanitizers look on) and a copy that
 * was made without an error is a legal message, whatever the peer wrote meanwhile.
 */
#define CAPNP_FETCH_HOOK 1
#include "capnp.c"
#include "capnp_build.c"
#include "capnp_canonical.c"

#include "random.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHARED_WORDS = 512, COPY_WORDS = 8192, LIMIT_WORDS = 2000, ROUNDS = 20000 };

static uint64_t *shared; /* what the peer can write, exactly so long */
static uint32_t shared_words;
static uint8_t fetches[SHARED_WORDS * 8]; /* of each byte */
static uint32_t fetched_twice;
static bool is_changing;
static struct random peer = {7};

void capnp_fetched(const void *at, uint32_t bytes)
{
    uint64_t offset = (uint64_t)((const uint8_t *)at - (const uint8_t *)shared);
    if ((uintptr_t)at < (uintptr_t)shared || offset >= shared_words * 8)
        return;
    for (uint32_t i = 0; i < bytes; i++) {
        fetched_twice += fetches[offset + i] == 1;
        fetches[offset + i] = 1;
    }
    /* A pointer becomes another that could be as good, or anything. */
    for (uint32_t i = 0; i < bytes && is_changing; i++)
        if (random_once_in(&peer, 3))
            ((uint8_t *)shared)[offset + i] ^= (uint8_t)(1u << random_below(&peer, 8));
}

/* Share a buffer of exactly `words` words, with nothing fetched yet. */
static void share(const uint64_t *words, uint32_t count)
{
    shared = malloc(count ? count * 8 : 1);
    memcpy(shared, words, count * 8);
    shared_words = count;
    memset(fetches, 0, sizeof fetches);
    fetched_twice = 0;
}

/* Make a tree of `levels` levels: structs, lists of each element size, texts. Returns its words. */
static void build_tree(struct capnp_builder *builder, uint64_t *at, int levels,
                       struct random *random)
{
    struct capnp_struct_builder structure;
    struct capnp_list_builder list;
    uint8_t *bytes;
    uint32_t what = levels == 0 ? random_below(random, 4) : random_below(random, 7);
    if (what == 0)
        capnp_set_text(builder, at, CAPNP_TEXT_LITERAL("a text that is copied"));
    else if (what == 1) {
        uint32_t length = random_below(random, 20);
        if (capnp_init_data(builder, at, length, &bytes) == CAPNP_OK)
            memset(bytes, 3, length);
    } else if (what == 2)
        capnp_init_list(builder, at, (enum capnp_element)random_below(random, 6),
                        random_below(random, 30), &list);
    else if (what == 3)
        capnp_set_capability(at, random_below(random, 9));
    else if (what == 4) {
        uint32_t pointers = random_below(random, 4);
        if (capnp_init_struct(builder, at, random_below(random, 3), pointers, &structure))
            return;
        uint64_t *end = builder->words + builder->word_count;
        for (uint32_t i = 0; i < pointers; i++)
            build_tree(builder, end - pointers + i, levels - 1, random);
    } else if (what == 5) {
        if (capnp_init_list(builder, at, CAPNP_POINTER, random_below(random, 4), &list))
            return;
        for (uint32_t i = 0; i < list.count; i++)
            build_tree(builder, capnp_list_pointer_at(&list, i), levels - 1, random);
    } else {
        if (capnp_init_structs(builder, at, 1, 1, random_below(random, 4), &list))
            return;
        for (uint32_t i = 0; i < list.count; i++)
            build_tree(builder, capnp_list_words_at(&list, i) + 1, levels - 1, random);
    }
}

/* Copy all that the shared message says into `copy`. */
static enum capnp_error copy_shared(struct capnp_builder *copy)
{
    static uint64_t words[COPY_WORDS];
    struct capnp_message message;
    struct capnp_any root;
    capnp_message_single(&message, shared, shared_words);
    message.traversal_words = LIMIT_WORDS;
    capnp_builder_begin(copy, words, COPY_WORDS);
    enum capnp_error error = capnp_read_root_any(&message, &root);
    return error == CAPNP_OK ? capnp_copy_any(copy, copy->words, &root) : error;
}

/* Make the canonical form of the struct that the shared message is. */
static enum capnp_error canonical_shared(struct capnp_builder *form)
{
    static uint64_t words[COPY_WORDS];
    struct capnp_message message;
    struct capnp_struct root;
    capnp_message_single(&message, shared, shared_words);
    message.traversal_words = LIMIT_WORDS;
    capnp_builder_begin(form, words, COPY_WORDS);
    enum capnp_error error = capnp_read_root(&message, &root);
    return error == CAPNP_OK ? capnp_canonical(form, words, COPY_WORDS, &root) : error;
}

/* Copy what was copied: is it a legal message. */
static bool is_legal(const struct capnp_builder *builder)
{
    static uint64_t words[COPY_WORDS];
    struct capnp_builder copy;
    struct capnp_message message;
    struct capnp_any root;
    capnp_message_single(&message, builder->words, builder->word_count);
    capnp_builder_begin(&copy, words, COPY_WORDS);
    return capnp_read_root_any(&message, &root) == CAPNP_OK &&
           capnp_copy_any(&copy, copy.words, &root) == CAPNP_OK;
}

static void test_once(void)
{
    static uint64_t words[SHARED_WORDS];
    struct random random = {1};
    struct capnp_builder builder, copy;
    for (int i = 0; i < 2000; i++) {
        capnp_builder_begin(&builder, words, SHARED_WORDS);
        build_tree(&builder, builder.words, 4, &random);
        if (builder.error != CAPNP_OK)
            continue;
        share(words, builder.word_count);
        is_changing = false;
        CU_ASSERT_EQUAL(copy_shared(&copy), CAPNP_OK);
        CU_ASSERT_EQUAL(fetched_twice, 0);
        CU_ASSERT_EQUAL(fetches[0], 1);
        free(shared);
        share(words, builder.word_count);
        canonical_shared(&copy); /* a list, or what holds a capability, has none */
        CU_ASSERT_EQUAL(fetched_twice, 0);
        free(shared);
    }
}

static void test_changes(void)
{
    static uint64_t words[SHARED_WORDS];
    struct random random = {2};
    struct capnp_builder builder, copy;
    unsigned good = 0, bad = 0;
    for (int i = 0; i < ROUNDS; i++) {
        capnp_builder_begin(&builder, words, SHARED_WORDS);
        build_tree(&builder, builder.words, 4, &random);
        /* Some are hostile from the start. */
        for (uint32_t flips = random_below(&random, 4); flips > 1; flips--)
            words[random_below(&random, builder.word_count)] ^=
                UINT64_C(1) << random_below(&random, 64);
        share(words, builder.word_count);
        is_changing = true;
        bool is_good = (i % 2 ? copy_shared : canonical_shared)(&copy) == CAPNP_OK;
        is_changing = false;
        good += is_good;
        bad += !is_good;
        CU_ASSERT(!is_good || is_legal(&copy));
        free(shared);
    }
    CU_ASSERT(good > ROUNDS / 10 && bad > ROUNDS / 10);
    printf("%u copies, %u refused ... ", good, bad);
}

/* How not to read a list of bytes: its pointer is checked, and fetched again for the count. */
static uint32_t count_twice(struct capnp_struct from)
{
    uint64_t pointer = capnp_load64(from.pointers);
    uint64_t room = shared_words - 2;
    if ((pointer & 3) != KIND_LIST || (pointer >> 35) > room * 8)
        return 0;
    return (uint32_t)(capnp_load64(from.pointers) >> 35);
}

static void test_seeded(void)
{
    struct capnp_message message;
    struct capnp_struct root;
    uint64_t words[] = {UINT64_C(1) << 48, UINT64_C(8) << 35 | UINT64_C(2) << 32 | 1, 0};
    bool is_outside = false;
    for (int i = 0; i < 1000; i++) {
        share(words, 3);
        capnp_message_single(&message, shared, 3);
        is_changing = false;
        CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
        is_changing = true;
        is_outside |= count_twice(root) > 8;
        CU_ASSERT_EQUAL(fetched_twice, 8);
        free(shared);
    }
    is_changing = false;
    CU_ASSERT(is_outside); /* what the check decided did not hold */
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("fetches", NULL, NULL);
    CU_add_test(suite, "each byte is fetched once", test_once);
    CU_add_test(suite, "a peer that changes what was read", test_changes);
    CU_add_test(suite, "a double fetch is noticed", test_seeded);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
