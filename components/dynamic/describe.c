/* SPDX-License-Identifier: MIT */
#include "describe.h"

#include <stddef.h>

#include "scan.h"
#include "text_print.h"

/* How deep groups and lists are described, and interfaces that extend others; a hostile schema may
 * contain itself. `work` of a description bounds its length. */
enum { NESTED_MAX = 8, MEMBERS_MAX = 4096, PARAMETERS_MAX = 64 };

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

static void put_type(struct description *description, const struct dynamic_type *type,
                     uint32_t depth);

/* "(Key, Value)", the parameters of a generic type. */
static void put_parameters(struct schema_node_parameter_list parameters, const char *brackets,
                           struct output *output)
{
    uint32_t count = schema_node_parameter_list_count(parameters);
    struct capnp_text name;
    for (uint32_t i = 0; i < count && i < PARAMETERS_MAX; i++) {
        if (i == 0)
            output_byte(output, brackets[0]);
        else
            output_text(output, ", ");
        schema_node_parameter_get_name(schema_node_parameter_list_at(parameters, i), &name);
        put_name(output, name);
    }
    if (count > 0)
        output_byte(output, brackets[1]);
}

/* A pointer of any type: what it must be all the same, or the parameter that says its type. */
static void put_any(const struct dynamic_type *type, struct output *output)
{
    static const char *const kinds[] = {"AnyPointer", "AnyStruct", "AnyList", "Capability"};
    struct schema_type_any_pointer_reader any = schema_type_get_any_pointer(type->reader);
    struct schema_node_reader node;
    struct schema_node_parameter_list parameters;
    struct capnp_text name;
    uint32_t kind = 0;
    if (schema_type_any_pointer_which(any) == SCHEMA_TYPE_ANY_POINTER_WHICH_PARAMETER) {
        struct schema_type_any_pointer_parameter_reader parameter =
            schema_type_any_pointer_get_parameter(any);
        uint32_t index = schema_type_any_pointer_parameter_get_parameter_index(parameter);
        if (schema_set_find(type->set, schema_type_any_pointer_parameter_get_scope_id(parameter),
                            &node) &&
            schema_node_get_parameters(node, &parameters) == CAPNP_OK &&
            index < schema_node_parameter_list_count(parameters)) {
            schema_node_parameter_get_name(schema_node_parameter_list_at(parameters, index),
                                           &name);
            put_name(output, name);
            return;
        }
    } else if (schema_type_any_pointer_which(any) == SCHEMA_TYPE_ANY_POINTER_WHICH_UNCONSTRAINED) {
        kind = schema_type_any_pointer_unconstrained_which(
            schema_type_any_pointer_get_unconstrained(any));
    }
    output_text(output, kinds[kind < sizeof kinds / sizeof *kinds ? kind : 0]);
}

/* "(Text, Data)", what a brand binds the parameters of the type `id` to. */
static void put_bindings(struct description *description, struct schema_brand_reader brand,
                         uint64_t id, const struct dynamic_brand *outer, uint32_t depth)
{
    struct schema_brand_scope_list scopes;
    struct schema_brand_binding_list bindings;
    struct schema_type_reader reader;
    schema_brand_get_scopes(brand, &scopes);
    for (uint32_t i = 0; i < schema_brand_scope_list_count(scopes) && pay(description); i++) {
        struct schema_brand_scope_reader scope = schema_brand_scope_list_at(scopes, i);
        if (schema_brand_scope_get_scope_id(scope) != id ||
            schema_brand_scope_which(scope) != SCHEMA_BRAND_SCOPE_WHICH_BIND)
            continue;
        schema_brand_scope_get_bind(scope, &bindings);
        output_byte(description->output, '(');
        for (uint32_t j = 0; j < schema_brand_binding_list_count(bindings) && pay(description);
             j++) {
            struct schema_brand_binding_reader one = schema_brand_binding_list_at(bindings, j);
            output_text(description->output, j > 0 ? ", " : "");
            if (schema_brand_binding_which(one) == SCHEMA_BRAND_BINDING_WHICH_TYPE &&
                schema_brand_binding_get_type(one, &reader) == CAPNP_OK && depth > 0) {
                struct dynamic_type type = dynamic_type_of(description->set, reader, outer);
                put_type(description, &type, depth - 1);
            } else {
                output_text(description->output, "AnyPointer");
            }
        }
        output_byte(description->output, ')');
        return;
    }
}

