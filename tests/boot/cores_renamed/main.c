/* SPDX-License-Identifier: MIT */
/*
 * Asks for a core by one number after the other, at first without waiting for any: several
 * processors may start, and one of them takes the core. A child signals back from it, many times:
 * two processors on one core would soon do something else.
 */
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"
#include "print.h"
#include "processors.h"
#include "ticks.h"

FIRST_PROGRAM

enum { ROUNDS = 20, WAKES = 20000, PLACE = 0, RESET_MICROSECONDS = 11000 };

#define FOR_EVER UINT64_MAX

static uint64_t numbers[PROCESSORS_MAX];
static uint32_t count;

static void answer(uint64_t unused)
{
    uint64_t bits;
    (void)unused;
    for (;;) {
        exo_event_wait(CHILD_SLOT_WAKE, FOR_EVER, &bits);
        exo_event_signal(CHILD_SLOT_FREE + 1);
    }
}

static enum exo_status ask(uint32_t i, uint64_t frame, uint32_t slot)
{
    return exo_cpu_start(FIRST_SLOT_CPU, numbers[i], FIRST_SLOT_RAM, frame, slot);
}

/* In later rounds each number has the time that a processor may take for its reset. */
static uint32_t start_core(uint64_t frame, uint32_t slot)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < count; i++) {
            uint64_t end = ticks_deadline(RESET_MICROSECONDS);
            if (ask(i, frame, slot) == EXO_STATUS_OK)
                return i;
            while (round > 0 && ticks_now() < end)
                ;
            if (round > 0 && ask(i, frame, slot) == EXO_STATUS_OK)
                return i;
        }
    }
    measure_check(EXO_STATUS_BUSY, "a core that comes");
    return 0;
}

uint32_t first_main(void)
{
    struct child child;
    uint64_t frame, bits;
    uint32_t slot = slots_take(first_slots(), 1), event = slots_take(first_slots(), 1);
    count = processors_find(numbers, PROCESSORS_MAX);
    space_take(first_frames(), EXO_CORE_FRAMES, 1, &frame);
    uint32_t taken = start_core(frame, slot);
    for (uint32_t i = 0; i < count; i++) {
        if (i != taken && ask(i, frame, slot) != EXO_STATUS_CONFLICT)
            measure_check(EXO_STATUS_OK + 1, "another number for a core that runs");
    }
    measure_child_on(slot, &child, answer, 0, PLACE, 0);
    space_take(first_frames(), 1, 1, &frame);
    measure_check(exo_memory_retype(FIRST_SLOT_RAM, frame, 1, EXO_OBJECT_KIND_EVENT, event, 1, 0),
                  "retype an event");
    measure_check(exo_capability_derive(event, child.domain, CHILD_SLOT_FREE + 1, 0, 0,
                                        EXO_RIGHT_SIGNAL, 1), "derive the event");
    measure_check(exo_thread_start(child.thread), "thread_start");
    for (int i = 0; i < WAKES; i++) {
        exo_event_signal(child.event);
        measure_check(exo_event_wait(event, ticks_deadline(5000000), &bits), "an answer");
    }
    print("cores_renamed: who asks for a core by three numbers gets one processor\n");
    return 0;
}
