/* SPDX-License-Identifier: MIT */
/*
 * Writing NAME_probe.c: the program that calls the first method of a schema's interface once, with
 * a sample for each parameter, and prints the answer with its names and types.
 *
 * The samples are known here, so the call is printed as a constant text; the answer is walked by
 * generated functions, one for each struct and group that it can hold. Everything goes through the
 * public generated interface, as a program written by hand would.
 */
#include "interface.h"
#include "output.h"

#include "name.h"

#include <string.h>

enum {
    SAMPLE_DEPTH_MAX = 2, /* structs in structs that get samples: types may hold themselves */
    SHOWN_MAX = 256,      /* structs, groups and enums of one answer */
};

#define SAMPLE_TEXT "sample"
#define SAMPLE_DATA "0x\\\"73 61 6d 70 6c 65\\\"" /* the same bytes, inside a C string */

/* --- The answer ------------------------------------------------------------------------------ */

/* The nodes that the answer can hold, each once; enums too, of which only `node` and `c` count. */
static struct structure shown[SHOWN_MAX];
static unsigned shown_count;

/* Add a node; false if it is there already. */
static bool shown_add(struct structure node)
{
    for (unsigned i = 0; i < shown_count; i++)
        if (strcmp(shown[i].c, node.c) == 0)
            return false;
    if (shown_count == SHOWN_MAX)
        request_fatal("the answer of an interface's first method holds more than %d types; "
                      "make a method with a smaller answer the first",
                      SHOWN_MAX);
    shown[shown_count++] = node;
    return true;
}

/* The innermost element of a list, or the type itself. */
static const struct type *innermost(const struct type *type)
{
    while (type->item)
        type = type->item;
    return type;
}

/* Collect a struct and all that its fields can hold. */
static void collect(struct structure structure)
{
    if (!shown_add(structure))
        return;
    for (uint32_t i = 0; i < structure.field_count; i++) {
        struct field field = structure_field(&structure, i);
        struct schema_node_reader inner;
        if (field.is_group) {
            collect(structure_in(field.group, field.brand));
            continue;
        }
        const struct type *type = innermost(&field.type);
        if (type->kind == TYPE_STRUCT && request_node(type->id, &inner))
            collect(structure_in(inner, type->brand));
        if (type->kind == TYPE_ENUM && request_node(type->id, &inner))
            shown_add((struct structure){.node = inner, .c = type->node});
    }
}

/* The name of a field as the schema writes it. */
static char *field_schema_name(const struct structure *structure, uint32_t index)
{
    struct capnp_text text;
    schema_field_get_name(schema_field_list_at(structure->fields, index), &text);
    return name_text(text);
}

/* The getter of a list's scalar elements, as an expression of the schema's type. */
static const char *element_value(const struct type *type, unsigned depth)
{
    return name_format("capnp_list_%s(list%u, i%u)", type->access, depth, depth);
}

static void write_shown(FILE *out, const struct type *type, const char *value, unsigned depth);

/* Write the loop that shows a list; `value` is a struct capnp_list. */
static void write_list(FILE *out, const struct type *element, const char *value, unsigned depth)
{
    char *item = name_format("item%u", depth);
    fprintf(out,
            "    {\n    struct capnp_list list%u = %s;\n    show_words(show, \"[\");\n"
            "    for (uint32_t i%u = 0; i%u < list%u.count; i%u++) {\n"
            "    if (i%u > 0)\n        show_words(show, \", \");\n",
            depth, value, depth, depth, depth, depth, depth);
    switch (element->kind) {
    case TYPE_TEXT:
    case TYPE_DATA: {
        const char *kind = element->kind == TYPE_TEXT ? "text" : "data";
        fprintf(out, "    struct capnp_%s %s;\n    capnp_list_%s(&list%u, i%u, &%s);\n", kind,
                item, kind, depth, depth, item);
        write_shown(out, element, item, depth + 1);
        break;
    }
    case TYPE_LIST:
    case TYPE_STRUCTS:
        fprintf(out, "    struct capnp_list %s;\n    capnp_list_list(&list%u, i%u, %s, &%s);\n",
                item, depth, depth,
                element->kind == TYPE_STRUCTS ? "CAPNP_COMPOSITE" : element->element, item);
        write_shown(out, element, item, depth + 1);
        break;
    case TYPE_STRUCT:
        write_shown(out, element,
                    name_format("((struct %s_reader){capnp_list_struct(&list%u, i%u)})",
                                element->node, depth, depth),
                    depth + 1);
        break;
    case TYPE_VOID:
    case TYPE_ANY_STRUCT:
    case TYPE_CAPABILITY:
    case TYPE_ANY: write_shown(out, element, "", depth + 1); break;
    default: write_shown(out, element, element_value(element, depth), depth + 1);
    }
    fputs("    }\n    show_words(show, \"]\");\n    }\n", out);
}

