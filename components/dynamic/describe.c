/* SPDX-License-Identifier: MIT */
#include "describe.h"

#include <stddef.h>

#include "scan.h"
#include "text_print.h"

/* How deep groups and lists are described, and interfaces that extend others; a hostile schema may
 * contain itself. `work` of a description bounds its length. */
enum { NESTED_MAX = 8, MEMBERS_MAX = 4096 };

struct description {
    const struct schema_set *set;
    struct output *output;
    uint32_t work;
};

/* Names and comments come from a schema: nothing in them may move a terminal's cursor. */
static void put_name(struct output *output, struct capnp_text name)
{
    for (uint32_t i = 0; i < name.length; i++) {
        char byte = name.bytes[i];
        output_byte(output, (uint8_t)byte < ' ' || byte == 127 ? '?' : byte);
    }
}

static bool pay(struct description *description)
{
    if (description->work == 0)
        return false;
    description->work--;
    return true;
}

/* The name of the type with this id. */
static void put_node_name(const struct schema_set *set, uint64_t id, const char *otherwise,
                          struct output *output)
{
    struct schema_node_reader node;
    if (schema_set_find(set, id, &node))
        put_name(output, schema_set_name(node));
    else
        output_text(output, otherwise);
}

/* See describe_type; `depth` levels of lists are left. */
static void put_type(const struct dynamic_type *type, uint32_t depth, struct output *output)
{
    struct schema_type_reader reader = type->reader;
    struct dynamic_type element;
    uint64_t id;
    switch (type->which) {
    case SCHEMA_TYPE_WHICH_LIST:
        element = dynamic_type_element(type);
        output_text(output, "List(");
        if (depth > 0)
            put_type(&element, depth - 1, output);
        output_byte(output, ')');
        return;
    case SCHEMA_TYPE_WHICH_ENUM:
        id = schema_type_enum_get_type_id(schema_type_get_enum(reader));
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        id = schema_type_struct_get_type_id(schema_type_get_struct(reader));
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        id = schema_type_interface_get_type_id(schema_type_get_interface(reader));
        break;
    default: output_text(output, type_name(type->which)); return;
    }
    put_node_name(type->set, id, type_name(type->which), output);
}

void describe_type(const struct dynamic_type *type, struct output *output)
{
    put_type(type, NESTED_MAX, output);
}

static void put_fields(struct description *description, const struct dynamic_shape *shape,
                       uint32_t depth);

/* " = 3", when the schema gives a scalar a default of its own. */
static void put_default(const struct dynamic_field *field, struct output *output)
{
    struct dynamic_value value;
    bool has_default = field->type.group_id == 0 &&
                       schema_field_slot_get_had_explicit_default(
                           schema_field_get_slot(field->reader));
    if (!has_default || dynamic_from_schema(field->fallback, &field->type, &value) != CAPNP_OK)
        return;
    output_text(output, " = ");
    text_print_value(&value, output);
}

static void put_field(struct description *description, const struct dynamic_field *field,
                      uint32_t depth)
{
    struct output *output = description->output;
    struct dynamic_shape group;
    put_name(output, field->name);
    output_text(output, " :");
    if (field->type.group_id == 0) {
        describe_type(&field->type, output);
        put_default(field, output);
    } else if (depth > 0 && dynamic_type_shape(&field->type, &group)) {
        output_text(output, "group (");
        put_fields(description, &group, depth - 1);
        output_byte(output, ')');
    } else {
        output_text(output, "group");
    }
}

/* All fields on one line, those of the union together. */
static void put_fields(struct description *description, const struct dynamic_shape *shape,
                       uint32_t depth)
{
    struct dynamic_field field;
    bool is_first = true, in_union = false;
    for (uint32_t pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; pay(description) && dynamic_field_at(shape, i, &field); i++) {
            if ((field.discriminant != DYNAMIC_NO_UNION) != (pass == 1))
                continue;
            if (!is_first)
                output_text(description->output, ", ");
            if (pass == 1 && !in_union)
                output_text(description->output, "union (");
            in_union = pass == 1;
            is_first = false;
            put_field(description, &field, depth);
        }
    }
    if (in_union)
        output_byte(description->output, ')');
}

