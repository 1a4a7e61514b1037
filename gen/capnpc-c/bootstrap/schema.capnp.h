/* SPDX-License-Identifier: MIT */
/* Generated from schema.capnp by capnpc-c. */
#ifndef SCHEMA_CAPNP_H
#define SCHEMA_CAPNP_H
#include "capnp.h"
#include "capnp_orphan.h"
#include "schema_layout.h"

#ifdef __cplusplus
extern "C" {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic" /* compound literals */
#endif

/* Possible element sizes for encoded lists.  These correspond exactly to the possible values of
 * the 3-bit element size component of a list pointer. */
enum schema_element_size {
    /* aka "void", but that's a keyword. */
    SCHEMA_ELEMENT_SIZE_EMPTY = 0,
    SCHEMA_ELEMENT_SIZE_BIT = 1,
    SCHEMA_ELEMENT_SIZE_BYTE = 2,
    SCHEMA_ELEMENT_SIZE_TWO_BYTES = 3,
    SCHEMA_ELEMENT_SIZE_FOUR_BYTES = 4,
    SCHEMA_ELEMENT_SIZE_EIGHT_BYTES = 5,
    SCHEMA_ELEMENT_SIZE_POINTER = 6,
    SCHEMA_ELEMENT_SIZE_INLINE_COMPOSITE = 7,
};
#define SCHEMA_ELEMENT_SIZE_COUNT 8

struct schema_node_reader {
    struct capnp_struct raw;
};
struct schema_node_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_node_list {
    struct capnp_list raw;
};
struct schema_node_builder_list {
    struct capnp_list_builder raw;
};

enum schema_node_which {
    SCHEMA_NODE_WHICH_FILE = 0,
    SCHEMA_NODE_WHICH_STRUCT = 1,
    SCHEMA_NODE_WHICH_ENUM = 2,
    SCHEMA_NODE_WHICH_INTERFACE = 3,
    SCHEMA_NODE_WHICH_CONST = 4,
    SCHEMA_NODE_WHICH_ANNOTATION = 5,
};

/* Information about one of the node's parameters. */
struct schema_node_parameter_reader {
    struct capnp_struct raw;
};
struct schema_node_parameter_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_node_parameter_list {
    struct capnp_list raw;
};
struct schema_node_parameter_builder_list {
    struct capnp_list_builder raw;
};

struct schema_node_nested_node_reader {
    struct capnp_struct raw;
};
struct schema_node_nested_node_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_node_nested_node_list {
    struct capnp_list raw;
};
struct schema_node_nested_node_builder_list {
    struct capnp_list_builder raw;
};

/* Additional information about a node which is not needed at runtime, but may be useful for
 * documentation or debugging purposes. This is kept in a separate struct to make sure it
 * doesn't accidentally get included in contexts where it is not needed. The
 * `CodeGeneratorRequest` includes this information in a separate array. */
struct schema_node_source_info_reader {
    struct capnp_struct raw;
};
struct schema_node_source_info_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_node_source_info_list {
    struct capnp_list raw;
};
struct schema_node_source_info_builder_list {
    struct capnp_list_builder raw;
};

struct schema_node_source_info_member_reader {
    struct capnp_struct raw;
};
struct schema_node_source_info_member_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_node_source_info_member_list {
    struct capnp_list raw;
};
struct schema_node_source_info_member_builder_list {
    struct capnp_list_builder raw;
};

struct schema_node_struct_reader {
    struct capnp_struct raw;
};
struct schema_node_struct_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_node_enum_reader {
    struct capnp_struct raw;
};
struct schema_node_enum_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_node_interface_reader {
    struct capnp_struct raw;
};
struct schema_node_interface_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_node_const_reader {
    struct capnp_struct raw;
};
struct schema_node_const_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_node_annotation_reader {
    struct capnp_struct raw;
};
struct schema_node_annotation_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

/* Schema for a field of a struct. */
struct schema_field_reader {
    struct capnp_struct raw;
};
struct schema_field_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_field_list {
    struct capnp_list raw;
};
struct schema_field_builder_list {
    struct capnp_list_builder raw;
};

enum schema_field_which {
    SCHEMA_FIELD_WHICH_SLOT = 0,
    SCHEMA_FIELD_WHICH_GROUP = 1,
};

/* A regular, non-group, non-fixed-list field. */
struct schema_field_slot_reader {
    struct capnp_struct raw;
};
struct schema_field_slot_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

/* A group. */
struct schema_field_group_reader {
    struct capnp_struct raw;
};
struct schema_field_group_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_field_ordinal_reader {
    struct capnp_struct raw;
};
struct schema_field_ordinal_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

enum schema_field_ordinal_which {
    SCHEMA_FIELD_ORDINAL_WHICH_IMPLICIT = 0,
    SCHEMA_FIELD_ORDINAL_WHICH_EXPLICIT = 1,
};

/* Schema for member of an enum. */
struct schema_enumerant_reader {
    struct capnp_struct raw;
};
struct schema_enumerant_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_enumerant_list {
    struct capnp_list raw;
};
struct schema_enumerant_builder_list {
    struct capnp_list_builder raw;
};

struct schema_superclass_reader {
    struct capnp_struct raw;
};
struct schema_superclass_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_superclass_list {
    struct capnp_list raw;
};
struct schema_superclass_builder_list {
    struct capnp_list_builder raw;
};

/* Schema for method of an interface. */
struct schema_method_reader {
    struct capnp_struct raw;
};
struct schema_method_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_method_list {
    struct capnp_list raw;
};
struct schema_method_builder_list {
    struct capnp_list_builder raw;
};

/* Represents a type expression. */
struct schema_type_reader {
    struct capnp_struct raw;
};
struct schema_type_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_type_list {
    struct capnp_list raw;
};
struct schema_type_builder_list {
    struct capnp_list_builder raw;
};

enum schema_type_which {
    SCHEMA_TYPE_WHICH_VOID = 0,
    SCHEMA_TYPE_WHICH_BOOL = 1,
    SCHEMA_TYPE_WHICH_INT8 = 2,
    SCHEMA_TYPE_WHICH_INT16 = 3,
    SCHEMA_TYPE_WHICH_INT32 = 4,
    SCHEMA_TYPE_WHICH_INT64 = 5,
    SCHEMA_TYPE_WHICH_UINT8 = 6,
    SCHEMA_TYPE_WHICH_UINT16 = 7,
    SCHEMA_TYPE_WHICH_UINT32 = 8,
    SCHEMA_TYPE_WHICH_UINT64 = 9,
    SCHEMA_TYPE_WHICH_FLOAT32 = 10,
    SCHEMA_TYPE_WHICH_FLOAT64 = 11,
    SCHEMA_TYPE_WHICH_TEXT = 12,
    SCHEMA_TYPE_WHICH_DATA = 13,
    SCHEMA_TYPE_WHICH_LIST = 14,
    SCHEMA_TYPE_WHICH_ENUM = 15,
    SCHEMA_TYPE_WHICH_STRUCT = 16,
    SCHEMA_TYPE_WHICH_INTERFACE = 17,
    SCHEMA_TYPE_WHICH_ANY_POINTER = 18,
};

struct schema_type_list_reader {
    struct capnp_struct raw;
};
struct schema_type_list_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_type_enum_reader {
    struct capnp_struct raw;
};
struct schema_type_enum_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_type_struct_reader {
    struct capnp_struct raw;
};
struct schema_type_struct_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_type_interface_reader {
    struct capnp_struct raw;
};
struct schema_type_interface_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

struct schema_type_any_pointer_reader {
    struct capnp_struct raw;
};
struct schema_type_any_pointer_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

enum schema_type_any_pointer_which {
    SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED = 0,
    SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER = 1,
    SCHEMA_TYPE_ANY_POINTER_WHICH_IMPLICIT_METHOD_PARAMETER = 2,
};

/* A regular AnyPointer.
 *
 * The name "unconstrained" means as opposed to constraining it to match a type parameter.
 * In retrospect this name is probably a poor choice given that it may still be constrained
 * to be a struct, list, or capability. */
struct schema_type_any_pointer_unconstrained_reader {
    struct capnp_struct raw;
};
struct schema_type_any_pointer_unconstrained_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

enum schema_type_any_pointer_unconstrained_which {
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND = 0,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_STRUCT = 1,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_LIST = 2,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_CAPABILITY = 3,
};

/* This is actually a reference to a type parameter defined within this scope. */
struct schema_type_any_pointer_parameter_reader {
    struct capnp_struct raw;
};
struct schema_type_any_pointer_parameter_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

/* This is actually a reference to an implicit (generic) parameter of a method. The only
 * legal context for this type to appear is inside Method.paramBrand or Method.resultBrand. */
struct schema_type_any_pointer_implicit_method_parameter_reader {
    struct capnp_struct raw;
};
struct schema_type_any_pointer_implicit_method_parameter_builder {
    struct capnp_builder *message;
    uint64_t *words;
};

/* Specifies bindings for parameters of generics. Since these bindings turn a generic into a
 * non-generic, we call it the "brand". */
struct schema_brand_reader {
    struct capnp_struct raw;
};
struct schema_brand_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_brand_list {
    struct capnp_list raw;
};
struct schema_brand_builder_list {
    struct capnp_list_builder raw;
};

struct schema_brand_scope_reader {
    struct capnp_struct raw;
};
struct schema_brand_scope_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_brand_scope_list {
    struct capnp_list raw;
};
struct schema_brand_scope_builder_list {
    struct capnp_list_builder raw;
};

enum schema_brand_scope_which {
    SCHEMA_BRAND_SCOPE_WHICH_BIND = 0,
    SCHEMA_BRAND_SCOPE_WHICH_INHERIT = 1,
};

struct schema_brand_binding_reader {
    struct capnp_struct raw;
};
struct schema_brand_binding_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_brand_binding_list {
    struct capnp_list raw;
};
struct schema_brand_binding_builder_list {
    struct capnp_list_builder raw;
};

enum schema_brand_binding_which {
    SCHEMA_BRAND_BINDING_WHICH_UNBOUND = 0,
    SCHEMA_BRAND_BINDING_WHICH_TYPE = 1,
};

/* Represents a value, e.g. a field default value, constant value, or annotation value. */
struct schema_value_reader {
    struct capnp_struct raw;
};
struct schema_value_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_value_list {
    struct capnp_list raw;
};
struct schema_value_builder_list {
    struct capnp_list_builder raw;
};

enum schema_value_which {
    SCHEMA_VALUE_WHICH_VOID = 0,
    SCHEMA_VALUE_WHICH_BOOL = 1,
    SCHEMA_VALUE_WHICH_INT8 = 2,
    SCHEMA_VALUE_WHICH_INT16 = 3,
    SCHEMA_VALUE_WHICH_INT32 = 4,
    SCHEMA_VALUE_WHICH_INT64 = 5,
    SCHEMA_VALUE_WHICH_UINT8 = 6,
    SCHEMA_VALUE_WHICH_UINT16 = 7,
    SCHEMA_VALUE_WHICH_UINT32 = 8,
    SCHEMA_VALUE_WHICH_UINT64 = 9,
    SCHEMA_VALUE_WHICH_FLOAT32 = 10,
    SCHEMA_VALUE_WHICH_FLOAT64 = 11,
    SCHEMA_VALUE_WHICH_TEXT = 12,
    SCHEMA_VALUE_WHICH_DATA = 13,
    SCHEMA_VALUE_WHICH_LIST = 14,
    SCHEMA_VALUE_WHICH_ENUM = 15,
    SCHEMA_VALUE_WHICH_STRUCT = 16,
    SCHEMA_VALUE_WHICH_INTERFACE = 17,
    SCHEMA_VALUE_WHICH_ANY_POINTER = 18,
};

/* Describes an annotation applied to a declaration.  Note AnnotationNode describes the
 * annotation's declaration, while this describes a use of the annotation. */
struct schema_annotation_reader {
    struct capnp_struct raw;
};
struct schema_annotation_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_annotation_list {
    struct capnp_list raw;
};
struct schema_annotation_builder_list {
    struct capnp_list_builder raw;
};

struct schema_capnp_version_reader {
    struct capnp_struct raw;
};
struct schema_capnp_version_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_capnp_version_list {
    struct capnp_list raw;
};
struct schema_capnp_version_builder_list {
    struct capnp_list_builder raw;
};

struct schema_code_generator_request_reader {
    struct capnp_struct raw;
};
struct schema_code_generator_request_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_code_generator_request_list {
    struct capnp_list raw;
};
struct schema_code_generator_request_builder_list {
    struct capnp_list_builder raw;
};

struct schema_code_generator_request_requested_file_reader {
    struct capnp_struct raw;
};
struct schema_code_generator_request_requested_file_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_code_generator_request_requested_file_list {
    struct capnp_list raw;
};
struct schema_code_generator_request_requested_file_builder_list {
    struct capnp_list_builder raw;
};

struct schema_code_generator_request_requested_file_import_reader {
    struct capnp_struct raw;
};
struct schema_code_generator_request_requested_file_import_builder {
    struct capnp_builder *message;
    uint64_t *words;
};
struct schema_code_generator_request_requested_file_import_list {
    struct capnp_list raw;
};
struct schema_code_generator_request_requested_file_import_builder_list {
    struct capnp_list_builder raw;
};


static inline enum capnp_error schema_node_read_root(struct capnp_message *message,
    struct schema_node_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_node_list_count(struct schema_node_list list)
{
    return list.raw.count;
}

static inline struct schema_node_reader schema_node_list_at(struct schema_node_list list, uint32_t index)
{
    return (struct schema_node_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_node_which schema_node_which(struct schema_node_reader reader)
{
    return (enum schema_node_which)capnp_get_uint16(reader.raw, 12);
}

static inline uint64_t schema_node_get_id(struct schema_node_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

/* Name to present to humans to identify this Node.  You should not attempt to parse this.  Its
 * format could change.  It is not guaranteed to be unique.
 *
 * (On Zooko's triangle, this is the node's nickname.) */
static inline enum capnp_error schema_node_get_display_name(struct schema_node_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_node_has_display_name(struct schema_node_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* If you want a shorter version of `displayName` (just naming this node, without its surrounding
 * scope), chop off this many characters from the beginning of `displayName`. */
static inline uint32_t schema_node_get_display_name_prefix_length(struct schema_node_reader reader)
{
    return (uint32_t)capnp_get_uint32(reader.raw, 8);
}

/* ID of the lexical parent node.  Typically, the scope node will have a NestedNode pointing back
 * at this node, but robust code should avoid relying on this (and, in fact, group nodes are not
 * listed in the outer struct's nestedNodes, since they are listed in the fields).  `scopeId` is
 * zero if the node has no parent, which is normally only the case with files, but should be
 * allowed for any kind of node (in order to make runtime type generation easier). */
static inline uint64_t schema_node_get_scope_id(struct schema_node_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 16);
}

/* List of nodes nested within this node, along with the names under which they were declared. */
static inline enum capnp_error schema_node_get_nested_nodes(struct schema_node_reader reader,
    struct schema_node_nested_node_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_has_nested_nodes(struct schema_node_reader reader)
{
    return capnp_has(reader.raw, 1);
}

/* Annotations applied to this node. */
static inline enum capnp_error schema_node_get_annotations(struct schema_node_reader reader,
    struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 2, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_has_annotations(struct schema_node_reader reader)
{
    return capnp_has(reader.raw, 2);
}

static inline struct schema_node_struct_reader schema_node_get_struct(struct schema_node_reader reader)
{
    return (struct schema_node_struct_reader){reader.raw};
}

static inline struct schema_node_enum_reader schema_node_get_enum(struct schema_node_reader reader)
{
    return (struct schema_node_enum_reader){reader.raw};
}

static inline struct schema_node_interface_reader schema_node_get_interface(struct schema_node_reader reader)
{
    return (struct schema_node_interface_reader){reader.raw};
}

static inline struct schema_node_const_reader schema_node_get_const(struct schema_node_reader reader)
{
    return (struct schema_node_const_reader){reader.raw};
}

static inline struct schema_node_annotation_reader schema_node_get_annotation(struct schema_node_reader reader)
{
    return (struct schema_node_annotation_reader){reader.raw};
}

/* If this node is parameterized (generic), the list of parameters. Empty for non-generic types. */
static inline enum capnp_error schema_node_get_parameters(struct schema_node_reader reader,
    struct schema_node_parameter_list *out)
{
    return capnp_read_list(&reader.raw, 5, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_has_parameters(struct schema_node_reader reader)
{
    return capnp_has(reader.raw, 5);
}

/* True if this node is generic, meaning that it or one of its parent scopes has a non-empty
 * `parameters`. */
static inline bool schema_node_get_is_generic(struct schema_node_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 288);
}

static inline struct schema_node_reader schema_node_as_reader(struct schema_node_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

static inline enum capnp_error schema_node_init_root(struct capnp_builder *message,
    struct schema_node_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_NODE_DATA_WORDS, SCHEMA_NODE_POINTERS, &made);
    *out = (struct schema_node_builder){made.message, made.words};
    return error;
}

static inline struct schema_node_builder schema_node_builder_list_at(struct schema_node_builder_list list,
    uint32_t index)
{
    return (struct schema_node_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_node_set_id(struct schema_node_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

/* Name to present to humans to identify this Node.  You should not attempt to parse this.  Its
 * format could change.  It is not guaranteed to be unique.
 *
 * (On Zooko's triangle, this is the node's nickname.) */
static inline enum capnp_error schema_node_set_display_name(struct schema_node_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 5, value);
}

static inline enum capnp_error schema_node_disown_display_name(struct schema_node_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 5, out);
}

static inline enum capnp_error schema_node_adopt_display_name(struct schema_node_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 5, orphan);
}

/* If you want a shorter version of `displayName` (just naming this node, without its surrounding
 * scope), chop off this many characters from the beginning of `displayName`. */
static inline void schema_node_set_display_name_prefix_length(struct schema_node_builder builder, uint32_t value)
{
    capnp_put_uint32(builder.words, 8, (uint32_t)value);
}

/* ID of the lexical parent node.  Typically, the scope node will have a NestedNode pointing back
 * at this node, but robust code should avoid relying on this (and, in fact, group nodes are not
 * listed in the outer struct's nestedNodes, since they are listed in the fields).  `scopeId` is
 * zero if the node has no parent, which is normally only the case with files, but should be
 * allowed for any kind of node (in order to make runtime type generation easier). */
static inline void schema_node_set_scope_id(struct schema_node_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 16, (uint64_t)value);
}

/* List of nodes nested within this node, along with the names under which they were declared. */
static inline enum capnp_error schema_node_init_nested_nodes(struct schema_node_builder builder,
    uint32_t count, struct schema_node_nested_node_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 6,
        SCHEMA_NODE_NESTED_NODE_DATA_WORDS, SCHEMA_NODE_NESTED_NODE_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_set_nested_nodes(struct schema_node_builder builder,
    struct schema_node_nested_node_list value)
{
    return capnp_copy_list(builder.message, builder.words + 6, &value.raw);
}

static inline enum capnp_error schema_node_disown_nested_nodes(struct schema_node_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 6, out);
}

static inline enum capnp_error schema_node_adopt_nested_nodes(struct schema_node_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 6, orphan);
}

/* Annotations applied to this node. */
static inline enum capnp_error schema_node_init_annotations(struct schema_node_builder builder,
    uint32_t count, struct schema_annotation_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 7,
        SCHEMA_ANNOTATION_DATA_WORDS, SCHEMA_ANNOTATION_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_set_annotations(struct schema_node_builder builder,
    struct schema_annotation_list value)
{
    return capnp_copy_list(builder.message, builder.words + 7, &value.raw);
}

static inline enum capnp_error schema_node_disown_annotations(struct schema_node_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 7, out);
}

static inline enum capnp_error schema_node_adopt_annotations(struct schema_node_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 7, orphan);
}

static inline void schema_node_set_file(struct schema_node_builder builder)
{
    capnp_put_uint16(builder.words, 12, 0);
}

static inline struct schema_node_struct_builder schema_node_init_struct(struct schema_node_builder builder)
{
    capnp_put_uint16(builder.words, 14, 0);
    capnp_put_uint16(builder.words, 24, 0);
    capnp_put_uint16(builder.words, 26, 0);
    capnp_put_bool(builder.words, 224, 0);
    capnp_put_uint16(builder.words, 30, 0);
    capnp_put_uint32(builder.words, 32, 0);
    builder.words[8] = 0;
    capnp_put_uint16(builder.words, 12, 1);
    return (struct schema_node_struct_builder){builder.message, builder.words};
}

static inline struct schema_node_enum_builder schema_node_init_enum(struct schema_node_builder builder)
{
    builder.words[8] = 0;
    capnp_put_uint16(builder.words, 12, 2);
    return (struct schema_node_enum_builder){builder.message, builder.words};
}

static inline struct schema_node_interface_builder schema_node_init_interface(struct schema_node_builder builder)
{
    builder.words[8] = 0;
    builder.words[9] = 0;
    capnp_put_uint16(builder.words, 12, 3);
    return (struct schema_node_interface_builder){builder.message, builder.words};
}

static inline struct schema_node_const_builder schema_node_init_const(struct schema_node_builder builder)
{
    builder.words[8] = 0;
    builder.words[9] = 0;
    capnp_put_uint16(builder.words, 12, 4);
    return (struct schema_node_const_builder){builder.message, builder.words};
}

static inline struct schema_node_annotation_builder schema_node_init_annotation(struct schema_node_builder builder)
{
    builder.words[8] = 0;
    capnp_put_bool(builder.words, 112, 0);
    capnp_put_bool(builder.words, 113, 0);
    capnp_put_bool(builder.words, 114, 0);
    capnp_put_bool(builder.words, 115, 0);
    capnp_put_bool(builder.words, 116, 0);
    capnp_put_bool(builder.words, 117, 0);
    capnp_put_bool(builder.words, 118, 0);
    capnp_put_bool(builder.words, 119, 0);
    capnp_put_bool(builder.words, 120, 0);
    capnp_put_bool(builder.words, 121, 0);
    capnp_put_bool(builder.words, 122, 0);
    capnp_put_bool(builder.words, 123, 0);
    capnp_put_uint16(builder.words, 12, 5);
    return (struct schema_node_annotation_builder){builder.message, builder.words};
}

/* If this node is parameterized (generic), the list of parameters. Empty for non-generic types. */
static inline enum capnp_error schema_node_init_parameters(struct schema_node_builder builder,
    uint32_t count, struct schema_node_parameter_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 10,
        SCHEMA_NODE_PARAMETER_DATA_WORDS, SCHEMA_NODE_PARAMETER_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_set_parameters(struct schema_node_builder builder,
    struct schema_node_parameter_list value)
{
    return capnp_copy_list(builder.message, builder.words + 10, &value.raw);
}

static inline enum capnp_error schema_node_disown_parameters(struct schema_node_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 10, out);
}

static inline enum capnp_error schema_node_adopt_parameters(struct schema_node_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 10, orphan);
}

/* True if this node is generic, meaning that it or one of its parent scopes has a non-empty
 * `parameters`. */
static inline void schema_node_set_is_generic(struct schema_node_builder builder, bool value)
{
    capnp_put_bool(builder.words, 288, value);
}

static inline enum capnp_error schema_node_parameter_read_root(struct capnp_message *message,
    struct schema_node_parameter_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_node_parameter_list_count(struct schema_node_parameter_list list)
{
    return list.raw.count;
}

static inline struct schema_node_parameter_reader schema_node_parameter_list_at(struct schema_node_parameter_list list, uint32_t index)
{
    return (struct schema_node_parameter_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum capnp_error schema_node_parameter_get_name(struct schema_node_parameter_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_node_parameter_has_name(struct schema_node_parameter_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_node_parameter_reader schema_node_parameter_as_reader(struct schema_node_parameter_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_parameter_reader){
        capnp_builder_struct(view, builder.words, 0, 1)};
}

static inline enum capnp_error schema_node_parameter_init_root(struct capnp_builder *message,
    struct schema_node_parameter_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_NODE_PARAMETER_DATA_WORDS, SCHEMA_NODE_PARAMETER_POINTERS, &made);
    *out = (struct schema_node_parameter_builder){made.message, made.words};
    return error;
}

static inline struct schema_node_parameter_builder schema_node_parameter_builder_list_at(struct schema_node_parameter_builder_list list,
    uint32_t index)
{
    return (struct schema_node_parameter_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline enum capnp_error schema_node_parameter_set_name(struct schema_node_parameter_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 0, value);
}

static inline enum capnp_error schema_node_parameter_disown_name(struct schema_node_parameter_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 0, out);
}

static inline enum capnp_error schema_node_parameter_adopt_name(struct schema_node_parameter_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 0, orphan);
}

static inline enum capnp_error schema_node_nested_node_read_root(struct capnp_message *message,
    struct schema_node_nested_node_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_node_nested_node_list_count(struct schema_node_nested_node_list list)
{
    return list.raw.count;
}

static inline struct schema_node_nested_node_reader schema_node_nested_node_list_at(struct schema_node_nested_node_list list, uint32_t index)
{
    return (struct schema_node_nested_node_reader){capnp_list_struct(&list.raw, index)};
}

/* Unqualified symbol name.  Unlike Node.displayName, this *can* be used programmatically.
 *
 * (On Zooko's triangle, this is the node's petname according to its parent scope.) */
static inline enum capnp_error schema_node_nested_node_get_name(struct schema_node_nested_node_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_node_nested_node_has_name(struct schema_node_nested_node_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* ID of the nested node.  Typically, the target node's scopeId points back to this node, but
 * robust code should avoid relying on this. */
static inline uint64_t schema_node_nested_node_get_id(struct schema_node_nested_node_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

static inline struct schema_node_nested_node_reader schema_node_nested_node_as_reader(struct schema_node_nested_node_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_nested_node_reader){
        capnp_builder_struct(view, builder.words, 1, 1)};
}

static inline enum capnp_error schema_node_nested_node_init_root(struct capnp_builder *message,
    struct schema_node_nested_node_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_NODE_NESTED_NODE_DATA_WORDS, SCHEMA_NODE_NESTED_NODE_POINTERS, &made);
    *out = (struct schema_node_nested_node_builder){made.message, made.words};
    return error;
}

static inline struct schema_node_nested_node_builder schema_node_nested_node_builder_list_at(struct schema_node_nested_node_builder_list list,
    uint32_t index)
{
    return (struct schema_node_nested_node_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* Unqualified symbol name.  Unlike Node.displayName, this *can* be used programmatically.
 *
 * (On Zooko's triangle, this is the node's petname according to its parent scope.) */
static inline enum capnp_error schema_node_nested_node_set_name(struct schema_node_nested_node_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 1, value);
}

static inline enum capnp_error schema_node_nested_node_disown_name(struct schema_node_nested_node_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_node_nested_node_adopt_name(struct schema_node_nested_node_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* ID of the nested node.  Typically, the target node's scopeId points back to this node, but
 * robust code should avoid relying on this. */
static inline void schema_node_nested_node_set_id(struct schema_node_nested_node_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

static inline enum capnp_error schema_node_source_info_read_root(struct capnp_message *message,
    struct schema_node_source_info_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_node_source_info_list_count(struct schema_node_source_info_list list)
{
    return list.raw.count;
}

static inline struct schema_node_source_info_reader schema_node_source_info_list_at(struct schema_node_source_info_list list, uint32_t index)
{
    return (struct schema_node_source_info_reader){capnp_list_struct(&list.raw, index)};
}

/* ID of the Node which this info describes. */
static inline uint64_t schema_node_source_info_get_id(struct schema_node_source_info_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

/* The top-level doc comment for the Node. */
static inline enum capnp_error schema_node_source_info_get_doc_comment(struct schema_node_source_info_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_node_source_info_has_doc_comment(struct schema_node_source_info_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Information about each member -- i.e. fields (for structs), enumerants (for enums), or
 * methods (for interfaces).
 *
 * This list is the same length and order as the corresponding list in the Node, i.e.
 * Node.struct.fields, Node.enum.enumerants, or Node.interface.methods. */
static inline enum capnp_error schema_node_source_info_get_members(struct schema_node_source_info_reader reader,
    struct schema_node_source_info_member_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_source_info_has_members(struct schema_node_source_info_reader reader)
{
    return capnp_has(reader.raw, 1);
}

static inline struct schema_node_source_info_reader schema_node_source_info_as_reader(struct schema_node_source_info_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_source_info_reader){
        capnp_builder_struct(view, builder.words, 1, 2)};
}

static inline enum capnp_error schema_node_source_info_init_root(struct capnp_builder *message,
    struct schema_node_source_info_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_NODE_SOURCE_INFO_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_POINTERS, &made);
    *out = (struct schema_node_source_info_builder){made.message, made.words};
    return error;
}

static inline struct schema_node_source_info_builder schema_node_source_info_builder_list_at(struct schema_node_source_info_builder_list list,
    uint32_t index)
{
    return (struct schema_node_source_info_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* ID of the Node which this info describes. */
static inline void schema_node_source_info_set_id(struct schema_node_source_info_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

/* The top-level doc comment for the Node. */
static inline enum capnp_error schema_node_source_info_set_doc_comment(struct schema_node_source_info_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 1, value);
}

static inline enum capnp_error schema_node_source_info_disown_doc_comment(struct schema_node_source_info_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_node_source_info_adopt_doc_comment(struct schema_node_source_info_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* Information about each member -- i.e. fields (for structs), enumerants (for enums), or
 * methods (for interfaces).
 *
 * This list is the same length and order as the corresponding list in the Node, i.e.
 * Node.struct.fields, Node.enum.enumerants, or Node.interface.methods. */
static inline enum capnp_error schema_node_source_info_init_members(struct schema_node_source_info_builder builder,
    uint32_t count, struct schema_node_source_info_member_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 2,
        SCHEMA_NODE_SOURCE_INFO_MEMBER_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_MEMBER_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_source_info_set_members(struct schema_node_source_info_builder builder,
    struct schema_node_source_info_member_list value)
{
    return capnp_copy_list(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_node_source_info_disown_members(struct schema_node_source_info_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_node_source_info_adopt_members(struct schema_node_source_info_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_node_source_info_member_read_root(struct capnp_message *message,
    struct schema_node_source_info_member_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_node_source_info_member_list_count(struct schema_node_source_info_member_list list)
{
    return list.raw.count;
}

static inline struct schema_node_source_info_member_reader schema_node_source_info_member_list_at(struct schema_node_source_info_member_list list, uint32_t index)
{
    return (struct schema_node_source_info_member_reader){capnp_list_struct(&list.raw, index)};
}

/* Doc comment on the member. */
static inline enum capnp_error schema_node_source_info_member_get_doc_comment(struct schema_node_source_info_member_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_node_source_info_member_has_doc_comment(struct schema_node_source_info_member_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_node_source_info_member_reader schema_node_source_info_member_as_reader(struct schema_node_source_info_member_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_source_info_member_reader){
        capnp_builder_struct(view, builder.words, 0, 1)};
}

static inline enum capnp_error schema_node_source_info_member_init_root(struct capnp_builder *message,
    struct schema_node_source_info_member_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_NODE_SOURCE_INFO_MEMBER_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_MEMBER_POINTERS, &made);
    *out = (struct schema_node_source_info_member_builder){made.message, made.words};
    return error;
}

static inline struct schema_node_source_info_member_builder schema_node_source_info_member_builder_list_at(struct schema_node_source_info_member_builder_list list,
    uint32_t index)
{
    return (struct schema_node_source_info_member_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* Doc comment on the member. */
static inline enum capnp_error schema_node_source_info_member_set_doc_comment(struct schema_node_source_info_member_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 0, value);
}

static inline enum capnp_error schema_node_source_info_member_disown_doc_comment(struct schema_node_source_info_member_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 0, out);
}

static inline enum capnp_error schema_node_source_info_member_adopt_doc_comment(struct schema_node_source_info_member_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 0, orphan);
}

/* Size of the data section, in words. */
static inline uint16_t schema_node_struct_get_data_word_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 14);
}

/* Size of the pointer section, in pointers (which are one word each). */
static inline uint16_t schema_node_struct_get_pointer_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 24);
}

/* The preferred element size to use when encoding a list of this struct.  If this is anything
 * other than `inlineComposite` then the struct is one word or less in size and is a candidate
 * for list packing optimization. */
static inline enum schema_element_size schema_node_struct_get_preferred_list_encoding(struct schema_node_struct_reader reader)
{
    return (enum schema_element_size)capnp_get_uint16(reader.raw, 26);
}

/* If true, then this "struct" node is actually not an independent node, but merely represents
 * some named union or group within a particular parent struct.  This node's scopeId refers
 * to the parent struct, which may itself be a union/group in yet another struct.
 *
 * All group nodes share the same dataWordCount and pointerCount as the top-level
 * struct, and their fields live in the same ordinal and offset spaces as all other fields in
 * the struct.
 *
 * Note that a named union is considered a special kind of group -- in fact, a named union
 * is exactly equivalent to a group that contains nothing but an unnamed union. */
static inline bool schema_node_struct_get_is_group(struct schema_node_struct_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 224);
}

/* Number of fields in this struct which are members of an anonymous union, and thus may
 * overlap.  If this is non-zero, then a 16-bit discriminant is present indicating which
 * of the overlapping fields is active.  This can never be 1 -- if it is non-zero, it must be
 * two or more.
 *
 * Note that the fields of an unnamed union are considered fields of the scope containing the
 * union -- an unnamed union is not its own group.  So, a top-level struct may contain a
 * non-zero discriminant count.  Named unions, on the other hand, are equivalent to groups
 * containing unnamed unions.  So, a named union has its own independent schema node, with
 * `isGroup` = true. */
static inline uint16_t schema_node_struct_get_discriminant_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 30);
}

/* If `discriminantCount` is non-zero, this is the offset of the union discriminant, in
 * multiples of 16 bits. */
static inline uint32_t schema_node_struct_get_discriminant_offset(struct schema_node_struct_reader reader)
{
    return (uint32_t)capnp_get_uint32(reader.raw, 32);
}

/* Fields defined within this scope (either the struct's top-level fields, or the fields of
 * a particular group; see `isGroup`).
 *
 * The fields are sorted by ordinal number, but note that because groups share the same
 * ordinal space, the field's index in this list is not necessarily exactly its ordinal.
 * On the other hand, the field's position in this list does remain the same even as the
 * protocol evolves, since it is not possible to insert or remove an earlier ordinal.
 * Therefore, for most use cases, if you want to identify a field by number, it may make the
 * most sense to use the field's index in this list rather than its ordinal. */
static inline enum capnp_error schema_node_struct_get_fields(struct schema_node_struct_reader reader,
    struct schema_field_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_struct_has_fields(struct schema_node_struct_reader reader)
{
    return capnp_has(reader.raw, 3);
}

static inline struct schema_node_struct_reader schema_node_struct_as_reader(struct schema_node_struct_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_struct_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

/* Size of the data section, in words. */
static inline void schema_node_struct_set_data_word_count(struct schema_node_struct_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 14, (uint16_t)value);
}

/* Size of the pointer section, in pointers (which are one word each). */
static inline void schema_node_struct_set_pointer_count(struct schema_node_struct_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 24, (uint16_t)value);
}

/* The preferred element size to use when encoding a list of this struct.  If this is anything
 * other than `inlineComposite` then the struct is one word or less in size and is a candidate
 * for list packing optimization. */
static inline void schema_node_struct_set_preferred_list_encoding(struct schema_node_struct_builder builder, enum schema_element_size value)
{
    capnp_put_uint16(builder.words, 26, (uint16_t)value);
}

/* If true, then this "struct" node is actually not an independent node, but merely represents
 * some named union or group within a particular parent struct.  This node's scopeId refers
 * to the parent struct, which may itself be a union/group in yet another struct.
 *
 * All group nodes share the same dataWordCount and pointerCount as the top-level
 * struct, and their fields live in the same ordinal and offset spaces as all other fields in
 * the struct.
 *
 * Note that a named union is considered a special kind of group -- in fact, a named union
 * is exactly equivalent to a group that contains nothing but an unnamed union. */
static inline void schema_node_struct_set_is_group(struct schema_node_struct_builder builder, bool value)
{
    capnp_put_bool(builder.words, 224, value);
}

/* Number of fields in this struct which are members of an anonymous union, and thus may
 * overlap.  If this is non-zero, then a 16-bit discriminant is present indicating which
 * of the overlapping fields is active.  This can never be 1 -- if it is non-zero, it must be
 * two or more.
 *
 * Note that the fields of an unnamed union are considered fields of the scope containing the
 * union -- an unnamed union is not its own group.  So, a top-level struct may contain a
 * non-zero discriminant count.  Named unions, on the other hand, are equivalent to groups
 * containing unnamed unions.  So, a named union has its own independent schema node, with
 * `isGroup` = true. */
static inline void schema_node_struct_set_discriminant_count(struct schema_node_struct_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 30, (uint16_t)value);
}

/* If `discriminantCount` is non-zero, this is the offset of the union discriminant, in
 * multiples of 16 bits. */
static inline void schema_node_struct_set_discriminant_offset(struct schema_node_struct_builder builder, uint32_t value)
{
    capnp_put_uint32(builder.words, 32, (uint32_t)value);
}

/* Fields defined within this scope (either the struct's top-level fields, or the fields of
 * a particular group; see `isGroup`).
 *
 * The fields are sorted by ordinal number, but note that because groups share the same
 * ordinal space, the field's index in this list is not necessarily exactly its ordinal.
 * On the other hand, the field's position in this list does remain the same even as the
 * protocol evolves, since it is not possible to insert or remove an earlier ordinal.
 * Therefore, for most use cases, if you want to identify a field by number, it may make the
 * most sense to use the field's index in this list rather than its ordinal. */
static inline enum capnp_error schema_node_struct_init_fields(struct schema_node_struct_builder builder,
    uint32_t count, struct schema_field_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 8,
        SCHEMA_FIELD_DATA_WORDS, SCHEMA_FIELD_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_struct_set_fields(struct schema_node_struct_builder builder,
    struct schema_field_list value)
{
    return capnp_copy_list(builder.message, builder.words + 8, &value.raw);
}

static inline enum capnp_error schema_node_struct_disown_fields(struct schema_node_struct_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 8, out);
}

static inline enum capnp_error schema_node_struct_adopt_fields(struct schema_node_struct_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 8, orphan);
}

/* Enumerants ordered by numeric value (ordinal). */
static inline enum capnp_error schema_node_enum_get_enumerants(struct schema_node_enum_reader reader,
    struct schema_enumerant_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_enum_has_enumerants(struct schema_node_enum_reader reader)
{
    return capnp_has(reader.raw, 3);
}

static inline struct schema_node_enum_reader schema_node_enum_as_reader(struct schema_node_enum_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_enum_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

/* Enumerants ordered by numeric value (ordinal). */
static inline enum capnp_error schema_node_enum_init_enumerants(struct schema_node_enum_builder builder,
    uint32_t count, struct schema_enumerant_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 8,
        SCHEMA_ENUMERANT_DATA_WORDS, SCHEMA_ENUMERANT_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_enum_set_enumerants(struct schema_node_enum_builder builder,
    struct schema_enumerant_list value)
{
    return capnp_copy_list(builder.message, builder.words + 8, &value.raw);
}

static inline enum capnp_error schema_node_enum_disown_enumerants(struct schema_node_enum_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 8, out);
}

static inline enum capnp_error schema_node_enum_adopt_enumerants(struct schema_node_enum_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 8, orphan);
}

/* Methods ordered by ordinal. */
static inline enum capnp_error schema_node_interface_get_methods(struct schema_node_interface_reader reader,
    struct schema_method_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_interface_has_methods(struct schema_node_interface_reader reader)
{
    return capnp_has(reader.raw, 3);
}

/* Superclasses of this interface. */
static inline enum capnp_error schema_node_interface_get_superclasses(struct schema_node_interface_reader reader,
    struct schema_superclass_list *out)
{
    return capnp_read_list(&reader.raw, 4, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_interface_has_superclasses(struct schema_node_interface_reader reader)
{
    return capnp_has(reader.raw, 4);
}

static inline struct schema_node_interface_reader schema_node_interface_as_reader(struct schema_node_interface_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_interface_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

/* Methods ordered by ordinal. */
static inline enum capnp_error schema_node_interface_init_methods(struct schema_node_interface_builder builder,
    uint32_t count, struct schema_method_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 8,
        SCHEMA_METHOD_DATA_WORDS, SCHEMA_METHOD_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_interface_set_methods(struct schema_node_interface_builder builder,
    struct schema_method_list value)
{
    return capnp_copy_list(builder.message, builder.words + 8, &value.raw);
}

static inline enum capnp_error schema_node_interface_disown_methods(struct schema_node_interface_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 8, out);
}

static inline enum capnp_error schema_node_interface_adopt_methods(struct schema_node_interface_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 8, orphan);
}

/* Superclasses of this interface. */
static inline enum capnp_error schema_node_interface_init_superclasses(struct schema_node_interface_builder builder,
    uint32_t count, struct schema_superclass_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 9,
        SCHEMA_SUPERCLASS_DATA_WORDS, SCHEMA_SUPERCLASS_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_node_interface_set_superclasses(struct schema_node_interface_builder builder,
    struct schema_superclass_list value)
{
    return capnp_copy_list(builder.message, builder.words + 9, &value.raw);
}

static inline enum capnp_error schema_node_interface_disown_superclasses(struct schema_node_interface_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 9, out);
}

static inline enum capnp_error schema_node_interface_adopt_superclasses(struct schema_node_interface_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 9, orphan);
}

static inline enum capnp_error schema_node_const_get_type(struct schema_node_const_reader reader,
    struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_node_const_has_type(struct schema_node_const_reader reader)
{
    return capnp_has(reader.raw, 3);
}

static inline enum capnp_error schema_node_const_get_value(struct schema_node_const_reader reader,
    struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 4, 0, &out->raw);
}

static inline bool schema_node_const_has_value(struct schema_node_const_reader reader)
{
    return capnp_has(reader.raw, 4);
}

static inline struct schema_node_const_reader schema_node_const_as_reader(struct schema_node_const_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_const_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

static inline enum capnp_error schema_node_const_init_type(struct schema_node_const_builder builder,
    struct schema_type_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 8,
        SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_node_const_set_type(struct schema_node_const_builder builder,
    struct schema_type_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 8, &value.raw);
}

static inline enum capnp_error schema_node_const_disown_type(struct schema_node_const_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 8, out);
}

static inline enum capnp_error schema_node_const_adopt_type(struct schema_node_const_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 8, orphan);
}

static inline enum capnp_error schema_node_const_init_value(struct schema_node_const_builder builder,
    struct schema_value_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 9,
        SCHEMA_VALUE_DATA_WORDS, SCHEMA_VALUE_POINTERS, &made);
    *out = (struct schema_value_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_node_const_set_value(struct schema_node_const_builder builder,
    struct schema_value_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 9, &value.raw);
}

static inline enum capnp_error schema_node_const_disown_value(struct schema_node_const_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 9, out);
}

static inline enum capnp_error schema_node_const_adopt_value(struct schema_node_const_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 9, orphan);
}

static inline enum capnp_error schema_node_annotation_get_type(struct schema_node_annotation_reader reader,
    struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_node_annotation_has_type(struct schema_node_annotation_reader reader)
{
    return capnp_has(reader.raw, 3);
}

static inline bool schema_node_annotation_get_targets_file(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 112);
}

static inline bool schema_node_annotation_get_targets_const(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 113);
}

static inline bool schema_node_annotation_get_targets_enum(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 114);
}

static inline bool schema_node_annotation_get_targets_enumerant(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 115);
}

static inline bool schema_node_annotation_get_targets_struct(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 116);
}

static inline bool schema_node_annotation_get_targets_field(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 117);
}

static inline bool schema_node_annotation_get_targets_union(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 118);
}

static inline bool schema_node_annotation_get_targets_group(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 119);
}

static inline bool schema_node_annotation_get_targets_interface(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 120);
}

static inline bool schema_node_annotation_get_targets_method(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 121);
}

static inline bool schema_node_annotation_get_targets_param(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 122);
}

static inline bool schema_node_annotation_get_targets_annotation(struct schema_node_annotation_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 123);
}

static inline struct schema_node_annotation_reader schema_node_annotation_as_reader(struct schema_node_annotation_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_node_annotation_reader){
        capnp_builder_struct(view, builder.words, 5, 6)};
}

static inline enum capnp_error schema_node_annotation_init_type(struct schema_node_annotation_builder builder,
    struct schema_type_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 8,
        SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_node_annotation_set_type(struct schema_node_annotation_builder builder,
    struct schema_type_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 8, &value.raw);
}

static inline enum capnp_error schema_node_annotation_disown_type(struct schema_node_annotation_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 8, out);
}

static inline enum capnp_error schema_node_annotation_adopt_type(struct schema_node_annotation_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 8, orphan);
}

static inline void schema_node_annotation_set_targets_file(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 112, value);
}

static inline void schema_node_annotation_set_targets_const(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 113, value);
}

