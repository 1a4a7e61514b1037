/* SPDX-License-Identifier: MIT */
/*
 * windows: jobs of one slot, each with a window of slots in which it may have it; each slot goes to
 * the job with the earliest deadline of those whose window has begun.
 *
 * A window that has not begun stands in a wheel of lists by its first slot, one that has begun in
 * another one by its last, under two levels of bitmaps. One slot may begin many windows, which
 * must not all be moved then: so those beyond a few are a leftist heap by deadline (C. Crane 1972;
 * biased by weight: S. Cho, S. Sahni 1998), which is melded as a whole with the heap of those that
 * have begun, beside the second wheel. There is also what ends beyond it; what begins beyond the
 * first one is in a binary heap until it is near. All takes time in proportion to the logarithm of
 * the number of windows, at worst.
 */
#ifndef SCHEDULE_WINDOWS_H
#define SCHEDULE_WINDOWS_H

#include <stdbool.h>

#include "schedule.h"

enum {
    WINDOWS_WHEEL = 4096, /* slots */
    WINDOWS_WORD = 64,
    /* What lies so far ahead is not in the wheel, so that no deadline is in the word of the slots
       before it. */
    WINDOWS_RANGE = WINDOWS_WHEEL - WINDOWS_WORD,
    WINDOWS_FEW = 6, /* fewer windows that begin with one slot are put one by one */
};
#define WINDOWS_MASK (WINDOWS_WHEEL - 1u)

/* In no set a window has no pointers, and is of size 1. */
struct window {
    uint64_t first, last; /* slots */
    struct window *next;  /* one with the same deadline, which stands behind this one */
    /* Of a heap; without a left one there is no right one. In a list the right one is the next, and
       the left one of the head is the heap of those that are too many for the list. */
    struct window *left, *right;
    /* Of the heap from here, without those behind `next`. Of the list about as much: 1 when it is
       one window, WINDOWS_FEW when something about it is unusual. */
    uint32_t size;
    uint32_t index; /* below the capacity */
};

struct windows {
    uint64_t slot;    /* the last one that was given */
    uint64_t alarm;   /* when what is far must come near */
    uint64_t summary; /* a bit for each word of `occupied` that is not 0 */
    struct window *heap;  /* of windows that have begun */
    uint64_t *far;        /* heap from 1 of those that begin beyond the wheel: slot, index */
    struct window **members; /* by index: those in `far` */
    uint32_t far_count, capacity;
    uint64_t occupied[WINDOWS_WHEEL / WINDOWS_WORD]; /* a bit for each list of `urgent` */
    struct window *urgent[WINDOWS_WHEEL];            /* lists by the last slot */
    struct window *waiting[WINDOWS_WHEEL];           /* lists by the first slot */
};

/* Take an empty set for windows with indices below `capacity`, at most SCHEDULE_THREADS_MAX. */
struct windows *windows_take_memory(struct schedule_memory *memory, uint32_t capacity);

/* Take all windows out, which are to be begun anew: each is forgotten, in any order, and then the
   set is cleared. The slot stays. */
static inline void windows_forget(struct windows *set, const struct window *window)
{
    set->waiting[window->first & WINDOWS_MASK] = NULL;
    set->urgent[window->last & WINDOWS_MASK] = NULL;
}
void windows_clear(struct windows *set);

/* Make a window that is in no set. */
static inline void window_begin(struct window *window, uint32_t index)
{
    *window = (struct window){.index = index, .size = 1};
}

/* Put a window that begins or ends far away, or begins with many others. Returns its index. */
uint32_t windows_put_unusual(struct windows *set, struct window *window);

/* Put a window, which is in no set, with its first and last slot. Returns its index: so that the
   unusual case is the end of the caller, which then needs no registers saved. */
static inline __attribute__((always_inline)) uint32_t windows_put(struct windows *set,
                                                                  struct window *window)
{
    uint64_t first = window->first, next = set->slot + 1;
    if ((int64_t)(first - next) < 0)
        window->first = first = next; /* it has begun */
    struct window **list = &set->waiting[first & WINDOWS_MASK], *head = *list;
    if (__builtin_expect(window->last - next >= WINDOWS_RANGE, 0))
        return windows_put_unusual(set, window);
    if (head) {
        if (head->last == window->last) {
            window->next = head->next;
            head->next = window;
            head->size += head->size == 1; /* it is not alone */
            return window->index;
        }
        if (__builtin_expect(head->size >= WINDOWS_FEW, 0))
            return windows_put_unusual(set, window);
        window->size = head->size + 1;
        head->size = 1;
        window->right = head;
    }
    *list = window;
    return window->index;
}

