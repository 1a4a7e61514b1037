/* SPDX-License-Identifier: MIT */
/* What the generator needs to know about types, fields and files. */
#ifndef TYPE_H
#define TYPE_H
#include "brand.h"

/* How a type travels. */
enum type_kind {
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_INTEGER,
    TYPE_FLOAT,
    TYPE_ENUM,
    TYPE_TEXT,
    TYPE_DATA,
    TYPE_LIST,       /* of anything but structs; AnyList */
    TYPE_STRUCTS,    /* a list of structs */
    TYPE_STRUCT,
    TYPE_ANY_STRUCT,
    TYPE_CAPABILITY, /* an interface */
    TYPE_ANY         /* AnyPointer, and parameters of generics */
};

/* A type in the words of C. */
struct type {
    enum type_kind kind;
    unsigned bits;       /* of a scalar: 1 to 64 */
    const char *c_type;  /* of a scalar: `uint32_t`, `double`, `enum weather_sky`; of AnyStruct */
    const char *access;  /* of a scalar: the tail of the runtime's functions, `uint32` */
    const char *node;    /* of an enum, struct or list of structs: the C name of the node */
    const char *layout;  /* as `node` without its brand: what the macros of its size begin with */
    const char *size;    /* as an element of a list: a value of enum capnp_element */
    const char *element; /* as `size`; of a list: that of its elements */
    const struct type *item;   /* of a list: its elements; null for AnyList */
    const struct brand *brand; /* of a struct or list of structs; may be null */
    uint64_t id;         /* of an enum, struct, list of structs or interface: its node */
};

/* Read a type whose parameters are those of `brand`, which may be null. */
struct type type_in(struct schema_type_reader type, const struct brand *brand);

/* As type_in, where nothing is known of parameters. */
struct type type_of(struct schema_type_reader type);

/* Does a type take a pointer. */
bool type_is_pointer(const struct type *type);

/* The bits of a scalar default or constant. */
uint64_t type_value_bits(struct schema_value_reader value);

/* The text, bytes, struct or list of a value, whichever is there. */
bool type_value_any(struct schema_value_reader value, struct capnp_any *out);

/* A field of a struct or group. */
struct field {
    char *name;      /* in snake case */
    const char *c;   /* the C name of the struct or group that holds it */
    const char *owner; /* as `c` without its brand: what the names of defaults begin with */
    bool is_group;
    struct schema_node_reader group;
    const char *group_c; /* the group's C name */
    const struct brand *brand; /* of what holds it; may be null */
    struct type type;
    uint32_t offset;    /* in units of the type's size, or the pointer's index */
    uint64_t bits;      /* of the default */
    bool has_default;   /* of a pointer */
    struct schema_value_reader value;
    bool in_union;
    uint16_t discriminant;
    char *comment;
};

/* Everything about a struct node that its fields share. */
struct structure {
    struct schema_node_reader node;
    struct schema_node_struct_reader info;
    const struct brand *brand; /* may be null */
    const char *c;     /* C name */
    const char *plain; /* as `c` without its brand */
    uint32_t data_words, pointers;
    uint32_t union_offset; /* of the tag, in bytes; only if union_count */
    uint32_t union_count;
    struct schema_field_list fields;
    uint32_t field_count;
    struct field **known; /* the fields that were read; null: not yet */
};

/* Read a struct or group node of which no parameters are known. */
struct structure structure_of(struct schema_node_reader node);

/* Read a struct or group node with a brand, which may be null. */
struct structure structure_in(struct schema_node_reader node, const struct brand *brand);

/* Read field `index` of a struct. */
struct field structure_field(const struct structure *structure, uint32_t index);

/* The C name of an enumerant, in small letters: without its enum's. */
char *type_enumerant(struct schema_enumerant_list list, uint32_t index);

/* The name of the constant that holds the default of a pointer field. */
char *field_default_name(const struct field *field);
#endif
