/* SPDX-License-Identifier: MIT */
/*
 * The layout is the C++ implementation's: the members of an object or array of more than one stand
 * on lines of their own when one of them is longer than 50 bytes, its name included. So each
 * object is walked twice, first to measure.
 */
#include "json_print.h"

#include <assert.h>
#include <stddef.h>

#include "decimal.h"
#include "json_names.h"
#include "json_value.h"
#include "walk.h"

enum { INLINE_BYTES = 50 };

/* An object or array that is walked. */
struct container {
    bool measures;   /* only look how long the items are */
    bool is_long;    /* one of them is longer than a line may be */
    bool lines;      /* each on a line of its own */
    bool has_prefix; /* something stands before the bracket on its line */
    uint32_t indent;
    uint32_t count; /* items that came */
};

/* What stands before the names of flattened members, the outermost last. */
struct prefix {
    struct capnp_text text;
    const struct prefix *outer;
};

/* One member of an object. */
struct member {
    const struct prefix *prefix;
    struct capnp_text name;
    const struct dynamic_value *value; /* null: `text` is the value */
    struct capnp_text text;
    bool is_base64, is_hex;
    struct json_union inner;
    bool has_inner;
};

static void print_value(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                        bool has_prefix);
static void print_object(struct walk *walk, const struct dynamic_struct *from,
                         const struct json_union *inner, uint32_t indent, bool has_prefix);
static void print_json(struct walk *walk, struct capnp_struct json, uint32_t indent,
                       bool has_prefix);

/* The bytes of a string, without its quotes. */
static void print_escaped(struct walk *walk, const char *bytes, uint32_t count)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < count && !output_is_over(walk->output); i++) {
        char byte = (char)capnp_load8(bytes + i);
        uint32_t known = 0;
        while (plain[known] != '\0' && plain[known] != byte)
            known++;
        if (plain[known] != '\0') {
            output_byte(walk->output, '\\');
            output_byte(walk->output, letters[known]);
        } else if ((uint8_t)byte < ' ') {
            output_text(walk->output, "\\u00");
            output_byte(walk->output, digits[(uint8_t)byte >> 4]);
            output_byte(walk->output, digits[byte & 15]);
        } else {
            output_byte(walk->output, byte);
        }
    }
}

static void print_string(struct walk *walk, struct capnp_text text)
{
    output_byte(walk->output, '"');
    print_escaped(walk, text.bytes, text.length);
    output_byte(walk->output, '"');
}

static void print_prefix(struct walk *walk, const struct prefix *prefix)
{
    if (!prefix)
        return;
    print_prefix(walk, prefix->outer);
    print_escaped(walk, prefix->text.bytes, prefix->text.length);
}

/* Begin an array or object whose items were measured. */
static void begin(struct walk *walk, struct container *container)
{
    container->lines = walk_has_lines(walk) && container->count > 1 && container->is_long;
    container->measures = false;
    container->count = 0;
}

/* Before each item. */
static void separate(struct walk *walk, struct container *container)
{
    bool is_first = container->count++ == 0;
    if (!is_first)
        output_byte(walk->output, ',');
    if (!container->lines) {
        if (!is_first && walk->pretty)
            output_byte(walk->output, ' ');
    } else if (is_first && !container->has_prefix) {
        output_byte(walk->output, ' ');
    } else {
        output_byte(walk->output, '\n');
        output_spaces(walk->output, (container->indent + 1) * 2);
    }
}

static void end(struct walk *walk, const struct container *container, char bracket)
{
    if (container->lines)
        output_byte(walk->output, ' ');
    output_byte(walk->output, bracket);
}

/* How deep the items of a container stand. */
static uint32_t inner_indent(const struct container *container)
{
    return container->indent + container->lines;
}

/* Is more to be learned by measuring. */
static bool is_decided(const struct walk *walk, const struct container *container)
{
    return !walk_has_lines(walk) || (container->is_long && container->count > 1);
}

