/* SPDX-License-Identifier: MIT */
/* Its client calls it, and it posts to its client. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

static struct worker_client front;

static enum exo_status twice(struct rpc_call *call, const struct worker_twice_params *params,
                             struct worker_twice_results *results)
{
    struct worker_note_params last = {.value = 1};
    uint64_t bits;
    (void)call;
    while (channel_peer_attention(&front.rpc.channel) == CHANNEL_ATTENTION_ABSENT)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(1000), &bits); /* its Thread has to begin */
    print("back: posts\n");
    EXPECT(worker_note_post(&front, &last), EXO_STATUS_OK);
    EXPECT(worker_client_flush(&front), EXO_STATUS_OK);
    print("back: posted\n");
    results->doubled = params->value * 2;
    return EXO_STATUS_OK;
}

/* Nobody calls the others. */
static const struct worker_methods methods = {.twice = twice};

int component_main(void)
{
    const struct binding *binding = binding_export("worker");
    EXPECT(worker_client_open(&front, binding_import("front")), EXO_STATUS_OK);
    worker_serve(&methods, NULL, (void *)binding);
    return 0;
}
