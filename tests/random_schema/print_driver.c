/* SPDX-License-Identifier: MIT */
/* Writing C that fills and prints random structs with what the generator makes of their schema. */
#include "print.h"

#include <ctype.h>
#include <string.h>

/* For any C name: what an instance is made of is limited. */
enum { NAME_BYTES = 512 };

/* What a driver is written for. */
struct context {
    FILE *out;
    const struct model *model;
    int version;
    const char *prefix;
};

/* The C type of a scalar, and how the generator's functions for it end. */
static const char *const scalar_types[KIND_TEXT] = {
    "", "bool", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t",
    "uint64_t", "float", "double", ""};

/* The part of a name that says what an argument is. */
static void append_argument(const struct context *context, struct type type, char *name);

/* Append the C name of a struct that is declared, with the arguments of an instance, or null for
 * the generic's own name, which sizes and the tags of unions have. */
static void append_name(const struct context *context, int index, const struct type *arguments,
                        char *name)
{
    const struct structure *declared = &context->model->structs[index];
    int outer = 0;
    if (declared->parent >= 0) {
        append_name(context, declared->parent, arguments, name);
        outer = context->model->structs[declared->parent].parameters;
    }
    sprintf(name + strlen(name), "_s%d", index);
    bool is_open = true;
    for (int i = outer; arguments && i < declared->parameters; i++)
        is_open &= arguments[i].kind == KIND_ANY;
    for (int i = outer; !is_open && i < declared->parameters; i++) {
        strcat(name, i == outer ? "_of_" : "_and_");
        append_argument(context, arguments[i], name);
    }
}

static void append_argument(const struct context *context, struct type type, char *name)
{
    static const char *const kinds[KIND_COUNT] = {
        "void", "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float32", "float64", "", "text", "data", "", "any", "i0", ""};
    for (int i = 0; i < type.lists; i++)
        strcat(name, "list_of_");
    if (type.kind == KIND_ENUM)
        sprintf(name + strlen(name), "e%d", type.index);
    else if (type.kind == KIND_STRUCT) {
        const struct structure *structure = &context->model->structs[type.index];
        bool is_instance = structure->generic >= 0;
        char inner[NAME_BYTES] = "";
        append_name(context, is_instance ? structure->generic : type.index,
                    structure->arguments, inner);
        strcat(name, inner + 1);
    } else
        strcat(name, kinds[type.kind]);
}

/* Write the C name of a struct to a buffer of NAME_BYTES; `is_plain` for that of its generic. */
static char *struct_name(const struct context *context, int index, bool is_plain, char *name)
{
    const struct structure *structure = &context->model->structs[index];
    strcpy(name, context->prefix);
    append_name(context, structure->generic >= 0 ? structure->generic : index,
                is_plain ? NULL : structure->arguments, name);
    return name;
}

static char *upper(const char *name, char *out)
{
    size_t i = 0;
    for (; name[i]; i++)
        out[i] = (char)toupper((unsigned char)name[i]);
    out[i] = '\0';
    return out;
}

static unsigned enumerants(const struct context *context, struct type type)
{
    return type.kind == KIND_ENUM
               ? (unsigned)context->model->enumerants[type.index][context->version]
               : 0;
}

/* Write the address of the `struct element` of a list's elements. */
static void print_element(const struct context *context, struct type type)
{
    char name[NAME_BYTES];
    if (type.kind == KIND_STRUCT)
        fprintf(context->out, "&%s_element", struct_name(context, type.index, false, name));
    else
        fprintf(context->out, "&(struct element){.kind = %d, .enumerants = %u}", (int)type.kind,
                enumerants(context, type));
}

/* Write what sets a pointer field and says its value. */
static void fill_pointer(const struct context *context, const char *scope,
                         const struct member *field, struct type type)
{
    FILE *out = context->out;
    char inner[NAME_BYTES];
    const char *name = print_c_name(field);
    if (type.kind == KIND_STRUCT)
        struct_name(context, type.index, false, inner);
    if (type.lists > 0) {
        bool is_typed = type.lists == 1 && type.kind == KIND_STRUCT;
        fprintf(out, "        struct %s%s list;\n", is_typed ? inner : "capnp_list_builder",
                is_typed ? "_builder_list" : "");
        fprintf(out, "        expect_ok(%s_init_%s(b, draw_count(say), &list));\n", scope, name);
        fprintf(out, "        fill_list(say, &list%s, %d, ", is_typed ? ".raw" : "", type.lists);
        print_element(context, type);
        fprintf(out, ");\n");
    } else if (type.kind == KIND_STRUCT)
        fprintf(out, "        struct %s_builder inner;\n"
                     "        expect_ok(%s_init_%s(b, &inner));\n"
                     "        %s_fill(say, inner);\n", inner, scope, name, inner);
    else {
        const char *what = type.kind == KIND_TEXT ? "text" : "data";
        fprintf(out, "        struct capnp_%s value = draw_%s(say);\n"
                     "        expect_ok(%s_set_%s(b, value));\n        say_%s(say, value);\n", what,
                what, scope, name, what);
    }
}

