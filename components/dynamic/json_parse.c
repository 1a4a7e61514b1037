/* SPDX-License-Identifier: MIT */
/*
 * Values are parsed as what their place needs. An object is read at least once; when its type has
 * unions with tags, it is first read for the tags alone, again as long as one was found that shows
 * where others belong, because what a flattened member means hangs on them. Arrays are counted
 * before they are parsed. All that is paid for by work.
 */
#include "json_parse.h"

#include <assert.h>
#include <stddef.h>

#include "json_names.h"
#include "json_text.h"
#include "json_value.h"
#include "text.h"

enum { NAME_BYTES_MAX = 256, UNIONS_MAX = 16, FLAT_DEPTH_MAX = 16 };

/* An object that is being read. */
struct object {
    struct json_union own;
    bool tags_only;  /* this time */
    uint32_t fresh;  /* tags that were found this time and not before */
    uint32_t count;  /* unions whose tag was seen */
    const uint64_t *words[UNIONS_MAX]; /* of which struct, */
    uint32_t offsets[UNIONS_MAX];      /* and where in it the union's discriminant is */
};

/* What a member's name stands for. */
enum meaning { MEANS_NOTHING, MEANS_FIELD, MEANS_TAG };

/* Where a member goes. */
struct found {
    enum meaning meaning;
    struct dynamic_builder builder; /* the struct whose field or tag it is */
    struct dynamic_field field;
    struct json_field names;
};

static bool parse_value(struct scan *scan, const struct dynamic_place *place,
                        const struct json_field *names);
static bool parse_object(struct scan *scan, struct dynamic_builder *out,
                         const struct json_union *own);

/* Was the tag of this struct's union seen in this object. */
static bool is_seen(const struct object *object, const struct dynamic_builder *builder)
{
    for (uint32_t i = 0; i < object->count; i++)
        if (object->words[i] == builder->words &&
            object->offsets[i] == builder->shape.discriminant_offset)
            return true;
    return false;
}

static void see(struct object *object, const struct dynamic_builder *builder)
{
    if (object->count == UNIONS_MAX || is_seen(object, builder))
        return;
    object->words[object->count] = builder->words;
    object->offsets[object->count++] = builder->shape.discriminant_offset;
    object->fresh++;
}

/* Is a field of a union the one that the tag named. */
static bool is_active(const struct object *object, const struct dynamic_builder *builder,
                      const struct dynamic_field *field)
{
    return is_seen(object, builder) && dynamic_chosen(builder) == field->discriminant;
}

/* Does a name begin with a prefix; then it is cut off. */
static bool cut_prefix(struct capnp_text *name, struct capnp_text prefix)
{
    if (name->length < prefix.length ||
        !schema_set_same((struct capnp_text){name->bytes, prefix.length}, prefix))
        return false;
    *name = (struct capnp_text){name->bytes + prefix.length, name->length - prefix.length};
    return true;
}

/* May a name mean something in a struct of this shape, whatever its unions hold. */
static bool knows(struct scan *scan, const struct dynamic_shape *shape,
                  const struct json_union *own, struct capnp_text name, uint32_t depth)
{
    struct dynamic_field field;
    struct dynamic_shape inner;
    if ((own->has_tag && schema_set_same(name, own->tag)) ||
        (own->has_value && schema_set_same(name, own->value)))
        return true;
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_field_at(shape, i, &field); i++) {
        struct json_field names;
        struct capnp_text rest = name;
        json_names_field(&field, &names);
        if (!names.is_flat && schema_set_same(name, names.name))
            return true;
        if (!names.is_flat || depth == 0 || !cut_prefix(&rest, names.prefix) ||
            !dynamic_type_shape(&field.type, &inner))
            continue;
        struct json_union union_names = names.inner;
        if (field.type.group_id == 0)
            json_names_union(&inner, &union_names);
        if (knows(scan, &inner, &union_names, rest, depth - 1))
            return true;
    }
    return false;
}

