/* SPDX-License-Identifier: MIT */
/*
 * tijdeman: slots for threads of fixed weights, as evenly as is possible at all.
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
 * All is exact. The deadline (x + 1 - D) / r is kept in slots with a binary fraction, less a little
 * for rounding, and its remainder beside it; both grow by 1/r when the thread is served, and
 * nothing drifts. What is rounded never exchanges deadlines of different slots, which is all that
 * the theorem asks for, nor any two deadlines of weights that are small against the fraction.
 *
 * A deadline stands in a wheel of buckets under two levels of bitmaps; those of one bucket are a
 * leftist heap (C. Crane 1972; biased by weight: S. Cho, S. Sahni 1998), and those beyond the wheel
 * are in the binary heap `far` until the wheel has come near. That the first one is eligible is
 * nearly always true, since D is small. So eligibility is looked at last: who comes first without
 * being eligible is passed over, or, when they are many, waits in the heap `waiting` until he is.
 * Each wait is paid for by the slot that the thread has had: O(log n) for a slot, amortized.
 *
 * Threads of the same weight are a class: they have the same deadlines and take turns.
 */
#ifndef SCHEDULE_TIJDEMAN_H
#define SCHEDULE_TIJDEMAN_H

#include <stdbool.h>

#include "schedule.h"

enum { TIJDEMAN_WHEEL_WORDS = 64, TIJDEMAN_WHEEL_BUCKETS = 64 * TIJDEMAN_WHEEL_WORDS };

/* Where the first slots of two threads lie. */
enum tijdeman_phase {
    TIJDEMAN_CENTRED, /* all begin with lag 0; |lag| <= 1 - 1/(2n - 2) */
    /*
     * Two threads only: the k-th slot of each is floor(k / r), counted from 1: Beatty's sequences
     * (S. Beatty, American Mathematical Monthly 33 (1926) 159). It is the same word, begun with
     * r - 1/2 of a slot in advance. Weights 1 and the golden ratio give the Fibonacci word.
     */
    TIJDEMAN_BEATTY,
};

/* The threads of one weight. Moments are in the unit that tijdeman_seal() chooses. */
struct tijdeman_class {
    uint64_t release; /* the moment when the next turn's threads become eligible: see moment() */
    uint64_t gap;     /* from there to the deadline */
    uint64_t step;    /* 1/r: what both grow by */
    uint64_t rest, step_rest, divisor; /* the remainders of deadline and step, and what by */
    uint64_t turns;                    /* that all members have had, modulo 2^64 */
    const uint32_t *next, *first, *end; /* the members; `next` is served next, not `end` */
    struct tijdeman_class *left, *right; /* in a tree; without a left one there is no right one */
    uint32_t size;                       /* of this tree, in classes */
};

struct tijdeman {
    uint64_t now;      /* the moment at which the last slot that was given ends */
    uint64_t slot_one; /* a slot's length: a power of two */
    uint64_t alarm;    /* a slot that ends behind this has more to be done first */
    uint64_t summary;  /* words of `occupied` that are not 0 */
    uint64_t fraction_one;          /* the smallest fraction, above the bits of the class */
    struct tijdeman_class *classes; /* a moment's lowest bits are the number of its class */
    uint32_t *members;              /* by place: the thread's number */
    uint64_t *far;                  /* heap from 1 of deadlines beyond the wheel */
    uint64_t *waiting;              /* heap from 1 of moments of eligibility */
    uint32_t far_count, waiting_count;
    uint32_t capacity, count, class_count;
    uint64_t *weights;   /* by place; these and the sum are divided by their greatest common */
    uint64_t weight_sum; /* divisor when the set is sealed */
    uint64_t slots_back; /* by how many the count of slots went back, modulo 2^64 */
    enum tijdeman_phase phase;
    uint64_t occupied[TIJDEMAN_WHEEL_WORDS];              /* a bit for each bucket of the wheel */
    struct tijdeman_class *wheel[TIJDEMAN_WHEEL_BUCKETS]; /* trees of deadlines in one bucket */
};

/* The bytes that a set of `capacity` threads needs, at most SCHEDULE_THREADS_MAX. */
size_t tijdeman_bytes(uint32_t capacity);

/* Make an empty set in `memory`, which has tijdeman_bytes(capacity) and is aligned to 16. */
struct tijdeman *tijdeman_start(void *memory, uint32_t capacity);

/* Take all threads out. */
void tijdeman_clear(struct tijdeman *set);

/*
 * Add a thread with its number, which next() answers, and its weight. Needs a set that was not
 * sealed since it was cleared. Refuses with FULL, WEIGHT_ZERO, WEIGHT_NEGATIVE, WEIGHT_OVERFLOW.
 */
enum schedule_status tijdeman_add(struct tijdeman *set, uint32_t index, int64_t weight);

/*
 * Fix the set, with at least one thread, before its first slot: all have lag 0. TIJDEMAN_BEATTY is
 * for two threads. Refuses with SHARE_SMALL, and with WEIGHT_OVERFLOW when the weights, divided by
 * their greatest common divisor, are too large to be exact: (2n - 2) W must be below 2^48, and for
 * three and more threads of c different weights each (2n - 2) w below 2^34 / c. The set is to be
 * cleared then.
 */
enum schedule_status tijdeman_seal(struct tijdeman *set, enum tijdeman_phase phase);

/* The number of the thread that gets the next slot. */
uint32_t tijdeman_next(struct tijdeman *set);

/* The number of the thread in a place, from 0 to `count` - 1. */
static inline uint32_t tijdeman_index(const struct tijdeman *set, uint32_t place)
{
    return set->members[place];
}

/* The weight of the thread in a place, divided by the greatest common divisor of all. */
static inline uint64_t tijdeman_weight(const struct tijdeman *set, uint32_t place)
{
    return set->weights[place];
}

/*
 * The lag of a class's member, by its place, times the sum of the weights (divided by their common
 * divisor): an exact integer.
 */
int64_t tijdeman_lag(const struct tijdeman *set, const struct tijdeman_class *class,
                     uint32_t place);

/* Is the lag of each thread within the bound? For TIJDEMAN_BEATTY, that from its phase. */
bool tijdeman_bound_holds(const struct tijdeman *set);

/* Does the bound hold, are heaps, trees and bitmaps in order, is each class in one of them? */
bool tijdeman_check(const struct tijdeman *set);

#endif
