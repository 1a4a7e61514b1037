/* SPDX-License-Identifier: MIT */
/*
 * The client on the first core, where the writer runs as well. When all clients have made their
 * calls, what the librarian counted under each of its locks is as many calls as there were. (The
 * interface is another scenario's: these are the numbers that it has.)
 */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

enum { CLIENTS = 4, CALLS = 200, LOOKS_MAX = 20000, PAUSE_MICROSECONDS = 1000 };

int component_main(void)
{
    static struct worker_client client;
    struct worker_look_results results = {0};
    uint64_t bits;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CALLS; i++)
        EXPECT(worker_block(&client), EXO_STATUS_OK);
    for (uint32_t i = 0; i < LOOKS_MAX && results.spent < CLIENTS * CALLS; i++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        EXPECT(worker_look(&client, &results), EXO_STATUS_OK);
    }
    CHECK(results.spent == CLIENTS * CALLS);   /* through the queue */
    CHECK(results.notes == CLIENTS * CALLS);   /* under the ticket lock */
    CHECK(results.sum == CLIENTS * CALLS);     /* under the MCS lock */
    CHECK(results.blocked == CLIENTS * CALLS); /* under the sleeping lock */
    CHECK(results.spending > 0);               /* entries that were freed */
    CHECK(results.disorder == 0);              /* what no reader may see */
    print("sharing: %u calls on four cores, and no reader held what was freed\n", CLIENTS * CALLS);
    return 0;
}
