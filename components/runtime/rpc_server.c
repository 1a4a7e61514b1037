/* SPDX-License-Identifier: MIT */
/* The server's half of rpc: what is not on the path of every call. */
#include "rpc.h"

#include "channel_guard.h"

#define RPC_SERVERS_MAX 8u   /* exported interfaces of a component */
#define RPC_CHANNELS_MAX 64u /* clients of all its interfaces together */

_Static_assert(sizeof(struct rpc_channel) == 256 && 256 % CHANNEL_CACHE_LINE_BYTES == 0,
               "Threads that serve two channels do not meet in a cache line");

/* Servers and channels are given out once and never come back: a component's exports are fixed. */
static struct rpc_server servers[RPC_SERVERS_MAX];
static struct rpc_channel channels[RPC_CHANNELS_MAX];
static struct rpc_region regions[RPC_CHANNELS_MAX][CHANNEL_ENTRIES_MAX];
static uint32_t server_count, channel_count, pool_lock;

/* The word of a channel that nobody serves. */
static uint64_t free_word(const struct rpc_channel *channel)
{
    return channel->badge | (channel->channel.arena_tail != 0 ? RPC_SERVING_LOOK : 0) |
           (channel->channel.broken ? RPC_SERVING_BROKEN : 0);
}

/* Begin a channel anew, for the client with this badge and this epoch. It is held: what other
 * Threads look at meanwhile stays as it is. What a client already has of us that comes with its
 * first epoch, by synchronous calls, stays. */
static void begin_again(struct rpc_server *server, struct rpc_channel *channel, uint64_t badge,
                        uint32_t epoch)
{
    if (channel->badge != badge || channel->channel.epoch != CHANNEL_EPOCH_NONE) {
        channel->is_pending_behind = false;
        channel_arena_empty(&channel->channel);
        rpc_region_drop(channel);
        rpc_object_drop(channel);
    }
    __atomic_store_n(&channel->badge, badge, __ATOMIC_RELAXED);
    bool has_rings_thread = __atomic_load_n(&server->has_rings_thread, __ATOMIC_RELAXED);
    channel->replies_taken = channel->answered =
        channel_take_up(&channel->channel, epoch, has_rings_thread ? CHANNEL_ATTENTION_ASLEEP
                                                                   : CHANNEL_ATTENTION_ABSENT);
    channel->cancelled = 0;
}

/* Open the channel of place `index`, which is unknown to other Threads. */
static bool open_channel(struct rpc_server *server, uint32_t index)
{
    struct rpc_channel *channel = &server->channels[index];
    const struct channel_place *place = &server->binding->places[index];
    channel->badge = place->badge;
    channel->regions = regions[channel - channels];
    if (place->is_one_way) {
        channel->channel = (struct channel){.is_server = true};
        if (!one_way_reader_open(&channel->one_way, (const void *)(uintptr_t)place->address,
                                 place->bytes))
            return false;
    } else if (!channel_open(&channel->channel, (void *)(uintptr_t)place->address, place->bytes,
                             true)) {
        return false;
    }
    channel->channel.mark = &channel->serving;
    channel->channel.mark_bits = RPC_SERVING_BROKEN;
    channel_guard(place->address, place->bytes, &channel->channel);
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
    *server = (struct rpc_server){.binding = binding, .channels = channels + channel_count,
                                  .channel_count = binding->place_count};
    for (uint32_t i = 0; i < binding->place_count; i++) {
        if (!open_channel(server, i))
            return 0;
        server->channels[i].serving = free_word(&server->channels[i]);
    }
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
    if (server && is_for_rings)
        server->has_rings_thread = true;
    __atomic_store_n(&pool_lock, 0, __ATOMIC_RELEASE);
    uint32_t number = server && !is_for_rings ? rpc_window_owner(binding) : binding->thread_count;
    call->server = server;
    if (server && number < binding->thread_count) {
        uint32_t share = binding->receive_count / binding->thread_count;
        call->window = (struct rpc_window){binding->thread + number,
                                           binding->receive_first + number * share, share, 0};
        rpc_window_post(&call->window);
    }
    return server;
}

/* May another reply be pushed; a client that does not take its replies loses them. Its word is
 * fetched only when what it said last is not enough. */
