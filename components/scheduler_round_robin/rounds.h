/* SPDX-License-Identifier: MIT */
/*
 * rounds: the order in which a round-robin scheduler gives out the slots of a round.
 *
 * A thread with share s gets s slots in each round, spread out: at each slot every thread earns its
 * share, the richest is served and pays the sum of all shares (smooth weighted round robin, as in
 * nginx's balancer, E. Sysoev 2012). With equal shares this is plain round robin in table order.
 */
#ifndef SCHEDULER_ROUNDS_H
#define SCHEDULER_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

enum { ROUNDS_THREADS_MAX = 256, ROUNDS_SLOTS_MAX = 4096 };

struct rounds {
    uint32_t count;
    uint32_t total; /* sum of the shares: slots in a round */
    uint32_t index[ROUNDS_THREADS_MAX]; /* into the Cpu's table */
    uint32_t share[ROUNDS_THREADS_MAX];
    int64_t credit[ROUNDS_THREADS_MAX]; /* sums to 0 between slots */
};

/* Start without threads. */
void rounds_start(struct rounds *rounds);

/*
 * Add a thread by its index in the Cpu's table, with `share` slots a round (at least 1). Returns
 * false when it is there already, or when a round would be longer than ROUNDS_SLOTS_MAX.
 */
bool rounds_add(struct rounds *rounds, uint32_t index, uint32_t share);

/*
 * Give a thread `share` slots a round from now on: it is added, changed, or with 0 taken out.
 * Returns false, and changes nothing, when a round would be longer than ROUNDS_SLOTS_MAX, when
 * there is no room for it, or when the last thread or none of this index is to be taken out.
 * Credits start anew for all.
 */
bool rounds_set(struct rounds *rounds, uint32_t index, uint32_t share);

/* Take a thread out. Returns false when it is not there. Credits start anew for all. */
bool rounds_remove(struct rounds *rounds, uint32_t index);

/* The index that gets the next slot. There must be a thread. */
uint32_t rounds_next(struct rounds *rounds);

#endif
