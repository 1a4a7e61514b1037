/* SPDX-License-Identifier: MIT */
/*
 * A client passes a server an object that it implements: a portal of its own, and the memory of a
 * channel to it. The server keeps both and calls back while the client waits for another answer.
 */
#include "kernel_stubs.h"
#include "offer.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { CHANNEL_PAGES = 8, LISTENER = 1 }; /* thread 0 is the one that waits */

static struct offer offered;

static enum exo_status tell(struct rpc_call *call, const struct relay_listener_tell_params *params,
                            struct relay_listener_tell_results *results)
{
    (void)call;
    results->doubled = params->value * 2;
    return EXO_STATUS_OK;
}

static void listen(void *unused)
{
    static const struct relay_listener_methods methods = {.tell = tell};
    relay_listener_serve(&methods, unused, &offered.binding);
}

/* What is no portal, or no memory to write, is refused, and what was kept stays away. */
static void offer_wrongly(struct relay_client *client)
{
    struct relay_keep_params swapped = {.portal = offered.channel, .channel = offered.portal};
    struct relay_keep_params nothing = {.portal = offered.portal, .channel = EXO_NONE};
    struct relay_keep_params twice = {.portal = offered.portal, .channel = offered.portal};
    EXPECT(relay_keep(client, &swapped), EXO_STATUS_BAD_MESSAGE);
    EXPECT(relay_keep(client, &nothing), EXO_STATUS_BAD_MESSAGE);
    EXPECT(relay_keep(client, &twice), EXO_STATUS_BAD_MESSAGE);
}

int component_main(void)
{
    static struct relay_client client;
    const struct binding *own = binding_export("listener");
    CHECK(own != NULL && own->thread_count == 2);
    EXPECT(offer_make(own, own->thread_count, CHANNEL_PAGES, &offered), EXO_STATUS_BAD_ARGUMENT);
    EXPECT(offer_make(own, LISTENER, CHANNEL_PAGES, &offered), EXO_STATUS_OK);
    CHECK(thread_run(offered.binding.thread, listen, NULL));
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    offer_wrongly(&client);
    struct relay_poke_params poke = {.value = 21};
    struct relay_poke_results answer = {0};
    EXPECT(relay_poke(&client, &poke, &answer), EXO_STATUS_DISCONNECTED);
    for (int i = 0; i < 2; i++) { /* the second one takes the place of the first */
        struct relay_keep_params keep = {.portal = offered.portal, .channel = offered.channel};
        EXPECT(relay_keep(&client, &keep), EXO_STATUS_OK);
    }
    EXPECT(relay_poke(&client, &poke, &answer), EXO_STATUS_OK);
    CHECK(answer.doubled == 42);
    print("capability_callback: the server called back and got %lu\n", answer.doubled);
    return 0;
}
