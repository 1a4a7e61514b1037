/* SPDX-License-Identifier: MIT */
/*
 * A recursive descent along the types: a value is parsed as what its place needs, so an error can
 * name what was expected. A list's elements are counted before they are parsed, since a list is
 * made with its length; so each byte is looked at once for each list around it, which is paid for.
 */
#include "text_parse.h"

#include <assert.h>
#include <stddef.h>

#include "text.h"

enum { NAMES_BYTES_MAX = 100 };

static bool parse_value(struct scan *scan, const struct dynamic_place *place);
static bool parse_fields(struct scan *scan, struct dynamic_builder *out);

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip_blanks(struct scan *scan)
{
    for (; scan->at < scan->length; scan->at++) {
        char byte = scan->text[scan->at];
        if (byte == '#') {
            while (scan->at + 1 < scan->length && scan->text[scan->at + 1] != '\n')
                scan->at++;
        } else if (!is_blank(byte)) {
            return;
        }
    }
}

/* Take a byte with the blanks before it. */
static bool take(struct scan *scan, char byte)
{
    skip_blanks(scan);
    return scan_take(scan, byte);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* Take a name; empty if there is none. */
static struct capnp_text take_name(struct scan *scan)
{
    skip_blanks(scan);
    uint32_t start = scan->at;
    while (is_letter(scan_peek(scan, 0)) || (scan->at > start && scan_is_digit(scan_peek(scan, 0))))
        scan->at++;
    return (struct capnp_text){scan->text + start, scan->at - start};
}

/* Take a name if it is this one. */
static bool take_word(struct scan *scan, const char *word)
{
    uint32_t start = scan->at;
    struct capnp_text name = take_name(scan);
    if (capnp_text_is(name, word))
        return true;
    scan->at = start;
    return false;
}

/* One byte of a string, behind its backslash if it had one. */
static bool take_escape(struct scan *scan, uint8_t *out)
{
    static const char letters[] = "abfnrtv'\"\\?", plain[] = "\a\b\f\n\r\t\v'\"\\?";
    char byte = scan_peek(scan, 0);
    for (uint32_t i = 0; letters[i] != '\0'; i++) {
        if (byte == letters[i]) {
            *out = (uint8_t)plain[i];
            scan->at++;
            return true;
        }
    }
    if (byte == 'x') {
        uint32_t high = scan_hex_digit(scan_peek(scan, 1));
        uint32_t low = scan_hex_digit(scan_peek(scan, 2));
        if (high > 15 || low > 15)
            return scan_fail(scan, scan->at, "expected two hexadecimal digits behind \\x");
        *out = (uint8_t)(high << 4 | low);
        scan->at += 3;
        return true;
    }
    uint32_t value = 0, digits = 0;
    for (; digits < 3 && scan_peek(scan, 0) >= '0' && scan_peek(scan, 0) <= '7'; digits++)
        value = value << 3 | (uint32_t)(scan->text[scan->at++] - '0');
    if (digits == 0 || value > UINT8_MAX)
        return scan_fail(scan, scan->at, "there is no such escape in a string");
    *out = (uint8_t)value;
    return true;
}

/* Take the rest of a string behind its first quote. `to` may be null, to learn the length only. */
static bool take_string(struct scan *scan, uint8_t *to, uint32_t *length)
{
    uint32_t start = scan->at;
    *length = 0;
    while (!scan_take(scan, '"')) {
        uint8_t byte = (uint8_t)scan_peek(scan, 0);
        if (scan->at == scan->length || byte == '\n')
            return scan_fail(scan, start > 0 ? start - 1 : 0, "this string does not end");
        scan->at++;
        if (byte == '\\' && !take_escape(scan, &byte))
            return false;
        if (to)
            to[*length] = byte;
        (*length)++;
    }
    return scan_pay(scan, scan->at - start);
}

/* The same for strings with nothing but blanks between them, which are one. */
static bool take_strings(struct scan *scan, uint8_t *to, uint32_t *length)
{
    uint32_t part;
    *length = 0;
    do {
        if (!take_string(scan, to ? to + *length : NULL, &part))
            return false;
        *length += part;
        skip_blanks(scan);
    } while (scan_take(scan, '"'));
    return true;
}

/* The same for the digits of 0x"...", of one byte at least. */
static bool take_hex(struct scan *scan, uint8_t *to, uint32_t *length)
{
    uint32_t start = scan->at;
    *length = 0;
    for (;;) {
        while (is_blank(scan_peek(scan, 0)))
            scan->at++;
        if (*length > 0 && scan_take(scan, '"'))
            return scan_pay(scan, scan->at - start);
        uint32_t high = scan_hex_digit(scan_peek(scan, 0));
        uint32_t low = scan_hex_digit(scan_peek(scan, 1));
        if (high > 15 || low > 15)
            return scan_expected(scan, *length > 0 ? "two hexadecimal digits or \""
                                                   : "two hexadecimal digits");
        if (to)
            to[*length] = (uint8_t)(high << 4 | low);
        (*length)++;
        scan->at += 2;
    }
}

/* Text or Data: once to measure, once to fill the place. */
static bool parse_bytes(struct scan *scan, const struct dynamic_place *place)
{
    bool is_data = place->type.which == SCHEMA_TYPE_WHICH_DATA;
    bool is_hex = is_data && scan_peek(scan, 0) == '0' && scan_peek(scan, 1) == 'x' &&
                  scan_peek(scan, 2) == '"';
    uint32_t length, at = scan->at;
    uint8_t *bytes;
    scan->at += is_hex ? 2 : 0;
    if (!scan_take(scan, '"'))
        return scan_expected(scan, is_data ? "\" or 0x\" for Data" : "\" for Text");
    uint32_t start = scan->at;
    if (!(is_hex ? take_hex(scan, NULL, &length) : take_strings(scan, NULL, &length)))
        return false;
    if (!scan_built(scan, at, dynamic_put_bytes(place, length, &bytes)))
        return false;
    scan->at = start;
    return is_hex ? take_hex(scan, bytes, &length) : take_strings(scan, bytes, &length);
}

/* An integer in base 8 or 16, behind its "0" or "0x". */
static bool take_based(struct scan *scan, uint32_t base, uint64_t *value)
{
    uint32_t start = scan->at;
    *value = 0;
    for (;; scan->at++) {
        uint32_t digit = scan_hex_digit(scan_peek(scan, 0));
        if (digit >= base)
            break;
        if (__builtin_mul_overflow(*value, (uint64_t)base, value))
            return scan_fail(scan, start, "this number is out of the range of any integer");
        *value += digit;
    }
    return scan->at > start || scan_expected(scan, "a digit");
}

/* Do digits of base 8 with a point or an exponent come; those are a decimal number all the same. */
static bool is_fraction(const struct scan *scan)
{
    uint32_t digits = 0;
    while (scan_peek(scan, digits) >= '0' && scan_peek(scan, digits) <= '7')
        digits++;
    char next = scan_peek(scan, digits);
    return next == '.' || next == 'e' || next == 'E';
}

/* Take a number without its sign. */
static bool take_number(struct scan *scan, struct scan_number *number)
{
    char next = scan_peek(scan, 1);
    uint64_t value = 0;
    if (scan_peek(scan, 0) != '0' || (next != 'x' && !scan_is_digit(next)) || is_fraction(scan))
        return scan_decimal(scan, number);
    scan->at += next == 'x' ? 2 : 1;
    if (!take_based(scan, next == 'x' ? 16 : 8, &value))
        return false;
    uint8_t digits[20];
    uint32_t count = 0;
    for (; value != 0; value /= 10)
        digits[count++] = (uint8_t)(value % 10);
    decimal_start(&number->value);
    for (uint32_t i = count; i-- > 0;)
        decimal_add(&number->value, digits[i]);
    decimal_end(&number->value, count, 0);
    number->is_integer = true;
    return true;
}

static bool parse_number(struct scan *scan, const struct dynamic_place *place)
{
    struct scan_number number = {.start = scan->at};
    bool is_float = scan_is_float(&place->type);
    if (!is_float && !scan_is_integer(&place->type))
        return scan_fail(scan, scan->at, "the schema has a type here that is not known");
    number.is_negative = take(scan, '-');
    skip_blanks(scan);
    if (is_float && take_word(scan, "inf"))
        return scan_put_special(scan, place, false, number.is_negative);
    if (is_float && !number.is_negative && take_word(scan, "nan"))
        return scan_put_special(scan, place, true, false);
    if (!scan_is_digit(scan_peek(scan, 0))) {
        scan->at = number.start;
        static const char *const expected[] = {
            "an Int8", "an Int16", "an Int32", "an Int64", "a UInt8", "a UInt16", "a UInt32",
            "a UInt64", "a Float32", "a Float64",
        };
        return scan_expected(scan, expected[place->type.which - SCHEMA_TYPE_WHICH_INT8]);
    }
    if (!take_number(scan, &number))
        return false;
    if (!number.is_integer && !is_float)
        return scan_fail(scan, number.start, "expected an integer for %s",
                         type_name(place->type.which));
    if (number.is_integer && number.value.count == 0)
        number.is_negative = false; /* -0 is an integer, which has no sign; -0.0 has one */
    return scan_put_number(scan, place, &number);
}

static bool parse_bool(struct scan *scan, const struct dynamic_place *place)
{
    bool value = take_word(scan, "true");
    if (!value && !take_word(scan, "false"))
        return scan_expected(scan, "true or false");
    return scan_built(scan, scan->at, dynamic_put_bits(place, value));
}

/* Write names with commas between them, as many as have room. Returns the length. */
static uint32_t add_name(char *list, uint32_t used, struct capnp_text name)
{
    if (used + name.length + 2 >= NAMES_BYTES_MAX)
        return used;
    if (used > 0) {
        list[used++] = ',';
        list[used++] = ' ';
    }
    memcpy(list + used, name.bytes, name.length);
    return used + name.length;
}

static bool parse_enum(struct scan *scan, const struct dynamic_place *place)
{
    struct schema_enumerant_reader enumerant;
    char known[NAMES_BYTES_MAX];
    uint32_t used = 0, start = scan->at;
    struct capnp_text name = take_name(scan), own;
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_enum_at(&place->type, i, &enumerant); i++) {
        schema_enumerant_get_name(enumerant, &own);
        if (name.length > 0 && schema_set_same(own, name))
            return scan_built(scan, start, dynamic_put_bits(place, i));
        used = add_name(known, used, own);
    }
    scan->at = start;
    return scan_fail(scan, start, name.length > 0 ? "there is no such name; there are: %.*s"
                                                  : "expected one of: %.*s", (int)used, known);
}

