/* SPDX-License-Identifier: MIT */
/* What the generator needs to know about types, fields and files. */
#ifndef TYPE_H
#define TYPE_H
#include "request.h"

/* How a type travels. */
enum type_kind {
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_INTEGER,
    TYPE_FLOAT,
    TYPE_ENUM,
    TYPE_TEXT,
    TYPE_DATA,
    TYPE_LIST,       /* of anything but structs */
    TYPE_STRUCTS,    /* a list of structs */
    TYPE_STRUCT,
    TYPE_CAPABILITY, /* an interface */
    TYPE_ANY         /* AnyPointer, and parameters of generics */
};

/* A type in the words of C. */
struct type {
    enum type_kind kind;
    unsigned bits;       /* of a scalar: 1 to 64 */
    const char *c_type;  /* of a scalar: `uint32_t`, `double`, `enum weather_sky` */
    const char *access;  /* of a scalar: the tail of the runtime's functions, `uint32` */
    const char *node;    /* of an enum, struct or list of structs: the C name of the node */
    const char *element; /* of a list: a value of enum capnp_element */
    uint64_t id;         /* of an enum, struct, list of structs or interface: its node */
};

/* Read a type. */
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
    bool is_group;
    struct schema_node_reader group;
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
    const char *c; /* C name */
    uint32_t data_words, pointers;
    uint32_t union_offset; /* of the tag, in bytes; only if union_count */
    uint32_t union_count;
    struct schema_field_list fields;
    uint32_t field_count;
};

/* Read a struct or group node. */
struct structure structure_of(struct schema_node_reader node);

/* Read field `index` of a struct. */
struct field structure_field(const struct structure *structure, uint32_t index);

/* All nodes of a file that code is made of, in order: declared before used where C needs it. */
struct nodes {
    struct schema_node_reader *items;
    uint32_t count;
};

/* Collect the nodes of a file: nested ones, groups, and the structs of methods. */
struct nodes nodes_of_file(struct schema_node_reader file);

/* Write a comment that stands before a declaration; nothing if it is empty. */
void write_comment(FILE *out, const char *comment);

/* The name of the constant that holds the default of a pointer field, or a pointer constant. */
char *field_default_name(const struct field *field);

/* Write a text or bytes as the inner part of a C string literal. */
void write_escaped(FILE *out, const uint8_t *bytes, uint32_t length);
#endif
