/* SPDX-License-Identifier: MIT */
/*
 * clock: the time of day. The chip is read once, at the start; from then on the ticks count. Each
 * handler thread serves one call, so as many clients can sleep at a time.
 */
#include "chip.h"
#include "clock.capnp.h"
#include "kernel_stubs.h"
#include "startup.h"
#include "ticks.h"

enum { MISSING_DEVICE = 1 };

/* The bit of the own Event that sleepers wait for; nobody signals it. */
#define BIT_SLEEP (UINT64_C(1) << 62)

static uint64_t start_seconds, start_ticks;
static uint32_t sleep_event;

static enum exo_status handle_now(struct rpc_call *call, struct clock_now_results *results)
{
    (void)call;
    uint64_t now = ticks_now(), passed = ticks_to_microseconds(now - start_ticks);
    results->seconds = start_seconds + passed / 1000000;
    results->microseconds = (uint32_t)(passed % 1000000);
    results->ticks = now;
    return EXO_STATUS_OK;
}

static enum exo_status handle_sleep(struct rpc_call *call, const struct clock_sleep_params *params,
                                    struct clock_sleep_results *results)
{
    (void)call;
    uint64_t bits;
    exo_event_wait(sleep_event, ticks_deadline(params->microseconds), &bits);
    results->ticks = ticks_now();
    return EXO_STATUS_OK;
}

static void serve(void *binding)
{
    static const struct clock_methods methods = {.now = handle_now, .sleep = handle_sleep};
    clock_serve(&methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("clock");
    struct registers registers;
    sleep_event = slots_take(slots_own(), 1);
    if (!binding || !startup_registers("registers", &registers) ||
        exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, sleep_event, 0, 0, EXO_RIGHT_WAIT,
                              BIT_SLEEP) != EXO_STATUS_OK)
        return MISSING_DEVICE;
    start_ticks = ticks_now();
    if (!chip_read(&registers, &start_seconds))
        start_seconds = 0;
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, (void *)binding);
    serve((void *)binding);
    return 0;
}
