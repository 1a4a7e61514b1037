/* SPDX-License-Identifier: MIT */
/* Uses all the time that it gets, for calls that are counted; in cores, on a core of its own. */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

int component_main(void)
{
    static struct relay_client client;
    struct relay_tick_results results;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (;;)
        EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
}