static void print_float(struct walk *walk, uint64_t bits)
{
    uint64_t magnitude = bits & INT64_MAX, infinity = UINT64_C(0x7ff) << 52;
    char text[DECIMAL_TEXT_MAX];
    if (magnitude < infinity)
        output_bytes(walk->output, text, decimal_print(text, bits, decimal_float64));
    else if (magnitude > infinity)
        output_text(walk->output, "\"NaN\"");
    else
        output_text(walk->output, bits >> 63 ? "\"-Infinity\"" : "\"Infinity\"");
}

/* The Float64 of the same value as a Float32. */
static uint64_t widen(uint32_t bits)
{
    uint64_t sign = (uint64_t)(bits >> 31) << 63, fraction = bits & 0x7fffff;
    uint64_t exponent = bits >> 23 & 0xff;
    if (exponent == 0xff)
        return sign | UINT64_C(0x7ff) << 52 | fraction << 29;
    if (exponent == 0 && fraction == 0)
        return sign;
    for (; exponent == 0 && !(fraction & 0x800000); fraction <<= 1)
        sign -= UINT64_C(1) << 52; /* a denormal one: as many steps below the least exponent */
    if (exponent == 0)
        exponent = 1;
    return sign + ((exponent + 1023 - 127) << 52) + ((fraction & 0x7fffff) << 29);
}

static void print_hex(struct walk *walk, struct capnp_data data)
{
    static const char digits[] = "0123456789abcdef";
    output_byte(walk->output, '"');
    for (uint32_t i = 0; i < data.length && !output_is_over(walk->output); i++) {
        uint8_t byte = capnp_load8(data.bytes + i);
        output_byte(walk->output, digits[byte >> 4]);
        output_byte(walk->output, digits[byte & 15]);
    }
    output_byte(walk->output, '"');
}

static void print_base64(struct walk *walk, struct capnp_data data)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    output_byte(walk->output, '"');
    for (uint32_t i = 0; i < data.length && !output_is_over(walk->output); i += 3) {
        uint32_t bits = 0, left = data.length - i;
        for (uint32_t j = 0; j < 3; j++)
            bits = bits << 8 | (j < left ? capnp_load8(data.bytes + i + j) : 0);
        for (uint32_t j = 0; j < 4; j++)
            output_byte(walk->output, j <= left ? digits[bits >> (18 - 6 * j) & 63] : '=');
    }
    output_byte(walk->output, '"');
}

static void print_enum(struct walk *walk, const struct dynamic_value *value)
{
    struct schema_enumerant_reader enumerant;
    if (dynamic_enum_at(&value->type, (uint32_t)value->bits, &enumerant))
        print_string(walk, json_names_enumerant(enumerant));
    else
        output_integer(walk->output, value->bits, false);
}

/* Print a member's value. */
static void print_member_value(struct walk *walk, const struct member *member, uint32_t indent)
{
    struct dynamic_struct structure;
    if (!member->value) {
        print_string(walk, member->text);
    } else if (member->is_base64) {
        print_base64(walk, member->value->data);
    } else if (member->is_hex) {
        print_hex(walk, member->value->data);
    } else if (!member->has_inner) {
        print_value(walk, member->value, indent, true);
    } else if (walk_enter(walk)) {
        if (dynamic_open(member->value, &structure))
            print_object(walk, &structure, &member->inner, indent, true);
        else
            walk_fail(walk, DYNAMIC_TYPE);
        walk_leave(walk);
    }
}

/* Print a member with its name. */
static void print_member(struct walk *walk, const struct member *member, uint32_t indent)
{
    output_byte(walk->output, '"');
    print_prefix(walk, member->prefix);
    print_escaped(walk, member->name.bytes, member->name.length);
    output_text(walk->output, walk->pretty ? "\": " : "\":");
    print_member_value(walk, member, indent);
}