/* An enumerant's number behind its parenthesis. */
static bool parse_enum_number(struct scan *scan, const struct dynamic_place *place)
{
    struct scan_number number = {.start = scan->at};
    if (!scan_decimal(scan, &number))
        return false;
    uint64_t value;
    if (!decimal_to_integer(&number.value, &value) || value > UINT16_MAX)
        return scan_fail(scan, number.start, "this number is out of the range of an enum");
    return scan_built(scan, number.start, dynamic_put_bits(place, value)) &&
           (take(scan, ')') || scan_expected(scan, "')'"));
}

/* Skip a string or comment that begins at `*at`; other bytes are left. */
static void skip_quoted(const struct scan *scan, uint32_t *at)
{
    char begin = scan->text[*at];
    if (begin != '"' && begin != '#')
        return;
    for (++*at; *at < scan->length; ++*at) {
        char byte = scan->text[*at];
        if (byte == '\n' || (begin == '"' && byte == '"'))
            return;
        if (begin == '"' && byte == '\\' && *at + 1 < scan->length)
            ++*at;
    }
}

/* How many elements stand before the bracket that ends this list. A comma behind the last is none
 * more. What is wrong with them is found when they are parsed. */
static bool count_elements(struct scan *scan, uint32_t *count)
{
    uint32_t nested = 0, at = scan->at;
    bool is_empty = true; /* since the last comma */
    *count = 0;
    for (; at < scan->length; at++) {
        char byte = scan->text[at];
        skip_quoted(scan, &at);
        if (is_blank(byte) || byte == '#')
            continue;
        if (nested == 0 && (byte == ']' || byte == ')'))
            break;
        if (nested == 0 && byte == ',') {
            is_empty = true;
            continue;
        }
        if (is_empty)
            (*count)++;
        is_empty = false;
        nested += byte == '[' || byte == '(';
        nested -= byte == ']' || byte == ')';
    }
    return scan_pay(scan, at - scan->at);
}