/* Write the statement that shows one value; `value` is an expression of the type's plain C form.
 */
static void write_shown(FILE *out, const struct type *type, const char *value, unsigned depth)
{
    switch (type->kind) {
    case TYPE_VOID: fputs("    show_words(show, \"void\");\n", out); break;
    case TYPE_BOOL: fprintf(out, "    show_bool(show, %s);\n", value); break;
    case TYPE_INTEGER:
        fprintf(out, "    show_%ssigned(show, (%s)%s);\n", type->c_type[0] == 'u' ? "un" : "",
                type->c_type, value);
        break;
    case TYPE_FLOAT: fprintf(out, "    show_float%u(show, %s);\n", type->bits, value); break;
    case TYPE_ENUM:
        fprintf(out, "    show_enum(show, (uint16_t)%s, %s_names, %s_COUNT);\n", value,
                type->node, name_upper(type->node));
        break;
    case TYPE_TEXT: fprintf(out, "    show_text(show, %s);\n", value); break;
    case TYPE_DATA: fprintf(out, "    show_data(show, %s);\n", value); break;
    case TYPE_LIST:
    case TYPE_STRUCTS:
        if (!type->item)
            fputs("    show_words(show, \"<pointer>\");\n", out);
        else
            write_list(out, type->item, value, depth);
        break;
    case TYPE_STRUCT: fprintf(out, "    show_%s(show, %s);\n", type->node, value); break;
    case TYPE_CAPABILITY: fputs("    show_words(show, \"<capability>\");\n", out); break;
    case TYPE_ANY_STRUCT:
    case TYPE_ANY: fputs("    show_words(show, \"<pointer>\");\n", out); break;
    }
}

/* Write the statements that show one field of a reader `value`. */
static void write_field(FILE *out, const struct structure *structure, uint32_t index)
{
    struct field field = structure_field(structure, index);
    const char *getter = name_format("%s_get_%s", structure->c, field.name), *member = "field";
    fprintf(out, "    show_words(show, \"%s = \");\n", field_schema_name(structure, index));
    if (field.is_group) {
        fprintf(out, "    show_%s(show, %s(value));\n", field.group_c, getter);
        return;
    }
    switch (field.type.kind) {
    case TYPE_TEXT: fputs("    struct capnp_text field;\n", out); break;
    case TYPE_DATA: fputs("    struct capnp_data field;\n", out); break;
    case TYPE_LIST:
        if (!field.type.item) {
            write_shown(out, &field.type, "", 0);
            return;
        }
        fputs("    struct capnp_list field;\n", out);
        break;
    case TYPE_STRUCTS:
        fprintf(out, "    struct %s_list field;\n", field.type.node);
        member = "field.raw";
        break;
    case TYPE_STRUCT: fprintf(out, "    struct %s_reader field;\n", field.type.node); break;
    case TYPE_FLOAT:
        write_shown(out, &field.type, name_format("%s_bits(value)", getter), 0);
        return;
    case TYPE_VOID:
    case TYPE_ANY_STRUCT:
    case TYPE_CAPABILITY:
    case TYPE_ANY: write_shown(out, &field.type, "", 0); return;
    default: write_shown(out, &field.type, name_format("%s(value)", getter), 0); return;
    }
    fprintf(out, "    %s(value, &field);\n", getter);
    write_shown(out, &field.type, member, 0);
}

/* Write the function that shows a struct or group. Null structs are left out: a type may hold
 * itself. */