/* The struct of parameters or results. */
static void put_struct(struct description *description, uint64_t id)
{
    struct dynamic_shape shape;
    output_byte(description->output, '(');
    if (dynamic_shape_open(&shape, description->set, id, NULL, NULL))
        put_fields(description, &shape, NESTED_MAX);
    else
        output_byte(description->output, '?');
    output_byte(description->output, ')');
}

void describe_method(const struct schema_set *set, const struct schema_set_method *method,
                     struct output *output)
{
    struct description description = {set, output, MEMBERS_MAX};
    struct capnp_text name;
    schema_method_get_name(method->reader, &name);
    put_name(output, name);
    output_text(output, " @");
    output_integer(output, method->ordinal, false);
    output_byte(output, ' ');
    put_struct(&description, method->param_id);
    output_text(output, " -> ");
    put_struct(&description, method->result_id);
}

void describe_title(const struct schema_set *set, struct schema_node_reader node,
                    struct output *output)
{
    static const char *const kinds[] = {"file ", "struct ", "enum ", "interface ", "const ",
                                        "annotation "};
    uint32_t kind = schema_node_which(node);
    (void)set;
    if (kind < sizeof kinds / sizeof *kinds)
        output_text(output, kinds[kind]);
    put_name(output, schema_set_name(node));
    output_byte(output, '\n');
}

/* A comment with `indent` before each line. */
static void put_comment(const struct schema_set *set, uint64_t id, uint32_t member,
                        const char *indent, struct output *output)
{
    struct capnp_text text = schema_set_comment(set, id, member);
    uint32_t start = 0;
    for (uint32_t i = 0; i <= text.length; i++) {
        if (i < text.length && text.bytes[i] != '\n')
            continue;
        if (i > start) {
            output_text(output, indent);
            output_text(output, "# ");
            put_name(output, (struct capnp_text){text.bytes + start, i - start});
            output_byte(output, '\n');
        }
        start = i + 1;
    }
}

static void put_methods(struct description *description, struct schema_node_reader interface,
                        uint32_t depth)
{
    struct schema_set_method method;
    struct schema_node_reader super;
    uint64_t id = schema_node_get_id(interface);
    for (uint32_t i = 0; pay(description) && schema_set_method(interface, i, &method); i++) {
        output_text(description->output, "  ");
        describe_method(description->set, &method, description->output);
        output_byte(description->output, '\n');
        put_comment(description->set, id, i, "    ", description->output);
    }
    for (uint32_t i = 0; depth > 0 && pay(description) &&
                         schema_set_superclass(description->set, interface, i, &super); i++)
        put_methods(description, super, depth - 1);
}

static void put_members(struct description *description, const struct dynamic_shape *shape)
{
    struct dynamic_field field;
    for (uint32_t i = 0; pay(description) && dynamic_field_at(shape, i, &field); i++) {
        bool in_union = field.discriminant != DYNAMIC_NO_UNION;
        output_text(description->output, in_union ? "  union " : "  ");
        put_field(description, &field, NESTED_MAX);
        output_byte(description->output, '\n');
        put_comment(description->set, schema_node_get_id(shape->node), i, "    ",
                    description->output);
    }
}

static void put_enumerants(struct description *description, struct schema_node_reader node)
{
    struct schema_enumerant_list enumerants;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &enumerants);
    for (uint32_t i = 0; i < schema_enumerant_list_count(enumerants) && pay(description); i++) {
        struct capnp_text name;
        schema_enumerant_get_name(schema_enumerant_list_at(enumerants, i), &name);
        output_text(description->output, "  ");
        put_name(description->output, name);
        output_byte(description->output, '\n');
        put_comment(description->set, schema_node_get_id(node), i, "    ", description->output);
    }
}

void describe_node(const struct schema_set *set, struct schema_node_reader node,
                   struct output *output)
{
    struct description description = {set, output, MEMBERS_MAX};
    struct dynamic_shape shape;
    uint64_t id = schema_node_get_id(node);
    describe_title(set, node, output);
    put_comment(set, id, SCHEMA_SET_WHOLE, "  ", output);
    switch (schema_node_which(node)) {
    case SCHEMA_NODE_WHICH_STRUCT:
        if (dynamic_shape_open(&shape, set, id, NULL, NULL))
            put_members(&description, &shape);
        break;
    case SCHEMA_NODE_WHICH_ENUM: put_enumerants(&description, node); break;
    case SCHEMA_NODE_WHICH_INTERFACE: put_methods(&description, node, NESTED_MAX); break;
    default: break;
    }
}