/* Where the list of the first deadline is; none is before `slot`. WINDOWS_WHEEL: the wheel is
   empty. */
static inline __attribute__((always_inline)) uint64_t windows_first(const struct windows *set,
                                                                    uint64_t slot)
{
    uint64_t word = slot / WINDOWS_WORD % WINDOWS_WORD, bits = set->occupied[word];
    if (bits == 0) {
        uint64_t words = set->summary;
        if (words == 0)
            return WINDOWS_WHEEL;
        words = words >> word | words << (WINDOWS_WORD - word) % WINDOWS_WORD;
        word = (word + (unsigned)__builtin_ctzll(words)) % WINDOWS_WORD;
        bits = set->occupied[word];
    }
    return word * WINDOWS_WORD + (unsigned)__builtin_ctzll(bits);
}

static inline __attribute__((always_inline)) void windows_put_urgent(struct windows *set,
                                                                     struct window *window)
{
    uint64_t at = window->last & WINDOWS_MASK;
    uint64_t bits = set->occupied[at / WINDOWS_WORD];
    window->right = set->urgent[at];
    set->urgent[at] = window;
    set->occupied[at / WINDOWS_WORD] = bits | UINT64_C(1) << at % WINDOWS_WORD;
    if (bits == 0)
        set->summary |= UINT64_C(1) << at / WINDOWS_WORD;
}

/* Take the first window out of a list by deadline. */
static inline __attribute__((always_inline)) struct window *windows_take_urgent(
    struct windows *set, uint64_t at)
{
    struct window *window = set->urgent[at], *same = window->next, *right = window->right;
    if (same) {
        window->next = same->next;
        same->next = NULL;
        return same;
    }
    set->urgent[at] = right;
    if (right) {
        window->right = NULL;
        return window;
    }
    uint64_t bits = set->occupied[at / WINDOWS_WORD] & ~(UINT64_C(1) << at % WINDOWS_WORD);
    set->occupied[at / WINDOWS_WORD] = bits;
    if (bits == 0)
        set->summary &= ~(UINT64_C(1) << at / WINDOWS_WORD);
    return window;
}

/* Give the next slot: take out the window that gets it, or null. */
struct window *windows_next(struct windows *set);

/* The same where not many windows begin with the slot, and the first one is in no heap; or null,
   and nothing is changed. */
static inline __attribute__((always_inline)) struct window *windows_next_usual(
    struct windows *set)
{
    uint64_t slot = set->slot + 1;
    struct window *begun = set->waiting[slot & WINDOWS_MASK], *heap = set->heap;
    uint64_t at = windows_first(set, slot);
    uint64_t last = at == WINDOWS_WHEEL ? UINT64_MAX : set->urgent[at]->last;
    if (begun && begun->size == 1 && begun->last <= last) {
        if (__builtin_expect(slot >= set->alarm || (heap && heap->last < begun->last), 0))
            return NULL;
        set->slot = slot;
        set->waiting[slot & WINDOWS_MASK] = NULL;
        return begun;
    }
    if (__builtin_expect(slot >= set->alarm || (heap && heap->last < last), 0))
        return NULL;
    if (begun) {
        uint32_t size = begun->size;
        if (__builtin_expect(size >= WINDOWS_FEW, 0))
            return NULL;
        set->waiting[slot & WINDOWS_MASK] = NULL;
        begun->size = 1;
        do {
            struct window *right = begun->right;
            windows_put_urgent(set, begun);
            begun = right;
        } while (begun);
        if (size > 1)
            at = windows_first(set, slot);
    } else if (__builtin_expect(at == WINDOWS_WHEEL, 0)) {
        return NULL;
    }
    set->slot = slot;
    return windows_take_urgent(set, at);
}

/* Let slots pass, or go back, so that the next one is behind `slot`: with nothing given that is put
   anew meanwhile. */
void windows_skip(struct windows *set, uint64_t slot);

/* Are lists, bits and heaps in order, and are there `count` windows? */
bool windows_check(const struct windows *set, uint32_t count);

#endif
