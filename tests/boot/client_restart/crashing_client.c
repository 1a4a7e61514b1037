/* SPDX-License-Identifier: MIT */
/*
 * Crashes at the end of each of its lives but the last; init starts it again. Each life's channel
 * begins anew, under a badge of the next generation. Half of the calls go through the rings, whose
 * counters both ends must have set back.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { LIVES = 4, CALLS_PER_LIFE = 10 };

int component_main(void)
{
    static struct relay_client client;
    static volatile uintptr_t nowhere = 8;
    uint32_t life = startup_generation();
    struct relay_tick_results results = {0};
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CALLS_PER_LIFE / 2; i++) {
        uint32_t question;
        EXPECT(relay_tick(&client, &results), EXO_STATUS_OK);
        EXPECT(relay_tick_send(&client, &question), EXO_STATUS_OK);
        EXPECT(relay_tick_wait(&client, question, UINT64_MAX, &results), EXO_STATUS_OK);
        relay_client_finish(&client, question);
    }
    CHECK(results.count == (uint64_t)(life + 1) * CALLS_PER_LIFE);
    if (life + 1 < LIVES)
        *(volatile uint64_t *)nowhere = 0;
    return 0;
}
