/* SPDX-License-Identifier: MIT */
/*
 * Brands: what the parameters of generics stand for.
 *
 * A use of a generic struct whose parameters are known is a type of its own in C, with a name of
 * its own: `Box(Text)` of prefix `sample` is `sample_box_of_text`, `Map(Text, List(Point))` is
 * `sample_map_of_text_and_list_of_point`. A parameter that is not known is `any`; where none is,
 * the generic's own name stands for it, whose parameters read as AnyPointer.
 */
#ifndef BRAND_H
#define BRAND_H
#include "request.h"

/* What one parameter stands for: a type, whose own parameters stand for what `brand` says. */
struct brand_argument {
    bool is_any; /* anything: AnyPointer */
    struct schema_type_reader type;
    const struct brand *brand; /* may be null */
};

/* The parameters of one generic declaration. */
struct brand_scope {
    uint64_t id;
    uint32_t count;
    struct brand_argument *arguments;
};

/* Those of a struct and of what it is nested in. Null stands for one of which nothing is known. */
struct brand {
    uint32_t scope_count;
    struct brand_scope *scopes;
};

/* The brand of a use of node `id`, written as `use` where the parameters are those of `outer`. Null
 * if nothing is known, or if it was made of `outer` and has grown beyond BRAND_TYPES_MAX types: a
 * generic may hold itself with ever larger arguments. */
const struct brand *brand_of(uint64_t id, struct schema_brand_reader use,
                             const struct brand *outer);

#define BRAND_TYPES_MAX 8

/* What a type stands for: itself with `outer`, or what the parameter that it is stands for. */
struct brand_argument brand_resolve(struct schema_type_reader type, const struct brand *outer);

/* The C name of a struct with a brand: request_c_name with `_of_` and the arguments. */
char *brand_c_name(struct schema_node_reader node, const struct brand *brand);

/* What tells one struct with a brand from all others. */
char *brand_key(struct schema_node_reader node, const struct brand *brand);
#endif
