/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <stddef.h>

enum { INTEGER_BYTES_MAX = 21 };

void output_text(struct output *output, const char *text)
{
    uint32_t length = 0;
    while (text[length] != '\0')
        length++;
    output_bytes(output, text, length);
}

void output_spaces(struct output *output, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        output_byte(output, ' ');
}

void output_integer(struct output *output, uint64_t bits, bool is_signed)
{
    char text[INTEGER_BYTES_MAX];
    uint32_t at = sizeof text;
    bool is_negative = is_signed && bits >> 63 != 0;
    if (is_negative)
        bits = -bits;
    do {
        text[--at] = (char)('0' + bits % 10);
        bits /= 10;
    } while (bits != 0);
    if (is_negative)
        text[--at] = '-';
    output_bytes(output, text + at, (uint32_t)sizeof text - at);
}

static void write_buffer(void *context, const char *bytes, uint32_t count)
{
    struct output_buffer *buffer = context;
    for (uint32_t i = 0; i < count && buffer->used < buffer->room; i++)
        buffer->bytes[buffer->used++] = bytes[i];
}

void output_begin_buffer(struct output *output, struct output_buffer *buffer)
{
    *output = (struct output){.write = write_buffer, .context = buffer};
}
