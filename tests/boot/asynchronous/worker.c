/* SPDX-License-Identifier: MIT */
/*
 * The server of this scenario: one Thread serves the rings, the others the portal. What stands
 * still is let go by another call, so nothing here depends on how long anything takes.
 */
#include "worker.capnp.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"

/* Notes come on one channel, which one Thread serves at a time; the rest is atomic. */
static uint64_t notes, sum, last, disorder;
static uint64_t opened, blocked, spending, spent;

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void add(uint64_t *word, uint64_t number)
{
    __atomic_add_fetch(word, number, __ATOMIC_ACQ_REL);
}

static uint64_t balance(void)
{
    uint64_t kind, rights, value = 0, count, low, high;
    EXPECT(exo_capability_info(EXO_SELF, startup_gas(), &kind, &rights, &value, &count, &low,
                               &high), EXO_STATUS_OK);
    return value;
}

static enum exo_status note(struct rpc_call *call, const struct worker_note_params *params)
{
    CHECK(call->is_asynchronous);
    disorder += params->value <= last;
    last = params->value;
    add(&sum, params->value);
    add(&notes, 1);
    return EXO_STATUS_OK;
}

static enum exo_status twice(struct rpc_call *call, const struct worker_twice_params *params,
                             struct worker_twice_results *results)
{
    (void)call;
    results->doubled = params->value * 2;
    return EXO_STATUS_OK;
}

static enum exo_status block(struct rpc_call *call)
{
    uint64_t before = load(&opened), bits;
    (void)call;
    add(&blocked, 1);
    while (load(&opened) == before)
        exo_event_wait(CHILD_SLOT_LOCK, TICKS_NEVER, &bits);
    return EXO_STATUS_OK;
}

/* Never asleep: at first on the caller's slices, and then, when the caller has left, on our own. */
static enum exo_status spend(struct rpc_call *call, const struct worker_spend_params *params)
{
    uint64_t gate = load(&opened);
    (void)call;
    add(&spending, 1);
    while (load(&opened) == gate)
        ;
    uint64_t start = balance();
    while (start - balance() < params->amount)
        ;
    add(&spent, 1);
    return EXO_STATUS_OK;
}

static enum exo_status open(struct rpc_call *call)
{
    (void)call;
    add(&opened, 1);
    return exo_event_signal(CHILD_SLOT_LOCK);
}

static enum exo_status look(struct rpc_call *call, struct worker_look_results *results)
{
    (void)call;
    *results = (struct worker_look_results){
        .notes = load(&notes), .sum = load(&sum), .disorder = load(&disorder),
        .blocked = load(&blocked), .spending = load(&spending), .spent = load(&spent)};
    return EXO_STATUS_OK;
}

static const struct worker_methods methods = {.note = note, .twice = twice, .block = block,
                                              .spend = spend, .open = open, .look = look};

static void serve(void *binding)
{
    worker_serve(&methods, NULL, binding);
}

static void serve_events(void *binding)
{
    worker_serve_events(&methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("worker");
    CHECK(binding != NULL && binding->thread_count == 3);
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    CHECK(thread_run(binding->thread + 2, serve, (void *)binding));
    serve((void *)binding);
    return 0;
}