static bool has_room(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask;
    if (channel->channel.send_tail - channel->replies_taken <= mask)
        return true;
    channel->replies_taken = capnp_load32(channel_peer_line(&channel->channel) +
                                          CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET);
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* as in rpc_server_is_finished */
    return channel->channel.send_tail - channel->replies_taken <= mask;
}

void rpc_server_push_done(struct rpc_channel *channel, uint32_t first, uint32_t end)
{
    if (first != end && has_room(channel))
        channel_push(&channel->channel, channel_place_word(0, end - first),
                     channel_meaning_word(EXO_STATUS_OK, CHANNEL_FLAG_RANGE, first));
}

/* The status that a dispatcher's outcome stands for. */
static enum exo_status outcome_status(uint64_t outcome)
{
    uint32_t status = (uint32_t)(outcome >> 32);
    return status == RPC_ODD     ? EXO_STATUS_OK
           : status == RPC_OTHER ? EXO_STATUS_BAD_CALL
                                 : (enum exo_status)status;
}

uint64_t rpc_server_run(struct rpc_call *call, const struct rpc_received *leaving,
                        uint64_t outcome)
{
    enum exo_status status = rpc_run_make(&call->given, leaving, &call->run);
    call->given.count = 0;
    return status == EXO_STATUS_OK ? outcome : RPC_OUTCOME(status);
}

void rpc_server_push_reply(struct rpc_call *call, struct channel_descriptor request,
                           uint64_t outcome)
{
    struct rpc_channel *taken = rpc_call_channel(call);
    struct channel *channel = &taken->channel;
    if (outcome == RPC_OUTCOME(RPC_OTHER))
        outcome = rpc_server_addressed(call,
                                  ((uint32_t)(request.flags ^ CHANNEL_FLAG_REQUEST) << 16) |
                                      request.method,
                                  channel->receive_words + request.offset, request.length);
    if (__builtin_expect(outcome >> 32 == RPC_ODD, 0) && call->given.count > 0)
        outcome = rpc_server_run(call, &call->received, outcome);
    enum exo_status status = outcome_status(outcome);
    uint32_t offset = channel->arena_tail;
    uint32_t length = status == EXO_STATUS_OK ? (uint32_t)outcome : rpc_failure_build(call, taken);
    uint64_t run = call->run;
    uint16_t flags = run ? CHANNEL_FLAG_CAPABILITIES : 0;
    call->run = 0;
    call->has_capabilities = false;
    if (request.method == CHANNEL_NOTHING || !has_room(taken)) {
        rpc_run_end(run);
        return;
    }
    /* A failure is remembered, too: calls of what would have been in its results fail like it. */
    if ((length > 0 || flags || status != EXO_STATUS_OK) &&
        !rpc_region_add(taken, request.question, length, status, run)) {
        rpc_run_end(run);
        status = EXO_STATUS_FULL;
        offset = length = flags = 0;
    }
    channel_push(channel, channel_place_word(offset, length),
                 channel_meaning_word((uint16_t)status, flags, request.question));
    rpc_server_make_room(taken);
}

void rpc_server_make_room(struct rpc_channel *channel)
{
    struct channel *shared = &channel->channel;
    if (shared->arena_room >= shared->arena_quarter)
        return;
    rpc_region_reclaim(channel);
    if (shared->arena_room < shared->arena_quarter)
        channel_arena_wrap(shared);
}

/* The synchronous reply that the client may still read becomes part of what is before the tail. */
static void step_over_pending(struct rpc_channel *channel)
{
    if (channel->channel.arena_pending > 0 && !channel->is_pending_behind) {
        channel_arena_take(&channel->channel, channel->channel.arena_pending);
        channel->is_pending_behind = true;
    }
}

/* Serve what waits in the ring, and the request in the two words at `now` behind it, if not null;
 * signal a client that sleeps, in any case if it `waits`. What came with the call belongs to `now`
 * alone. */
static void drain_ring(struct rpc_call *call, const uint64_t *now, bool waits)
{
    struct channel *channel = &rpc_call_channel(call)->channel;
    rpc_drain *drain = call->service->drain;
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
    if ((count > 0 || waits) && channel_peer_attention(channel) == CHANNEL_ATTENTION_ASLEEP) {
        const struct channel_place *places = call->server->binding->places;
        exo_event_signal(places[(uint32_t)call->badge].doorbell);
    }
}

