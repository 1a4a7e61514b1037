/* SPDX-License-Identifier: MIT */
#ifndef SCHEMA_CAPNP_H
#define SCHEMA_CAPNP_H
#include "capnp.h"

struct schema_node_reader {
    struct capnp_struct raw;
};

struct schema_node_list {
    struct capnp_list raw;
};

enum schema_node_which {
    SCHEMA_NODE_WHICH_FILE = 0,
    SCHEMA_NODE_WHICH_STRUCT = 1,
    SCHEMA_NODE_WHICH_ENUM = 2,
    SCHEMA_NODE_WHICH_INTERFACE = 3,
    SCHEMA_NODE_WHICH_CONST = 4,
    SCHEMA_NODE_WHICH_ANNOTATION = 5,
};

struct schema_node_struct_reader {
    struct capnp_struct raw;
};

struct schema_node_struct_list {
    struct capnp_list raw;
};

struct schema_node_enum_reader {
    struct capnp_struct raw;
};

struct schema_node_enum_list {
    struct capnp_list raw;
};

struct schema_node_interface_reader {
    struct capnp_struct raw;
};

struct schema_node_interface_list {
    struct capnp_list raw;
};

struct schema_node_const_reader {
    struct capnp_struct raw;
};

struct schema_node_const_list {
    struct capnp_list raw;
};

struct schema_node_annotation_reader {
    struct capnp_struct raw;
};

struct schema_node_annotation_list {
    struct capnp_list raw;
};

struct schema_node_parameter_reader {
    struct capnp_struct raw;
};

struct schema_node_parameter_list {
    struct capnp_list raw;
};

struct schema_node_nested_node_reader {
    struct capnp_struct raw;
};

struct schema_node_nested_node_list {
    struct capnp_list raw;
};

struct schema_node_source_info_reader {
    struct capnp_struct raw;
};

struct schema_node_source_info_list {
    struct capnp_list raw;
};

struct schema_node_source_info_member_reader {
    struct capnp_struct raw;
};

struct schema_node_source_info_member_list {
    struct capnp_list raw;
};

struct schema_field_reader {
    struct capnp_struct raw;
};

struct schema_field_list {
    struct capnp_list raw;
};

enum schema_field_which {
    SCHEMA_FIELD_WHICH_SLOT = 0,
    SCHEMA_FIELD_WHICH_GROUP = 1,
};

struct schema_field_slot_reader {
    struct capnp_struct raw;
};

struct schema_field_slot_list {
    struct capnp_list raw;
};

struct schema_field_group_reader {
    struct capnp_struct raw;
};

struct schema_field_group_list {
    struct capnp_list raw;
};

struct schema_field_ordinal_reader {
    struct capnp_struct raw;
};

struct schema_field_ordinal_list {
    struct capnp_list raw;
};

enum schema_field_ordinal_which {
    SCHEMA_FIELD_ORDINAL_WHICH_IMPLICIT = 0,
    SCHEMA_FIELD_ORDINAL_WHICH_EXPLICIT = 1,
};

struct schema_enumerant_reader {
    struct capnp_struct raw;
};

struct schema_enumerant_list {
    struct capnp_list raw;
};

struct schema_superclass_reader {
    struct capnp_struct raw;
};

struct schema_superclass_list {
    struct capnp_list raw;
};

struct schema_method_reader {
    struct capnp_struct raw;
};

struct schema_method_list {
    struct capnp_list raw;
};

struct schema_type_reader {
    struct capnp_struct raw;
};

