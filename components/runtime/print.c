/* SPDX-License-Identifier: MIT */
#include "print.h"

#include "format.h"

static print_sink *print_out;

void print_to(print_sink *sink)
{
    print_out = sink;
}

void print_text(const char *text, size_t bytes)
{
    while (print_out && bytes > 0) {
        size_t part = bytes < PRINT_BYTES_MAX ? bytes : PRINT_BYTES_MAX;
        print_out(text, part);
        text += part;
        bytes -= part;
    }
}

void print(const char *form, ...)
{
    char text[PRINT_BYTES_MAX];
    va_list arguments;
    va_start(arguments, form);
    size_t length = format_list(text, sizeof text, form, arguments);
    va_end(arguments);
    print_text(text, length < sizeof text ? length : sizeof text - 1);
}
