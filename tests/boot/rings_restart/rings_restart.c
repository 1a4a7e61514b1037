/* SPDX-License-Identifier: MIT */
/* Ends the system when the last life of `asking` has told the server. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client client;
    struct worker_look_results results = {0};
    uint64_t bits;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    while (results.notes == 0) {
        EXPECT(worker_look(&client, &results), EXO_STATUS_OK);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2000), &bits);
    }
    print("rings_restart: four lives\n");
    return 0;
}