struct schema_type_list {
    struct capnp_list raw;
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

struct schema_type_list_list {
    struct capnp_list raw;
};

struct schema_type_enum_reader {
    struct capnp_struct raw;
};

struct schema_type_enum_list {
    struct capnp_list raw;
};

struct schema_type_struct_reader {
    struct capnp_struct raw;
};

struct schema_type_struct_list {
    struct capnp_list raw;
};

struct schema_type_interface_reader {
    struct capnp_struct raw;
};

struct schema_type_interface_list {
    struct capnp_list raw;
};

struct schema_type_any_pointer_reader {
    struct capnp_struct raw;
};

struct schema_type_any_pointer_list {
    struct capnp_list raw;
};

enum schema_type_any_pointer_which {
    SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED = 0,
    SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER = 1,
    SCHEMA_TYPE_ANY_POINTER_WHICH_IMPLICIT_METHOD_PARAMETER = 2,
};

struct schema_type_any_pointer_unconstrained_reader {
    struct capnp_struct raw;
};

struct schema_type_any_pointer_unconstrained_list {
    struct capnp_list raw;
};

enum schema_type_any_pointer_unconstrained_which {
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_ANY_KIND = 0,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_STRUCT = 1,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_LIST = 2,
    SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_CAPABILITY = 3,
};

struct schema_type_any_pointer_parameter_reader {
    struct capnp_struct raw;
};

struct schema_type_any_pointer_parameter_list {
    struct capnp_list raw;
};

struct schema_type_any_pointer_implicit_method_parameter_reader {
    struct capnp_struct raw;
};

struct schema_type_any_pointer_implicit_method_parameter_list {
    struct capnp_list raw;
};

struct schema_brand_reader {
    struct capnp_struct raw;
};

struct schema_brand_list {
    struct capnp_list raw;
};

struct schema_brand_scope_reader {
    struct capnp_struct raw;
};

struct schema_brand_scope_list {
    struct capnp_list raw;
};

enum schema_brand_scope_which {
    SCHEMA_BRAND_SCOPE_WHICH_BIND = 0,
    SCHEMA_BRAND_SCOPE_WHICH_INHERIT = 1,
};

struct schema_brand_binding_reader {
    struct capnp_struct raw;
};

struct schema_brand_binding_list {
    struct capnp_list raw;
};

enum schema_brand_binding_which {
    SCHEMA_BRAND_BINDING_WHICH_UNBOUND = 0,
    SCHEMA_BRAND_BINDING_WHICH_TYPE = 1,
};

struct schema_value_reader {
    struct capnp_struct raw;
};

struct schema_value_list {
    struct capnp_list raw;
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

struct schema_annotation_reader {
    struct capnp_struct raw;
};

struct schema_annotation_list {
    struct capnp_list raw;
};

enum schema_element_size {
    SCHEMA_ELEMENT_SIZE_EMPTY,
    SCHEMA_ELEMENT_SIZE_BIT,
    SCHEMA_ELEMENT_SIZE_BYTE,
    SCHEMA_ELEMENT_SIZE_TWO_BYTES,
    SCHEMA_ELEMENT_SIZE_FOUR_BYTES,
    SCHEMA_ELEMENT_SIZE_EIGHT_BYTES,
    SCHEMA_ELEMENT_SIZE_POINTER,
    SCHEMA_ELEMENT_SIZE_INLINE_COMPOSITE,
};

struct schema_capnp_version_reader {
    struct capnp_struct raw;
};

struct schema_capnp_version_list {
    struct capnp_list raw;
};

struct schema_code_generator_request_reader {
    struct capnp_struct raw;
};

struct schema_code_generator_request_list {
    struct capnp_list raw;
};

struct schema_code_generator_request_requested_file_reader {
    struct capnp_struct raw;
};

struct schema_code_generator_request_requested_file_list {
    struct capnp_list raw;
};

struct schema_code_generator_request_requested_file_import_reader {
    struct capnp_struct raw;
};

struct schema_code_generator_request_requested_file_import_list {
    struct capnp_list raw;
};

static inline enum capnp_error schema_node_read_root(struct capnp_message *message, struct schema_node_reader *out)
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
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_node_get_display_name(struct schema_node_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline uint32_t schema_node_get_display_name_prefix_length(struct schema_node_reader reader)
{
    return (uint32_t)(capnp_get_uint32(reader.raw, 8));
}

static inline uint64_t schema_node_get_scope_id(struct schema_node_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 16));
}

static inline enum capnp_error schema_node_get_parameters(struct schema_node_reader reader, struct schema_node_parameter_list *out)
{
    return capnp_read_list(&reader.raw, 5, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline bool schema_node_get_is_generic(struct schema_node_reader reader)
{
    return capnp_get_bool(reader.raw, 288);
}

static inline enum capnp_error schema_node_get_nested_nodes(struct schema_node_reader reader, struct schema_node_nested_node_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_get_annotations(struct schema_node_reader reader, struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 2, 0, CAPNP_COMPOSITE, &out->raw);
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

static inline uint16_t schema_node_struct_get_data_word_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 14));
}

static inline uint16_t schema_node_struct_get_pointer_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 24));
}

