/* SPDX-License-Identifier: MIT */
/*
 * The server's half of rpc; see rpc.h. Programs use the generated X_serve, and of this file what a
 * handler finds in `struct rpc_call`.
 *
 * Who serves a channel. Its word `serving` is the badge of the channel's client while nobody does,
 * so one exchange by a Thread that brings RPC_SERVING_TAKEN both takes the channel and says whether
 * the call is a usual one: it is when the badge came out. Bits that no badge has say what else
 * there is to know. The Thread that serves the rings sets RPC_SERVING_AGAIN instead: it took the
 * channel if neither bit was there, and otherwise is told when its holder leaves.
 */
#ifndef RPC_SERVER_H
#define RPC_SERVER_H
#include "rpc.h"

/* A reply in the server's arena that the client has not finished. */
struct rpc_region {
    uint32_t question;
    uint32_t start, length;
    uint16_t run_first; /* capabilities to be fetched: the run, of which bits 16 to 31 are 0 */
    uint8_t run_count;  /* ... and its bits from 32 on */
    uint8_t status;
};

/* As a whole a number that fits into an instruction, and no badge. */
#define RPC_SERVING_TAKEN UINT64_C(0xffffffff80000000)
#define RPC_SERVING_AGAIN (UINT64_C(1) << 30)  /* somebody came, or took it, for the ring */
#define RPC_SERVING_LOOK (UINT64_C(1) << 29)   /* something lies in the arena but the last reply */
#define RPC_SERVING_BROKEN (UINT64_C(1) << 28) /* the memory went away, see channel_guard */
#define RPC_SERVING_HELD (UINT64_C(1) << 63 | RPC_SERVING_AGAIN) /* somebody has it, if any bit */

/*
 * A server's end of one client's channel; private. The size is a power of two, for quick indexing.
 */
struct rpc_channel {
    __attribute__((aligned(256))) uint64_t serving;
    bool is_pending_behind; /* the synchronous reply lies before arena_tail already */
    uint32_t replies_taken; /* as the client last said, see rpc_server.c */
    uint32_t cancelled;     /* how many questions the client had called off at the last look */
    uint32_t answered;      /* the question that is expected next */
    struct channel channel;
    uint64_t badge;
    uint32_t region_first, region_count;
    uint32_t object_count; /* that the client has */
    struct rpc_region *regions; /* a ring of CHANNEL_ENTRIES_MAX */
    struct one_way_reader one_way; /* if it is open, this is all of the channel */
};

struct rpc_call;

/* What a dispatcher returns: the reply's length, and in the upper half a status or one of: */
#define RPC_ODD 0x100u   /* ok, and capabilities go with the reply */
#define RPC_OTHER 0x101u /* no method has this number, or it is more than a number */
#define RPC_REASON_BYTES 128u /* that pass a forward */
#define RPC_OUTCOME(status) ((uint64_t)(status) << 32)

/* Serve one request: `method` with a message of `length` words at `words`. The generated
 * dispatcher, made to be inlined; `channel` is the call's, `methods` the server's handlers. Builds
 * the reply at the arena's tail. */
typedef uint64_t rpc_dispatch(struct rpc_call *call, struct rpc_channel *channel,
                              const void *methods, uint64_t method, const uint64_t *words,
                              uint64_t length);

/* Serve `count` requests of a ring, from the one at `head` on: rpc_server_drain with the dispatcher
 * inlined. */
typedef void rpc_drain(struct rpc_call *call, const uint64_t *ring, uint32_t mask, uint32_t head,
                       uint32_t count);

struct rpc_service;

/* An interface that another one inherits. */
struct rpc_super {
    const struct rpc_service *service;
    size_t offset; /* of the pointer to its handlers in the other's `struct X_methods` */
};

/* What was generated to serve an interface. */
struct rpc_service {
    const struct rpc_interface *interface;
    rpc_dispatch *dispatch;
    rpc_drain *drain;
    const struct rpc_super *supers; /* all, each once */
    uint32_t super_count;
    uint32_t handlers_bytes; /* of its `struct X_methods`, which holds nothing but pointers ... */
    uint32_t own_count;      /* ... first those to its own handlers */
};

/* Find the part of a server that serves an interface: the server's own, or one that it inherits.
 * Changes both, unless it returns false. */
bool rpc_service_find(const struct rpc_service **service, const void **methods, uint64_t id);