static void write_struct(FILE *out, const struct structure *structure)
{
    const char *c = structure->c;
    fprintf(out,
            "static void show_%s(struct show *show, struct %s_reader value)\n{\n"
            "    const char *comma = \"\";\n    show_words(show, \"(\");\n",
            c, c);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        bool may_be_null =
            !field.is_group &&
            (field.type.kind == TYPE_STRUCT || field.type.kind >= TYPE_ANY_STRUCT);
        fputs("    ", out);
        if (field.in_union)
            fprintf(out, "if (%s_which(value) == %s_WHICH_%s)\n    ", c,
                    name_upper(structure->plain), name_upper(field.name));
        if (may_be_null)
            fprintf(out, "if (%s_has_%s(value))\n    ", c, field.name);
        fputs("{\n    show_words(show, comma);\n    comma = \", \";\n", out);
        write_field(out, structure, i);
        fputs("    }\n", out);
    }
    fputs("    (void)comma;\n    (void)value;\n    show_words(show, \")\");\n}\n\n", out);
}

/* Write the table of an enum's names. */
static void write_names(FILE *out, struct schema_node_reader node)
{
    struct schema_enumerant_list list;
    schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
    fprintf(out, "static const char *const %s_names[] = {\n", request_c_name(node));
    for (uint32_t i = 0; i < schema_enumerant_list_count(list); i++) {
        struct capnp_text text;
        schema_enumerant_get_name(schema_enumerant_list_at(list, i), &text);
        fprintf(out, "    \"%s\",\n", name_text(text));
    }
    fputs("    0,\n};\n\n", out);
}

/* Write what the answer needs. A function may have no caller: plain results are shown in place. */
static void write_answer_functions(FILE *out, const struct payload *results)
{
    shown_count = 0;
    collect(results->structure);
    for (unsigned i = 0; i < shown_count; i++)
        if (schema_node_which(shown[i].node) == SCHEMA_NODE_WHICH_ENUM)
            write_names(out, shown[i].node);
    for (unsigned i = 0; i < shown_count; i++)
        if (schema_node_which(shown[i].node) == SCHEMA_NODE_WHICH_STRUCT)
            fprintf(out,
                    "__attribute__((unused)) static void show_%s(struct show *show,\n"
                    "    struct %s_reader value);\n",
                    shown[i].c, shown[i].c);
    fputc('\n', out);
    for (unsigned i = 0; i < shown_count; i++)
        if (schema_node_which(shown[i].node) == SCHEMA_NODE_WHICH_STRUCT)
            write_struct(out, &shown[i]);
}

/* Write the statements that show the results, which are in `results`. */
static void write_answer(FILE *out, const struct payload *results)
{
    const struct structure *structure = &results->structure;
    if (results->is_complex) {
        fprintf(out, "    show_%s(show, results.reader);\n", structure->c);
        return;
    }
    fputs("    show_words(show, \"(\");\n", out);
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        fprintf(out, "    show_words(show, \"%s%s = \");\n", i > 0 ? ", " : "",
                field_schema_name(structure, i));
        if (field.type.kind == TYPE_CAPABILITY || field.type.kind == TYPE_ANY)
            fprintf(
                out, "    if (results.%s)\n        show_words(show, \"null\");\n    else\n    ",
                name_format("%s%s", codec_member_name(&field),
                            field.type.kind == TYPE_ANY ? ".kind == CAPNP_NULL" : " == EXO_NONE"));
        write_shown(out, &field.type,
                    name_format("results.%s%s", codec_member_name(&field),
                                field.type.kind == TYPE_STRUCTS ? ".raw" : ""),
                    0);
    }
    fputs("    show_words(show, \")\");\n", out);
}

/* --- The samples ----------------------------------------------------------------------------- */

static char *write_samples(FILE *out, const struct structure *structure, const char *builder,
                           unsigned depth);

/* The C expression and the text of a scalar's sample; floats as bits. */
static char *scalar_sample(const struct type *type, const char **expression)
{
    struct schema_node_reader node;
    struct schema_enumerant_list list;
    struct capnp_text text;
    switch (type->kind) {
    case TYPE_BOOL: *expression = "true"; return name_format("true");
    case TYPE_FLOAT:
        *expression = type->bits == 32 ? "UINT32_C(0x3fc00000)" : "UINT64_C(0x3ff8000000000000)";
        return name_format("1.5");
    case TYPE_ENUM:
        *expression = name_format("(enum %s)0", type->node);
        node = request_node_must(type->id, type->node);
        schema_node_enum_get_enumerants(schema_node_get_enum(node), &list);
        schema_enumerant_get_name(schema_enumerant_list_at(list, 0), &text);
        return name_text(text);
    default: *expression = "1"; return name_format("1");
    }
}