static inline enum schema_element_size schema_node_struct_get_preferred_list_encoding(struct schema_node_struct_reader reader)
{
    return (enum schema_element_size)capnp_get_uint16(reader.raw, 26);
}

static inline bool schema_node_struct_get_is_group(struct schema_node_struct_reader reader)
{
    return capnp_get_bool(reader.raw, 224);
}

static inline uint16_t schema_node_struct_get_discriminant_count(struct schema_node_struct_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 30));
}

static inline uint32_t schema_node_struct_get_discriminant_offset(struct schema_node_struct_reader reader)
{
    return (uint32_t)(capnp_get_uint32(reader.raw, 32));
}

static inline enum capnp_error schema_node_struct_get_fields(struct schema_node_struct_reader reader, struct schema_field_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_enum_get_enumerants(struct schema_node_enum_reader reader, struct schema_enumerant_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_interface_get_methods(struct schema_node_interface_reader reader, struct schema_method_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_interface_get_superclasses(struct schema_node_interface_reader reader, struct schema_superclass_list *out)
{
    return capnp_read_list(&reader.raw, 4, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_const_get_type(struct schema_node_const_reader reader, struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline enum capnp_error schema_node_const_get_value(struct schema_node_const_reader reader, struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 4, 0, &out->raw);
}

static inline enum capnp_error schema_node_annotation_get_type(struct schema_node_annotation_reader reader, struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_node_annotation_get_targets_file(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 112);
}

static inline bool schema_node_annotation_get_targets_const(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 113);
}

static inline bool schema_node_annotation_get_targets_enum(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 114);
}

static inline bool schema_node_annotation_get_targets_enumerant(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 115);
}

static inline bool schema_node_annotation_get_targets_struct(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 116);
}

static inline bool schema_node_annotation_get_targets_field(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 117);
}

static inline bool schema_node_annotation_get_targets_union(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 118);
}

static inline bool schema_node_annotation_get_targets_group(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 119);
}

static inline bool schema_node_annotation_get_targets_interface(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 120);
}

static inline bool schema_node_annotation_get_targets_method(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 121);
}

static inline bool schema_node_annotation_get_targets_param(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 122);
}

static inline bool schema_node_annotation_get_targets_annotation(struct schema_node_annotation_reader reader)
{
    return capnp_get_bool(reader.raw, 123);
}

static inline enum capnp_error schema_node_parameter_read_root(struct capnp_message *message, struct schema_node_parameter_reader *out)
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

