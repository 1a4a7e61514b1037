/* SPDX-License-Identifier: MIT */
/*
 * Events against a model: two events, capabilities with different bits, five waiting threads,
 * signals, deadlines, stops, interrupt lines and the end of an event.
 *
 * Seen to fail: event_raise() that wakes one thread only; event_leave() that forgets `last`; a wait
 * that takes bits beyond its capability's; event_reap() that leaves its waiting threads.
 */
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define EVENTS 2
#define WAITERS 5
#define MASKS 4

/* Slots: the events; capabilities of event e with mask m; threads. */
#define SLOT_EVENT MACHINE_FREE
#define SLOT_MASK(event, mask) (20u + (event)*MASKS + (mask))
#define SLOT_THREAD 30u

static const uint64_t masks[MASKS] = {1, 6, 0xff, 1ull << 63 | 2};

static struct thread *threads[WAITERS];

struct waiter {
    int event; /* -1: not waiting */
    uint64_t bits, deadline, order;
};

static struct waiter waiters[WAITERS];
static uint64_t pending[EVENTS], order, taken[WAITERS];

static void start(void) {
    machine_start(64, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, EVENTS, 0);
    for (unsigned i = 0; i < EVENTS * MASKS; i++) {
        CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT + i / MASKS, EXO_SELF,
                SLOT_MASK(i / MASKS, i % MASKS), 0, 0, EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT,
                masks[i % MASKS]);
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        threads[i] = machine_make_thread(1 + i, SLOT_THREAD + i, EXO_SELF, i + 1);
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
        waiters[i] = (struct waiter){.event = -1};
    }
    memset(pending, 0, sizeof pending);
}

/* The oldest waiting thread that any pending bit is for takes its bits; until there is none. */
static void model_raise(int event, uint64_t bits) {
    pending[event] |= bits;
    for (;;) {
        int best = -1;
        for (int i = 0; i < WAITERS; i++) {
            if (waiters[i].event == event && (waiters[i].bits & pending[event]) != 0 &&
                (best < 0 || waiters[i].order < waiters[best].order)) {
                best = i;
            }
        }
        if (best < 0) {
            return;
        }
        taken[best] = pending[event] & waiters[best].bits;
        pending[event] &= ~taken[best];
        waiters[best].event = -1;
        CU_ASSERT_EQUAL_FATAL(threads[best]->state, THREAD_READY);
        CU_ASSERT_EQUAL_FATAL(threads[best]->registers.status, EXO_STATUS_OK);
        CU_ASSERT_EQUAL_FATAL(threads[best]->registers.words[0], taken[best]);
    }
}

static void wait(unsigned who, int event, unsigned mask, uint64_t deadline) {
    uint64_t ready = pending[event] & masks[mask];
    uint64_t status = CALL(threads[who], EVENT_WAIT, SLOT_MASK((unsigned)event, mask), deadline);
    if (ready != 0) {
        CU_ASSERT_EQUAL_FATAL(status, EXO_STATUS_OK);
        CU_ASSERT_EQUAL_FATAL(threads[who]->registers.words[0], ready);
        pending[event] &= ~ready;
    } else if (deadline == 0) {
        CU_ASSERT_EQUAL_FATAL(status, EXO_STATUS_DEADLINE);
    } else {
        CU_ASSERT_EQUAL_FATAL(status, MACHINE_BLOCKED);
        waiters[who] = (struct waiter){event, masks[mask], deadline, ++order};
    }
}

static void pass(void) {
    machine_run(machine_thread);
    machine_pass(machine_random(3000));
    for (unsigned i = 0; i < WAITERS; i++) {
        if (waiters[i].event >= 0 && waiters[i].deadline <= machine_clock) {
            CU_ASSERT_EQUAL_FATAL(threads[i]->state, THREAD_READY);
            CU_ASSERT_EQUAL_FATAL(threads[i]->registers.status, EXO_STATUS_DEADLINE);
            waiters[i].event = -1;
        }
    }
}