static bool parse_list(struct scan *scan, const struct dynamic_place *place)
{
    struct dynamic_list_builder list;
    uint32_t count, start = scan->at;
    if (!take(scan, '['))
        return scan_expected(scan, "'[' for a list");
    if (!count_elements(scan, &count) ||
        !scan_built(scan, start, dynamic_put_list(place, count, &list)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct dynamic_place element = dynamic_element_place(&list, i);
        if (!parse_value(scan, &element))
            return false;
        if (!take(scan, ',') && i + 1 < count)
            return scan_expected(scan, "',' or ']'");
    }
    return take(scan, ']') || scan_expected(scan, "',' or ']'");
}

static bool parse_struct(struct scan *scan, const struct dynamic_place *place)
{
    struct dynamic_builder inner;
    if (scan_peek(scan, 0) != '(')
        return scan_expected(scan, "'(' for a struct");
    return scan_put_struct(scan, place, &inner) && parse_fields(scan, &inner);
}

/* What ends a value that stands in parentheses of its own. */
static bool close_value(struct scan *scan)
{
    take(scan, ',');
    return take(scan, ')') || scan_expected(scan, "')'");
}

/* A scalar or string. */
static bool parse_plain(struct scan *scan, const struct dynamic_place *place)
{
    switch (place->type.which) {
    case SCHEMA_TYPE_WHICH_VOID:
        return take_word(scan, "void") || scan_expected(scan, "void");
    case SCHEMA_TYPE_WHICH_BOOL: return parse_bool(scan, place);
    case SCHEMA_TYPE_WHICH_TEXT:
    case SCHEMA_TYPE_WHICH_DATA: return parse_bytes(scan, place);
    case SCHEMA_TYPE_WHICH_ENUM: return parse_enum(scan, place);
    case SCHEMA_TYPE_WHICH_INTERFACE:
        return scan_fail(scan, scan->at, "a capability cannot be written as text");
    case SCHEMA_TYPE_WHICH_ANY_POINTER:
        return scan_fail(scan, scan->at, "a pointer of unknown type cannot be written as text");
    default: return parse_number(scan, place);
    }
}

/* One value, deeper than what it stands in. */
static bool parse_value(struct scan *scan, const struct dynamic_place *place)
{
    bool done;
    skip_blanks(scan);
    if (!scan_pay(scan, 1) || !scan_enter(scan))
        return false;
    if (place->type.which == SCHEMA_TYPE_WHICH_STRUCT) {
        done = parse_struct(scan, place);
    } else if (place->type.which == SCHEMA_TYPE_WHICH_LIST && scan_peek(scan, 0) != '(') {
        done = parse_list(scan, place);
    } else if (scan_take(scan, '(')) {
        skip_blanks(scan);
        bool is_number = scan_is_digit(scan_peek(scan, 0));
        if (place->type.which == SCHEMA_TYPE_WHICH_ENUM && is_number)
            done = parse_enum_number(scan, place);
        else
            done = parse_value(scan, place) && close_value(scan);
    } else {
        done = parse_plain(scan, place);
    }
    scan_leave(scan);
    return done;
}

/* A struct has no field of this name: say which it has. */
static bool fail_field(struct scan *scan, uint32_t start, const struct dynamic_shape *shape,
                       struct capnp_text name)
{
    char known[NAMES_BYTES_MAX];
    uint32_t used = 0, shown = name.length < 32 ? name.length : 32;
    struct dynamic_field field;
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_field_at(shape, i, &field); i++)
        used = add_name(known, used, field.name);
    if (used == 0)
        return scan_fail(scan, start, "there is no field %.*s here; there are none", (int)shown,
                         name.bytes);
    return scan_fail(scan, start, "there is no field %.*s here; there are: %.*s", (int)shown,
                     name.bytes, (int)used, known);
}

