/* SPDX-License-Identifier: MIT */
/*
 * The deadline heap against a sorted list: random arming and disarming, and threads that wait on an
 * Event and are timed out in order, each at most once and never early.
 *
 * Seen to fail: heap_settle() that looks at the left child only, and without the way
 * up; deadline_expire() one tick late.
 */
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define FAKES 200
/* Below MACHINE_FREE: enough of them, since few threads may wait for one. */
#define EVENT_SLOT 10
#define EVENTS 6u
#define WAITERS 40

static struct thread fakes[FAKES];

static int by_deadline(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static void compare_first(void) {
    static uint64_t sorted[FAKES];
    unsigned count = 0;
    for (unsigned i = 0; i < FAKES; i++) {
        if (fakes[i].heap_index != 0) {
            sorted[count++] = fakes[i].deadline;
        }
    }
    qsort(sorted, count, sizeof sorted[0], by_deadline);
    CU_ASSERT_EQUAL_FATAL(machine_core->heap_count, count);
    if (count > 0) {
        CU_ASSERT_EQUAL_FATAL(machine_core->heap[0]->deadline, sorted[0]);
    }
    CU_ASSERT_FATAL(deadline_check(machine_core));
}

static void test_heap(void) {
    machine_start(64, 3, 4);
    for (unsigned i = 0; i < 20000; i++) {
        struct thread *thread = &fakes[machine_random(FAKES)];
        thread->core = machine_core;
        if (thread->heap_index != 0 && machine_random(2)) {
            deadline_disarm(thread);
            CU_ASSERT_EQUAL(thread->heap_index, 0);
        } else if (thread->heap_index == 0) {
            thread->deadline = 1 + machine_random(machine_random(2) ? 50 : 1000000);
            deadline_arm(thread, 0);
        }
        compare_first();
    }
    /* Those that never end and those without a deadline do not enter; twice is once. */
    struct thread *thread = &fakes[0];
    deadline_disarm(thread);
    uint32_t count = machine_core->heap_count;
    thread->deadline = DEADLINE_NEVER;
    deadline_arm(thread, 0);
    thread->deadline = 0;
    deadline_arm(thread, 0);
    CU_ASSERT_EQUAL(machine_core->heap_count, count);
    thread->deadline = 7;
    deadline_arm(thread, 0);
    deadline_arm(thread, 0);
    CU_ASSERT_EQUAL(machine_core->heap_count, count + 1);
    for (unsigned i = 0; i < FAKES; i++) {
        deadline_disarm(&fakes[i]);
    }
    CU_ASSERT_EQUAL(machine_core->heap_count, 0);
}

/* Threads that wait: timed out when their time has come, signalled ones never. */
static void test_waiters(void) {
    static struct thread *threads[WAITERS];
    uint64_t deadlines[WAITERS];
    for (unsigned run = 0; run < 30; run++) {
        machine_start(120, 3, 4);
        machine_make(0, 1, EXO_OBJECT_KIND_EVENT, EVENT_SLOT, EVENTS, 0);
        for (unsigned i = 0; i < WAITERS; i++) {
            uint64_t slot = MACHINE_FREE + 1 + i;
            threads[i] = machine_make_thread(1 + i, slot, EXO_SELF, i + 1);
            CALL_OK(machine_thread, THREAD_START, slot, 0);
            deadlines[i] = machine_clock + 1 + machine_random(100000);
            CU_ASSERT_EQUAL(CALL(threads[i], EVENT_WAIT, EVENT_SLOT + i % EVENTS, deadlines[i]),
                            MACHINE_BLOCKED);
        }
        uint64_t signalled = machine_random(WAITERS);
        machine_run(machine_thread);
        for (uint64_t end = machine_clock + 120000; machine_clock < end;) {
            machine_pass(machine_random(9000));
            for (unsigned i = 0; i < WAITERS; i++) {
                bool over = deadlines[i] <= machine_clock;
                CU_ASSERT_EQUAL_FATAL(threads[i]->state == THREAD_READY, over);
                CU_ASSERT(!over || threads[i]->registers.status == EXO_STATUS_DEADLINE ||
                          threads[i]->registers.status == EXO_STATUS_OK);
            }
            if (signalled < WAITERS && threads[signalled]->state == THREAD_WAITING) {
                CALL_OK(machine_thread, THREAD_STOP, MACHINE_FREE + 1 + signalled, 0);
                CU_ASSERT_EQUAL(threads[signalled]->heap_index, 0);
                deadlines[signalled] = DEADLINE_NEVER;
                machine_run(machine_thread);
            }
        }
        CU_ASSERT_EQUAL(machine_core->heap_count, 0);
        CU_ASSERT_PTR_NULL(machine_check());
    }
}

/* More at one moment than one interrupt handles: the timer fires again for the rest. */
static void test_many(void) {
    static struct thread *threads[WAITERS * 2];
    machine_start(200, 4, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_EVENT, EVENT_SLOT, EVENTS, 0);
    uint64_t deadline = machine_clock + 5000;
    for (unsigned i = 0; i < WAITERS * 2; i++) {
        threads[i] = machine_make_thread(1 + i, MACHINE_FREE + 1 + i, EXO_SELF, i + 1);
        CALL_OK(machine_thread, THREAD_START, MACHINE_FREE + 1 + i, 0);
        CU_ASSERT_EQUAL(CALL(threads[i], EVENT_WAIT, EVENT_SLOT + i % EVENTS, deadline),
                        MACHINE_BLOCKED);
    }
    machine_run(machine_thread);
    machine_pass(5000);
    for (unsigned i = 0; i < WAITERS * 2; i++) {
        CU_ASSERT_EQUAL(threads[i]->state, THREAD_READY);
        CU_ASSERT_EQUAL(threads[i]->registers.status, EXO_STATUS_DEADLINE);
    }
    CU_ASSERT_PTR_NULL(machine_check());
}

static const struct machine_test tests[] = {
    {"the heap against a sorted list", test_heap},
    {"waiting threads are timed out in time", test_waiters},
    {"more than one interrupt can do", test_many},
};

MACHINE_MAIN("deadlines", tests)