/* Write a list of one sample; NULL if its elements get none, and it stays empty. */
static char *write_list_sample(FILE *out, const struct field *field, const char *builder,
                               unsigned depth)
{
    if (!field->type.item)
        return NULL;
    struct type element = *field->type.item;
    const char *expression = NULL, *init = name_format("%s_init_%s", field->c, field->name);
    if (element.kind == TYPE_STRUCT) {
        struct schema_node_reader node;
        if (depth == SAMPLE_DEPTH_MAX || !request_node(element.id, &node))
            return NULL;
        struct structure inner = structure_in(node, element.brand);
        fprintf(out,
                "    {\n    struct %s_builder_list list%u;\n    %s(%s, 1, &list%u);\n"
                "    struct %s_builder inner%u = %s_builder_list_at(list%u, 0);\n",
                element.node, depth, init, builder, depth, element.node, depth, element.node,
                depth);
        char *text = write_samples(out, &inner, name_format("inner%u", depth), depth + 1);
        fputs("    }\n", out);
        return name_format("[%s]", text);
    }
    bool is_text = element.kind == TYPE_TEXT;
    if (!is_text && (type_is_pointer(&element) || element.kind == TYPE_VOID))
        return NULL;
    fprintf(out, "    {\n    struct capnp_list_builder list;\n    %s(%s, 1, &list);\n", init,
            builder);
    if (is_text) {
        fprintf(out,
                "    capnp_set_text(list.message, capnp_list_pointer_at(&list, 0),\n"
                "        CAPNP_TEXT_LITERAL(\"%s\"));\n    }\n",
                SAMPLE_TEXT);
        return name_format("[\\\"%s\\\"]", SAMPLE_TEXT);
    }
    char *text = scalar_sample(&element, &expression);
    fprintf(out, "    capnp_list_set_%s(&list, 0, %s);\n    }\n", element.access, expression);
    return name_format("[%s]", text);
}

/* Write the sample of one field and answer its text, to stand inside a C string; NULL: it gets
 * none. */
static char *write_sample(FILE *out, const struct structure *structure, uint32_t index,
                          const char *builder, unsigned depth)
{
    struct field field = structure_field(structure, index);
    const char *set = name_format("%s_set_%s", field.c, field.name), *expression = NULL;
    struct schema_node_reader node = field.group;
    if (field.is_group || field.type.kind == TYPE_STRUCT) {
        if (depth == SAMPLE_DEPTH_MAX || (!field.is_group && !request_node(field.type.id, &node)))
            return NULL;
        struct structure inner =
            structure_in(node, field.is_group ? field.brand : field.type.brand);
        fprintf(out,
                field.is_group ? "    {\n    struct %s_builder inner%u = %s_init_%s(%s);\n"
                               : "    {\n    struct %s_builder inner%u;\n"
                                 "    %s_init_%s(%s, &inner%u);\n",
                inner.c, depth, field.c, field.name, builder, depth);
        char *text = write_samples(out, &inner, name_format("inner%u", depth), depth + 1);
        fputs("    }\n", out);
        return text;
    }
    switch (field.type.kind) {
    case TYPE_TEXT:
        fprintf(out, "    %s(%s, CAPNP_TEXT_LITERAL(\"%s\"));\n", set, builder, SAMPLE_TEXT);
        return name_format("\\\"%s\\\"", SAMPLE_TEXT);
    case TYPE_DATA:
        fprintf(out, "    %s(%s, (struct capnp_data){(const uint8_t *)\"%s\", %zu});\n", set,
                builder, SAMPLE_TEXT, sizeof SAMPLE_TEXT - 1);
        return name_format("%s", SAMPLE_DATA);
    case TYPE_LIST:
    case TYPE_STRUCTS: return write_list_sample(out, &field, builder, depth);
    case TYPE_VOID:
        if (!field.in_union)
            return NULL;
        fprintf(out, "    %s(%s);\n", set, builder);
        return name_format("void");
    case TYPE_ANY_STRUCT:
    case TYPE_CAPABILITY:
    case TYPE_ANY: return NULL;
    default: {
        char *text = scalar_sample(&field.type, &expression);
        fprintf(out, "    %s%s(%s, %s);\n", set, field.type.kind == TYPE_FLOAT ? "_bits" : "",
                builder, expression);
        return text;
    }
    }
}

