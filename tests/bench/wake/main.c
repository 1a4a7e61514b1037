/* SPDX-License-Identifier: MIT */
/*
 * wake_latency_cores: from a signal on one core until the thread that waits for it on another core
 * has signalled back, halved: both sides' instructions together, for a wake. Each core sleeps until
 * the other wakes it by an interrupt. The machine's clock counts the instructions of both cores.
 */
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"
#include "processors.h"

FIRST_PROGRAM

enum { WAKES = 1000, PLACE = 0, TRIES_MAX = 1000000 };

#define FOR_EVER UINT64_MAX

static void answer(uint64_t unused)
{
    uint64_t bits;
    (void)unused;
    for (;;) {
        exo_event_wait(CHILD_SLOT_WAKE, FOR_EVER, &bits);
        exo_event_signal(CHILD_SLOT_FREE + 1);
    }
}

/* The slot of another core's Cpu, which runs. */
static uint32_t start_core(void)
{
    uint64_t numbers[PROCESSORS_MAX], frame;
    uint32_t count = processors_find(numbers, PROCESSORS_MAX);
    uint32_t slot = slots_take(first_slots(), 1);
    space_take(first_frames(), EXO_CORE_FRAMES, 1, &frame);
    for (uint32_t i = 0; i < count; i++) {
        enum exo_status status = EXO_STATUS_BUSY;
        for (uint32_t tries = 0; status == EXO_STATUS_BUSY && tries < TRIES_MAX; tries++)
            status = exo_cpu_start(FIRST_SLOT_CPU, numbers[i], FIRST_SLOT_RAM, frame, slot);
        if (status == EXO_STATUS_OK)
            return slot;
    }
    measure_check(EXO_STATUS_DISCONNECTED, "another core");
    return 0;
}

uint32_t first_main(void)
{
    struct child child;
    struct measure measure;
    uint64_t frame, bits;
    uint32_t event = slots_take(first_slots(), 1);
    measure_child_on(start_core(), &child, answer, 0, PLACE, 0);
    space_take(first_frames(), 1, 1, &frame);
    measure_check(exo_memory_retype(FIRST_SLOT_RAM, frame, 1, EXO_OBJECT_KIND_EVENT, event, 1, 0),
                  "retype an event");
    measure_check(exo_capability_derive(event, child.domain, CHILD_SLOT_FREE + 1, 0, 0,
                                        EXO_RIGHT_SIGNAL, 1), "derive the event");
    measure_check(exo_thread_start(child.thread), "thread_start");
    for (int turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (int i = 0; i < WAKES; i++) {
            exo_event_signal(child.event);
            exo_event_wait(event, FOR_EVER, &bits);
        }
        measure_end(&measure);
    }
    measure_print("wake_latency_cores", &measure, 0, 2 * WAKES);
    return 0;
}