/* Write what sets an AnyPointer, in one of several ways, and says its value. */
static void fill_any(const struct context *context, const char *scope, const struct member *field)
{
    FILE *out = context->out;
    const char *name = print_c_name(field);
    int lists = field->actual.lists;
    fprintf(out, "        const struct element *element = ");
    print_element(context, field->actual);
    fprintf(out, ";\n        ");
    if (lists == 0 && field->actual.kind == KIND_STRUCT)
        fprintf(out, "if (random_once_in(&say->random, 3)) {\n"
                     "            struct capnp_struct_builder inner;\n"
                     "            expect_ok(%s_init_%s(b, element->data_words, element->pointers,\n"
                     "                &inner));\n"
                     "            element->fill(say, b.message, inner.words);\n"
                     "        } else ", scope, name);
    fprintf(out, "if (say->copies < COPIES_MAX && say_chooses(say)) {\n"
                 "            struct capnp_any value;\n"
                 "            fill_copy(say, %d, element, &value);\n"
                 "            expect_ok(%s_set_%s(b, &value));\n"
                 "            say->copies--;\n"
                 "        } else {\n"
                 "            struct capnp_orphan orphan;\n"
                 "            fill_orphan(say, b.message, %d, element, &orphan);\n"
                 "            expect_ok(%s_adopt_%s(b, &orphan));\n"
                 "        }\n", lists, scope, name, lists, scope, name);
}

/* Write what sets a scalar and says its value. */
static void fill_scalar(const struct context *context, const char *scope,
                        const struct member *field, struct type type)
{
    FILE *out = context->out;
    const char *name = print_c_name(field);
    fprintf(out, "        uint64_t bits = draw_scalar(say, %d, %u);\n", (int)type.kind,
            enumerants(context, type));
    if (type.kind == KIND_FLOAT32)
        fprintf(out, "        %s_set_%s(b, float_of((uint32_t)bits));\n", scope, name);
    else if (type.kind == KIND_FLOAT64)
        fprintf(out, "        %s_set_%s(b, double_of(bits));\n", scope, name);
    else if (type.kind == KIND_ENUM)
        fprintf(out, "        %s_set_%s(b, (enum %s_e%d)bits);\n", scope, name, context->prefix,
                type.index);
    else if (type.kind != KIND_VOID)
        fprintf(out, "        %s_set_%s(b, (%s)bits);\n", scope, name, scalar_types[type.kind]);
    else if (field->in_union)
        fprintf(out, "        %s_set_%s(b);\n", scope, name);
    fprintf(out, "        say_scalar(say, %d, %u, bits);\n", (int)type.kind,
            enumerants(context, type));
}

/* Write the block that fills one member. */
static void fill_member(const struct context *context, const char *scope,
                        const struct member *member, bool is_choice)
{
    FILE *out = context->out;
    struct type type = member->type[context->version];
    bool is_pointer = member->form == FORM_FIELD && (type.lists > 0 || type.kind >= KIND_TEXT);
    bool is_any = member->form == FORM_FIELD && type.kind == KIND_ANY;
    if (is_any && member->actual.kind == KIND_ANY)
        return;
    if (is_any)
        type = member->actual;
    if (member->form == FORM_FIELD && type.kind == KIND_INTERFACE) {
        fprintf(out, "    (void)%s_set_%s;\n", scope, print_c_name(member));
        return;
    }
    const char *condition = "";
    if (is_pointer && !is_choice)
        condition = type.kind == KIND_STRUCT ? "if (say_is_shallow(say) && say_chooses(say)) "
                                             : "if (say_chooses(say)) ";
    fprintf(out, "    %s{\n        say_name(say, &is_first, \"%s\");\n", condition,
            print_name(member));
    if (member->form == FORM_GROUP)
        fprintf(out, "        %s_%s_fill(say, %s_init_%s(b));\n", scope, print_c_name(member),
                scope, print_c_name(member));
    else if (is_any)
        fill_any(context, scope, member);
    else if (is_pointer)
        fill_pointer(context, scope, member, type);
    else
        fill_scalar(context, scope, member, type);
    fprintf(out, "    }\n");
}

