/* SPDX-License-Identifier: MIT */
/*
 * The standard framing: the input is a stream of messages. A message that is taken lies in its
 * bytes, behind its table, segment by segment; its table can be written again; every prefix of it
 * is refused.
 */
#include "capnp.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENT_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Do the segments of a message that took `used` bytes lie as its table says. */
static bool is_framed(const struct capnp_message *message, const uint8_t *start, uint64_t used)
{
    uint32_t count = message->segment_count, number;
    const uint8_t *at = start + ((uint64_t)count / 2 + 1) * 8;
    memcpy(&number, start, 4);
    if (number != count - 1)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(&number, start + 4 + 4 * i, 4);
        if (number != message->segments[i].word_count ||
            (const uint8_t *)message->segments[i].words != at)
            return false;
        at += (uint64_t)number * 8;
    }
    return at == start + used;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct capnp_segment segments[SEGMENT_MAX];
    struct capnp_message message;
    uint64_t used = 0;
    uint8_t *copy = malloc(size ? size : 1); /* exact, for the sanitizer, and aligned */
    memcpy(copy, bytes, size);
    for (uint64_t at = 0; at < size; at += used) {
        enum capnp_error error = capnp_message_framed(&message, copy + at, size - at, segments,
                                                      SEGMENT_MAX, &used);
        if (error == CAPNP_OK && !is_framed(&message, copy + at, used))
            abort();
        if (error != CAPNP_OK) {
            if (message.segment_count != 0 || message.error != error)
                abort();
            break;
        }
        if (capnp_message_framed(&message, copy + at, used - 1, segments, SEGMENT_MAX, NULL) !=
            CAPNP_FRAME)
            abort();
    }
    free(copy);
    return 0;
}
