/* SPDX-License-Identifier: MIT */
/*
 * memcpy, memmove, memset and memcmp by the string instructions, eight bytes a step: each step of
 * a repeated instruction costs one instruction under the emulator that measures us, and the word
 * form is the fast one on processors without fast byte moves. The direction flag is clear on entry
 * and exit, as the psABI (3.2.1) says. A file of its own, so that no loop here is turned by the
 * compiler into a call of the function that it stands in.
 */
#include "general_registers.h"

#include "text.h"

enum { WORD_BYTES = 8 };

static inline void move_words(unsigned char **to, const unsigned char **from, size_t words)
{
    __asm__ volatile("rep movsq" : "+D"(*to), "+S"(*from), "+c"(words) : : "memory");
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (bytes >= WORD_BYTES)
        move_words(&out, &in, bytes / WORD_BYTES);
    size_t rest = bytes % WORD_BYTES;
    __asm__ volatile("rep movsb" : "+D"(out), "+S"(in), "+c"(rest) : : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (out <= in || out >= in + bytes)
        return memcpy(to, from, bytes);
    /* The ranges overlap and the copy must start at the end: the direction flag is set for it. */
    size_t words = bytes / WORD_BYTES, rest = bytes % WORD_BYTES;
    out += bytes - 1;
    in += bytes - 1;
    __asm__ volatile("std; rep movsb; cld" : "+D"(out), "+S"(in), "+c"(rest) : : "memory", "cc");
    out -= WORD_BYTES - 1;
    in -= WORD_BYTES - 1;
    __asm__ volatile("std; rep movsq; cld" : "+D"(out), "+S"(in), "+c"(words) : : "memory", "cc");
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    unsigned char *out = to;
    uint64_t word = (uint64_t)(unsigned char)value * UINT64_C(0x0101010101010101);
    size_t words = bytes / WORD_BYTES, rest = bytes % WORD_BYTES;
    __asm__ volatile("rep stosq" : "+D"(out), "+c"(words) : "a"(word) : "memory");
    __asm__ volatile("rep stosb" : "+D"(out), "+c"(rest) : "a"(word) : "memory");
    return to;
}

int memcmp(const void *left, const void *right, size_t bytes)
{
    const unsigned char *a = left, *b = right;
    while (bytes >= WORD_BYTES) {
        uint64_t x, y;
        __builtin_memcpy(&x, a, WORD_BYTES);
        __builtin_memcpy(&y, b, WORD_BYTES);
        if (x != y)
            return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
        a += WORD_BYTES;
        b += WORD_BYTES;
        bytes -= WORD_BYTES;
    }
    for (; bytes > 0; a++, b++, bytes--)
        if (*a != *b)
            return *a < *b ? -1 : 1;
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;
    while (*end != 0) {
        end++;
        __asm__("" : "+r"(end)); /* keeps the compiler from seeing strlen in this loop */
    }
    return (size_t)(end - text);
}
