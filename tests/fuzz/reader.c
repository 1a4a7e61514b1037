/* SPDX-License-Identifier: MIT */
/*
 * The general reader: the input is a message without a segment table, cut into segments where its
 * first byte says. Each pointer is compared with the specification (tests/capnp/oracle.h), and what
 * can be read can be copied.
 */
#include "capnp_build.h"
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENTS 3
#define LIMIT_WORDS 4000 /* for traversal: small, so that an input does not take long */
#define COPY_WORDS (4 * LIMIT_WORDS)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* End the program with what is wrong. */
static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "reader: %s\n", what);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static uint64_t room[COPY_WORDS];
    struct capnp_segment segments[SEGMENTS];
    struct capnp_message message;
    struct capnp_builder builder;
    struct oracle_walk walk, again;
    struct capnp_any root;
    if (size < 1)
        return 0;
    uint32_t words = (uint32_t)((size - 1) / 8), count = 1 + bytes[0] % SEGMENTS, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = i + 1 < count ? (words - at) / (bytes[0] / SEGMENTS % 4 + 1) : words - at;
        uint64_t *copy = malloc(length ? length * 8 : 1); /* exact, for the sanitizer */
        memcpy(copy, bytes + 1 + at * 8, length * 8);
        segments[i] = (struct capnp_segment){copy, length};
        at += length;
    }
    capnp_message_segments(&message, segments, count);
    message.traversal_words = LIMIT_WORDS;
    enum capnp_error error = oracle_walk_message(&message, &walk);
    if (walk.differs)
        fail(walk.differs);
    /* A copy is made of the same pointers; it lies in one segment and says the same. */
    capnp_message_segments(&message, segments, count);
    message.traversal_words = LIMIT_WORDS;
    capnp_builder_begin(&builder, room, COPY_WORDS);
    bool has_root = capnp_read_root_any(&message, &root) == CAPNP_OK;
    if (has_root)
        capnp_copy_any(&builder, builder.words, &root);
    if (error == CAPNP_OK && builder.error == CAPNP_OK) {
        uint64_t steps = walk.steps;
        capnp_message_single(&message, builder.words, builder.word_count);
        if (oracle_walk_message(&message, &again) != CAPNP_OK || again.differs ||
            again.steps != steps)
            fail("the copy is another message");
    } else if (error != CAPNP_OK && has_root && builder.error == CAPNP_OK)
        fail("what is refused was copied");
    for (uint32_t i = 0; i < count; i++)
        free((void *)segments[i].words);
    return 0;
}