/* Is a flattened struct to be made for a name: not for one that means nothing there. */
static bool is_wanted(struct scan *scan, const struct dynamic_field *field, struct capnp_text name,
                      uint32_t depth)
{
    struct dynamic_shape shape;
    struct json_union own;
    if (field->type.group_id != 0)
        return true;
    if (!dynamic_type_shape(&field->type, &shape))
        return false;
    json_names_union(&shape, &own);
    return knows(scan, &shape, &own, name, depth);
}

/* Find what a name means in a struct, or in those that are flattened into it. Fails only when there
 * is no room or no work left; `out->meaning` says the rest. */
static bool find(struct scan *scan, struct object *object, struct dynamic_builder *builder,
                 const struct json_union *own, struct capnp_text name, uint32_t depth,
                 struct found *out)
{
    struct dynamic_field field;
    struct json_field names;
    out->meaning = MEANS_NOTHING;
    if (own->has_tag && schema_set_same(name, own->tag)) {
        out->meaning = MEANS_TAG;
        out->builder = *builder;
        return true;
    }
    bool is_value = own->has_value && schema_set_same(name, own->value);
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_field_at(&builder->shape, i, &field); i++) {
        bool in_union = field.discriminant != DYNAMIC_NO_UNION;
        struct capnp_text rest = name;
        json_names_field(&field, &names);
        if (in_union && (is_value || names.is_flat) && !is_active(object, builder, &field))
            continue;
        if (names.is_flat && depth > 0 && cut_prefix(&rest, names.prefix)) {
            if (!is_wanted(scan, &field, rest, depth - 1))
                continue;
            struct dynamic_place place = dynamic_field_place(builder, &field);
            struct dynamic_builder inner;
            struct json_union union_names = names.inner;
            if (!scan_built(scan, scan->at, dynamic_put_struct(&place, true, &inner)))
                return false;
            if (field.type.group_id == 0)
                json_names_union(&inner.shape, &union_names);
            if (field.type.group_id == 0 && depth < FLAT_DEPTH_MAX)
                inner.shape.brand.outer = NULL; /* `builder` goes before what is found is used */
            if (!find(scan, object, &inner, &union_names, rest, depth - 1, out))
                return false;
            if (out->meaning != MEANS_NOTHING)
                return true;
        } else if (!names.is_flat && (in_union && own->has_value
                                          ? is_value
                                          : schema_set_same(name, names.name))) {
            out->meaning = MEANS_FIELD;
            out->builder = *builder; /* and the field refers to that copy, not to what goes */
            dynamic_field_at(&out->builder.shape, i, &out->field);
            out->names = names;
            return true;
        }
    }
    return !scan->failed;
}

/* A tag: choose the field that it names. An unknown one is ignored, as one of a newer schema. */
static bool parse_tag(struct scan *scan, struct object *object, struct found *found)
{
    char bytes[NAME_BYTES_MAX];
    struct dynamic_field field;
    struct json_field names;
    uint32_t length;
    if (!json_text_string(scan, (uint8_t *)bytes, sizeof bytes, &length))
        return false;
    if (length > sizeof bytes)
        return true;
    struct capnp_text name = {bytes, length};
    struct dynamic_shape *shape = &found->builder.shape;
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_field_at(shape, i, &field); i++) {
        json_names_field(&field, &names);
        if (field.discriminant == DYNAMIC_NO_UNION || !schema_set_same(name, names.name))
            continue;
        if (!is_seen(object, &found->builder))
            dynamic_choose(&found->builder, &field);
        see(object, &found->builder);
        return true;
    }
    return !scan->failed;
}

