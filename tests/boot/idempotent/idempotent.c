/* SPDX-License-Identifier: MIT */
/*
 * A server crashes and is started again. The client does nothing about that: `echo` is marked
 * `$idempotent`, so its stub reconnects and calls again, also from a request that was built in
 * place. `tick` is not, and is never made again.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { CRASHES = 3 };

static struct relay_client client;

static void echo(void)
{
    struct relay_echo_params params = {.text = CAPNP_TEXT_LITERAL("as if nothing had happened")};
    struct relay_echo_results results = {0};
    EXPECT(relay_echo(&client, &params, &results), EXO_STATUS_OK);
    CHECK(capnp_text_is(results.text, "as if nothing had happened"));
}

/* Its request lies in the channel, and goes with the server that does not answer it. */
static void echo_built(void)
{
    struct relay_echo_params_builder params;
    struct relay_echo_results results = {0};
    EXPECT(relay_echo_begin(&client, &params), EXO_STATUS_OK);
    relay_echo_params_set_text(params, (struct capnp_text)CAPNP_TEXT_LITERAL("built once"));
    EXPECT(relay_echo_finish(&client, &results), EXO_STATUS_OK);
    CHECK(capnp_text_is(results.text, "built once"));
}

static enum exo_status tick(uint64_t *count)
{
    struct relay_tick_results results = {0};
    enum exo_status status = relay_tick(&client, &results);
    *count = results.count;
    return status;
}

int component_main(void)
{
    uint64_t count, asked = 0;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (int i = 0; i < CRASHES; i++) {
        echo();
        EXPECT(tick(&count), EXO_STATUS_OK);
        CHECK(count == asked + 1); /* the server is a new one each time, and was asked once */
        EXPECT(relay_crash(&client), EXO_STATUS_DISCONNECTED);
        /* Mostly the new server is not there yet; when it is, this is its first call. */
        enum exo_status status = tick(&count);
        asked = status == EXO_STATUS_OK;
        CHECK(status == EXO_STATUS_DISCONNECTED || count == 1);
        if (i % 2 == 0)
            echo_built();
        else
            echo();
    }
    print("idempotent: %d crashes, and nobody noticed\n", CRASHES);
    return 0;
}