static void step(void) {
    unsigned who = (unsigned)machine_random(WAITERS);
    int event = (int)machine_random(EVENTS);
    unsigned mask = (unsigned)machine_random(MASKS);
    switch (machine_random(6)) {
    case 0:
        pass();
        break;
    case 1:
    case 2:
        if (waiters[who].event < 0) {
            uint64_t deadline = machine_random(3) ? machine_clock + 1 + machine_random(5000)
                                                  : (uint64_t)-(int64_t)machine_random(2);
            wait(who, event, mask, deadline);
        }
        break;
    case 3:
        CALL_OK(machine_thread, THREAD_STOP, SLOT_THREAD + who, 0);
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + who, 0);
        waiters[who].event = -1;
        break;
    default:
        CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_MASK((unsigned)event, mask), 0);
        model_raise(event, masks[mask]);
        break;
    }
    for (unsigned i = 0; i < WAITERS; i++) {
        CU_ASSERT_EQUAL_FATAL(threads[i]->state == THREAD_WAITING, waiters[i].event >= 0);
    }
    for (unsigned i = 0; i < EVENTS; i++) {
        const struct slot *slot = slot_at(machine_domain, SLOT_EVENT + i);
        const struct event *at = (const struct event *)slot->object;
        CU_ASSERT_EQUAL_FATAL(at->pending, pending[i]);
        CU_ASSERT_FATAL(event_check(at));
    }
}

static void test_random(void) {
    for (unsigned run = 0; run < (machine_long() ? 500u : 30u); run++) {
        start();
        for (unsigned i = 0; i < 500; i++) {
            step();
        }
        CU_ASSERT_PTR_NULL_FATAL(machine_check());
    }
}

/* One signal with several bits wakes everybody that waits for one of them. */
static void test_several(void) {
    start();
    wait(0, 0, 0, ~0ull);
    wait(1, 0, 1, ~0ull);
    wait(2, 0, 1, ~0ull);
    CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_MASK(0, 2), 0);
    CU_ASSERT_EQUAL(threads[0]->registers.words[0], 1);
    CU_ASSERT_EQUAL(threads[1]->registers.words[0], 6);
    CU_ASSERT_EQUAL(threads[2]->state, THREAD_WAITING);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_rights(void) {
    start();
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT, EXO_SELF, 40, 0, 0, EXO_RIGHT_SIGNAL, 5);
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, 40, 0), EXO_STATUS_BAD_CAPABILITY);
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, 40, EXO_SELF, 41, 0, 0, 1, 7),
                    EXO_STATUS_DENIED); /* more bits */
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, 40, EXO_SELF, 41, 0, 0, 3, 1),
                    EXO_STATUS_DENIED); /* more rights */
    CALL_OK(machine_thread, CAPABILITY_DERIVE, 40, EXO_SELF, 41, 0, 0, 1, 4);
    CALL_OK(machine_thread, EVENT_SIGNAL, 41, 0);
    CALL_OK(machine_thread, EVENT_WAIT, SLOT_EVENT, 0);
    CU_ASSERT_EQUAL(machine_thread->registers.words[0], 4);
}

