/* SPDX-License-Identifier: MIT */
/*
 * Cap'n Proto, the canonical form: https://capnproto.org/encoding.html#canonicalization. One
 * message of those that say the same: one segment, objects in preorder without gaps, structs
 * without zero words and null pointers at the end of their sections, the elements of a list of
 * structs as large as the largest of them needs. For signatures, hashes and comparisons.
 */
#ifndef CAPNP_CANONICAL_H
#define CAPNP_CANONICAL_H
#include "capnp_build.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

/*
 * Begin a message in `word_max` private words at `words`, and build the canonical form of a struct
 * as its root. Each word of the source is fetched once. Room for the words of the source, and one,
 * is enough, unless its pointers share objects. Errors: CAPNP_FULL, CAPNP_KIND (a capability has no
 * canonical form), and what the reader met.
 */
enum capnp_error capnp_canonical(struct capnp_builder *builder, uint64_t *words,
                                 uint32_t word_max, const struct capnp_struct *from);

/* Is a message, that was just prepared, in canonical form. What cannot be read is not. */
bool capnp_is_canonical(struct capnp_message *message);

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
