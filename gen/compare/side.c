/* SPDX-License-Identifier: MIT */
#include "side.h"

#include "type_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *side_take(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (!memory) {
        fputs("compare: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

void side_give(void *memory)
{
    free(memory);
}

const char *side_open(struct side *side, const void *bytes, size_t size)
{
    struct schema_code_generator_request_requested_file_list files;
    enum capnp_error error = capnp_message_framed(&side->message, bytes, size, side->segments,
                                                  SIDE_SEGMENTS_MAX, NULL);
    side->message.traversal_words = CAPNP_UNLIMITED; /* from our own compiler */
    if (error == CAPNP_OK)
        error = schema_code_generator_request_read_root(&side->message, &side->root);
    if (error == CAPNP_OK)
        error = schema_code_generator_request_get_nodes(side->root, &side->nodes);
    if (error == CAPNP_OK)
        error = schema_code_generator_request_get_requested_files(side->root, &files);
    if (error != CAPNP_OK)
        return capnp_error_text(error);
    if (schema_code_generator_request_requested_file_list_count(files) != 1 ||
        !side_node(side, schema_code_generator_request_requested_file_get_id(
                             schema_code_generator_request_requested_file_list_at(files, 0)),
                   &side->file)) {
        return "it is not the request for one schema";
    }
    return NULL;
}

bool side_node(const struct side *side, uint64_t id, struct schema_node_reader *out)
{
    for (uint32_t i = 0; i < schema_node_list_count(side->nodes); i++) {
        *out = schema_node_list_at(side->nodes, i);
        if (schema_node_get_id(*out) == id)
            return true;
    }
    return false;
}

/* Are two texts the same. */
static bool text_equal(struct capnp_text a, struct capnp_text b)
{
    return a.length == b.length && memcmp(a.bytes, b.bytes, a.length) == 0;
}

bool side_nested(const struct side *side, struct schema_node_reader scope, struct capnp_text name,
                 struct schema_node_reader *out)
{
    struct schema_node_nested_node_list list;
    schema_node_get_nested_nodes(scope, &list);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(list); i++) {
        struct schema_node_nested_node_reader nested = schema_node_nested_node_list_at(list, i);
        struct capnp_text text;
        schema_node_nested_node_get_name(nested, &text);
        if (text_equal(text, name))
            return side_node(side, schema_node_nested_node_get_id(nested), out);
    }
    return false;
}

struct side_name side_text(struct capnp_text text)
{
    struct side_name name;
    snprintf(name.text, sizeof name.text, "%.*s", (int)text.length, text.bytes);
    return name;
}

struct side_name side_node_name(struct schema_node_reader node)
{
    struct capnp_text text = {"", 0};
    schema_node_get_display_name(node, &text);
    struct side_name name = side_text(text);
    char *colon = strchr(name.text, ':');
    if (colon)
        memmove(name.text, colon + 1, strlen(colon + 1) + 1);
    return name;
}

struct side_name side_join(const char *first, const char *second)
{
    struct side_name name;
    snprintf(name.text, sizeof name.text, "%s%s%s", first, *first && *second ? "." : "", second);
    return name;
}

static bool extends_within(const struct side *side, uint64_t id, uint64_t base, unsigned depth)
{
    struct schema_node_reader node;
    struct schema_superclass_list bases;
    if (id == base)
        return true;
    if (depth == 0 || !side_node(side, id, &node))
        return false;
    schema_node_interface_get_superclasses(schema_node_get_interface(node), &bases);
    for (uint32_t i = 0; i < schema_superclass_list_count(bases); i++) {
        uint64_t next = schema_superclass_get_id(schema_superclass_list_at(bases, i));
        if (extends_within(side, next, base, depth - 1))
            return true;
    }
    return false;
}

bool side_extends(const struct side *side, uint64_t id, uint64_t base)
{
    return extends_within(side, id, base, BASES_DEEP);
}

/* The name of a pointer of any type: what restricts it, or the parameter that it is. */
static struct side_name any_name(const struct side *side, struct schema_type_reader type)
{
    static const char *const names[] = {"AnyPointer", "AnyStruct", "AnyList", "Capability"};
    struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(type);
    struct schema_node_reader node;
    struct schema_node_parameter_list parameters;
    struct capnp_text text = {"AnyPointer", 10};
    unsigned which = (unsigned)schema_type_any_pointer_which(any);
    if (which == SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED) {
        unsigned kind = (unsigned)schema_type_any_pointer_unconstrained_which(
            schema_type_any_pointer_get_unconstrained(any));
        return side_join("", names[kind < 4 ? kind : 0]);
    }
    if (which == SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER) {
        struct schema_type_any_pointer_parameter_reader parameter =
            schema_type_any_pointer_get_parameter(any);
        uint32_t index = schema_type_any_pointer_parameter_get_parameter_index(parameter);
        if (side_node(side, schema_type_any_pointer_parameter_get_scope_id(parameter), &node)) {
            schema_node_get_parameters(node, &parameters);
            schema_node_parameter_get_name(schema_node_parameter_list_at(parameters, index), &text);
            return side_join(side_node_name(node).text, side_text(text).text);
        }
    }
    return side_text(text);
}

bool side_has_parameter(const struct side *side, struct schema_type_reader type)
{
    struct schema_type_any_pointer_parameter_reader parameter =
        schema_type_any_pointer_get_parameter(schema_type_get_any_pointer(type));
    struct schema_node_reader node;
    struct schema_node_parameter_list parameters;
    if (!side_node(side, schema_type_any_pointer_parameter_get_scope_id(parameter), &node))
        return false;
    schema_node_get_parameters(node, &parameters);
    return schema_type_any_pointer_parameter_get_parameter_index(parameter) <
           schema_node_parameter_list_count(parameters);
}

