/* SPDX-License-Identifier: MIT */
/*
 * Makes domains of ten threads each, binds the threads to the core from the place `first` of its
 * table on, and tells the core's scheduler their weights. They use all the time that they get.
 */
#include "scenario.h"
#include "scheduler.capnp.h"

enum {
    DOMAINS = 125,
    THREADS = 10,
    DOMAIN_FRAMES = 2,
    FIRST = 256,
    WEIGHT = 10, /* and up to WEIGHTS - 1 more: see crowd.c */
    WEIGHTS = 8,
};

static void spin(uint64_t number)
{
    volatile uint64_t turns = number;
    for (;;)
        turns++;
}

/* One domain, whose threads stand from `index` on; returns the slot of the first one. */
static uint32_t make(struct scheduler_client *scheduler, uint32_t cpu, uint32_t index)
{
    static struct child child;
    struct child_plan plan = {
        .domain_frames = DOMAIN_FRAMES,
        .thread_count = THREADS,
        .stack_pages = 1,
    };
    startup_child_plan(&plan);
    plan.frames = child_frames(&plan);
    plan.offset = scenario_frames(plan.frames);
    plan.first_slot = scenario_slots(child_slots(&plan));
    plan.window = scenario_addresses(child_window(&plan));
    EXPECT(child_make(&plan, &child), EXO_STATUS_OK);
    EXPECT(child_close(&plan), EXO_STATUS_OK);
    for (uint32_t i = 0; i < THREADS; i++) {
        struct scheduler_set_share_params params = {index + i, WEIGHT + (index + i) % WEIGHTS};
        struct scheduler_set_share_results results = {0};
        EXPECT(child_call(&plan, &child, i, (uintptr_t)spin, i), EXO_STATUS_OK);
        EXPECT(exo_cpu_bind(cpu, child.thread + i, index + i, 0), EXO_STATUS_OK);
        EXPECT(scheduler_set_share(scheduler, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == SCHEDULER_RESULT_DONE);
    }
    return child.thread;
}

int component_main(void)
{
    static struct scheduler_client scheduler;
    static uint32_t threads[DOMAINS];
    struct startup_device cpu;
    uint64_t bits, first = startup_number("first", FIRST);
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    CHECK(startup_device("cpu", &cpu));
    for (uint32_t i = 0; i < DOMAINS; i++)
        threads[i] = make(&scheduler, cpu.slot, (uint32_t)first + i * THREADS);
    for (uint32_t i = 0; i < DOMAINS * THREADS; i++)
        EXPECT(exo_thread_start(threads[i / THREADS] + i % THREADS), EXO_STATUS_OK);
    for (;;)
        exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
}
