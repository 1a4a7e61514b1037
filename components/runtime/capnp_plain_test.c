/* SPDX-License-Identifier: MIT */
/*
 * The plain codec of structs: what is written is read, by both of its ways and by the getters, and
 * the way that expects our own layout never says anything else than the general reader.
 */
#include "sample.capnp.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64u
#define ROUNDS 100000u

static uint64_t random_state = 0x9e3779b97f4a7c15;

/* A number that looks random, the same in each run. */
static uint64_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Random bytes of a text, in a buffer. */
static struct capnp_text random_text(char *room, uint32_t max)
{
    uint32_t length = (uint32_t)(random_word() % (max + 1));
    for (uint32_t i = 0; i < length; i++)
        room[i] = (char)random_word();
    return (struct capnp_text){room, length};
}

/* A random letter; its texts lie in static buffers. */
static struct sample_letter_plain random_letter(void)
{
    static char text[64], name[64], blob[64];
    struct capnp_text bytes = random_text(blob, 40);
    return (struct sample_letter_plain){
        .number = (uint32_t)random_word(),
        .large = random_word(),
        .small = (int16_t)random_word(),
        .flag = random_word() & 1,
        .ratio_bits = random_word(),
        .text = random_text(text, 40),
        .blob = {(const uint8_t *)bytes.bytes, bytes.length},
        .name = random_text(name, 40),
        .guest = random_word() & 1 ? (uint32_t)random_word() : CAPNP_NO_CAPABILITY,
        .color = (enum sample_color)(random_word() & 0xffff),
    };
}

/* Do two letters say the same. */
static bool is_same(const struct sample_letter_plain *a, const struct sample_letter_plain *b)
{
    return a->number == b->number && a->large == b->large && a->small == b->small &&
           a->flag == b->flag && a->ratio_bits == b->ratio_bits && a->guest == b->guest &&
           a->color == b->color && a->text.length == b->text.length &&
           memcmp(a->text.bytes, b->text.bytes, a->text.length) == 0 &&
           a->name.length == b->name.length &&
           memcmp(a->name.bytes, b->name.bytes, a->name.length) == 0 &&
           a->blob.length == b->blob.length &&
           (a->blob.length == 0 || memcmp(a->blob.bytes, b->blob.bytes, a->blob.length) == 0);
}

static void test_both_ways(void)
{
    uint64_t words[WORD_MAX];
    struct capnp_builder builder;
    struct capnp_message message;
    unsigned good = 0, bad = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct sample_letter_plain sent = random_letter(), first, second;
        capnp_builder_begin(&builder, words, WORD_MAX);
        memset(words, 0xee, sizeof words);
        CU_ASSERT_EQUAL_FATAL(sample_letter_encode(&builder, &sent), CAPNP_OK);
        uint32_t length = builder.word_count;
        uint64_t *exact = malloc(length * 8);
        memcpy(exact, words, length * 8);
        capnp_message_single(&message, exact, length);
        CU_ASSERT_EQUAL(sample_letter_decode(&message, &first), CAPNP_OK);
        CU_ASSERT(is_same(&first, &sent));
        CU_ASSERT_EQUAL(message.traversal_words, CAPNP_TRAVERSAL_WORDS - length);
        capnp_message_single(&message, exact, length);
        CU_ASSERT_EQUAL(sample_letter_decode_general(&message, &second), CAPNP_OK);
        CU_ASSERT(is_same(&second, &sent));
        /* Change some bits, most often of the pointers, and cut it off at times. */
        for (uint64_t bits = random_word() % 4; bits > 0; bits--) {
            uint64_t at = random_word() % 3 ? 4 + random_word() % 4 : random_word() % length;
            exact[at % length] ^= UINT64_C(1) << random_word() % 64;
        }
        if (random_word() % 8 == 0) {
            length = (uint32_t)(random_word() % length);
            exact = realloc(exact, length ? length * 8 : 8);
        }
        capnp_message_single(&message, exact, length);
        enum capnp_error error = sample_letter_decode(&message, &first);
        capnp_message_single(&message, exact, length);
        CU_ASSERT_EQUAL(sample_letter_decode_general(&message, &second), error);
        CU_ASSERT(error != CAPNP_OK || is_same(&first, &second));
        good += error == CAPNP_OK;
        bad += error != CAPNP_OK;
        free(exact);
    }
    CU_ASSERT(good > ROUNDS / 4 && bad > ROUNDS / 8);
    printf("%u read, %u refused ... ", good, bad);
}

