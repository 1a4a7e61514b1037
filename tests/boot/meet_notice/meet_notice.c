/* SPDX-License-Identifier: MIT */
/* Ends the server when it works for `late`. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client client;
    static struct supervisor_client supervisor;
    struct worker_look_results results = {0};
    struct supervisor_restart_params params = {.name = CAPNP_TEXT_LITERAL("worker")};
    struct supervisor_restart_results done = {0};
    uint64_t bits;
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    while (results.blocked == 0) {
        if (worker_look(&client, &results) == EXO_STATUS_DISCONNECTED)
            worker_reconnect(&client);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2000), &bits);
    }
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(100000), &bits);
    print("meet_notice: the server ends\n");
    EXPECT(supervisor_restart(&supervisor, &params, &done), EXO_STATUS_OK);
    for (;;)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2000), &bits);
    return 0;
}
