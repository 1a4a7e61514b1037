/* SPDX-License-Identifier: MIT */
/*
 * sleeping: a lock whose waiters sleep, for the Threads of one component on any cores, and for
 * sections of any length. They stand in a queue like that of Mellor-Crummey and Scott (1991), and
 * each sleeps on an Event of its own: no Threads of two cores can wait for one. Whoever gives the
 * lock back hands it to the next one, so nobody is passed.
 *
 * The runtime's lock.h is for Threads of one core, and needs no Events.
 */
#ifndef SYNC_SLEEPING_H
#define SYNC_SLEEPING_H
#include <stdbool.h>
#include <stdint.h>

#define SLEEPING_LOOKS 100 /* at the own word, before a waiter sleeps */

/* A place in the queue, from take to give; on the Thread's stack. */
struct sleeping_place {
    struct sleeping_place *next;
    uint32_t state;
    uint32_t event;
};

/* Zero is a free lock. */
struct sleeping_lock {
    struct sleeping_place *last; /* who came last, null: nobody has it */
};

/* Take the lock; sleeps until it is this Thread's. `event` is the slot of an Event for which no
 * other Thread waits, with the rights to wait and to signal; others may signal it, too. */
void sleeping_take(struct sleeping_lock *lock, struct sleeping_place *place, uint32_t event);

/* Give the lock back, with the place that it was taken with. */
void sleeping_give(struct sleeping_lock *lock, struct sleeping_place *place);

/* May the lock be this place's: it is taken, and nobody stands behind the last one. For asserts. */
bool sleeping_check(const struct sleeping_lock *lock, const struct sleeping_place *place);
#endif
