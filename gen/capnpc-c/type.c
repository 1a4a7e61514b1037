/* SPDX-License-Identifier: MIT */
#include "type.h"

#include "name.h"

#include <stdlib.h>
#include <string.h>

/* The scalars, by enum schema_type_which from bool to float64. */
static const struct type scalars[] = {
    {TYPE_BOOL, 1, "bool", "bool", NULL, "CAPNP_BIT", 0},
    {TYPE_INTEGER, 8, "int8_t", "uint8", NULL, "CAPNP_BYTE", 0},
    {TYPE_INTEGER, 16, "int16_t", "uint16", NULL, "CAPNP_TWO_BYTES", 0},
    {TYPE_INTEGER, 32, "int32_t", "uint32", NULL, "CAPNP_FOUR_BYTES", 0},
    {TYPE_INTEGER, 64, "int64_t", "uint64", NULL, "CAPNP_EIGHT_BYTES", 0},
    {TYPE_INTEGER, 8, "uint8_t", "uint8", NULL, "CAPNP_BYTE", 0},
    {TYPE_INTEGER, 16, "uint16_t", "uint16", NULL, "CAPNP_TWO_BYTES", 0},
    {TYPE_INTEGER, 32, "uint32_t", "uint32", NULL, "CAPNP_FOUR_BYTES", 0},
    {TYPE_INTEGER, 64, "uint64_t", "uint64", NULL, "CAPNP_EIGHT_BYTES", 0},
    {TYPE_FLOAT, 32, "float", "uint32", NULL, "CAPNP_FOUR_BYTES", 0},
    {TYPE_FLOAT, 64, "double", "uint64", NULL, "CAPNP_EIGHT_BYTES", 0},
};

/* The type of a list of `element`. */
static struct type list_of(struct type element)
{
    bool is_list = element.kind == TYPE_LIST || element.kind == TYPE_STRUCTS;
    const char *size = is_list ? "CAPNP_POINTER" : element.element;
    struct type list = {TYPE_LIST, 0, NULL, NULL, NULL, size, 0};
    if (element.kind == TYPE_STRUCT) {
        list.kind = TYPE_STRUCTS;
        list.node = element.node;
        list.id = element.id;
    }
    return list;
}

struct type type_of(struct schema_type_reader reader)
{
    struct type type = {TYPE_ANY, 0, NULL, NULL, NULL, "CAPNP_POINTER", 0};
    struct schema_type_reader element;
    enum schema_type_which which = schema_type_which(reader);
    switch (which) {
    case SCHEMA_TYPE_WHICH_VOID:
        return (struct type){TYPE_VOID, 0, NULL, NULL, NULL, "CAPNP_VOID", 0};
    case SCHEMA_TYPE_WHICH_TEXT: type.kind = TYPE_TEXT; return type;
    case SCHEMA_TYPE_WHICH_DATA: type.kind = TYPE_DATA; return type;
    case SCHEMA_TYPE_WHICH_LIST:
        schema_type_list_get_element_type(schema_type_get_list(reader), &element);
        type = list_of(type_of(element));
        return type;
    case SCHEMA_TYPE_WHICH_ENUM:
        type.kind = TYPE_ENUM;
        type.bits = 16;
        type.access = "uint16";
        type.element = "CAPNP_TWO_BYTES";
        type.id = schema_type_enum_get_type_id(schema_type_get_enum(reader));
        type.node = request_c_name_of(type.id);
        type.c_type = name_format("enum %s", type.node);
        return type;
    case SCHEMA_TYPE_WHICH_STRUCT:
        type.kind = TYPE_STRUCT;
        type.element = "CAPNP_COMPOSITE";
        type.id = schema_type_struct_get_type_id(schema_type_get_struct(reader));
        type.node = request_c_name_of(type.id);
        return type;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        type.kind = TYPE_CAPABILITY;
        type.id = schema_type_interface_get_type_id(schema_type_get_interface(reader));
        return type;
    case SCHEMA_TYPE_WHICH_ANY_POINTER: {
        struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(reader);
        struct schema_type_any_pointer_unconstrained_reader free =
            schema_type_any_pointer_get_unconstrained(any);
        if (schema_type_any_pointer_which(any) == SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED &&
            schema_type_any_pointer_unconstrained_which(free) ==
                SCHEMA_TYPE_ANY_POINTER_UNCONSTRAINED_WHICH_CAPABILITY)
            type.kind = TYPE_CAPABILITY;
        return type;
    }
    default: break;
    }
    if (which >= SCHEMA_TYPE_WHICH_BOOL && which <= SCHEMA_TYPE_WHICH_FLOAT64)
        return scalars[which - SCHEMA_TYPE_WHICH_BOOL];
    request_fatal("the compiler uses a type (number %d) that this generator does not know", which);
}

