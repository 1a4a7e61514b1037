/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <inttypes.h>
#include <string.h>

#include "name.h"
#include "type_name.h"

char *words_page(struct schema_node_reader node)
{
    return request_file_base(node);
}

char *words_anchor(struct schema_node_reader node)
{
    return request_path(node);
}

/* Is a page written of the file that a node comes from, and not only of what imports it. */
static bool has_page(struct schema_node_reader node)
{
    struct schema_code_generator_request_requested_file_list files;
    struct schema_node_reader file;
    schema_code_generator_request_get_requested_files(request_root(), &files);
    if (!request_file(node, &file))
        return false;
    for (uint32_t i = 0; i < schema_code_generator_request_requested_file_list_count(files); i++) {
        if (schema_code_generator_request_requested_file_get_id(
                schema_code_generator_request_requested_file_list_at(files, i)) ==
            schema_node_get_id(file))
            return true;
    }
    return false;
}

void words_node(struct page *page, uint64_t id)
{
    struct schema_node_reader node;
    if (!request_node(id, &node))
        page_words(page, name_format("0x%016" PRIx64, id));
    else if (has_page(node))
        page_link(page, words_page(node), words_anchor(node), request_path(node));
    else
        page_words(page, request_path(node));
}

void words_brand(struct page *page, struct schema_brand_reader brand)
{
    struct schema_brand_scope_list scopes;
    schema_brand_get_scopes(brand, &scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);
        struct schema_brand_binding_list list;
        if (schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
            continue;
        schema_brand_scope_get_bind(scope, &list);
        page_words(page, "(");
        for (uint32_t j = 0; j < schema_brand_binding_list_count(list); j++) {
            struct schema_brand_binding_reader binding = schema_brand_binding_list_at(list, j);
            struct schema_type_reader type;
            page_words(page, j ? ", " : "");
            if (schema_brand_binding_which(binding) != SCHEMA_BRAND_BINDING_WHICH_TYPE) {
                page_words(page, "AnyPointer");
                continue;
            }
            schema_brand_binding_get_type(binding, &type);
            words_type(page, type);
        }
        page_words(page, ")");
    }
}

/* Write the name of a generic parameter, or the kind of any pointer. */
static void write_any(struct page *page, struct schema_type_any_pointer_reader any)
{
    struct schema_node_reader node;
    struct schema_node_parameter_list list;
    struct capnp_text name;
    struct schema_type_any_pointer_parameter_reader parameter =
        schema_type_any_pointer_get_parameter(any);
    if (schema_type_any_pointer_which(any) == SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER &&
        request_node(schema_type_any_pointer_parameter_get_scope_id(parameter), &node)) {
        uint16_t index = schema_type_any_pointer_parameter_get_parameter_index(parameter);
        schema_node_get_parameters(node, &list);
        schema_node_parameter_get_name(schema_node_parameter_list_at(list, index), &name);
        page_words(page, name_text(name));
        return;
    }
    static const char *const kinds[] = {"AnyPointer", "AnyStruct", "AnyList", "Capability"};
    unsigned kind = 0;
    if (schema_type_any_pointer_which(any) == SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED)
        kind = (unsigned)schema_type_any_pointer_unconstrained_which(
            schema_type_any_pointer_get_unconstrained(any));
    page_words(page, kinds[kind < 4 ? kind : 0]);
}

void words_type(struct page *page, struct schema_type_reader type)
{
    struct schema_brand_reader brand;
    struct schema_type_reader element;
    switch ((unsigned)schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(type), &element);
        page_words(page, "List(");
        words_type(page, element);
        page_words(page, ")");
        break;
    case SCHEMA_TYPE_WHICH_ENUM:
        words_node(page, schema_type_enum_get_type_id(schema_type_get_enum(type)));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        words_node(page, schema_type_struct_get_type_id(schema_type_get_struct(type)));
        schema_type_struct_get_brand(schema_type_get_struct(type), &brand);
        words_brand(page, brand);
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        words_node(page, schema_type_interface_get_type_id(schema_type_get_interface(type)));
        schema_type_interface_get_brand(schema_type_get_interface(type), &brand);
        words_brand(page, brand);
        break;
    case SCHEMA_TYPE_WHICH_ANY_POINTER:
        write_any(page, schema_type_get_any_pointer(type));
        break;
    default: page_words(page, type_name(schema_type_which(type)));
    }
}

