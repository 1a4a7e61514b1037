/* SPDX-License-Identifier: MIT */
/*
 * Wants the core every now and then: the kernel arms the deadline of a call only when its chain has
 * to let somebody else run.
 */
#include "kernel_stubs.h"
#include "startup.h"
#include "ticks.h"

enum { PAUSE_MICROSECONDS = 3000 };

int component_main(void)
{
    uint64_t bits;
    for (;;)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}
