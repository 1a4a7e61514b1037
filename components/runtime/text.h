/* SPDX-License-Identifier: MIT */
/*
 * text: the four functions of ISO C 7.24 that a compiler may call by itself, and text helpers.
 *
 * The four are defined under arch/, word by word. On the host the C library's own are used.
 */
#ifndef RUNTIME_TEXT_H
#define RUNTIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
size_t strlen(const char *text);

/*
 * Are two texts, each a pointer and a length in bytes, the same? A null pointer is allowed when its
 * length is 0.
 */
bool text_equal(const char *left, size_t left_bytes, const char *right, size_t right_bytes);

/* Is a text, a pointer and a length in bytes, the same as a C string? */
bool text_is(const char *text, size_t bytes, const char *word);

/*
 * Copy a text into an array of `room` bytes and end it with NUL; what does not fit is cut off.
 * Returns the bytes copied, without the NUL. `room` is at least 1.
 */
size_t text_copy(char *to, size_t room, const char *text, size_t bytes);

/*
 * Read an unsigned decimal number that is the whole text. Returns false, and leaves `value` alone,
 * when the text is empty, holds anything but digits, or says more than 64 bits can hold.
 */
bool text_number(const char *text, size_t bytes, uint64_t *value);

#endif
