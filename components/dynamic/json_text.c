/* SPDX-License-Identifier: MIT */
#include "json_text.h"

#include <stddef.h>

void json_text_blanks(struct scan *scan)
{
    for (;; scan->at++) {
        char byte = scan_peek(scan, 0);
        if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r')
            return;
    }
}

bool json_text_take(struct scan *scan, char byte)
{
    json_text_blanks(scan);
    return scan_take(scan, byte);
}

char json_text_next(struct scan *scan)
{
    json_text_blanks(scan);
    return scan_peek(scan, 0);
}

bool json_text_word(struct scan *scan, const char *word)
{
    uint32_t length = 0;
    json_text_blanks(scan);
    for (; word[length] != '\0'; length++)
        if (scan_peek(scan, length) != word[length])
            return false;
    scan->at += length;
    return true;
}

/* Four hexadecimal digits. */
static bool take_unit(struct scan *scan, uint32_t *unit)
{
    *unit = 0;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t digit = scan_hex_digit(scan_peek(scan, 0));
        if (digit > 15)
            return scan_expected(scan, "four hexadecimal digits behind \\u");
        *unit = *unit << 4 | digit;
        scan->at++;
    }
    return true;
}

/* A string that is being taken. */
struct taken {
    uint8_t *to;
    uint32_t room, length;
};

static void put(struct taken *taken, uint32_t byte)
{
    if (taken->to && taken->length < taken->room)
        taken->to[taken->length] = (uint8_t)byte;
    taken->length++;
}

/* Put a character in UTF-8 (RFC 3629). */
static void put_character(struct taken *taken, uint32_t code)
{
    if (code < 0x80) {
        put(taken, code);
    } else if (code < 0x800) {
        put(taken, 0xc0 | code >> 6);
        put(taken, 0x80 | (code & 63));
    } else if (code < 0x10000) {
        put(taken, 0xe0 | code >> 12);
        put(taken, 0x80 | (code >> 6 & 63));
        put(taken, 0x80 | (code & 63));
    } else {
        put(taken, 0xf0 | code >> 18);
        put(taken, 0x80 | (code >> 12 & 63));
        put(taken, 0x80 | (code >> 6 & 63));
        put(taken, 0x80 | (code & 63));
    }
}

/* What stands behind \u: one unit of UTF-16, or a pair with another escape. */
static bool take_unicode(struct scan *scan, struct taken *taken)
{
    uint32_t start = scan->at, high, low;
    if (!take_unit(scan, &high))
        return false;
    if (high < 0xd800 || high > 0xdfff) {
        put_character(taken, high);
        return true;
    }
    if (high > 0xdbff || !scan_take(scan, '\\') || !scan_take(scan, 'u'))
        return scan_fail(scan, start, "half of a surrogate pair stands alone");
    if (!take_unit(scan, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return scan_fail(scan, start, "half of a surrogate pair stands alone");
    put_character(taken, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    return true;
}

/* What stands behind a backslash. */
static bool take_escape(struct scan *scan, struct taken *taken)
{
    static const char letters[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    for (uint32_t i = 0; letters[i] != '\0'; i++) {
        if (scan_take(scan, letters[i])) {
            put(taken, (uint8_t)plain[i]);
            return true;
        }
    }
    if (scan_take(scan, 'u'))
        return take_unicode(scan, taken);
    return scan_fail(scan, scan->at, "there is no such escape in a string");
}

bool json_text_string(struct scan *scan, uint8_t *to, uint32_t room, uint32_t *length)
{
    struct taken taken = {to, room, 0};
    if (!json_text_take(scan, '"'))
        return scan_expected(scan, "a string");
    uint32_t start = scan->at;
    while (!scan_take(scan, '"')) {
        uint8_t byte = (uint8_t)scan_peek(scan, 0);
        if (scan->at == scan->length)
            return scan_fail(scan, start - 1, "this string does not end");
        if (byte < ' ')
            return scan_fail(scan, scan->at, "a control character must be written as an escape");
        scan->at++;
        if (byte != '\\')
            put(&taken, byte);
        else if (!take_escape(scan, &taken))
            return false;
    }
    *length = taken.length;
    return scan_pay(scan, scan->at - start);
}

bool json_text_number(struct scan *scan, struct scan_number *out)
{
    json_text_blanks(scan);
    out->start = scan->at;
    out->is_negative = scan_take(scan, '-');
    if (scan_peek(scan, 0) == '0' && scan_is_digit(scan_peek(scan, 1)))
        return scan_fail(scan, out->start, "a number does not begin with 0");
    return scan_decimal(scan, out);
}

/* Skip one member's name and its colon. */
static bool skip_name(struct scan *scan)
{
    uint32_t length;
    return json_text_string(scan, NULL, 0, &length) &&
           (json_text_take(scan, ':') || scan_expected(scan, "':'"));
}

/* Skip the rest of an array or object behind its first bracket. */
static bool skip_items(struct scan *scan, char end, uint32_t *count)
{
    *count = 0;
    if (json_text_take(scan, end))
        return true;
    do {
        if ((end == '}' && !skip_name(scan)) || !json_text_skip(scan))
            return false;
        (*count)++;
    } while (json_text_take(scan, ','));
    return json_text_take(scan, end) ||
           scan_expected(scan, end == '}' ? "',' or '}'" : "',' or ']'");
}

bool json_text_skip(struct scan *scan)
{
    struct scan_number number;
    uint32_t length;
    bool done;
    if (!scan_pay(scan, 1) || !scan_enter(scan))
        return false;
    char next = json_text_next(scan);
    if (next == '"')
        done = json_text_string(scan, NULL, 0, &length);
    else if (scan_take(scan, '['))
        done = skip_items(scan, ']', &length);
    else if (scan_take(scan, '{'))
        done = skip_items(scan, '}', &length);
    else if (next == '-' || scan_is_digit(next))
        done = json_text_number(scan, &number);
    else
        done = json_text_word(scan, "null") || json_text_word(scan, "true") ||
               json_text_word(scan, "false") || scan_expected(scan, "a value");
    scan_leave(scan);
    return done;
}

bool json_text_count(struct scan *scan, uint32_t *count)
{
    uint32_t start = scan->at;
    if (!skip_items(scan, ']', count))
        return false;
    scan->at = start;
    return true;
}
