/* SPDX-License-Identifier: MIT */
/*
 * Changes between domains that nobody calls for: the end of a slice, and a signal to a waiting
 * thread.
 *
 * context_switch: two domains write the time into a shared word again and again, each in slices of
 * the shortest length. Who finds the word written by the other has just been switched to; the gap
 * is the switch and, on average, one turn of the loop, which is taken off.
 *
 * wake_latency: from just before the signal to the first instruction of the waiting thread, with
 * the signaller then waiting itself, so that its slice passes on.
 */
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"
#include "ticks.h"

FIRST_PROGRAM

enum { PEER_INDEX = 1, SWITCHES = 2000, WAKES = 1000, SLOTS = 64,
       SLICE_MICROSECONDS = 2, FAR_TICKS = 100000000 };

#define FOR_EVER UINT64_MAX
#define WORD(index, ticks) ((uint64_t)(index) | (uint64_t)(ticks) << 16)

/* One word that both write: the time, and in the lowest bit who wrote it. */
struct shared {
    volatile uint64_t stamp;
    uint64_t gap_sum, gap_count; /* the peer's, of gaps that ended in it */
    volatile uint64_t signalled; /* the time before the signal */
    uint64_t wake_sum;
    uint64_t here_event, peer_event; /* slots */
};

static struct shared *shared;

/* Stamp until `gaps` switches to this side were seen (the peer: for ever). */
static void stamp(uint64_t side, uint64_t gaps, uint64_t *sum)
{
    uint64_t count = 0;
    while (count < gaps) {
        uint64_t last = shared->stamp;
        uint64_t now = processor_instructions() & ~UINT64_C(1);
        shared->stamp = now | side;
        if ((last & 1) != side && last != 0) {
            *sum += now - (last & ~UINT64_C(1));
            count++;
        }
    }
}

static void stamp_peer(uint64_t address)
{
    uint64_t unused = 0;
    shared = (struct shared *)address;
    stamp(1, UINT64_MAX, &unused);
}

/* Wait, note the latency, wake the other side. */
static void wake_peer(uint64_t address)
{
    uint64_t bits;
    shared = (struct shared *)address;
    for (;;) {
        exo_event_wait((uint32_t)shared->peer_event, FOR_EVER, &bits);
        shared->wake_sum += processor_instructions() - shared->signalled;
        exo_event_signal((uint32_t)shared->here_event);
    }
}

/* Instructions of one turn of the loop in stamp() when nobody interferes. */
static uint64_t turn_instructions(void)
{
    uint64_t first = 0, unused = 0;
    for (int i = 0; i < 2; i++) {
        uint64_t before = processor_instructions();
        shared->stamp = 0;
        for (int turn = 0; turn < 100; turn++) {
            uint64_t last = shared->stamp;
            uint64_t now = processor_instructions() & ~UINT64_C(1);
            shared->stamp = now;
            if ((last & 1) != 0 && last != 0)
                unused += now;
        }
        first = (processor_instructions() - before) / 100;
    }
    return first + unused;
}

/* The kernel's own count of slots that it began to play. */
static uint64_t slots_played(void)
{
    uint64_t count, unused;
    measure_check(exo_kernel_counters(EXO_COUNTER_CONTEXT_SWITCHES, &count, &unused, &unused,
                                      &unused, &unused, &unused), "kernel_counters");
    return count;
}

static void measure_switch(void)
{
    struct child child;
    struct measure measure;
    uint64_t sum = 0;
    /* Lengths from the shortest on, so that slices end at each place of the loop alike. */
    static uint64_t words[SLOTS];
    for (uint64_t i = 0; i < SLOTS; i++)
        words[i] = WORD(i % 2 ? PEER_INDEX : 0,
                        ticks_from_microseconds(SLICE_MICROSECONDS) + i * 37 % 64);
    measure_child(&child, stamp_peer, 0, PEER_INDEX, 0);
    shared = measure_share(&child, 1);
    uint64_t arguments[2] = {(uintptr_t)stamp_peer, (uintptr_t)shared};
    measure_check(exo_thread_write(child.thread, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
                  "thread_write");
    uint64_t turn = turn_instructions();
    shared->stamp = 0;
    measure_check(exo_thread_start(child.thread), "thread_start");
    measure_play(words, SLOTS);
    uint64_t switched = slots_played();
    measure_begin(&measure);
    stamp(0, SWITCHES, &sum);
    measure_end(&measure);
    measure_check(exo_thread_stop(child.thread), "thread_stop");
    measure.instructions = sum;
    /* Not every switch shows as a gap: the slice may end between looking and stamping. */
    switched = slots_played() - switched;
    measure.entries = measure.entries * SWITCHES / switched;
    measure.switches = measure.switches * SWITCHES / switched;
    measure.flushes = measure.flushes * SWITCHES / switched;
    measure_print("context_switch", &measure, turn * SWITCHES, SWITCHES);
    measure_check(child_end(&child), "child_end");
}

static void measure_wake(const char *name, bool yield)
{
    struct child child;
    struct measure measure;
    uint64_t frame, bits;
    static const uint64_t words[2] = {WORD(0, FAR_TICKS), WORD(PEER_INDEX, FAR_TICKS)};
    measure_child(&child, wake_peer, 0, PEER_INDEX, 0);
    shared = measure_share(&child, 1);
    uint32_t event = slots_take(first_slots(), 1);
    space_take(first_frames(), 1, 1, &frame);
    measure_check(exo_memory_retype(FIRST_SLOT_RAM, frame, 1, EXO_OBJECT_KIND_EVENT, event, 1, 0),
                  "retype an event");
    shared->here_event = CHILD_SLOT_FREE + 1;
    shared->peer_event = CHILD_SLOT_WAKE;
    measure_check(exo_capability_derive(event, child.domain, CHILD_SLOT_FREE + 1, 0, 0,
                                        EXO_RIGHT_SIGNAL, 1), "derive the event");
    uint64_t arguments[2] = {(uintptr_t)wake_peer, (uintptr_t)shared};
    measure_check(exo_thread_write(child.thread, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
                  "thread_write");
    measure_check(exo_thread_start(child.thread), "thread_start");
    measure_play(words, 2);
    for (int turn = 0; turn < 2; turn++) {
        shared->wake_sum = 0;
        measure_begin(&measure);
        for (int i = 0; i < WAKES; i++) {
            shared->signalled = processor_instructions();
            exo_event_signal(child.event);
            if (yield)
                exo_thread_yield(child.thread); /* the rest of this slice, until it waits again */
            exo_event_wait(event, FOR_EVER, &bits);
        }
        measure_end(&measure);
    }
    measure.instructions = shared->wake_sum;
    measure.entries /= 2; /* a turn is a wake there and a wake back */
    measure.switches /= 2;
    measure.flushes /= 2;
    measure_print(name, &measure, 0, WAKES);
    measure_check(child_end(&child), "child_end");
}

uint32_t first_main(void)
{
    measure_switch();
    measure_wake("wake_latency", true);
    measure_wake("wake_latency_next_slot", false);
    return 0;
}
