/* SPDX-License-Identifier: MIT */
/*
 * The layout is the C++ implementation's: the items of a list or struct stand on one line when each
 * has at most 24 bytes, and those of a struct together at most 64; otherwise each on a line of its
 * own. Items are measured before they are printed, and a measurement ends when it is too long, so
 * it costs little at each level.
 */
#include "text_print.h"

#include <assert.h>
#include <stddef.h>

#include "decimal.h"
#include "walk.h"

enum { INLINE_ITEM_BYTES = 24, INLINE_RECORD_BYTES = 64 };

/* `indent` is the level of what is printed; it counts from 1, as in the layout that is copied. */
static void print_value(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                        bool has_prefix);

void text_print_escaped(struct output *output, const char *bytes, uint32_t count, bool is_text)
{
    static const char plain[] = "\a\b\f\n\r\t\v'\"\\", letters[] = "abfnrtv'\"\\";
    for (uint32_t i = 0; i < count && !output_is_over(output); i++) {
        char byte = (char)capnp_load8(bytes + i);
        uint8_t code = (uint8_t)byte;
        uint32_t known = 0;
        while (plain[known] != '\0' && plain[known] != byte)
            known++;
        if (plain[known] != '\0') {
            output_byte(output, '\\');
            output_byte(output, letters[known]);
        } else if (code < ' ' || code == 127 || (code > 127 && !is_text)) {
            output_byte(output, '\\');
            for (int32_t shift = 6; shift >= 0; shift -= 3)
                output_byte(output, (char)('0' + ((code >> shift) & 7)));
        } else {
            output_byte(output, byte);
        }
    }
}

/* Print a name of the schema, whatever it holds. */
static void print_name(struct walk *walk, struct capnp_text name)
{
    text_print_escaped(walk->output, name.bytes, name.length, true);
}

static void print_quoted(struct walk *walk, const char *bytes, uint32_t count, bool is_text)
{
    output_byte(walk->output, '"');
    text_print_escaped(walk->output, bytes, count, is_text);
    output_byte(walk->output, '"');
}

static void print_enum(struct walk *walk, const struct dynamic_value *value)
{
    struct capnp_text name;
    if (dynamic_enum_name(&value->type, (uint32_t)value->bits, &name)) {
        print_name(walk, name);
        return;
    }
    output_byte(walk->output, '(');
    output_integer(walk->output, value->bits, false);
    output_byte(walk->output, ')');
}

/* What stands between the items of a list or struct. */
struct layout {
    bool lines;      /* each on a line of its own */
    bool has_prefix; /* something stands before the bracket on its line */
    uint32_t spaces;
};

static void begin_items(struct walk *walk, struct layout layout)
{
    if (!layout.lines)
        return;
    if (layout.has_prefix) {
        output_byte(walk->output, '\n');
        output_spaces(walk->output, layout.spaces);
    } else {
        output_byte(walk->output, ' ');
    }
}

static void separate_items(struct walk *walk, struct layout layout)
{
    if (layout.lines) {
        output_text(walk->output, ",\n");
        output_spaces(walk->output, layout.spaces);
    } else {
        output_text(walk->output, ", ");
    }
}

static void print_element(struct walk *walk, const struct dynamic_value *list,
                          const struct dynamic_type *element, uint32_t index, uint32_t indent)
{
    struct dynamic_value value;
    if (dynamic_list_get(list, element, index, &value) != CAPNP_OK)
        walk_fail(walk, DYNAMIC_MESSAGE);
    else
        print_value(walk, &value, indent, false);
}

/* Do all elements of a list fit on its line. */
static bool elements_fit(struct walk *walk, const struct dynamic_value *list,
                         const struct dynamic_type *element)
{
    bool fit = true;
    for (uint32_t i = 0; fit && i < list->list.count && !walk_stops(walk); i++) {
        struct output count;
        struct walk_mark mark = walk_measure(walk, list->list.message, &count, INLINE_ITEM_BYTES);
        print_element(walk, list, element, i, 0);
        fit = walk_measured(walk, list->list.message, mark);
    }
    return fit;
}

static void print_list(struct walk *walk, const struct dynamic_value *list, uint32_t indent,
                       bool has_prefix)
{
    struct dynamic_type element = dynamic_type_element(&list->type);
    struct layout layout = {false, has_prefix, indent * 2};
    layout.lines = walk_has_lines(walk) && !elements_fit(walk, list, &element);
    output_byte(walk->output, '[');
    begin_items(walk, layout);
    for (uint32_t i = 0; i < list->list.count && walk_pay(walk); i++) {
        if (i > 0)
            separate_items(walk, layout);
        print_element(walk, list, &element, i, indent + 1);
    }
    output_text(walk->output, layout.lines ? " ]" : "]");
}

static void print_member(struct walk *walk, const struct dynamic_struct *from,
                         const struct dynamic_field *field, uint32_t indent)
{
    struct dynamic_value value;
    print_name(walk, field->name);
    output_text(walk->output, " = ");
    if (dynamic_get(from, field, &value) != CAPNP_OK)
        walk_fail(walk, DYNAMIC_MESSAGE);
    else
        print_value(walk, &value, indent, true);
}

