/* SPDX-License-Identifier: MIT */
/*
 * One of the two versions that are compared: a request of `capnp compile -o-`, and how things are
 * found in it and named.
 */
#ifndef COMPARE_SIDE_H
#define COMPARE_SIDE_H
#include "schema.capnp.h"

#include <stdbool.h>
#include <stddef.h>

enum { SIDE_SEGMENTS_MAX = 512, SIDE_NAME_BYTES = 256, BASES_DEEP = 64 };

/* A version. The readers that are taken from it live as long as it does, which is to the end of the
 * program, as its bytes do. */
struct side {
    struct capnp_segment segments[SIDE_SEGMENTS_MAX];
    struct capnp_message message;
    struct schema_code_generator_request_reader root;
    struct schema_node_list nodes;
    struct schema_node_reader file; /* of the schema that is compared */
};

/* A name or a path of names, as a C string. */
struct side_name {
    char text[SIDE_NAME_BYTES];
};

/* Memory for one struct's fields, zeroed, until side_give; ends the program when there is none. */
void *side_take(size_t bytes);
void side_give(void *memory);

/* Read the request in `size` bytes, which stay as long as the side, aligned to words. On failure
 * the answer is what is wrong with it, otherwise null. */
const char *side_open(struct side *side, const void *bytes, size_t size);

/* Find a node by its id. */
bool side_node(const struct side *side, uint64_t id, struct schema_node_reader *out);

/* Find what is declared in `scope` as `name`. */
bool side_nested(const struct side *side, struct schema_node_reader scope, struct capnp_text name,
                 struct schema_node_reader *out);

/* The name of a node without its file: "Weather.forecast$Params". */
struct side_name side_node_name(struct schema_node_reader node);

/* `text` as a C string, cut off where it is too long. */
struct side_name side_text(struct capnp_text text);

/* `first` and `second` with a dot between them, or one of them when the other is empty. */
struct side_name side_join(const char *first, const char *second);

/* A type in the words of a schema: "List(UInt8)", "Weather.Sky". */
struct side_name side_type_name(const struct side *side, struct schema_type_reader type);

/* Is the interface `base` above the interface `id`, or it itself. */
bool side_extends(const struct side *side, uint64_t id, uint64_t base);

/* Of two types that are both parameters of generics, or both not: are they the same. */
bool side_same_parameter(const struct side *a_side, struct schema_type_reader a,
                         const struct side *b_side, struct schema_type_reader b);

/* Has a version the parameter of a generic that a type of the other version is. */
bool side_has_parameter(const struct side *side, struct schema_type_reader type);

/* Do two values say the same, whatever their layout. */
bool side_value_equal(struct schema_value_reader a, struct schema_value_reader b);
#endif
