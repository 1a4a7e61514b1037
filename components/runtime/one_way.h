/* SPDX-License-Identifier: MIT */
/*
 * The memory of a one-way channel: only the client writes, and it overwrites what is oldest
 * (idl/channel.capnp says how it lies). Nothing at all goes back, so the client cannot know what
 * the server has taken, and the server counts what it has missed. This file moves words and knows
 * no kernel call.
 *
 * Protocol. Requests have numbers that run freely, their places in the ring and in the arena are
 * used again and again. Before the client touches a place it moves `oldest` behind the request
 * that was there, with a release fence between; when the request is built and described, it
 * publishes it by storing the tail with release. The server loads the tail with acquire, copies
 * descriptor and words to memory of its own, and after an acquire fence looks at `oldest` again:
 * has it passed the request, the copy is worth nothing. So the two fences pair: whoever has seen a
 * word of the later request sees the `oldest` that was stored before (Boehm, "Can Seqlocks Get
 * Along with Programming Language Memory Models?", 2012; here one word guards all places).
 *
 * Invariants.
 * - The server never stores into the channel, and the client never looks at what it stored.
 * - Requests from `oldest` to the tail lie in the ring and the arena, apart from each other, in the
 *   order of a ring.
 * - received + lost of a reader is the number of requests that it has gone past.
 * - Whatever a client writes, the server reads within the memory, copies no more than it has room
 *   for, and goes past at most a ring's length of requests at a time.
 *
 * A server that does not look while the client sends 2^32 requests counts wrongly.
 */
#ifndef ONE_WAY_H
#define ONE_WAY_H
#include "channel.h"

#define ONE_WAY_WORDS_MAX 256u /* of a request; in small channels a quarter of the arena */

/* The client's end: what it must know besides its `struct channel`; private. */
struct one_way_writer {
    uint32_t oldest;  /* as published */
    uint32_t words;   /* the longest request */
    uint32_t number;  /* the request that has a place: the next one to be pushed, or the last */
    uint32_t start;   /* where its words are */
    uint32_t starts[CHANNEL_ENTRIES_MAX]; /* where those of each request in the ring are */
};

/* The server's end; private. */
struct one_way_reader {
    const uint8_t *memory; /* null: not open */
    uint64_t epoch;        /* of the requests that are counted here */
    uint64_t received;     /* in all epochs */
    uint64_t lost;         /* overwritten before they were taken, or broken */
    uint32_t next;         /* the request to be taken next */
    uint32_t entry_mask;
    uint32_t arena_words;
};

/* Lay the client's end over `bytes` of shared memory at `memory` (aligned to a page). The channel
 * is good for channel_push and for the arena, and has no peer. `generation` tells one start of the
 * client from the next; the memory is zeros after each. Returns false if the size is out of
 * range. */
bool one_way_writer_open(struct one_way_writer *writer, struct channel *channel, void *memory,
                         uint64_t bytes, uint32_t generation);

/* Make a place for the next request: entry, and arena_room words at arena_next. A place that was
 * not used is the next one's again. */
void one_way_writer_begin(struct one_way_writer *writer, struct channel *channel);

/* Lay the server's end over the same memory, of which it needs to read only. Returns as
 * one_way_writer_open. */
bool one_way_reader_open(struct one_way_reader *reader, const void *memory, uint64_t bytes);

/* Is there something that this end has not gone past; changes nothing, so any Thread may ask. */
bool one_way_has_waiting(const struct one_way_reader *reader);

/* Take the next request that is whole: its words are copied to `words`, which has room for
 * ONE_WAY_WORDS_MAX. Returns false when there is none now; those that are not whole, at most a
 * ring's length of them at a time, are counted as lost. */
bool one_way_take(struct one_way_reader *reader, uint64_t *words,
                  struct channel_descriptor *descriptor);

/* Do the invariants of the private halves hold; for asserts. */
bool one_way_writer_check(const struct one_way_writer *writer, const struct channel *channel);
bool one_way_reader_check(const struct one_way_reader *reader);
#endif