/* Write the block that reads one member and says what it is. */
static void dump_member(const struct context *context, const char *scope,
                        const struct member *member)
{
    FILE *out = context->out;
    struct type type = member->type[context->version];
    char inner[NAME_BYTES] = "";
    const char *name = print_c_name(member);
    bool is_field = member->form == FORM_FIELD;
    bool is_pointer = is_field && (type.lists > 0 || type.kind >= KIND_TEXT);
    bool is_any = is_field && type.kind == KIND_ANY;
    if (is_any && member->actual.kind == KIND_ANY)
        return;
    if (is_field && type.kind == KIND_INTERFACE) {
        fprintf(out, "    if (%s_has_%s(r))\n        abort();\n", scope, name);
        return;
    }
    if (type.kind == KIND_STRUCT && is_field)
        struct_name(context, type.index, false, inner);
    if (is_pointer)
        fprintf(out, "    if (%s_has_%s(r)) ", scope, name);
    fprintf(out, "    {\n        say_name(say, &is_first, \"%s\");\n", print_name(member));
    if (!is_field)
        fprintf(out, "        %s_%s_dump(say, %s_get_%s(r));\n", scope, name, scope, name);
    else if (is_any) {
        fprintf(out, "        struct capnp_any value;\n        expect_ok(%s_get_%s(r, &value));\n"
                     "        dump_any(say, &value, %d, ", scope, name, member->actual.lists);
        print_element(context, member->actual);
        fprintf(out, ");\n");
    } else if (type.lists > 0) {
        bool is_typed = type.lists == 1 && type.kind == KIND_STRUCT;
        fprintf(out, "        struct %s list;\n        expect_ok(%s_get_%s(r, &list));\n"
                     "        dump_list(say, &list%s, %d, ",
                is_typed ? strcat(inner, "_list") : "capnp_list", scope, name,
                is_typed ? ".raw" : "", type.lists);
        print_element(context, type);
        fprintf(out, ");\n");
    } else if (type.kind == KIND_STRUCT)
        fprintf(out, "        struct %s_reader inner;\n        expect_ok(%s_get_%s(r, &inner));\n"
                     "        %s_dump(say, inner);\n", inner, scope, name, inner);
    else if (is_pointer) {
        const char *what = type.kind == KIND_TEXT ? "text" : "data";
        fprintf(out, "        struct capnp_%s value;\n        expect_ok(%s_get_%s(r, &value));\n"
                     "        say_%s(say, value);\n", what, scope, name, what);
    } else if (type.kind == KIND_VOID)
        fprintf(out, "        say_scalar(say, %d, 0, 0);\n", (int)type.kind);
    else
        fprintf(out, "        say_scalar(say, %d, %u, (uint64_t)%s_get_%s%s(r));\n", (int)type.kind,
                enumerants(context, type), scope, name,
                type.kind == KIND_FLOAT32 || type.kind == KIND_FLOAT64 ? "_bits" : "");
    fprintf(out, "    }\n");
}

/* Write the functions that fill and dump one member of a union: that number `choice`. `plain` is
 * the scope without arguments. */
static void print_choices(const struct context *context, const char *scope, const char *plain,
                          const struct member **fields, const bool *is_choice, int count)
{
    FILE *out = context->out;
    char name[NAME_BYTES], member_name[64];
    fprintf(out, "static bool %s_fill_choice(struct say *say, struct %s_builder b,\n"
                 "    unsigned choice, bool is_first)\n{\n    (void)b;\n    switch (choice) {\n",
            scope, scope);
    for (int i = 0, choice = 0; i < count; i++)
        if (is_choice[i]) {
            fprintf(out, "    case %d:\n", choice++);
            fill_member(context, scope, fields[i], true);
            fprintf(out, "        break;\n");
        }
    fprintf(out, "    }\n    return is_first;\n}\n\n"
                 "static bool %s_dump_choice(struct say *say, struct %s_reader r,\n"
                 "    unsigned choice, bool is_first)\n{\n    (void)r;\n    switch (choice) {\n",
            scope, scope);
    for (int i = 0; i < count; i++)
        if (is_choice[i]) {
            fprintf(out, "    case %s_WHICH_%s:\n", upper(plain, name),
                    upper(print_c_name(fields[i]), member_name));
            dump_member(context, scope, fields[i]);
            fprintf(out, "        break;\n");
        }
    fprintf(out, "    }\n    return is_first;\n}\n\n");
}

/* Write the order in which a struct's members are said: the union's chosen one stands where it is
 * in the order of ordinals. `is_fill` tells filling from dumping. */