/* Do all members of a struct fit on its line. */
static bool members_fit(struct walk *walk, const struct dynamic_struct *from)
{
    struct walk_members members = walk_members_begin(from, false);
    struct dynamic_field field;
    uint64_t total = 0;
    while (walk_members_next(walk, &members, &field)) {
        struct output count;
        struct walk_mark mark = walk_measure(walk, from->data.message, &count, INLINE_ITEM_BYTES);
        print_member(walk, from, &field, 0);
        bool fits = walk_measured(walk, from->data.message, mark);
        total += count.count;
        if (!fits || total > INLINE_RECORD_BYTES)
            return false;
    }
    return true;
}

static void print_struct(struct walk *walk, const struct dynamic_struct *from, uint32_t indent,
                         bool has_prefix)
{
    struct layout layout = {false, has_prefix, indent * 2};
    struct dynamic_field field;
    bool is_first = true;
    assert(dynamic_shape_check(&from->shape));
    layout.lines = walk_has_lines(walk) && !members_fit(walk, from);
    struct walk_members members = walk_members_begin(from, false);
    output_byte(walk->output, '(');
    begin_items(walk, layout);
    while (walk_members_next(walk, &members, &field)) {
        if (!is_first)
            separate_items(walk, layout);
        is_first = false;
        print_member(walk, from, &field, indent + 1);
    }
    output_text(walk->output, layout.lines ? " )" : ")");
}

/* Print a struct, group or list, one level deeper. */
static void print_nested(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                         bool has_prefix)
{
    if (!walk_enter(walk))
        return;
    if (value->type.which == SCHEMA_TYPE_WHICH_LIST) {
        print_list(walk, value, indent, has_prefix);
    } else {
        struct dynamic_struct structure;
        if (dynamic_open(value, &structure))
            print_struct(walk, &structure, indent, has_prefix);
        else
            walk_fail(walk, DYNAMIC_TYPE);
    }
    walk_leave(walk);
}

static void print_float(struct walk *walk, const struct dynamic_value *value)
{
    char text[DECIMAL_TEXT_MAX];
    struct decimal_format format =
        value->type.which == SCHEMA_TYPE_WHICH_FLOAT32 ? decimal_float32 : decimal_float64;
    output_bytes(walk->output, text, decimal_print(text, value->bits, format));
}

static void print_value(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                        bool has_prefix)
{
    if (!walk_pay(walk))
        return;
    switch (value->type.which) {
    case SCHEMA_TYPE_WHICH_VOID: output_text(walk->output, "void"); break;
    case SCHEMA_TYPE_WHICH_BOOL: output_text(walk->output, value->bits ? "true" : "false"); break;
    case SCHEMA_TYPE_WHICH_INT8:
    case SCHEMA_TYPE_WHICH_INT16:
    case SCHEMA_TYPE_WHICH_INT32:
    case SCHEMA_TYPE_WHICH_INT64: output_integer(walk->output, value->bits, true); break;
    case SCHEMA_TYPE_WHICH_UINT8:
    case SCHEMA_TYPE_WHICH_UINT16:
    case SCHEMA_TYPE_WHICH_UINT32:
    case SCHEMA_TYPE_WHICH_UINT64: output_integer(walk->output, value->bits, false); break;
    case SCHEMA_TYPE_WHICH_FLOAT32:
    case SCHEMA_TYPE_WHICH_FLOAT64: print_float(walk, value); break;
    case SCHEMA_TYPE_WHICH_TEXT:
        print_quoted(walk, value->text.bytes, value->text.length, true);
        break;
    case SCHEMA_TYPE_WHICH_DATA:
        print_quoted(walk, (const char *)value->data.bytes, value->data.length, false);
        break;
    case SCHEMA_TYPE_WHICH_ENUM: print_enum(walk, value); break;
    case SCHEMA_TYPE_WHICH_LIST:
    case SCHEMA_TYPE_WHICH_STRUCT: print_nested(walk, value, indent, has_prefix); break;
    case SCHEMA_TYPE_WHICH_INTERFACE:
        if (walk->capability && value->any.kind == CAPNP_CAPABILITY)
            walk->capability(walk->output, value->any.capability);
        else
            output_text(walk->output, "<external capability>");
        break;
    default: output_text(walk->output, "<opaque pointer>"); break;
    }
}

enum dynamic_error text_print(const struct dynamic_struct *value, struct print_options options,
                              struct output *output)
{
    struct walk walk = walk_begin(options, output);
    if (walk_enter(&walk))
        print_struct(&walk, value, 1, false);
    return walk.error;
}

enum dynamic_error text_print_value(const struct dynamic_value *value, struct output *output)
{
    struct walk walk = walk_begin((struct print_options){0}, output);
    print_value(&walk, value, 1, false);
    return walk.error;
}
