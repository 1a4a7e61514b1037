/* SPDX-License-Identifier: MIT */
/* Sleeps some times, so its core does, too, and is woken by a timer of its own. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"

enum { NAPS = 5, NAP_MICROSECONDS = 2000 };

int component_main(void)
{
    for (int i = 0; i < NAPS; i++) {
        uint64_t bits, end = ticks_deadline(NAP_MICROSECONDS);
        EXPECT(exo_event_wait(CHILD_SLOT_LOCK, end, &bits), EXO_STATUS_DEADLINE);
        CHECK(ticks_now() >= end);
    }
    return 0;
}
