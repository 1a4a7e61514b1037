/* SPDX-License-Identifier: MIT */
/*
 * What libfdt needs of the program that it is part of, in the place of its own file of this name:
 * the words of a device tree, which have the most significant byte first, and what it calls of the
 * C library, as the C standard and POSIX describe it.
 */
#ifndef LIBFDT_ENV_H
#define LIBFDT_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of limits.h, which would include that of the C library, too. */
#define INT_MAX __INT_MAX__

typedef uint16_t fdt16_t;
typedef uint32_t fdt32_t;
typedef uint64_t fdt64_t;

/* The number that the bytes of a word are. The other way round it is the same: what turns the bytes
 * of a number round, or leaves them, turns them back. */
static inline uint64_t fdt_number(const void *word, size_t bytes)
{
    uint64_t number = 0;
    for (size_t at = 0; at < bytes; at++)
        number = number << 8 | ((const unsigned char *)word)[at];
    return number;
}

static inline uint16_t fdt16_to_cpu(fdt16_t word) { return (uint16_t)fdt_number(&word, 2); }
static inline uint32_t fdt32_to_cpu(fdt32_t word) { return (uint32_t)fdt_number(&word, 4); }
static inline uint64_t fdt64_to_cpu(fdt64_t word) { return fdt_number(&word, 8); }
static inline fdt16_t cpu_to_fdt16(uint16_t word) { return (fdt16_t)fdt_number(&word, 2); }
static inline fdt32_t cpu_to_fdt32(uint32_t word) { return (fdt32_t)fdt_number(&word, 4); }
static inline fdt64_t cpu_to_fdt64(uint64_t word) { return fdt_number(&word, 8); }

/* Of components/runtime/. */
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);
size_t strlen(const char *text);

static inline void *memchr(const void *bytes, int value, size_t count)
{
    for (const unsigned char *at = bytes; count > 0; at++, count--) {
        if (*at == (unsigned char)value)
            return (void *)at;
    }
    return NULL;
}

static inline size_t strnlen(const char *text, size_t most)
{
    const char *end = memchr(text, 0, most);
    return end ? (size_t)(end - text) : most;
}

static inline char *strrchr(const char *text, int value)
{
    const char *found = NULL;
    do {
        if (*text == (char)value)
            found = text;
    } while (*text++ != '\0');
    return (char *)found;
}

#endif
