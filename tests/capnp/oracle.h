/* SPDX-License-Identifier: MIT */
/*
 * What https://capnproto.org/encoding.html says of a pointer, written a second time and as plainly
 * as possible: slow, in 64-bit signed arithmetic, and sharing nothing with the reader. A walk
 * follows everything that a message reaches and compares each step of the reader with it.
 */
#ifndef ORACLE_H
#define ORACLE_H
#include "capnp.h"

/* What a walk found. */
struct oracle_walk {
    uint64_t steps;     /* pointers followed and elements seen */
    uint64_t errors;    /* pointers that the reader refused */
    uint64_t words;     /* charged, by our own count */
    uint64_t pads;      /* words that may be charged besides: landing pads that lead to no object */
    uint64_t words_max; /* the message's limit at the start */
    bool is_spent;      /* the reader said that the limit is reached */
    const char *differs; /* what reader and specification do not agree on, or null */
};

/* Walk whatever the message's root leads to. Returns the reader's first error. The message must
 * have the usual nesting limit, and its words must not change meanwhile. */
enum capnp_error oracle_walk_message(struct capnp_message *message, struct oracle_walk *walk);

/* Unpack bytes as the specification says, to at most `room` words. Returns how many words came, or
 * -1 if the bytes end within an item or there is no room. */
int64_t oracle_unpack(const uint8_t *bytes, int64_t count, uint64_t *words, int64_t room);
#endif
