/* SPDX-License-Identifier: MIT */
#include "format.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

enum { DIGITS_MAX = 20 }; /* decimal digits of 2^64 */

/* Where the text goes, and how long it would be. */
struct output {
    char *to;
    size_t room;
    size_t length;
};

/* One conversion, as its flags, width, precision and length say. */
struct conversion {
    bool left;
    bool zero;
    bool wide; /* the argument has 64 bits */
    int width;
    int precision; /* -1: none */
};

static void put(struct output *output, char c)
{
    if (output->length + 1 < output->room)
        output->to[output->length] = c;
    output->length++;
}

static void pad(struct output *output, char c, int count)
{
    for (; count > 0; count--)
        put(output, c);
}

/* Write `count` characters, and before or behind them what the width asks for. */
static void put_field(struct output *output, const struct conversion *how, const char *text,
                      size_t count)
{
    int missing = how->width > (int)count ? how->width - (int)count : 0;
    if (!how->left)
        pad(output, ' ', missing);
    for (size_t i = 0; i < count; i++)
        put(output, text[i]);
    if (how->left)
        pad(output, ' ', missing);
}

static void put_number(struct output *output, const struct conversion *how, uint64_t value,
                       unsigned base, bool negative)
{
    char digits[DIGITS_MAX];
    int count = 0;
    do {
        assert(count < DIGITS_MAX);
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    int missing = how->width - count - (negative ? 1 : 0);
    if (!how->left && !how->zero)
        pad(output, ' ', missing);
    if (negative)
        put(output, '-');
    if (!how->left && how->zero)
        pad(output, '0', missing);
    while (count > 0)
        put(output, digits[--count]);
    if (how->left)
        pad(output, ' ', missing);
}

static void put_text(struct output *output, const struct conversion *how, const char *text)
{
    size_t count = 0;
    if (text == NULL)
        text = "(null)";
    while ((how->precision < 0 || count < (size_t)how->precision) && text[count] != 0)
        count++;
    put_field(output, how, text, count);
}

/* Read digits, or '*' whose value the caller then fetches; returns -1 for '*'. */
static int read_count(const char **form)
{
    int value = 0;
    if (**form == '*') {
        (*form)++;
        return -1;
    }
    for (; **form >= '0' && **form <= '9'; (*form)++)
        value = value * 10 + (**form - '0');
    return value;
}

static const char *read_lengths(const char *form, struct conversion *how)
{
    for (; *form == 'l' || *form == 'z'; form++)
        how->wide = true;
    return form;
}

/*
 * Read what stands between '%' and the conversion's letter. The list is passed by its address,
 * because arguments for '*' are taken from it.
 */
static const char *read_conversion(const char *form, struct conversion *how, va_list *arguments)
{
    *how = (struct conversion){.precision = -1};
    for (; *form == '-' || *form == '0'; form++) {
        how->left |= *form == '-';
        how->zero |= *form == '0';
    }
    how->width = read_count(&form);
    if (how->width < 0)
        how->width = va_arg(*arguments, int);
    if (how->width < 0) {
        how->left = true;
        how->width = -how->width;
    }
    if (*form == '.') {
        form++;
        how->precision = read_count(&form);
        if (how->precision < 0)
            how->precision = va_arg(*arguments, int);
    }
    return read_lengths(form, how);
}

static void put_signed(struct output *output, const struct conversion *how, va_list *arguments)
{
    int64_t value = how->wide ? va_arg(*arguments, int64_t) : va_arg(*arguments, int);
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    put_number(output, how, size, 10, value < 0);
}

static void put_conversion(struct output *output, const struct conversion *how, char letter,
                           va_list *arguments)
{
    switch (letter) {
    case 'd':
        put_signed(output, how, arguments);
        break;
    case 'u':
    case 'x': {
        uint64_t value = how->wide ? va_arg(*arguments, uint64_t) : va_arg(*arguments, unsigned);
        put_number(output, how, value, letter == 'x' ? 16 : 10, false);
        break;
    }
    case 'p':
        put_number(output, how, (uintptr_t)va_arg(*arguments, void *), 16, false);
        break;
    case 'c': {
        char c = (char)va_arg(*arguments, int);
        put_field(output, how, &c, 1);
        break;
    }
    case 's':
        put_text(output, how, va_arg(*arguments, const char *));
        break;
    default:
        put(output, letter); /* "%%", and any letter that is no conversion */
    }
}

size_t format_list(char *to, size_t room, const char *form, va_list arguments)
{
    struct output output = {.to = to, .room = room};
    va_list list;
    assert(to != NULL || room == 0);
    va_copy(list, arguments);
    for (; *form != 0; form++) {
        struct conversion how;
        if (*form != '%') {
            put(&output, *form);
            continue;
        }
        form = read_conversion(form + 1, &how, &list);
        if (*form == 0)
            break;
        put_conversion(&output, &how, *form, &list);
    }
    va_end(list);
    if (room > 0)
        to[output.length < room ? output.length : room - 1] = 0;
    return output.length;
}

size_t format(char *to, size_t room, const char *form, ...)
{
    va_list arguments;
    va_start(arguments, form);
    size_t length = format_list(to, room, form, arguments);
    va_end(arguments);
    return length;
}
