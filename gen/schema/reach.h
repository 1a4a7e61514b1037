/* SPDX-License-Identifier: MIT */
/*
 * The types that some declarations are made of: from them along everything that they name. What
 * was reached can be copied into a request of its own, which is how schemas get into programs
 * (capnpc-c) and into boot images (compose).
 */
#ifndef SCHEMA_REACH_H
#define SCHEMA_REACH_H
#include "schema.capnp.h"

/* What was reached, in the order in which it was. */
struct reach {
    struct schema_node_list nodes; /* of the request */
    uint32_t *order;               /* positions in `nodes`; room for all of them, the caller's */
    uint32_t count;
};

/* Begin at the node with this id; one that is not there is left out. */
void reach_add(struct reach *reach, uint64_t id);

/* Go on to all that is named by what was reached, until nothing new comes up. */
void reach_follow(struct reach *reach);

/* Was the node with this id reached. */
bool reach_has(const struct reach *reach, uint64_t id);

/* Copy what was reached to a request that is being built; errors stay in its message. */
void reach_copy_nodes(const struct reach *reach, struct schema_code_generator_request_builder root);

/* Copy the content of a struct to one of `data_words` and `pointers` at `words`, which are zeros:
 * what is longer, of a later schema.capnp than ours, is left out. Errors stay in the message. */
void reach_copy(struct capnp_builder *message, uint64_t *words, uint32_t data_words,
                uint32_t pointers, const struct capnp_struct *from);
#endif
