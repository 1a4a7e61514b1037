/* SPDX-License-Identifier: MIT */
/*
 * relay: does on request what servers do in good days and in bad ones; see idl/relay.capnp. Every
 * handler thread serves any client, so what is shared is under a lock.
 */
#include "bulk.h"
#include "kernel_stubs.h"
#include "lock.h"
#include "offer.h"
#include "relay.capnp.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum {
    CLIENTS_MAX = 32,
    ECHO_BYTES = 128,
    SUM_PAGES_MAX = 512,
    MAP_PAGES = 256, /* in one call */
    LINE_WORDS = 8,
    PAGE_WORDS = CHILD_PAGE_BYTES / 8,
    MISSING_EXPORT = 1,
};

static struct relay_listener_client listener;
static struct acceptance listener_kept;
static uint64_t counts[CLIENTS_MAX];
static uint64_t notes[CLIENTS_MAX];
static char echoes[CLIENTS_MAX][ECHO_BYTES];
static struct lock hold_lock;
static uint64_t holds_begun, holds_finished; /* the second one is under hold_lock */

static enum exo_status handle_keep(struct rpc_call *call, const struct relay_keep_params *params)
{
    (void)call;
    offer_release(&listener_kept); /* of the one before */
    enum exo_status status = offer_accept(params->portal, params->channel, RELAY_LISTENER_TYPE_ID,
                                          &listener_kept);
    return status == EXO_STATUS_OK
               ? relay_listener_client_open(&listener, &listener_kept.binding)
               : status;
}

static enum exo_status handle_poke(struct rpc_call *call, const struct relay_poke_params *params,
                                   struct relay_poke_results *results)
{
    struct relay_listener_tell_params ask = {.value = params->value};
    struct relay_listener_tell_results answer = {0};
    (void)call;
    enum exo_status status = listener_kept.pages > 0
                                 ? relay_listener_tell(&listener, &ask, &answer)
                                 : EXO_STATUS_DISCONNECTED;
    results->doubled = answer.doubled;
    return status;
}

/* Is a line the copy of eight of the `count` words, where word number i says i in its low half. */
static bool line_is_copy(const volatile uint64_t *line, const uint64_t *words, uint64_t count)
{
    uint64_t first = (uint32_t)line[0];
    if (first + LINE_WORDS > count)
        return false;
    for (uint64_t i = 0; i < LINE_WORDS; i++)
        if (line[i] != words[first + i])
            return false;
    return true;
}

/* Look for copies of the words in all of our memory that can be mapped. */
static enum exo_status find_copies(const uint64_t *words, uint64_t count,
                                   struct relay_sum_results *results)
{
    uint64_t kind, rights, base, frames, low, high, done, page;
    enum exo_status status = exo_capability_info(EXO_SELF, CHILD_SLOT_MEMORY, &kind, &rights, &base,
                                                 &frames, &low, &high);
    if (status != EXO_STATUS_OK)
        return status;
    if (!space_take(space_own(), 1, 1, &page))
        return EXO_STATUS_FULL;
    const volatile uint64_t *own = (const volatile uint64_t *)(page * CHILD_PAGE_BYTES);
    for (uint64_t frame = 0; frame < frames; frame++) {
        if (exo_memory_map(EXO_SELF, CHILD_SLOT_MEMORY, (uintptr_t)own, frame, 1, EXO_RIGHT_READ,
                           &done) != EXO_STATUS_OK)
            continue; /* the kernel's */
        for (uint64_t at = 0; at < PAGE_WORDS; at += LINE_WORDS)
            if (line_is_copy(own + at, words, count))
                results->copied += LINE_WORDS * 8;
        results->looked++;
        exo_memory_unmap(EXO_SELF, (uintptr_t)own, 1);
    }
    space_give(space_own(), page, 1);
    return EXO_STATUS_OK;
}