/* Serve what a call has besides its request: a badge of another generation, flags, replies of
 * asynchronous calls in the arena. `*goes_on` says whether there is a request to dispatch. */
static enum exo_status serve_special(struct rpc_call *call, uint64_t place, uint64_t meaning,
                                     bool *goes_on)
{
    struct rpc_channel *taken = rpc_call_channel(call);
    struct channel *channel = &taken->channel;
    uint16_t flags = (uint16_t)(meaning >> 16);
    uint32_t question = (uint32_t)(meaning >> 32);
    uint64_t now[2] = {place,
                       channel_meaning_word((uint16_t)meaning,
                                            CHANNEL_FLAG_REQUEST | (flags & CHANNEL_FLAG_ADDRESSED),
                                            question)};
    *goes_on = false;
    if (call->badge < taken->badge || taken->one_way.memory)
        return EXO_STATUS_DISCONNECTED;
    /* A client that begins has another epoch. One that was started again has a badge of a later
     * generation, too, which says nothing where its epoch was taken up before: by the Thread for
     * the rings, or with a call of its life before, which was cut off by its end; but for memory
     * that was made anew. What one counts whose line was cleared, since we are new, is no longer
     * true. */
    uint32_t epoch = channel_peer_epoch(channel);
    bool is_unknown = epoch == 0 || !channel_is_kept(channel);
    if ((epoch != 0 && epoch != channel->epoch) || (is_unknown && call->badge > taken->badge))
        begin_again(call->server, taken, call->badge, epoch);
    __atomic_store_n(&taken->badge, call->badge, __ATOMIC_RELAXED);
    if ((flags & ~CHANNEL_FLAG_ADDRESSED) && epoch != channel->epoch)
        return EXO_STATUS_DISCONNECTED;
    if (flags & CHANNEL_FLAG_KEEP)
        rpc_region_add(taken, question, taken->is_pending_behind ? 0 : channel->arena_pending,
                   EXO_STATUS_OK, 0);
    channel->arena_pending = 0;
    taken->is_pending_behind = false;
    rpc_region_reclaim(taken);
    drain_ring(call, flags & CHANNEL_FLAG_NOW ? now : 0, false);
    rpc_server_make_room(taken);
    struct rpc_region *region = rpc_region_find(taken, question);
    if ((flags & CHANNEL_FLAG_FETCH) && region)
        call->run = rpc_region_take(region); /* it can be fetched once */
    call->has_capabilities |= call->run != 0;
    *goes_on = !(flags & (CHANNEL_FLAG_FETCH | CHANNEL_FLAG_NOW | CHANNEL_FLAG_DRAIN));
    return EXO_STATUS_OK;
}

/* What is answered to a call. */
struct answer {
    uint64_t place;
    enum exo_status status;
};

/* Give back the capabilities that came and were not taken. */
static void release(struct rpc_call *call)
{
    for (uint32_t i = 0; i < call->received.count; i++)
        exo_capability_delete(call->received.first + i); /* empty if it was taken */
    if (call->received.count > 0)
        rpc_window_post(&call->window);
    call->received.count = 0;
    call->has_capabilities = false;
}

/* The run that goes with the answer to a call: of what its handler gave, or what it fetches. */
static uint64_t take_given(struct rpc_call *call, struct answer *answer)
{
    if (call->given.count > 0 && answer->status == EXO_STATUS_OK)
        answer->status = outcome_status(rpc_server_run(call, &call->received, 0));
    uint64_t run = call->run;
    call->given.count = call->run = 0;
    return run;
}

/* Somebody came for the ring while the channel was served: wake the Thread that serves rings. */
static void wake_again(struct rpc_server *server, struct rpc_channel *channel)
{
    /* The Event of the own rings: its Thread waits for it, so a signal makes it look again. */
    exo_event_signal(server->binding->places[channel - server->channels].wake);
}

