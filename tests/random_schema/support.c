/* SPDX-License-Identifier: MIT */
/* Drawing values, and writing them as `capnp decode --short` does. */
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 4, BYTES_MAX = 40, COPY_WORDS = 1 << 18 };

bool say_is_shallow(const struct say *say)
{
    return say->depth < DEPTH_MAX;
}

bool say_chooses(struct say *say)
{
    return !random_once_in(&say->random, 3);
}

void say_name(struct say *say, bool *is_first, const char *name)
{
    fprintf(say->out, "%s%s = ", *is_first ? "" : ", ", name);
    *is_first = false;
}

float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Write a number with as few digits as give it back, and no plus before an exponent; single ones
 * that are too small to be normal always with more. */
static void say_float(struct say *say, double value, bool is_single)
{
    char text[40];
    snprintf(text, sizeof text, "%.*g", is_single ? 6 : 15, value);
    bool is_small = is_single && fpclassify((float)value) == FP_SUBNORMAL;
    if (is_small || (is_single ? strtof(text, NULL) != (float)value : strtod(text, NULL) != value))
        snprintf(text, sizeof text, "%.*g", is_single ? 8 : 17, value);
    char *plus = strchr(text, '+');
    if (plus)
        memmove(plus, plus + 1, strlen(plus));
    fputs(isnan(value) ? "nan" : text, say->out);
}

void say_scalar(struct say *say, enum kind kind, unsigned enumerants, uint64_t bits)
{
    if (kind == KIND_VOID)
        fputs("void", say->out);
    else if (kind == KIND_BOOL)
        fputs(bits ? "true" : "false", say->out);
    else if (kind == KIND_FLOAT32)
        say_float(say, (double)float_of((uint32_t)bits), true);
    else if (kind == KIND_FLOAT64)
        say_float(say, double_of(bits), false);
    else if (kind == KIND_ENUM)
        fprintf(say->out, bits < enumerants ? "m%u" : "(%u)", (unsigned)bits);
    else if (kind <= KIND_INT64)
        fprintf(say->out, "%jd", (intmax_t)bits);
    else
        fprintf(say->out, "%ju", (uintmax_t)bits);
}

/* Write bytes in quotes; those above ASCII as they are, or in octal. */
static void say_quoted(struct say *say, const uint8_t *bytes, uint32_t length, bool is_text)
{
    static const char escapes[] = "\a\b\t\n\v\f\r\"'\\", letters[] = "abtnvfr\"'\\";
    fputc('"', say->out);
    for (uint32_t i = 0; i < length; i++) {
        const char *escape = bytes[i] ? strchr(escapes, bytes[i]) : NULL;
        if (escape)
            fprintf(say->out, "\\%c", letters[escape - escapes]);
        else if (bytes[i] < 0x20 || bytes[i] == 0x7f || (bytes[i] >= 0x80 && !is_text))
            fprintf(say->out, "\\%03o", bytes[i]);
        else
            fputc(bytes[i], say->out);
    }
    fputc('"', say->out);
}

void say_text(struct say *say, struct capnp_text text)
{
    say_quoted(say, (const uint8_t *)text.bytes, text.length, true);
}

void say_data(struct say *say, struct capnp_data data)
{
    say_quoted(say, data.bytes, data.length, false);
}

/* Numbers with one bit, with many, and near zero: each as likely. */
static uint64_t draw_bits(struct say *say)
{
    uint64_t bits = random_next(&say->random);
    uint32_t how = random_below(&say->random, 4);
    return how == 0 ? bits : how == 1 ? bits & 15 : how == 2 ? ~(bits & 15)
                                                             : UINT64_C(1) << (bits & 63);
}

/* Infinities, NaN, numbers of few digits, and any bits: those are of all magnitudes; some have no
 * exponent, so they are too small to be normal. `capnp encode` reads -0 as 0: there is none. */
static uint64_t draw_float(struct say *say, bool is_single)
{
    uint32_t how = random_below(&say->random, 16);
    uint64_t bits = random_next(&say->random);
    double plain = ((int)(bits % 8000) - 4000) * 0.25;
    float single = (float)plain;
    if (how < 3)
        plain = single = how == 0 ? INFINITY : how == 1 ? -INFINITY : NAN;
    if (how >= 8) {
        if (how < 10)
            bits &= is_single ? UINT64_C(0x807fffff) : UINT64_C(0x800fffffffffffff);
        single = float_of((uint32_t)bits);
        plain = double_of(bits);
    }
    if (is_single ? single == 0 : plain == 0)
        return 0;
    bits = 0;
    memcpy(&bits, is_single ? (void *)&single : (void *)&plain, is_single ? 4 : 8);
    return bits;
}

