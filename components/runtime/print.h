/* SPDX-License-Identifier: MIT */
/*
 * print: text for people. Where it goes is decided once, at the start: a component that imports a
 * console writes there, a program that the kernel starts itself writes to the serial port.
 */
#ifndef RUNTIME_PRINT_H
#define RUNTIME_PRINT_H

#include <stddef.h>

enum { PRINT_BYTES_MAX = 1024 };

/* Takes finished text away; called with at most PRINT_BYTES_MAX bytes. */
typedef void print_sink(const char *text, size_t bytes);

/* Send all later text to `sink`; null drops it. */
void print_to(print_sink *sink);

/* Write a formatted text (see format.h); what is beyond PRINT_BYTES_MAX bytes is cut off. */
__attribute__((format(printf, 1, 2))) void print(const char *form, ...);

/* Write a text as it is. */
void print_text(const char *text, size_t bytes);

#endif