/* A server: one exported interface with the channels of its clients. */
struct rpc_server {
    const struct binding *binding;
    struct rpc_channel *channels;
    uint32_t channel_count;
    bool has_rings_thread;
};

/* A call that is being served; handlers get it. */
struct rpc_call {
    void *context;       /* what the server was started with */
    const void *methods; /* the server's function pointers */
    uint64_t badge;      /* who calls: the channel's index | its generation << 32 */
    struct rpc_server *server;
    const struct rpc_service *service;
    struct rpc_received received; /* capabilities that came with the request */
    struct rpc_given given;       /* capabilities that go with the reply */
    uint64_t run;                 /* these, or those of an earlier one that are fetched */
    bool has_capabilities;        /* one of the three is there */
    bool is_asynchronous;
    uint32_t built; /* RPC_BUILT: the handler builds the reply itself, in `builder` */
    uint64_t place, meaning;      /* of a request that the quick way gave up */
    struct capnp_text reason;     /* of the failure that the handler returns, see rpc_fail */
    uint32_t failure;             /* enum failure_exception_type */
    char reason_bytes[RPC_REASON_BYTES]; /* of a failure that came from another server */
    struct capnp_builder builder;
    struct capnp_message message; /* what the general reader spends */
    struct rpc_window window;
};

/* The channel that a call came by. */
RPC_INLINE struct rpc_channel *rpc_call_channel(const struct rpc_call *call)
{
    return &call->server->channels[(uint32_t)call->badge];
}

/* For handlers: the server's end of the one-way channel of a call. Its `received` counts this call,
 * `lost` what was overwritten before; 0 when the channel goes both ways. */
static inline const struct one_way_reader *rpc_one_way(const struct rpc_call *call)
{
    return &rpc_call_channel(call)->one_way;
}

/* Fail a call: a handler returns what this returns. `reason`, a text for people, may be empty; it
 * must outlive the handler (a literal, or the server's own memory), and is cut off when the channel
 * has no room for it. */
enum exo_status rpc_fail(struct rpc_call *call, enum failure_exception_type type,
                         struct capnp_text reason);

/* Join a server on a binding, as one of its Threads: fills call->window. The first to come opens
 * the channels. A Thread for the rings is no handler and receives no capabilities. Null when there
 * are more servers or channels than the runtime has room for. */
struct rpc_server *rpc_server_join(const struct binding *binding, struct rpc_call *call,
                                   bool is_for_rings);

/* Where the dispatcher builds a reply. */
RPC_INLINE void rpc_server_begin(const struct rpc_channel *channel, struct capnp_builder *builder)
{
    builder->words = channel->channel.arena_next;
    builder->word_max = channel->channel.arena_room;
    builder->word_count = 0;
    builder->error = CAPNP_OK;
    builder->more = 0;
}

/* Begin a reply that the handler builds itself, in call->builder; the root is still null. */
void rpc_server_build(struct rpc_call *call);

#define RPC_BUILT UINT32_C(0x80000000) /* no status has this bit */

/* The handler failed, or built the reply itself: end it. */
uint64_t rpc_server_built(struct rpc_call *call, uint32_t status_or_built);

/* End a reply of `length` words that may have capabilities. */
uint64_t rpc_server_give(struct rpc_call *call, enum exo_status status, uint32_t length,
                         const struct rpc_given *given);

/* Make the run of what a handler gave, and of what is `leaving` copies; see rpc_run_make. Returns
 * the call's outcome: `outcome`, or the failure of what cannot be given. */
uint64_t rpc_server_run(struct rpc_call *call, const struct rpc_received *leaving,
                        uint64_t outcome);

/* The registers of a call that came. */
struct rpc_arrival {
    uint64_t place, meaning, badge;
};

/* Wait for the first call. */
struct rpc_arrival rpc_server_first(struct rpc_call *call);

/* These go on with a call that is no usual one until it is answered, and wait for the next that may
 * be one. Which it is depends on how far the loop came: nothing was done (`failed`: why the kernel
 * could not give the answer before; then nothing else is right); `serving` was exchanged and
 * `before` came out; the channel is held and `outcome` came of the dispatcher; or all worked, the
 * channel was left, and `after` came out. */
struct rpc_arrival rpc_server_arrived(struct rpc_call *call, uint64_t failed, uint64_t received,
                                      uint64_t place, uint64_t meaning, uint64_t badge);