/* The channel was left, and `before` came out of its word. */
static void left(struct rpc_server *server, struct rpc_channel *channel, uint64_t before)
{
    if (channel->channel.broken) /* the mark may have been overwritten */
        __atomic_fetch_or(&channel->serving, RPC_SERVING_BROKEN, __ATOMIC_SEQ_CST);
    if (before & RPC_SERVING_AGAIN)
        wake_again(server, channel);
}

/* A channel was exchanged that another Thread holds; `before` came out. Puts back what was in it
 * besides. */
static void put_back(struct rpc_server *server, struct rpc_channel *channel, uint64_t before)
{
    uint64_t bits = before & (RPC_SERVING_AGAIN | RPC_SERVING_BROKEN);
    if (bits == 0)
        return;
    uint64_t now = __atomic_fetch_or(&channel->serving, bits, __ATOMIC_SEQ_CST);
    /* If its holder left meanwhile, setting the bit took the channel. */
    if ((bits & RPC_SERVING_AGAIN) && !(now & RPC_SERVING_HELD)) {
        __atomic_store_n(&channel->serving, now, __ATOMIC_SEQ_CST);
        left(server, channel, RPC_SERVING_AGAIN);
    }
}

/* Serve a call on a channel that is held, whatever there is to do besides. */
static uint64_t serve_held(struct rpc_call *call, uint64_t place, uint64_t meaning)
{
    struct rpc_channel *taken = rpc_call_channel(call);
    struct channel *channel = &taken->channel;
    uint32_t offset = channel_place_offset(place), length = channel_place_length(place);
    bool goes_on;
    enum exo_status status = serve_special(call, place, meaning, &goes_on);
    if (!goes_on)
        return RPC_OUTCOME(status);
    if (!channel_in_bounds(channel, offset, length))
        return RPC_OUTCOME(EXO_STATUS_BAD_MESSAGE);
    const uint64_t *words = channel->receive_words + offset;
    meaning = (uint16_t)meaning | (meaning & (uint64_t)CHANNEL_FLAG_ADDRESSED << 16);
    uint64_t outcome = call->service->dispatch(call, taken, call->methods, meaning, words, length);
    return outcome == RPC_OUTCOME(RPC_OTHER) ? rpc_server_addressed(call, meaning, words, length)
                                             : outcome;
}

/* The answer to a call that was served on a channel that was left. */
static struct answer answer_of(const struct channel *channel, uint32_t offset, uint64_t outcome)
{
    struct answer answer = {.status = outcome_status(outcome)};
    if (answer.status == EXO_STATUS_OK && channel->broken)
        answer.status = EXO_STATUS_DISCONNECTED;
    if ((uint32_t)outcome > 0)
        answer.place = channel_place_word(offset, (uint32_t)outcome);
    return answer;
}

/* Make the answer of what was served, and leave the channel. */
static struct answer leave(struct rpc_call *call, uint64_t outcome)
{
    struct rpc_channel *taken = rpc_call_channel(call);
    uint32_t offset = taken->channel.arena_tail;
    if (outcome_status(outcome) != EXO_STATUS_OK)
        outcome = (outcome >> 32 << 32) | rpc_failure_build(call, taken);
    taken->channel.arena_pending = (uint32_t)outcome;
    uint64_t after = __atomic_exchange_n(&taken->serving, free_word(taken), __ATOMIC_SEQ_CST);
    left(call->server, taken, after);
    return answer_of(&taken->channel, offset, outcome);
}

/* Serve a call whose channel was exchanged and `before` came out. */
static struct answer serve_exchanged(struct rpc_call *call, uint64_t before, uint64_t place,
                                     uint64_t meaning)
{
    if (before & RPC_SERVING_HELD) {
        put_back(call->server, rpc_call_channel(call), before);
        return (struct answer){CHANNEL_PLACE_HELD, EXO_STATUS_BUSY};
    }
    return leave(call, serve_held(call, place, meaning));
}

/* Serve a call of which only the badge is known. */
static struct answer serve_arrived(struct rpc_call *call, uint64_t received,
                                   const struct rpc_arrival *came)
{
    call->badge = came->badge;
    rpc_window_came(&call->window, received, &call->received);
    call->has_capabilities = received != 0;
    if ((uint32_t)came->badge >= call->server->channel_count)
        return (struct answer){.status = EXO_STATUS_BAD_ARGUMENT};
    uint64_t before = __atomic_exchange_n(&rpc_call_channel(call)->serving, RPC_SERVING_TAKEN,
                                          __ATOMIC_ACQUIRE);
    return serve_exchanged(call, before, came->place, came->meaning);
}

