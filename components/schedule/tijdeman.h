/* SPDX-License-Identifier: MIT */
/*
 * tijdeman: slots for threads of given weights, as evenly as is possible at all.
 *
 * n threads have the shares r_i = w_i / W. After t slots thread i has had x_i of them; its lag is
 * r_i t - x_i. With D = 1/(2n - 2), slot t goes, among the threads with r_i t - x_i >= D, to the
 * one with the smallest (x_i + 1 - D) / r_i. Then |lag| <= 1 - 1/(2n - 2) for all threads after
 * each slot, and no rule has a smaller bound for all weights: R. Tijdeman, "The chairman assignment
 * problem", Discrete Mathematics 32 (1980) 323-330. For two threads the bound is 1/2 and the word
 * is Sturmian (M. Morse, G. Hedlund, "Symbolic dynamics II", 1940). Three or more threads cannot
 * each follow a Beatty sequence of its own: J. Uspensky, "On a problem arising out of the theory
 * of a certain game", American Mathematical Monthly 34 (1927) 516-521.
 *
 * So the k-th slot of a thread lies in a window: from the slot where it is eligible to its
 * deadline, the last one that keeps the bound. Windows begin and end with slots, and among unit
 * jobs with such windows the earliest deadline first never fails where anything succeeds: so who
 * comes first of one deadline does not matter. See windows.h.
 *
 * Sets may change. Then the windows are those of I. Stoica, H. Abdel-Wahab, "Earliest eligible
 * virtual deadline first", Old Dominion University TR 95-22 (1995): eligible with a lag of 0 or
 * more, and |lag| < 1. Who comes has lag 0; who leaves, or takes another weight, does so when its
 * lag is 0, and is never named between then and now unless it is still owed a slot. What a thread
 * would have had of the slot in which its lag is 0 goes to the others by their weights. When no lag
 * is left, it is Tijdeman's rule again. Lags are exact between changes, and rounded to 2^-46 of a
 * slot by a change.
 *
 * A decision takes time in proportion to the logarithm of n. A change takes it in proportion to n,
 * at the decision after it; so several changes at once cost no more than one.
 */
#ifndef SCHEDULE_TIJDEMAN_H
#define SCHEDULE_TIJDEMAN_H

#include <stdbool.h>

#include "schedule.h"
#include "window_masks.h"
#include "windows.h"

/* Where the slots of two threads lie. */
enum tijdeman_phase {
    TIJDEMAN_CENTRED, /* all begin with lag 0 */
    /*
     * Two threads only: the k-th slot of each is floor(k / r), counted from 1: Beatty's sequences
     * (S. Beatty, American Mathematical Monthly 33 (1926) 159). It is the same word, begun with
     * r - 1/2 of a slot in advance; the lag counts that. Weights 1 and the golden ratio give the
     * Fibonacci word.
     */
    TIJDEMAN_BEATTY,
};

/* Times are numbers of slots, exact: a rest is in parts of 1/divisor. */
struct tijdeman_thread {
    struct window window;       /* of the next slot; first of all, so that it is the thread */
    uint64_t begin;             /* of the window, less 1/divisor */
    uint64_t step, length;      /* 1/r, to the next window; from `begin` to the deadline, or more */
    int64_t divisor;            /* parts * weight */
    int64_t begin_rest;         /* less the divisor: at least that below 0 */
    int64_t step_rest, length_rest;
    bool present, going;          /* going: takes `wanted` (0: leaves) with lag 0 */
    bool due;                     /* its lag is 0: now */
    uint32_t place;               /* in `members` */
    int64_t share, wanted; /* the weight as it was given; that which it gets with lag 0 */
    uint64_t weight;       /* the share, scaled */
    int64_t lag;           /* only during a change */
};

struct tijdeman {
    struct window_masks masks; /* of at most MASKS_JOBS threads: jobs are places in `members` */
    struct tijdeman_thread *jobs[MASKS_JOBS];
    struct windows *windows; /* of more, and while somebody is going */
    bool masked;  /* the windows are those of `masks`; without its alarm, something changed */
    bool changed; /* begin anew before the next slot */
    bool eevdf;   /* the windows are those of a set that changed */
    uint8_t phase;
    uint32_t capacity, count;
    uint32_t *members; /* at most MASKS_JOBS are in order, the largest share first */
    struct tijdeman_thread *threads;
    uint64_t *leaving; /* heap from 1: slots by which the lag of one that is going is 0; indices */
    uint32_t leaving_count;
    uint64_t parts; /* 2n - 2; for one thread 2 */
    uint64_t sum;   /* of the scaled weights */
    int64_t shares; /* of each thread the larger of what it has and wants */
};

/* Take an empty set with numbers below `capacity`, at most SCHEDULE_THREADS_MAX. */
struct tijdeman *tijdeman_take(struct schedule_memory *memory, uint32_t capacity);

/* Where two threads begin, from the next time on that both have lag 0. */
void tijdeman_set_phase(struct tijdeman *set, enum tijdeman_phase phase);

/*
 * A thread comes, with lag 0; one that is leaving stays, as it is. Refuses with PRESENT,
 * WEIGHT_ZERO, WEIGHT_NEGATIVE, and with WEIGHT_OVERFLOW unless the sum of all weights, times
 * 2n - 2, is below 2^48.
 */
enum schedule_status tijdeman_join(struct tijdeman *set, uint32_t index, int64_t weight);

/* A thread leaves, when its lag is 0. UNKNOWN: it is not there, or leaves already. */
enum schedule_status tijdeman_leave(struct tijdeman *set, uint32_t index);

/* A thread takes another weight, when its lag is 0. Refuses as join does, and with UNKNOWN. */
enum schedule_status tijdeman_weigh(struct tijdeman *set, uint32_t index, int64_t weight);

/* Who gets the next slot; SCHEDULE_NOBODY when nobody is there. */
uint32_t tijdeman_next(struct tijdeman *set);

/* The lag of a thread, in 1/(parts * sum) of a slot. */
int64_t tijdeman_lag(const struct tijdeman *set, uint32_t index);

/* Is the lag of each thread within the bound? */
bool tijdeman_bound_holds(const struct tijdeman *set);

/* Does the bound hold, is each thread there once, and are all windows in order? */
bool tijdeman_check(const struct tijdeman *set);

#endif
