/* SPDX-License-Identifier: MIT */
/*
 * key_heap: a binary heap of words, smallest first, as arrays from element 1 (J. Williams 1964).
 *
 * Whoever owns it keeps the count, and all ones in every element behind it up to 2 * capacity + 1:
 * so a way down needs no look at the count, and an empty heap has a first element that is never
 * reached. A word is a time with the number of its thread in the lowest bits.
 */
#ifndef SCHEDULE_KEY_HEAP_H
#define SCHEDULE_KEY_HEAP_H

#include <stdbool.h>

#include "schedule.h"

#define KEY_HEAP_END UINT64_MAX

/* How many words a heap of `capacity` has. */
static inline size_t key_heap_words(uint32_t capacity)
{
    return 2 * (size_t)capacity + 2;
}

/* Fill the array of an empty heap. */
static inline void key_heap_clear(uint64_t *heap, uint32_t capacity)
{
    for (size_t i = 0; i < key_heap_words(capacity); i++)
        heap[i] = KEY_HEAP_END;
}

/* Put `key` in the place of the first element. */
static inline void key_heap_replace(uint64_t *heap, uint64_t key)
{
    size_t at = 1;
    for (;;) {
        size_t child = 2 * at;
        uint64_t left = heap[child], right = heap[child + 1];
        uint64_t least = right < left ? right : left;
        child += right < left;
        if (key <= least)
            break;
        heap[at] = least;
        at = child;
    }
    heap[at] = key;
}

/* Add `key`; `count` is the number of elements with it. */
static inline void key_heap_push(uint64_t *heap, uint32_t count, uint64_t key)
{
    size_t at = count;
    while (at > 1 && heap[at / 2] > key) {
        heap[at] = heap[at / 2];
        at /= 2;
    }
    heap[at] = key;
}

/* Take the first element out; `count` is the number of elements before that, at least 1. */
static inline void key_heap_pop(uint64_t *heap, uint32_t count)
{
    uint64_t last = heap[count];
    heap[count] = KEY_HEAP_END;
    if (count > 1)
        key_heap_replace(heap, last);
}

/* Are `count` elements in order, and is nothing behind them? */
static inline bool key_heap_check(const uint64_t *heap, uint32_t count, uint32_t capacity)
{
    for (size_t i = 1; i < key_heap_words(capacity); i++)
        if ((i > count) != (heap[i] == KEY_HEAP_END) || (i > 1 && heap[i / 2] > heap[i]))
            return false;
    return true;
}

#endif
