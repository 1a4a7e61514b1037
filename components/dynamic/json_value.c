/* SPDX-License-Identifier: MIT */
#include "json_value.h"

#include <stddef.h>

#include "json_text.h"

static bool parse(struct scan *scan, struct capnp_builder *message, uint64_t *words);

/* A string of the message behind the pointer at `at`. */
static bool parse_string(struct scan *scan, struct capnp_builder *message, uint64_t *at)
{
    struct capnp_list_builder list;
    uint32_t start = scan->at, length;
    if (!json_text_string(scan, NULL, 0, &length) ||
        !scan_built(scan, start, capnp_init_list(message, at, CAPNP_BYTE, length + 1, &list)))
        return false;
    scan->at = start;
    return json_text_string(scan, list.data, length, &length);
}

/* How many items stand before the closing bracket; nothing is taken. */
static bool count_items(struct scan *scan, bool has_names, uint32_t *count)
{
    uint32_t start = scan->at - 1; /* the bracket, which was taken */
    if (!has_names)
        return json_text_count(scan, count);
    *count = 0;
    uint32_t length;
    while (json_text_next(scan) == '"') {
        if (!json_text_string(scan, NULL, 0, &length) || !json_text_take(scan, ':') ||
            !json_text_skip(scan))
            return scan_expected(scan, "':'");
        (*count)++;
        if (!json_text_take(scan, ','))
            break;
    }
    scan->at = start + 1;
    return true;
}

/* The items of an array or object; the bracket was taken. Items of an object are structs of a name
 * and a pointer to a value. */
static bool parse_items(struct scan *scan, struct capnp_builder *message, uint64_t *at,
                        bool has_names)
{
    struct capnp_list_builder list;
    struct capnp_struct_builder value;
    char end = has_names ? '}' : ']';
    uint32_t count;
    if (!count_items(scan, has_names, &count) ||
        !scan_built(scan, scan->at,
                    capnp_init_structs(message, at, has_names ? 0 : JSON_VALUE_DATA_WORDS,
                                       has_names ? JSON_VALUE_FIELD_POINTERS : JSON_VALUE_POINTERS,
                                       count, &list)))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *words = capnp_list_words_at(&list, i);
        if (i > 0 && !json_text_take(scan, ','))
            return scan_expected(scan, "','");
        if (has_names) {
            json_text_blanks(scan);
            if (!parse_string(scan, message, words))
                return false;
            if (!json_text_take(scan, ':'))
                return scan_expected(scan, "':'");
            if (!scan_built(scan, scan->at,
                            capnp_init_struct(message, words + 1, JSON_VALUE_DATA_WORDS,
                                              JSON_VALUE_POINTERS, &value)))
                return false;
            words = value.words;
        }
        if (!parse(scan, message, words))
            return false;
    }
    return json_text_take(scan, end) ||
           scan_expected(scan, has_names ? "',' or '}'" : "',' or ']'");
}

static bool parse_number(struct scan *scan, uint64_t *words)
{
    struct scan_number number;
    if (!json_text_number(scan, &number))
        return false;
    uint64_t bits = decimal_to_bits(&number.value, decimal_float64);
    capnp_put_uint64(words, JSON_VALUE_NUMBER_OFFSET, bits | (uint64_t)number.is_negative << 63);
    return true;
}

/* What a value is, by its first byte; a number when it is nothing else. */
static enum json_value_kind kind_of(char next)
{
    switch (next) {
    case 'n': return JSON_VALUE_NULL;
    case 't':
    case 'f': return JSON_VALUE_BOOLEAN;
    case '"': return JSON_VALUE_STRING;
    case '[': return JSON_VALUE_ARRAY;
    case '{': return JSON_VALUE_OBJECT;
    default: return JSON_VALUE_NUMBER;
    }
}

/* Parse a value into the three words of a Value. */
static bool parse(struct scan *scan, struct capnp_builder *message, uint64_t *words)
{
    uint64_t *pointer = words + JSON_VALUE_DATA_WORDS;
    if (!scan_pay(scan, 1) || !scan_enter(scan))
        return false;
    enum json_value_kind kind = kind_of(json_text_next(scan));
    bool done;
    capnp_put_uint16(words, 0, (uint16_t)kind);
    switch (kind) {
    case JSON_VALUE_NULL:
        done = json_text_word(scan, "null") || scan_expected(scan, "a value");
        break;
    case JSON_VALUE_BOOLEAN:
        done = json_text_word(scan, "true");
        capnp_put_bool(words, JSON_VALUE_BOOLEAN_BIT, done);
        done = done || json_text_word(scan, "false") || scan_expected(scan, "a value");
        break;
    case JSON_VALUE_STRING: done = parse_string(scan, message, pointer); break;
    case JSON_VALUE_ARRAY:
    case JSON_VALUE_OBJECT:
        scan->at++;
        done = parse_items(scan, message, pointer, kind == JSON_VALUE_OBJECT);
        break;
    default: done = parse_number(scan, words); break;
    }
    scan_leave(scan);
    return done;
}

bool json_value_parse(struct scan *scan, const struct dynamic_builder *out)
{
    if (out->data_words != JSON_VALUE_DATA_WORDS || out->pointer_count < JSON_VALUE_POINTERS)
        return scan_built(scan, scan->at, CAPNP_BOUNDS);
    return parse(scan, out->message, out->words);
}