uint64_t draw_scalar(struct say *say, enum kind kind, unsigned enumerants)
{
    uint64_t bits = draw_bits(say);
    switch (kind) {
    case KIND_BOOL: return bits & 1;
    case KIND_INT8: return (uint64_t)(int8_t)bits;
    case KIND_INT16: return (uint64_t)(int16_t)bits;
    case KIND_INT32: return (uint64_t)(int32_t)bits;
    case KIND_UINT8: return (uint8_t)bits;
    case KIND_UINT16: return (uint16_t)bits;
    case KIND_UINT32: return (uint32_t)bits;
    case KIND_ENUM: return random_below(&say->random, enumerants);
    case KIND_FLOAT32: return draw_float(say, true);
    case KIND_FLOAT64: return draw_float(say, false);
    default: return bits;
    }
}

struct capnp_text draw_text(struct say *say)
{
    static const char *const parts[] = {"a", "Z", " ", "\"", "\\", "\n", "\t", "\x01", "\x7f", "'",
                                        "\xc3\xa9", "\xe2\x82\xac", "0", "[", "\r", "\v"};
    static char bytes[4 * BYTES_MAX];
    uint32_t count = random_below(&say->random, BYTES_MAX), length = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *part = parts[random_below(&say->random, 16)];
        memcpy(bytes + length, part, strlen(part));
        length += (uint32_t)strlen(part);
    }
    return (struct capnp_text){bytes, length};
}

struct capnp_data draw_data(struct say *say)
{
    static uint8_t bytes[BYTES_MAX];
    uint32_t length = random_below(&say->random, BYTES_MAX);
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)draw_bits(say);
        /* `capnp encode` 0.9.2 sees parentheses and comments inside of quotes, too. */
        bytes[i] ^= bytes[i] == '(' || bytes[i] == ')' || bytes[i] == '#' ? 0x80 : 0;
    }
    return (struct capnp_data){bytes, length};
}

uint32_t draw_count(struct say *say)
{
    uint32_t most = say->depth < 2 ? 9 : 3;
    bool is_long = random_once_in(&say->random, 40) && say->depth < 2;
    return is_long ? 70 : random_below(&say->random, most);
}

enum capnp_element element_of(enum kind kind, int levels)
{
    static const uint8_t elements[KIND_TEXT] = {
        CAPNP_VOID, CAPNP_BIT, CAPNP_BYTE, CAPNP_TWO_BYTES, CAPNP_FOUR_BYTES, CAPNP_EIGHT_BYTES,
        CAPNP_BYTE, CAPNP_TWO_BYTES, CAPNP_FOUR_BYTES, CAPNP_EIGHT_BYTES, CAPNP_FOUR_BYTES,
        CAPNP_EIGHT_BYTES, CAPNP_TWO_BYTES};
    if (levels > 1 || kind == KIND_TEXT || kind == KIND_DATA)
        return CAPNP_POINTER;
    return kind == KIND_STRUCT ? CAPNP_COMPOSITE : (enum capnp_element)elements[kind];
}

void expect_ok(enum capnp_error error)
{
    if (error != CAPNP_OK) {
        fprintf(stderr, "driver: %s\n", capnp_error_text(error));
        abort();
    }
}

/* Put a scalar into a list. */
static void set_element(const struct capnp_list_builder *list, uint32_t index, enum kind kind,
                        uint64_t bits)
{
    switch (element_of(kind, 1)) {
    case CAPNP_BIT: capnp_list_set_bool(list, index, bits); break;
    case CAPNP_BYTE: capnp_list_set_uint8(list, index, (uint8_t)bits); break;
    case CAPNP_TWO_BYTES: capnp_list_set_uint16(list, index, (uint16_t)bits); break;
    case CAPNP_FOUR_BYTES: capnp_list_set_uint32(list, index, (uint32_t)bits); break;
    case CAPNP_EIGHT_BYTES: capnp_list_set_uint64(list, index, bits); break;
    default: break;
    }
}

/* Set the pointer at `at` to a list, struct, text or bytes, and write it. */
static void fill_pointer(struct say *say, struct capnp_builder *message, uint64_t *at, int lists,
                         const struct element *element)
{
    struct capnp_list_builder list;
    struct capnp_struct_builder structure;
    if (lists > 0) {
        uint32_t count = draw_count(say);
        enum capnp_element size = element_of(element->kind, lists);
        if (size == CAPNP_COMPOSITE)
            expect_ok(capnp_init_structs(message, at, element->data_words, element->pointers, count,
                                         &list));
        else
            expect_ok(capnp_init_list(message, at, size, count, &list));
        fill_list(say, &list, lists, element);
    } else if (element->kind == KIND_STRUCT) {
        expect_ok(capnp_init_struct(message, at, element->data_words, element->pointers,
                                    &structure));
        element->fill(say, message, structure.words);
    } else if (element->kind == KIND_TEXT) {
        struct capnp_text text = draw_text(say);
        expect_ok(capnp_set_text(message, at, text));
        say_text(say, text);
    } else {
        struct capnp_data data = draw_data(say);
        expect_ok(capnp_set_data(message, at, data));
        say_data(say, data);
    }
}

