/* SPDX-License-Identifier: MIT */
#include "sleeping.h"

#include <assert.h>
#include <stddef.h>

#include "kernel_stubs.h"
#include "processor.h"

/* Of a place: its Thread looks, sleeps, or has the lock. */
enum { LOOKING, ASLEEP, GRANTED };

void sleeping_take(struct sleeping_lock *lock, struct sleeping_place *place, uint32_t event)
{
    *place = (struct sleeping_place){.state = LOOKING, .event = event};
    struct sleeping_place *before = __atomic_exchange_n(&lock->last, place, __ATOMIC_ACQ_REL);
    if (!before)
        return;
    __atomic_store_n(&before->next, place, __ATOMIC_RELEASE);
    for (uint32_t look = 0; look < SLEEPING_LOOKS; look++) {
        if (__atomic_load_n(&place->state, __ATOMIC_ACQUIRE) == GRANTED)
            return;
        processor_pause();
    }
    uint32_t looking = LOOKING;
    uint64_t bits;
    if (!__atomic_compare_exchange_n(&place->state, &looking, ASLEEP, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_ACQUIRE))
        return;
    /* A signal that comes before the wait is pending then. */
    do
        exo_event_wait(event, UINT64_MAX, &bits);
    while (__atomic_load_n(&place->state, __ATOMIC_ACQUIRE) != GRANTED);
}

void sleeping_give(struct sleeping_lock *lock, struct sleeping_place *place)
{
    struct sleeping_place *next = __atomic_load_n(&place->next, __ATOMIC_ACQUIRE);
    struct sleeping_place *last = place;
    assert(sleeping_check(lock, place));
    if (!next && __atomic_compare_exchange_n(&lock->last, &last, NULL, false, __ATOMIC_RELEASE,
                                             __ATOMIC_RELAXED))
        return;
    while (!next) { /* it has come, and is about to say where */
        processor_pause();
        next = __atomic_load_n(&place->next, __ATOMIC_ACQUIRE);
    }
    uint32_t event = next->event; /* its place may be gone after the exchange */
    if (__atomic_exchange_n(&next->state, GRANTED, __ATOMIC_ACQ_REL) == ASLEEP)
        exo_event_signal(event);
}

bool sleeping_check(const struct sleeping_lock *lock, const struct sleeping_place *place)
{
    /* In this order: others come meanwhile. */
    const struct sleeping_place *next = __atomic_load_n(&place->next, __ATOMIC_ACQUIRE);
    const struct sleeping_place *last = __atomic_load_n(&lock->last, __ATOMIC_ACQUIRE);
    return last && !(next && last == place);
}
