/* SPDX-License-Identifier: MIT */
#include "print.h"

static char names[4][24];
static unsigned name_next;

/* Format a member's name into one of four places in turn. */
static const char *format_name(const struct member *member, const char *long_name)
{
    char *name = names[name_next++ % 4];
    if (member->form == FORM_GROUP)
        snprintf(name, sizeof names[0], "g%d", member->number);
    else
        snprintf(name, sizeof names[0], "%s%d", member->is_long ? long_name : "f", member->number);
    return name;
}

const char *print_name(const struct member *member)
{
    return format_name(member, "longName");
}

const char *print_c_name(const struct member *member)
{
    return format_name(member, "long_name");
}

/* What is being written: the schema itself, or the one for the judge. */
struct page {
    FILE *out;
    const struct model *model;
    int version;
    bool is_judge;
};

static void indent(FILE *out, int depth)
{
    fprintf(out, "%*s", depth * 2, "");
}

/* Write a type that stands in struct `owner`. */
static void print_type(const struct page *page, int owner, struct type type);

/* Does a name stand for the same in `owner` without the arguments of what it is declared in. */
static bool is_inherited(const struct model *model, int owner, int parent,
                         const struct type *arguments)
{
    bool is_within = false;
    for (; owner >= 0 && !is_within; owner = model->structs[owner].parent)
        is_within = owner == parent;
    for (int i = 0; i < model->structs[parent].parameters; i++)
        is_within &= arguments[i].kind == KIND_PARAMETER && arguments[i].index == i;
    return is_within;
}

/* Write a struct's name with those that it is declared in, unless they are known where it stands,
 * and the arguments of an instance. */
static void print_path(const struct page *page, int owner, int index,
                       const struct type *arguments)
{
    const struct model *model = page->model;
    const struct structure *declared = &model->structs[index];
    FILE *out = page->out;
    bool is_open = true;
    int outer = declared->parent < 0 ? 0 : model->structs[declared->parent].parameters;
    if (declared->parent >= 0 && !is_inherited(model, owner, declared->parent, arguments)) {
        print_path(page, owner, declared->parent, arguments);
        fputc('.', out);
    }
    fprintf(out, "S%d", index);
    for (int i = outer; i < declared->parameters; i++)
        is_open &= arguments[i].kind == KIND_ANY;
    for (int i = outer; i < declared->parameters && !is_open; i++) {
        fputs(i == outer ? "(" : ", ", out);
        print_type(page, owner, arguments[i]);
    }
    if (outer < declared->parameters && !is_open)
        fputc(')', out);
}

static void print_type(const struct page *page, int owner, struct type type)
{
    static const char *const kinds[KIND_COUNT] = {
        "Void", "Bool", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64",
        "Float32", "Float64", "", "Text", "Data", "", "AnyPointer", "I0", ""};
    FILE *out = page->out;
    for (int i = 0; i < type.lists; i++)
        fputs("List(", out);
    if (type.kind == KIND_ENUM)
        fprintf(out, "E%d", type.index);
    else if (type.kind == KIND_PARAMETER)
        fputc('A' + type.index, out);
    else if (type.kind == KIND_STRUCT && page->is_judge)
        fprintf(out, "S%d", type.index);
    else if (type.kind == KIND_STRUCT) {
        const struct structure *structure = &page->model->structs[type.index];
        bool is_instance = structure->generic >= 0;
        print_path(page, owner, is_instance ? structure->generic : type.index,
                   structure->arguments);
    } else
        fputs(kinds[type.kind], out);
    for (int i = 0; i < type.lists; i++)
        fputc(')', out);
}

