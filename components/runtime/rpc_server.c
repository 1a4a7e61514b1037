/* SPDX-License-Identifier: MIT */
/* The server's half of rpc: what is not on the path of every call. */
#include "rpc.h"

#define RPC_SERVERS_MAX 8u   /* exported interfaces of a component */
#define RPC_CHANNELS_MAX 32u /* clients of all its interfaces together */

/* Servers and channels are given out once and never come back: a component's exports are fixed. */
static struct rpc_server servers[RPC_SERVERS_MAX];
static struct rpc_channel channels[RPC_CHANNELS_MAX];
static uint32_t server_count, channel_count, pool_lock;

/* Open the channel of place `index` anew, for the client with this badge. */
static bool open_channel(struct rpc_server *server, uint32_t index, uint64_t badge)
{
    struct rpc_channel *channel = &server->channels[index];
    const struct channel_place *place = &server->binding->places[index];
    channel->badge = badge;
    channel->again = 0;
    channel->region_first = channel->region_count = 0;
    return channel_open(&channel->channel, (void *)(uintptr_t)place->address, place->bytes, true);
}

/* The server of a binding, made if it is the first time; the pool is locked. */
static struct rpc_server *find_server(const struct binding *binding)
{
    for (uint32_t i = 0; i < server_count; i++)
        if (servers[i].binding == binding)
            return &servers[i];
    if (server_count == RPC_SERVERS_MAX || binding->place_count > RPC_CHANNELS_MAX - channel_count)
        return 0;
    struct rpc_server *server = &servers[server_count];
    *server = (struct rpc_server){binding, channels + channel_count, binding->place_count, 0};
    for (uint32_t i = 0; i < binding->place_count; i++)
        if (!open_channel(server, i, binding->places[i].badge))
            return 0;
    server_count++;
    channel_count += binding->place_count;
    return server;
}

/* Post the Thread's run of slots again. */
static void window_post(struct rpc_window *window)
{
    uint64_t words[2] = {window->first, window->count};
    window->used = 0;
    if (window->thread != 0 && window->count > 0)
        exo_thread_write(window->thread, EXO_THREAD_REGISTER_RECEIVE_FIRST, 2,
                         (uint64_t)(uintptr_t)words);
}

struct rpc_server *rpc_server_join(const struct binding *binding, struct rpc_call *call,
                                   bool is_for_rings)
{
    while (__atomic_exchange_n(&pool_lock, 1, __ATOMIC_ACQUIRE) != 0)
        continue; /* only while Threads start, and for a moment */
    struct rpc_server *server = find_server(binding);
    uint32_t number = server && !is_for_rings ? server->thread_next++ : binding->thread_count;
    __atomic_store_n(&pool_lock, 0, __ATOMIC_RELEASE);
    call->server = server;
    if (server && number < binding->thread_count) {
        uint32_t share = binding->receive_count / binding->thread_count;
        call->window = (struct rpc_window){binding->thread + number,
                                           binding->receive_first + number * share, share, 0};
        window_post(&call->window);
    }
    return server;
}

enum exo_status rpc_server_enter_slowly(struct rpc_server *server, uint64_t badge)
{
    uint32_t index = (uint32_t)badge;
    struct rpc_channel *channel = &server->channels[index];
    enum exo_status status = EXO_STATUS_DISCONNECTED;
    /* A client that was started again has a badge of a later generation and fresh memory. */
    if (badge > channel->badge && open_channel(server, index, badge))
        return EXO_STATUS_OK;
    __atomic_store_n(&channel->serving, 0, __ATOMIC_RELEASE);
    return status;
}

/* Was a question finished or called off. */
static bool is_finished(const struct channel *channel, uint32_t question)
{
    uint32_t mark = capnp_load32(channel->finished + (question & channel->entry_mask));
    return (int32_t)(mark - (question + 1)) >= 0;
}

/* Delete the capabilities that a reply waited to give. */
static void drop_given(struct rpc_region *region)
{
    for (uint32_t i = 0; i < region->given.count; i++)
        exo_capability_delete(region->given.first + i);
    region->given.count = 0;
}

