/* SPDX-License-Identifier: MIT */
/*
 * bits: a set of numbers below a capacity of at most 2^18, as a bitmap under two bitmaps of the
 * words that are not 0: adding, removing and finding look at three words.
 */
#ifndef SCHEDULE_BITS_H
#define SCHEDULE_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "schedule.h"

enum { BITS_WORD = 64, BITS_MAX = 1 << 18 };
#define BITS_NONE UINT32_MAX

struct bits {
    uint64_t *members; /* a bit for each number */
    uint64_t *words;   /* a bit for each word of `members` that is not 0 */
    uint64_t top;      /* a bit for each word of `words` that is not 0 */
};

/* Take the arrays of an empty set. */
static inline struct bits bits_take(struct schedule_memory *memory, uint32_t capacity)
{
    uint32_t words = (capacity + BITS_WORD - 1) / BITS_WORD;
    struct bits bits = {.members = schedule_take(memory, words, sizeof *bits.members)};
    bits.words = schedule_take(memory, (words + BITS_WORD - 1) / BITS_WORD, sizeof *bits.words);
    return bits;
}

static inline void bits_add(struct bits *bits, uint32_t number)
{
    uint64_t before = bits->members[number / BITS_WORD];
    bits->members[number / BITS_WORD] = before | UINT64_C(1) << number % BITS_WORD;
    if (before != 0)
        return;
    number /= BITS_WORD;
    bits->words[number / BITS_WORD] |= UINT64_C(1) << number % BITS_WORD;
    bits->top |= UINT64_C(1) << number / BITS_WORD;
}

static inline void bits_remove(struct bits *bits, uint32_t number)
{
    uint32_t word = number / BITS_WORD;
    bits->members[word] &= ~(UINT64_C(1) << number % BITS_WORD);
    if (bits->members[word] != 0)
        return;
    bits->words[word / BITS_WORD] &= ~(UINT64_C(1) << word % BITS_WORD);
    if (bits->words[word / BITS_WORD] == 0)
        bits->top &= ~(UINT64_C(1) << word / BITS_WORD);
}

static inline bool bits_has(const struct bits *bits, uint32_t number)
{
    return bits->members[number / BITS_WORD] >> number % BITS_WORD & 1;
}

static inline uint32_t bits_lowest(uint64_t word)
{
    return (uint32_t)__builtin_ctzll(word);
}

/* The smallest number in the set; there must be one. */
static inline uint32_t bits_first(const struct bits *bits)
{
    uint32_t at = bits_lowest(bits->top);
    at = at * BITS_WORD + bits_lowest(bits->words[at]);
    return at * BITS_WORD + bits_lowest(bits->members[at]);
}

/* The smallest number in the set from `number` (below the capacity) on, or BITS_NONE. */
static inline uint32_t bits_from(const struct bits *bits, uint32_t number)
{
    uint32_t at = number / BITS_WORD;
    uint64_t word = bits->members[at] & (~UINT64_C(0) << number % BITS_WORD);
    if (word != 0)
        return at * BITS_WORD + bits_lowest(word);
    uint32_t above = at / BITS_WORD;
    word = bits->words[above] & (~UINT64_C(1) << at % BITS_WORD);
    if (word == 0) {
        word = bits->top & (~UINT64_C(1) << above);
        if (word == 0)
            return BITS_NONE;
        above = bits_lowest(word);
        word = bits->words[above];
    }
    at = above * BITS_WORD + bits_lowest(word);
    return at * BITS_WORD + bits_lowest(bits->members[at]);
}

#endif
