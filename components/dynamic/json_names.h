/* SPDX-License-Identifier: MIT */
/*
 * json_names: what the annotations of Cap'n Proto's json.capnp say of a schema: other names, groups
 * whose members are written in their parent's object, unions with a tag, bytes as base64 or hex.
 */
#ifndef DYNAMIC_JSON_NAMES_H
#define DYNAMIC_JSON_NAMES_H
#include "dynamic.h"

/* The type json.capnp:Value, which is written as the JSON that it holds. */
#define JSON_NAMES_VALUE_ID UINT64_C(0xa3fa7845f919dd83)

/* How a union says which member it holds. */
struct json_union {
    bool has_tag, has_value;
    struct capnp_text tag;   /* the name of the member that holds the active field's name */
    struct capnp_text value; /* the name of the member that holds its value, instead of its own */
};

/* How a field is written. */
struct json_field {
    struct capnp_text name;
    bool is_flat;             /* its members stand in the parent's object */
    struct capnp_text prefix; /* which they then get before their names */
    bool is_base64, is_hex;
    struct json_union inner; /* of a group: what the group's own union does */
};

/* Look at a field's annotations. */
void json_names_field(const struct dynamic_field *field, struct json_field *out);

/* Look at a struct's annotations: what its union does. */
void json_names_union(const struct dynamic_shape *shape, struct json_union *out);

/* The name under which an enumerant is written. */
struct capnp_text json_names_enumerant(struct schema_enumerant_reader enumerant);
#endif
