/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, the standard stream framing: a table of the segments' lengths, then the segments;
 * https://capnproto.org/encoding.html#serialization-over-a-stream. Both ways in pieces of any
 * length: for streams, and for messages whose segments do not lie one behind the other.
 * capnp_message_framed reads a whole one in place; capnp_pack.h has the packed form.
 */
#ifndef CAPNP_FRAME_H
#define CAPNP_FRAME_H
#include "capnp_build.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

/* What is left to write of a message. */
struct capnp_frame_writer {
    const struct capnp_segment *segments;
    uint32_t segment_count;
    uint64_t at; /* bytes written */
};

/* The bytes of a message with its table. */
uint64_t capnp_frame_bytes(const struct capnp_message *message);

/* Begin to write a message: one that was read, or the view of a builder. Its segments are kept. */
static inline void capnp_frame_writer_begin(struct capnp_frame_writer *writer,
                                            const struct capnp_message *message)
{
    *writer = (struct capnp_frame_writer){message->segments, message->segment_count, 0};
}

/* Write the next bytes, at most `room`; returns how many, zero when all are written. */
uint64_t capnp_frame_write(struct capnp_frame_writer *writer, uint8_t *out, uint64_t room);

/* What has come of a message. */
struct capnp_frame_reader {
    uint64_t *words; /* the table and the segments, as they came */
    struct capnp_segment *segments;
    uint64_t word_max;
    uint64_t have, need; /* bytes */
    uint32_t segment_max;
    uint32_t segment_count; /* known once the first word has come */
    enum capnp_error error;
    bool is_done;
};

/* Begin to read a message into `word_max` words, with room for `segment_max` segments; both are the
 * caller's and are kept as long as the message. */
void capnp_frame_reader_begin(struct capnp_frame_reader *reader, uint64_t *words,
                              uint64_t word_max, struct capnp_segment *segments,
                              uint32_t segment_max);

/*
 * Take the next bytes, of which there are `count`; returns how many belong to the message. It is
 * whole when reader->is_done; then, or after an error, none is taken. Errors, in reader->error:
 * CAPNP_SEGMENTS (more segments than room), CAPNP_FULL (more words than room).
 */
uint64_t capnp_frame_read(struct capnp_frame_reader *reader, const uint8_t *bytes,
                          uint64_t count);

/* Prepare to read a message that is whole. Errors: CAPNP_FRAME (it is not), and reader->error. */
enum capnp_error capnp_frame_message(const struct capnp_frame_reader *reader,
                                     struct capnp_message *message);

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