static inline void schema_node_annotation_set_targets_enum(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 114, value);
}

static inline void schema_node_annotation_set_targets_enumerant(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 115, value);
}

static inline void schema_node_annotation_set_targets_struct(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 116, value);
}

static inline void schema_node_annotation_set_targets_field(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 117, value);
}

static inline void schema_node_annotation_set_targets_union(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 118, value);
}

static inline void schema_node_annotation_set_targets_group(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 119, value);
}

static inline void schema_node_annotation_set_targets_interface(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 120, value);
}

static inline void schema_node_annotation_set_targets_method(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 121, value);
}

static inline void schema_node_annotation_set_targets_param(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 122, value);
}

static inline void schema_node_annotation_set_targets_annotation(struct schema_node_annotation_builder builder, bool value)
{
    capnp_put_bool(builder.words, 123, value);
}

static inline enum capnp_error schema_field_read_root(struct capnp_message *message,
    struct schema_field_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_field_list_count(struct schema_field_list list)
{
    return list.raw.count;
}

static inline struct schema_field_reader schema_field_list_at(struct schema_field_list list, uint32_t index)
{
    return (struct schema_field_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_field_which schema_field_which(struct schema_field_reader reader)
{
    return (enum schema_field_which)capnp_get_uint16(reader.raw, 8);
}

static inline enum capnp_error schema_field_get_name(struct schema_field_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_field_has_name(struct schema_field_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Indicates where this member appeared in the code, relative to other members.
 * Code ordering may have semantic relevance -- programmers tend to place related fields
 * together.  So, using code ordering makes sense in human-readable formats where ordering is
 * otherwise irrelevant, like JSON.  The values of codeOrder are tightly-packed, so the maximum
 * value is count(members) - 1.  Fields that are members of a union are only ordered relative to
 * the other members of that union, so the maximum value there is count(union.members). */
static inline uint16_t schema_field_get_code_order(struct schema_field_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 0);
}

static inline enum capnp_error schema_field_get_annotations(struct schema_field_reader reader,
    struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_field_has_annotations(struct schema_field_reader reader)
{
    return capnp_has(reader.raw, 1);
}

/* If the field is in a union, this is the value which the union's discriminant should take when
 * the field is active.  If the field is not in a union, this is 0xffff. */
static inline uint16_t schema_field_get_discriminant_value(struct schema_field_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 2) ^ UINT16_C(0xffff));
}

/* A regular, non-group, non-fixed-list field. */
static inline struct schema_field_slot_reader schema_field_get_slot(struct schema_field_reader reader)
{
    return (struct schema_field_slot_reader){reader.raw};
}

/* A group. */
static inline struct schema_field_group_reader schema_field_get_group(struct schema_field_reader reader)
{
    return (struct schema_field_group_reader){reader.raw};
}

static inline struct schema_field_ordinal_reader schema_field_get_ordinal(struct schema_field_reader reader)
{
    return (struct schema_field_ordinal_reader){reader.raw};
}

static inline struct schema_field_reader schema_field_as_reader(struct schema_field_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_field_reader){
        capnp_builder_struct(view, builder.words, 3, 4)};
}

static inline enum capnp_error schema_field_init_root(struct capnp_builder *message,
    struct schema_field_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_FIELD_DATA_WORDS, SCHEMA_FIELD_POINTERS, &made);
    *out = (struct schema_field_builder){made.message, made.words};
    return error;
}

static inline struct schema_field_builder schema_field_builder_list_at(struct schema_field_builder_list list,
    uint32_t index)
{
    return (struct schema_field_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline enum capnp_error schema_field_set_name(struct schema_field_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 3, value);
}

static inline enum capnp_error schema_field_disown_name(struct schema_field_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_field_adopt_name(struct schema_field_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

/* Indicates where this member appeared in the code, relative to other members.
 * Code ordering may have semantic relevance -- programmers tend to place related fields
 * together.  So, using code ordering makes sense in human-readable formats where ordering is
 * otherwise irrelevant, like JSON.  The values of codeOrder are tightly-packed, so the maximum
 * value is count(members) - 1.  Fields that are members of a union are only ordered relative to
 * the other members of that union, so the maximum value there is count(union.members). */
static inline void schema_field_set_code_order(struct schema_field_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, (uint16_t)value);
}

static inline enum capnp_error schema_field_init_annotations(struct schema_field_builder builder,
    uint32_t count, struct schema_annotation_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 4,
        SCHEMA_ANNOTATION_DATA_WORDS, SCHEMA_ANNOTATION_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_field_set_annotations(struct schema_field_builder builder,
    struct schema_annotation_list value)
{
    return capnp_copy_list(builder.message, builder.words + 4, &value.raw);
}

static inline enum capnp_error schema_field_disown_annotations(struct schema_field_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 4, out);
}

static inline enum capnp_error schema_field_adopt_annotations(struct schema_field_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 4, orphan);
}

/* If the field is in a union, this is the value which the union's discriminant should take when
 * the field is active.  If the field is not in a union, this is 0xffff. */
static inline void schema_field_set_discriminant_value(struct schema_field_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 2, (uint16_t)((uint16_t)value ^ UINT16_C(0xffff)));
}

/* A regular, non-group, non-fixed-list field. */
static inline struct schema_field_slot_builder schema_field_init_slot(struct schema_field_builder builder)
{
    capnp_put_uint32(builder.words, 4, 0);
    builder.words[5] = 0;
    builder.words[6] = 0;
    capnp_put_bool(builder.words, 128, 0);
    capnp_put_uint16(builder.words, 8, 0);
    return (struct schema_field_slot_builder){builder.message, builder.words};
}

/* A group. */
static inline struct schema_field_group_builder schema_field_init_group(struct schema_field_builder builder)
{
    capnp_put_uint64(builder.words, 16, 0);
    capnp_put_uint16(builder.words, 8, 1);
    return (struct schema_field_group_builder){builder.message, builder.words};
}

static inline struct schema_field_ordinal_builder schema_field_init_ordinal(struct schema_field_builder builder)
{
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 12, 0);
    return (struct schema_field_ordinal_builder){builder.message, builder.words};
}

