/* SPDX-License-Identifier: MIT */
/*
 * The canonicaliser: the input is a message of one segment. Its canonical form, if it has one, is
 * canonical, is its own canonical form, and is the canonical form of a copy, too. The check whether
 * a message is canonical must believe exactly those that are.
 */
#include "capnp_canonical.h"
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_WORDS = 4000, ROOM = 4 * LIMIT_WORDS };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* End the program with what is wrong. */
static void require(bool is_right, const char *what)
{
    if (is_right)
        return;
    fprintf(stderr, "canonical: %s\n", what);
    abort();
}

/* The canonical form of a message of one segment; returns its words, 0 if it has none. */
static uint32_t canonical(const uint64_t *words, uint32_t count, uint64_t *to)
{
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    capnp_message_single(&message, words, count);
    message.traversal_words = LIMIT_WORDS;
    if (capnp_read_root(&message, &root) != CAPNP_OK)
        return 0;
    return capnp_canonical(&builder, to, ROOM, &root) == CAPNP_OK ? builder.word_count : 0;
}

static bool is_canonical(const uint64_t *words, uint32_t count)
{
    struct capnp_message message;
    capnp_message_single(&message, words, count);
    message.traversal_words = LIMIT_WORDS;
    return capnp_is_canonical(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint64_t first[ROOM], second[ROOM], copied[ROOM];
    uint32_t count = (uint32_t)(size / 8);
    uint64_t *words = malloc(count ? count * 8 : 1); /* exact, for the sanitizer */
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_any root;
    memcpy(words, bytes, count * 8);
    uint32_t length = canonical(words, count, first);
    bool is_same = length == count && memcmp(first, words, count * 8) == 0;
    bool is_struct = count > 0 && (words[0] & 3) == 0; /* a form is made of nothing else */
    if (length == 0)
        require(!is_struct || !is_canonical(words, count), "has no canonical form, but is one");
    else {
        require(is_canonical(first, length), "the form is not canonical");
        require(canonical(first, length, second) == length, "another form of the form");
        require(memcmp(first, second, length * 8) == 0, "other words of the form");
        /* A null root is canonical, too, as in the C++ implementation. */
        require(is_canonical(words, count) == (is_same || (count == 1 && words[0] == 0)),
                "the check is wrong");
        capnp_message_single(&message, words, count);
        message.traversal_words = LIMIT_WORDS;
        capnp_builder_begin(&builder, copied, ROOM);
        require(capnp_read_root_any(&message, &root) == CAPNP_OK, "no root");
        if (capnp_copy_any(&builder, builder.words, &root) == CAPNP_OK) {
            require(canonical(copied, builder.word_count, second) == length, "a copy's length");
            require(memcmp(first, second, length * 8) == 0, "a copy's words");
        }
    }
    free(words);
    return 0;
}
