/* SPDX-License-Identifier: MIT */
/* The client of schema_hash: it was built with relay.capnp, since it calls a method of Relay. */
#include "relay.capnp.h"
#include "startup.h"

int component_main(void)
{
    static struct relay_client client;
    struct relay_tick_results results;
    if (relay_client_open(&client, binding_import("relay")) == EXO_STATUS_OK)
        relay_tick(&client, &results); /* nobody serves; the machine ends meanwhile */
    return 0;
}
