/* SPDX-License-Identifier: MIT */
/* The ids are those of Cap'n Proto's c++/src/capnp/compat/json.capnp. */
#include "json_names.h"

#include <stddef.h>

#define NAME_ID UINT64_C(0xfa5b1fd61c2e7c3d)
#define FLATTEN_ID UINT64_C(0x82d3e852af0336bf)
#define DISCRIMINATOR_ID UINT64_C(0xcfa794e8d19a0162)
#define BASE64_ID UINT64_C(0xd7d879450a253e4b)
#define HEX_ID UINT64_C(0xf061e22f0ae5c7b5)

/* Pointers of the structs that are the annotations' values. */
enum { PREFIX_POINTER = 0, TAG_POINTER = 0, VALUE_POINTER = 1 };

/* Take a discriminator's value apart. */
static void read_union(struct schema_value_reader value, struct json_union *out)
{
    struct capnp_struct options;
    if (capnp_read_struct(&value.raw, 0, NULL, &options) != CAPNP_OK)
        return;
    out->has_tag = capnp_has(options, TAG_POINTER);
    out->has_value = capnp_has(options, VALUE_POINTER);
    capnp_read_text(&options, TAG_POINTER, CAPNP_TEXT_LITERAL(""), &out->tag);
    capnp_read_text(&options, VALUE_POINTER, CAPNP_TEXT_LITERAL(""), &out->value);
}

static void read_annotation(struct schema_annotation_reader annotation, struct json_field *out,
                            bool *has_union)
{
    struct schema_value_reader value;
    struct capnp_struct options;
    if (schema_annotation_get_value(annotation, &value) != CAPNP_OK)
        return;
    switch (schema_annotation_get_id(annotation)) {
    case NAME_ID: schema_value_get_text(value, &out->name); break;
    case FLATTEN_ID:
        out->is_flat = true;
        if (capnp_read_struct(&value.raw, 0, NULL, &options) == CAPNP_OK)
            capnp_read_text(&options, PREFIX_POINTER, CAPNP_TEXT_LITERAL(""), &out->prefix);
        break;
    case DISCRIMINATOR_ID:
        *has_union = true;
        read_union(value, &out->inner);
        break;
    case BASE64_ID: out->is_base64 = true; break;
    case HEX_ID: out->is_hex = true; break;
    default: break;
    }
}

void json_names_field(const struct dynamic_field *field, struct json_field *out)
{
    struct schema_annotation_list annotations;
    bool has_union = false;
    *out = (struct json_field){.name = field->name};
    schema_field_get_annotations(field->reader, &annotations);
    for (uint32_t i = 0; i < schema_annotation_list_count(annotations); i++)
        read_annotation(schema_annotation_list_at(annotations, i), out, &has_union);
    out->is_flat = out->is_flat && field->type.which == SCHEMA_TYPE_WHICH_STRUCT;
    /* Of a union that is flattened, the field's own name may be the tag's. */
    if (has_union && !out->inner.has_tag && out->is_flat) {
        out->inner.has_tag = true;
        out->inner.tag = field->name;
    }
    bool is_data = field->type.which == SCHEMA_TYPE_WHICH_DATA;
    out->is_base64 = out->is_base64 && is_data;
    out->is_hex = out->is_hex && is_data;
}

void json_names_union(const struct dynamic_shape *shape, struct json_union *out)
{
    struct schema_annotation_list annotations;
    *out = (struct json_union){0};
    schema_node_get_annotations(shape->node, &annotations);
    for (uint32_t i = 0; i < schema_annotation_list_count(annotations); i++) {
        struct schema_annotation_reader annotation = schema_annotation_list_at(annotations, i);
        struct schema_value_reader value;
        if (schema_annotation_get_id(annotation) == DISCRIMINATOR_ID &&
            schema_annotation_get_value(annotation, &value) == CAPNP_OK)
            read_union(value, out);
    }
}

struct capnp_text json_names_enumerant(struct schema_enumerant_reader enumerant)
{
    struct schema_annotation_list annotations;
    struct capnp_text name;
    schema_enumerant_get_name(enumerant, &name);
    schema_enumerant_get_annotations(enumerant, &annotations);
    for (uint32_t i = 0; i < schema_annotation_list_count(annotations); i++) {
        struct schema_annotation_reader annotation = schema_annotation_list_at(annotations, i);
        struct schema_value_reader value;
        if (schema_annotation_get_id(annotation) == NAME_ID &&
            schema_annotation_get_value(annotation, &value) == CAPNP_OK)
            schema_value_get_text(value, &name);
    }
    return name;
}