/* A member comes: measure or print it. */
static void take_member(struct walk *walk, struct container *container,
                        const struct member *member, struct capnp_message *message)
{
    if (!container->measures) {
        separate(walk, container);
        print_member(walk, member, inner_indent(container));
        return;
    }
    struct output count;
    struct walk_mark mark = walk_measure(walk, message, &count, INLINE_BYTES);
    print_member(walk, member, 0);
    container->is_long = !walk_measured(walk, message, mark) || container->is_long;
    container->count++;
}

/* The members of a struct come, in their order; those of flattened structs at their place. */
static void take_members(struct walk *walk, struct container *container,
                         const struct dynamic_struct *from, const struct json_union *inner,
                         const struct prefix *prefix);

/* One field comes, with all that its annotations say. */
static void take_field(struct walk *walk, struct container *container,
                       const struct dynamic_struct *from, const struct dynamic_field *field,
                       const struct json_union *own, const struct prefix *prefix)
{
    struct dynamic_value value;
    struct json_field names;
    json_names_field(field, &names);
    bool is_active = field->discriminant != DYNAMIC_NO_UNION;
    struct member member = {.prefix = prefix, .name = own->tag, .text = names.name};
    if (is_active && own->has_tag)
        take_member(walk, container, &member, from->data.message);
    if (dynamic_get(from, field, &value) != CAPNP_OK) {
        walk_fail(walk, DYNAMIC_MESSAGE);
    } else if (names.is_flat) {
        struct prefix longer = {names.prefix, prefix};
        struct dynamic_struct flat;
        struct json_union inner = names.inner;
        if (!dynamic_open(&value, &flat)) {
            walk_fail(walk, DYNAMIC_TYPE);
        } else if (walk_enter(walk)) {
            if (value.type.group_id == 0)
                json_names_union(&flat.shape, &inner);
            take_members(walk, container, &flat, &inner, &longer);
            walk_leave(walk);
        }
    } else if (!(is_active && own->has_tag && field->type.which == SCHEMA_TYPE_WHICH_VOID)) {
        member = (struct member){.prefix = prefix, .name = names.name, .value = &value,
                                 .is_base64 = names.is_base64, .is_hex = names.is_hex,
                                 .inner = names.inner, .has_inner = value.type.group_id != 0};
        if (is_active && own->has_value)
            member.name = own->value;
        take_member(walk, container, &member, from->data.message);
    }
}

static void take_members(struct walk *walk, struct container *container,
                         const struct dynamic_struct *from, const struct json_union *inner,
                         const struct prefix *prefix)
{
    struct walk_members members = walk_members_begin(from, true);
    struct dynamic_field field;
    while (walk_members_next(walk, &members, &field)) {
        if (container->measures && is_decided(walk, container))
            return;
        take_field(walk, container, from, &field, inner, prefix);
    }
}

static void print_object(struct walk *walk, const struct dynamic_struct *from,
                         const struct json_union *inner, uint32_t indent, bool has_prefix)
{
    struct container container = {.measures = true, .has_prefix = has_prefix, .indent = indent};
    assert(dynamic_shape_check(&from->shape));
    if (schema_node_get_id(from->shape.node) == JSON_NAMES_VALUE_ID) {
        print_json(walk, from->data, indent, has_prefix);
        return;
    }
    if (!is_decided(walk, &container))
        take_members(walk, &container, from, inner, NULL);
    begin(walk, &container);
    output_byte(walk->output, '{');
    take_members(walk, &container, from, inner, NULL);
    end(walk, &container, '}');
}

