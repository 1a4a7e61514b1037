/* SPDX-License-Identifier: MIT */
/*
 * init: makes the composition real, then waits: for components that end or stall, which it restarts
 * by their rules, for requests of the supervisor's clients, and for accounts that need a refill.
 */
#include "connection.h"
#include "component.h"
#include "end.h"
#include "first.h"
#include "gas.h"
#include "kernel_stubs.h"
#include "node.h"
#include "own.h"
#include "plan.h"
#include "print.h"
#include "schedule.h"
#include "stall.h"
#include "supervisor.h"
#include "ticks.h"

FIRST_PROGRAM

enum { FAILED = 3, CRASHED = 4 };

/* A component ended by itself: take its memory back, and do what its rule says. */
static void handle_end(uint32_t index, enum component_look look)
{
    struct component *component = &plan.component[index];
    bool crashed = look == COMPONENT_CRASHED;
    component_end(index, crashed ? SUPERVISOR_STATE_CRASHED : SUPERVISOR_STATE_ENDED);
    switch (restart_decide(&component->restart, crashed ? RESTART_CRASHED : RESTART_RETURNED)) {
    case RESTART_ACTION_AGAIN: {
        uint64_t delay = exo_planned_component_get_restart_delay_ms(component->plan);
        component->restart_at = ticks_deadline(delay * 1000);
        break;
    }
    case RESTART_ACTION_END:
        end_machine(crashed ? CRASHED : component->exit_status);
        break;
    case RESTART_ACTION_LEAVE:
        break;
    }
}

static void handle_stall(uint32_t index)
{
    handle_end(index, COMPONENT_CRASHED);
}

static void look_at(uint64_t bits)
{
    for (uint32_t i = 0; i < plan.component_count; i++) {
        if (!(bits >> i % OWN_COMPONENT_BITS & 1) ||
            plan.component[i].state != SUPERVISOR_STATE_RUNNING)
            continue;
        enum component_look look = component_look(i);
        if (look != COMPONENT_RUNS)
            handle_end(i, look);
        else
            schedule_look(i);
    }
}

static uint64_t earlier(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Start what is due; returns when the next restart is. */
static uint64_t restart_due(void)
{
    uint64_t next = TICKS_NEVER;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        uint64_t at = plan.component[i].restart_at;
        if (at == 0)
            continue;
        if (at <= ticks_now())
            component_start(i);
        else if (at < next)
            next = at;
    }
    return next;
}

/* The first program: see first.h. Returns only when the system could not be started. */
uint32_t first_main(void)
{
    uint64_t bytes;
    if (!plan_read(first_image(&bytes)))
        return FAILED;
    node_start();
    if (!own_make(plan.component_count, plan.core_count) || !component_place_all() ||
        !connection_make_all() || !schedule_play_all() || !gas_start() || !supervisor_start())
        return FAILED;
    for (uint32_t i = 0; i < plan.component_count; i++)
        if (!component_start(i))
            return FAILED;
    for (;;) {
        uint64_t next = earlier(stall_due(handle_stall), gas_refill_due());
        bytes = 0;
        exo_event_wait(own.event, earlier(next, restart_due()), &bytes);
        look_at(bytes);
        gas_fill_low(bytes);
        supervisor_carry_out();
    }
}