/* Write the samples of a struct's fields, of a union the first member's; answers their text. */
static char *write_samples(FILE *out, const struct structure *structure, const char *builder,
                           unsigned depth)
{
    char *all = name_format("(");
    const char *comma = "";
    for (uint32_t i = 0; i < structure->field_count; i++) {
        struct field field = structure_field(structure, i);
        if (field.in_union && field.discriminant != 0)
            continue;
        char *text = write_sample(out, structure, i, builder, depth);
        if (!text)
            continue;
        all = name_format("%s%s%s = %s", all, comma, field_schema_name(structure, i), text);
        comma = ", ";
    }
    return name_format("%s)", all);
}

/* --- The program ----------------------------------------------------------------------------- */

/* Write the function that makes the call; answers the text of its parameters. */
static char *write_call(FILE *out, const char *c, const struct method *method)
{
    const struct payload *params = &method->params;
    const char *results =
        method->results.is_empty ? "" : name_format("struct %s *results", method->results.c);
    char *text = name_format("()");
    fprintf(out,
            "/* Calls %s with a sample for each parameter. */\n"
            "static enum exo_status call(struct %s_client *client%s%s)\n{\n",
            method->path, c, *results ? ", " : "", results);
    if (params->is_empty) {
        fprintf(out, "    return %s(client%s);\n}\n\n", method->c, *results ? ", results" : "");
        return text;
    }
    fprintf(out,
            "    struct %s_builder params;\n"
            "    enum exo_status status = %s_begin(client, &params);\n\n"
            "    if (status != EXO_STATUS_OK)\n        return status;\n",
            params->structure.c, method->c);
    text = write_samples(out, &params->structure, "params", 0);
    fprintf(out, "    return %s_finish(client%s);\n}\n\n", method->c, *results ? ", results" : "");
    return text;
}

/* Write the function that prints the line; an answer that is too long ends in dots. */
static void write_end(FILE *out)
{
    fputs("/* Prints the line and ends it; answers the program's status. */\n"
          "static int end(struct show *show, int status)\n{\n"
          "    for (int i = 0; i < 3 && show->used >= show->room; i++)\n"
          "        show->to[show->room + i] = '.';\n"
          "    show->used += show->used == show->room ? 3 : 0;\n"
          "    show->to[show->used] = '\\n';\n"
          "    print_text(show->to, show->used + 1);\n    return status;\n}\n\n",
          out);
}

/* Write component_main. */
static void write_main(FILE *out, const char *base, const char *c, const struct method *method,
                       const char *params)
{
    const char *last = strrchr(method->path, '.');
    bool has_results = !method->results.is_empty;
    write_end(out);
    fprintf(out,
            "int component_main(void)\n{\n"
            "    static struct %s_client client;\n    static char line[2000];\n"
            "    struct show all = {line, sizeof line - 4, 0};\n    struct show *show = &all;\n",
            c);
    if (has_results)
        fprintf(out, "    struct %s results;\n", method->results.c);
    fprintf(
        out,
        "    const struct binding *binding = binding_import(\"%s\");\n\n"
        "    if (!binding) {\n"
        "        print(\"%s_probe: it has no import called %s; add it to the composition\\n\");\n"
        "        return 1;\n    }\n"
        "    enum exo_status status = %s_client_open(&client, binding);\n"
        "    if (status == EXO_STATUS_OK)\n        status = call(&client%s);\n"
        "    show_words(show, \"%s%s%s -> \");\n"
        "    if (status != EXO_STATUS_OK) {\n"
        "        show_words(show, exo_status_names[status]);\n"
        "        return end(show, 1);\n    }\n",
        base, base, base, c, has_results ? ", &results" : "", c, last ? last : "", params);
    if (has_results)
        write_answer(out, &method->results);
    else
        fputs("    show_words(show, \"()\");\n", out);
    fputs("    return end(show, 0);\n}\n", out);
}

void output_probe(struct schema_node_reader file, struct schema_node_reader interface)
{
    char *base = request_file_base(file), *c = request_c_name(interface);
    char *name = name_format("%s_probe.c", base);
    struct method method = interface_method(interface, 0);
    FILE *out = request_output(name, name_format("%s.capnp", base));
    fprintf(out,
            "#include \"%s.capnp.h\"\n#include \"kernel_names.h\"\n#include \"print.h\"\n"
            "#include \"show.h\"\n#include \"startup.h\"\n\n",
            base);
    if (!method.results.is_empty)
        write_answer_functions(out, &method.results);
    char *params = write_call(out, c, &method);
    write_main(out, base, c, &method, params);
    request_output_close(out, name);
}
