/* SPDX-License-Identifier: MIT */
/*
 * Typed calls through the generated client and server over a lattice channel: a synchronous round
 * trip with two integers and a text of 16 bytes each way, and asynchronous messages in batches of
 * 32, of which both sides' work counts.
 */
#include "binding.h"
#include "first.h"
#include "kernel_stubs.h"
#include "measure.capnp.h"
#include "measure.h"
#include "text.h"

FIRST_PROGRAM

enum {
    CALLS = 1000,
    BATCHES = 100,
    BATCH = 32,
    SERVER_INDEX = 1,
    CHANNEL_PAGES = 8,
    CHILD_THREAD = CHILD_SLOT_THREAD,
    LONG_TICKS = 100000000,
};

#define TEXT "sixteen letters."

static struct channel_place place;
static struct binding binding;
static uint64_t notified;

static enum exo_status typed(struct rpc_call *call, const struct measure_typed_params *params,
                             struct measure_typed_results *results)
{
    (void)call;
    results->sum = params->first + params->second;
    results->text = params->text;
    return EXO_STATUS_OK;
}

static enum exo_status notify(struct rpc_call *call, const struct measure_notify_params *params)
{
    (void)call;
    notified += params->value;
    return EXO_STATUS_OK;
}

/* The server's domain. The copy of the binding was made before the channel had an address. */
static void serve(uint64_t address)
{
    static const struct measure_methods methods = {.typed = typed, .notify = notify};
    place.address = address;
    binding.portal = 0;
    measure_serve(&methods, NULL, &binding);
}

static void measure_typed_calls(struct measure_client *client)
{
    struct measure measure;
    struct measure_typed_params params = {.first = 1, .second = 2,
                                          .text = CAPNP_TEXT_LITERAL(TEXT)};
    struct measure_typed_results results = {0};
    for (int turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (int i = 0; i < CALLS; i++)
            measure_check(measure_typed(client, &params, &results), "the typed call");
        measure_end(&measure);
    }
    bool right = results.sum == 3 && text_is(results.text.bytes, results.text.length, TEXT);
    measure_check(right ? EXO_STATUS_OK : EXO_STATUS_BAD_MESSAGE, "the typed reply");
    measure_print("typed_round_trip", &measure, 0, CALLS);
}

static void send_batch(struct measure_client *client)
{
    struct measure_notify_params params = {.value = 1};
    for (int i = 0; i < BATCH; i++)
        measure_check(measure_notify_post(client, &params), "the post");
    measure_check(measure_client_settle(client, UINT64_MAX), "the answers");
}

static void measure_messages(struct measure_client *client)
{
    struct measure measure;
    send_batch(client);
    measure_begin(&measure);
    for (int i = 0; i < BATCHES; i++)
        send_batch(client);
    measure_end(&measure);
    measure_print("async_message", &measure, 0, BATCHES * BATCH);
}

uint32_t first_main(void)
{
    struct child child;
    static struct measure_client client;
    static const uint64_t words[2] = {0 | (uint64_t)LONG_TICKS << 16,
                                      SERVER_INDEX | (uint64_t)LONG_TICKS << 16};
    place = (struct channel_place){.bytes = CHANNEL_PAGES * CHILD_PAGE_BYTES};
    binding = (struct binding){.name = "measure", .name_bytes = 7,
                               .interface_id = MEASURE_TYPE_ID, .place_count = 1,
                               .places = &place, .thread = CHILD_THREAD, .thread_count = 1};
    measure_child(&child, (void (*)(uint64_t))serve, 0, SERVER_INDEX, 1);
    place.address = (uintptr_t)measure_share(&child, CHANNEL_PAGES);
    uint64_t arguments[2] = {(uintptr_t)serve, place.address};
    measure_check(exo_thread_write(child.thread, EXO_THREAD_REGISTER_ARG0, 2, (uintptr_t)arguments),
                  "thread_write");
    measure_check(exo_portal_attach(child.portal, child.thread), "portal_attach");
    measure_check(exo_thread_start(child.thread), "thread_start");
    measure_play(words, 2);
    binding.portal = child.portal;
    binding.thread = FIRST_SLOT_THREAD;
    measure_check(measure_client_open(&client, &binding), "client_open");
    measure_typed_calls(&client);
    measure_messages(&client);
    return 0;
}
