/* SPDX-License-Identifier: MIT */
/*
 * Writing annotations: `$fresh(3)` on field `level` of the struct `sky_light` is the macro
 * SKY_LIGHT_LEVEL_ANNOTATION_FRESH, one on the struct itself SKY_LIGHT_ANNOTATION_FRESH.
 */
#include "output.h"

#include "name.h"

#include <inttypes.h>

/* What to do with a value. */
typedef void write_value(FILE *out, const char *name, const struct type *type,
                         struct schema_value_reader value);

/* The name of an annotation as the schema writes it. */
static char *annotation_name(const void *list, uint32_t index)
{
    struct schema_node_reader node;
    struct schema_annotation_reader annotation =
        schema_annotation_list_at(*(const struct schema_annotation_list *)list, index);
    if (!request_node(schema_annotation_get_id(annotation), &node))
        return name_format("annotation%016" PRIx64, schema_annotation_get_id(annotation));
    return request_short_name(node);
}

/* Call `write` for each annotation of a list on the thing with C name `on`. */
static void each(FILE *out, const char *on, struct schema_annotation_list list, write_value *write)
{
    for (uint32_t i = 0; i < schema_annotation_list_count(list); i++) {
        struct schema_annotation_reader annotation = schema_annotation_list_at(list, i);
        struct schema_node_reader node;
        struct schema_brand_reader use;
        struct schema_type_reader type_reader;
        struct schema_value_reader value;
        uint64_t id = schema_annotation_get_id(annotation);
        if (!request_node(id, &node) || schema_node_which(node) != SCHEMA_NODE_WHICH_ANNOTATION)
            continue;
        schema_annotation_get_brand(annotation, &use);
        schema_annotation_get_value(annotation, &value);
        schema_node_annotation_get_type(schema_node_get_annotation(node), &type_reader);
        struct type type = type_in(type_reader, brand_of(id, use, NULL));
        char *own = request_member_name(i, annotation_name, &list, NULL);
        write(out, name_format("%s_annotation_%s", on, own), &type, value);
    }
}

/* Call `write` for each annotation on a node and on its members. */
static void each_of_node(FILE *out, struct schema_node_reader node, write_value *write)
{
    const char *c = request_c_name(node);
    struct schema_annotation_list list;
    schema_node_get_annotations(node, &list);
    each(out, c, list, write);
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_STRUCT) {
        struct structure structure = structure_of(node);
        for (uint32_t i = 0; i < structure.field_count; i++) {
            schema_field_get_annotations(schema_field_list_at(structure.fields, i), &list);
            each(out, name_format("%s_%s", c, structure_field(&structure, i).name), list, write);
        }
    } else if (schema_node_which(node) == SCHEMA_NODE_WHICH_ENUM) {
        struct schema_enumerant_list enumerants;
        schema_node_enum_get_enumerants(schema_node_get_enum(node), &enumerants);
        for (uint32_t i = 0; i < schema_enumerant_list_count(enumerants); i++) {
            schema_enumerant_get_annotations(schema_enumerant_list_at(enumerants, i), &list);
            each(out, name_format("%s_%s", c, type_enumerant(enumerants, i)), list, write);
        }
    } else if (schema_node_which(node) == SCHEMA_NODE_WHICH_INTERFACE) {
        struct schema_method_list methods;
        struct capnp_text text;
        schema_node_interface_get_methods(schema_node_get_interface(node), &methods);
        for (uint32_t i = 0; i < schema_method_list_count(methods); i++) {
            schema_method_get_name(schema_method_list_at(methods, i), &text);
            schema_method_get_annotations(schema_method_list_at(methods, i), &list);
            each(out, name_format("%s_%s", c, name_snake(name_text(text))), list, write);
        }
    }
}

/* Write a value; of nothing, that it is there. */
static void declare(FILE *out, const char *name, const struct type *type,
                    struct schema_value_reader value)
{
    if (type->kind == TYPE_VOID)
        fprintf(out, "#define %s 1\n", name_upper(name));
    else
        output_value(out, name, type, value);
}

/* Define a value that is a message. */
static void define(FILE *out, const char *name, const struct type *type,
                   struct schema_value_reader value)
{
    if (output_value_needs_words(type))
        output_value_definition(out, name, value);
}

void output_annotations(FILE *out, struct schema_node_reader node)
{
    if (schema_node_which(node) == SCHEMA_NODE_WHICH_ANNOTATION) {
        write_comment(out, request_comment(schema_node_get_id(node), -1));
        fprintf(out, "#define %s_TYPE_ID UINT64_C(0x%016" PRIx64 ")\n",
                name_upper(request_c_name(node)), schema_node_get_id(node));
    }
    each_of_node(out, node, declare);
}

void output_annotation_definitions(FILE *out, struct schema_node_reader node)
{
    each_of_node(out, node, define);
}