/* The last capability goes: whoever waits is told. */
static void test_end(void) {
    start();
    wait(0, 0, 0, ~0ull);
    wait(1, 0, 2, machine_clock + 100);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_EVENT, 0);
    CU_ASSERT_EQUAL(threads[0]->state, THREAD_WAITING);
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_EVENT, 0);
    for (unsigned i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(threads[i]->state, THREAD_READY);
        CU_ASSERT_EQUAL(threads[i]->registers.status, EXO_STATUS_DISCONNECTED);
    }
    CU_ASSERT_EQUAL(machine_core->heap_count, 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A line sets the bits of the capability that bound it and stays masked until acknowledged. */
static void test_lines(void) {
    start();
    CALL_OK(machine_thread, IRQ_BIND, MACHINE_IRQ, 3, SLOT_MASK(1, 1));
    CU_ASSERT_EQUAL(machine_lines_open, 0);
    CALL_OK(machine_thread, IRQ_ACKNOWLEDGE, MACHINE_IRQ, 3);
    CU_ASSERT_EQUAL(machine_lines_open, 1u << 3);
    wait(0, 1, 2, ~0ull);
    machine_line(3);
    CU_ASSERT_EQUAL(machine_lines_open, 0);
    CU_ASSERT_EQUAL(threads[0]->registers.words[0], 6);
    machine_line(4); /* nobody's */
    machine_line(200);
    CU_ASSERT_EQUAL(CALL(machine_thread, IRQ_ACKNOWLEDGE, MACHINE_IRQ, 4), EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, IRQ_ACKNOWLEDGE, MACHINE_IRQ, 24),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, IRQ_BIND, MACHINE_IRQ, 1ull << 32, SLOT_EVENT),
                    EXO_STATUS_BAD_ARGUMENT);
    /* The event's end masks the line. */
    CALL_OK(machine_thread, IRQ_ACKNOWLEDGE, MACHINE_IRQ, 3);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_EVENT + 1, 0);
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_EVENT + 1, 0);
    CU_ASSERT_EQUAL(machine_lines_open, 0);
    machine_line(3);
    CU_ASSERT_PTR_NULL(machine_check());
    /* So does the end of the capability by which it was bound. */
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_IRQ, EXO_SELF, 40, 5, 2, EXO_RIGHT_USE, 0);
    CALL_OK(machine_thread, IRQ_BIND, 40, 1, SLOT_EVENT);
    CALL_OK(machine_thread, IRQ_ACKNOWLEDGE, 40, 1);
    CU_ASSERT_EQUAL(machine_lines_open, 1u << 6);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, MACHINE_IRQ, 0);
    CU_ASSERT_EQUAL(machine_lines_open, 0);
    machine_line(6);
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, 0), EXO_STATUS_DEADLINE);
}

/* So many threads wait for one Event, and no more; one that leaves makes room. */
static void test_waiters_max(void) {
    struct thread *threads[EVENT_WAITERS_MAX + 1];
    machine_start(100, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_EVENT, MACHINE_FREE, 1, 0);
    for (uint64_t i = 0; i <= EVENT_WAITERS_MAX; i++) {
        threads[i] = machine_make_thread(1 + i, MACHINE_FREE + 1 + i, EXO_SELF, i + 1);
        CALL_OK(machine_thread, THREAD_START, MACHINE_FREE + 1 + i, 0);
        CU_ASSERT_EQUAL(CALL(threads[i], EVENT_WAIT, MACHINE_FREE, ~0ull),
                        i < EVENT_WAITERS_MAX ? MACHINE_BLOCKED : EXO_STATUS_FULL);
    }
    CALL_OK(machine_thread, THREAD_STOP, MACHINE_FREE + 1 + 7, 0);
    CU_ASSERT_EQUAL(CALL(threads[EVENT_WAITERS_MAX], EVENT_WAIT, MACHINE_FREE, ~0ull),
                    MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, MACHINE_FREE, ~0ull), EXO_STATUS_FULL);
    CALL_OK(machine_thread, EVENT_SIGNAL, MACHINE_FREE, 0);
    CU_ASSERT_EQUAL(threads[0]->registers.status, EXO_STATUS_OK);
    CU_ASSERT_PTR_NULL(machine_check());
}

static const struct machine_test tests[] = {
    {"random signals and waits", test_random},  {"one signal for several threads", test_several},
    {"bits and rights only fall", test_rights}, {"the end of an event", test_end},
    {"interrupt lines", test_lines},
    {"so many may wait", test_waiters_max},
};

MACHINE_MAIN("events", tests)