/* Offset, in units of the field's size, from the beginning of the section in which the field
 * resides.  E.g. for a UInt32 field, multiply this by 4 to get the byte offset from the
 * beginning of the data section. */
static inline uint32_t schema_field_slot_get_offset(struct schema_field_slot_reader reader)
{
    return (uint32_t)capnp_get_uint32(reader.raw, 4);
}

static inline enum capnp_error schema_field_slot_get_type(struct schema_field_slot_reader reader,
    struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline bool schema_field_slot_has_type(struct schema_field_slot_reader reader)
{
    return capnp_has(reader.raw, 2);
}

static inline enum capnp_error schema_field_slot_get_default_value(struct schema_field_slot_reader reader,
    struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_field_slot_has_default_value(struct schema_field_slot_reader reader)
{
    return capnp_has(reader.raw, 3);
}

/* Whether the default value was specified explicitly.  Non-explicit default values are always
 * zero or empty values.  Usually, whether the default value was explicit shouldn't matter.
 * The main use case for this flag is for structs representing method parameters:
 * explicitly-defaulted parameters may be allowed to be omitted when calling the method. */
static inline bool schema_field_slot_get_had_explicit_default(struct schema_field_slot_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 128);
}

static inline struct schema_field_slot_reader schema_field_slot_as_reader(struct schema_field_slot_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_field_slot_reader){
        capnp_builder_struct(view, builder.words, 3, 4)};
}

