/* SPDX-License-Identifier: MIT */
/*
 * Three handlers of one Portal become idle in another order than they were called in, by replies of
 * the usual, short way. Then the one in the middle and the last are stopped: the one that is left
 * is still found, by two calls at once as well.
 */
#include "entries.h"
#include "scenario.h"

enum { HANDLERS = 3, CLIENT = HANDLERS, THREADS, STACK_BYTES = 8192 };
enum { ANSWER, SLEEP, WAKE, NEST }; /* what a handler is asked to do */

static uint8_t stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));
static uint32_t thread, portal, event;

static enum exo_status call(uint64_t order, uint64_t *who)
{
    uint64_t unused, deadline = order == NEST ? 0 : UINT64_MAX;
    return exo_portal_call(portal, order, 0, 0, 0, deadline, 0, who, &unused, &unused, &unused,
                           &unused);
}

/* Answers its own number, or with NEST that of the next idle handler, or none. */
static void serve(uint64_t number)
{
    uint64_t order, unused, bits, answer = number;
    for (;;) {
        exo_portal_reply(answer, 0, 0, 0, EXO_STATUS_OK, 0, &order, &unused, &unused, &unused,
                         &unused, &unused);
        answer = number;
        if (order == SLEEP) {
            exo_event_wait(event, UINT64_MAX, &bits);
        } else if (order == WAKE) {
            exo_event_signal(event);
            exo_thread_yield(thread + CLIENT);
        } else if (order == NEST && call(NEST, &answer) != EXO_STATUS_OK) {
            answer = HANDLERS + number;
        }
    }
}

/* Keeps one handler asleep until the main thread has another one wake it. */
static void client(uint64_t unused)
{
    call(SLEEP, &unused);
    scenario_stop();
}

static void thread_prepare(uint32_t number, const struct startup_device *cpu, uint64_t entry)
{
    uint64_t arguments[2] = {(uintptr_t)(number == CLIENT ? client : serve), number};
    uint64_t places[3] = {entry + ENTRY_THREAD, 0, (uintptr_t)stacks[number] + STACK_BYTES};
    EXPECT(exo_thread_write(thread + number, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
           EXO_STATUS_OK);
    EXPECT(exo_thread_write(thread + number, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 3,
                            (uintptr_t)places), EXO_STATUS_OK);
    EXPECT(exo_cpu_bind(cpu->slot, thread + number, NO_CORE_INDEX, 0), EXO_STATUS_OK);
    if (number != CLIENT)
        EXPECT(exo_portal_attach(portal, thread + number), EXO_STATUS_OK);
    EXPECT(exo_thread_start(thread + number), EXO_STATUS_OK);
    while (exo_thread_yield(thread + number) == EXO_STATUS_OK)
        ;
}

int component_main(void)
{
    struct child_plan plan = {0};
    struct startup_device cpu;
    uint64_t who = HANDLERS;
    startup_child_plan(&plan);
    CHECK(startup_device("cpu", &cpu));
    thread = scenario_slots(THREADS);
    portal = scenario_slots(1);
    event = scenario_slots(1);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(2), 2, EXO_OBJECT_KIND_THREAD,
                             thread, THREADS, EXO_SELF), EXO_STATUS_OK);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_PORTAL,
                             portal, 1, EXO_SELF), EXO_STATUS_OK);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_EVENT,
                             event, 1, 0), EXO_STATUS_OK);
    for (uint32_t i = 0; i < THREADS; i++)
        thread_prepare(i, &cpu, plan.entry);
    /* Idle are 1 and 0, and 2 sleeps. 1 wakes it and replies after it: 1, 2, 0 from the first. */
    EXPECT(call(WAKE, &who), EXO_STATUS_OK);
    CHECK(who == 1);
    EXPECT(exo_thread_stop(thread + 2), EXO_STATUS_OK);
    EXPECT(call(ANSWER, &who), EXO_STATUS_OK);
    CHECK(who == 1);
    EXPECT(call(NEST, &who), EXO_STATUS_OK);
    CHECK(who == HANDLERS); /* 1 called 0, which found nobody any more */
    EXPECT(exo_thread_stop(thread), EXO_STATUS_OK);
    EXPECT(call(NEST, &who), EXO_STATUS_OK);
    CHECK(who == HANDLERS + 1);
    print("idle_handlers: the others go on serving\n");
    return 0;
}
