/* SPDX-License-Identifier: MIT */
/*
 * A server crashes in the middle of a call. Its client gets `disconnected` at once, init starts the
 * server again by its rule, the client reconnects, and the new server answers from a fresh state.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { CRASHES = 3, TRIES_MAX = 1000, WAIT_MICROSECONDS = 1000 };

static struct relay_client client;

static uint64_t tick(void)
{
    struct relay_tick_results results = {0};
    EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
    return results.count;
}

/* Reconnect until the server is back; it comes when init has started it. */
static void reconnect(void)
{
    struct relay_tick_results results = {0};
    for (int i = 0; i < TRIES_MAX; i++) {
        uint64_t bits;
        if (relay_reconnect(&client) == EXO_STATUS_OK &&
            relay_tick(&client, &results) == EXO_STATUS_OK) {
            CHECK(results.count == 1);
            return;
        }
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(WAIT_MICROSECONDS), &bits);
    }
    CHECK(!"the server never came back");
}

int component_main(void)
{
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < CRASHES; i++) {
        while (tick() < 5)
            ;
        EXPECT(relay_crash(&client), EXO_STATUS_DISCONNECTED);
        reconnect();
    }
    print("crash_restart: %d crashes, %d times connected again\n", CRASHES, CRASHES);
    return 0;
}