/* The name of an enumerant. */
static char *enumerant_name(struct schema_type_reader type, uint16_t value)
{
    struct schema_node_reader node;
    struct schema_enumerant_list list;
    struct capnp_text name = {"", 0};
    if (request_node(schema_type_enum_get_type_id(schema_type_get_enum(type)), &node)) {
        schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
        if (value < schema_enumerant_list_count(list))
            schema_enumerant_get_name(schema_enumerant_list_at(list, value), &name);
    }
    return name.length ? name_text(name) : name_format("%u", value);
}

/* A value that is no pointer, but enums. */
static char *scalar(struct schema_value_reader value)
{
    switch ((unsigned)schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_VOID: return name_format("void");
    case SCHEMA_VALUE_WHICH_BOOL:
        return name_format("%s", schema_value_get_bool(value) ? "true" : "false");
    case SCHEMA_VALUE_WHICH_INT8: return name_format("%d", schema_value_get_int8(value));
    case SCHEMA_VALUE_WHICH_INT16: return name_format("%d", schema_value_get_int16(value));
    case SCHEMA_VALUE_WHICH_INT32: return name_format("%" PRId32, schema_value_get_int32(value));
    case SCHEMA_VALUE_WHICH_INT64: return name_format("%" PRId64, schema_value_get_int64(value));
    case SCHEMA_VALUE_WHICH_UINT8: return name_format("%u", schema_value_get_uint8(value));
    case SCHEMA_VALUE_WHICH_UINT16: return name_format("%u", schema_value_get_uint16(value));
    case SCHEMA_VALUE_WHICH_UINT32: return name_format("%" PRIu32, schema_value_get_uint32(value));
    case SCHEMA_VALUE_WHICH_UINT64:
        return name_format(schema_value_get_uint64(value) > UINT32_MAX ? "0x%" PRIx64 : "%" PRIu64,
                           schema_value_get_uint64(value));
    case SCHEMA_VALUE_WHICH_FLOAT32: return name_format("%.9g", schema_value_get_float32(value));
    case SCHEMA_VALUE_WHICH_FLOAT64: return name_format("%.17g", schema_value_get_float64(value));
    default: return name_format("...");
    }
}

void words_value(struct page *page, struct schema_type_reader type,
                 struct schema_value_reader value)
{
    struct capnp_text text;
    switch ((unsigned)schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_ENUM:
        page_words(page, enumerant_name(type, schema_value_get_enum(value)));
        break;
    case SCHEMA_VALUE_WHICH_TEXT:
        schema_value_get_text(value, &text);
        page_words(page, name_format("\"%s\"", name_text(text)));
        break;
    default: page_words(page, scalar(value));
    }
}

bool words_has_default(struct schema_field_slot_reader slot)
{
    struct schema_value_reader value;
    schema_field_slot_get_default_value(slot, &value);
    switch ((unsigned)schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_VOID: return false;
    case SCHEMA_VALUE_WHICH_TEXT: return schema_value_has_text(value);
    case SCHEMA_VALUE_WHICH_DATA: return schema_value_has_data(value);
    case SCHEMA_VALUE_WHICH_LIST: return schema_value_has_list(value);
    case SCHEMA_VALUE_WHICH_STRUCT: return schema_value_has_struct(value);
    case SCHEMA_VALUE_WHICH_ANY_POINTER: return schema_value_has_any_pointer(value);
    case SCHEMA_VALUE_WHICH_INTERFACE: return false;
    default: return schema_field_slot_get_had_explicit_default(slot);
    }
}

void words_annotations(struct page *page, struct schema_annotation_list list)
{
    for (uint32_t i = 0; i < schema_annotation_list_count(list); i++) {
        struct schema_annotation_reader annotation = schema_annotation_list_at(list, i);
        struct schema_node_reader node;
        struct schema_value_reader value;
        struct schema_type_reader type;
        if (!request_node(schema_annotation_get_id(annotation), &node))
            continue;
        page_words(page, name_format(" $%s", request_short_name(node)));
        schema_annotation_get_value(annotation, &value);
        schema_node_annotation_get_type(schema_node_get_annotation(node), &type);
        if (schema_value_which(value) != SCHEMA_VALUE_WHICH_VOID) {
            page_words(page, "(");
            words_value(page, type, value);
            page_words(page, ")");
        }
    }
}
