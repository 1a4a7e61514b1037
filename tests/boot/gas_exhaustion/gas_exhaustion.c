/* SPDX-License-Identifier: MIT */
/*
 * A component whose gas runs out stands still; the server that it called and its other client go on
 * as before. The claim is judged by counts: the spender's stops growing, ours does not; and by what
 * init tells: the spender has not ended, and has nothing left.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"
#include "watch.h"

enum { SPENDER = 0, OURS = 1, ROUNDS_MAX = 2000, PAUSE_MICROSECONDS = 5000, STILL_ROUNDS = 20 };

static struct relay_client client;

static uint64_t count_of(uint32_t channel)
{
    struct relay_ticks_results results = {0};
    EXPECT(relay_ticks(&client, &results), EXO_STATUS_OK);
    return capnp_list_uint64(results.counts, channel);
}

int component_main(void)
{
    uint64_t last = 0, still = 0, bits;
    struct relay_tick_results results = {0};
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < ROUNDS_MAX && still < STILL_ROUNDS; i++) {
        EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
        uint64_t now = count_of(SPENDER);
        still = now == last && now > 0 ? still + 1 : 0;
        last = now;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    CHECK(last > 0);
    CHECK(still == STILL_ROUNDS);
    bool seen = watch_is_dry("gas_spender");
    CHECK(seen);
    uint64_t ours = count_of(OURS);
    for (int i = 0; i < 1000; i++)
        EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
    CHECK(count_of(OURS) == ours + 1000);
    CHECK(count_of(SPENDER) == last);
    CHECK(watch_is_dry("gas_spender"));
    print("gas_exhaustion: the spender stands still, the others go on\n");
    return 0;
}
