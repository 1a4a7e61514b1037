/* SPDX-License-Identifier: MIT */
/*
 * schema_set: the types that a schema file speaks of, to be looked up while a program runs.
 *
 * A set is made of a message of `capnp compile -o-` (a CodeGeneratorRequest) or of a message whose
 * root is a list of schema nodes. Nothing is copied: the message must outlive the set. It may come
 * from anybody: it is read with all checks of capnp.h, and what it says of itself (sizes, offsets,
 * who contains whom) is believed only where the one who uses it has compared it.
 */
#ifndef DYNAMIC_SCHEMA_SET_H
#define DYNAMIC_SCHEMA_SET_H
#include <stdbool.h>
#include <stdint.h>

#include "schema.capnp.h"

/* One type, file, constant or annotation. */
struct schema_entry {
    uint64_t id;
    struct schema_node_reader node;
};

struct schema_set {
    struct capnp_message *message;
    struct schema_entry *entries; /* sorted by id; of two that are equal one is found */
    uint32_t count;
    struct schema_node_source_info_list sources; /* doc comments, empty if the request has none */
};

/* An interface's method. */
struct schema_set_method {
    struct schema_method_reader reader;
    uint64_t interface_id; /* which declares it: the one that was asked, or one that it extends */
    uint32_t ordinal;
    uint64_t param_id, result_id; /* structs */
};

enum schema_set_found { SCHEMA_SET_FOUND, SCHEMA_SET_NONE, SCHEMA_SET_SEVERAL };

/*
 * Make a set of a message, all of which is followed once: one that leads to more than it holds is
 * refused. Its limit of traversal is taken off then, since looking up spends nothing that a hostile
 * schema could make long. `entries` has room for `entry_max` and is kept.
 * Errors: those of reading; CAPNP_RANGE: more than `entry_max` nodes.
 */
enum capnp_error schema_set_open(struct schema_set *set, struct capnp_message *message,
                                 struct schema_entry *entries, uint32_t entry_max);

/* How many nodes a message has, for the room of its entries; 0 if it is no schema. */
uint32_t schema_set_count(struct capnp_message *message);

/* The invariants: entries are sorted. */
bool schema_set_check(const struct schema_set *set);

/* Find a node by its id. */
bool schema_set_find(const struct schema_set *set, uint64_t id, struct schema_node_reader *out);

/*
 * Find a node by its name: "weather.Weather" (file without ending, then the type; a type within a
 * type by another dot), or the type alone where only one file has such a type.
 */
enum schema_set_found schema_set_find_name(const struct schema_set *set, struct capnp_text name,
                                           struct schema_node_reader *out);

/* A node's name in its file ("Weather.Day"), without the file; the file's own name for a file. */
struct capnp_text schema_set_name(struct schema_node_reader node);

/* Method number `index` in the order of an interface's own declaration; false beyond the end. */
bool schema_set_method(struct schema_node_reader interface, uint32_t index,
                       struct schema_set_method *out);

/* Find a method by its name, in an interface or in those that it extends. */
bool schema_set_find_method(const struct schema_set *set, struct schema_node_reader interface,
                            struct capnp_text name, struct schema_set_method *out);

/* Method number `index` of an interface and, behind its own, of all that it extends, at any depth;
 * of one that it extends by two ways they come twice. False beyond the end. */
bool schema_set_any_method(const struct schema_set *set, struct schema_node_reader interface,
                           uint32_t index, struct schema_set_method *out);

/* Interface number `index` that an interface extends; false beyond the end or when it is not in the
 * set. */
bool schema_set_superclass(const struct schema_set *set, struct schema_node_reader interface,
                           uint32_t index, struct schema_node_reader *out);

#define SCHEMA_SET_WHOLE UINT32_MAX /* the comment of a type itself, not of a member */

/* The doc comment of a type, or of its member (field, method or enumerant) number `member`; empty
 * if there is none. Its lines end in line feeds. */
struct capnp_text schema_set_comment(const struct schema_set *set, uint64_t id, uint32_t member);

/* Are two texts equal. */
bool schema_set_same(struct capnp_text left, struct capnp_text right);
#endif
