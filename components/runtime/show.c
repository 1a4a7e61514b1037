/* SPDX-License-Identifier: MIT */
#include "show.h"

#include <assert.h>

enum { DIGITS_MAX = 20, FLOAT_DIGITS_32 = 7, FLOAT_DIGITS_64 = 15 };

static void show_byte(struct show *show, char byte)
{
    assert(show->used <= show->room);
    if (show->used < show->room)
        show->to[show->used++] = byte;
}

void show_words(struct show *show, const char *words)
{
    while (*words)
        show_byte(show, *words++);
}

static void show_hexadecimal(struct show *show, uint8_t byte)
{
    show_byte(show, "0123456789abcdef"[byte >> 4]);
    show_byte(show, "0123456789abcdef"[byte & 15]);
}

void show_text(struct show *show, struct capnp_text text)
{
    show_byte(show, '"');
    for (uint32_t i = 0; i < text.length; i++) {
        char byte = text.bytes[i]; /* fetched once: a peer may be writing it */

        if (byte == '"' || byte == '\\') {
            show_byte(show, '\\');
            show_byte(show, byte);
        } else if (byte == '\n') {
            show_words(show, "\\n");
        } else if (byte < ' ' || byte > '~') {
            show_words(show, "\\x");
            show_hexadecimal(show, (uint8_t)byte);
        } else {
            show_byte(show, byte);
        }
    }
    show_byte(show, '"');
}

void show_data(struct show *show, struct capnp_data data)
{
    show_words(show, "0x\"");
    for (uint32_t i = 0; i < data.length; i++) {
        if (i > 0)
            show_byte(show, ' ');
        show_hexadecimal(show, data.bytes[i]);
    }
    show_byte(show, '"');
}

void show_unsigned(struct show *show, uint64_t value)
{
    char digits[DIGITS_MAX];
    unsigned count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0)
        show_byte(show, digits[--count]);
}

void show_signed(struct show *show, int64_t value)
{
    if (value < 0)
        show_byte(show, '-');
    /* The negation in unsigned arithmetic, where the lowest number has one. */
    show_unsigned(show, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void show_bool(struct show *show, bool value)
{
    show_words(show, value ? "true" : "false");
}

/*
 * A positive number as digits with a point, and a power of ten when it is far from one. `scaled` is
 * brought to [1, 10) by multiplying, whose errors stay below the digits that are shown.
 */
static void show_positive(struct show *show, double value, int digit_count)
{
    char digits[FLOAT_DIGITS_64];
    uint64_t all = 0;
    uint64_t limit = 1;
    int exponent = 0;

    assert(digit_count <= FLOAT_DIGITS_64);
    for (; value >= 10; exponent++)
        value /= 10;
    for (; value < 1; exponent--)
        value *= 10;
    for (int i = 1; i < digit_count; i++) {
        value *= 10;
        limit *= 10;
    }
    all = (uint64_t)(value + 0.5);
    if (all >= limit * 10) { /* 9.99... was rounded up */
        all /= 10;
        exponent++;
    }
    for (int i = digit_count; i-- > 0; all /= 10)
        digits[i] = (char)('0' + all % 10);
    while (digit_count > 1 && digits[digit_count - 1] == '0')
        digit_count--;
    bool plain = exponent >= -4 && exponent < FLOAT_DIGITS_64;
    int point = plain ? exponent : 0; /* digits before the point, less one */

    if (point < 0)
        show_words(show, "0.");
    for (int i = point + 1; i < 0; i++)
        show_byte(show, '0');
    for (int i = 0; i < digit_count || i <= point; i++) {
        if (i > 0 && i == point + 1)
            show_byte(show, '.');
        show_byte(show, i < digit_count ? digits[i] : '0');
    }
    if (!plain) {
        show_byte(show, 'e');
        show_signed(show, exponent);
    }
}

static void show_double(struct show *show, double value, int digit_count)
{
    if (value != value) {
        show_words(show, "nan");
        return;
    }
    if (__builtin_signbit(value))
        show_byte(show, '-');
    value = __builtin_fabs(value);
    if (value > 0 && value == value / 2)
        show_words(show, "inf");
    else if (value == 0)
        show_byte(show, '0');
    else
        show_positive(show, value, digit_count);
}

void show_float32(struct show *show, uint32_t bits)
{
    float value;

    __builtin_memcpy(&value, &bits, sizeof value);
    show_double(show, (double)value, FLOAT_DIGITS_32);
}

void show_float64(struct show *show, uint64_t bits)
{
    double value;

    __builtin_memcpy(&value, &bits, sizeof value);
    show_double(show, value, FLOAT_DIGITS_64);
}

void show_enum(struct show *show, uint16_t value, const char *const *names, uint16_t count)
{
    if (value < count)
        show_words(show, names[value]);
    else
        show_unsigned(show, value);
}