/* Offset, in units of the field's size, from the beginning of the section in which the field
 * resides.  E.g. for a UInt32 field, multiply this by 4 to get the byte offset from the
 * beginning of the data section. */
static inline void schema_field_slot_set_offset(struct schema_field_slot_builder builder, uint32_t value)
{
    capnp_put_uint32(builder.words, 4, (uint32_t)value);
}

static inline enum capnp_error schema_field_slot_init_type(struct schema_field_slot_builder builder,
    struct schema_type_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 5,
        SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_field_slot_set_type(struct schema_field_slot_builder builder,
    struct schema_type_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 5, &value.raw);
}

static inline enum capnp_error schema_field_slot_disown_type(struct schema_field_slot_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 5, out);
}

static inline enum capnp_error schema_field_slot_adopt_type(struct schema_field_slot_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 5, orphan);
}

static inline enum capnp_error schema_field_slot_init_default_value(struct schema_field_slot_builder builder,
    struct schema_value_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 6,
        SCHEMA_VALUE_DATA_WORDS, SCHEMA_VALUE_POINTERS, &made);
    *out = (struct schema_value_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_field_slot_set_default_value(struct schema_field_slot_builder builder,
    struct schema_value_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 6, &value.raw);
}

static inline enum capnp_error schema_field_slot_disown_default_value(struct schema_field_slot_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 6, out);
}

static inline enum capnp_error schema_field_slot_adopt_default_value(struct schema_field_slot_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 6, orphan);
}

/* Whether the default value was specified explicitly.  Non-explicit default values are always
 * zero or empty values.  Usually, whether the default value was explicit shouldn't matter.
 * The main use case for this flag is for structs representing method parameters:
 * explicitly-defaulted parameters may be allowed to be omitted when calling the method. */
static inline void schema_field_slot_set_had_explicit_default(struct schema_field_slot_builder builder, bool value)
{
    capnp_put_bool(builder.words, 128, value);
}

/* The ID of the group's node. */
static inline uint64_t schema_field_group_get_type_id(struct schema_field_group_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 16);
}

static inline struct schema_field_group_reader schema_field_group_as_reader(struct schema_field_group_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_field_group_reader){
        capnp_builder_struct(view, builder.words, 3, 4)};
}

/* The ID of the group's node. */
static inline void schema_field_group_set_type_id(struct schema_field_group_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 16, (uint64_t)value);
}

static inline enum schema_field_ordinal_which schema_field_ordinal_which(struct schema_field_ordinal_reader reader)
{
    return (enum schema_field_ordinal_which)capnp_get_uint16(reader.raw, 10);
}

/* The original ordinal number given to the field.  You probably should NOT use this; if you need
 * a numeric identifier for a field, use its position within the field array for its scope.
 * The ordinal is given here mainly just so that the original schema text can be reproduced given
 * the compiled version -- i.e. so that `capnp compile -ocapnp` can do its job. */
static inline uint16_t schema_field_ordinal_get_explicit(struct schema_field_ordinal_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 12);
}

static inline struct schema_field_ordinal_reader schema_field_ordinal_as_reader(struct schema_field_ordinal_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_field_ordinal_reader){
        capnp_builder_struct(view, builder.words, 3, 4)};
}

static inline void schema_field_ordinal_set_implicit(struct schema_field_ordinal_builder builder)
{
    capnp_put_uint16(builder.words, 10, 0);
}

/* The original ordinal number given to the field.  You probably should NOT use this; if you need
 * a numeric identifier for a field, use its position within the field array for its scope.
 * The ordinal is given here mainly just so that the original schema text can be reproduced given
 * the compiled version -- i.e. so that `capnp compile -ocapnp` can do its job. */
static inline void schema_field_ordinal_set_explicit(struct schema_field_ordinal_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 10, 1);
    capnp_put_uint16(builder.words, 12, (uint16_t)value);
}

