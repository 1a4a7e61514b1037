/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, orphans: objects of a message that is being built which nothing points to. One is
 * taken from a pointer (disown), and given to a pointer of the same message (adopt), which may lie
 * in another segment. What is never adopted stays behind as unused words.
 *
 * Disowning reads the pointer back from memory that a hostile peer may share: it is fetched once
 * and checked like any pointer. What the peer changes spoils only what it reads itself.
 */
#ifndef CAPNP_ORPHAN_H
#define CAPNP_ORPHAN_H
#include "capnp_build.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

/* An object without a parent; all zero is none. */
struct capnp_orphan {
    struct capnp_builder *message;
    uint64_t pointer; /* without offset; a capability's is whole; zero: nothing */
    uint32_t segment, index;
};

/* Take what the pointer at `at`, a word of the message, leads to, and make the pointer null. A null
 * pointer gives no orphan. Errors: those of reading it; the pointer then stays as it is. */
enum capnp_error capnp_disown(struct capnp_builder *builder, uint64_t *at,
                              struct capnp_orphan *orphan);

/* Set the pointer at `at` to an orphan of the same message, which is none afterwards; what was
 * there stays behind as unused words. Errors: CAPNP_FULL (no room for a pad), CAPNP_SEGMENT (of
 * another message: copy it instead); the orphan then stays. */
enum capnp_error capnp_adopt(struct capnp_builder *builder, uint64_t *at,
                             struct capnp_orphan *orphan);

/* Take a word in which an orphan can be made: a null pointer for the `init` and `set` functions,
 * and then for capnp_disown. Null if there is no room. */
uint64_t *capnp_orphan_place(struct capnp_builder *builder);

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
