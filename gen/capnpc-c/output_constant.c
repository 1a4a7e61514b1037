/* SPDX-License-Identifier: MIT */
/*
 * Writing constants, and defaults that are pointers: as words that the readers take like a message.
 */
#include "output.h"

#include "capnp_build.h"
#include "name.h"

#include <inttypes.h>
#include <string.h>

#define CONSTANT_WORDS_MIN (1u << 12)
#define CONSTANT_WORDS_MAX (1u << 28)

/* Copy a value to words that are kept until the program ends; a null pointer is the word zero. */
static struct capnp_builder copy_value(const char *name, struct schema_value_reader value)
{
    struct capnp_builder builder;
    struct capnp_any any;
    for (uint32_t words = CONSTANT_WORDS_MIN;; words *= 2) {
        capnp_builder_begin(&builder, name_room((size_t)words * 8), words);
        if (!type_value_any(value, &any) ||
            capnp_copy_any(&builder, builder.words, &any) == CAPNP_OK)
            return builder;
        if (builder.error != CAPNP_FULL || words == CONSTANT_WORDS_MAX)
            request_fatal("cannot copy the value of %s: %s; make it smaller", name,
                          capnp_error_text(builder.error));
    }
}

void output_value_definition(FILE *out, const char *name, struct schema_value_reader value)
{
    struct capnp_builder builder = copy_value(name, value);
    fprintf(out, "static const uint64_t %s_words[] = {", name);
    for (uint32_t i = 0; i < builder.word_count; i++)
        fprintf(out, "%sUINT64_C(0x%016" PRIx64 "),", i % 3 ? " " : "\n    ", builder.words[i]);
    fprintf(out, "\n};\nstatic const struct capnp_segment %s_segment = {%s_words, %u};\n"
                 "const struct capnp_message %s = {.segments = &%s_segment, .segment_count = 1,\n"
                 "    .nesting_levels = CAPNP_NESTING_LEVELS,\n"
                 "    .traversal_words = CAPNP_UNLIMITED};\n\n",
            name, name, builder.word_count, name, name);
}

/* Does a field's default need words: texts and bytes are written into their getters. */
static bool needs_words(const struct field *field)
{
    return !field->is_group && field->has_default && output_value_needs_words(&field->type);
}

void output_default_declarations(FILE *out, const struct structure *structure)
{
    for (uint32_t i = 0; i < structure->field_count && !structure->brand; i++) {
        struct field field = structure_field(structure, i);
        if (needs_words(&field))
            fprintf(out, "extern const struct capnp_message %s;\n", field_default_name(&field));
    }
}

void output_default_definitions(FILE *out, const struct structure *structure)
{
    for (uint32_t i = 0; i < structure->field_count && !structure->brand; i++) {
        struct field field = structure_field(structure, i);
        if (needs_words(&field))
            output_value_definition(out, field_default_name(&field), field.value);
    }
}

/* Write a floating-point number as a macro of its bits and one of its value. */
static void write_float(FILE *out, const char *upper, unsigned bits_wide, uint64_t bits)
{
    const char *suffix = bits_wide == 32 ? "f" : "";
    double value;
    if (bits_wide == 32) {
        uint32_t half = (uint32_t)bits;
        float narrow;
        memcpy(&narrow, &half, sizeof narrow);
        value = (double)narrow;
    } else
        memcpy(&value, &bits, sizeof value);
    fprintf(out, "#define %s_BITS UINT%u_C(0x%" PRIx64 ")\n#define %s ", upper, bits_wide, bits,
            upper);
    if (value != value)
        fprintf(out, "__builtin_nan%s(\"\")\n", suffix);
    else if (value - value != 0)
        fprintf(out, "(%s__builtin_inf%s())\n", value < 0 ? "-" : "", suffix);
    else {
        char *text = name_format("%.*g", bits_wide == 32 ? 9 : 17, value);
        fprintf(out, "(%s%s%s)\n", text, strpbrk(text, ".e") ? "" : ".0", suffix);
    }
}

/* Write a scalar as a macro. */
static void write_scalar(FILE *out, const char *upper, const struct type *type, uint64_t bits)
{
    if (type->kind == TYPE_FLOAT)
        write_float(out, upper, type->bits, bits);
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

bool output_value_needs_words(const struct type *type)
{
    return type_is_pointer(type) && type->kind != TYPE_TEXT && type->kind != TYPE_DATA;
}

void output_value(FILE *out, const char *name, const struct type *type,
                  struct schema_value_reader value)
{
    const char *upper = name_upper(name);
    struct capnp_text text;
    struct capnp_data data;
    switch (type->kind) {
    case TYPE_VOID: break; /* there is nothing to be known */
    case TYPE_TEXT:
        schema_value_get_text(value, &text);
        fprintf(out, "#define %s CAPNP_TEXT_LITERAL(\"", upper);
        write_escaped(out, (const uint8_t *)text.bytes, text.length);
        fputs("\")\n", out);
        break;
    case TYPE_DATA:
        schema_value_get_data(value, &data);
        fprintf(out, "#define %s ((struct capnp_data){(const uint8_t *)\"", upper);
        write_escaped(out, data.bytes, data.length);
        fprintf(out, "\", %u})\n", data.length);
        break;
    default:
        if (type_is_pointer(type))
            fprintf(out, "extern const struct capnp_message %s;\n", name);
        else
            write_scalar(out, upper, type, type_value_bits(value));
    }
}

/* Is a constant a macro of NAME_layout.h. */
static bool is_number(const struct type *type)
{
    return !type_is_pointer(type) && type->kind != TYPE_VOID && type->kind != TYPE_ENUM;
}

void output_constant_number(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = nodes_constant(node, &value);
    if (!is_number(&type))
        return;
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    output_value(out, request_c_name(node), &type, value);
}

void output_constant_declaration(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = nodes_constant(node, &value);
    if (is_number(&type) || type.kind == TYPE_VOID)
        return;
    write_comment(out, request_comment(schema_node_get_id(node), -1));
    output_value(out, request_c_name(node), &type, value);
}

void output_constant_reader(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = nodes_constant(node, &value);
    const char *name = request_c_name(node), *c_type = "struct capnp_list", *member = "";
    if (!output_value_needs_words(&type) || type.kind == TYPE_CAPABILITY)
        return;
    if (type.kind == TYPE_STRUCT || type.kind == TYPE_STRUCTS) {
        c_type = name_format("struct %s_%s", type.node,
                             type.kind == TYPE_STRUCT ? "reader" : "list");
        member = ".raw";
    } else if (type.kind != TYPE_LIST)
        c_type = type.kind == TYPE_ANY ? "struct capnp_any" : type.c_type;
    fprintf(out, "static inline %s %s_read(void)\n{\n    struct capnp_any any;\n"
                 "    %s out;\n"
                 "    capnp_read_root_any((struct capnp_message *)&%s, &any);\n",
            c_type, name, c_type, name);
    if (type.kind == TYPE_ANY)
        fputs("    out = any;\n", out);
    else
        fprintf(out, "    out%s = any.%s;\n", member,
                type.kind == TYPE_LIST || type.kind == TYPE_STRUCTS ? "list" : "structure");
    fputs("    return out;\n}\n\n", out);
}

void output_constant_definition(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    struct type type = nodes_constant(node, &value);
    if (output_value_needs_words(&type))
        output_value_definition(out, request_c_name(node), value);
}
