/* SPDX-License-Identifier: MIT */
/*
 * A server that never answers costs its client the deadline and no more; the call that was given up
 * keeps one handler thread, and the server's other one still answers, even the same client when it
 * connects through another channel.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { PATIENCE_MICROSECONDS = 200000 };

int component_main(void)
{
    static struct relay_client client, other;
    struct relay_tick_results results = {0};
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(relay_client_open(&other, binding_import("other")), EXO_STATUS_OK);
    EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
    rpc_client_timeout(&client.rpc, ticks_from_microseconds(PATIENCE_MICROSECONDS));
    uint64_t before = ticks_now();
    EXPECT(relay_hang(&client), EXO_STATUS_DEADLINE);
    CHECK(ticks_to_microseconds(ticks_now() - before) >= PATIENCE_MICROSECONDS);
    rpc_client_timeout(&client.rpc, 0);
    EXPECT(relay_tick(&client, &results), EXO_STATUS_BUSY);
    EXPECT(relay_tick(&other, &results), EXO_STATUS_OK);
    print("never_answers: the deadline passed, and the other channel was answered\n");
    return 0;
}
