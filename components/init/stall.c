/* SPDX-License-Identifier: MIT */
#include "stall.h"

#include <stdbool.h>

#include "component.h"
#include "kernel_stubs.h"
#include "plan.h"
#include "print.h"
#include "startup.capnp.h"
#include "ticks.h"

enum {
    SLOTS_STALLED = 1024, /* a core, without a sign of life: its vector was played twice */
    SLOTS_BUSY = 64,      /* in one period; an idle core begins about 8 a second */
    BUSY_SECONDS = 1,     /* between looks */
    IDLE_SECONDS = 5,
};

/* By component: what was seen when it last gave a sign of life. */
static struct seen {
    uint32_t starts;
    uint64_t alive, slots;
    uint64_t slots_before; /* at the last look */
} seen[PLAN_COMPONENTS_MAX];
static uint64_t next_look;

/* The slots that the cores of a component's Cpus have begun; answers how many cores there are. */
static uint32_t count_slots(const struct component *component, uint64_t *slots)
{
    uint32_t cores = 0;
    *slots = 0;
    for (uint32_t i = 0; i < exo_planned_device_list_count(component->devices); i++) {
        struct exo_planned_device_reader device = exo_planned_device_list_at(component->devices, i);
        uint64_t count = 0, unused;
        if (exo_planned_device_which(device) != EXO_PLANNED_DEVICE_WHICH_CPU)
            continue;
        uint64_t core = exo_planned_device_get_cpu(device);
        exo_kernel_counters(EXO_COUNTER_CONTEXT_SWITCHES | (core + 1) << 32, &count, &unused,
                            &unused, &unused, &unused, &unused);
        *slots += count;
        cores++;
    }
    return cores;
}

/* What its main thread does, by the states that the kernel tells. */
static const char *doing(const struct component *component)
{
    static const char *const states[] = {"is stopped", "runs", "waits for an Event",
                                         "waits for a Portal", "is in a call", "waits for calls"};
    uint64_t kind, rights, consumed, count = 0, low, high;
    exo_capability_info(EXO_SELF, component->child.thread, &kind, &rights, &consumed, &count, &low,
                        &high);
    count &= 0xff;
    return count < sizeof states / sizeof *states ? states[count] : "is lost";
}

static bool can_pay(const struct component *component)
{
    uint64_t kind, rights, balance = 0, held, low, high;
    exo_capability_info(EXO_SELF, component->gas, &kind, &rights, &balance, &held, &low, &high);
    return (int64_t)balance > 0;
}

/* Look at one that runs; returns whether it has stalled. */
static bool look(uint32_t index, uint64_t slots, uint32_t cores)
{
    const struct component *component = &plan.component[index];
    struct seen *before = &seen[index];
    uint64_t alive = component_status(index, EXO_PROGRAM_ALIVE);
    if (alive == 0 || alive != before->alive || component->starts != before->starts ||
        !can_pay(component)) {
        before->alive = alive;
        before->starts = component->starts;
        before->slots = slots;
        return false;
    }
    if (slots - before->slots < cores * SLOTS_STALLED)
        return false;
    print("init: %s stalled: %lu slots began on its %s since its sign of life %lu; its main "
          "thread %s\n", component->name, slots - before->slots, cores > 1 ? "cores" : "core",
          alive, doing(component));
    return true;
}

uint64_t stall_due(void (*stalled)(uint32_t index))
{
    bool is_busy = false, has_any = false;
    uint64_t slots;
    if (next_look > ticks_now())
        return next_look;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        uint32_t cores = count_slots(&plan.component[i], &slots);
        if (cores == 0)
            continue;
        has_any = true;
        is_busy = is_busy || slots - seen[i].slots_before >= SLOTS_BUSY;
        seen[i].slots_before = slots;
        if (plan.component[i].state == SUPERVISOR_STATE_RUNNING && look(i, slots, cores))
            stalled(i);
    }
    uint64_t seconds = is_busy ? BUSY_SECONDS : IDLE_SECONDS;
    next_look = has_any ? ticks_now() + seconds * ticks_rate() : TICKS_NEVER;
    return next_look;
}