static void test_defaults(void)
{
    struct capnp_message message;
    struct sample_letter_plain letter;
    uint64_t words[4] = {0, 0, 0, 0};
    capnp_message_single(&message, words, 1);
    CU_ASSERT_EQUAL(sample_letter_decode(&message, &letter), CAPNP_OK);
    CU_ASSERT(letter.number == 0 && letter.large == 3 && letter.small == -7 && letter.flag);
    CU_ASSERT(letter.ratio_bits == UINT64_C(0x3ff8000000000000) && letter.text.length == 0);
    CU_ASSERT(capnp_text_is(letter.name, "nobody") && letter.guest == CAPNP_NO_CAPABILITY);
    CU_ASSERT(letter.color == SAMPLE_COLOR_GREEN && letter.blob.length == 0);
    capnp_message_segments(&message, 0, 0);
    CU_ASSERT_EQUAL(sample_letter_decode(&message, &letter), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(letter.large, 3);
}

static void test_refused(void)
{
    uint64_t words[WORD_MAX];
    struct capnp_builder builder;
    struct capnp_message message;
    struct sample_letter_plain letter = random_letter(), got;
    capnp_builder_begin(&builder, words, WORD_MAX);
    CU_ASSERT_EQUAL(sample_letter_encode(&builder, &letter), CAPNP_OK);
    uint32_t need = builder.word_count;
    capnp_builder_begin(&builder, words, need - 1);
    CU_ASSERT_EQUAL(sample_letter_encode(&builder, &letter), CAPNP_FULL);
    CU_ASSERT_EQUAL(builder.error, CAPNP_FULL);
    /* Lengths that a list pointer cannot say, whatever the room. */
    capnp_builder_begin(&builder, words, WORD_MAX);
    builder.word_max = UINT32_MAX;
    for (uint64_t length = (UINT64_C(1) << 29) - 1; length <= UINT32_MAX; length = length * 2 + 1) {
        letter.text.length = (uint32_t)length;
        CU_ASSERT_EQUAL(sample_letter_encode(&builder, &letter), CAPNP_RANGE);
        letter.text.length = 0;
        letter.blob.length = (uint32_t)length + 1;
        if (letter.blob.length > 0)
            CU_ASSERT_EQUAL(sample_letter_encode(&builder, &letter), CAPNP_RANGE);
        letter.blob.length = 0;
    }
    /* The limits hold for our own layout, too. */
    capnp_builder_begin(&builder, words, WORD_MAX);
    CU_ASSERT_EQUAL(sample_letter_encode(&builder, &letter), CAPNP_OK);
    capnp_message_single(&message, words, builder.word_count);
    message.traversal_words = builder.word_count - 1;
    CU_ASSERT_EQUAL(sample_letter_decode(&message, &got), CAPNP_TRAVERSAL);
    capnp_message_single(&message, words, builder.word_count);
    message.nesting_levels = 0;
    CU_ASSERT_EQUAL(sample_letter_decode(&message, &got), CAPNP_NESTING);
    capnp_message_single(&message, words, builder.word_count);
    message.nesting_levels = 1;
    CU_ASSERT_EQUAL(sample_letter_decode(&message, &got), CAPNP_NESTING);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("plain structs", NULL, NULL);
    CU_add_test(suite, "our own layout against the general reader", test_both_ways);
    CU_add_test(suite, "defaults", test_defaults);
    CU_add_test(suite, "what does not fit", test_refused);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
