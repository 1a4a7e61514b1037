/* SPDX-License-Identifier: MIT */
#include "reach.h"

bool reach_has(const struct reach *reach, uint64_t id)
{
    for (uint32_t i = 0; i < reach->count; i++)
        if (schema_node_get_id(schema_node_list_at(reach->nodes, reach->order[i])) == id)
            return true;
    return false;
}

void reach_add(struct reach *reach, uint64_t id)
{
    if (reach_has(reach, id))
        return;
    for (uint32_t i = 0; i < schema_node_list_count(reach->nodes); i++) {
        if (schema_node_get_id(schema_node_list_at(reach->nodes, i)) == id) {
            reach->order[reach->count++] = i;
            return;
        }
    }
}

static void add_type(struct reach *reach, struct schema_type_reader type);

/* What a generic declaration is used with. */
static void add_brand(struct reach *reach, struct schema_brand_reader brand)
{
    struct schema_brand_scope_list scopes;
    schema_brand_get_scopes(brand, &scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);
        struct schema_brand_binding_list list;
        if (schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
            continue;
        schema_brand_scope_get_bind(scope, &list);
        for (uint32_t j = 0; j < schema_brand_binding_list_count(list); j++) {
            struct schema_brand_binding_reader binding = schema_brand_binding_list_at(list, j);
            struct schema_type_reader type;
            if (schema_brand_binding_which(binding) == SCHEMA_BRAND_BINDING_WHICH_TYPE &&
                schema_brand_binding_get_type(binding, &type) == CAPNP_OK)
                add_type(reach, type);
        }
    }
}

/* As deep as types are written in each other, which the reader's limit of nesting bounds. */
static void add_type(struct reach *reach, struct schema_type_reader type)
{
    struct schema_type_reader element;
    struct schema_brand_reader brand;
    switch ((unsigned)schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_LIST:
        if (schema_type_list_get_element_type(schema_type_get_list(type), &element) == CAPNP_OK)
            add_type(reach, element);
        break;
    case SCHEMA_TYPE_WHICH_ENUM:
        reach_add(reach, schema_type_enum_get_type_id(schema_type_get_enum(type)));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        reach_add(reach, schema_type_struct_get_type_id(schema_type_get_struct(type)));
        schema_type_struct_get_brand(schema_type_get_struct(type), &brand);
        add_brand(reach, brand);
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        reach_add(reach, schema_type_interface_get_type_id(schema_type_get_interface(type)));
        schema_type_interface_get_brand(schema_type_get_interface(type), &brand);
        add_brand(reach, brand);
        break;
    default: break;
    }
}

static void add_fields(struct reach *reach, struct schema_node_reader node)
{
    struct schema_field_list fields;
    schema_node_struct_get_fields(schema_node_get_struct(node), &fields);
    for (uint32_t i = 0; i < schema_field_list_count(fields); i++) {
        struct schema_field_reader field = schema_field_list_at(fields, i);
        struct schema_type_reader type;
        if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP) {
            reach_add(reach, schema_field_group_get_type_id(schema_field_get_group(field)));
            continue;
        }
        schema_field_slot_get_type(schema_field_get_slot(field), &type);
        add_type(reach, type);
    }
}

static void add_methods(struct reach *reach, struct schema_node_reader node)
{
    struct schema_method_list methods;
    struct schema_superclass_list bases;
    struct schema_brand_reader brand;
    schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
    schema_node_interface_get_superclasses(schema_node_get_interface(node), &bases);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        reach_add(reach, schema_method_get_param_struct_type(method));
        schema_method_get_param_brand(method, &brand);
        add_brand(reach, brand);
        reach_add(reach, schema_method_get_result_struct_type(method));
        schema_method_get_result_brand(method, &brand);
        add_brand(reach, brand);
    }
    for (uint32_t i = 0; i < schema_superclass_list_count(bases); i++) {
        struct schema_superclass_reader base = schema_superclass_list_at(bases, i);
        reach_add(reach, schema_superclass_get_id(base));
        schema_superclass_get_brand(base, &brand);
        add_brand(reach, brand);
    }
}

void reach_follow(struct reach *reach)
{
    for (uint32_t i = 0; i < reach->count; i++) {
        struct schema_node_reader node = schema_node_list_at(reach->nodes, reach->order[i]);
        if (schema_node_which(node) == SCHEMA_NODE_WHICH_STRUCT)
            add_fields(reach, node);
        else if (schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE)
            add_methods(reach, node);
    }
}

void reach_copy(struct capnp_builder *message, uint64_t *words, uint32_t data_words,
                uint32_t pointers, const struct capnp_struct *from)
{
    for (uint32_t i = 0; i < data_words; i++)
        words[i] = capnp_get_uint64(*from, i * 8);
    for (uint32_t i = 0; i < pointers; i++) {
        struct capnp_any any;
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (error == CAPNP_OK)
            error = capnp_copy_any(message, words + data_words + i, &any);
        if (error != CAPNP_OK)
            capnp_builder_fail(message, error);
    }
}

void reach_copy_nodes(const struct reach *reach, struct schema_code_generator_request_builder root)
{
    struct schema_node_builder_list list;
    if (schema_code_generator_request_init_nodes(root, reach->count, &list) != CAPNP_OK)
        return;
    for (uint32_t i = 0; i < reach->count; i++) {
        struct schema_node_reader node = schema_node_list_at(reach->nodes, reach->order[i]);
        reach_copy(root.message, capnp_list_words_at(&list.raw, i), SCHEMA_NODE_DATA_WORDS,
                   SCHEMA_NODE_POINTERS, &node.raw);
    }
}
