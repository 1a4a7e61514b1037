/* SPDX-License-Identifier: MIT */
/* Calls a server for longer than its gas lasts; so it never gets the answer. */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"


int component_main(void)
{
    static struct relay_client client;
    struct relay_tick_results tick;
    struct relay_hold_params params = {.microseconds = startup_number("hold", 0)};
    struct relay_hold_results results;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    relay_hold(&client, &params, &results);
    for (;;)
        relay_tick(&client, &tick); /* were it ever answered, this would show in the counts */
}
