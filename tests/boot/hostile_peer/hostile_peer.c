/* SPDX-License-Identifier: MIT */
/*
 * While one client of a server throws noise at it, another one's calls go on: each gets the right
 * answer, and the server lives to the end. The end is when the noisy client has noted at the
 * server how many of its calls came there, and that must be all.
 */
#include "format.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum { CALLS = 20000, NOISE_CALLS = 20000, HOSTILE = 0, LOOKS_MAX = 20000 };
enum { PAUSE_MICROSECONDS = 1000 };

/* How many calls of noise came to the server, once the other client has noted it. */
static uint64_t wait_for_noise(struct relay_client *client)
{
    struct relay_noted_params params = {.client = HOSTILE};
    struct relay_noted_results results = {0};
    uint64_t bits;
    for (uint32_t i = 0; i < LOOKS_MAX && results.value != NOISE_CALLS; i++) {
        EXPECT(relay_noted(client, &params, &results), EXO_STATUS_OK);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    return results.value;
}

int component_main(void)
{
    static struct relay_client client;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CALLS; i++) {
        char text[16];
        uint32_t length = (uint32_t)format(text, sizeof text, "call %u", i);
        struct relay_echo_params params = {.text = {text, length}};
        struct relay_echo_results results = {0};
        EXPECT(relay_echo(&client, &params, &results), EXO_STATUS_OK);
        CHECK(text_equal(results.text.bytes, results.text.length, text, length));
    }
    uint64_t noise = wait_for_noise(&client);
    CHECK(noise == NOISE_CALLS);
    print("hostile_peer: %u calls were answered beside %lu of noise\n", CALLS, noise);
    return 0;
}
