/* SPDX-License-Identifier: MIT */
/*
 * A client crashes in the middle of its life, several times, and is started again; the server,
 * which kept its state, answers it as before, and this other client all the time.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { CRASHING = 0, CALLS = 40, LOOKS_MAX = 2000, PAUSE_MICROSECONDS = 2000 };

int component_main(void)
{
    static struct relay_client client;
    uint64_t count = 0, bits;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < LOOKS_MAX && count < CALLS; i++) {
        struct relay_ticks_results results = {0};
        EXPECT(relay_ticks(&client, &results), EXO_STATUS_OK);
        count = capnp_list_uint64(results.counts, CRASHING);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    CHECK(count == CALLS);
    print("client_restart: %lu calls of four lives were counted by one server\n", count);
    return 0;
}