/* Has the client of a channel left something behind: its end of the doorbell went with it. Whoever
 * does not hold the channel may ask, and then looks again. */
static bool is_left(const struct rpc_channel *channel, const struct channel_place *place)
{
    uint64_t kind, rights, value, count, low, high;
    return (rpc_region_has_run(channel) || rpc_object_has(channel)) && place->doorbell != 0 &&
           exo_capability_info(EXO_SELF, place->doorbell, &kind, &rights, &value, &count, &low,
                               &high) == EXO_STATUS_OK &&
           (kind & 0xff) == EXO_OBJECT_KIND_EMPTY;
}

/* The answer to a call whose first answer the kernel refused: that status, if anybody waits. If
 * nobody does, what the call gave is left behind, and the client's end was noticed before. */
static struct answer answer_refused(struct rpc_call *call, uint64_t status)
{
    struct rpc_server *server = call->server;
    uint32_t index = (uint32_t)call->badge;
    if (status == EXO_STATUS_DISCONNECTED && index < server->channel_count &&
        is_left(&server->channels[index], &server->binding->places[index]))
        wake_again(server, &server->channels[index]);
    return (struct answer){.status = status == EXO_STATUS_DISCONNECTED ? EXO_STATUS_OK
                                                                       : (enum exo_status)status};
}

/* Give an answer, and wait for the next call that may be a usual one. */
static struct rpc_arrival answer_call(struct rpc_call *call, struct answer answer)
{
    for (;;) {
        struct rpc_arrival came;
        uint64_t word2, word3, received, run = 0;
        if (call->has_capabilities) {
            run = take_given(call, &answer);
            release(call);
        }
        enum exo_status failed =
            exo_portal_reply(answer.place, 0, 0, 1, answer.status,
                             answer.status == EXO_STATUS_OK ? RPC_RUN_TRANSFER(run) : 0,
                             &came.place, &came.meaning, &word2, &word3, &came.badge, &received);
        rpc_run_end(run);
        if (failed != EXO_STATUS_OK)
            answer = answer_refused(call, failed);
        else if (received == 0)
            return came;
        else
            answer = serve_arrived(call, received, &came);
    }
}

struct rpc_arrival rpc_server_first(struct rpc_call *call)
{
    return answer_call(call, (struct answer){.status = EXO_STATUS_OK});
}

struct rpc_arrival rpc_server_arrived(struct rpc_call *call, uint64_t failed, uint64_t received,
                                      uint64_t place, uint64_t meaning, uint64_t badge)
{
    const struct rpc_arrival came = {place, meaning, badge};
    return answer_call(call, failed != EXO_STATUS_OK ? answer_refused(call, failed)
                                                     : serve_arrived(call, received, &came));
}

struct rpc_arrival rpc_server_exchanged(struct rpc_call *call, uint64_t before, uint64_t place,
                                        uint64_t meaning, uint64_t badge)
{
    call->badge = badge;
    return answer_call(call, serve_exchanged(call, before, place, meaning));
}

struct rpc_arrival rpc_server_served(struct rpc_call *call, uint64_t outcome)
{
    if (outcome == RPC_OUTCOME(RPC_OTHER))
        outcome = serve_held(call, call->place, call->meaning);
    return answer_call(call, leave(call, outcome));
}

struct rpc_arrival rpc_server_left(struct rpc_call *call, uint64_t outcome, uint64_t after)
{
    struct rpc_channel *channel = rpc_call_channel(call);
    left(call->server, channel, after);
    return answer_call(call, answer_of(&channel->channel, 0, outcome));
}

void rpc_server_build(struct rpc_call *call)
{
    call->built = RPC_BUILT;
    call->given.count = 0;
    rpc_server_begin(rpc_call_channel(call), &call->builder);
    if (call->builder.word_max > 0) {
        call->builder.words[0] = 0;
        call->builder.word_count = 1;
    }
}

