/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>

#include "format.h"

enum { EXPONENT_MAX = 1000000, FOUND_BYTES_MAX = 16 };

struct scan scan_begin(const char *text, uint32_t length, struct parse_options options,
                       struct parse_error *error)
{
    *error = (struct parse_error){0};
    return (struct scan){.text = text, .length = length, .error = error,
                         .depth = options.depth_max ? options.depth_max : DYNAMIC_DEPTH_MAX,
                         .work = options.work_max ? options.work_max : DYNAMIC_WORK_MAX};
}

/* Names come from a schema and bytes from a text: nothing of them may move a terminal's cursor. */
static void clean(char *text)
{
    for (; *text != '\0'; text++)
        if ((uint8_t)*text < ' ' || *text == 127)
            *text = '?';
}

bool scan_fail(struct scan *scan, uint32_t at, const char *form, ...)
{
    va_list arguments;
    if (scan->failed)
        return false;
    scan->failed = true;
    scan->error->line = scan->error->column = 1;
    for (uint32_t i = 0; i < at && i < scan->length; i++) {
        scan->error->column++;
        if (scan->text[i] == '\n') {
            scan->error->line++;
            scan->error->column = 1;
        }
    }
    va_start(arguments, form);
    format_list(scan->error->text, sizeof scan->error->text, form, arguments);
    va_end(arguments);
    clean(scan->error->text);
    return false;
}

bool scan_expected(struct scan *scan, const char *what)
{
    uint32_t length = scan->length - scan->at;
    const char *found = scan->text + scan->at;
    if (length == 0)
        return scan_fail(scan, scan->at, "expected %s, but the text ends here", what);
    uint32_t shown = 0;
    while (shown < length && shown < FOUND_BYTES_MAX && found[shown] != '\n' &&
           (shown == 0 || (found[shown] != ' ' && found[shown] != ',' && found[shown] != ')')))
        shown++;
    return scan_fail(scan, scan->at, "expected %s, found '%.*s'", what, (int)shown, found);
}

bool scan_built(struct scan *scan, uint32_t at, enum capnp_error error)
{
    switch (error) {
    case CAPNP_OK: return true;
    case CAPNP_FULL: return scan_fail(scan, at, "the message has no room for this");
    case CAPNP_RANGE: return scan_fail(scan, at, "this is longer than a message can say");
    default: return scan_fail(scan, at, "the schema has no place for this");
    }
}

bool scan_pay(struct scan *scan, uint64_t work)
{
    if (scan->failed)
        return false;
    if (work > scan->work)
        return scan_fail(scan, scan->at, "this text takes too much work");
    scan->work -= work;
    return true;
}

bool scan_enter(struct scan *scan)
{
    if (scan->depth == 0)
        return scan_fail(scan, scan->at, "this is nested too deeply");
    scan->depth--;
    return true;
}

uint32_t scan_hex_digit(char byte)
{
    if (scan_is_digit(byte))
        return (uint32_t)(byte - '0');
    if (byte >= 'a' && byte <= 'f')
        return (uint32_t)(byte - 'a') + 10;
    if (byte >= 'A' && byte <= 'F')
        return (uint32_t)(byte - 'A') + 10;
    return 16;
}

/* Take an exponent behind its 'e'. */
static bool scan_exponent(struct scan *scan, int64_t *out)
{
    bool is_negative = scan_take(scan, '-');
    if (!is_negative)
        scan_take(scan, '+');
    if (!scan_is_digit(scan_peek(scan, 0)))
        return scan_expected(scan, "a digit of an exponent");
    for (; scan_is_digit(scan_peek(scan, 0)); scan->at++)
        if (*out < EXPONENT_MAX)
            *out = *out * 10 + (scan_peek(scan, 0) - '0');
    if (is_negative)
        *out = -*out;
    return true;
}

bool scan_decimal(struct scan *scan, struct scan_number *out)
{
    uint32_t start = scan->at;
    int64_t exponent = 0;
    decimal_start(&out->value);
    if (!scan_is_digit(scan_peek(scan, 0)))
        return scan_expected(scan, "a digit");
    for (; scan_is_digit(scan_peek(scan, 0)); scan->at++)
        decimal_add(&out->value, (uint32_t)(scan_peek(scan, 0) - '0'));
    int64_t point = scan->at - start;
    out->is_integer = true;
    if (scan_peek(scan, 0) == '.') {
        out->is_integer = false;
        scan->at++;
        for (; scan_is_digit(scan_peek(scan, 0)); scan->at++)
            decimal_add(&out->value, (uint32_t)(scan_peek(scan, 0) - '0'));
    }
    if (scan_peek(scan, 0) == 'e' || scan_peek(scan, 0) == 'E') {
        out->is_integer = false;
        scan->at++;
        if (!scan_exponent(scan, &exponent))
            return false;
    }
    decimal_end(&out->value, point, exponent);
    return scan_pay(scan, scan->at - start);
}