struct rpc_arrival rpc_server_exchanged(struct rpc_call *call, uint64_t before, uint64_t place,
                                        uint64_t meaning, uint64_t badge);
struct rpc_arrival rpc_server_served(struct rpc_call *call, uint64_t outcome);
struct rpc_arrival rpc_server_left(struct rpc_call *call, uint64_t outcome, uint64_t after);

/* Serve a call in the quick way, on a channel that was found and taken. */
RPC_INLINE uint64_t rpc_server_serve(struct rpc_call *call, struct rpc_channel *taken,
                                     const void *methods, rpc_dispatch *dispatch,
                                     uint64_t badge, uint64_t place, uint64_t meaning)
{
    struct channel *channel = &taken->channel;
    call->badge = badge;
    /* The last reply lives until here. */
    channel_junk(channel->arena_next, channel->arena_pending);
    if (__builtin_expect(place > channel->arena_words, 0)) {
        call->place = place;
        call->meaning = meaning;
        return RPC_OUTCOME(RPC_OTHER);
    }
    return dispatch(call, taken, methods, meaning, channel->receive_words, place);
}

/* What a dispatcher returns for a number that is no method's. */
RPC_INLINE uint64_t rpc_server_other(struct rpc_call *call, uint64_t meaning, uint64_t length)
{
    call->place = length; /* if it is the quick way that asks */
    call->meaning = meaning;
    return RPC_OUTCOME(RPC_OTHER);
}

/* A handler Thread's life: wait for a call, serve it, answer it and wait for the next. */
RPC_INLINE __attribute__((noreturn)) void rpc_server_loop(struct rpc_server *server,
                                                          struct rpc_call *call,
                                                          const void *methods,
                                                          rpc_dispatch *dispatch)
{
    struct rpc_arrival came = rpc_server_first(call);
    uint64_t place, meaning, word2, word3, badge, transfer, before, outcome, after, failed;
    struct rpc_channel *channel;
    goto unusual;
    for (;;) {
        if (__builtin_expect((uint32_t)badge >= server->channel_count, 0)) {
            came = rpc_server_arrived(call, 0, 0, place, meaning, badge);
            goto unusual;
        }
        channel = &server->channels[(uint32_t)badge];
        before = __atomic_exchange_n(&channel->serving, RPC_SERVING_TAKEN, __ATOMIC_ACQUIRE);
        if (__builtin_expect(before != badge, 0)) {
            came = rpc_server_exchanged(call, before, place, meaning, badge);
            goto unusual;
        }
        outcome = rpc_server_serve(call, channel, methods, dispatch, badge, place, meaning);
        if (__builtin_expect(outcome >> 32 != 0, 0)) {
            came = rpc_server_served(call, outcome);
            goto unusual;
        }
        channel->channel.arena_pending = (uint32_t)outcome;
        after = __atomic_exchange_n(&channel->serving, call->badge, __ATOMIC_SEQ_CST);
        if (__builtin_expect(after != RPC_SERVING_TAKEN, 0)) {
            came = rpc_server_left(call, outcome, after);
            goto unusual;
        }
        /* As exo_portal_reply does it, but that the status is looked at together with the count
         * of capabilities. */
        place = channel_place_word(0, (uint32_t)outcome);
        meaning = word2 = transfer = 0;
        word3 = 1;
        badge = EXO_STATUS_OK;
        failed = exo_syscall6_vector(EXO_CALL_WORD(EXO_CALL_PORTAL_REPLY, 0), &place, &meaning,
                                     &word2, &word3, &badge, &transfer);
        transfer |= failed;
        if (__builtin_expect(transfer == 0, 1))
            continue;
        came = rpc_server_arrived(call, failed, transfer, place, meaning, badge);
    unusual:
        place = came.place;
        meaning = came.meaning;
        badge = came.badge;
        /* Or the compiler joins the two in a vector register, in the quick way too. */
        __asm__("" : "+r"(place), "+r"(meaning));
    }
}

/* The life of the Thread that serves the rings: it waits for the bindings' Event. */
__attribute__((noreturn)) void rpc_server_events(struct rpc_server *server,
                                                 struct rpc_call *call);

/* Make sure that the next reply finds room at the arena's tail, if there is any. */
void rpc_server_make_room(struct rpc_channel *channel);

