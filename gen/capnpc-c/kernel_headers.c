/* SPDX-License-Identifier: MIT */
/* Writing the headers of the kernel's calls, and the kernel's dispatch table. */
#include "kernel.h"

#include "name.h"

#include <inttypes.h>
#include <string.h>

/* Write the value of a constant; true if it is one that fits a word. */
static bool write_value(FILE *out, struct schema_value_reader value)
{
    switch (schema_value_which(value)) {
    case SCHEMA_VALUE_WHICH_BOOL: fprintf(out, "%d", schema_value_get_bool(value)); return true;
    case SCHEMA_VALUE_WHICH_INT8: fprintf(out, "(%d)", schema_value_get_int8(value)); return true;
    case SCHEMA_VALUE_WHICH_INT16: fprintf(out, "(%d)", schema_value_get_int16(value)); return true;
    case SCHEMA_VALUE_WHICH_INT32:
        fprintf(out, "(%" PRId32 ")", schema_value_get_int32(value));
        return true;
    case SCHEMA_VALUE_WHICH_INT64:
        fprintf(out, "INT64_C(%" PRId64 ")", schema_value_get_int64(value));
        return true;
    case SCHEMA_VALUE_WHICH_UINT8: fprintf(out, "0x%xu",
                                           schema_value_get_uint8(value)); return true;
    case SCHEMA_VALUE_WHICH_UINT16:
        fprintf(out, "0x%xu", schema_value_get_uint16(value));
        return true;
    case SCHEMA_VALUE_WHICH_UINT32:
        fprintf(out, "0x%" PRIx32 "u", schema_value_get_uint32(value));
        return true;
    case SCHEMA_VALUE_WHICH_UINT64:
        fprintf(out, "UINT64_C(0x%" PRIx64 ")", schema_value_get_uint64(value));
        return true;
    default: return false;
    }
}

/* Write a constant as a macro. */
static void write_constant(FILE *out, struct schema_node_reader node)
{
    struct schema_value_reader value;
    fprintf(out, "#define %s ", name_upper(request_c_name(node)));
    schema_node_const_get_value(schema_node_get_const(node), &value);
    if (!write_value(out, value))
        request_error(node, request_path(node), "only numbers can be shared with the kernel; "
                      "move this constant to another file");
    fputc('\n', out);
}

/* Write an enum with its number of values. */
static void write_enum(FILE *out, struct schema_node_reader node)
{
    struct schema_enumerant_list list;
    char *name = request_c_name(node), *upper = name_upper(name);
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    fprintf(out, "\nenum %s {\n", name);
    for (uint32_t i = 0; i < schema_enumerant_list_count(list); i++) {
        struct capnp_text text;
        schema_enumerant_get_name(schema_enumerant_list_at(list, i), &text);
        fprintf(out, "    %s_%s = %u,\n", upper, name_upper(name_text(text)), i);
    }
    fprintf(out, "};\n#define %s_COUNT %u\n\n", upper, schema_enumerant_list_count(list));
}

/* Write the constants and enums of a file, in order of declaration. */
static void write_file(FILE *out, struct schema_node_reader file)
{
    struct schema_node_nested_node_list nested;
    schema_node_get_nested_nodes(file, &nested);
    for (uint32_t i = 0; i < schema_node_nested_node_list_count(nested); i++) {
        struct schema_node_reader node;
        if (!request_node(schema_node_nested_node_get_id(
                              schema_node_nested_node_list_at(nested, i)), &node))
            continue;
        if (schema_node_which(node) == SCHEMA_NODE_WHICH_CONST)
            write_constant(out, node);
        else if (schema_node_which(node) == SCHEMA_NODE_WHICH_ENUM)
            write_enum(out, node);
    }
}