static void print_array(struct walk *walk, const struct dynamic_value *list, uint32_t indent,
                        bool has_prefix)
{
    struct dynamic_type element = dynamic_type_element(&list->type);
    struct container container = {.has_prefix = has_prefix, .indent = indent};
    struct dynamic_value value;
    uint32_t length = list->list.count;
    for (uint32_t i = 0; i < length && !is_decided(walk, &container) && walk_pay(walk); i++) {
        struct output count;
        struct walk_mark mark = walk_measure(walk, list->list.message, &count, INLINE_BYTES);
        if (dynamic_list_get(list, &element, i, &value) != CAPNP_OK)
            walk_fail(walk, DYNAMIC_MESSAGE);
        else
            print_value(walk, &value, 0, false);
        container.is_long = !walk_measured(walk, list->list.message, mark) || container.is_long;
        container.count++;
    }
    begin(walk, &container);
    output_byte(walk->output, '[');
    for (uint32_t i = 0; i < length && walk_pay(walk); i++) {
        separate(walk, &container);
        if (dynamic_list_get(list, &element, i, &value) != CAPNP_OK)
            walk_fail(walk, DYNAMIC_MESSAGE);
        else
            print_value(walk, &value, inner_indent(&container), false);
    }
    end(walk, &container, ']');
}

/* Bytes without an annotation are a list of numbers. */
static void print_bytes(struct walk *walk, struct capnp_data data)
{
    struct container container = {0};
    output_byte(walk->output, '[');
    for (uint32_t i = 0; i < data.length && walk_pay(walk); i++) {
        separate(walk, &container);
        output_integer(walk->output, capnp_load8(data.bytes + i), false);
    }
    output_byte(walk->output, ']');
}

/* Print a struct, group or list, one level deeper. */
static void print_nested(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                         bool has_prefix)
{
    if (!walk_enter(walk))
        return;
    if (value->type.which == SCHEMA_TYPE_WHICH_LIST) {
        print_array(walk, value, indent, has_prefix);
    } else {
        struct dynamic_struct structure;
        struct json_union inner;
        if (dynamic_open(value, &structure)) {
            json_names_union(&structure.shape, &inner);
            print_object(walk, &structure, &inner, indent, has_prefix);
        } else {
            walk_fail(walk, DYNAMIC_TYPE);
        }
    }
    walk_leave(walk);
}

static void print_long(struct walk *walk, uint64_t bits, bool is_signed)
{
    output_byte(walk->output, '"');
    output_integer(walk->output, bits, is_signed);
    output_byte(walk->output, '"');
}

static void print_value(struct walk *walk, const struct dynamic_value *value, uint32_t indent,
                        bool has_prefix)
{
    if (!walk_pay(walk))
        return;
    switch (value->type.which) {
    case SCHEMA_TYPE_WHICH_VOID: output_text(walk->output, "null"); break;
    case SCHEMA_TYPE_WHICH_BOOL: output_text(walk->output, value->bits ? "true" : "false"); break;
    case SCHEMA_TYPE_WHICH_INT8:
    case SCHEMA_TYPE_WHICH_INT16:
    case SCHEMA_TYPE_WHICH_INT32: output_integer(walk->output, value->bits, true); break;
    case SCHEMA_TYPE_WHICH_UINT8:
    case SCHEMA_TYPE_WHICH_UINT16:
    case SCHEMA_TYPE_WHICH_UINT32: output_integer(walk->output, value->bits, false); break;
    case SCHEMA_TYPE_WHICH_INT64: print_long(walk, value->bits, true); break;
    case SCHEMA_TYPE_WHICH_UINT64: print_long(walk, value->bits, false); break;
    case SCHEMA_TYPE_WHICH_FLOAT32: print_float(walk, widen((uint32_t)value->bits)); break;
    case SCHEMA_TYPE_WHICH_FLOAT64: print_float(walk, value->bits); break;
    case SCHEMA_TYPE_WHICH_TEXT: print_string(walk, value->text); break;
    case SCHEMA_TYPE_WHICH_DATA: print_bytes(walk, value->data); break;
    case SCHEMA_TYPE_WHICH_ENUM: print_enum(walk, value); break;
    case SCHEMA_TYPE_WHICH_LIST:
    case SCHEMA_TYPE_WHICH_STRUCT: print_nested(walk, value, indent, has_prefix); break;
    default: walk_fail(walk, DYNAMIC_POINTER); break;
    }
}