/* Was a question finished or called off. */
bool rpc_server_is_finished(const struct channel *channel, uint32_t question);

/* Tell the client that the questions from `first` up to `end` were answered with ok and nothing
 * else: one descriptor for all. */
void rpc_server_push_done(struct rpc_channel *channel, uint32_t first, uint32_t end);

/* Push the reply to a question, whose message lies at the arena's tail. What is more than a
 * method's number is served here. */
void rpc_server_push_reply(struct rpc_call *call, struct channel_descriptor request,
                           uint64_t outcome);

/* ---- between rpc_server.c, rpc_region.c and rpc_address.c ---- */

/* Make the next `length` words of the arena the reply to a question, with the run of capabilities
 * that it gives; false when there are too many, or the run's slots have too large numbers. */
bool rpc_region_add(struct rpc_channel *channel, uint32_t question, uint32_t length,
                    enum exo_status status, uint64_t run);

/* The reply to a question that is not finished; null if there is none. */
struct rpc_region *rpc_region_find(const struct rpc_channel *channel, uint32_t question);

/* Take out of a reply the run that it has to give: it can be fetched once. */
uint64_t rpc_region_take(struct rpc_region *region);

/* Is there a reply whose capabilities nobody has fetched. */
bool rpc_region_has_run(const struct rpc_channel *channel);

/* Free what the client has finished, oldest first; or all, when there is no client any more. */
void rpc_region_reclaim(struct rpc_channel *channel);
void rpc_region_drop(struct rpc_channel *channel);

/* Serve a request that is more than a method's number, if it is well addressed. */
uint64_t rpc_server_addressed(struct rpc_call *call, uint64_t meaning, const uint64_t *words,
                              uint64_t length);

/* Build the reply of a call that failed: why it did, if the handler said so. Returns its length. */
uint32_t rpc_failure_build(struct rpc_call *call, const struct rpc_channel *channel);

/* Serve one asynchronous request. Returns whether its answer is ok and nothing else; otherwise the
 * reply was pushed, behind the one for the questions from `first` up to it. */
RPC_INLINE bool rpc_server_one(struct rpc_call *call, struct rpc_channel *taken,
                               rpc_dispatch *dispatch, struct channel_descriptor request,
                               bool some_cancelled, uint32_t first, uint32_t next)
{
    struct channel *channel = &taken->channel;
    uint64_t outcome = RPC_OUTCOME(EXO_STATUS_BAD_MESSAGE);
    /* With the flag taken away this is the method; without it, or with others, it is none. */
    uint32_t method = ((uint32_t)request.flags << 16 | request.method) ^
                      (uint32_t)CHANNEL_FLAG_REQUEST << 16;
    if (__builtin_expect(some_cancelled, 0) && rpc_server_is_finished(channel, request.question))
        outcome = RPC_OUTCOME(EXO_STATUS_CANCELLED);
    else if (channel_in_bounds(channel, request.offset, request.length))
        outcome = dispatch(call, taken, call->methods, method,
                           channel->receive_words + request.offset, request.length);
    if (__builtin_expect(outcome == 0 && request.question == next, 1))
        return true;
    rpc_server_push_done(taken, first, next);
    rpc_server_push_reply(call, request, outcome);
    return false;
}

/* See rpc_drain. */
RPC_INLINE void rpc_server_drain(struct rpc_call *call, const uint64_t *ring, uint32_t mask,
                                 uint32_t head, uint32_t count, rpc_dispatch *dispatch)
{
    struct rpc_channel *taken = rpc_call_channel(call);
    struct channel *channel = &taken->channel;
    uint32_t cancelled = capnp_load32(channel_peer_line(channel) +
                                      CHANNEL_CLIENT_LINE_CANCELLED_OFFSET);
    bool some_cancelled = cancelled != taken->cancelled;
    uint32_t first = taken->answered, next = first;
    taken->cancelled = cancelled;
    rpc_server_make_room(taken);
    for (uint32_t end = head + count; head != end; head++) {
        struct channel_descriptor request = channel_entry(ring, mask, head);
        if (__builtin_expect(rpc_server_one(call, taken, dispatch, request, some_cancelled, first,
                                            next), 1))
            next++;
        else
            first = next = request.question + 1;
    }
    rpc_server_push_done(taken, first, next);
    taken->answered = next;
}
#endif
