/* SPDX-License-Identifier: MIT */
/*
 * format: the part of ISO C's formatted output (7.21.6.1) that components need, without floating
 * point. Conversions: d u x c s p %; flags: '-' and '0'; width and precision, also as '*'; lengths
 * l, ll and z. The compiler checks formats against arguments.
 */
#ifndef RUNTIME_FORMAT_H
#define RUNTIME_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Write a formatted text into `to`, which has `room` bytes, and end it with NUL (when room is not
 * 0). What does not fit is cut off. Returns the bytes that the whole text has, without the NUL.
 */
__attribute__((format(printf, 3, 4))) size_t format(char *to, size_t room, const char *form, ...);

/* The same with the arguments as a list, which is used up. */
__attribute__((format(printf, 3, 0))) size_t format_list(char *to, size_t room, const char *form,
                                                         va_list arguments);

#endif
