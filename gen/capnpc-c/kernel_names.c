/* SPDX-License-Identifier: MIT */
/* Writing the names of the kernel's calls, for people: tables in C, and the manual. */
#include "kernel.h"

#include "name.h"

#include <ctype.h>
#include <string.h>

/* Write a text as a C string literal; line breaks become spaces. */
static void write_literal(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
    fputc('"', out);
}

/* Call `each` for the enums of a file. */
static void each_enum(struct schema_node_reader file, FILE *out,
                      void (*each)(FILE *out, struct schema_node_reader node))
{
    struct schema_node_nested_node_list nested;
    schema_node_get_nested_nodes(file, &nested);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++) {
        struct schema_node_nested_node_reader one = schema_node_nested_node_list_at(nested, i);
        struct schema_node_reader node;
        if (request_node(schema_node_nested_node_get_id(one), &node) &&
            schema_node_which(node) == SCHEMA_NODE_WHICH_ENUM)
            each(out, node);
    }
}

/* Declare the table of names of an enum. */
static void declare_names(FILE *out, struct schema_node_reader node)
{
    char *name = request_c_name(node);
    fprintf(out, "extern const char *const %s_names[%s_COUNT];\n", name, name_upper(name));
}

/* The comment of the enumerant at an index of the node's list. */
static char *enumerant_comment(struct schema_node_reader node, uint32_t index)
{
    return request_comment(schema_node_get_id(node), (int)index);
}

/* The name of the enumerant at an index of the node's list, in snake case. */
static char *enumerant_name(struct schema_node_reader node, uint32_t index)
{
    struct schema_enumerant_list list;
    struct capnp_text text;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    schema_enumerant_get_name(schema_enumerant_list_at(list, index), &text);
    return name_snake(name_text(text));
}

/* The number of enumerants. */
static uint32_t enumerant_count(struct schema_node_reader node)
{
    struct schema_enumerant_list list;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    return schema_enumerant_list_count(list);
}

/* Define the table of names of an enum. */
static void define_names(FILE *out, struct schema_node_reader node)
{
    char *name = request_c_name(node);
    fprintf(out, "const char *const %s_names[%s_COUNT] = {\n", name, name_upper(name));
    for (uint32_t i = 0; i < enumerant_count(node); i++)
        fprintf(out, "    \"%s\",\n", enumerant_name(node, i));
    fputs("};\n\n", out);
}

/* Write the names of parameters or results as the middle of an initialiser. */
static void write_word_names(FILE *out, const struct kernel_word *words, unsigned count)
{
    fputc('{', out);
    for (unsigned i = 0; i < KERNEL_WORDS_MAX; i++)
        fprintf(out, i < count ? "%s\"%s\"" : "%s%s", i ? ", " : "",
                i < count ? words[i].name : "0");
    fputs("}, ", out);
}

/* Write kernel_names.c. */
static void write_tables(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_names.c", "kernel.capnp and status.capnp");
    fputs("#include \"kernel_names.h\"\n\n", out);
    each_enum(model->file, out, define_names);
    each_enum(model->status_file, out, define_names);
    fputs("const char *const exo_status_sentences[EXO_STATUS_COUNT] = {\n", out);
    for (uint32_t i = 0; i < enumerant_count(model->status); i++) {
        fputs("    ", out);
        write_literal(out, enumerant_comment(model->status, i));
        fputs(",\n", out);
    }
    fputs("};\n\nconst struct exo_call_name exo_call_names[EXO_CALL_COUNT] = {\n", out);
    for (unsigned i = 0; i < model->call_count; i++) {
        const struct kernel_call *call = &model->calls[i];
        fprintf(out, "    {\"%s\", %u, %u, ", call->name, call->parameter_count,
                call->result_count);
        write_word_names(out, call->parameters, call->parameter_count);
        write_word_names(out, call->results, call->result_count);
        fprintf(out, "0x%x,\n     ", call->statuses);
        write_literal(out, call->comment);
        fputs("},\n", out);
    }
    fputs("};\n", out);
    request_output_close(out, "kernel_names.c");
}

/* Write kernel_names.h. */
static void write_header(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_names.h", "kernel.capnp and status.capnp");
    fprintf(out, "#ifndef KERNEL_NAMES_H\n#define KERNEL_NAMES_H\n#include \"kernel_calls.h\"\n\n"
        "/* A kernel call in words, for tracer and monitor. */\n"
        "struct exo_call_name {\n"
        "    const char *name;\n"
        "    uint8_t parameter_count, result_count;\n"
        "    const char *parameters[%d], *results[%d];\n"
        "    uint32_t statuses; /* bit i: it may answer status i */\n"
        "    const char *sentence;\n"
        "};\n\n"
        "extern const struct exo_call_name exo_call_names[EXO_CALL_COUNT];\n"
        "extern const char *const exo_status_sentences[EXO_STATUS_COUNT];\n",
        KERNEL_WORDS_MAX, KERNEL_WORDS_MAX);
    each_enum(model->file, out, declare_names);
    each_enum(model->status_file, out, declare_names);
    fputs("#endif\n", out);
    request_output_close(out, "kernel_names.h");
}

/* Write a list of words in the manual's way. */
static void write_manual_words(FILE *out, const char *what, const struct kernel_word *words,
                               unsigned count)
{
    if (count == 0)
        return;
    fprintf(out, "- %s:", what);
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "%s `%s`", i ? "," : "", words[i].name);
    fputc('\n', out);
}

/* Write one call's chapter of the manual. */
static void write_manual_call(FILE *out, const struct kernel_model *model, unsigned number)
{
    const struct kernel_call *call = &model->calls[number];
    fprintf(out, "\n## %u `%s`\n\n%s\n\n- object: %s", number, call->name, call->comment,
            call->object);
    if (call->rights)
        fprintf(out, ", rights 0x%x", call->rights);
    fprintf(out, "\n- gas: %u\n", call->gas);
    write_manual_words(out, "parameters", call->parameters, call->parameter_count);
    write_manual_words(out, "results", call->results, call->result_count);
    fputs("- answers:", out);
    for (uint32_t i = 0, some = 0; i < enumerant_count(model->status); i++)
        if (call->statuses >> i & 1)
            fprintf(out, "%s `%s`", some++ ? "," : "", enumerant_name(model->status, i));
    fputc('\n', out);
    if (call->local)
        fputs("- takes no lock\n", out);
    if (call->steps)
        fputs("- may take several steps: its progress stays in the caller's registers\n", out);
}

/* Write kernel.md. */
static void write_manual(const struct kernel_model *model)
{
    FILE *out = fopen("kernel.md", "w");
    if (!out)
        request_fatal("cannot write kernel.md; does the output folder exist and may you write "
                      "there?");
    fputs("# The kernel's calls\n\nGenerated from `idl/kernel.capnp` and `idl/status.capnp`.\n\n"
          "| status | number | meaning |\n| --- | --- | --- |\n", out);
    for (uint32_t i = 0; i < enumerant_count(model->status); i++)
        fprintf(out, "| `%s` | %u | %s |\n", enumerant_name(model->status, i), i,
                enumerant_comment(model->status, i));
    for (unsigned i = 0; i < model->call_count; i++)
        write_manual_call(out, model, i);
    request_output_close(out, "kernel.md");
}

void kernel_write_names(const struct kernel_model *model)
{
    write_header(model);
    write_tables(model);
    write_manual(model);
}