/* Write ` = VALUE` for a field that has a default. */
static void print_default(FILE *out, const struct member *field, enum kind kind)
{
    if (!field->has_default)
        return;
    if (kind == KIND_BOOL)
        fputs(" = true", out);
    else if (kind >= KIND_INT8 && kind <= KIND_INT64)
        fprintf(out, " = %d", -1 - field->number % 100);
    else if (kind >= KIND_UINT8 && kind <= KIND_UINT64)
        fprintf(out, " = %d", 255 - field->number % 100);
    else if (kind == KIND_FLOAT32 || kind == KIND_FLOAT64)
        fprintf(out, " = %d.25", field->number);
    else if (kind == KIND_ENUM)
        fputs(" = m0", out);
    else if (kind == KIND_TEXT)
        fputs(" = \"a \\\"default\\\"\"", out);
    else if (kind == KIND_DATA)
        fputs(" = 0x\"00 ff 10\"", out);
}

/* Write the members of a group or union of struct `owner`. */
static void print_body(const struct page *page, int owner, int body, int depth)
{
    const struct member *up = &page->model->members[body];
    FILE *out = page->out;
    for (int i = 0; i < up->child_count; i++) {
        const struct member *child = &page->model->members[up->children[i]];
        struct type type = child->type[page->version];
        if (child->since > page->version) {
            /* What lies in a union that is not there yet is a field of the body itself. */
            if (child->form == FORM_UNION)
                print_body(page, owner, up->children[i], depth);
            continue;
        }
        indent(out, depth);
        if (child->form == FORM_FIELD) {
            fprintf(out, "%s @%d :", print_name(child), child->ordinal);
            print_type(page, owner,
                       page->is_judge && type.kind == KIND_ANY ? child->actual : type);
            print_default(out, child, type.kind);
            fputs(";\n", out);
            continue;
        }
        if (child->form == FORM_GROUP)
            fprintf(out, "%s :group {\n", print_name(child));
        else
            fputs("union {\n", out);
        print_body(page, owner, up->children[i], depth + 1);
        indent(out, depth);
        fputs("}\n", out);
    }
}

/* Write the structs that are declared in `parent`. */
static void print_structs(const struct page *page, int parent, int depth)
{
    const struct model *model = page->model;
    FILE *out = page->out;
    for (int i = 0; i < model->struct_count; i++) {
        const struct structure *declared = &model->structs[i];
        if (declared->parent != parent || declared->since > page->version ||
            declared->generic >= 0)
            continue;
        int outer = parent < 0 ? 0 : model->structs[parent].parameters;
        indent(out, depth);
        fprintf(out, "struct S%d", i);
        for (int at = outer; at < declared->parameters; at++)
            fprintf(out, "%s%c", at == outer ? "(" : ", ", 'A' + at);
        fputs(outer < declared->parameters ? ") {\n" : " {\n", out);
        print_body(page, i, declared->body, depth + 1);
        print_structs(page, i, depth + 1);
        indent(out, depth);
        fputs("}\n", out);
    }
}

/* Write each struct and instance side by side. */
static void print_flat(const struct page *page)
{
    for (int i = 0; i < page->model->struct_count; i++)
        if (page->model->structs[i].is_used[page->version]) {
            fprintf(page->out, "struct S%d {\n", i);
            print_body(page, i, page->model->structs[i].body, 1);
            fputs("}\n", page->out);
        }
}

void print_schema(FILE *out, const struct model *model, int version, uint64_t id, bool is_judge)
{
    struct page page = {out, model, version, is_judge};
    fprintf(out, "@0x%016jx;\n", (uintmax_t)(id | UINT64_C(1) << 63));
    for (int i = 0; i < model->enum_count; i++) {
        fprintf(out, "enum E%d {", i);
        for (int at = 0; at < model->enumerants[i][version]; at++)
            fprintf(out, " m%d @%d;", at, at);
        fputs(" }\n", out);
    }
    if (is_judge)
        print_flat(&page);
    else
        print_structs(&page, -1, 0);
    if (!model->has_interface)
        return;
    /* Its code must compile; capabilities stay null. */
    fprintf(out, "interface I0 {\n"
                 "  m0 @0 (a :Int32 = 7, b :S0, c :List(Text)) -> (d :Data, e :I0);\n"
                 "  m1 @1 S0 -> (f :E0);\n%s}\n", version > 0 ? "  m2 @2 () -> stream;\n" : "");
}
