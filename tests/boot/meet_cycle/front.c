/* SPDX-License-Identifier: MIT */
/* One handler, which calls `back`, and a Thread for the rings. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "worker.capnp.h"

static struct worker_client back;

static enum exo_status note(struct rpc_call *call, const struct worker_note_params *params)
{
    (void)call, (void)params;
    return EXO_STATUS_OK;
}

static enum exo_status open(struct rpc_call *call)
{
    struct worker_twice_params params = {.value = 4};
    struct worker_twice_results results = {0};
    (void)call;
    enum exo_status status = worker_twice(&back, &params, &results);
    print("front: back answered\n");
    return status;
}

/* Nobody calls the others. */
static const struct worker_methods methods = {.note = note, .open = open};

static void serve_events(void *binding)
{
    worker_serve_events(&methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("worker");
    EXPECT(worker_client_open(&back, binding_import("back")), EXO_STATUS_OK);
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    worker_serve(&methods, NULL, (void *)binding);
    return 0;
}
