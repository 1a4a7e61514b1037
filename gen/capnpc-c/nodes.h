/* SPDX-License-Identifier: MIT */
/* What of a request one file's code is made of. */
#ifndef NODES_H
#define NODES_H
#include "type.h"

/* All nodes of a file that code is made of, in order: declared before used where C needs it. */
struct nodes {
    struct schema_node_reader *items;
    uint32_t count;
};

/* Collect the nodes of a file: nested ones, groups, and the structs of methods. */
struct nodes nodes_of_file(struct schema_node_reader file);

/* The structs that a file's code is made of: its own, and the brands of generic structs, of this
 * or other files, that its own and these can hold, each with its groups. */
struct structures {
    struct structure *items;
    uint32_t count;
    uint32_t brand_count; /* of them */
};

/* Collect them. Ends the program when there are more than BRANDS_MAX brands. */
struct structures structures_of_nodes(const struct nodes *nodes);

#define BRANDS_MAX 1024u

/* The type and value of a constant. */
struct type nodes_constant(struct schema_node_reader node, struct schema_value_reader *value);
#endif