static inline enum capnp_error schema_enumerant_read_root(struct capnp_message *message,
    struct schema_enumerant_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_enumerant_list_count(struct schema_enumerant_list list)
{
    return list.raw.count;
}

static inline struct schema_enumerant_reader schema_enumerant_list_at(struct schema_enumerant_list list, uint32_t index)
{
    return (struct schema_enumerant_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum capnp_error schema_enumerant_get_name(struct schema_enumerant_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_enumerant_has_name(struct schema_enumerant_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Specifies order in which the enumerants were declared in the code.
 * Like Struct.Field.codeOrder. */
static inline uint16_t schema_enumerant_get_code_order(struct schema_enumerant_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 0);
}

static inline enum capnp_error schema_enumerant_get_annotations(struct schema_enumerant_reader reader,
    struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_enumerant_has_annotations(struct schema_enumerant_reader reader)
{
    return capnp_has(reader.raw, 1);
}

static inline struct schema_enumerant_reader schema_enumerant_as_reader(struct schema_enumerant_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_enumerant_reader){
        capnp_builder_struct(view, builder.words, 1, 2)};
}

static inline enum capnp_error schema_enumerant_init_root(struct capnp_builder *message,
    struct schema_enumerant_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_ENUMERANT_DATA_WORDS, SCHEMA_ENUMERANT_POINTERS, &made);
    *out = (struct schema_enumerant_builder){made.message, made.words};
    return error;
}

static inline struct schema_enumerant_builder schema_enumerant_builder_list_at(struct schema_enumerant_builder_list list,
    uint32_t index)
{
    return (struct schema_enumerant_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline enum capnp_error schema_enumerant_set_name(struct schema_enumerant_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 1, value);
}

static inline enum capnp_error schema_enumerant_disown_name(struct schema_enumerant_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_enumerant_adopt_name(struct schema_enumerant_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* Specifies order in which the enumerants were declared in the code.
 * Like Struct.Field.codeOrder. */
static inline void schema_enumerant_set_code_order(struct schema_enumerant_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, (uint16_t)value);
}

static inline enum capnp_error schema_enumerant_init_annotations(struct schema_enumerant_builder builder,
    uint32_t count, struct schema_annotation_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 2,
        SCHEMA_ANNOTATION_DATA_WORDS, SCHEMA_ANNOTATION_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_enumerant_set_annotations(struct schema_enumerant_builder builder,
    struct schema_annotation_list value)
{
    return capnp_copy_list(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_enumerant_disown_annotations(struct schema_enumerant_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_enumerant_adopt_annotations(struct schema_enumerant_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_superclass_read_root(struct capnp_message *message,
    struct schema_superclass_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_superclass_list_count(struct schema_superclass_list list)
{
    return list.raw.count;
}

static inline struct schema_superclass_reader schema_superclass_list_at(struct schema_superclass_list list, uint32_t index)
{
    return (struct schema_superclass_reader){capnp_list_struct(&list.raw, index)};
}

static inline uint64_t schema_superclass_get_id(struct schema_superclass_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

static inline enum capnp_error schema_superclass_get_brand(struct schema_superclass_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_superclass_has_brand(struct schema_superclass_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_superclass_reader schema_superclass_as_reader(struct schema_superclass_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_superclass_reader){
        capnp_builder_struct(view, builder.words, 1, 1)};
}

static inline enum capnp_error schema_superclass_init_root(struct capnp_builder *message,
    struct schema_superclass_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_SUPERCLASS_DATA_WORDS, SCHEMA_SUPERCLASS_POINTERS, &made);
    *out = (struct schema_superclass_builder){made.message, made.words};
    return error;
}

static inline struct schema_superclass_builder schema_superclass_builder_list_at(struct schema_superclass_builder_list list,
    uint32_t index)
{
    return (struct schema_superclass_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_superclass_set_id(struct schema_superclass_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

static inline enum capnp_error schema_superclass_init_brand(struct schema_superclass_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 1,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_superclass_set_brand(struct schema_superclass_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 1, &value.raw);
}

static inline enum capnp_error schema_superclass_disown_brand(struct schema_superclass_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_superclass_adopt_brand(struct schema_superclass_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

static inline enum capnp_error schema_method_read_root(struct capnp_message *message,
    struct schema_method_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_method_list_count(struct schema_method_list list)
{
    return list.raw.count;
}

static inline struct schema_method_reader schema_method_list_at(struct schema_method_list list, uint32_t index)
{
    return (struct schema_method_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum capnp_error schema_method_get_name(struct schema_method_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_method_has_name(struct schema_method_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Specifies order in which the methods were declared in the code.
 * Like Struct.Field.codeOrder. */
static inline uint16_t schema_method_get_code_order(struct schema_method_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 0);
}

/* ID of the parameter struct type.  If a named parameter list was specified in the method
 * declaration (rather than a single struct parameter type) then a corresponding struct type is
 * auto-generated.  Such an auto-generated type will not be listed in the interface's
 * `nestedNodes` and its `scopeId` will be zero -- it is completely detached from the namespace.
 * (Awkwardly, it does of course inherit generic parameters from the method's scope, which makes
 * this a situation where you can't just climb the scope chain to find where a particular
 * generic parameter was introduced. Making the `scopeId` zero was a mistake.) */
static inline uint64_t schema_method_get_param_struct_type(struct schema_method_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

/* ID of the return struct type; similar to `paramStructType`. */
static inline uint64_t schema_method_get_result_struct_type(struct schema_method_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 16);
}

static inline enum capnp_error schema_method_get_annotations(struct schema_method_reader reader,
    struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_method_has_annotations(struct schema_method_reader reader)
{
    return capnp_has(reader.raw, 1);
}

/* Brand of param struct type. */
static inline enum capnp_error schema_method_get_param_brand(struct schema_method_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline bool schema_method_has_param_brand(struct schema_method_reader reader)
{
    return capnp_has(reader.raw, 2);
}

/* Brand of result struct type. */
static inline enum capnp_error schema_method_get_result_brand(struct schema_method_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_method_has_result_brand(struct schema_method_reader reader)
{
    return capnp_has(reader.raw, 3);
}

/* The parameters listed in [] (typically, type / generic parameters), whose bindings are intended
 * to be inferred rather than specified explicitly, although not all languages support this. */
static inline enum capnp_error schema_method_get_implicit_parameters(struct schema_method_reader reader,
    struct schema_node_parameter_list *out)
{
    return capnp_read_list(&reader.raw, 4, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_method_has_implicit_parameters(struct schema_method_reader reader)
{
    return capnp_has(reader.raw, 4);
}

static inline struct schema_method_reader schema_method_as_reader(struct schema_method_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_method_reader){
        capnp_builder_struct(view, builder.words, 3, 5)};
}

static inline enum capnp_error schema_method_init_root(struct capnp_builder *message,
    struct schema_method_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_METHOD_DATA_WORDS, SCHEMA_METHOD_POINTERS, &made);
    *out = (struct schema_method_builder){made.message, made.words};
    return error;
}

static inline struct schema_method_builder schema_method_builder_list_at(struct schema_method_builder_list list,
    uint32_t index)
{
    return (struct schema_method_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline enum capnp_error schema_method_set_name(struct schema_method_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 3, value);
}

static inline enum capnp_error schema_method_disown_name(struct schema_method_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_method_adopt_name(struct schema_method_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

/* Specifies order in which the methods were declared in the code.
 * Like Struct.Field.codeOrder. */
static inline void schema_method_set_code_order(struct schema_method_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, (uint16_t)value);
}

/* ID of the parameter struct type.  If a named parameter list was specified in the method
 * declaration (rather than a single struct parameter type) then a corresponding struct type is
 * auto-generated.  Such an auto-generated type will not be listed in the interface's
 * `nestedNodes` and its `scopeId` will be zero -- it is completely detached from the namespace.
 * (Awkwardly, it does of course inherit generic parameters from the method's scope, which makes
 * this a situation where you can't just climb the scope chain to find where a particular
 * generic parameter was introduced. Making the `scopeId` zero was a mistake.) */
static inline void schema_method_set_param_struct_type(struct schema_method_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

/* ID of the return struct type; similar to `paramStructType`. */
static inline void schema_method_set_result_struct_type(struct schema_method_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 16, (uint64_t)value);
}

static inline enum capnp_error schema_method_init_annotations(struct schema_method_builder builder,
    uint32_t count, struct schema_annotation_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 4,
        SCHEMA_ANNOTATION_DATA_WORDS, SCHEMA_ANNOTATION_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_method_set_annotations(struct schema_method_builder builder,
    struct schema_annotation_list value)
{
    return capnp_copy_list(builder.message, builder.words + 4, &value.raw);
}

static inline enum capnp_error schema_method_disown_annotations(struct schema_method_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 4, out);
}

static inline enum capnp_error schema_method_adopt_annotations(struct schema_method_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 4, orphan);
}

/* Brand of param struct type. */
static inline enum capnp_error schema_method_init_param_brand(struct schema_method_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 5,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_method_set_param_brand(struct schema_method_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 5, &value.raw);
}

static inline enum capnp_error schema_method_disown_param_brand(struct schema_method_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 5, out);
}

static inline enum capnp_error schema_method_adopt_param_brand(struct schema_method_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 5, orphan);
}

/* Brand of result struct type. */
static inline enum capnp_error schema_method_init_result_brand(struct schema_method_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 6,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_method_set_result_brand(struct schema_method_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 6, &value.raw);
}

static inline enum capnp_error schema_method_disown_result_brand(struct schema_method_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 6, out);
}

static inline enum capnp_error schema_method_adopt_result_brand(struct schema_method_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 6, orphan);
}

/* The parameters listed in [] (typically, type / generic parameters), whose bindings are intended
 * to be inferred rather than specified explicitly, although not all languages support this. */
static inline enum capnp_error schema_method_init_implicit_parameters(struct schema_method_builder builder,
    uint32_t count, struct schema_node_parameter_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 7,
        SCHEMA_NODE_PARAMETER_DATA_WORDS, SCHEMA_NODE_PARAMETER_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_method_set_implicit_parameters(struct schema_method_builder builder,
    struct schema_node_parameter_list value)
{
    return capnp_copy_list(builder.message, builder.words + 7, &value.raw);
}

static inline enum capnp_error schema_method_disown_implicit_parameters(struct schema_method_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 7, out);
}

static inline enum capnp_error schema_method_adopt_implicit_parameters(struct schema_method_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 7, orphan);
}

static inline enum capnp_error schema_type_read_root(struct capnp_message *message,
    struct schema_type_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_type_list_count(struct schema_type_list list)
{
    return list.raw.count;
}

static inline struct schema_type_reader schema_type_list_at(struct schema_type_list list, uint32_t index)
{
    return (struct schema_type_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_type_which schema_type_which(struct schema_type_reader reader)
{
    return (enum schema_type_which)capnp_get_uint16(reader.raw, 0);
}

static inline struct schema_type_list_reader schema_type_get_list(struct schema_type_reader reader)
{
    return (struct schema_type_list_reader){reader.raw};
}

static inline struct schema_type_enum_reader schema_type_get_enum(struct schema_type_reader reader)
{
    return (struct schema_type_enum_reader){reader.raw};
}

static inline struct schema_type_struct_reader schema_type_get_struct(struct schema_type_reader reader)
{
    return (struct schema_type_struct_reader){reader.raw};
}

static inline struct schema_type_interface_reader schema_type_get_interface(struct schema_type_reader reader)
{
    return (struct schema_type_interface_reader){reader.raw};
}

static inline struct schema_type_any_pointer_reader schema_type_get_any_pointer(struct schema_type_reader reader)
{
    return (struct schema_type_any_pointer_reader){reader.raw};
}

static inline struct schema_type_reader schema_type_as_reader(struct schema_type_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline enum capnp_error schema_type_init_root(struct capnp_builder *message,
    struct schema_type_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline struct schema_type_builder schema_type_builder_list_at(struct schema_type_builder_list list,
    uint32_t index)
{
    return (struct schema_type_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_type_set_void(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 0);
}

static inline void schema_type_set_bool(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 1);
}

static inline void schema_type_set_int8(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 2);
}

static inline void schema_type_set_int16(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 3);
}

static inline void schema_type_set_int32(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 4);
}

static inline void schema_type_set_int64(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 5);
}

static inline void schema_type_set_uint8(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 6);
}

static inline void schema_type_set_uint16(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 7);
}

static inline void schema_type_set_uint32(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 8);
}

static inline void schema_type_set_uint64(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 9);
}

static inline void schema_type_set_float32(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 10);
}

static inline void schema_type_set_float64(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 11);
}

static inline void schema_type_set_text(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 12);
}

static inline void schema_type_set_data(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 0, 13);
}

static inline struct schema_type_list_builder schema_type_init_list(struct schema_type_builder builder)
{
    builder.words[3] = 0;
    capnp_put_uint16(builder.words, 0, 14);
    return (struct schema_type_list_builder){builder.message, builder.words};
}

static inline struct schema_type_enum_builder schema_type_init_enum(struct schema_type_builder builder)
{
    capnp_put_uint64(builder.words, 8, 0);
    builder.words[3] = 0;
    capnp_put_uint16(builder.words, 0, 15);
    return (struct schema_type_enum_builder){builder.message, builder.words};
}

static inline struct schema_type_struct_builder schema_type_init_struct(struct schema_type_builder builder)
{
    capnp_put_uint64(builder.words, 8, 0);
    builder.words[3] = 0;
    capnp_put_uint16(builder.words, 0, 16);
    return (struct schema_type_struct_builder){builder.message, builder.words};
}

static inline struct schema_type_interface_builder schema_type_init_interface(struct schema_type_builder builder)
{
    capnp_put_uint64(builder.words, 8, 0);
    builder.words[3] = 0;
    capnp_put_uint16(builder.words, 0, 17);
    return (struct schema_type_interface_builder){builder.message, builder.words};
}

static inline struct schema_type_any_pointer_builder schema_type_init_any_pointer(struct schema_type_builder builder)
{
    capnp_put_uint16(builder.words, 8, 0);
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint64(builder.words, 16, 0);
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 0, 18);
    return (struct schema_type_any_pointer_builder){builder.message, builder.words};
}

static inline enum capnp_error schema_type_list_get_element_type(struct schema_type_list_reader reader,
    struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_type_list_has_element_type(struct schema_type_list_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_type_list_reader schema_type_list_as_reader(struct schema_type_list_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_list_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline enum capnp_error schema_type_list_init_element_type(struct schema_type_list_builder builder,
    struct schema_type_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 3,
        SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_type_list_set_element_type(struct schema_type_list_builder builder,
    struct schema_type_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 3, &value.raw);
}

static inline enum capnp_error schema_type_list_disown_element_type(struct schema_type_list_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_type_list_adopt_element_type(struct schema_type_list_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

static inline uint64_t schema_type_enum_get_type_id(struct schema_type_enum_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

static inline enum capnp_error schema_type_enum_get_brand(struct schema_type_enum_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_type_enum_has_brand(struct schema_type_enum_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_type_enum_reader schema_type_enum_as_reader(struct schema_type_enum_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_enum_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline void schema_type_enum_set_type_id(struct schema_type_enum_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline enum capnp_error schema_type_enum_init_brand(struct schema_type_enum_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 3,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_type_enum_set_brand(struct schema_type_enum_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 3, &value.raw);
}

static inline enum capnp_error schema_type_enum_disown_brand(struct schema_type_enum_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_type_enum_adopt_brand(struct schema_type_enum_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

static inline uint64_t schema_type_struct_get_type_id(struct schema_type_struct_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

static inline enum capnp_error schema_type_struct_get_brand(struct schema_type_struct_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_type_struct_has_brand(struct schema_type_struct_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_type_struct_reader schema_type_struct_as_reader(struct schema_type_struct_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_struct_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline void schema_type_struct_set_type_id(struct schema_type_struct_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline enum capnp_error schema_type_struct_init_brand(struct schema_type_struct_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 3,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_type_struct_set_brand(struct schema_type_struct_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 3, &value.raw);
}

static inline enum capnp_error schema_type_struct_disown_brand(struct schema_type_struct_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_type_struct_adopt_brand(struct schema_type_struct_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

static inline uint64_t schema_type_interface_get_type_id(struct schema_type_interface_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

static inline enum capnp_error schema_type_interface_get_brand(struct schema_type_interface_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_type_interface_has_brand(struct schema_type_interface_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_type_interface_reader schema_type_interface_as_reader(struct schema_type_interface_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_interface_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline void schema_type_interface_set_type_id(struct schema_type_interface_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline enum capnp_error schema_type_interface_init_brand(struct schema_type_interface_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 3,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_type_interface_set_brand(struct schema_type_interface_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 3, &value.raw);
}

static inline enum capnp_error schema_type_interface_disown_brand(struct schema_type_interface_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_type_interface_adopt_brand(struct schema_type_interface_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

static inline enum schema_type_any_pointer_which schema_type_any_pointer_which(struct schema_type_any_pointer_reader reader)
{
    return (enum schema_type_any_pointer_which)capnp_get_uint16(reader.raw, 8);
}

/* A regular AnyPointer.
 *
 * The name "unconstrained" means as opposed to constraining it to match a type parameter.
 * In retrospect this name is probably a poor choice given that it may still be constrained
 * to be a struct, list, or capability. */
static inline struct schema_type_any_pointer_unconstrained_reader schema_type_any_pointer_get_unconstrained(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_unconstrained_reader){reader.raw};
}

/* This is actually a reference to a type parameter defined within this scope. */
static inline struct schema_type_any_pointer_parameter_reader schema_type_any_pointer_get_parameter(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_parameter_reader){reader.raw};
}

/* This is actually a reference to an implicit (generic) parameter of a method. The only
 * legal context for this type to appear is inside Method.paramBrand or Method.resultBrand. */
static inline struct schema_type_any_pointer_implicit_method_parameter_reader schema_type_any_pointer_get_implicit_method_parameter(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_implicit_method_parameter_reader){reader.raw};
}

static inline struct schema_type_any_pointer_reader schema_type_any_pointer_as_reader(struct schema_type_any_pointer_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_any_pointer_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

/* A regular AnyPointer.
 *
 * The name "unconstrained" means as opposed to constraining it to match a type parameter.
 * In retrospect this name is probably a poor choice given that it may still be constrained
 * to be a struct, list, or capability. */
static inline struct schema_type_any_pointer_unconstrained_builder schema_type_any_pointer_init_unconstrained(struct schema_type_any_pointer_builder builder)
{
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 8, 0);
    return (struct schema_type_any_pointer_unconstrained_builder){builder.message, builder.words};
}

/* This is actually a reference to a type parameter defined within this scope. */
static inline struct schema_type_any_pointer_parameter_builder schema_type_any_pointer_init_parameter(struct schema_type_any_pointer_builder builder)
{
    capnp_put_uint64(builder.words, 16, 0);
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 8, 1);
    return (struct schema_type_any_pointer_parameter_builder){builder.message, builder.words};
}

/* This is actually a reference to an implicit (generic) parameter of a method. The only
 * legal context for this type to appear is inside Method.paramBrand or Method.resultBrand. */
static inline struct schema_type_any_pointer_implicit_method_parameter_builder schema_type_any_pointer_init_implicit_method_parameter(struct schema_type_any_pointer_builder builder)
{
    capnp_put_uint16(builder.words, 10, 0);
    capnp_put_uint16(builder.words, 8, 2);
    return (struct schema_type_any_pointer_implicit_method_parameter_builder){builder.message, builder.words};
}

static inline enum schema_type_any_pointer_unconstrained_which schema_type_any_pointer_unconstrained_which(struct schema_type_any_pointer_unconstrained_reader reader)
{
    return (enum schema_type_any_pointer_unconstrained_which)capnp_get_uint16(reader.raw, 10);
}

static inline struct schema_type_any_pointer_unconstrained_reader schema_type_any_pointer_unconstrained_as_reader(struct schema_type_any_pointer_unconstrained_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_any_pointer_unconstrained_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

/* truly AnyPointer */
static inline void schema_type_any_pointer_unconstrained_set_any_kind(struct schema_type_any_pointer_unconstrained_builder builder)
{
    capnp_put_uint16(builder.words, 10, 0);
}

/* AnyStruct */
static inline void schema_type_any_pointer_unconstrained_set_struct(struct schema_type_any_pointer_unconstrained_builder builder)
{
    capnp_put_uint16(builder.words, 10, 1);
}

/* AnyList */
static inline void schema_type_any_pointer_unconstrained_set_list(struct schema_type_any_pointer_unconstrained_builder builder)
{
    capnp_put_uint16(builder.words, 10, 2);
}

/* Capability */
static inline void schema_type_any_pointer_unconstrained_set_capability(struct schema_type_any_pointer_unconstrained_builder builder)
{
    capnp_put_uint16(builder.words, 10, 3);
}

/* ID of the generic type whose parameter we're referencing. This should be a parent of the
 * current scope. */
static inline uint64_t schema_type_any_pointer_parameter_get_scope_id(struct schema_type_any_pointer_parameter_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 16);
}

/* Index of the parameter within the generic type's parameter list. */
static inline uint16_t schema_type_any_pointer_parameter_get_parameter_index(struct schema_type_any_pointer_parameter_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 10);
}

static inline struct schema_type_any_pointer_parameter_reader schema_type_any_pointer_parameter_as_reader(struct schema_type_any_pointer_parameter_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_any_pointer_parameter_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

/* ID of the generic type whose parameter we're referencing. This should be a parent of the
 * current scope. */
static inline void schema_type_any_pointer_parameter_set_scope_id(struct schema_type_any_pointer_parameter_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 16, (uint64_t)value);
}

/* Index of the parameter within the generic type's parameter list. */
static inline void schema_type_any_pointer_parameter_set_parameter_index(struct schema_type_any_pointer_parameter_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 10, (uint16_t)value);
}

static inline uint16_t schema_type_any_pointer_implicit_method_parameter_get_parameter_index(struct schema_type_any_pointer_implicit_method_parameter_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 10);
}

static inline struct schema_type_any_pointer_implicit_method_parameter_reader schema_type_any_pointer_implicit_method_parameter_as_reader(struct schema_type_any_pointer_implicit_method_parameter_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_type_any_pointer_implicit_method_parameter_reader){
        capnp_builder_struct(view, builder.words, 3, 1)};
}

static inline void schema_type_any_pointer_implicit_method_parameter_set_parameter_index(struct schema_type_any_pointer_implicit_method_parameter_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 10, (uint16_t)value);
}

static inline enum capnp_error schema_brand_read_root(struct capnp_message *message,
    struct schema_brand_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_brand_list_count(struct schema_brand_list list)
{
    return list.raw.count;
}

static inline struct schema_brand_reader schema_brand_list_at(struct schema_brand_list list, uint32_t index)
{
    return (struct schema_brand_reader){capnp_list_struct(&list.raw, index)};
}

/* For each of the target type and each of its parent scopes, a parameterization may be included
 * in this list. If no parameterization is included for a particular relevant scope, then either
 * that scope has no parameters or all parameters should be considered to be `AnyPointer`. */
static inline enum capnp_error schema_brand_get_scopes(struct schema_brand_reader reader,
    struct schema_brand_scope_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_brand_has_scopes(struct schema_brand_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_brand_reader schema_brand_as_reader(struct schema_brand_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_brand_reader){
        capnp_builder_struct(view, builder.words, 0, 1)};
}

static inline enum capnp_error schema_brand_init_root(struct capnp_builder *message,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline struct schema_brand_builder schema_brand_builder_list_at(struct schema_brand_builder_list list,
    uint32_t index)
{
    return (struct schema_brand_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* For each of the target type and each of its parent scopes, a parameterization may be included
 * in this list. If no parameterization is included for a particular relevant scope, then either
 * that scope has no parameters or all parameters should be considered to be `AnyPointer`. */
static inline enum capnp_error schema_brand_init_scopes(struct schema_brand_builder builder,
    uint32_t count, struct schema_brand_scope_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 0,
        SCHEMA_BRAND_SCOPE_DATA_WORDS, SCHEMA_BRAND_SCOPE_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_brand_set_scopes(struct schema_brand_builder builder,
    struct schema_brand_scope_list value)
{
    return capnp_copy_list(builder.message, builder.words + 0, &value.raw);
}

static inline enum capnp_error schema_brand_disown_scopes(struct schema_brand_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 0, out);
}

static inline enum capnp_error schema_brand_adopt_scopes(struct schema_brand_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 0, orphan);
}

static inline enum capnp_error schema_brand_scope_read_root(struct capnp_message *message,
    struct schema_brand_scope_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_brand_scope_list_count(struct schema_brand_scope_list list)
{
    return list.raw.count;
}

static inline struct schema_brand_scope_reader schema_brand_scope_list_at(struct schema_brand_scope_list list, uint32_t index)
{
    return (struct schema_brand_scope_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_brand_scope_which schema_brand_scope_which(struct schema_brand_scope_reader reader)
{
    return (enum schema_brand_scope_which)capnp_get_uint16(reader.raw, 8);
}

/* ID of the scope to which these params apply. */
static inline uint64_t schema_brand_scope_get_scope_id(struct schema_brand_scope_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

/* List of parameter bindings. */
static inline enum capnp_error schema_brand_scope_get_bind(struct schema_brand_scope_reader reader,
    struct schema_brand_binding_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_brand_scope_has_bind(struct schema_brand_scope_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_brand_scope_reader schema_brand_scope_as_reader(struct schema_brand_scope_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_brand_scope_reader){
        capnp_builder_struct(view, builder.words, 2, 1)};
}

static inline enum capnp_error schema_brand_scope_init_root(struct capnp_builder *message,
    struct schema_brand_scope_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_BRAND_SCOPE_DATA_WORDS, SCHEMA_BRAND_SCOPE_POINTERS, &made);
    *out = (struct schema_brand_scope_builder){made.message, made.words};
    return error;
}

static inline struct schema_brand_scope_builder schema_brand_scope_builder_list_at(struct schema_brand_scope_builder_list list,
    uint32_t index)
{
    return (struct schema_brand_scope_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* ID of the scope to which these params apply. */
static inline void schema_brand_scope_set_scope_id(struct schema_brand_scope_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

/* List of parameter bindings. */
static inline enum capnp_error schema_brand_scope_init_bind(struct schema_brand_scope_builder builder,
    uint32_t count, struct schema_brand_binding_builder_list *out)
{
    capnp_put_uint16(builder.words, 8, 0);
    return capnp_init_structs(builder.message, builder.words + 2,
        SCHEMA_BRAND_BINDING_DATA_WORDS, SCHEMA_BRAND_BINDING_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_brand_scope_set_bind(struct schema_brand_scope_builder builder,
    struct schema_brand_binding_list value)
{
    capnp_put_uint16(builder.words, 8, 0);
    return capnp_copy_list(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_brand_scope_disown_bind(struct schema_brand_scope_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_brand_scope_adopt_bind(struct schema_brand_scope_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 8, 0);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

/* The place where the Brand appears is within this scope or a sub-scope, and bindings
 * for this scope are deferred to later Brand applications. This is equivalent to a
 * pass-through binding list, where each of this scope's parameters is bound to itself.
 * For example:
 *
 *   struct Outer(T) {
 *     struct Inner {
 *       value @0 :T;
 *     }
 *     innerInherit @0 :Inner;            # Outer Brand.Scope is `inherit`.
 *     innerBindSelf @1 :Outer(T).Inner;  # Outer Brand.Scope explicitly binds T to T.
 *   }
 *
 * The innerInherit and innerBindSelf fields have equivalent types, but different Brand
 * styles. */
static inline void schema_brand_scope_set_inherit(struct schema_brand_scope_builder builder)
{
    capnp_put_uint16(builder.words, 8, 1);
}

static inline enum capnp_error schema_brand_binding_read_root(struct capnp_message *message,
    struct schema_brand_binding_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_brand_binding_list_count(struct schema_brand_binding_list list)
{
    return list.raw.count;
}

static inline struct schema_brand_binding_reader schema_brand_binding_list_at(struct schema_brand_binding_list list, uint32_t index)
{
    return (struct schema_brand_binding_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_brand_binding_which schema_brand_binding_which(struct schema_brand_binding_reader reader)
{
    return (enum schema_brand_binding_which)capnp_get_uint16(reader.raw, 0);
}

static inline enum capnp_error schema_brand_binding_get_type(struct schema_brand_binding_reader reader,
    struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_brand_binding_has_type(struct schema_brand_binding_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_brand_binding_reader schema_brand_binding_as_reader(struct schema_brand_binding_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_brand_binding_reader){
        capnp_builder_struct(view, builder.words, 1, 1)};
}

static inline enum capnp_error schema_brand_binding_init_root(struct capnp_builder *message,
    struct schema_brand_binding_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_BRAND_BINDING_DATA_WORDS, SCHEMA_BRAND_BINDING_POINTERS, &made);
    *out = (struct schema_brand_binding_builder){made.message, made.words};
    return error;
}

static inline struct schema_brand_binding_builder schema_brand_binding_builder_list_at(struct schema_brand_binding_builder_list list,
    uint32_t index)
{
    return (struct schema_brand_binding_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_brand_binding_set_unbound(struct schema_brand_binding_builder builder)
{
    capnp_put_uint16(builder.words, 0, 0);
}

static inline enum capnp_error schema_brand_binding_init_type(struct schema_brand_binding_builder builder,
    struct schema_type_builder *out)
{
    capnp_put_uint16(builder.words, 0, 1);
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 1,
        SCHEMA_TYPE_DATA_WORDS, SCHEMA_TYPE_POINTERS, &made);
    *out = (struct schema_type_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_brand_binding_set_type(struct schema_brand_binding_builder builder,
    struct schema_type_reader value)
{
    capnp_put_uint16(builder.words, 0, 1);
    return capnp_copy_struct(builder.message, builder.words + 1, &value.raw);
}

static inline enum capnp_error schema_brand_binding_disown_type(struct schema_brand_binding_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_brand_binding_adopt_type(struct schema_brand_binding_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 1);
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

static inline enum capnp_error schema_value_read_root(struct capnp_message *message,
    struct schema_value_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_value_list_count(struct schema_value_list list)
{
    return list.raw.count;
}

static inline struct schema_value_reader schema_value_list_at(struct schema_value_list list, uint32_t index)
{
    return (struct schema_value_reader){capnp_list_struct(&list.raw, index)};
}

static inline enum schema_value_which schema_value_which(struct schema_value_reader reader)
{
    return (enum schema_value_which)capnp_get_uint16(reader.raw, 0);
}

static inline bool schema_value_get_bool(struct schema_value_reader reader)
{
    return (bool)capnp_get_bool(reader.raw, 16);
}

static inline int8_t schema_value_get_int8(struct schema_value_reader reader)
{
    return (int8_t)capnp_get_uint8(reader.raw, 2);
}

static inline int16_t schema_value_get_int16(struct schema_value_reader reader)
{
    return (int16_t)capnp_get_uint16(reader.raw, 2);
}

static inline int32_t schema_value_get_int32(struct schema_value_reader reader)
{
    return (int32_t)capnp_get_uint32(reader.raw, 4);
}

static inline int64_t schema_value_get_int64(struct schema_value_reader reader)
{
    return (int64_t)capnp_get_uint64(reader.raw, 8);
}

static inline uint8_t schema_value_get_uint8(struct schema_value_reader reader)
{
    return (uint8_t)capnp_get_uint8(reader.raw, 2);
}

static inline uint16_t schema_value_get_uint16(struct schema_value_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 2);
}

static inline uint32_t schema_value_get_uint32(struct schema_value_reader reader)
{
    return (uint32_t)capnp_get_uint32(reader.raw, 4);
}

static inline uint64_t schema_value_get_uint64(struct schema_value_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

static inline uint32_t schema_value_get_float32_bits(struct schema_value_reader reader)
{
    return (uint32_t)capnp_get_uint32(reader.raw, 4);
}

static inline float schema_value_get_float32(struct schema_value_reader reader)
{
    uint32_t bits = schema_value_get_float32_bits(reader);
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t schema_value_get_float64_bits(struct schema_value_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 8);
}

static inline double schema_value_get_float64(struct schema_value_reader reader)
{
    uint64_t bits = schema_value_get_float64_bits(reader);
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static inline enum capnp_error schema_value_get_text(struct schema_value_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_value_has_text(struct schema_value_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline enum capnp_error schema_value_get_data(struct schema_value_reader reader,
    struct capnp_data *out)
{
    return capnp_read_data(&reader.raw, 0, (struct capnp_data){0, 0}, out);
}

static inline bool schema_value_has_data(struct schema_value_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline enum capnp_error schema_value_get_list(struct schema_value_reader reader,
    struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline bool schema_value_has_list(struct schema_value_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline uint16_t schema_value_get_enum(struct schema_value_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 2);
}

static inline enum capnp_error schema_value_get_struct(struct schema_value_reader reader,
    struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline bool schema_value_has_struct(struct schema_value_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline enum capnp_error schema_value_get_any_pointer(struct schema_value_reader reader,
    struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline bool schema_value_has_any_pointer(struct schema_value_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_value_reader schema_value_as_reader(struct schema_value_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_value_reader){
        capnp_builder_struct(view, builder.words, 2, 1)};
}

static inline enum capnp_error schema_value_init_root(struct capnp_builder *message,
    struct schema_value_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_VALUE_DATA_WORDS, SCHEMA_VALUE_POINTERS, &made);
    *out = (struct schema_value_builder){made.message, made.words};
    return error;
}

static inline struct schema_value_builder schema_value_builder_list_at(struct schema_value_builder_list list,
    uint32_t index)
{
    return (struct schema_value_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_value_set_void(struct schema_value_builder builder)
{
    capnp_put_uint16(builder.words, 0, 0);
}

static inline void schema_value_set_bool(struct schema_value_builder builder, bool value)
{
    capnp_put_uint16(builder.words, 0, 1);
    capnp_put_bool(builder.words, 16, value);
}

static inline void schema_value_set_int8(struct schema_value_builder builder, int8_t value)
{
    capnp_put_uint16(builder.words, 0, 2);
    capnp_put_uint8(builder.words, 2, (uint8_t)value);
}

static inline void schema_value_set_int16(struct schema_value_builder builder, int16_t value)
{
    capnp_put_uint16(builder.words, 0, 3);
    capnp_put_uint16(builder.words, 2, (uint16_t)value);
}

static inline void schema_value_set_int32(struct schema_value_builder builder, int32_t value)
{
    capnp_put_uint16(builder.words, 0, 4);
    capnp_put_uint32(builder.words, 4, (uint32_t)value);
}

static inline void schema_value_set_int64(struct schema_value_builder builder, int64_t value)
{
    capnp_put_uint16(builder.words, 0, 5);
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline void schema_value_set_uint8(struct schema_value_builder builder, uint8_t value)
{
    capnp_put_uint16(builder.words, 0, 6);
    capnp_put_uint8(builder.words, 2, (uint8_t)value);
}

static inline void schema_value_set_uint16(struct schema_value_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, 7);
    capnp_put_uint16(builder.words, 2, (uint16_t)value);
}

static inline void schema_value_set_uint32(struct schema_value_builder builder, uint32_t value)
{
    capnp_put_uint16(builder.words, 0, 8);
    capnp_put_uint32(builder.words, 4, (uint32_t)value);
}

static inline void schema_value_set_uint64(struct schema_value_builder builder, uint64_t value)
{
    capnp_put_uint16(builder.words, 0, 9);
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline void schema_value_set_float32_bits(struct schema_value_builder builder, uint32_t value)
{
    capnp_put_uint16(builder.words, 0, 10);
    capnp_put_uint32(builder.words, 4, (uint32_t)value);
}

static inline void schema_value_set_float32(struct schema_value_builder builder, float value)
{
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    schema_value_set_float32_bits(builder, bits);
}

static inline void schema_value_set_float64_bits(struct schema_value_builder builder, uint64_t value)
{
    capnp_put_uint16(builder.words, 0, 11);
    capnp_put_uint64(builder.words, 8, (uint64_t)value);
}

static inline void schema_value_set_float64(struct schema_value_builder builder, double value)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    schema_value_set_float64_bits(builder, bits);
}

static inline enum capnp_error schema_value_set_text(struct schema_value_builder builder,
    struct capnp_text value)
{
    capnp_put_uint16(builder.words, 0, 12);
    return capnp_set_text(builder.message, builder.words + 2, value);
}

static inline enum capnp_error schema_value_disown_text(struct schema_value_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_value_adopt_text(struct schema_value_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 12);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_value_set_data(struct schema_value_builder builder,
    struct capnp_data value)
{
    capnp_put_uint16(builder.words, 0, 13);
    return capnp_set_data(builder.message, builder.words + 2, value);
}

static inline enum capnp_error schema_value_init_data(struct schema_value_builder builder,
    uint32_t length, uint8_t **out)
{
    capnp_put_uint16(builder.words, 0, 13);
    return capnp_init_data(builder.message, builder.words + 2, length, out);
}

static inline enum capnp_error schema_value_disown_data(struct schema_value_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_value_adopt_data(struct schema_value_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 13);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_value_set_list(struct schema_value_builder builder,
    const struct capnp_any *value)
{
    capnp_put_uint16(builder.words, 0, 14);
    return capnp_copy_any(builder.message, builder.words + 2, value);
}

static inline enum capnp_error schema_value_init_list(struct schema_value_builder builder,
    uint32_t data_words, uint32_t pointers, struct capnp_struct_builder *out)
{
    capnp_put_uint16(builder.words, 0, 14);
    return capnp_init_struct(builder.message, builder.words + 2, data_words, pointers, out);
}

static inline enum capnp_error schema_value_disown_list(struct schema_value_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_value_adopt_list(struct schema_value_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 14);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline void schema_value_set_enum(struct schema_value_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, 15);
    capnp_put_uint16(builder.words, 2, (uint16_t)value);
}

static inline enum capnp_error schema_value_set_struct(struct schema_value_builder builder,
    const struct capnp_any *value)
{
    capnp_put_uint16(builder.words, 0, 16);
    return capnp_copy_any(builder.message, builder.words + 2, value);
}

static inline enum capnp_error schema_value_init_struct(struct schema_value_builder builder,
    uint32_t data_words, uint32_t pointers, struct capnp_struct_builder *out)
{
    capnp_put_uint16(builder.words, 0, 16);
    return capnp_init_struct(builder.message, builder.words + 2, data_words, pointers, out);
}

static inline enum capnp_error schema_value_disown_struct(struct schema_value_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_value_adopt_struct(struct schema_value_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 16);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

/* The only interface value that can be represented statically is "null", whose methods always
 * throw exceptions. */
static inline void schema_value_set_interface(struct schema_value_builder builder)
{
    capnp_put_uint16(builder.words, 0, 17);
}

static inline enum capnp_error schema_value_set_any_pointer(struct schema_value_builder builder,
    const struct capnp_any *value)
{
    capnp_put_uint16(builder.words, 0, 18);
    return capnp_copy_any(builder.message, builder.words + 2, value);
}

static inline enum capnp_error schema_value_init_any_pointer(struct schema_value_builder builder,
    uint32_t data_words, uint32_t pointers, struct capnp_struct_builder *out)
{
    capnp_put_uint16(builder.words, 0, 18);
    return capnp_init_struct(builder.message, builder.words + 2, data_words, pointers, out);
}

static inline enum capnp_error schema_value_disown_any_pointer(struct schema_value_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_value_adopt_any_pointer(struct schema_value_builder builder,
    struct capnp_orphan *orphan)
{
    capnp_put_uint16(builder.words, 0, 18);
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_annotation_read_root(struct capnp_message *message,
    struct schema_annotation_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_annotation_list_count(struct schema_annotation_list list)
{
    return list.raw.count;
}

static inline struct schema_annotation_reader schema_annotation_list_at(struct schema_annotation_list list, uint32_t index)
{
    return (struct schema_annotation_reader){capnp_list_struct(&list.raw, index)};
}

/* ID of the annotation node. */
static inline uint64_t schema_annotation_get_id(struct schema_annotation_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

static inline enum capnp_error schema_annotation_get_value(struct schema_annotation_reader reader,
    struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline bool schema_annotation_has_value(struct schema_annotation_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Brand of the annotation.
 *
 * Note that the annotation itself is not allowed to be parameterized, but its scope might be. */
static inline enum capnp_error schema_annotation_get_brand(struct schema_annotation_reader reader,
    struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 1, 0, &out->raw);
}

static inline bool schema_annotation_has_brand(struct schema_annotation_reader reader)
{
    return capnp_has(reader.raw, 1);
}

static inline struct schema_annotation_reader schema_annotation_as_reader(struct schema_annotation_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_annotation_reader){
        capnp_builder_struct(view, builder.words, 1, 2)};
}

static inline enum capnp_error schema_annotation_init_root(struct capnp_builder *message,
    struct schema_annotation_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_ANNOTATION_DATA_WORDS, SCHEMA_ANNOTATION_POINTERS, &made);
    *out = (struct schema_annotation_builder){made.message, made.words};
    return error;
}

static inline struct schema_annotation_builder schema_annotation_builder_list_at(struct schema_annotation_builder_list list,
    uint32_t index)
{
    return (struct schema_annotation_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* ID of the annotation node. */
static inline void schema_annotation_set_id(struct schema_annotation_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

static inline enum capnp_error schema_annotation_init_value(struct schema_annotation_builder builder,
    struct schema_value_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 1,
        SCHEMA_VALUE_DATA_WORDS, SCHEMA_VALUE_POINTERS, &made);
    *out = (struct schema_value_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_annotation_set_value(struct schema_annotation_builder builder,
    struct schema_value_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 1, &value.raw);
}

static inline enum capnp_error schema_annotation_disown_value(struct schema_annotation_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_annotation_adopt_value(struct schema_annotation_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* Brand of the annotation.
 *
 * Note that the annotation itself is not allowed to be parameterized, but its scope might be. */
static inline enum capnp_error schema_annotation_init_brand(struct schema_annotation_builder builder,
    struct schema_brand_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 2,
        SCHEMA_BRAND_DATA_WORDS, SCHEMA_BRAND_POINTERS, &made);
    *out = (struct schema_brand_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_annotation_set_brand(struct schema_annotation_builder builder,
    struct schema_brand_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_annotation_disown_brand(struct schema_annotation_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_annotation_adopt_brand(struct schema_annotation_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_capnp_version_read_root(struct capnp_message *message,
    struct schema_capnp_version_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_capnp_version_list_count(struct schema_capnp_version_list list)
{
    return list.raw.count;
}

static inline struct schema_capnp_version_reader schema_capnp_version_list_at(struct schema_capnp_version_list list, uint32_t index)
{
    return (struct schema_capnp_version_reader){capnp_list_struct(&list.raw, index)};
}

static inline uint16_t schema_capnp_version_get_major(struct schema_capnp_version_reader reader)
{
    return (uint16_t)capnp_get_uint16(reader.raw, 0);
}

static inline uint8_t schema_capnp_version_get_minor(struct schema_capnp_version_reader reader)
{
    return (uint8_t)capnp_get_uint8(reader.raw, 2);
}

static inline uint8_t schema_capnp_version_get_micro(struct schema_capnp_version_reader reader)
{
    return (uint8_t)capnp_get_uint8(reader.raw, 3);
}

static inline struct schema_capnp_version_reader schema_capnp_version_as_reader(struct schema_capnp_version_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_capnp_version_reader){
        capnp_builder_struct(view, builder.words, 1, 0)};
}

static inline enum capnp_error schema_capnp_version_init_root(struct capnp_builder *message,
    struct schema_capnp_version_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_CAPNP_VERSION_DATA_WORDS, SCHEMA_CAPNP_VERSION_POINTERS, &made);
    *out = (struct schema_capnp_version_builder){made.message, made.words};
    return error;
}

static inline struct schema_capnp_version_builder schema_capnp_version_builder_list_at(struct schema_capnp_version_builder_list list,
    uint32_t index)
{
    return (struct schema_capnp_version_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

static inline void schema_capnp_version_set_major(struct schema_capnp_version_builder builder, uint16_t value)
{
    capnp_put_uint16(builder.words, 0, (uint16_t)value);
}

static inline void schema_capnp_version_set_minor(struct schema_capnp_version_builder builder, uint8_t value)
{
    capnp_put_uint8(builder.words, 2, (uint8_t)value);
}

static inline void schema_capnp_version_set_micro(struct schema_capnp_version_builder builder, uint8_t value)
{
    capnp_put_uint8(builder.words, 3, (uint8_t)value);
}

static inline enum capnp_error schema_code_generator_request_read_root(struct capnp_message *message,
    struct schema_code_generator_request_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_code_generator_request_list_count(struct schema_code_generator_request_list list)
{
    return list.raw.count;
}

static inline struct schema_code_generator_request_reader schema_code_generator_request_list_at(struct schema_code_generator_request_list list, uint32_t index)
{
    return (struct schema_code_generator_request_reader){capnp_list_struct(&list.raw, index)};
}

/* All nodes parsed by the compiler, including for the files on the command line and their
 * imports. */
static inline enum capnp_error schema_code_generator_request_get_nodes(struct schema_code_generator_request_reader reader,
    struct schema_node_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_code_generator_request_has_nodes(struct schema_code_generator_request_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* Files which were listed on the command line. */
static inline enum capnp_error schema_code_generator_request_get_requested_files(struct schema_code_generator_request_reader reader,
    struct schema_code_generator_request_requested_file_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_code_generator_request_has_requested_files(struct schema_code_generator_request_reader reader)
{
    return capnp_has(reader.raw, 1);
}

/* Version of the `capnp` executable. Generally, code generators should ignore this, but the code
 * generators that ship with `capnp` itself will print a warning if this mismatches since that
 * probably indicates something is misconfigured.
 *
 * The first version of 'capnp' to set this was 0.6.0. So, if it's missing, the compiler version
 * is older than that. */
static inline enum capnp_error schema_code_generator_request_get_capnp_version(struct schema_code_generator_request_reader reader,
    struct schema_capnp_version_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline bool schema_code_generator_request_has_capnp_version(struct schema_code_generator_request_reader reader)
{
    return capnp_has(reader.raw, 2);
}

/* Information about the original source code for each node, where available. This array may be
 * omitted or may be missing some nodes if no info is available for them. */
static inline enum capnp_error schema_code_generator_request_get_source_info(struct schema_code_generator_request_reader reader,
    struct schema_node_source_info_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_code_generator_request_has_source_info(struct schema_code_generator_request_reader reader)
{
    return capnp_has(reader.raw, 3);
}

static inline struct schema_code_generator_request_reader schema_code_generator_request_as_reader(struct schema_code_generator_request_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_code_generator_request_reader){
        capnp_builder_struct(view, builder.words, 0, 4)};
}

static inline enum capnp_error schema_code_generator_request_init_root(struct capnp_builder *message,
    struct schema_code_generator_request_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_CODE_GENERATOR_REQUEST_DATA_WORDS, SCHEMA_CODE_GENERATOR_REQUEST_POINTERS, &made);
    *out = (struct schema_code_generator_request_builder){made.message, made.words};
    return error;
}

static inline struct schema_code_generator_request_builder schema_code_generator_request_builder_list_at(struct schema_code_generator_request_builder_list list,
    uint32_t index)
{
    return (struct schema_code_generator_request_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* All nodes parsed by the compiler, including for the files on the command line and their
 * imports. */
static inline enum capnp_error schema_code_generator_request_init_nodes(struct schema_code_generator_request_builder builder,
    uint32_t count, struct schema_node_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 0,
        SCHEMA_NODE_DATA_WORDS, SCHEMA_NODE_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_set_nodes(struct schema_code_generator_request_builder builder,
    struct schema_node_list value)
{
    return capnp_copy_list(builder.message, builder.words + 0, &value.raw);
}

static inline enum capnp_error schema_code_generator_request_disown_nodes(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 0, out);
}

static inline enum capnp_error schema_code_generator_request_adopt_nodes(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 0, orphan);
}

/* Files which were listed on the command line. */
static inline enum capnp_error schema_code_generator_request_init_requested_files(struct schema_code_generator_request_builder builder,
    uint32_t count, struct schema_code_generator_request_requested_file_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 1,
        SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_DATA_WORDS, SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_set_requested_files(struct schema_code_generator_request_builder builder,
    struct schema_code_generator_request_requested_file_list value)
{
    return capnp_copy_list(builder.message, builder.words + 1, &value.raw);
}

static inline enum capnp_error schema_code_generator_request_disown_requested_files(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_code_generator_request_adopt_requested_files(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* Version of the `capnp` executable. Generally, code generators should ignore this, but the code
 * generators that ship with `capnp` itself will print a warning if this mismatches since that
 * probably indicates something is misconfigured.
 *
 * The first version of 'capnp' to set this was 0.6.0. So, if it's missing, the compiler version
 * is older than that. */
static inline enum capnp_error schema_code_generator_request_init_capnp_version(struct schema_code_generator_request_builder builder,
    struct schema_capnp_version_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(builder.message, builder.words + 2,
        SCHEMA_CAPNP_VERSION_DATA_WORDS, SCHEMA_CAPNP_VERSION_POINTERS, &made);
    *out = (struct schema_capnp_version_builder){made.message, made.words};
    return error;
}

static inline enum capnp_error schema_code_generator_request_set_capnp_version(struct schema_code_generator_request_builder builder,
    struct schema_capnp_version_reader value)
{
    return capnp_copy_struct(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_code_generator_request_disown_capnp_version(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_code_generator_request_adopt_capnp_version(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

/* Information about the original source code for each node, where available. This array may be
 * omitted or may be missing some nodes if no info is available for them. */
static inline enum capnp_error schema_code_generator_request_init_source_info(struct schema_code_generator_request_builder builder,
    uint32_t count, struct schema_node_source_info_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 3,
        SCHEMA_NODE_SOURCE_INFO_DATA_WORDS, SCHEMA_NODE_SOURCE_INFO_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_set_source_info(struct schema_code_generator_request_builder builder,
    struct schema_node_source_info_list value)
{
    return capnp_copy_list(builder.message, builder.words + 3, &value.raw);
}

static inline enum capnp_error schema_code_generator_request_disown_source_info(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 3, out);
}

static inline enum capnp_error schema_code_generator_request_adopt_source_info(struct schema_code_generator_request_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 3, orphan);
}

static inline enum capnp_error schema_code_generator_request_requested_file_read_root(struct capnp_message *message,
    struct schema_code_generator_request_requested_file_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_code_generator_request_requested_file_list_count(struct schema_code_generator_request_requested_file_list list)
{
    return list.raw.count;
}

static inline struct schema_code_generator_request_requested_file_reader schema_code_generator_request_requested_file_list_at(struct schema_code_generator_request_requested_file_list list, uint32_t index)
{
    return (struct schema_code_generator_request_requested_file_reader){capnp_list_struct(&list.raw, index)};
}

/* ID of the file. */
static inline uint64_t schema_code_generator_request_requested_file_get_id(struct schema_code_generator_request_requested_file_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

/* Name of the file as it appeared on the command-line (minus the src-prefix).  You may use
 * this to decide where to write the output. */
static inline enum capnp_error schema_code_generator_request_requested_file_get_filename(struct schema_code_generator_request_requested_file_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_code_generator_request_requested_file_has_filename(struct schema_code_generator_request_requested_file_reader reader)
{
    return capnp_has(reader.raw, 0);
}

/* List of all imported paths seen in this file. */
static inline enum capnp_error schema_code_generator_request_requested_file_get_imports(struct schema_code_generator_request_requested_file_reader reader,
    struct schema_code_generator_request_requested_file_import_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_code_generator_request_requested_file_has_imports(struct schema_code_generator_request_requested_file_reader reader)
{
    return capnp_has(reader.raw, 1);
}

static inline struct schema_code_generator_request_requested_file_reader schema_code_generator_request_requested_file_as_reader(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_code_generator_request_requested_file_reader){
        capnp_builder_struct(view, builder.words, 1, 2)};
}

static inline enum capnp_error schema_code_generator_request_requested_file_init_root(struct capnp_builder *message,
    struct schema_code_generator_request_requested_file_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_DATA_WORDS, SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_POINTERS, &made);
    *out = (struct schema_code_generator_request_requested_file_builder){made.message, made.words};
    return error;
}

static inline struct schema_code_generator_request_requested_file_builder schema_code_generator_request_requested_file_builder_list_at(struct schema_code_generator_request_requested_file_builder_list list,
    uint32_t index)
{
    return (struct schema_code_generator_request_requested_file_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* ID of the file. */
static inline void schema_code_generator_request_requested_file_set_id(struct schema_code_generator_request_requested_file_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

/* Name of the file as it appeared on the command-line (minus the src-prefix).  You may use
 * this to decide where to write the output. */
static inline enum capnp_error schema_code_generator_request_requested_file_set_filename(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 1, value);
}

static inline enum capnp_error schema_code_generator_request_requested_file_disown_filename(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_code_generator_request_requested_file_adopt_filename(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* List of all imported paths seen in this file. */
static inline enum capnp_error schema_code_generator_request_requested_file_init_imports(struct schema_code_generator_request_requested_file_builder builder,
    uint32_t count, struct schema_code_generator_request_requested_file_import_builder_list *out)
{
    return capnp_init_structs(builder.message, builder.words + 2,
        SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_IMPORT_DATA_WORDS, SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_IMPORT_POINTERS, count, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_requested_file_set_imports(struct schema_code_generator_request_requested_file_builder builder,
    struct schema_code_generator_request_requested_file_import_list value)
{
    return capnp_copy_list(builder.message, builder.words + 2, &value.raw);
}

static inline enum capnp_error schema_code_generator_request_requested_file_disown_imports(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 2, out);
}

static inline enum capnp_error schema_code_generator_request_requested_file_adopt_imports(struct schema_code_generator_request_requested_file_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 2, orphan);
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_read_root(struct capnp_message *message,
    struct schema_code_generator_request_requested_file_import_reader *out)
{
    return capnp_read_root(message, &out->raw);
}

static inline uint32_t schema_code_generator_request_requested_file_import_list_count(struct schema_code_generator_request_requested_file_import_list list)
{
    return list.raw.count;
}

static inline struct schema_code_generator_request_requested_file_import_reader schema_code_generator_request_requested_file_import_list_at(struct schema_code_generator_request_requested_file_import_list list, uint32_t index)
{
    return (struct schema_code_generator_request_requested_file_import_reader){capnp_list_struct(&list.raw, index)};
}

/* ID of the imported file. */
static inline uint64_t schema_code_generator_request_requested_file_import_get_id(struct schema_code_generator_request_requested_file_import_reader reader)
{
    return (uint64_t)capnp_get_uint64(reader.raw, 0);
}

/* Name which *this* file used to refer to the foreign file.  This may be a relative name.
 * This information is provided because it might be useful for code generation, e.g. to
 * generate #include directives in C++.  We don't put this in Node.file because this
 * information is only meaningful at compile time anyway.
 *
 * (On Zooko's triangle, this is the import's petname according to the importing file.) */
static inline enum capnp_error schema_code_generator_request_requested_file_import_get_name(struct schema_code_generator_request_requested_file_import_reader reader,
    struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline bool schema_code_generator_request_requested_file_import_has_name(struct schema_code_generator_request_requested_file_import_reader reader)
{
    return capnp_has(reader.raw, 0);
}

static inline struct schema_code_generator_request_requested_file_import_reader schema_code_generator_request_requested_file_import_as_reader(struct schema_code_generator_request_requested_file_import_builder builder,
    struct capnp_message *view)
{
    capnp_builder_message(builder.message, view);
    return (struct schema_code_generator_request_requested_file_import_reader){
        capnp_builder_struct(view, builder.words, 1, 1)};
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_init_root(struct capnp_builder *message,
    struct schema_code_generator_request_requested_file_import_builder *out)
{
    struct capnp_struct_builder made;
    enum capnp_error error = capnp_init_struct(message,
        capnp_builder_root(message), SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_IMPORT_DATA_WORDS, SCHEMA_CODE_GENERATOR_REQUEST_REQUESTED_FILE_IMPORT_POINTERS, &made);
    *out = (struct schema_code_generator_request_requested_file_import_builder){made.message, made.words};
    return error;
}

static inline struct schema_code_generator_request_requested_file_import_builder schema_code_generator_request_requested_file_import_builder_list_at(struct schema_code_generator_request_requested_file_import_builder_list list,
    uint32_t index)
{
    return (struct schema_code_generator_request_requested_file_import_builder){list.raw.message, capnp_list_words_at(&list.raw, index)};
}

/* ID of the imported file. */
static inline void schema_code_generator_request_requested_file_import_set_id(struct schema_code_generator_request_requested_file_import_builder builder, uint64_t value)
{
    capnp_put_uint64(builder.words, 0, (uint64_t)value);
}

/* Name which *this* file used to refer to the foreign file.  This may be a relative name.
 * This information is provided because it might be useful for code generation, e.g. to
 * generate #include directives in C++.  We don't put this in Node.file because this
 * information is only meaningful at compile time anyway.
 *
 * (On Zooko's triangle, this is the import's petname according to the importing file.) */
static inline enum capnp_error schema_code_generator_request_requested_file_import_set_name(struct schema_code_generator_request_requested_file_import_builder builder,
    struct capnp_text value)
{
    return capnp_set_text(builder.message, builder.words + 1, value);
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_disown_name(struct schema_code_generator_request_requested_file_import_builder builder,
    struct capnp_orphan *out)
{
    return capnp_disown(builder.message, builder.words + 1, out);
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_adopt_name(struct schema_code_generator_request_requested_file_import_builder builder,
    struct capnp_orphan *orphan)
{
    return capnp_adopt(builder.message, builder.words + 1, orphan);
}

/* The fields of a schema_node_parameter as C values. */
struct schema_node_parameter_plain {
    struct capnp_text name;
};

/* Build the message of a schema_node_parameter at the start of a builder that was just begun. */
enum capnp_error schema_node_parameter_encode(struct capnp_builder *builder,
    const struct schema_node_parameter_plain *from);

/* The part of schema_node_parameter_decode for layouts that its own builder does not write. */
enum capnp_error schema_node_parameter_decode_general(struct capnp_message *message,
    struct schema_node_parameter_plain *to);

/* Read a schema_node_parameter of the layout that its own builder writes; false for any other. */
static inline __attribute__((always_inline)) bool schema_node_parameter_expected(
    struct capnp_message *message, struct schema_node_parameter_plain *to)
{
    const uint64_t *words = message->segments[0].words;
    uint64_t length = message->segments[0].word_count;
    uint64_t word = 0, next = 2;
    (void)word, (void)next;
    if (length < 2 || !capnp_is64(words, UINT64_C(0x1000000000000)))
        return false;
    word = capnp_load64(words + 1) -
        (UINT64_C(0xa00000001) | (uint64_t)(next - 2) << 2);
    word = word >> 35 | word << 29;
    if (word >= (length - next) * 8 ||
        !capnp_is8((const uint8_t *)(words + next) + word, 0))
        return false;
    to->name = (struct capnp_text){(const char *)(words + next), (uint32_t)word};
    next += (word >> 3) + 1;
    if (message->nesting_levels < 2 || !capnp_charge(message, next))
        return false;
    return true;
}

/* Read a message, of any legal layout, that was just prepared. Texts and bytes stay in it.
 * The first error is returned; what it spoiled has its default. */
static inline enum capnp_error schema_node_parameter_decode(struct capnp_message *message,
    struct schema_node_parameter_plain *to)
{
    struct schema_node_parameter_plain other;
    if (__builtin_expect(message->segment_count != 0 &&
                         schema_node_parameter_expected(message, to), 1))
        return CAPNP_OK;
    enum capnp_error error = schema_node_parameter_decode_general(message, &other);
    *to = other; /* apart, so that registers may hold the usual case's */
    return error;
}

/* The fields of a schema_node_nested_node as C values. */
struct schema_node_nested_node_plain {
    struct capnp_text name;
    uint64_t id;
};

/* Build the message of a schema_node_nested_node at the start of a builder that was just begun. */
enum capnp_error schema_node_nested_node_encode(struct capnp_builder *builder,
    const struct schema_node_nested_node_plain *from);

/* The part of schema_node_nested_node_decode for layouts that its own builder does not write. */
enum capnp_error schema_node_nested_node_decode_general(struct capnp_message *message,
    struct schema_node_nested_node_plain *to);

/* Read a schema_node_nested_node of the layout that its own builder writes; false for any other. */
static inline __attribute__((always_inline)) bool schema_node_nested_node_expected(
    struct capnp_message *message, struct schema_node_nested_node_plain *to)
{
    const uint64_t *words = message->segments[0].words;
    uint64_t length = message->segments[0].word_count;
    uint64_t word = 0, next = 3;
    (void)word, (void)next;
    if (length < 3 || !capnp_is64(words, UINT64_C(0x1000100000000)))
        return false;
    word = capnp_load64(words + 1);
    to->id = (uint64_t)(uint64_t)(word >> 0);
    word = capnp_load64(words + 2) -
        (UINT64_C(0xa00000001) | (uint64_t)(next - 3) << 2);
    word = word >> 35 | word << 29;
    if (word >= (length - next) * 8 ||
        !capnp_is8((const uint8_t *)(words + next) + word, 0))
        return false;
    to->name = (struct capnp_text){(const char *)(words + next), (uint32_t)word};
    next += (word >> 3) + 1;
    if (message->nesting_levels < 2 || !capnp_charge(message, next))
        return false;
    return true;
}

/* Read a message, of any legal layout, that was just prepared. Texts and bytes stay in it.
 * The first error is returned; what it spoiled has its default. */
static inline enum capnp_error schema_node_nested_node_decode(struct capnp_message *message,
    struct schema_node_nested_node_plain *to)
{
    struct schema_node_nested_node_plain other;
    if (__builtin_expect(message->segment_count != 0 &&
                         schema_node_nested_node_expected(message, to), 1))
        return CAPNP_OK;
    enum capnp_error error = schema_node_nested_node_decode_general(message, &other);
    *to = other; /* apart, so that registers may hold the usual case's */
    return error;
}

/* The fields of a schema_node_source_info_member as C values. */
struct schema_node_source_info_member_plain {
    struct capnp_text doc_comment;
};

/* Build the message of a schema_node_source_info_member at the start of a builder that was just begun. */
enum capnp_error schema_node_source_info_member_encode(struct capnp_builder *builder,
    const struct schema_node_source_info_member_plain *from);

/* The part of schema_node_source_info_member_decode for layouts that its own builder does not write. */
enum capnp_error schema_node_source_info_member_decode_general(struct capnp_message *message,
    struct schema_node_source_info_member_plain *to);

/* Read a schema_node_source_info_member of the layout that its own builder writes; false for any other. */
static inline __attribute__((always_inline)) bool schema_node_source_info_member_expected(
    struct capnp_message *message, struct schema_node_source_info_member_plain *to)
{
    const uint64_t *words = message->segments[0].words;
    uint64_t length = message->segments[0].word_count;
    uint64_t word = 0, next = 2;
    (void)word, (void)next;
    if (length < 2 || !capnp_is64(words, UINT64_C(0x1000000000000)))
        return false;
    word = capnp_load64(words + 1) -
        (UINT64_C(0xa00000001) | (uint64_t)(next - 2) << 2);
    word = word >> 35 | word << 29;
    if (word >= (length - next) * 8 ||
        !capnp_is8((const uint8_t *)(words + next) + word, 0))
        return false;
    to->doc_comment = (struct capnp_text){(const char *)(words + next), (uint32_t)word};
    next += (word >> 3) + 1;
    if (message->nesting_levels < 2 || !capnp_charge(message, next))
        return false;
    return true;
}

/* Read a message, of any legal layout, that was just prepared. Texts and bytes stay in it.
 * The first error is returned; what it spoiled has its default. */
static inline enum capnp_error schema_node_source_info_member_decode(struct capnp_message *message,
    struct schema_node_source_info_member_plain *to)
{
    struct schema_node_source_info_member_plain other;
    if (__builtin_expect(message->segment_count != 0 &&
                         schema_node_source_info_member_expected(message, to), 1))
        return CAPNP_OK;
    enum capnp_error error = schema_node_source_info_member_decode_general(message, &other);
    *to = other; /* apart, so that registers may hold the usual case's */
    return error;
}

/* The fields of a schema_capnp_version as C values. */
struct schema_capnp_version_plain {
    uint16_t major;
    uint8_t minor;
    uint8_t micro;
};

/* Build the message of a schema_capnp_version at the start of a builder that was just begun. */
enum capnp_error schema_capnp_version_encode(struct capnp_builder *builder,
    const struct schema_capnp_version_plain *from);

/* The part of schema_capnp_version_decode for layouts that its own builder does not write. */
enum capnp_error schema_capnp_version_decode_general(struct capnp_message *message,
    struct schema_capnp_version_plain *to);

/* Read a schema_capnp_version of the layout that its own builder writes; false for any other. */
static inline __attribute__((always_inline)) bool schema_capnp_version_expected(
    struct capnp_message *message, struct schema_capnp_version_plain *to)
{
    const uint64_t *words = message->segments[0].words;
    uint64_t length = message->segments[0].word_count;
    uint64_t word = 0, next = 2;
    (void)word, (void)next;
    if (length < 2 || !capnp_is64(words, UINT64_C(0x100000000)))
        return false;
    word = capnp_load64(words + 1);
    to->major = (uint16_t)(uint16_t)(word >> 0);
    to->minor = (uint8_t)(uint8_t)(word >> 16);
    to->micro = (uint8_t)(uint8_t)(word >> 24);
    if (message->nesting_levels < 2 || !capnp_charge(message, next))
        return false;
    return true;
}

/* Read a message, of any legal layout, that was just prepared. Texts and bytes stay in it.
 * The first error is returned; what it spoiled has its default. */
static inline enum capnp_error schema_capnp_version_decode(struct capnp_message *message,
    struct schema_capnp_version_plain *to)
{
    struct schema_capnp_version_plain other;
    if (__builtin_expect(message->segment_count != 0 &&
                         schema_capnp_version_expected(message, to), 1))
        return CAPNP_OK;
    enum capnp_error error = schema_capnp_version_decode_general(message, &other);
    *to = other; /* apart, so that registers may hold the usual case's */
    return error;
}

/* The fields of a schema_code_generator_request_requested_file_import as C values. */
struct schema_code_generator_request_requested_file_import_plain {
    uint64_t id;
    struct capnp_text name;
};

/* Build the message of a schema_code_generator_request_requested_file_import at the start of a builder that was just begun. */
enum capnp_error schema_code_generator_request_requested_file_import_encode(struct capnp_builder *builder,
    const struct schema_code_generator_request_requested_file_import_plain *from);

/* The part of schema_code_generator_request_requested_file_import_decode for layouts that its own builder does not write. */
enum capnp_error schema_code_generator_request_requested_file_import_decode_general(struct capnp_message *message,
    struct schema_code_generator_request_requested_file_import_plain *to);

/* Read a schema_code_generator_request_requested_file_import of the layout that its own builder writes; false for any other. */
static inline __attribute__((always_inline)) bool schema_code_generator_request_requested_file_import_expected(
    struct capnp_message *message, struct schema_code_generator_request_requested_file_import_plain *to)
{
    const uint64_t *words = message->segments[0].words;
    uint64_t length = message->segments[0].word_count;
    uint64_t word = 0, next = 3;
    (void)word, (void)next;
    if (length < 3 || !capnp_is64(words, UINT64_C(0x1000100000000)))
        return false;
    word = capnp_load64(words + 1);
    to->id = (uint64_t)(uint64_t)(word >> 0);
    word = capnp_load64(words + 2) -
        (UINT64_C(0xa00000001) | (uint64_t)(next - 3) << 2);
    word = word >> 35 | word << 29;
    if (word >= (length - next) * 8 ||
        !capnp_is8((const uint8_t *)(words + next) + word, 0))
        return false;
    to->name = (struct capnp_text){(const char *)(words + next), (uint32_t)word};
    next += (word >> 3) + 1;
    if (message->nesting_levels < 2 || !capnp_charge(message, next))
        return false;
    return true;
}

/* Read a message, of any legal layout, that was just prepared. Texts and bytes stay in it.
 * The first error is returned; what it spoiled has its default. */
static inline enum capnp_error schema_code_generator_request_requested_file_import_decode(struct capnp_message *message,
    struct schema_code_generator_request_requested_file_import_plain *to)
{
    struct schema_code_generator_request_requested_file_import_plain other;
    if (__builtin_expect(message->segment_count != 0 &&
                         schema_code_generator_request_requested_file_import_expected(message, to), 1))
        return CAPNP_OK;
    enum capnp_error error = schema_code_generator_request_requested_file_import_decode_general(message, &other);
    *to = other; /* apart, so that registers may hold the usual case's */
    return error;
}

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif
#endif
