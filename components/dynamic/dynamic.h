/* SPDX-License-Identifier: MIT */
/*
 * dynamic: reading messages of types that the program learns only while it runs.
 *
 * A `dynamic_shape` is a struct type with what its type parameters are bound to; a field's place
 * and type come from it. A `dynamic_struct` is a shape and a struct of a message. Schema and
 * message may both be hostile: each offset that the schema names is compared with the struct's real
 * size, each pointer is followed by capnp.h, and depth and work are counted by those who recurse.
 *
 * Owners. All are plain values and nothing is allocated. A value that was read, a field, and a
 * shape refer to the shape that they came from: it must stay where it is as long as they are used.
 */
#ifndef DYNAMIC_H
#define DYNAMIC_H
#include "schema_set.h"

enum dynamic_error {
    DYNAMIC_OK,
    DYNAMIC_MESSAGE, /* the message breaks a rule of the encoding */
    DYNAMIC_TYPE,    /* the schema lacks a type, or says things that cannot be together */
    DYNAMIC_DEPTH,   /* nested deeper than the caller allows */
    DYNAMIC_WORK,    /* more than the caller allows to be done */
    DYNAMIC_POINTER, /* a pointer of unknown type, or a capability, which JSON cannot say */
    DYNAMIC_ERROR_COUNT
};

/* The error in words, for people. */
const char *dynamic_error_text(enum dynamic_error error);

/* What the type parameters of a type are bound to, and where that binding was written. */
struct dynamic_brand {
    struct schema_brand_reader brand;
    const struct dynamic_brand *outer; /* null: nothing outside is bound */
};

/* A type as a field or list names it; parameters are resolved. */
struct dynamic_type {
    const struct schema_set *set;
    enum schema_type_which which; /* in words of the schema: SCHEMA_TYPE_WHICH_... */
    struct schema_type_reader reader;
    const struct dynamic_brand *brand; /* in which `reader` was written */
    uint64_t group_id;                 /* not 0: a group, whose node has this id */
};

/* A struct type. */
struct dynamic_shape {
    const struct schema_set *set;
    struct schema_node_reader node;
    struct schema_field_list fields;
    struct dynamic_brand brand;
    uint32_t data_words, pointer_count;
    uint32_t discriminant_count, discriminant_offset; /* count 0: it has no union */
};

#define DYNAMIC_NO_UNION UINT16_MAX /* the discriminant of a field outside of the union */

struct dynamic_field {
    struct capnp_text name;
    uint32_t index;        /* in its shape */
    uint32_t offset;       /* in units of its size, as in the schema; a group has none */
    uint16_t discriminant; /* or DYNAMIC_NO_UNION */
    struct dynamic_type type;
    struct schema_value_reader fallback; /* the default value */
    struct schema_field_reader reader;
};

/* A struct that is being read. */
struct dynamic_struct {
    struct dynamic_shape shape;
    struct capnp_struct data;
};

/* A value that was read. Which member holds it follows from type.which: scalars are in `bits`. */
struct dynamic_value {
    struct dynamic_type type;
    uint64_t bits; /* Void: 0; Bool; integers, sign-extended; floats as bits; enums */
    union {
        struct capnp_text text;
        struct capnp_data data;
        struct capnp_list list;
        struct capnp_struct structure; /* structs and groups */
        struct capnp_any any;          /* AnyPointer and capabilities */
    };
};

/* Take the struct type `id`; `brand` and `outer` may be null. False: no struct type of the set. */
bool dynamic_shape_open(struct dynamic_shape *shape, const struct schema_set *set, uint64_t id,
                        const struct schema_brand_reader *brand, const struct dynamic_brand *outer);

/* The invariants of a shape: it is of a struct node. */
bool dynamic_shape_check(const struct dynamic_shape *shape);

/* The type that `reader` names where `brand` holds, which may be null. */
struct dynamic_type dynamic_type_of(const struct schema_set *set, struct schema_type_reader reader,
                                    const struct dynamic_brand *brand);

/* The number of fields, and field `index`; false beyond the end. */
uint32_t dynamic_field_count(const struct dynamic_shape *shape);
bool dynamic_field_at(const struct dynamic_shape *shape, uint32_t index,
                      struct dynamic_field *out);

/* Find a field by its name. */
bool dynamic_field_find(const struct dynamic_shape *shape, struct capnp_text name,
                        struct dynamic_field *out);

/* Take the shape of a type that is a struct or a group. */
bool dynamic_type_shape(const struct dynamic_type *type, struct dynamic_shape *out);

/* The type of a list's elements; an AnyPointer when it is no list. */
struct dynamic_type dynamic_type_element(const struct dynamic_type *type);

/* The element size of a list of this type, as the schema wants it. */
enum capnp_element dynamic_type_size(const struct dynamic_type *type);

/* Is a value of this type a pointer. Groups are none. */
bool dynamic_type_is_pointer(const struct dynamic_type *type);

/* The name of enumerant `value` of an enum type; false when it has none such. */
bool dynamic_enum_name(const struct dynamic_type *type, uint32_t value, struct capnp_text *name);
/* Enumerant number `index` in the schema; false beyond the end. */
bool dynamic_enum_at(const struct dynamic_type *type, uint32_t index,
                     struct schema_enumerant_reader *out);
/* The enum's node. */
bool dynamic_enum_node(const struct dynamic_type *type, struct schema_node_reader *out);

/* The default of a scalar field as bits of its size. */
uint64_t dynamic_default_bits(const struct dynamic_field *field);

/* The active field of the union; false when there is none, or the message's is unknown. */
bool dynamic_which(const struct dynamic_struct *from, struct dynamic_field *out);

/* Is a field's pointer not null; true for scalars and groups. The union is not looked at. */
bool dynamic_has(const struct dynamic_struct *from, const struct dynamic_field *field);

/* Read a field; the union is not looked at. A null pointer gives the default. An error gives the
 * empty value. */
enum capnp_error dynamic_get(const struct dynamic_struct *from, const struct dynamic_field *field,
                             struct dynamic_value *out);

/* Take the struct of a value that is one, or a group. Returns false when its type is none. */
bool dynamic_open(const struct dynamic_value *value, struct dynamic_struct *out);

/* Read element `index` of a value that is a list; `element` is its dynamic_type_element. Beyond the
 * end: CAPNP_BOUNDS. */
enum capnp_error dynamic_list_get(const struct dynamic_value *list,
                                  const struct dynamic_type *element, uint32_t index,
                                  struct dynamic_value *out);

/* Read a schema's Value (a default, a constant, an annotation's) as one of this type. */
enum capnp_error dynamic_from_schema(struct schema_value_reader value,
                                     const struct dynamic_type *type, struct dynamic_value *out);

/* The usual limits of those that print or parse. */
#define DYNAMIC_DEPTH_MAX 128u
#define DYNAMIC_WORK_MAX (UINT64_C(1) << 26)
#endif
