/* SPDX-License-Identifier: MIT */
/*
 * lock: mutual exclusion of the threads of one component.
 *
 * A thread that finds it taken sleeps on the component's own Event (the bit CHILD_LOCK_BIT), which
 * whoever gives the lock back signals if somebody may sleep. All locks share the bit, so a sleeper
 * also looks by itself after LOCK_LOOK_MICROSECONDS; a lock is for short sections. The states are
 * those of Drepper, "Futexes Are Tricky" (2011), section 5.
 */
#ifndef RUNTIME_LOCK_H
#define RUNTIME_LOCK_H

#include <stdint.h>

enum { LOCK_LOOK_MICROSECONDS = 1000 };

/* Zero is a free lock. */
struct lock {
    uint32_t state; /* 0 free, 1 taken, 2 taken and somebody may sleep */
};

/* Take the lock; sleeps until it is free. A thread must not take a lock that it has. */
void lock_take(struct lock *lock);

/* Give back a lock that this thread has taken. */
void lock_give(struct lock *lock);

#endif
