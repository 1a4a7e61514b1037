/* SPDX-License-Identifier: MIT */
/* Lends the other domain's handler the time of this core. */
#include "relay.capnp.h"
#include "scenario.h"

int component_main(void)
{
    static struct relay_listener_client client;
    struct relay_listener_tell_params params = {.value = 1};
    struct relay_listener_tell_results results = {0};
    EXPECT(relay_listener_client_open(&client, binding_import("listener")), EXO_STATUS_OK);
    relay_listener_tell(&client, &params, &results);
    return 0;
}
