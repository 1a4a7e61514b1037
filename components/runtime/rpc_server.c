/* SPDX-License-Identifier: MIT */
/* The server's half of rpc: what is not on the path of every call. */
#include "rpc.h"

#include "channel_guard.h"

#define RPC_SERVERS_MAX 8u   /* exported interfaces of a component */
#define RPC_CHANNELS_MAX 64u /* clients of all its interfaces together */

/* Servers and channels are given out once and never come back: a component's exports are fixed. */
static struct rpc_server servers[RPC_SERVERS_MAX];
static struct rpc_channel channels[RPC_CHANNELS_MAX];
static struct rpc_region regions[RPC_CHANNELS_MAX][CHANNEL_ENTRIES_MAX];
static uint32_t server_count, channel_count, pool_lock;

/* Open the channel of place `index` anew, for the client with this badge. */
static bool open_channel(struct rpc_server *server, uint32_t index, uint64_t badge)
{
    struct rpc_channel *channel = &server->channels[index];
    const struct channel_place *place = &server->binding->places[index];
    channel->badge = channel->quick_badge = badge;
    channel->regions = regions[channel - channels];
    channel->is_pending_behind = false;
    channel->replies_taken = channel->cancelled = channel->answered = 0;
    channel->region_first = channel->region_count = 0;
    if (place->is_one_way) {
        channel->channel = (struct channel){.is_server = true};
        if (!one_way_reader_open(&channel->one_way, (const void *)(uintptr_t)place->address,
                                 place->bytes))
            return false;
    } else if (!channel_open(&channel->channel, (void *)(uintptr_t)place->address, place->bytes,
                             true)) {
        return false;
    }
    channel_guard(place->address, place->bytes, &channel->channel.broken);
    return true;
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
        rpc_window_post(&call->window);
    }
    return server;
}

/* Look before the next synchronous call if anything lies in the arena but its last reply. */
static void settle(struct rpc_channel *channel)
{
    channel->quick_badge = channel->channel.arena_tail == 0 ? channel->badge : RPC_NO_BADGE;
}

bool rpc_server_is_finished(const struct channel *channel, uint32_t question)
{
    uint32_t mark = capnp_load32(channel->finished + (question & channel->entry_mask));
    return (int32_t)(mark - (question + 1)) >= 0;
}

/* Free the regions of replies that the client has finished, oldest first. */
static void reclaim(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask, before = channel->region_count;
    while (channel->region_count > 0) {
        struct rpc_region *region = &channel->regions[channel->region_first & mask];
        if (!rpc_server_is_finished(&channel->channel, region->question))
            break;
        channel->region_first++;
        channel->region_count--;
    }
    if (channel->region_count == 0)
        channel_arena_release(&channel->channel, 0, true);
    else if (channel->region_count != before)
        channel_arena_release(&channel->channel,
                              channel->regions[channel->region_first & mask].start, false);
}

/* Make the next `length` words of the arena a region of a question. */
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
    channel_arena_take(&channel->channel, length);
    return true;
}

/* May another reply be pushed; a client that does not take its replies loses them. The client's
 * word is fetched only when what it said last is not enough. */
static bool has_room(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask;
    if (channel->channel.send_tail - channel->replies_taken <= mask)
        return true;
    channel->replies_taken = capnp_load32(channel_peer_line(&channel->channel) +
                                          CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET);
    return channel->channel.send_tail - channel->replies_taken <= mask;
}

void rpc_server_push_done(struct rpc_channel *channel, uint32_t first, uint32_t end)
{
    if (first != end && has_room(channel))
        channel_push(&channel->channel, channel_place_word(0, end - first),
                     channel_meaning_word(EXO_STATUS_OK, CHANNEL_FLAG_RANGE, first));
}