static inline enum capnp_error schema_node_parameter_get_name(struct schema_node_parameter_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline enum capnp_error schema_node_nested_node_read_root(struct capnp_message *message, struct schema_node_nested_node_reader *out)
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

static inline enum capnp_error schema_node_nested_node_get_name(struct schema_node_nested_node_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline uint64_t schema_node_nested_node_get_id(struct schema_node_nested_node_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_node_source_info_read_root(struct capnp_message *message, struct schema_node_source_info_reader *out)
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

static inline uint64_t schema_node_source_info_get_id(struct schema_node_source_info_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_node_source_info_get_doc_comment(struct schema_node_source_info_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline enum capnp_error schema_node_source_info_get_members(struct schema_node_source_info_reader reader, struct schema_node_source_info_member_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_node_source_info_member_read_root(struct capnp_message *message, struct schema_node_source_info_member_reader *out)
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

static inline enum capnp_error schema_node_source_info_member_get_doc_comment(struct schema_node_source_info_member_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline enum capnp_error schema_field_read_root(struct capnp_message *message, struct schema_field_reader *out)
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

static inline enum capnp_error schema_field_get_name(struct schema_field_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline uint16_t schema_field_get_code_order(struct schema_field_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 0));
}

static inline enum capnp_error schema_field_get_annotations(struct schema_field_reader reader, struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline uint16_t schema_field_get_discriminant_value(struct schema_field_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 2) ^ 65535);
}

static inline struct schema_field_slot_reader schema_field_get_slot(struct schema_field_reader reader)
{
    return (struct schema_field_slot_reader){reader.raw};
}

static inline struct schema_field_group_reader schema_field_get_group(struct schema_field_reader reader)
{
    return (struct schema_field_group_reader){reader.raw};
}

static inline struct schema_field_ordinal_reader schema_field_get_ordinal(struct schema_field_reader reader)
{
    return (struct schema_field_ordinal_reader){reader.raw};
}

static inline uint32_t schema_field_slot_get_offset(struct schema_field_slot_reader reader)
{
    return (uint32_t)(capnp_get_uint32(reader.raw, 4));
}

static inline enum capnp_error schema_field_slot_get_type(struct schema_field_slot_reader reader, struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline enum capnp_error schema_field_slot_get_default_value(struct schema_field_slot_reader reader, struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline bool schema_field_slot_get_had_explicit_default(struct schema_field_slot_reader reader)
{
    return capnp_get_bool(reader.raw, 128);
}

static inline uint64_t schema_field_group_get_type_id(struct schema_field_group_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 16));
}

static inline enum schema_field_ordinal_which schema_field_ordinal_which(struct schema_field_ordinal_reader reader)
{
    return (enum schema_field_ordinal_which)capnp_get_uint16(reader.raw, 10);
}

static inline uint16_t schema_field_ordinal_get_explicit(struct schema_field_ordinal_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 12));
}

static inline enum capnp_error schema_enumerant_read_root(struct capnp_message *message, struct schema_enumerant_reader *out)
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

static inline enum capnp_error schema_enumerant_get_name(struct schema_enumerant_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline uint16_t schema_enumerant_get_code_order(struct schema_enumerant_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 0));
}

static inline enum capnp_error schema_enumerant_get_annotations(struct schema_enumerant_reader reader, struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_superclass_read_root(struct capnp_message *message, struct schema_superclass_reader *out)
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
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_superclass_get_brand(struct schema_superclass_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline enum capnp_error schema_method_read_root(struct capnp_message *message, struct schema_method_reader *out)
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

static inline enum capnp_error schema_method_get_name(struct schema_method_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline uint16_t schema_method_get_code_order(struct schema_method_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 0));
}

static inline enum capnp_error schema_method_get_implicit_parameters(struct schema_method_reader reader, struct schema_node_parameter_list *out)
{
    return capnp_read_list(&reader.raw, 4, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline uint64_t schema_method_get_param_struct_type(struct schema_method_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline enum capnp_error schema_method_get_param_brand(struct schema_method_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline uint64_t schema_method_get_result_struct_type(struct schema_method_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 16));
}

static inline enum capnp_error schema_method_get_result_brand(struct schema_method_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 3, 0, &out->raw);
}

static inline enum capnp_error schema_method_get_annotations(struct schema_method_reader reader, struct schema_annotation_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_type_read_root(struct capnp_message *message, struct schema_type_reader *out)
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

static inline enum capnp_error schema_type_list_get_element_type(struct schema_type_list_reader reader, struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline uint64_t schema_type_enum_get_type_id(struct schema_type_enum_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline enum capnp_error schema_type_enum_get_brand(struct schema_type_enum_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline uint64_t schema_type_struct_get_type_id(struct schema_type_struct_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline enum capnp_error schema_type_struct_get_brand(struct schema_type_struct_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline uint64_t schema_type_interface_get_type_id(struct schema_type_interface_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline enum capnp_error schema_type_interface_get_brand(struct schema_type_interface_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline enum schema_type_any_pointer_which schema_type_any_pointer_which(struct schema_type_any_pointer_reader reader)
{
    return (enum schema_type_any_pointer_which)capnp_get_uint16(reader.raw, 8);
}

static inline struct schema_type_any_pointer_unconstrained_reader schema_type_any_pointer_get_unconstrained(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_unconstrained_reader){reader.raw};
}

static inline struct schema_type_any_pointer_parameter_reader schema_type_any_pointer_get_parameter(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_parameter_reader){reader.raw};
}

static inline struct schema_type_any_pointer_implicit_method_parameter_reader schema_type_any_pointer_get_implicit_method_parameter(struct schema_type_any_pointer_reader reader)
{
    return (struct schema_type_any_pointer_implicit_method_parameter_reader){reader.raw};
}

static inline enum schema_type_any_pointer_unconstrained_which schema_type_any_pointer_unconstrained_which(struct schema_type_any_pointer_unconstrained_reader reader)
{
    return (enum schema_type_any_pointer_unconstrained_which)capnp_get_uint16(reader.raw, 10);
}

static inline uint64_t schema_type_any_pointer_parameter_get_scope_id(struct schema_type_any_pointer_parameter_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 16));
}

static inline uint16_t schema_type_any_pointer_parameter_get_parameter_index(struct schema_type_any_pointer_parameter_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 10));
}

static inline uint16_t schema_type_any_pointer_implicit_method_parameter_get_parameter_index(struct schema_type_any_pointer_implicit_method_parameter_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 10));
}

static inline enum capnp_error schema_brand_read_root(struct capnp_message *message, struct schema_brand_reader *out)
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

static inline enum capnp_error schema_brand_get_scopes(struct schema_brand_reader reader, struct schema_brand_scope_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_brand_scope_read_root(struct capnp_message *message, struct schema_brand_scope_reader *out)
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

static inline uint64_t schema_brand_scope_get_scope_id(struct schema_brand_scope_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_brand_scope_get_bind(struct schema_brand_scope_reader reader, struct schema_brand_binding_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_brand_binding_read_root(struct capnp_message *message, struct schema_brand_binding_reader *out)
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

static inline enum capnp_error schema_brand_binding_get_type(struct schema_brand_binding_reader reader, struct schema_type_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline enum capnp_error schema_value_read_root(struct capnp_message *message, struct schema_value_reader *out)
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
    return capnp_get_bool(reader.raw, 16);
}

static inline int8_t schema_value_get_int8(struct schema_value_reader reader)
{
    return (int8_t)(capnp_get_uint8(reader.raw, 2));
}

static inline int16_t schema_value_get_int16(struct schema_value_reader reader)
{
    return (int16_t)(capnp_get_uint16(reader.raw, 2));
}

static inline int32_t schema_value_get_int32(struct schema_value_reader reader)
{
    return (int32_t)(capnp_get_uint32(reader.raw, 4));
}

static inline int64_t schema_value_get_int64(struct schema_value_reader reader)
{
    return (int64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline uint8_t schema_value_get_uint8(struct schema_value_reader reader)
{
    return (uint8_t)(capnp_get_uint8(reader.raw, 2));
}

static inline uint16_t schema_value_get_uint16(struct schema_value_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 2));
}

static inline uint32_t schema_value_get_uint32(struct schema_value_reader reader)
{
    return (uint32_t)(capnp_get_uint32(reader.raw, 4));
}

static inline uint64_t schema_value_get_uint64(struct schema_value_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline uint32_t schema_value_get_float32_bits(struct schema_value_reader reader)
{
    return (uint32_t)(capnp_get_uint32(reader.raw, 4));
}

static inline uint64_t schema_value_get_float64_bits(struct schema_value_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 8));
}

static inline enum capnp_error schema_value_get_text(struct schema_value_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline enum capnp_error schema_value_get_data(struct schema_value_reader reader, struct capnp_data *out)
{
    return capnp_read_data(&reader.raw, 0, (struct capnp_data){0, 0}, out);
}

static inline enum capnp_error schema_value_get_list(struct schema_value_reader reader, struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline uint16_t schema_value_get_enum(struct schema_value_reader reader)
{
    return (uint16_t)(capnp_get_uint16(reader.raw, 2));
}

static inline enum capnp_error schema_value_get_struct(struct schema_value_reader reader, struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline enum capnp_error schema_value_get_any_pointer(struct schema_value_reader reader, struct capnp_any *out)
{
    return capnp_read_any(&reader.raw, 0, out);
}

static inline enum capnp_error schema_annotation_read_root(struct capnp_message *message, struct schema_annotation_reader *out)
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

static inline uint64_t schema_annotation_get_id(struct schema_annotation_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_annotation_get_brand(struct schema_annotation_reader reader, struct schema_brand_reader *out)
{
    return capnp_read_struct(&reader.raw, 1, 0, &out->raw);
}

static inline enum capnp_error schema_annotation_get_value(struct schema_annotation_reader reader, struct schema_value_reader *out)
{
    return capnp_read_struct(&reader.raw, 0, 0, &out->raw);
}

static inline enum capnp_error schema_capnp_version_read_root(struct capnp_message *message, struct schema_capnp_version_reader *out)
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
    return (uint16_t)(capnp_get_uint16(reader.raw, 0));
}

static inline uint8_t schema_capnp_version_get_minor(struct schema_capnp_version_reader reader)
{
    return (uint8_t)(capnp_get_uint8(reader.raw, 2));
}

static inline uint8_t schema_capnp_version_get_micro(struct schema_capnp_version_reader reader)
{
    return (uint8_t)(capnp_get_uint8(reader.raw, 3));
}

static inline enum capnp_error schema_code_generator_request_read_root(struct capnp_message *message, struct schema_code_generator_request_reader *out)
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

static inline enum capnp_error schema_code_generator_request_get_capnp_version(struct schema_code_generator_request_reader reader, struct schema_capnp_version_reader *out)
{
    return capnp_read_struct(&reader.raw, 2, 0, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_get_nodes(struct schema_code_generator_request_reader reader, struct schema_node_list *out)
{
    return capnp_read_list(&reader.raw, 0, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_get_source_info(struct schema_code_generator_request_reader reader, struct schema_node_source_info_list *out)
{
    return capnp_read_list(&reader.raw, 3, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_get_requested_files(struct schema_code_generator_request_reader reader, struct schema_code_generator_request_requested_file_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_requested_file_read_root(struct capnp_message *message, struct schema_code_generator_request_requested_file_reader *out)
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

static inline uint64_t schema_code_generator_request_requested_file_get_id(struct schema_code_generator_request_requested_file_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_code_generator_request_requested_file_get_filename(struct schema_code_generator_request_requested_file_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

static inline enum capnp_error schema_code_generator_request_requested_file_get_imports(struct schema_code_generator_request_requested_file_reader reader, struct schema_code_generator_request_requested_file_import_list *out)
{
    return capnp_read_list(&reader.raw, 1, 0, CAPNP_COMPOSITE, &out->raw);
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_read_root(struct capnp_message *message, struct schema_code_generator_request_requested_file_import_reader *out)
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

static inline uint64_t schema_code_generator_request_requested_file_import_get_id(struct schema_code_generator_request_requested_file_import_reader reader)
{
    return (uint64_t)(capnp_get_uint64(reader.raw, 0));
}

static inline enum capnp_error schema_code_generator_request_requested_file_import_get_name(struct schema_code_generator_request_requested_file_import_reader reader, struct capnp_text *out)
{
    return capnp_read_text(&reader.raw, 0, (struct capnp_text){"", 0}, out);
}

#endif
