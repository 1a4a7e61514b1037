/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, packed: https://capnproto.org/encoding.html#packing. Zero bytes are left out. Each
 * word becomes a tag byte, which says by one bit for each byte which of them follow; behind the tag
 * 0x00 comes how many more zero words are meant, behind 0xff and its word how many words follow as
 * they are.
 *
 * Packing needs no state: a run ends where the words or the room end, so a long message is packed
 * in pieces as small as CAPNP_PACK_ROOM_MIN bytes. Unpacking keeps its state in a `struct
 * capnp_unpacker`, so that bytes may come in pieces of any length and words may be taken in pieces
 * of any length, too. The packed bytes are hostile: each is fetched once, and no run is believed
 * further than the room that the caller gave.
 */
#ifndef CAPNP_PACK_H
#define CAPNP_PACK_H
#include "capnp_build.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

#define CAPNP_PACK_ROOM_MIN 10u /* bytes that the worst word takes */

/* The most bytes that `words` words can take. */
static inline uint64_t capnp_pack_max(uint64_t words)
{
    return words * CAPNP_PACK_ROOM_MIN;
}

/*
 * Pack as many of `count` words as surely fit into `room` bytes at `out`. `word_count` gets the
 * words that were packed, all if there is room for the worst; the bytes written are returned. With
 * room for CAPNP_PACK_ROOM_MIN bytes at least one word is packed.
 */
uint64_t capnp_pack(const uint64_t *words, uint64_t count, uint8_t *out, uint64_t room,
                    uint64_t *word_count);

/*
 * Pack a message of one segment that was begun with capnp_builder_begin_framed, with its table; as
 * the C++ implementation does, no run crosses from the table or a segment into the next.
 * `used_bytes` gets the length. Errors: CAPNP_FULL, and what the builder met.
 */
enum capnp_error capnp_pack_message(struct capnp_builder *builder, uint8_t *out, uint64_t room,
                                    uint64_t *used_bytes);

/*
 * Pack any message with its table, whatever the number of its segments: one that was read, or the
 * view of a builder. Errors: CAPNP_FULL.
 */
enum capnp_error capnp_pack_segments(const struct capnp_message *message, uint8_t *out,
                                     uint64_t room, uint64_t *used_bytes);

/* The state of unpacking a stream. */
struct capnp_unpacker {
    uint64_t word;    /* that is being put together */
    uint32_t run;     /* words that still follow */
    uint8_t missing;  /* the tag's bits whose bytes have not come yet */
    uint8_t phase;    /* private to capnp_pack.c */
};

/* Begin a stream. */
static inline void capnp_unpacker_begin(struct capnp_unpacker *unpacker)
{
    *unpacker = (struct capnp_unpacker){0, 0, 0, 0};
}

/* Is a stream between two items, so that it may end here. */
static inline bool capnp_unpacker_is_done(const struct capnp_unpacker *unpacker)
{
    return unpacker->phase == 0;
}

/*
 * Unpack at most `count` bytes to at most `room` words. `used_bytes` gets how many bytes were
 * taken: all, if there was room; the words written are returned. Nothing is an error: any bytes are
 * the packed form of some words.
 */
uint64_t capnp_unpack_some(struct capnp_unpacker *unpacker, const uint8_t *bytes, uint64_t count,
                           uint64_t *words, uint64_t room, uint64_t *used_bytes);

/*
 * Unpack exactly `word_count` words from the start of `count` bytes. `used_bytes` gets how many
 * were taken. Errors: CAPNP_FRAME (the bytes end before, or a run goes on behind the last word).
 */
enum capnp_error capnp_unpack(const uint8_t *bytes, uint64_t count, uint64_t *words,
                              uint64_t word_count, uint64_t *used_bytes);

/*
 * Unpack one framed message from the start of `count` bytes, with its table, to `word_max` words at
 * `words`, and prepare to read it. `segments` has room for `segment_max` and is kept, as are the
 * words. `used_bytes`, if not null, gets the length of the packed message.
 * Errors: CAPNP_FRAME (cut off, or a run goes on behind the table or the message), CAPNP_SEGMENTS
 * (more segments than room), CAPNP_FULL (more words than room).
 */
enum capnp_error capnp_unpack_message(struct capnp_message *message, const uint8_t *bytes,
                                      uint64_t count, uint64_t *words, uint64_t word_max,
                                      struct capnp_segment *segments, uint32_t segment_max,
                                      uint64_t *used_bytes);

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
