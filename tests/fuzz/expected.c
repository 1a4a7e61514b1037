/* SPDX-License-Identifier: MIT */
/*
 * The reader that expects the layout of our own builder, against the general reader: what the one
 * takes the other must take, and say the same. The input is a message of one segment; or, if its
 * first byte is odd, changes to one that our builder wrote: a byte of the message and what is to be
 * added to it, in turn.
 */
#include "sample.capnp.c"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* End the program with what is wrong. */
static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "expected: %s\n", what);
    abort();
}

/* Are two texts, or two runs of bytes, the same ones; those of no length may be anywhere. */
static bool same_bytes(const void *a, uint32_t a_length, const void *b, uint32_t b_length)
{
    return a_length == b_length && (a_length == 0 || a == b);
}

/* Build what the changes are made to; returns its words. */
static uint32_t build(uint64_t *words, bool is_letter)
{
    struct capnp_builder builder;
    struct rpc_given given = {0};
    const struct capnp_data data = {(const uint8_t *)"\1\2\3\4\5", 5};
    const struct sample_letter_plain letter = {
        .number = 7, .large = 8, .text = CAPNP_TEXT_LITERAL("a text"), .blob = data,
        .name = CAPNP_TEXT_LITERAL("longer than a word"), .guest = 2, .color = SAMPLE_COLOR_RED};
    const struct sample_mixed_params mixed = {
        .small = 3, .text = CAPNP_TEXT_LITERAL("first"), .data = data,
        .more = CAPNP_TEXT_LITERAL("sixteen bytes...")};
    capnp_builder_begin(&builder, words, WORDS_MAX);
    if (is_letter)
        require(sample_letter_encode(&builder, &letter) == CAPNP_OK, "no letter");
    else
        require(sample_mixed_params_encode(&builder, &mixed, &given) == EXO_STATUS_OK, "none");
    return builder.word_count;
}

/* Read a letter both ways. */
static void compare_letter(const uint64_t *words, uint32_t count)
{
    struct capnp_message message;
    struct sample_letter_plain a = {0}, b = {0};
    capnp_message_single(&message, words, count);
    bool is_expected = count > 0 && sample_letter_expected(&message, &a);
    uint64_t left = message.traversal_words;
    capnp_message_single(&message, words, count);
    enum capnp_error error = sample_letter_decode_general(&message, &b);
    if (is_expected) {
        require(error == CAPNP_OK, "the general reader refuses a letter");
        require(message.traversal_words == left, "another charge");
        require(a.number == b.number && a.large == b.large && a.small == b.small, "numbers");
        require(a.flag == b.flag && a.ratio_bits == b.ratio_bits, "scalars");
        require(a.guest == b.guest && a.color == b.color, "guest or color");
        require(same_bytes(a.text.bytes, a.text.length, b.text.bytes, b.text.length), "text");
        require(same_bytes(a.name.bytes, a.name.length, b.name.bytes, b.name.length), "name");
        require(same_bytes(a.blob.bytes, a.blob.length, b.blob.bytes, b.blob.length), "blob");
    }
    capnp_message_single(&message, words, count);
    require(sample_letter_decode(&message, &a) == error, "another error");
}

/* Read the parameters of a method both ways. */
static void compare_mixed(const uint64_t *words, uint32_t count)
{
    struct capnp_message message;
    struct sample_mixed_params a = {0}, b = {0};
    struct rpc_received received = {0};
    bool is_expected = sample_mixed_params_expected(words, count, received, &a);
    enum exo_status status = sample_mixed_params_decode(&message, words, count, received, &b);
    if (!is_expected)
        return;
    require(status == EXO_STATUS_OK, "the general reader refuses parameters");
    require(a.flag == b.flag && a.half_bits == b.half_bits, "flag or half");
    require(a.color == b.color && a.small == b.small, "color or small");
    require(same_bytes(a.text.bytes, a.text.length, b.text.bytes, b.text.length), "text");
    require(same_bytes(a.data.bytes, a.data.length, b.data.bytes, b.data.length), "data");
    require(same_bytes(a.more.bytes, a.more.length, b.more.bytes, b.more.length), "more");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t words[WORDS_MAX];
    if (size < 1)
        return 0;
    bool is_letter = bytes[0] & 2;
    uint32_t count = (uint32_t)(size - 1) / 8;
    count = count < WORDS_MAX ? count : WORDS_MAX;
    if (bytes[0] & 1) {
        count = build(words, is_letter);
        for (size_t at = 1; at + 1 < size; at += 2)
            ((uint8_t *)words)[bytes[at] % (count * 8)] += bytes[at + 1];
        count -= bytes[0] >> 2 < count ? (uint32_t)bytes[0] >> 2 : 0;
    } else
        memcpy(words, bytes + 1, count * 8);
    uint64_t *exact = malloc(count ? count * 8 : 1);
    memcpy(exact, words, count * 8);
    if (is_letter)
        compare_letter(exact, count);
    else
        compare_mixed(exact, count);
    free(exact);
    return 0;
}
