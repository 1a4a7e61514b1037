/* SPDX-License-Identifier: MIT */
/* Calls a server again and again and checks each answer; a wrong one ends the machine. */
#include "format.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "text.h"

int component_main(void)
{
    static struct relay_client client;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (uint64_t i = 1;; i++) {
        char text[32];
        uint32_t length = (uint32_t)format(text, sizeof text, "steady %lu", i);
        struct relay_echo_params params = {.text = {text, length}};
        struct relay_echo_results echo = {0};
        struct relay_tick_results tick = {0};
        EXPECT(relay_echo(&client, &params, &echo), EXO_STATUS_OK);
        CHECK(text_equal(echo.text.bytes, echo.text.length, text, length));
        EXPECT(relay_tick(&client, &tick), EXO_STATUS_OK);
        CHECK(tick.count == i);
    }
}