uint64_t rpc_server_give(struct rpc_call *call, enum exo_status status, uint32_t length,
                         const struct rpc_given *given)
{
    call->given.count = 0;
    if (status != EXO_STATUS_OK || given->count == 0)
        return RPC_OUTCOME(status) | length;
    call->given = *given;
    call->has_capabilities = true;
    return RPC_OUTCOME(RPC_ODD) | length;
}

uint64_t rpc_server_built(struct rpc_call *call, uint32_t status_or_built)
{
    call->built = 0;
    if (status_or_built != RPC_BUILT) {
        call->given.count = 0;
        return RPC_OUTCOME(status_or_built & ~RPC_BUILT);
    }
    const struct rpc_given given = call->given;
    return rpc_server_give(call, rpc_status(call->builder.error), call->builder.word_count,
                           &given);
}

/* Serve the ring of one channel, unless another Thread is at it: that one is told. */
static void serve_ring(struct rpc_channel *channel, struct rpc_call *call)
{
    if (__atomic_fetch_or(&channel->serving, RPC_SERVING_AGAIN, __ATOMIC_SEQ_CST) &
        RPC_SERVING_HELD)
        return; /* it will call wake_again when it leaves */
    call->badge = channel->badge;
    uint32_t epoch = channel_peer_epoch(&channel->channel);
    bool is_other = epoch != 0 && epoch != channel->channel.epoch;
    if (is_other)
        begin_again(call->server, channel, channel->badge, epoch);
    step_over_pending(channel);
    rpc_region_reclaim(channel);
    drain_ring(call, 0, is_other);
    if (is_left(channel, &call->server->binding->places[(uint32_t)channel->badge])) {
        rpc_object_drop(channel);
        rpc_region_drop(channel);
        rpc_region_reclaim(channel);
    }
    /* Only Threads for the ring set the bit, and there is one: nobody waits to be told. */
    __atomic_store_n(&channel->serving, free_word(channel), __ATOMIC_SEQ_CST);
    left(call->server, channel, 0);
}

/* Serve what waits in a one-way channel, at most once round: each request from a copy of ours. What
 * becomes of it is told to nobody. */
static void serve_one_way(struct rpc_channel *channel, struct rpc_call *call)
{
    uint64_t words[ONE_WAY_WORDS_MAX];
    struct channel_descriptor request;
    call->badge = channel->badge;
    call->is_asynchronous = true;
    for (uint32_t i = 0; i < CHANNEL_ENTRIES_MAX; i++) {
        if (!one_way_take(&channel->one_way, words, &request))
            break;
        uint32_t flags = request.flags ^ CHANNEL_FLAG_REQUEST;
        uint64_t outcome = call->service->dispatch(call, channel, call->methods,
                                                   flags << 16 | request.method, words,
                                                   request.length);
        if (outcome == RPC_OUTCOME(RPC_OTHER))
            rpc_server_addressed(call, flags << 16 | request.method, words, request.length);
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

/* Will a handler that serves the channel wake the Thread for the rings when it leaves. */
static bool will_wake(const struct rpc_channel *channel)
{
    const uint64_t both = RPC_SERVING_HELD | RPC_SERVING_AGAIN;
    return (__atomic_load_n(&channel->serving, __ATOMIC_SEQ_CST) & both) == both;
}

_Noreturn void rpc_server_events(struct rpc_server *server, struct rpc_call *call)
{
    uint64_t bits;
    for (;;) {
        bool is_idle = true;
        for (uint32_t i = 0; i < server->channel_count; i++)
            if (look(&server->channels[i], CHANNEL_ATTENTION_ASLEEP) &&
                !will_wake(&server->channels[i]))
                is_idle = false;
        if (is_idle && server->channel_count > 0)
            exo_event_wait(server->binding->places[0].wake, RPC_FOR_EVER, &bits);
        for (uint32_t i = 0; i < server->channel_count; i++) {
            struct rpc_channel *channel = &server->channels[i];
            if (!look(channel, CHANNEL_ATTENTION_AWAKE) &&
                !is_left(channel, &server->binding->places[i]))
                continue;
            if (channel->one_way.memory)
                serve_one_way(channel, call);
            else
                serve_ring(channel, call);
        }
    }
}