/* Free the regions of replies that the client has finished, oldest first. */
static void reclaim(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask, before = channel->region_count;
    while (channel->region_count > 0) {
        struct rpc_region *region = &channel->regions[channel->region_first & mask];
        if (!is_finished(&channel->channel, region->question))
            break;
        drop_given(region);
        channel->region_first++;
        channel->region_count--;
    }
    if (channel->region_count == 0)
        channel_arena_release(&channel->channel, 0, true);
    else if (channel->region_count != before)
        channel_arena_release(&channel->channel,
                              channel->regions[channel->region_first & mask].start, false);
}

/* Make the next `length` words of the arena, behind the pending ones, a region of a question. */
static bool add_region(struct rpc_channel *channel, uint32_t question, uint32_t length,
                       uint64_t transfer)
{
    uint32_t mask = channel->channel.entry_mask;
    if (channel->region_count > mask)
        return false;
    struct rpc_region *region =
        &channel->regions[(channel->region_first + channel->region_count) & mask];
    region->question = question;
    region->start = channel->channel.arena_tail;
    region->given = (struct rpc_received){(uint32_t)transfer, (uint32_t)(transfer >> 32)};
    channel->region_count++;
    channel->channel.arena_tail += channel->channel.arena_pending + length;
    channel->channel.arena_pending = 0;
    return true;
}

/* May another reply be pushed; a client that does not take its replies loses them. */
static bool has_room(const struct channel *channel)
{
    uint32_t head =
        capnp_load32(channel_peer_line(channel) + CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET);
    return channel->send_tail - head <= channel->entry_mask;
}

/* Serve one asynchronous request and push its reply. */
static void serve_one(struct rpc_call *call, rpc_dispatch *dispatch,
                      struct channel_descriptor request)
{
    struct channel *channel = &call->channel->channel;
    enum exo_status status = EXO_STATUS_BAD_MESSAGE;
    uint32_t offset = channel->arena_tail + channel->arena_pending, length = 0;
    uint16_t flags = 0;
    if (is_finished(channel, request.question))
        status = EXO_STATUS_CANCELLED;
    else if (channel_in_bounds(channel, request.offset, request.length)) {
        rpc_server_begin(call);
        status = dispatch(call, request.method, channel->receive_words + request.offset,
                          request.length);
        if (status == EXO_STATUS_OK) {
            length = call->builder.word_count;
            flags = call->transfer ? CHANNEL_FLAG_CAPABILITIES : 0;
        }
    }
    if (!has_room(channel))
        return;
    if ((length > 0 || flags) && !add_region(call->channel, request.question, length,
                                             flags ? call->transfer : 0)) {
        status = EXO_STATUS_FULL;
        length = flags = 0;
    }
    channel_push(channel, channel_place_word(length ? offset : 0, length),
                 channel_meaning_word((uint16_t)status, flags, request.question));
}

uint32_t rpc_server_drain(struct rpc_call *call, rpc_dispatch *dispatch)
{
    struct channel *channel = &call->channel->channel;
    uint32_t served = 0, count = channel_waiting(channel);
    struct rpc_received received = call->received;
    call->is_asynchronous = true;
    call->received.count = 0; /* what came belongs to the call, not to the ring */
    for (; served < count && !channel->broken; served++) {
        if (channel->arena_limit - channel->arena_tail < channel->arena_words / 4) {
            reclaim(call->channel);
            if (channel->arena_limit - channel->arena_tail < channel->arena_words / 4)
                channel_arena_wrap(channel);
        }
        serve_one(call, dispatch, channel_pop(channel));
    }
    call->is_asynchronous = false;
    call->received = received;
    if (served > 0 && channel_peer_attention(channel) == CHANNEL_ATTENTION_ASLEEP) {
        const struct channel_place *places = call->server->binding->places;
        exo_event_signal(places[(uint32_t)call->badge].doorbell);
    }
    return served;
}