static enum exo_status handle_sum(struct rpc_call *call, const struct relay_sum_params *params,
                                  struct relay_sum_results *results)
{
    uint64_t page, pages = (params->bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, sum = 0;
    uint64_t kind, rights, frames, low, high;
    (void)call;
    if (exo_capability_info(EXO_SELF, params->memory, &kind, &rights, &results->base, &frames, &low,
                            &high) != EXO_STATUS_OK)
        return EXO_STATUS_BAD_MESSAGE;
    if (pages == 0 || pages > SUM_PAGES_MAX || !space_take(space_own(), pages, 1, &page))
        return EXO_STATUS_BAD_ARGUMENT;
    for (uint64_t at = 0; at < pages; at += MAP_PAGES) {
        uint64_t done, part = pages - at < MAP_PAGES ? pages - at : MAP_PAGES;
        enum exo_status status = exo_memory_map(EXO_SELF, params->memory,
                                                (page + at) * CHILD_PAGE_BYTES, at, part,
                                                EXO_RIGHT_READ, &done);
        if (status != EXO_STATUS_OK)
            return status;
        results->mapped += done;
    }
    const uint64_t *words = (const uint64_t *)(page * CHILD_PAGE_BYTES);
    for (uint64_t i = 0; i < params->bytes / 8; i++)
        sum += words[i];
    enum exo_status status = find_copies(words, params->bytes / 8, results);
    for (uint64_t at = 0; at < pages; at += MAP_PAGES)
        exo_memory_unmap(EXO_SELF, (page + at) * CHILD_PAGE_BYTES,
                         pages - at < MAP_PAGES ? pages - at : MAP_PAGES);
    space_give(space_own(), page, pages);
    results->sum = sum;
    return status;
}

/* The pool is the caller's too, and may change under the sum; only the range must be right. */
static enum exo_status handle_sum_pool(struct rpc_call *call,
                                       const struct relay_sum_pool_params *params,
                                       struct relay_sum_pool_results *results)
{
    const struct channel_place *place = &call->server->binding->places[(uint32_t)call->badge];
    struct bulk_view view;
    enum exo_status status = bulk_buffer(params->buffer, channel_pool(place), place->pool_bytes,
                                         &view);
    for (uint64_t at = 0; status == EXO_STATUS_OK && at + 8 <= view.length; at += 8) {
        uint64_t word;
        memcpy(&word, view.bytes + at, sizeof word);
        results->sum += word;
    }
    return status;
}

static enum exo_status handle_tick(struct rpc_call *call, struct relay_tick_results *results)
{
    uint32_t client = (uint32_t)call->badge % CLIENTS_MAX;
    results->count = __atomic_add_fetch(&counts[client], 1, __ATOMIC_RELAXED);
    return EXO_STATUS_OK;
}

static enum exo_status handle_ticks(struct rpc_call *call, struct relay_ticks_results *results)
{
    struct relay_ticks_results_builder reply;
    struct capnp_list_builder list;
    (void)results;
    relay_ticks_reply(call, &reply);
    if (relay_ticks_results_init_counts(reply, CLIENTS_MAX, &list) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < CLIENTS_MAX; i++)
        capnp_list_set_uint64(&list, i, __atomic_load_n(&counts[i], __ATOMIC_RELAXED));
    return EXO_STATUS_OK;
}

static enum exo_status handle_hang(struct rpc_call *call)
{
    uint64_t bits;
    uint32_t event = slots_take(slots_own(), 1);
    (void)call;
    /* A bit that nobody signals. */
    exo_capability_derive(CHILD_SLOT_WAKE, EXO_SELF, event, 0, 0, EXO_RIGHT_WAIT,
                          UINT64_C(1) << 62);
    while (exo_event_wait(event, TICKS_NEVER, &bits) == EXO_STATUS_OK)
        ;
    return EXO_STATUS_CANCELLED;
}

static enum exo_status handle_crash(struct rpc_call *call)
{
    static volatile uintptr_t nowhere = 8;
    (void)call;
    *(volatile uint64_t *)nowhere = 0;
    return EXO_STATUS_OK;
}

static enum exo_status handle_hold(struct rpc_call *call, const struct relay_hold_params *params,
                                   struct relay_hold_results *results)
{
    (void)call;
    results->begun = __atomic_add_fetch(&holds_begun, 1, __ATOMIC_RELAXED);
    lock_take(&hold_lock);
    for (uint64_t end = ticks_deadline(params->microseconds); ticks_now() < end;)
        ;
    results->finished = ++holds_finished;
    lock_give(&hold_lock);
    return EXO_STATUS_OK;
}

static enum exo_status handle_echo(struct rpc_call *call, const struct relay_echo_params *params,
                                   struct relay_echo_results *results)
{
    char *echo = echoes[(uint32_t)call->badge % CLIENTS_MAX];
    results->text.length = capnp_text_copy(params->text, echo, ECHO_BYTES);
    results->text.bytes = echo;
    return EXO_STATUS_OK;
}

static enum exo_status handle_note(struct rpc_call *call, const struct relay_note_params *params)
{
    uint32_t client = (uint32_t)call->badge % CLIENTS_MAX;
    __atomic_store_n(&notes[client], params->value, __ATOMIC_RELAXED);
    return EXO_STATUS_OK;
}

static enum exo_status handle_noted(struct rpc_call *call, const struct relay_noted_params *params,
                                    struct relay_noted_results *results)
{
    (void)call;
    results->value = __atomic_load_n(&notes[params->client % CLIENTS_MAX], __ATOMIC_RELAXED);
    return EXO_STATUS_OK;
}

static void serve(void *binding)
{
    static const struct relay_methods methods = {
        .keep = handle_keep, .poke = handle_poke, .sum = handle_sum, .tick = handle_tick,
        .ticks = handle_ticks, .hang = handle_hang, .crash = handle_crash, .hold = handle_hold,
        .echo = handle_echo, .note = handle_note, .noted = handle_noted,
        .sum_pool = handle_sum_pool,
    };
    /* Without what would end or stop us for whoever asks. */
    static const struct relay_methods good_days = {
        .keep = handle_keep, .poke = handle_poke, .sum = handle_sum, .tick = handle_tick,
        .ticks = handle_ticks, .echo = handle_echo, .note = handle_note, .noted = handle_noted,
    };
    relay_serve(startup_number("good_days", 0) != 0 ? &good_days : &methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("relay");
    if (!binding)
        return MISSING_EXPORT;
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, serve, (void *)binding);
    serve((void *)binding);
    return 0;
}