bool side_same_parameter(const struct side *a_side, struct schema_type_reader a,
                         const struct side *b_side, struct schema_type_reader b)
{
    struct schema_type_any_pointer_reader a_any = schema_type_get_any_pointer(a);
    struct schema_type_any_pointer_reader b_any = schema_type_get_any_pointer(b);
    if (schema_type_any_pointer_which(a_any) != SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER)
        return true; /* parameters of a method are bound by nobody */
    struct schema_type_any_pointer_parameter_reader a_parameter =
        schema_type_any_pointer_get_parameter(a_any);
    struct schema_type_any_pointer_parameter_reader b_parameter =
        schema_type_any_pointer_get_parameter(b_any);
    struct schema_node_reader a_node, b_node;
    uint64_t a_id = schema_type_any_pointer_parameter_get_scope_id(a_parameter);
    uint64_t b_id = schema_type_any_pointer_parameter_get_scope_id(b_parameter);
    /* By place, since that is how they are bound; the scope may have a new id. */
    return schema_type_any_pointer_parameter_get_parameter_index(a_parameter) ==
               schema_type_any_pointer_parameter_get_parameter_index(b_parameter) &&
           (a_id == b_id || !side_node(a_side, a_id, &a_node) ||
            !side_node(b_side, b_id, &b_node) ||
            strcmp(side_node_name(a_node).text, side_node_name(b_node).text) == 0);
}

struct side_name side_type_name(const struct side *side, struct schema_type_reader type)
{
    struct schema_node_reader node;
    struct side_name name = {""};
    uint64_t id = 0;
    switch ((unsigned)schema_type_which(type)) {
    case SCHEMA_TYPE_WHICH_LIST: {
        struct schema_type_reader element;
        schema_type_list_get_element_type(schema_type_get_list(type), &element);
        struct side_name inner = side_type_name(side, element);
        snprintf(name.text, sizeof name.text, "List(%.240s)", inner.text);
        return name;
    }
    case SCHEMA_TYPE_WHICH_ENUM:
        id = schema_type_enum_get_type_id(schema_type_get_enum(type));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        id = schema_type_struct_get_type_id(schema_type_get_struct(type));
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        id = schema_type_interface_get_type_id(schema_type_get_interface(type));
        break;
    case SCHEMA_TYPE_WHICH_ANY_POINTER:
        return any_name(side, type);
    default:
        return side_join("", type_name(schema_type_which(type)));
    }
    if (side_node(side, id, &node))
        return side_node_name(node);
    return name;
}

static bool any_equal(const struct capnp_any *a, const struct capnp_any *b);

/* Compare two structs of which one may be longer: what is missing is zero. */
static bool struct_equal(const struct capnp_struct *a, const struct capnp_struct *b)
{
    uint32_t bytes = a->data_bytes > b->data_bytes ? a->data_bytes : b->data_bytes;
    uint32_t pointers = a->pointer_count > b->pointer_count ? a->pointer_count : b->pointer_count;
    for (uint32_t i = 0; i < bytes; i++) {
        if (capnp_get_uint8(*a, i) != capnp_get_uint8(*b, i))
            return false;
    }
    for (uint32_t i = 0; i < pointers; i++) {
        struct capnp_any first, second;
        if (capnp_read_any(a, i, &first) != CAPNP_OK || capnp_read_any(b, i, &second) != CAPNP_OK ||
            !any_equal(&first, &second)) {
            return false;
        }
    }
    return true;
}

/* Compare two lists of the same kind of elements, one by one. */
static bool list_equal(const struct capnp_list *a, const struct capnp_list *b)
{
    if (a->count != b->count || a->element != b->element)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        struct capnp_struct first = capnp_list_struct(a, i), second = capnp_list_struct(b, i);
        bool equal = a->element == CAPNP_BIT
                         ? capnp_list_bool(*a, i) == capnp_list_bool(*b, i)
                         : struct_equal(&first, &second);
        if (!equal)
            return false;
    }
    return true;
}

static bool any_equal(const struct capnp_any *a, const struct capnp_any *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == CAPNP_STRUCT ? struct_equal(&a->structure, &b->structure)
           : a->kind == CAPNP_LIST ? list_equal(&a->list, &b->list)
                                   : true;
}

/* Is a default that is written out what a pointer without one reads as. */
static bool is_nothing(const struct capnp_any *any)
{
    static const struct capnp_struct none;
    return any->kind == CAPNP_NULL || (any->kind == CAPNP_LIST && any->list.count == 0) ||
           (any->kind == CAPNP_STRUCT && struct_equal(&any->structure, &none));
}

bool side_value_equal(struct schema_value_reader a, struct schema_value_reader b)
{
    struct capnp_text first, second;
    struct capnp_any old_any, new_any;
    if (schema_value_which(a) != schema_value_which(b))
        return false;
    if (schema_value_which(a) == SCHEMA_VALUE_WHICH_TEXT) {
        schema_value_get_text(a, &first);
        schema_value_get_text(b, &second);
        return text_equal(first, second);
    }
    if (capnp_read_any(&a.raw, 0, &old_any) == CAPNP_OK && is_nothing(&old_any) &&
        capnp_read_any(&b.raw, 0, &new_any) == CAPNP_OK && is_nothing(&new_any)) {
        struct capnp_struct old_data = a.raw, new_data = b.raw;
        old_data.pointer_count = new_data.pointer_count = 0;
        return struct_equal(&old_data, &new_data);
    }
    return struct_equal(&a.raw, &b.raw);
}
