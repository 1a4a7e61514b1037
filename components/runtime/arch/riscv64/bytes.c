/* SPDX-License-Identifier: MIT */
/*
 * memcpy, memmove, memset and memcmp by words at any address: the code that runs us is asked for
 * loads and stores that need not be aligned, which the processor or its firmware does. And what
 * else the compiler calls by itself. A file of its own, so that no loop here is turned by the
 * compiler into a call of the function that it stands in.
 */
#include "general_registers.h"

#include "text.h"

enum { WORD_BYTES = 8 };

/* May lie anywhere, and alias all that is copied. */
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

static inline uint64_t load(const unsigned char *at)
{
    return *(const word *)(const void *)at;
}

static inline void store(unsigned char *at, uint64_t value)
{
    *(word *)(void *)at = value;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *out = to;
    const unsigned char *in = from, *end = in + bytes;
    if (bytes >= WORD_BYTES) {
        for (; in <= end - WORD_BYTES; in += WORD_BYTES, out += WORD_BYTES)
            store(out, load(in));
        /* The last word once more, as a whole. */
        store(out - (WORD_BYTES - (end - in)), load(end - WORD_BYTES));
        return to;
    }
    while (in < end)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (out >= in + bytes || out + bytes <= in)
        return memcpy(to, from, bytes);
    /* The ranges overlap: no byte is read after it was written. */
    if (out <= in) {
        for (; bytes >= WORD_BYTES; bytes -= WORD_BYTES, in += WORD_BYTES, out += WORD_BYTES)
            store(out, load(in));
        while (bytes-- > 0)
            *out++ = *in++;
        return to;
    }
    for (; bytes >= WORD_BYTES; bytes -= WORD_BYTES)
        store(out + bytes - WORD_BYTES, load(in + bytes - WORD_BYTES));
    while (bytes-- > 0)
        out[bytes] = in[bytes];
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    unsigned char *out = to, *end = out + bytes;
    uint64_t pattern = (unsigned char)value * UINT64_C(0x0101010101010101);
    for (; (size_t)(end - out) >= WORD_BYTES; out += WORD_BYTES)
        store(out, pattern);
    while (out < end)
        *out++ = (unsigned char)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t bytes)
{
    const unsigned char *a = left, *b = right;
    while (bytes >= WORD_BYTES && load(a) == load(b)) {
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

/* What GCC calls for __builtin_clzl() (GCC internals, 4.1, "Routines for integer arithmetic"): the
 * zeros before the first one of a number that is not 0. */
int __clzdi2(unsigned long value)
{
    int zeros = 0;
    for (int half = 32; half > 0; half /= 2)
        if (value >> (64 - half) == 0) {
            zeros += half;
            value <<= half;
        }
    return zeros;
}

/* The zeros behind the last one: a power of two times a de Bruijn word has another number in its
 * highest bits for each power (C. Leiserson, H. Prokop, K. Randall, "Using de Bruijn sequences to
 * index a 1 in a computer word", MIT 1998). */
int __ctzdi2(unsigned long value)
{
    static const unsigned char zeros[64] = {
        0, 1, 48, 2, 57, 49, 28, 3, 61, 58, 50, 42, 38, 29, 17, 4,
        62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
        63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11,
        46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9, 13, 8, 7, 6,
    };
    return zeros[((value & -value) * 0x03f79d71b4cb0a89) >> 58];
}