bool scan_is_integer(const struct dynamic_type *type)
{
    return type->which >= SCHEMA_TYPE_WHICH_INT8 && type->which <= SCHEMA_TYPE_WHICH_UINT64;
}

bool scan_is_float(const struct dynamic_type *type)
{
    return type->which == SCHEMA_TYPE_WHICH_FLOAT32 || type->which == SCHEMA_TYPE_WHICH_FLOAT64;
}

/* The largest magnitude of an integer type, of its negative or other side. */
static uint64_t magnitude_max(enum schema_type_which which, bool is_negative)
{
    switch (which) {
    case SCHEMA_TYPE_WHICH_INT8: return UINT64_C(0x7f) + is_negative;
    case SCHEMA_TYPE_WHICH_INT16: return UINT64_C(0x7fff) + is_negative;
    case SCHEMA_TYPE_WHICH_INT32: return UINT64_C(0x7fffffff) + is_negative;
    case SCHEMA_TYPE_WHICH_INT64: return (UINT64_C(1) << 63) - !is_negative;
    case SCHEMA_TYPE_WHICH_UINT8: return is_negative ? 0 : UINT8_MAX;
    case SCHEMA_TYPE_WHICH_UINT16: return is_negative ? 0 : UINT16_MAX;
    case SCHEMA_TYPE_WHICH_UINT32: return is_negative ? 0 : UINT32_MAX;
    default: return is_negative ? 0 : UINT64_MAX;
    }
}

static struct decimal_format format_of(enum schema_type_which which)
{
    return which == SCHEMA_TYPE_WHICH_FLOAT32 ? decimal_float32 : decimal_float64;
}

static uint64_t sign_of(enum schema_type_which which, bool is_negative)
{
    return (uint64_t)is_negative << (which == SCHEMA_TYPE_WHICH_FLOAT32 ? 31 : 63);
}

bool scan_put_number(struct scan *scan, const struct dynamic_place *place,
                     struct scan_number *number)
{
    enum schema_type_which which = place->type.which;
    uint64_t bits = 0;
    if (scan_is_float(&place->type)) {
        bits = decimal_to_bits(&number->value, format_of(which)) |
               sign_of(which, number->is_negative);
    } else {
        bool is_whole = number->value.count == 0 ||
                        number->value.point >= (int32_t)number->value.count;
        if (!is_whole && !number->value.truncated)
            return scan_fail(scan, number->start, "expected an integer for %s",
                             type_name(which));
        if (!decimal_to_integer(&number->value, &bits) ||
            bits > magnitude_max(which, number->is_negative))
            return scan_fail(scan, number->start, "this number is out of the range of %s",
                             type_name(which));
        if (number->is_negative)
            bits = -bits;
    }
    return scan_built(scan, number->start, dynamic_put_bits(place, bits));
}

bool scan_put_special(struct scan *scan, const struct dynamic_place *place, bool is_nan,
                      bool is_negative)
{
    struct decimal_format format = format_of(place->type.which);
    uint64_t ones = (UINT64_C(1) << format.exponent_bits) - 1;
    uint64_t bits = ones << format.fraction_bits | sign_of(place->type.which, is_negative);
    if (is_nan)
        bits |= UINT64_C(1) << (format.fraction_bits - 1);
    return scan_built(scan, scan->at, dynamic_put_bits(place, bits));
}

/* Give a field the value that it has in a new message; a group's union its first member. */
static bool clear(struct scan *scan, struct dynamic_builder *in, const struct dynamic_field *field)
{
    struct dynamic_place place = dynamic_field_place(in, field);
    struct dynamic_builder group;
    struct dynamic_field inner;
    dynamic_choose(in, field);
    if (field->type.group_id == 0 || field->type.which != SCHEMA_TYPE_WHICH_STRUCT) {
        dynamic_clear(&place);
        return true;
    }
    if (!scan_enter(scan) ||
        !scan_built(scan, scan->at, dynamic_put_struct(&place, true, &group)))
        return false;
    for (uint32_t i = 0; scan_pay(scan, 1) && dynamic_field_at(&group.shape, i, &inner); i++)
        if ((inner.discriminant == DYNAMIC_NO_UNION || inner.discriminant == 0) &&
            !clear(scan, &group, &inner))
            return false;
    scan_leave(scan);
    return !scan->failed;
}

bool scan_put_struct(struct scan *scan, const struct dynamic_place *place,
                     struct dynamic_builder *out)
{
    return (!place->parent || place->type.group_id == 0 ||
            clear(scan, place->parent, place->field)) &&
           scan_built(scan, scan->at, dynamic_put_struct(place, false, out));
}
