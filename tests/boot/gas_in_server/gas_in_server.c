/* SPDX-License-Identifier: MIT */
/*
 * A caller's gas ends while the server works for it and holds a lock. The caller is cut off; the
 * server's thread finishes in its own slots, on its own gas, and gives the lock back, so that the
 * next client gets it. That the caller ran out in there is seen when its call has finished: it is
 * still there, has nothing left, and has not gone on to its next call.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"
#include "watch.h"

enum { POOR = 0, ROUNDS_MAX = 2000, PAUSE_MICROSECONDS = 2000 };

static struct relay_client client;

static void pause(void)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

int component_main(void)
{
    struct relay_hold_params params = {.microseconds = 1};
    struct relay_hold_results results = {0};
    struct relay_ticks_results counts = {0};
    bool seen = false;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        EXPECT(relay_hold(&client, &params, &results), EXO_STATUS_OK);
        if (results.begun > (uint64_t)i + 1 && results.finished == results.begun) {
            seen = watch_is_dry("gas_poor"); /* its call has begun, and has finished as well */
            break;
        }
        pause();
    }
    CHECK(seen);
    CHECK(results.finished == results.begun);
    EXPECT(relay_ticks(&client, &counts), EXO_STATUS_OK);
    CHECK(capnp_list_uint64(counts.counts, POOR) == 0);
    print("gas_in_server: the call was finished without its caller, and the lock is free\n");
    return 0;
}