static void print_order(const struct context *context, const char *scope,
                        const struct member **fields, const bool *is_choice, int count,
                        bool is_fill)
{
    FILE *out = context->out;
    int choices = 0, said = 0, seen = 0;
    const char *verb = is_fill ? "fill" : "dump";
    for (int i = 0; i < count; i++)
        choices += is_choice[i];
    if (choices > 0 && is_fill)
        fprintf(out, "    unsigned choice = random_below(&say->random, %d);\n", choices);
    else if (choices > 0)
        fprintf(out, "    unsigned choice = (unsigned)%s_which(r);\n", scope);
    for (int i = 0; i <= count; i++) {
        if (i < count && is_choice[i]) {
            seen++;
            continue;
        }
        if (seen > said) {
            fprintf(out, "    if (choice - %du < %du)\n"
                         "        is_first = %s_%s_choice(say, %c, choice, is_first);\n", said,
                    seen - said, scope, verb, *verb == 'f' ? 'b' : 'r');
            said = seen;
        }
        if (i < count && is_fill)
            fill_member(context, scope, fields[i], false);
        else if (i < count)
            dump_member(context, scope, fields[i]);
    }
}

/* Write the functions of a struct or group, after those of the groups in it. */
static void print_scope(const struct context *context, const char *scope, const char *plain,
                        int body, bool is_struct)
{
    const struct member *fields[MEMBERS_MAX];
    bool is_choice[MEMBERS_MAX], has_union = false;
    FILE *out = context->out;
    char inner[NAME_BYTES], inner_plain[NAME_BYTES];
    int count = model_fields(context->model, body, context->version, fields, is_choice);
    for (int i = 0; i < count; i++) {
        has_union |= is_choice[i];
        if (fields[i]->form != FORM_GROUP)
            continue;
        snprintf(inner, sizeof inner, "%s_%s", scope, print_c_name(fields[i]));
        snprintf(inner_plain, sizeof inner_plain, "%s_%s", plain, print_c_name(fields[i]));
        print_scope(context, inner, inner_plain, (int)(fields[i] - context->model->members),
                    false);
    }
    if (has_union)
        print_choices(context, scope, plain, fields, is_choice, count);
    for (int is_fill = 1; is_fill >= 0; is_fill--) {
        fprintf(out, "static void %s_%s(struct say *say, struct %s_%s)\n{\n"
                     "    bool is_first = true;\n    fputc('(', say->out);\n    (void)%c;\n%s",
                scope, is_fill ? "fill" : "dump", scope, is_fill ? "builder b" : "reader r",
                is_fill ? 'b' : 'r', is_struct ? "    say->depth++;\n" : "");
        print_order(context, scope, fields, is_choice, count, is_fill);
        fprintf(out, "    fputc(')', say->out);\n    (void)is_first;\n%s}\n\n",
                is_struct ? "    say->depth--;\n" : "");
    }
}

/* Write what lists of a struct, and the root, are filled and dumped with. */
static void print_raw(const struct context *context, const char *name, const char *plain)
{
    char big[NAME_BYTES];
    upper(plain, big);
    fprintf(context->out,
            "static void %s_fill_raw(struct say *say, struct capnp_builder *message, "
            "uint64_t *words)\n{\n    %s_fill(say, (struct %s_builder){message, words});\n}\n\n"
            "static void %s_dump_raw(struct say *say, struct capnp_struct from)\n{\n"
            "    %s_dump(say, (struct %s_reader){from});\n}\n\n"
            "const struct element %s_element = {%d, 0, %s_DATA_WORDS, %s_POINTERS,\n"
            "    %s_fill_raw, %s_dump_raw};\n\n",
            name, name, name, name, name, name, name, (int)KIND_STRUCT, big, big, name, name);
}

void print_driver(FILE *out, const struct model *model, int version, const char *prefix)
{
    struct context context = {out, model, version, prefix};
    char name[NAME_BYTES], plain[NAME_BYTES];
    fprintf(out, "#include \"%s.capnp.c\"\n\n", prefix);
    for (int i = 0; i < model->struct_count; i++)
        if (model->structs[i].is_used[version]) {
            struct_name(&context, i, false, name);
            fprintf(out, "static void %s_fill(struct say *say, struct %s_builder b);\n"
                         "static void %s_dump(struct say *say, struct %s_reader r);\n"
                         "extern const struct element %s_element;\n", name, name, name, name, name);
        }
    for (int i = 0; i < model->struct_count; i++)
        if (model->structs[i].is_used[version]) {
            struct_name(&context, i, false, name);
            struct_name(&context, i, true, plain);
            print_scope(&context, name, plain, model->structs[i].body, true);
            print_raw(&context, name, plain);
        }
}
