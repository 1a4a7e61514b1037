/* SPDX-License-Identifier: MIT */
/*
 * Writing constants, and defaults that are pointers: as words that the readers take like a message.
 */
#include "output.h"

#include "capnp_build.h"
#include "name.h"

#include <inttypes.h>

#define CONSTANT_WORDS_MAX (1u << 20)

/*
 * Write a value as the words of a message of its own: `static` words, and a message called `name`.
 */
static void write_words(FILE *out, const char *name, struct schema_value_reader value)
{
    static uint64_t words[CONSTANT_WORDS_MAX];
    struct capnp_builder builder;
    struct capnp_any any;
    capnp_builder_begin(&builder, words, CONSTANT_WORDS_MAX);
    if (!type_value_any(value, &any) || capnp_copy_any(&builder, words, &any) != CAPNP_OK)
        request_fatal("cannot copy the value of %s: %s", name, capnp_error_text(builder.error));
    fprintf(out, "static const uint64_t %s_words[] = {", name);
    for (uint32_t i = 0; i < builder.word_count; i++)
        fprintf(out, "%sUINT64_C(0x%016" PRIx64 "),", i % 3 ? " " : "\n    ", words[i]);
    fprintf(out, "\n};\nstatic const struct capnp_segment %s_segment = {%s_words, %u};\n"
                 "const struct capnp_message %s = {.segments = &%s_segment, .segment_count = 1,\n"
                 "    .nesting_levels = CAPNP_NESTING_LEVELS,\n"
                 "    .traversal_words = CAPNP_UNLIMITED};\n\n",
            name, name, builder.word_count, name, name);
}

/* Does a field's default need words: texts and bytes are written into their getters. */
static bool needs_words(const struct field *field)
{
    return !field->is_group && field->has_default && field->type.kind != TYPE_TEXT &&
           field->type.kind != TYPE_DATA;
}

void output_default_declarations(FILE *out, struct schema_node_reader node)
{
    struct structure structure = structure_of(node);
    for (uint32_t i = 0; i < structure.field_count; i++) {
        struct field field = structure_field(&structure, i);
        if (needs_words(&field))
            fprintf(out, "extern const struct capnp_message %s;\n", field_default_name(&field));
    }
}

void output_default_definitions(FILE *out, struct schema_node_reader node)
{
    struct structure structure = structure_of(node);
    for (uint32_t i = 0; i < structure.field_count; i++) {
        struct field field = structure_field(&structure, i);
        if (needs_words(&field))
            write_words(out, field_default_name(&field), field.value);
    }
}

/* Write a scalar constant as a macro. */
static void write_scalar(FILE *out, const char *upper, const struct type *type, uint64_t bits)
{
    if (type->kind == TYPE_FLOAT)
        fprintf(out, "#define %s_BITS UINT%u_C(0x%" PRIx64 ")\n", upper, type->bits, bits);
    else if (type->kind == TYPE_ENUM)
        fprintf(out, "#define %s ((%s)%" PRIu64 ")\n", upper, type->c_type, bits);
    else if (type->bits == 1)
        fprintf(out, "#define %s %s\n", upper, bits ? "true" : "false");
    else if (type->c_type[0] == 'u')
        fprintf(out, "#define %s UINT%u_C(%" PRIu64 ")\n", upper, type->bits, bits);
    else if (bits == UINT64_C(1) << (type->bits - 1))
        fprintf(out, "#define %s INT%u_MIN\n", upper, type->bits);
    else {
        unsigned shift = 64 - type->bits;
        fprintf(out, "#define %s INT%u_C(%" PRId64 ")\n", upper, type->bits,
                (int64_t)(bits << shift) >> shift);
    }
}

/* Read the type and value of a constant. */
static struct type constant(struct schema_node_reader node, struct schema_value_reader *value)
{
    struct schema_type_reader type;
    schema_node_const_get_type(schema_node_get_const(node), &type);
    schema_node_const_get_value(schema_node_get_const(node), value);
    return type_of(type);
}

void output_constant_number(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = constant(node, &value);
    if (type_is_pointer(&type) || type.kind == TYPE_VOID || type.kind == TYPE_ENUM)
        return;
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    write_scalar(out, name_upper(request_c_name(node)), &type, type_value_bits(value));
}

void output_constant_declaration(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = constant(node, &value);
    if (!type_is_pointer(&type) && type.kind != TYPE_ENUM)
        return; /* see output_constant_number */
    char *name = request_c_name(node);
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    if (type.kind == TYPE_TEXT) {
        struct capnp_text text;
        schema_value_get_text(value, &text);
        fprintf(out, "#define %s CAPNP_TEXT_LITERAL(\"", name_upper(name));
        write_escaped(out, (const uint8_t *)text.bytes, text.length);
        fputs("\")\n", out);
    } else if (type.kind == TYPE_DATA) {
        struct capnp_data data;
        schema_value_get_data(value, &data);
        fprintf(out, "#define %s ((struct capnp_data){(const uint8_t *)\"", name_upper(name));
        write_escaped(out, data.bytes, data.length);
        fprintf(out, "\", %u})\n", data.length);
    } else if (type_is_pointer(&type))
        fprintf(out, "extern const struct capnp_message %s;\n", name);
    else
        write_scalar(out, name_upper(name), &type, type_value_bits(value));
}

void output_constant_definition(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = constant(node, &value);
    struct capnp_any any;
    if (type_is_pointer(&type) && type.kind != TYPE_TEXT && type.kind != TYPE_DATA &&
        type_value_any(value, &any))
        write_words(out, request_c_name(node), value);
}