void rpc_server_push_reply(struct rpc_call *call, struct channel_descriptor request,
                           enum exo_status status, uint32_t length)
{
    struct channel *channel = &call->channel->channel;
    uint32_t offset = channel->arena_tail;
    uint64_t transfer = status == EXO_STATUS_OK ? call->transfer : 0;
    uint16_t flags = transfer ? CHANNEL_FLAG_CAPABILITIES : 0;
    call->transfer = 0;
    call->has_capabilities = false;
    if (request.method == CHANNEL_NOTHING || !has_room(call->channel))
        return;
    if ((length > 0 || flags) &&
        !add_region(call->channel, request.question, length, transfer)) {
        status = EXO_STATUS_FULL;
        offset = length = flags = 0;
    }
    channel_push(channel, channel_place_word(offset, length),
                 channel_meaning_word((uint16_t)status, flags, request.question));
    rpc_server_make_room(call->channel);
}

void rpc_server_make_room(struct rpc_channel *channel)
{
    struct channel *shared = &channel->channel;
    if (shared->arena_room >= shared->arena_quarter)
        return;
    reclaim(channel);
    if (shared->arena_room < shared->arena_quarter)
        channel_arena_wrap(shared);
}

/*
 * The synchronous reply that the client may still read becomes part of what lies before the tail.
 */
static void step_over_pending(struct rpc_channel *channel)
{
    if (channel->channel.arena_pending > 0 && !channel->is_pending_behind) {
        channel_arena_take(&channel->channel, channel->channel.arena_pending);
        channel->is_pending_behind = true;
    }
}

/* Serve what waits in the ring, and the request in the two words at `now` behind it, if not null;
 * signal a client that sleeps. What came with the call belongs to `now` alone. */