void kernel_write_calls(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_calls.h", "kernel.capnp and status.capnp");
    fputs("#ifndef KERNEL_CALLS_H\n#define KERNEL_CALLS_H\n#include <stdint.h>\n\n", out);
    write_file(out, model->file);
    write_file(out, model->status_file);
    for (unsigned i = 0; i < model->call_count; i++)
        fprintf(out, "#define EXO_CALL_%s %u\n#define EXO_CALL_%s_GAS_UNITS %u\n",
                model->calls[i].upper, i, model->calls[i].upper, model->calls[i].gas);
    uint64_t steps = 0;
    for (uint32_t i = 0; i < model->call_count; i++)
        steps |= (uint64_t)model->calls[i].steps << i;
    fprintf(out, "#define EXO_CALL_COUNT %u\n", model->call_count);
    fprintf(out, "/* Bit by number: the call may take several steps. */\n");
    fprintf(out, "#define EXO_CALLS_IN_STEPS 0x%llxull\n#endif\n", (unsigned long long)steps);
    request_output_close(out, "kernel_calls.h");
}

/* Write the struct that overlays the register words of parameters or results. */
static void write_words(FILE *out, const struct kernel_call *call, const char *what,
                        const struct kernel_word *words, unsigned count)
{
    if (count == 0)
        return;
    fprintf(out, "struct %s_%s {\n", call->name, what);
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "    %s %s;\n", words[i].is_signed ? "int64_t" : "uint64_t",
                name_member(words[i].name));
    fputs("};\n", out);
}

/* Write a handler's prototype, with its comment. */
static void write_prototype(FILE *out, const struct kernel_call *call)
{
    bool is_domain = strcmp(call->object, "domain") == 0;
    fprintf(out, "/* %s */\nenum exo_status %s(struct thread *caller", call->comment, call->name);
    if (is_domain)
        fputs(", struct domain *domain", out);
    else if (call->kind != KERNEL_OBJECT_NONE)
        fputs(", struct slot *capability", out);
    if (call->parameter_count)
        fprintf(out, ", const struct %s_args *args", call->name);
    if (call->result_count)
        fprintf(out, ", struct %s_results *results", call->name);
    fputs(");\n\n", out);
}

/* Write the adapter between the dispatcher's uniform call and the handler; where several cores run,
 * it is called with the tree lock held. */
static void write_adapter(FILE *out, const struct kernel_call *call)
{
    const char *words = "(struct thread *caller, void *object, uint64_t *words)\n{\n";
    fprintf(out, "static enum exo_status %s_%s%s", call->local ? "call" : "alone", call->name,
            words);
    if (call->kind == KERNEL_OBJECT_NONE)
        fputs("    (void)object;\n", out);
    if (!call->parameter_count && !call->result_count)
        fputs("    (void)words;\n", out);
    fprintf(out, "    return %s(caller", call->name);
    if (call->kind != KERNEL_OBJECT_NONE)
        fputs(", object", out);
    if (call->parameter_count)
        fprintf(out, ", (const void *)words");
    if (call->result_count)
        fprintf(out, ", (void *)words");
    fputs(");\n}\n\n", out);
    if (!call->local)
        fprintf(out, "static enum exo_status call_%s%s    return core_self()->several\n"
                     "        ? call_locked(alone_%s, caller, object, words)\n"
                     "        : alone_%s(caller, object, words);\n}\n\n",
                call->name, words, call->name, call->name);
}

/* Write kernel_table.c. */
static void write_table(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_table.c", "kernel.capnp");
    fputs("#include \"kernel.h\"\n\n", out);
    for (unsigned i = 0; i < model->call_count; i++)
        write_adapter(out, &model->calls[i]);
    fputs("const struct call_entry call_table[EXO_CALL_COUNT] = {\n", out);
    for (unsigned i = 0; i < model->call_count; i++) {
        const struct kernel_call *call = &model->calls[i];
        const char *kind = call->kind == KERNEL_OBJECT_NONE  ? "CALL_OBJECT_NONE"
                           : call->kind == KERNEL_OBJECT_ANY ? "CALL_OBJECT_ANY"
                           : name_format("EXO_OBJECT_KIND_%s", name_upper(call->object));
        fprintf(out, "    [EXO_CALL_%s] = {call_%s, %s, 0x%x, %u},\n", call->upper, call->name,
                kind, call->rights, call->gas);
    }
    fputs("};\n", out);
    request_output_close(out, "kernel_table.c");
}