/* The capabilities that a reply waits to give, as a transfer word; they can be fetched once. */
static uint64_t fetch(struct rpc_channel *channel, uint32_t question)
{
    for (uint32_t i = 0; i < channel->region_count; i++) {
        struct rpc_region *region =
            &channel->regions[(channel->region_first + i) & channel->channel.entry_mask];
        if (region->question == question) {
            uint64_t transfer = (uint64_t)region->given.count << 32 | region->given.first;
            region->given.count = 0;
            return transfer;
        }
    }
    return 0;
}

bool rpc_server_special(struct rpc_call *call, rpc_dispatch *dispatch, uint64_t *place,
                        uint64_t meaning, enum exo_status *status)
{
    struct channel *channel = &call->channel->channel;
    uint32_t offset = (uint32_t)*place, length = (uint32_t)(*place >> 32);
    uint16_t flags = (uint16_t)(meaning >> 16);
    uint32_t question = (uint32_t)(meaning >> 32);
    if (flags & CHANNEL_FLAG_KEEP)
        add_region(call->channel, question, 0, 0);
    channel->arena_pending = 0;
    call->transfer = 0;
    reclaim(call->channel);
    if (channel_waiting(channel) > 0)
        rpc_server_drain(call, dispatch);
    call->transfer = 0;
    *status = EXO_STATUS_OK;
    if (flags & CHANNEL_FLAG_FETCH)
        call->transfer = fetch(call->channel, question);
    if (flags & CHANNEL_FLAG_NOW) {
        call->is_asynchronous = true;
        serve_one(call, dispatch, (struct channel_descriptor){offset, length, (uint16_t)meaning, 0,
                                                              question});
        call->is_asynchronous = false;
        call->transfer = 0;
    }
    if (flags & (CHANNEL_FLAG_FETCH | CHANNEL_FLAG_NOW | CHANNEL_FLAG_DRAIN)) {
        *place = 0;
        return false;
    }
    return true;
}

void rpc_server_release(struct rpc_call *call)
{
    for (uint32_t i = 0; i < call->received.count; i++)
        exo_capability_delete(call->received.first + i); /* empty if it was taken */
    call->received.count = 0;
    window_post(&call->window);
}

void rpc_server_again(struct rpc_server *server, struct rpc_channel *channel)
{
    __atomic_store_n(&channel->again, 0, __ATOMIC_SEQ_CST);
    /* The Event of the own rings: its Thread waits for it, so a signal makes it look again. */
    exo_event_signal(server->binding->places[channel - server->channels].wake);
}

/* Serve the ring of one channel, unless another Thread is at it: that one is told. */
static void serve_ring(struct rpc_server *server, struct rpc_channel *channel,
                       struct rpc_call *call, rpc_dispatch *dispatch)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        if (rpc_server_enter(server, channel->badge, call) == EXO_STATUS_OK) {
            reclaim(channel);
            rpc_server_drain(call, dispatch);
            rpc_server_leave(server, channel);
            return;
        }
        __atomic_store_n(&channel->again, 1, __ATOMIC_SEQ_CST);
    }
}

_Noreturn void rpc_server_events(struct rpc_server *server, struct rpc_call *call,
                                 rpc_dispatch *dispatch)
{
    uint64_t bits;
    for (;;) {
        bool is_idle = true;
        for (uint32_t i = 0; i < server->channel_count; i++) {
            channel_set_attention(&server->channels[i].channel, CHANNEL_ATTENTION_ASLEEP);
            if (channel_has_waiting(&server->channels[i].channel))
                is_idle = false;
        }
        if (is_idle && server->channel_count > 0)
            exo_event_wait(server->binding->places[0].wake, RPC_FOR_EVER, &bits);
        for (uint32_t i = 0; i < server->channel_count; i++) {
            channel_set_attention(&server->channels[i].channel, CHANNEL_ATTENTION_AWAKE);
            if (channel_has_waiting(&server->channels[i].channel))
                serve_ring(server, &server->channels[i], call, dispatch);
        }
    }
}