static void drain_ring(struct rpc_call *call, rpc_drain *drain, const uint64_t *now)
{
    struct channel *channel = &call->channel->channel;
    struct rpc_received received = call->received;
    bool has_capabilities = call->has_capabilities;
    uint32_t count = channel_waiting(channel), head = channel->receive_head;
    call->is_asynchronous = true;
    call->received.count = 0;
    call->has_capabilities = false;
    if (count > 0) {
        __atomic_store_n(&channel->receive_head, head + count, __ATOMIC_RELAXED);
        drain(call, channel->receive_ring, channel->entry_mask, head, count);
    }
    call->received = received;
    if (now)
        drain(call, now, 0, 0, 1);
    call->has_capabilities = has_capabilities;
    call->is_asynchronous = false;
    if (count > 0 && channel_peer_attention(channel) == CHANNEL_ATTENTION_ASLEEP) {
        const struct channel_place *places = call->server->binding->places;
        exo_event_signal(places[(uint32_t)call->badge].doorbell);
    }
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

enum exo_status rpc_server_special(struct rpc_call *call, rpc_drain *drain, uint64_t place,
                                   uint64_t meaning, bool *goes_on)
{
    struct rpc_channel *taken = call->channel;
    struct channel *channel = &taken->channel;
    uint16_t flags = (uint16_t)(meaning >> 16);
    uint32_t question = (uint32_t)(meaning >> 32);
    uint64_t now[2] = {place,
                       channel_meaning_word((uint16_t)meaning, CHANNEL_FLAG_REQUEST, question)};
    *goes_on = false;
    /* A client that was started again has a badge of a later generation and fresh memory. */
    if (call->badge < taken->badge ||
        (call->badge > taken->badge &&
         !open_channel(call->server, (uint32_t)call->badge, call->badge)))
        return EXO_STATUS_DISCONNECTED;
    if (flags & CHANNEL_FLAG_KEEP)
        add_region(taken, question, taken->is_pending_behind ? 0 : channel->arena_pending, 0);
    channel->arena_pending = 0;
    taken->is_pending_behind = false;
    reclaim(taken);
    drain_ring(call, drain, flags & CHANNEL_FLAG_NOW ? now : 0);
    rpc_server_make_room(taken);
    if (flags & CHANNEL_FLAG_FETCH)
        call->transfer = fetch(taken, question);
    call->has_capabilities |= call->transfer != 0;
    settle(taken);
    *goes_on = !(flags & (CHANNEL_FLAG_FETCH | CHANNEL_FLAG_NOW | CHANNEL_FLAG_DRAIN));
    return EXO_STATUS_OK;
}

void rpc_server_busy(struct rpc_server *server, struct rpc_channel *channel, uint32_t before)
{
    /* The exchange wiped the bit; and if its reader left meanwhile, setting it took the channel. */
    if ((before & RPC_SERVING_AGAIN) &&
        __atomic_fetch_or(&channel->serving, RPC_SERVING_AGAIN, __ATOMIC_SEQ_CST) == 0) {
        __atomic_store_n(&channel->serving, 0, __ATOMIC_SEQ_CST);
        rpc_server_again(server, channel);
    }
}

void rpc_server_release(struct rpc_call *call)
{
    for (uint32_t i = 0; i < call->received.count; i++)
        exo_capability_delete(call->received.first + i); /* empty if it was taken */
    if (call->received.count > 0)
        rpc_window_post(&call->window);
    call->received.count = 0;
    call->transfer = 0;
    call->has_capabilities = false;
}

void rpc_server_again(struct rpc_server *server, struct rpc_channel *channel)
{
    /* The Event of the own rings: its Thread waits for it, so a signal makes it look again. */
    exo_event_signal(server->binding->places[channel - server->channels].wake);
}

/* Serve the ring of one channel, unless another Thread is at it: that one is told. */
static void serve_ring(struct rpc_channel *channel, struct rpc_call *call, rpc_drain *drain)
{
    if (__atomic_fetch_or(&channel->serving, RPC_SERVING_AGAIN, __ATOMIC_SEQ_CST) != 0)
        return; /* it will call rpc_server_again when it leaves */
    call->channel = channel;
    call->badge = channel->badge;
    step_over_pending(channel);
    reclaim(channel);
    drain_ring(call, drain, 0);
    settle(channel);
    /* Only Threads for the ring set further bits, and there is one: nobody waits to be told. */
    __atomic_store_n(&channel->serving, 0, __ATOMIC_SEQ_CST);
}

/* Serve what waits in a one-way channel, at most once round: each request from a copy of ours. What
 * becomes of it is told to nobody. */
static void serve_one_way(struct rpc_channel *channel, struct rpc_call *call, rpc_serve_copy *serve)
{
    uint64_t words[ONE_WAY_WORDS_MAX];
    struct channel_descriptor request;
    uint32_t reply_length = 0;
    call->channel = channel;
    call->badge = channel->badge;
    call->is_asynchronous = true;
    for (uint32_t i = 0; i < CHANNEL_ENTRIES_MAX; i++) {
        if (!one_way_take(&channel->one_way, words, &request))
            break;
        if (request.flags == CHANNEL_FLAG_REQUEST)
            serve(call, request.method, words, request.length, &reply_length);
    }
    call->is_asynchronous = false;
}

/* Say how attentive this side is, where it can say anything, and look whether there is something to
 * be served. A one-way client always rings, and its Event remembers it. */
static bool look(struct rpc_channel *channel, enum channel_attention attention)
{
    if (channel->one_way.memory)
        return one_way_has_waiting(&channel->one_way);
    channel_set_attention(&channel->channel, attention);
    return channel_has_waiting(&channel->channel);
}

_Noreturn void rpc_server_events(struct rpc_server *server, struct rpc_call *call,
                                 rpc_drain *drain, rpc_serve_copy *serve)
{
    uint64_t bits;
    for (;;) {
        bool is_idle = true;
        for (uint32_t i = 0; i < server->channel_count; i++)
            if (look(&server->channels[i], CHANNEL_ATTENTION_ASLEEP))
                is_idle = false;
        if (is_idle && server->channel_count > 0)
            exo_event_wait(server->binding->places[0].wake, RPC_FOR_EVER, &bits);
        for (uint32_t i = 0; i < server->channel_count; i++) {
            struct rpc_channel *channel = &server->channels[i];
            if (!look(channel, CHANNEL_ATTENTION_AWAKE))
                continue;
            if (channel->one_way.memory)
                serve_one_way(channel, call, serve);
            else
                serve_ring(channel, call, drain);
        }
    }
}