/* Print item `index` of an array of values, or of an object's list of names and values. */
static void print_json_item(struct walk *walk, const struct capnp_list *list, uint32_t index,
                            bool has_name, uint32_t indent)
{
    struct capnp_struct item = capnp_list_struct(list, index), value = item;
    struct capnp_text name = {"", 0};
    enum capnp_error error = CAPNP_OK;
    if (has_name) {
        error = capnp_read_text(&item, 0, name, &name);
        if (error == CAPNP_OK)
            error = capnp_read_struct(&item, 1, NULL, &value);
        print_string(walk, name);
        output_text(walk->output, walk->pretty ? ": " : ":");
    }
    if (error != CAPNP_OK)
        walk_fail(walk, DYNAMIC_MESSAGE);
    else if (walk_enter(walk)) {
        print_json(walk, value, indent, has_name);
        walk_leave(walk);
    }
}

/* Print the list that is pointer `index` of a struct, between brackets. */
static void print_json_list(struct walk *walk, struct capnp_struct from, uint32_t index,
                            const char *brackets, struct container container)
{
    bool has_names = brackets[0] == '{';
    struct capnp_list list;
    if (capnp_read_list(&from, index, NULL, CAPNP_COMPOSITE, &list) != CAPNP_OK)
        walk_fail(walk, DYNAMIC_MESSAGE);
    for (uint32_t i = 0; i < list.count && !is_decided(walk, &container) && walk_pay(walk); i++) {
        struct output count;
        struct walk_mark mark = walk_measure(walk, list.message, &count, INLINE_BYTES);
        print_json_item(walk, &list, i, has_names, 0);
        container.is_long = !walk_measured(walk, list.message, mark) || container.is_long;
        container.count++;
    }
    begin(walk, &container);
    output_byte(walk->output, brackets[0]);
    for (uint32_t i = 0; i < list.count && walk_pay(walk); i++) {
        separate(walk, &container);
        print_json_item(walk, &list, i, has_names, inner_indent(&container));
    }
    end(walk, &container, brackets[1]);
}

static void print_json(struct walk *walk, struct capnp_struct json, uint32_t indent,
                       bool has_prefix)
{
    struct container container = {.has_prefix = has_prefix, .indent = indent};
    struct capnp_text text = {"", 0};
    struct capnp_struct call;
    switch (capnp_get_uint16(json, 0)) {
    case JSON_VALUE_NULL: output_text(walk->output, "null"); break;
    case JSON_VALUE_BOOLEAN:
        output_text(walk->output, capnp_get_bool(json, JSON_VALUE_BOOLEAN_BIT) ? "true" : "false");
        break;
    case JSON_VALUE_NUMBER:
        print_float(walk, capnp_get_uint64(json, JSON_VALUE_NUMBER_OFFSET));
        break;
    case JSON_VALUE_STRING:
        if (capnp_read_text(&json, 0, text, &text) != CAPNP_OK)
            walk_fail(walk, DYNAMIC_MESSAGE);
        print_string(walk, text);
        break;
    case JSON_VALUE_ARRAY: print_json_list(walk, json, 0, "[]", container); break;
    case JSON_VALUE_OBJECT: print_json_list(walk, json, 0, "{}", container); break;
    case JSON_VALUE_CALL:
        if (capnp_read_struct(&json, 0, NULL, &call) != CAPNP_OK ||
            capnp_read_text(&call, 0, text, &text) != CAPNP_OK)
            walk_fail(walk, DYNAMIC_MESSAGE);
        print_escaped(walk, text.bytes, text.length);
        container.has_prefix = true;
        print_json_list(walk, call, 1, "()", container);
        break;
    default: walk_fail(walk, DYNAMIC_TYPE); break;
    }
}

enum dynamic_error json_print(const struct dynamic_struct *value, struct print_options options,
                              struct output *output)
{
    struct walk walk = walk_begin(options, output);
    struct json_union inner;
    json_names_union(&value->shape, &inner);
    if (walk_enter(&walk))
        print_object(&walk, value, &inner, 0, false);
    return walk.error;
}