void kernel_write_handlers(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_handlers.h", "kernel.capnp");
    fputs("#ifndef KERNEL_HANDLERS_H\n#define KERNEL_HANDLERS_H\n#include \"kernel_calls.h\"\n\n"
          "struct thread;\nstruct slot;\nstruct domain;\n\n", out);
    for (unsigned i = 0; i < model->call_count; i++) {
        const struct kernel_call *call = &model->calls[i];
        write_words(out, call, "args", call->parameters, call->parameter_count);
        write_words(out, call, "results", call->results, call->result_count);
        write_prototype(out, call);
    }
    fputs("#endif\n", out);
    request_output_close(out, "kernel_handlers.h");
    write_table(model);
}

/* Is a result only there to keep the next one's place. */
static bool is_unused(const struct kernel_word *word)
{
    return strcmp(word->name, "unused") == 0;
}

/* The C name of a result of a stub; parameters and results may share names. */
static char *result_name(const struct kernel_call *call, unsigned index)
{
    for (unsigned i = 0; i < call->parameter_count; i++)
        if (strcmp(call->parameters[i].name, call->results[index].name) == 0)
            return name_format("%s_out", call->results[index].name);
    return name_member(call->results[index].name);
}

/* Write one user stub. */
static void write_stub(FILE *out, const struct kernel_call *call)
{
    unsigned words = call->parameter_count > call->result_count ? call->parameter_count
                                                                : call->result_count;
    bool is_portal = !strcmp(call->name, "portal_call") || !strcmp(call->name, "portal_reply");
    const char *separator = "";
    fprintf(out, "/* %s */\nstatic inline enum exo_status exo_%s(", call->comment, call->name);
    if (call->kind != KERNEL_OBJECT_NONE) {
        fputs("uint32_t capability", out);
        separator = ", ";
    }
    for (unsigned i = 0; i < call->parameter_count; i++, separator = ", ")
        fprintf(out, "%s%s %s", separator,
                call->parameters[i].is_signed ? "int64_t" : "uint64_t",
                name_member(call->parameters[i].name));
    for (unsigned i = 0; i < call->result_count; i++)
        if (!is_unused(&call->results[i])) {
            fprintf(out, "%suint64_t *%s", separator, result_name(call, i));
            separator = ", ";
        }
    fprintf(out, "%s)\n{\n", *separator ? "" : "void");
    for (unsigned i = 0; i < words; i++)
        fprintf(out, "    uint64_t register%u = %s;\n", i,
                i < call->parameter_count
                    ? name_format("(uint64_t)%s", name_member(call->parameters[i].name))
                    : "0");
    fprintf(out, "    uint64_t answer = exo_syscall%u%s(EXO_CALL_WORD(EXO_CALL_%s, %s)", words,
            is_portal ? "_vector" : "", call->upper,
            call->kind == KERNEL_OBJECT_NONE ? "0" : "capability");
    for (unsigned i = 0; i < words; i++)
        fprintf(out, ", &register%u", i);
    fputs(");\n", out);
    for (unsigned i = 0; i < call->result_count; i++)
        if (!is_unused(&call->results[i]))
            fprintf(out, "    *%s = register%u;\n", result_name(call, i), i);
    fputs("    return (enum exo_status)answer;\n}\n\n", out);
}

void kernel_write_stubs(const struct kernel_model *model)
{
    FILE *out = request_output("kernel_stubs.h", "kernel.capnp");
    fputs("#ifndef KERNEL_STUBS_H\n#define KERNEL_STUBS_H\n#include \"kernel_calls.h\"\n"
          "#include \"syscall.h\"\n\n"
          "/* The word of a kernel call: tag, number, capability. */\n"
          "#define EXO_CALL_WORD(number, capability) \\\n"
          "    ((uint64_t)EXO_CALL_TAG << 48 | (uint64_t)(number) << 32 | \\\n"
          "     (uint32_t)(capability))\n\n",
          out);
    for (unsigned i = 0; i < model->call_count; i++)
        write_stub(out, &model->calls[i]);
    fputs("#endif\n", out);
    request_output_close(out, "kernel_stubs.h");
}
