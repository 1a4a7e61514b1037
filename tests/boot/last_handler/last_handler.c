/* SPDX-License-Identifier: MIT */
/*
 * A Portal of our own has one handler, which serves a call and waits for something that does not
 * come; forty more callers queue, for ever. When the handler is stopped, all of them are told
 * `disconnected`, more of them than the kernel tells at once, and so is who calls later.
 */
#include "entries.h"
#include "scenario.h"

enum { CALLERS = 41, HANDLER = CALLERS, THREADS, STACK_BYTES = 1024, THREAD_FRAMES = 21 };
enum { WAITS = 100 }; /* no status: the call has not returned */

static uint8_t stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));
static uint32_t thread, portal, event;
static uint32_t answer[CALLERS];

static enum exo_status call(void)
{
    uint64_t unused;
    return exo_portal_call(portal, 0, 0, 0, 0, UINT64_MAX, 0, &unused, &unused, &unused, &unused,
                           &unused);
}

/* Takes the first call, and never answers. */
static void serve(uint64_t unused)
{
    exo_portal_reply(0, 0, 0, 0, EXO_STATUS_OK, 0, &unused, &unused, &unused, &unused, &unused,
                     &unused);
    exo_event_wait(event, UINT64_MAX, &unused);
    scenario_stop();
}

static void ask(uint64_t number)
{
    answer[number] = call();
    scenario_stop();
}

/* Lend it our slices until it blocks or stops. */
static void step(uint32_t number)
{
    while (exo_thread_yield(thread + number) == EXO_STATUS_OK)
        ;
}

static void start(uint32_t number, uint64_t entry, const struct startup_device *cpu)
{
    uint64_t arguments[2] = {(uintptr_t)(number == HANDLER ? serve : ask), number};
    uint64_t places[3] = {entry + ENTRY_THREAD, 0, (uintptr_t)stacks[number] + STACK_BYTES};
    EXPECT(exo_thread_write(thread + number, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
           EXO_STATUS_OK);
    EXPECT(exo_thread_write(thread + number, EXO_THREAD_REGISTER_INSTRUCTION_POINTER, 3,
                            (uintptr_t)places), EXO_STATUS_OK);
    EXPECT(exo_cpu_bind(cpu->slot, thread + number, NO_CORE_INDEX, 0), EXO_STATUS_OK);
    if (number == HANDLER)
        EXPECT(exo_portal_attach(portal, thread + number), EXO_STATUS_OK);
    EXPECT(exo_thread_start(thread + number), EXO_STATUS_OK);
    step(number);
}

int component_main(void)
{
    struct child_plan plan = {0};
    struct startup_device cpu;
    startup_child_plan(&plan);
    CHECK(startup_device("cpu", &cpu));
    thread = scenario_slots(THREADS);
    portal = scenario_slots(1);
    event = scenario_slots(1);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(THREAD_FRAMES), THREAD_FRAMES,
                             EXO_OBJECT_KIND_THREAD, thread, THREADS, EXO_SELF), EXO_STATUS_OK);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_PORTAL,
                             portal, 1, EXO_SELF), EXO_STATUS_OK);
    EXPECT(exo_memory_retype(CHILD_SLOT_MEMORY, scenario_frames(1), 1, EXO_OBJECT_KIND_EVENT,
                             event, 1, 0), EXO_STATUS_OK);
    start(HANDLER, plan.entry, &cpu);
    for (uint32_t i = 0; i < CALLERS; i++) {
        answer[i] = WAITS;
        start(i, plan.entry, &cpu);
    }
    for (uint32_t i = 0; i < CALLERS; i++)
        CHECK(__atomic_load_n(&answer[i], __ATOMIC_RELAXED) == WAITS);
    EXPECT(exo_thread_stop(thread + HANDLER), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CALLERS; i++) {
        step(i);
        CHECK(__atomic_load_n(&answer[i], __ATOMIC_RELAXED) == EXO_STATUS_DISCONNECTED);
    }
    EXPECT(call(), EXO_STATUS_DISCONNECTED);
    print("last_handler: whoever was served or queued was told at once\n");
    return 0;
}
