/* SPDX-License-Identifier: MIT */
/*
 * What the generator left in the programs comes back at bind time, through composer and init: as
 * client of another component and of init, and as server.
 */
#include "console.capnp.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"

/* A port's only channel. */
static const struct channel_place *place_of(const struct binding *binding)
{
    CHECK(binding != NULL && binding->place_count == 1);
    return binding->places;
}

int component_main(void)
{
    CHECK(place_of(binding_import("console"))->schema == CONSOLE_SCHEMA_HASH);
    CHECK(place_of(binding_import("supervisor"))->schema == SUPERVISOR_SCHEMA_HASH);
    CHECK(place_of(binding_export("relay"))->schema == RELAY_SCHEMA_HASH);
    CHECK(CONSOLE_SCHEMA_HASH != RELAY_SCHEMA_HASH && RELAY_SCHEMA_HASH != 0);
    print("schema_hash: client, server and init say what they were built from\n");
    return 0;
}
