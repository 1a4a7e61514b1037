/* SPDX-License-Identifier: MIT */
/*
 * What became of a schema: every change, and whom it breaks.
 *
 * There are two programs, one of the old version and one of the new one, and messages go both ways.
 * A change breaks readers when the new program misreads what the old one wrote (or, of an
 * interface, does not answer a call that the old one makes). It breaks writers when the old program
 * misreads what the new one writes. It breaks neither when each still understands the other, as
 * https://capnproto.org/language.html#evolving-your-protocol promises it.
 */
#ifndef COMPARE_H
#define COMPARE_H
#include "side.h"

enum breaks { BREAKS_NEITHER = 0, BREAKS_READERS = 1, BREAKS_WRITERS = 2, BREAKS_BOTH = 3 };

enum { PAIRS_MAX = 4096, GROUPS_DEEP = 64 };

/* A comparison under way. */
struct comparison {
    struct side before, after;
    const char *name; /* of the schema, for messages */
    struct {
        uint64_t before, after; /* ids of nodes that were compared, or are being */
    } pairs[PAIRS_MAX];
    unsigned pair_count;
    bool is_cut;         /* there were more pairs than that */
    unsigned counts[4]; /* changes, by enum breaks */
    bool is_silent;     /* count only */
};

/* Print one change: `format` says what happened to the thing at `path`. */
void change(struct comparison *comparison, const char *path, enum breaks breaks,
            const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Compare everything that the two files declare. */
void compare_files(struct comparison *comparison);

/* Compare two declarations that stand for each other, once. `path` names them for the user. */
void compare_nodes(struct comparison *comparison, const char *path,
                   struct schema_node_reader before, struct schema_node_reader after);

/* As compare_nodes, by their ids. */
void compare_ids(struct comparison *comparison, const char *path, uint64_t before, uint64_t after);

/* Compare the fields of two structs; they are not looked for in `pairs`. */
void compare_structs(struct comparison *comparison, const char *path,
                     struct schema_node_reader before, struct schema_node_reader after);

/* Compare what annotates two things. That is for programs and generators, not on the wire. */
void compare_annotations(struct comparison *comparison, const char *path,
                         struct schema_annotation_list before,
                         struct schema_annotation_list after);

/* Compare what two uses of a generic declaration are made of; what is not bound is any pointer. */
void compare_brands(struct comparison *comparison, const char *path,
                    struct schema_brand_reader before, struct schema_brand_reader after);

/* Compare two types of the thing at `path`. */
void compare_types(struct comparison *comparison, const char *path,
                   struct schema_type_reader before, struct schema_type_reader after);
#endif