/* One "name = value". When a field or a union comes twice, the last one holds. */
static bool parse_field(struct scan *scan, struct dynamic_builder *out)
{
    struct dynamic_field field;
    struct capnp_text name = take_name(scan);
    uint32_t start = scan->at - name.length;
    if (name.length == 0)
        return scan_expected(scan, "a field's name or ')'");
    if (!scan_pay(scan, dynamic_field_count(&out->shape)))
        return false;
    if (!dynamic_field_find(&out->shape, name, &field))
        return fail_field(scan, start, &out->shape, name);
    if (!take(scan, '='))
        return scan_expected(scan, "'=' behind a field's name");
    dynamic_choose(out, &field);
    struct dynamic_place place = dynamic_field_place(out, &field);
    return parse_value(scan, &place);
}

/* The fields of a struct or group, in their parentheses, or in more of them. */
static bool parse_fields(struct scan *scan, struct dynamic_builder *out)
{
    assert(dynamic_shape_check(&out->shape));
    if (!take(scan, '('))
        return scan_expected(scan, "'('");
    skip_blanks(scan);
    if (scan_peek(scan, 0) == '(') {
        bool done = scan_enter(scan) && parse_fields(scan, out) && close_value(scan);
        scan_leave(scan);
        return done;
    }
    while (!take(scan, ')')) {
        if (!parse_field(scan, out))
            return false;
        skip_blanks(scan);
        if (!scan_take(scan, ',') && scan_peek(scan, 0) != ')')
            return scan_expected(scan, "',' or ')'");
    }
    return true;
}

bool text_parse(struct dynamic_builder *out, const char *text, uint32_t length,
                struct parse_options options, uint32_t *used, struct parse_error *error)
{
    struct scan scan = scan_begin(text, length, options, error);
    if (!parse_fields(&scan, out))
        return false;
    if (used) {
        *used = scan.at;
        return true;
    }
    skip_blanks(&scan);
    return scan.at == length || scan_expected(&scan, "nothing more");
}
