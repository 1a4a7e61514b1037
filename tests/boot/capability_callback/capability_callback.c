/* SPDX-License-Identifier: MIT */
/*
 * A client passes a server an object that it implements: a portal of its own, and the memory of a
 * channel to it. The server keeps both and calls back while the client waits for another answer.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { CHANNEL_PAGES = 8, GIFT_PORTAL = 2, GIFTS = 3 };

static struct channel_place place;
static struct binding listener;

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
    relay_listener_serve(&methods, unused, &listener);
}

/* The channel's memory, and behind a slot that stays empty the portal to call: the slots do not
 * follow each other as the parameters do. */
static uint32_t make_gifts(const struct binding *own)
{
    uint64_t offset;
    uint32_t gifts = scenario_slots(GIFTS);
    void *memory = pages_take(CHANNEL_PAGES, &offset);
    CHECK(memory != NULL);
    place = (struct channel_place){.address = (uintptr_t)memory,
                                   .bytes = CHANNEL_PAGES * CHILD_PAGE_BYTES};
    EXPECT(exo_capability_derive(own->portal, EXO_SELF, gifts + GIFT_PORTAL, 0, 0, EXO_RIGHT_CALL,
                                 0), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, gifts, offset, CHANNEL_PAGES,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    return gifts;
}

int component_main(void)
{
    static struct relay_client client;
    const struct binding *own = binding_export("listener");
    CHECK(own != NULL && own->thread_count == 2);
    uint32_t gifts = make_gifts(own);
    listener = *own;
    listener.places = &place;
    listener.place_count = 1;
    listener.thread = own->thread + 1; /* the main thread is the one that waits */
    listener.thread_count = 1;
    CHECK(thread_run(listener.thread, listen, NULL));
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    struct relay_keep_params keep = {.portal = gifts + GIFT_PORTAL, .channel = gifts};
    EXPECT(relay_keep(&client, &keep), EXO_STATUS_OK);
    struct relay_poke_params poke = {.value = 21};
    struct relay_poke_results answer = {0};
    EXPECT(relay_poke(&client, &poke, &answer), EXO_STATUS_OK);
    CHECK(answer.doubled == 42);
    print("capability_callback: the server called back and got %lu\n", answer.doubled);
    return 0;
}
