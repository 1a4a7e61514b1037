/* SPDX-License-Identifier: MIT */
#include "nodes.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* Add one node; false if it is there already, as only a request that lies has it twice. */
static bool add(struct nodes *nodes, struct schema_node_reader node)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_get_id(nodes->items[i]) == schema_node_get_id(node))
            return false;
    nodes->items = realloc(nodes->items, (nodes->count + 1) * sizeof *nodes->items);
    if (!nodes->items)
        request_fatal("the host has no memory left; close other programs and try again");
    nodes->items[nodes->count++] = node;
    return true;
}

static void collect(struct nodes *nodes, struct schema_node_reader node, int depth);

/* Add a node by id with what is in it. */
static void collect_id(struct nodes *nodes, uint64_t id, int depth)
{
    struct schema_node_reader node;
    if (depth < REQUEST_DEPTH_MAX && request_node(id, &node))
        collect(nodes, node, depth + 1);
}

/* Add the structs of a method that are not declared elsewhere: those have no scope. */
static void collect_method(struct nodes *nodes, uint64_t id, int depth)
{
    struct schema_node_reader node;
    if (request_node(id, &node) && schema_node_get_scope_id(node) == 0 &&
        strchr(request_path(node), '$'))
        collect_id(nodes, id, depth);
}

/* Add a node with its groups, its methods' structs and what is nested in it. */
static void collect(struct nodes *nodes, struct schema_node_reader node, int depth)
{
    struct schema_node_nested_node_list nested;
    schema_node_get_nested_nodes(node, &nested);
    if (schema_node_which(node) != SCHEMA_NODE_WHICH_FILE && !add(nodes, node))
        return;
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++)
        collect_id(nodes, schema_node_nested_node_get_id(
                              schema_node_nested_node_list_at(nested, i)), depth);
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_STRUCT) {
        struct structure structure = structure_of(node);
        for (uint32_t i = 0; i < structure.field_count; i++) {
            struct schema_field_reader field = schema_field_list_at(structure.fields, i);
            if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP)
                collect_id(nodes, schema_field_group_get_type_id(schema_field_get_group(field)),
                           depth);
        }
    }
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE) {
        struct schema_method_list methods;
        schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
        for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
            struct schema_method_reader method = schema_method_list_at(methods, i);
            collect_method(nodes, schema_method_get_param_struct_type(method), depth);
            collect_method(nodes, schema_method_get_result_struct_type(method), depth);
        }
    }
}

struct nodes nodes_of_file(struct schema_node_reader file)
{
    struct nodes nodes = {NULL, 0};
    collect(&nodes, file, 0);
    return nodes;
}

struct type nodes_constant(struct schema_node_reader node, struct schema_value_reader *value)
{
    struct schema_type_reader type;
    schema_node_const_get_type(schema_node_get_const(node), &type);
    schema_node_const_get_value(schema_node_get_const(node), value);
    return type_of(type);
}

/* Add a struct with a brand and its groups, if it is not there yet. Two brands that would have one
 * name are reported: the names of what they stand for hold `_of_` or `_and_`. */
static void add_structure(struct structures *to, struct schema_node_reader node,
                          const struct brand *brand)
{
    struct structure structure = structure_in(node, brand);
    for (uint32_t i = 0; brand && i < to->count; i++) {
        if (!to->items[i].brand || strcmp(to->items[i].c, structure.c) != 0)
            continue;
        if (strcmp(brand_key(to->items[i].node, to->items[i].brand), brand_key(node, brand)) != 0)
            request_error(node, request_path(node),
                          "two brands of it have the C name \"%s\"; give one of the types that "
                          "they stand for another name by $C.name", structure.c);
        return;
    }
    to->brand_count += brand != NULL;
    if (to->brand_count > BRANDS_MAX)
        request_fatal("%s: generics are used in more than %u ways; let them hold fewer brands of "
                      "themselves", request_file_name(node), BRANDS_MAX);
    if ((to->count & (to->count - 1)) == 0)
        to->items = realloc(to->items, (to->count * 2 + 1) * sizeof *to->items);
    if (!to->items)
        request_fatal("the host has no memory left; close other programs and try again");
    to->items[to->count++] = structure;
    for (uint32_t i = 0; brand && i < structure.field_count; i++) {
        struct field field = structure_field(&structure, i);
        if (field.is_group)
            add_structure(to, field.group, brand);
    }
}

/* Add the brand of a struct that a type is or lists. */
static void add_type(struct structures *to, const struct type *type)
{
    struct schema_node_reader node;
    for (; type; type = type->item)
        if (type->kind == TYPE_STRUCT && type->brand && request_node(type->id, &node))
            add_structure(to, node, type->brand);
}

/* Add what a method takes or answers, if it is a brand. */
static void add_payload(struct structures *to, uint64_t id, struct schema_brand_reader use)
{
    struct schema_node_reader node;
    const struct brand *brand = brand_of(id, use, NULL);
    if (brand && request_node(id, &node))
        add_structure(to, node, brand);
}

/* Add what the methods of an interface take and answer. */
static void add_methods(struct structures *to, struct schema_node_reader node)
{
    struct schema_method_list methods;
    struct schema_brand_reader use;
    schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
    for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
        struct schema_method_reader method = schema_method_list_at(methods, i);
        schema_method_get_param_brand(method, &use);
        add_payload(to, schema_method_get_param_struct_type(method), use);
        schema_method_get_result_brand(method, &use);
        add_payload(to, schema_method_get_result_struct_type(method), use);
    }
}

struct structures structures_of_nodes(const struct nodes *nodes)
{
    struct structures out = {NULL, 0, 0};
    for (uint32_t i = 0; i < nodes->count; i++)
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_STRUCT)
            add_structure(&out, nodes->items[i], NULL);
    for (uint32_t i = 0; i < nodes->count; i++) {
        struct schema_value_reader value;
        if (schema_node_which(nodes->items[i]) == SCHEMA_NODE_WHICH_INTERFACE)
            add_methods(&out, nodes->items[i]);
        if (schema_node_which(nodes->items[i]) != SCHEMA_NODE_WHICH_CONST)
            continue;
        struct type type = nodes_constant(nodes->items[i], &value);
        add_type(&out, &type);
    }
    for (uint32_t i = 0; i < out.count; i++) {
        struct structure structure = out.items[i]; /* items may move */
        for (uint32_t k = 0; k < structure.field_count; k++) {
            struct field field = structure_field(&structure, k);
            if (!field.is_group)
                add_type(&out, &field.type);
        }
    }
    return out;
}
