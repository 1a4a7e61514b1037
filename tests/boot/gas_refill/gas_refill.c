/* SPDX-License-Identifier: MIT */
/*
 * A component that spends more than its refill stands still when its account is empty, and goes on
 * where it stood when init has refilled it, again and again.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { SPENDER = 0, PAUSES = 3, LOOKS_MAX = 10000, STILL_LOOKS = 4, PAUSE_MICROSECONDS = 3000 };

static struct relay_client client;

static uint64_t count_of_spender(void)
{
    struct relay_ticks_results results = {0};
    EXPECT(relay_ticks(&client, &results), EXO_STATUS_OK);
    return capnp_list_uint64(results.counts, SPENDER);
}

int component_main(void)
{
    uint64_t last = 0, bits;
    uint32_t still = 0, pauses = 0;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < LOOKS_MAX && pauses < PAUSES; i++) {
        uint64_t now = count_of_spender();
        if (now != last && still >= STILL_LOOKS)
            pauses++; /* it stood still, and goes on */
        still = now == last && now > 0 ? still + 1 : 0;
        last = now;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    CHECK(pauses == PAUSES);
    print("gas_refill: it stood still and went on %u times\n", pauses);
    return 0;
}