/* One member, behind its name. */
static bool parse_member(struct scan *scan, struct object *object, struct dynamic_builder *out,
                         struct capnp_text name)
{
    struct found found;
    if (!find(scan, object, out, &object->own, name, FLAT_DEPTH_MAX, &found))
        return false;
    if (found.meaning == MEANS_TAG && object->tags_only)
        return json_text_next(scan) == '"' ? parse_tag(scan, object, &found)
                                           : scan_expected(scan, "a string, the union's member");
    if (found.meaning != MEANS_FIELD || object->tags_only)
        return json_text_skip(scan);
    dynamic_choose(&found.builder, &found.field);
    struct dynamic_place place = dynamic_field_place(&found.builder, &found.field);
    return parse_value(scan, &place, &found.names);
}

/* The members of an object, once. */
static bool parse_members(struct scan *scan, struct object *object, struct dynamic_builder *out)
{
    char bytes[NAME_BYTES_MAX];
    uint32_t length;
    if (!json_text_take(scan, '{'))
        return scan_expected(scan, "'{' for a struct");
    if (json_text_take(scan, '}'))
        return true;
    do {
        if (!json_text_string(scan, (uint8_t *)bytes, sizeof bytes, &length))
            return false;
        if (!json_text_take(scan, ':'))
            return scan_expected(scan, "':'");
        bool done = length > sizeof bytes /* longer than any name */
                        ? json_text_skip(scan)
                        : parse_member(scan, object, out, (struct capnp_text){bytes, length});
        if (!done)
            return false;
    } while (json_text_take(scan, ','));
    return json_text_take(scan, '}') || scan_expected(scan, "',' or '}'");
}

/* May there be tags: a union's own, or members of flattened structs. */
static bool may_have_tags(const struct dynamic_builder *out, const struct json_union *own)
{
    struct dynamic_field field;
    struct json_field names;
    if (own->has_tag)
        return true;
    for (uint32_t i = 0; dynamic_field_at(&out->shape, i, &field); i++) {
        json_names_field(&field, &names);
        if (names.is_flat)
            return true;
    }
    return false;
}

static bool parse_object(struct scan *scan, struct dynamic_builder *out,
                         const struct json_union *own)
{
    struct object object = {.own = *own};
    uint32_t start = scan->at;
    assert(dynamic_shape_check(&out->shape));
    if (!scan_pay(scan, dynamic_field_count(&out->shape)))
        return false;
    if (may_have_tags(out, own)) {
        object.tags_only = true;
        do {
            object.fresh = 0;
            scan->at = start;
            if (!parse_members(scan, &object, out))
                return false;
        } while (object.fresh > 0);
        object.tags_only = false;
        scan->at = start;
    }
    return parse_members(scan, &object, out);
}