void fill_copy(struct say *say, int lists, const struct element *element, struct capnp_any *value)
{
    static uint64_t rooms[COPIES_MAX][COPY_WORDS];
    static struct capnp_message messages[COPIES_MAX];
    struct capnp_message *message = &messages[say->copies];
    struct capnp_builder builder;
    capnp_builder_begin(&builder, rooms[say->copies++], COPY_WORDS);
    fill_pointer(say, &builder, builder.words, lists, element);
    expect_ok(builder.error);
    capnp_message_single(message, builder.words, builder.word_count);
    expect_ok(capnp_read_root_any(message, value));
}

void fill_orphan(struct say *say, struct capnp_builder *message, int lists,
                 const struct element *element, struct capnp_orphan *orphan)
{
    uint64_t *place = capnp_orphan_place(message);
    fill_pointer(say, message, place, lists, element);
    expect_ok(capnp_disown(message, place, orphan));
}

void fill_list(struct say *say, const struct capnp_list_builder *list, int levels,
               const struct element *element)
{
    enum capnp_element size = element_of(element->kind, levels);
    fputc('[', say->out);
    for (uint32_t i = 0; i < list->count; i++) {
        fputs(i ? ", " : "", say->out);
        /* Null, at times, which reads as empty. */
        if (size == CAPNP_POINTER && random_once_in(&say->random, 6))
            fputs(levels > 1 ? "[]" : "\"\"", say->out);
        else if (size == CAPNP_POINTER)
            fill_pointer(say, list->message, capnp_list_pointer_at(list, i), levels - 1, element);
        else if (size == CAPNP_COMPOSITE)
            element->fill(say, list->message, capnp_list_words_at(list, i));
        else {
            uint64_t bits = draw_scalar(say, element->kind, element->enumerants);
            set_element(list, i, element->kind, bits);
            say_scalar(say, element->kind, element->enumerants, bits);
        }
    }
    fputc(']', say->out);
}

/* A scalar of a list, as bits; signed ones extended. */
static uint64_t get_element(const struct capnp_list *list, uint32_t index, enum kind kind)
{
    switch (kind) {
    case KIND_BOOL: return capnp_list_bool(*list, index);
    case KIND_INT8: return (uint64_t)(int8_t)capnp_list_uint8(*list, index);
    case KIND_INT16: return (uint64_t)(int16_t)capnp_list_uint16(*list, index);
    case KIND_INT32: return (uint64_t)(int32_t)capnp_list_uint32(*list, index);
    case KIND_UINT8: return capnp_list_uint8(*list, index);
    case KIND_UINT16:
    case KIND_ENUM: return capnp_list_uint16(*list, index);
    case KIND_UINT32:
    case KIND_FLOAT32: return capnp_list_uint32(*list, index);
    case KIND_VOID: return 0;
    default: return capnp_list_uint64(*list, index);
    }
}

void dump_list(struct say *say, const struct capnp_list *list, int levels,
               const struct element *element)
{
    enum capnp_element size = element_of(element->kind, levels);
    fputc('[', say->out);
    for (uint32_t i = 0; i < list->count; i++) {
        struct capnp_list inner;
        struct capnp_text text;
        struct capnp_data data;
        fputs(i ? ", " : "", say->out);
        if (levels > 1) {
            expect_ok(capnp_list_list(list, i, element_of(element->kind, levels - 1), &inner));
            dump_list(say, &inner, levels - 1, element);
        } else if (element->kind == KIND_TEXT) {
            expect_ok(capnp_list_text(list, i, &text));
            say_text(say, text);
        } else if (element->kind == KIND_DATA) {
            expect_ok(capnp_list_data(list, i, &data));
            say_data(say, data);
        } else if (size == CAPNP_COMPOSITE)
            element->dump(say, capnp_list_struct(list, i));
        else
            say_scalar(say, element->kind, element->enumerants,
                       get_element(list, i, element->kind));
    }
    fputc(']', say->out);
}

void dump_any(struct say *say, const struct capnp_any *value, int lists,
              const struct element *element)
{
    bool is_struct = lists == 0 && element->kind == KIND_STRUCT;
    const struct capnp_list *list = &value->list;
    if (value->kind != (is_struct ? CAPNP_STRUCT : CAPNP_LIST))
        expect_ok(CAPNP_KIND);
    if (is_struct)
        element->dump(say, value->structure);
    else if (lists > 0) {
        expect_ok(capnp_list_check(list, element_of(element->kind, lists)));
        dump_list(say, list, lists, element);
    } else {
        expect_ok(capnp_list_check(list, CAPNP_BYTE));
        if (element->kind == KIND_DATA)
            say_data(say, (struct capnp_data){list->data, list->count});
        else
            say_text(say, (struct capnp_text){(const char *)list->data, list->count - 1});
    }
}
