/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include <assert.h>

#include "child.h"
#include "kernel_stubs.h"
#include "ticks.h"

enum { FREE, TAKEN, CONTENDED };

void lock_take(struct lock *lock)
{
    uint32_t expected = FREE;
    if (__atomic_compare_exchange_n(&lock->state, &expected, TAKEN, 0, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED))
        return;
    while (__atomic_exchange_n(&lock->state, CONTENDED, __ATOMIC_ACQUIRE) != FREE) {
        uint64_t bits;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(LOCK_LOOK_MICROSECONDS), &bits);
    }
}

void lock_give(struct lock *lock)
{
    uint32_t state = __atomic_exchange_n(&lock->state, FREE, __ATOMIC_RELEASE);
    assert(state != FREE);
    if (state == CONTENDED)
        exo_event_signal(CHILD_SLOT_LOCK);
}
