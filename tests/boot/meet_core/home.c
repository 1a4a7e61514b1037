/* SPDX-License-Identifier: MIT */
/* A handler at home and a Thread for the rings. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "worker.capnp.h"

static enum exo_status twice(struct rpc_call *call, const struct worker_twice_params *params,
                             struct worker_twice_results *results)
{
    (void)call;
    results->doubled = params->value * 2;
    return EXO_STATUS_OK;
}

/* Nobody calls the others. */
static const struct worker_methods methods = {.twice = twice};

static void serve_events(void *binding)
{
    worker_serve_events(&methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("worker");
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    worker_serve(&methods, NULL, (void *)binding);
    return 0;
}
