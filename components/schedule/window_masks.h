/* SPDX-License-Identifier: MIT */
/*
 * window_masks: windows.h for at most 64 jobs, each of which is a bit.
 *
 * A window that has not begun is a bit in a wheel by its first slot, one that has begun in another
 * one by its last, under two levels of bitmaps. One slot may begin many windows, which must not all
 * be moved then. So jobs are numbered by the lengths of their windows, shortest first: of those
 * that begin with one slot the next number's deadline has a lower bound, and moving may stop when
 * something earlier was found. What ends beyond the wheel is in binary heaps until it is near.
 */
#ifndef SCHEDULE_WINDOW_MASKS_H
#define SCHEDULE_WINDOW_MASKS_H

#include <stdbool.h>

#include "key_heap.h"
#include "schedule.h"

enum {
    MASKS_JOBS = 64,
    MASKS_WORD = 64,
    MASKS_WHEEL = 4096, /* slots */
    /* No deadline in the wheel is in the word of the slots before this one. */
    MASKS_RANGE = MASKS_WHEEL - MASKS_WORD,
    MASKS_FEW = 4, /* so many windows that begin with a slot are moved with it in any case */
    MASKS_NONE = MASKS_JOBS,
};

struct window_masks {
    uint64_t slot;         /* the last one that was given */
    uint64_t alarm;        /* from this slot on the next one needs more than masks_next() */
    uint64_t far_alarm;    /* the same of the heaps alone */
    uint64_t summary;      /* a bit for each word of `occupied` that is not 0 */
    uint64_t pending;      /* jobs that have begun and are not moved yet */
    uint64_t pending_from; /* the first slot of the first of them */
    bool pending_mixed;    /* it is not that of all of them */
    uint32_t far_from;     /* windows of this job and those behind it may end beyond the wheel */
    uint32_t far_waiting_count, far_urgent_count;
    uint64_t last[MASKS_JOBS];   /* slot, of each job's window */
    uint64_t length[MASKS_JOBS]; /* from the window's first slot to its last, or one less */
    uint64_t alike[MASKS_JOBS];  /* jobs whose windows end with this one's if they begin with it */
    uint64_t occupied[MASKS_WHEEL / MASKS_WORD]; /* a bit for each mask of `urgent` */
    uint64_t far_waiting[2 * MASKS_JOBS + 2];    /* key_heap: first slot, job */
    uint64_t far_urgent[2 * MASKS_JOBS + 2];     /* key_heap: last slot, job */
    uint64_t urgent[MASKS_WHEEL];                /* jobs by the last slot */
    uint64_t waiting[MASKS_WHEEL];               /* jobs by the first slot */
};

/* Begin without windows, where nothing is in the wheels. The next slot is unusual until the alarm
   is set by masks_put(). */
void masks_clear(struct window_masks *masks, uint64_t slot);

/* Take a window out of the wheels, before the set is cleared. */
static inline void masks_forget(struct window_masks *masks, uint64_t first, uint64_t last)
{
    masks->urgent[last % MASKS_WHEEL] = masks->waiting[first % MASKS_WHEEL] = 0;
}

/* Put any window of a job that has none, and whose `length` and `alike` have been set. */
void masks_put(struct window_masks *masks, uint32_t job, uint64_t first, uint64_t last);

/* Put the window of the job that got the last slot, when it is not from `far_from` on. */
static inline __attribute__((always_inline)) void masks_put_near(struct window_masks *masks,
                                                                 uint32_t job, uint64_t first,
                                                                 uint64_t last)
{
    masks->last[job] = last;
    masks->waiting[first % MASKS_WHEEL] |= UINT64_C(1) << job;
}

/* Move a job whose window has begun, and those alike with it, to others with the same deadline. */
static inline __attribute__((always_inline)) void masks_move(struct window_masks *masks,
                                                             uint32_t job, uint64_t jobs)
{
    uint64_t at = masks->last[job] % MASKS_WHEEL, word = at / MASKS_WORD;
    masks->urgent[at] |= jobs;
    masks->occupied[word] |= UINT64_C(1) << at % MASKS_WORD;
    masks->summary |= UINT64_C(1) << word;
}

/* Give the next slot, whatever there is to be done before: the job that gets it, or MASKS_NONE. */
uint32_t masks_next_unusual(struct window_masks *masks);

/* Give the next slot: the job that gets it. Or MASKS_NONE, and masks_next_unusual() must be asked:
   many windows begin with it, or are pending, something far is near, or nothing is near. */
static inline __attribute__((always_inline)) uint32_t masks_next(struct window_masks *masks)
{
    uint64_t slot = masks->slot + 1, begun = masks->waiting[slot % MASKS_WHEEL];
    if (__builtin_expect(slot >= masks->alarm, 0))
        return MASKS_NONE;
    if (begun != 0) {
        uint64_t other = begun & (begun - 1);
        if (other != 0) {
            uint64_t third = other & (other - 1);
            if (third != 0) {
                if ((third & (third - 1)) != 0)
                    return MASKS_NONE;
                masks_move(masks, (uint32_t)__builtin_ctzll(third), third);
            }
            masks_move(masks, (uint32_t)__builtin_ctzll(other), other ^ third);
        }
        masks_move(masks, (uint32_t)__builtin_ctzll(begun), begun ^ other);
        masks->waiting[slot % MASKS_WHEEL] = 0;
    }
    uint64_t word = slot / MASKS_WORD % MASKS_WORD, bits = masks->occupied[word];
    if (bits == 0) {
        uint64_t words = masks->summary;
        if (__builtin_expect(words == 0, 0))
            return MASKS_NONE;
        words = words >> word | words << (MASKS_WORD - word) % MASKS_WORD;
        word = (word + (unsigned)__builtin_ctzll(words)) % MASKS_WORD;
        bits = masks->occupied[word];
    }
    masks->slot = slot;
    uint64_t *urgent = &masks->urgent[word * MASKS_WORD + (unsigned)__builtin_ctzll(bits)];
    uint64_t jobs = *urgent;
    *urgent = jobs & (jobs - 1);
    if (*urgent == 0) {
        bits &= bits - 1;
        masks->occupied[word] = bits;
        if (bits == 0)
            masks->summary &= ~(UINT64_C(1) << word);
    }
    return (uint32_t)__builtin_ctzll(jobs);
}

/* Are `count` windows there, each once, where it belongs? */
bool masks_check(const struct window_masks *masks, uint32_t count);

#endif