bool type_is_pointer(const struct type *type)
{
    return type->kind >= TYPE_TEXT;
}

uint64_t type_value_bits(struct schema_value_reader value)
{
    switch (schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_BOOL: return schema_value_get_bool(value);
    case SCHEMA_VALUE_WHICH_INT8: return (uint8_t)schema_value_get_int8(value);
    case SCHEMA_VALUE_WHICH_INT16: return (uint16_t)schema_value_get_int16(value);
    case SCHEMA_VALUE_WHICH_INT32: return (uint32_t)schema_value_get_int32(value);
    case SCHEMA_VALUE_WHICH_INT64: return (uint64_t)schema_value_get_int64(value);
    case SCHEMA_VALUE_WHICH_UINT8: return schema_value_get_uint8(value);
    case SCHEMA_VALUE_WHICH_UINT16: return schema_value_get_uint16(value);
    case SCHEMA_VALUE_WHICH_UINT32: return schema_value_get_uint32(value);
    case SCHEMA_VALUE_WHICH_UINT64: return schema_value_get_uint64(value);
    case SCHEMA_VALUE_WHICH_FLOAT32: return schema_value_get_float32_bits(value);
    case SCHEMA_VALUE_WHICH_FLOAT64: return schema_value_get_float64_bits(value);
    case SCHEMA_VALUE_WHICH_ENUM: return schema_value_get_enum(value);
    default: return 0;
    }
}

bool type_value_any(struct schema_value_reader value, struct capnp_any *out)
{
    /* All pointers of a value share one place. */
    *out = (struct capnp_any){.kind = CAPNP_NULL};
    if (schema_value_which(value) < SCHEMA_VALUE_WHICH_TEXT ||
        schema_value_which(value) == SCHEMA_VALUE_WHICH_ENUM)
        return false;
    schema_value_get_list(value, out);
    return out->kind != CAPNP_NULL;
}

struct structure structure_of(struct schema_node_reader node)
{
    struct structure out = {.node = node, .info = schema_node_get_struct(node)};
    out.c = request_c_name(node);
    out.data_words = schema_node_struct_get_data_word_count(out.info);
    out.pointers = schema_node_struct_get_pointer_count(out.info);
    out.union_count = schema_node_struct_get_discriminant_count(out.info);
    out.union_offset = schema_node_struct_get_discriminant_offset(out.info) * 2;
    schema_node_struct_get_fields(out.info, &out.fields);
    out.field_count = schema_field_list_count(out.fields);
    return out;
}