static bool parse_array(struct scan *scan, const struct dynamic_place *place)
{
    struct dynamic_list_builder list;
    struct json_field names = {0};
    uint32_t count, start = scan->at;
    if (!json_text_take(scan, '['))
        return scan_expected(scan, "'[' for a list");
    if (!json_text_count(scan, &count) ||
        !scan_built(scan, start, dynamic_put_list(place, count, &list)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct dynamic_place element = dynamic_element_place(&list, i);
        if ((i > 0 && !json_text_take(scan, ',')) || !parse_value(scan, &element, &names))
            return false;
    }
    return json_text_take(scan, ']');
}

/* Data as a list of numbers. */
static bool parse_byte_list(struct scan *scan, const struct dynamic_place *place)
{
    struct scan_number number;
    uint32_t count, start = scan->at;
    uint8_t *bytes;
    if (!json_text_take(scan, '['))
        return scan_expected(scan, "'[' for Data");
    if (!json_text_count(scan, &count) ||
        !scan_built(scan, start, dynamic_put_bytes(place, count, &bytes)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t value;
        if ((i > 0 && !json_text_take(scan, ',')) || !json_text_number(scan, &number))
            return false;
        bool fits = decimal_to_integer(&number.value, &value) && value <= UINT8_MAX;
        if (!fits || (number.is_negative && value != 0))
            return scan_fail(scan, number.start, "expected a byte, 0 to 255");
        bytes[i] = (uint8_t)value;
    }
    return json_text_take(scan, ']');
}

static uint32_t base64_digit(char byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (uint32_t)(byte - 'A');
    if (byte >= 'a' && byte <= 'z')
        return (uint32_t)(byte - 'a') + 26;
    if (scan_is_digit(byte))
        return (uint32_t)(byte - '0') + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : 64;
}

/* Data in a string, as base64 or hexadecimal digits; there are no escapes in either. */
static bool parse_encoded(struct scan *scan, const struct dynamic_place *place, bool is_hex)
{
    uint32_t bits_each = is_hex ? 4 : 6, bits = 0, held = 0, at = 0;
    uint8_t *bytes;
    if (!json_text_take(scan, '"'))
        return scan_expected(scan, "a string for Data");
    uint32_t start = scan->at, count = 0;
    while ((is_hex ? scan_hex_digit(scan_peek(scan, count)) < 16
                   : base64_digit(scan_peek(scan, count)) < 64))
        count++;
    uint32_t length = (uint32_t)((uint64_t)count * bits_each / 8);
    if (!scan_pay(scan, count) || !scan_built(scan, start, dynamic_put_bytes(place, length,
                                                                             &bytes)))
        return false;
    for (uint32_t i = 0; i < count; i++, scan->at++) {
        char byte = scan_peek(scan, 0);
        bits = bits << bits_each | (is_hex ? scan_hex_digit(byte) : base64_digit(byte));
        held += bits_each;
        if (held >= 8) {
            held -= 8;
            bytes[at++] = (uint8_t)(bits >> held);
            bits &= (1u << held) - 1;
        }
    }
    for (uint32_t i = 0; !is_hex && (count + i) % 4 != 0 && scan_take(scan, '='); i++)
        ;
    bool is_whole = is_hex ? count % 2 == 0 : count % 4 != 1 && bits == 0;
    if (!scan_take(scan, '"') || !is_whole)
        return scan_expected(scan, is_hex ? "two hexadecimal digits for each byte"
                                          : "digits of base64");
    return true;
}

static bool parse_text(struct scan *scan, const struct dynamic_place *place)
{
    uint32_t length, start = scan->at;
    uint8_t *bytes;
    if (!json_text_string(scan, NULL, 0, &length) ||
        !scan_built(scan, start, dynamic_put_bytes(place, length, &bytes)))
        return false;
    scan->at = start;
    return json_text_string(scan, bytes, length, &length);
}

static bool parse_enum(struct scan *scan, const struct dynamic_place *place)
{
    struct schema_enumerant_reader enumerant;
    char bytes[NAME_BYTES_MAX];
    uint32_t length, start = scan->at;
    struct scan_number number;
    uint64_t value;
    if (json_text_next(scan) != '"') {
        if (!json_text_number(scan, &number))
            return false;
        if (!decimal_to_integer(&number.value, &value) || value > UINT16_MAX || number.is_negative)
            return scan_fail(scan, start, "this number is out of the range of an enum");
        return scan_built(scan, start, dynamic_put_bits(place, value));
    }
    start = scan->at;
    if (!json_text_string(scan, (uint8_t *)bytes, sizeof bytes, &length))
        return false;
    struct capnp_text name = {bytes, length < sizeof bytes ? length : sizeof bytes};
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_enum_at(&place->type, i, &enumerant); i++)
        if (schema_set_same(json_names_enumerant(enumerant), name))
            return scan_built(scan, start, dynamic_put_bits(place, i));
    return scan_fail(scan, start, "the enum has no such name");
}

/* A number, in a string or not; of floats also the names of what is none. */
static bool parse_number(struct scan *scan, const struct dynamic_place *place)
{
    struct scan_number number;
    bool is_float = scan_is_float(&place->type);
    if (!is_float && !scan_is_integer(&place->type))
        return scan_fail(scan, scan->at, "the schema has a type here that is not known");
    bool is_quoted = json_text_take(scan, '"');
    if (is_quoted && is_float) {
        bool is_negative = json_text_word(scan, "-Infinity\"");
        if (is_negative || json_text_word(scan, "Infinity\""))
            return scan_put_special(scan, place, false, is_negative);
        if (json_text_word(scan, "NaN\""))
            return scan_put_special(scan, place, true, false);
    }
    if (json_text_next(scan) != '-' && !scan_is_digit(json_text_next(scan)))
        return scan_expected(scan, "a number");
    return json_text_number(scan, &number) &&
           (!is_quoted || scan_take(scan, '"') || scan_expected(scan, "'\"'")) &&
           scan_put_number(scan, place, &number);
}

static bool parse_struct(struct scan *scan, const struct dynamic_place *place,
                         const struct json_field *names)
{
    struct dynamic_builder inner;
    struct json_union own = names->inner;
    if (!scan_put_struct(scan, place, &inner))
        return false;
    if (schema_node_get_id(inner.shape.node) == JSON_NAMES_VALUE_ID)
        return json_value_parse(scan, &inner);
    if (place->type.group_id == 0)
        json_names_union(&inner.shape, &own);
    return parse_object(scan, &inner, &own);
}

/* A value, not the null of a float. */
static bool parse_real(struct scan *scan, const struct dynamic_place *place,
                       const struct json_field *names)
{
    bool value;
    switch (place->type.which) {
    case SCHEMA_TYPE_WHICH_VOID: return json_text_skip(scan);
    case SCHEMA_TYPE_WHICH_BOOL:
        value = json_text_word(scan, "true");
        if (!value && !json_text_word(scan, "false"))
            return scan_expected(scan, "true or false");
        return scan_built(scan, scan->at, dynamic_put_bits(place, value));
    case SCHEMA_TYPE_WHICH_TEXT: return parse_text(scan, place);
    case SCHEMA_TYPE_WHICH_DATA:
        return names->is_hex || names->is_base64 ? parse_encoded(scan, place, names->is_hex)
                                                 : parse_byte_list(scan, place);
    case SCHEMA_TYPE_WHICH_ENUM: return parse_enum(scan, place);
    case SCHEMA_TYPE_WHICH_LIST: return parse_array(scan, place);
    case SCHEMA_TYPE_WHICH_STRUCT: return parse_struct(scan, place, names);
    case SCHEMA_TYPE_WHICH_INTERFACE:
        return scan_fail(scan, scan->at, "a capability cannot be written as JSON");
    case SCHEMA_TYPE_WHICH_ANY_POINTER:
        return scan_fail(scan, scan->at, "a pointer of unknown type cannot be written as JSON");
    default: return parse_number(scan, place);
    }
}

/* One value, deeper than what it stands in. */
static bool parse_value(struct scan *scan, const struct dynamic_place *place,
                        const struct json_field *names)
{
    bool done;
    json_text_blanks(scan);
    if (!scan_pay(scan, 1) || !scan_enter(scan))
        return false;
    done = scan_is_float(&place->type) && json_text_word(scan, "null")
               ? scan_put_special(scan, place, true, false)
               : parse_real(scan, place, names);
    scan_leave(scan);
    return done;
}

bool json_parse(struct dynamic_builder *out, const char *text, uint32_t length,
                struct parse_options options, uint32_t *used, struct parse_error *error)
{
    struct scan scan = scan_begin(text, length, options, error);
    struct json_union own;
    json_names_union(&out->shape, &own);
    json_text_blanks(&scan);
    if (!parse_object(&scan, out, &own))
        return false;
    if (used) {
        *used = scan.at;
        return true;
    }
    json_text_blanks(&scan);
    return scan.at == length || scan_expected(&scan, "nothing more");
}
