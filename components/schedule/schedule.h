/* SPDX-License-Identifier: MIT */
/*
 * schedule: what all rules have in common: their answers, and the memory that the caller gives.
 *
 * A rule says who gets the next slot of a core. It takes no memory but what it is given, keeps no
 * global state, calls nobody, and computes with integers alone. Threads are named by numbers below
 * the capacity that the rule was started with: a component takes the indices of the core's table.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

enum {
    SCHEDULE_THREADS_MAX = 16384, /* as many as a core's table has places */
    SCHEDULE_SHARE_BITS = 22,     /* a thread has at least 1 slot of 2^22 */
    SCHEDULE_WEIGHT_BITS = 48,    /* the sum of the weights, times 2n - 2, is below 2^48 */
};

/* Why something was refused; what is refused changes nothing. */
enum schedule_status {
    SCHEDULE_OK,
    SCHEDULE_FULL,            /* no room: the capacity, or the memory given, is used up */
    SCHEDULE_UNKNOWN,         /* no thread, task or family has this number */
    SCHEDULE_PRESENT,         /* there is one of this number already */
    SCHEDULE_WEIGHT_ZERO,     /* a weight is at least 1 */
    SCHEDULE_WEIGHT_NEGATIVE,
    SCHEDULE_WEIGHT_OVERFLOW, /* the sum of the weights would be too large */
    SCHEDULE_SHARE_SMALL,     /* a thread would have less than 1 slot of 2^22 */
    SCHEDULE_STATUS_COUNT,
};

/* One sentence on a status, for people. */
const char *schedule_status_text(enum schedule_status status);

/* A run of memory from which a rule takes its arrays when it starts. */
struct schedule_memory {
    unsigned char *next; /* null: only count */
    size_t bytes;        /* taken so far */
};

/*
 * Take `count` elements of `bytes` bytes each, aligned for any of them and filled with zeros.
 * Returns null when the memory only counts.
 */
void *schedule_take(struct schedule_memory *memory, size_t count, size_t bytes);

/*
 * Divide `dividend` times 2^bits by `divisor`, both below 2^48, the divisor above 0. The quotient
 * must fit in 64 bits. Stores the remainder and returns the quotient.
 */
uint64_t schedule_divide(uint64_t dividend, unsigned bits, uint64_t divisor, uint64_t *remainder);

#endif