struct field structure_field(const struct structure *structure, uint32_t index)
{
    struct field out = {.c = structure->c};
    struct schema_field_reader reader = schema_field_list_at(structure->fields, index);
    struct schema_field_slot_reader slot = schema_field_get_slot(reader);
    struct schema_type_reader type;
    struct capnp_text text;
    schema_field_get_name(reader, &text);
    out.name = name_snake(name_text(text));
    out.discriminant = schema_field_get_discriminant_value(reader);
    out.in_union = out.discriminant != UINT16_MAX;
    out.comment = request_comment(schema_node_get_id(structure->node), (int)index);
    if (schema_field_which(reader) == SCHEMA_FIELD_WHICH_GROUP) {
        out.is_group = true;
        if (!request_node(schema_field_group_get_type_id(schema_field_get_group(reader)),
                          &out.group))
            request_fatal("the compiler sent no node for the group %s", out.name);
        return out;
    }
    schema_field_slot_get_type(slot, &type);
    out.type = type_of(type);
    out.offset = schema_field_slot_get_offset(slot);
    schema_field_slot_get_default_value(slot, &out.value);
    out.bits = type_value_bits(out.value);
    struct capnp_any any;
    out.has_default = type_is_pointer(&out.type) && type_value_any(out.value, &any);
    return out;
}

/* Add one node. */
static void add(struct nodes *nodes, struct schema_node_reader node)
{
    nodes->items = realloc(nodes->items, (nodes->count + 1) * sizeof *nodes->items);
    if (!nodes->items)
        request_fatal("out of memory");
    nodes->items[nodes->count++] = node;
}

static void collect(struct nodes *nodes, struct schema_node_reader node);

/* Add a node by id with what is in it. */
static void collect_id(struct nodes *nodes, uint64_t id)
{
    struct schema_node_reader node;
    if (request_node(id, &node))
        collect(nodes, node);
}

/* Add the structs of a method that are not declared elsewhere: those have no scope. */
static void collect_method(struct nodes *nodes, uint64_t id)
{
    struct schema_node_reader node;
    if (request_node(id, &node) && schema_node_get_scope_id(node) == 0 &&
        strchr(request_path(node), '$'))
        collect(nodes, node);
}

/* Add a node with its groups, its methods' structs and what is nested in it. */
static void collect(struct nodes *nodes, struct schema_node_reader node)
{
    struct schema_node_nested_node_list nested;
    schema_node_get_nested_nodes(node, &nested);
    if (schema_node_which(node) != SCHEMA_NODE_WHICH_FILE)
        add(nodes, node);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++)
        collect_id(nodes, schema_node_nested_node_get_id(
                              schema_node_nested_node_list_at(nested, i)));
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_STRUCT) {
        struct structure structure = structure_of(node);
        for (uint32_t i = 0; i < structure.field_count; i++) {
            struct schema_field_reader field = schema_field_list_at(structure.fields, i);
            if (schema_field_which(field) == SCHEMA_FIELD_WHICH_GROUP)
                collect_id(nodes, schema_field_group_get_type_id(schema_field_get_group(field)));
        }
    }
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE) {
        struct schema_method_list methods;
        schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
        for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
            struct schema_method_reader method = schema_method_list_at(methods, i);
            collect_method(nodes, schema_method_get_param_struct_type(method));
            collect_method(nodes, schema_method_get_result_struct_type(method));
        }
    }
}

struct nodes nodes_of_file(struct schema_node_reader file)
{
    struct nodes nodes = {NULL, 0};
    collect(&nodes, file);
    return nodes;
}

void write_comment(FILE *out, const char *comment)
{
    if (!*comment)
        return;
    fputs("/* ", out);
    for (; *comment; comment++) {
        fputc(*comment, out);
        if (*comment == '\n')
            fputs(" * ", out);
        else if (comment[0] == '*' && comment[1] == '/')
            fputc(' ', out); /* would end the comment */
    }
    fputs(" */\n", out);
}

char *field_default_name(const struct field *field)
{
    return name_format("%s_default_%s", field->c, field->name);
}

void write_escaped(FILE *out, const uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\')
            fprintf(out, "\\%c", bytes[i]);
        else if (bytes[i] >= 32 && bytes[i] < 127 && bytes[i] != '?')
            fputc(bytes[i], out);
        else
            fprintf(out, "\\%03o", bytes[i]);
    }
}
