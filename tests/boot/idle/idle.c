/* SPDX-License-Identifier: MIT */
/*
 * Nobody has anything to do for ten seconds but to wait: what wakes the core then are the looks of
 * the scheduler and what components do now and then, and no tick. Under -icount the seconds pass at
 * once.
 */
#include "scenario.h"
#include "ticks.h"

enum { SECONDS = 10, SECOND_MICROSECONDS = 1000000, WAKE_UPS_MAX = 9 };

/* Slots that began: each wake-up for somebody begins one. */
static uint64_t slots(void)
{
    uint64_t count = 0, unused;
    EXPECT(exo_kernel_counters(EXO_COUNTER_CONTEXT_SWITCHES, &count, &unused, &unused, &unused,
                               &unused, &unused),
           EXO_STATUS_OK);
    return count;
}

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    EXPECT(exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits),
           EXO_STATUS_DEADLINE);
}

int component_main(void)
{
    pause(SECOND_MICROSECONDS);
    uint64_t before = slots();
    pause(SECONDS * SECOND_MICROSECONDS);
    uint64_t count = slots() - before;
    print("idle: %lu slots began in %u seconds\n", count, SECONDS);
    CHECK(count > 0 && count <= SECONDS * WAKE_UPS_MAX);
    print("idle: fewer than ten wake-ups a second\n");
    return 0;
}