/* The name of the type with this id, each part of it with what the brand binds there. */
static void put_branded(struct description *description, const struct dynamic_type *type,
                        uint64_t id, struct schema_brand_reader brand, uint32_t depth)
{
    struct schema_node_reader node, outer;
    if (!schema_set_find(type->set, id, &node)) {
        output_text(description->output, type_name(type->which));
        return;
    }
    struct capnp_text name = schema_set_name(node);
    if (depth > 0 && schema_set_find(type->set, schema_node_get_scope_id(node), &outer) &&
        schema_node_which(outer) != SCHEMA_NODE_WHICH_FILE) {
        uint32_t part = name.length;
        while (part > 0 && name.bytes[part - 1] != '.')
            part--;
        put_branded(description, type, schema_node_get_id(outer), brand, depth - 1);
        output_byte(description->output, '.');
        name = (struct capnp_text){name.bytes + part, name.length - part};
    }
    put_name(description->output, name);
    put_bindings(description, brand, id, type->brand, depth);
}

/* A type as schemas write it; `depth` levels of lists and brands are left. */
static void put_type(struct description *description, const struct dynamic_type *type,
                     uint32_t depth)
{
    struct schema_type_reader reader = type->reader;
    struct schema_brand_reader brand;
    struct dynamic_type element;
    uint64_t id;
    switch (type->which) {
    case SCHEMA_TYPE_WHICH_LIST:
        element = dynamic_type_element(type);
        output_text(description->output, "List(");
        if (depth > 0)
            put_type(description, &element, depth - 1);
        output_byte(description->output, ')');
        return;
    case SCHEMA_TYPE_WHICH_ENUM:
        id = schema_type_enum_get_type_id(schema_type_get_enum(reader));
        schema_type_enum_get_brand(schema_type_get_enum(reader), &brand);
        break;
    case SCHEMA_TYPE_WHICH_STRUCT:
        id = schema_type_struct_get_type_id(schema_type_get_struct(reader));
        schema_type_struct_get_brand(schema_type_get_struct(reader), &brand);
        break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        id = schema_type_interface_get_type_id(schema_type_get_interface(reader));
        schema_type_interface_get_brand(schema_type_get_interface(reader), &brand);
        break;
    case SCHEMA_TYPE_WHICH_ANY_POINTER: put_any(type, description->output); return;
    default: output_text(description->output, type_name(type->which)); return;
    }
    put_branded(description, type, id, brand, depth);
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
        put_type(description, &field->type, NESTED_MAX);
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
    struct schema_node_parameter_list parameters;
    struct capnp_text name;
    schema_method_get_name(method->reader, &name);
    put_name(output, name);
    output_text(output, " @");
    output_integer(output, method->ordinal, false);
    output_byte(output, ' ');
    if (schema_method_get_implicit_parameters(method->reader, &parameters) == CAPNP_OK &&
        schema_node_parameter_list_count(parameters) > 0) {
        put_parameters(parameters, "[]", output);
        output_byte(output, ' ');
    }
    put_struct(&description, method->param_id);
    output_text(output, " -> ");
    put_struct(&description, method->result_id);
}

void describe_title(const struct schema_set *set, struct schema_node_reader node,
                    struct output *output)
{
    static const char *const kinds[] = {"file ", "struct ", "enum ", "interface ", "const ",
                                        "annotation "};
    struct schema_node_parameter_list parameters;
    uint32_t kind = schema_node_which(node);
    (void)set;
    if (kind < sizeof kinds / sizeof *kinds)
        output_text(output, kinds[kind]);
    put_name(output, schema_set_name(node));
    if (schema_node_get_parameters(node, &parameters) == CAPNP_OK)
        put_parameters(parameters, "()", output);
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
