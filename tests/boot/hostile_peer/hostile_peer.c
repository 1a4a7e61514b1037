/* SPDX-License-Identifier: MIT */
/*
 * While one client of a server throws noise at it, another one's calls go on: each gets the right
 * answer, and the server lives to the end. The noisy client's last line comes before ours.
 */
#include "format.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"

enum { CALLS = 20000 };

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
    print("hostile_peer: %u calls were answered beside the noise\n", CALLS);
    return 0;
}
