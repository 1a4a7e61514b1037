/* SPDX-License-Identifier: MIT */
/*
 * rpc: calls of an interface over a channel. Generated clients and servers are built on this file;
 * what a program needs of it is at its end and in the generated headers.
 *
 * A synchronous call enters the server's Portal; the registers carry where the request lies, which
 * method it is for, and back where the reply lies:
 *   call:  word0 = place (offset, length), word1 = meaning (method, flags, question), word3 = 0
 *   reply: word0 = place, word3 = 1, so that the server's answers and the kernel's can be told
 * apart An asynchronous call is a descriptor in the ring (channel.h). The server serves the ring
 * before each synchronous call of the same channel, so calls keep their order.
 *
 * What is where: the client's half in rpc_client.c, the server's in rpc_server.c; the paths that
 * every call takes are inline here. A client serves one Thread. A server's channel serves one call
 * at a time: a second one gets `busy`. Over a one-way channel (one_way.h) requests can be posted or
 * sent, and whatever asks for an answer gets `denied`.
 */
#ifndef RPC_H
#define RPC_H
#include "binding.h"
#include "kernel_stubs.h"
#include "one_way.h"

#define RPC_CAPABILITIES_MAX 8u /* that can travel with one message */
#define RPC_FOR_EVER UINT64_MAX /* the deadline that never comes */
#define RPC_INLINE static inline __attribute__((always_inline))

/* The state of an asynchronous call at the client. */
enum rpc_question_state {
    RPC_QUESTION_FREE,      /* finished, or never used */
    RPC_QUESTION_SENT,      /* no reply yet */
    RPC_QUESTION_REPLIED,   /* the reply is there until it is finished */
    RPC_QUESTION_CANCELLED, /* the reply is not wanted, and will be finished when it comes */
    RPC_QUESTION_KEPT,      /* stands for a kept synchronous reply */
    RPC_QUESTION_UNASKED    /* nobody waits for the reply: free as soon as it comes */
};

/* An asynchronous call at the client. */
struct rpc_question {
    uint32_t state;          /* enum rpc_question_state */
    uint32_t start;          /* of the request in the arena */
    uint32_t answer;         /* the reply's status | its flags << 16 */
    uint32_t offset, length; /* of the reply */
};

/* Capabilities that came with the last message, in slots that follow each other. */
struct rpc_received {
    uint32_t first, count;
};

/* The slots in which a Thread's capabilities arrive. The kernel uses them up from the front; what
 * came is deleted in the end, and the run is posted again. */
struct rpc_window {
    uint32_t thread; /* slot of the Thread; zero: it does not receive */
    uint32_t first, count;
    uint32_t used;
};

/* A message in the peer's arena, within its bounds. */
struct rpc_reply {
    const uint64_t *words;
    uint32_t length;
};

/* A client's end of a channel; private, one for each Thread. */
struct rpc_client {
    struct channel channel;
    uint32_t portal;
    uint32_t special;         /* nonzero: rpc_client_prepare has something to do before a call */
    uint64_t deadline;        /* of the next call */
    uint64_t meaning;         /* what goes with the next call's meaning word */
    uint32_t question_oldest; /* all before it are free; the next is channel.send_tail */
    uint32_t answered;        /* what is before it and still sent was answered ok, nothing else */
    uint32_t cancelled;       /* how many were called off */
    enum exo_status failure;  /* the first of an unasked question, see rpc_client_settle */
    uint64_t timeout_ticks;   /* of each call; zero: wait for ever */
    struct rpc_received received;
    uint32_t keep_question;       /* goes with the next call if keep_last */
    bool keep_last;
    bool has_odd;   /* some question is not simply sent: look at each */
    bool has_asked; /* some question's reply is asked for */
    bool is_one_way; /* then there are no questions, and has_question is always false */
    struct capnp_message message; /* what the general reader spends */
    struct capnp_builder builder; /* of a request that the program builds itself */
    uint64_t transfer;            /* and the capabilities that go with it, see rpc_give */
    struct rpc_window window;
    const struct binding *binding;
    struct rpc_question questions[CHANNEL_ENTRIES_MAX];
    struct one_way_writer writer;
};

/* A reply in the server's arena that the client has not finished. */
struct rpc_region {
    uint32_t question;
    uint32_t start;
    struct rpc_received given; /* capabilities to be fetched; the slots stay the handler's */
};

/* Who serves a channel: bits of its `serving` word; nonzero means taken. */
#define RPC_SERVING 1u
#define RPC_SERVING_AGAIN 2u /* somebody came for the ring meanwhile, or took it for the ring */
#define RPC_NO_BADGE UINT64_MAX

/* A server's end of one client's channel; private. A power of two large, for quick indexing. */
struct rpc_channel {
    __attribute__((aligned(256))) uint32_t serving;
    bool is_pending_behind; /* the synchronous reply lies before arena_tail already */
    uint32_t replies_taken; /* as the client last said, see rpc_server.c */
    uint32_t cancelled;     /* how many questions the client had called off at the last look */
    uint32_t answered;      /* the question that is expected next */
    struct channel channel;
    uint64_t badge;
    uint64_t quick_badge; /* the badge, or RPC_NO_BADGE when rpc_server_special must look first */
    uint32_t region_first, region_count;
    struct rpc_region *regions; /* a ring of CHANNEL_ENTRIES_MAX */
    struct one_way_reader one_way; /* if it is open, this is all of the channel */
};

struct rpc_call;

/* Serve one request: `method` with a message of `length` words at `words`. The generated
 * dispatcher, made to be inlined; `channel` is call->channel. Builds the reply at the arena's
 * tail, sets its length (only for EXO_STATUS_OK), returns the status. */
typedef enum exo_status rpc_dispatch(struct rpc_call *call, struct rpc_channel *channel,
                                     uint64_t method, const uint64_t *words, uint32_t length,
                                     uint32_t *reply_length);

/* Serve `count` requests of a ring from `head` on: rpc_server_drain with the dispatcher inlined. */
typedef void rpc_drain(struct rpc_call *call, const uint64_t *ring, uint32_t mask, uint32_t head,
                       uint32_t count);

/* Serve one request that lies in private memory; its reply goes nowhere. */
typedef enum exo_status rpc_serve_copy(struct rpc_call *call, uint16_t method,
                                       const uint64_t *words, uint32_t length,
                                       uint32_t *reply_length);

/* A server: one exported interface with the channels of its clients. */
struct rpc_server {
    const struct binding *binding;
    struct rpc_channel *channels;
    uint32_t channel_count;
    uint32_t thread_next; /* how many handler Threads have come */
};

/* A call that is being served; handlers get it. */
struct rpc_call {
    void *context;       /* what the server was started with */
    const void *methods; /* the server's function pointers */
    uint64_t badge;      /* who calls: the channel's index | its generation << 32 */
    struct rpc_server *server;
    struct rpc_channel *channel;
    struct rpc_received received; /* capabilities that came with the request */
    uint64_t transfer;            /* capabilities that go with the reply, see rpc_give */
    bool has_capabilities;        /* one of the two is there */
    bool is_built;                /* the handler builds the reply itself, in `builder` */
    bool is_asynchronous;
    struct capnp_builder builder;
    struct capnp_message message; /* what the general reader spends */
    struct rpc_window window;
};

/* Post the whole run of slots; what came must be gone from them. */
void rpc_window_post(struct rpc_window *window);

/* The status that stands for an error of the encoding. */
enum exo_status rpc_status(enum capnp_error error);

/* The transfer word for the capability in `slot` as the next of a message. Returns its position, or
 * CAPNP_NO_CAPABILITY for EXO_NONE; sets `*failed` if it does not follow the one before. */
static inline uint32_t rpc_give(uint64_t *transfer, uint32_t slot, bool *failed)
{
    uint32_t count = (uint32_t)(*transfer >> 32);
    if (slot == EXO_NONE)
        return CAPNP_NO_CAPABILITY;
    if (count == 0)
        *transfer = slot;
    else if (slot != (uint32_t)*transfer + count || count == RPC_CAPABILITIES_MAX)
        *failed = true;
    *transfer += UINT64_C(1) << 32;
    return count;
}

/* The slot of the capability at a position of a message; EXO_NONE if it did not come. */
static inline uint32_t rpc_taken(struct rpc_received received, uint32_t position)
{
    return position < received.count ? received.first + position : EXO_NONE;
}

/* ---- the client's half ---- */

/* Open a client on a binding; EXO_STATUS_BAD_ARGUMENT if that has no usable channel. */
enum exo_status rpc_client_open(struct rpc_client *client, const struct binding *binding);

/* Forget all calls and begin anew, after the server was restarted. Texts and readers from before
 * are void. Returns as rpc_client_open; EXO_STATUS_DISCONNECTED: the server is not back yet. */
enum exo_status rpc_client_reconnect(struct rpc_client *client);

/* Give back the capabilities that came with the last reply and were not taken. */
void rpc_client_release(struct rpc_client *client);

/* Before a call, if client->special: release, deadline, keep. */
void rpc_client_prepare(struct rpc_client *client);

/* After a call: capabilities came with the reply. */
void rpc_client_receive(struct rpc_client *client, uint64_t count);

/* After a call that failed: what to tell the program. */
enum exo_status rpc_client_failed(const struct rpc_client *client, uint64_t word3,
                                  enum exo_status status);

/* When a request did not fit: look for room. Returns whether there may be more. */
bool rpc_client_make_room(struct rpc_client *client);

/* Begin a request: where it is built. */
RPC_INLINE void rpc_client_begin(struct rpc_client *client, struct capnp_builder *builder)
{
    if (__builtin_expect(client->special != 0, 0))
        rpc_client_prepare(client);
    builder->words = client->channel.arena_next;
    builder->word_max = client->channel.arena_room;
    builder->word_count = 0;
    builder->error = CAPNP_OK;
    builder->more = 0;
}

/* After a call that failed: make it again if only the Thread that serves the ring was in the way, a
 * few times; otherwise, or then, say what to tell the program. */
enum exo_status rpc_client_again(struct rpc_client *client, enum exo_status status,
                                 uint64_t word3, const uint64_t request[2], uint64_t transfer,
                                 uint64_t *place, uint64_t *received);

/* Make a synchronous call with the request of `length` words that was built. */
RPC_INLINE enum exo_status rpc_client_call(struct rpc_client *client, uint16_t method,
                                           uint32_t length, uint64_t transfer,
                                           struct rpc_reply *reply)
{
    uint64_t place, word1, word2, word3, received;
    const struct channel *channel = &client->channel;
    enum exo_status status = exo_portal_call(
        client->portal, channel_place_word(channel->arena_tail, length), client->meaning | method,
        0, 0, client->deadline, transfer, &place, &word1, &word2, &word3, &received);
    if (__builtin_expect(status != EXO_STATUS_OK, 0)) {
        const uint64_t request[2] = {channel_place_word(channel->arena_tail, length), method};
        *reply = (struct rpc_reply){0, 0};
        status = rpc_client_again(client, status, word3, request, transfer, &place, &received);
        if (status != EXO_STATUS_OK)
            return status;
    }
    channel_junk(channel->arena_next, length);
    if (__builtin_expect(received != 0, 0))
        rpc_client_receive(client, received);
    reply->length = (uint32_t)(place >> 32);
    reply->words = channel->receive_words + (uint32_t)place;
    return channel_in_bounds(channel, (uint32_t)place, reply->length) ? EXO_STATUS_OK
                                                                      : EXO_STATUS_BAD_MESSAGE;
}

/* A question can be taken without looking for free ones. */
RPC_INLINE bool rpc_client_has_question(const struct rpc_client *client)
{
    return client->channel.send_tail - client->question_oldest <= client->channel.entry_mask;
}

/* Before a request is sent: look for a free question and for room. */
enum exo_status rpc_client_send_slowly(struct rpc_client *client);

/* Begin an asynchronous request; EXO_STATUS_FULL when all questions are in use. */
RPC_INLINE enum exo_status rpc_client_send_begin(struct rpc_client *client,
                                                 struct capnp_builder *builder)
{
    enum exo_status status = EXO_STATUS_OK;
    if (__builtin_expect(!rpc_client_has_question(client), 0))
        status = rpc_client_send_slowly(client);
    builder->words = client->channel.arena_next;
    builder->word_max = client->channel.arena_room;
    builder->word_count = 0;
    builder->error = CAPNP_OK;
    builder->more = 0;
    return status;
}

/* Send the request of `length` words that was built. Returns the question's number. */
RPC_INLINE uint32_t rpc_client_send(struct rpc_client *client, uint16_t method, uint32_t length,
                                    enum rpc_question_state state)
{
    uint32_t id = client->channel.send_tail, start = client->channel.arena_tail;
    struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    client->special = 1; /* the next synchronous call tells the server to serve the ring first */
    question->start = start;
    question->state = state;
    channel_push(&client->channel, channel_place_word(start, length),
                 channel_meaning_word(method, CHANNEL_FLAG_REQUEST, id));
    channel_arena_take(&client->channel, length);
    return id;
}

/* Send a request with capabilities: by the portal, as the last of what is in the ring. */
enum exo_status rpc_client_send_now(struct rpc_client *client, uint16_t method, uint32_t length,
                                    uint64_t transfer, enum rpc_question_state state,
                                    uint32_t *question);

/* Wait for the reply to a question, at most until `deadline` (absolute ticks; 0 only looks).
 * Errors: the call's own status, EXO_STATUS_DEADLINE, EXO_STATUS_DISCONNECTED,
 * EXO_STATUS_BAD_ARGUMENT (no such question). */
enum exo_status rpc_client_wait(struct rpc_client *client, uint32_t question, uint64_t deadline,
                                struct rpc_reply *reply);

/* Is a question one that was sent and answered with ok and nothing else. */
RPC_INLINE bool rpc_client_is_done(const struct rpc_client *client, uint32_t id)
{
    return id - client->question_oldest < client->answered - client->question_oldest &&
           client->questions[id & client->channel.entry_mask].state == RPC_QUESTION_SENT;
}

/* As rpc_client_wait; quick when the reply is there already and says no more than ok. */
RPC_INLINE enum exo_status rpc_client_reply(struct rpc_client *client, uint32_t id,
                                            uint64_t deadline, struct rpc_reply *reply)
{
    *reply = (struct rpc_reply){client->channel.receive_words, 0};
    return rpc_client_is_done(client, id) ? EXO_STATUS_OK
                                          : rpc_client_wait(client, id, deadline, reply);
}

/* The status of a call whose reply was read: nothing that came through a broken channel counts. */
RPC_INLINE enum exo_status rpc_client_result(const struct rpc_client *client,
                                             enum exo_status status)
{
    return __builtin_expect(client->channel.broken, 0) ? EXO_STATUS_DISCONNECTED : status;
}

/* Begin a request that the program builds itself, in client->builder; the root is still null. */
RPC_INLINE void rpc_client_build(struct rpc_client *client)
{
    rpc_client_begin(client, &client->builder);
    client->transfer = 0;
    if (client->builder.word_max > 0) {
        client->builder.words[0] = 0;
        client->builder.word_count = 1;
    }
}

/* ---- the server's half ---- */

/* Join a server on a binding, as one of its Threads: fills call->window. The first to come opens
 * the channels. A Thread for the rings is no handler and receives no capabilities. Null when there
 * are more servers or channels than the runtime has room for. */
struct rpc_server *rpc_server_join(const struct binding *binding, struct rpc_call *call,
                                   bool is_for_rings);

/* Serve what is not an ordinary call: another badge than expected, flags, replies of asynchronous
 * calls in the arena. `*goes_on` says whether the call that came is still to be dispatched. */
enum exo_status rpc_server_special(struct rpc_call *call, rpc_drain *drain, uint64_t place,
                                   uint64_t meaning, bool *goes_on);

/* After a channel was found taken, by a Thread that left `before` in its place. */
void rpc_server_busy(struct rpc_server *server, struct rpc_channel *channel, uint32_t before);

/* Give back the capabilities that came and were not taken, and forget those that went. */
void rpc_server_release(struct rpc_call *call);

/* Somebody came for the ring while the channel was served: wake the Thread that serves rings. */
void rpc_server_again(struct rpc_server *server, struct rpc_channel *channel);

/* Find and take the channel of a badge, unless another Thread serves it. */
RPC_INLINE enum exo_status rpc_server_enter(struct rpc_server *server, uint64_t badge,
                                            struct rpc_channel **out)
{
    uint32_t index = (uint32_t)badge;
    if (__builtin_expect(index >= server->channel_count, 0))
        return EXO_STATUS_BAD_ARGUMENT;
    struct rpc_channel *channel = &server->channels[index];
    uint32_t before = __atomic_exchange_n(&channel->serving, RPC_SERVING, __ATOMIC_ACQUIRE);
    if (__builtin_expect(before != 0, 0)) {
        rpc_server_busy(server, channel, before);
        return EXO_STATUS_BUSY;
    }
    *out = channel;
    return EXO_STATUS_OK;
}

/* Let go of the channel. */
RPC_INLINE void rpc_server_leave(struct rpc_server *server, struct rpc_channel *channel)
{
    if (__atomic_exchange_n(&channel->serving, 0, __ATOMIC_SEQ_CST) != RPC_SERVING)
        rpc_server_again(server, channel);
}

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
RPC_INLINE void rpc_server_build(struct rpc_call *call)
{
    call->is_built = true;
    rpc_server_begin(call->channel, &call->builder);
    if (call->builder.word_max > 0) {
        call->builder.words[0] = 0;
        call->builder.word_count = 1;
    }
}

/* The handler failed, or built the reply itself: end it. */
RPC_INLINE enum exo_status rpc_server_built(struct rpc_call *call, enum exo_status status,
                                            uint32_t *reply_length)
{
    call->is_built = false;
    if (status != EXO_STATUS_OK)
        return status;
    *reply_length = call->builder.word_count;
    if (call->transfer != 0)
        call->has_capabilities = true;
    return rpc_status(call->builder.error);
}

/* Serve one call that came by the portal. Returns the status, and the reply's place. */
RPC_INLINE enum exo_status rpc_server_serve(struct rpc_call *call, struct rpc_channel *taken,
                                            rpc_drain *drain, rpc_dispatch *dispatch,
                                            uint64_t badge, uint64_t place, uint64_t meaning,
                                            uint64_t *reply_place)
{
    struct channel *channel = &taken->channel;
    enum exo_status status;
    uint32_t offset = (uint32_t)place, length = (uint32_t)(place >> 32), reply_length = 0;
    *reply_place = 0;
    call->channel = taken;
    call->badge = badge;
    if (__builtin_expect(meaning > UINT16_MAX || taken->quick_badge != badge, 0)) {
        bool goes_on;
        status = rpc_server_special(call, drain, place, meaning, &goes_on);
        if (!goes_on)
            return status;
        meaning &= UINT16_MAX;
    }
    /* The last reply lives until here. */
    channel_junk(channel->arena_next, channel->arena_pending);
    if (!channel_in_bounds(channel, offset, length))
        return EXO_STATUS_BAD_MESSAGE;
    status = dispatch(call, taken, meaning, channel->receive_words + offset, length, &reply_length);
    if (__builtin_expect(status != EXO_STATUS_OK, 0))
        return status;
    channel->arena_pending = reply_length;
    *reply_place = channel_place_word(channel->arena_tail, reply_length);
    return __builtin_expect(channel->broken, 0) ? EXO_STATUS_DISCONNECTED : EXO_STATUS_OK;
}

/* A handler Thread's life: wait for a call, serve it, answer it and wait for the next. The call
 * that the kernel could not answer (too few receive slots at the caller) is answered with that
 * status. */
RPC_INLINE void rpc_server_loop(struct rpc_server *server, struct rpc_call *call,
                                rpc_drain *drain, rpc_dispatch *dispatch)
{
    uint64_t reply_place = 0, transfer = 0;
    enum exo_status status = EXO_STATUS_OK;
    for (;;) {
        uint64_t place, meaning, word2, word3, badge, received;
        enum exo_status failed =
            exo_portal_reply(reply_place, 0, 0, 1, status, transfer, &place, &meaning, &word2,
                             &word3, &badge, &received);
        transfer = 0;
        reply_place = 0;
        if (__builtin_expect((failed | received) != 0, 0)) {
            if (failed != EXO_STATUS_OK) {
                status = failed == EXO_STATUS_DISCONNECTED ? EXO_STATUS_OK : failed;
                continue;
            }
            call->received = (struct rpc_received){call->window.first, (uint32_t)received};
            call->has_capabilities = true;
        }
        struct rpc_channel *channel;
        status = rpc_server_enter(server, badge, &channel);
        if (__builtin_expect(status == EXO_STATUS_OK, 1)) {
            status = rpc_server_serve(call, channel, drain, dispatch, badge, place, meaning,
                                      &reply_place);
            rpc_server_leave(server, channel);
        }
        if (__builtin_expect(call->has_capabilities, 0)) {
            transfer = status == EXO_STATUS_OK ? call->transfer : 0;
            rpc_server_release(call);
        }
    }
}

/* The life of the Thread that serves the rings: it waits for the bindings' Event. */
__attribute__((noreturn)) void rpc_server_events(struct rpc_server *server,
                                                 struct rpc_call *call, rpc_drain *drain,
                                                 rpc_serve_copy *serve);

/* Make sure that the next reply finds room at the arena's tail, if there is any. */
void rpc_server_make_room(struct rpc_channel *channel);

/* Was a question finished or called off. */
bool rpc_server_is_finished(const struct channel *channel, uint32_t question);

/* Tell the client that the questions from `first` up to `end` were answered with ok and nothing
 * else: one descriptor for all. */
void rpc_server_push_done(struct rpc_channel *channel, uint32_t first, uint32_t end);

/* Push the reply to a question: `length` words at the arena's tail. */
void rpc_server_push_reply(struct rpc_call *call, struct channel_descriptor request,
                           enum exo_status status, uint32_t length);

/* Serve one asynchronous request. Returns whether its answer is ok and nothing else; otherwise the
 * reply was pushed, behind the one for the questions from `first` up to it. */
RPC_INLINE bool rpc_server_one(struct rpc_call *call, struct rpc_channel *taken,
                               rpc_dispatch *dispatch, struct channel_descriptor request,
                               bool some_cancelled, uint32_t first, uint32_t next)
{
    struct channel *channel = &taken->channel;
    enum exo_status status = EXO_STATUS_BAD_MESSAGE;
    uint32_t length = 0;
    /* With the flag taken away this is the method; without it, or with others, it is none. */
    uint32_t method = ((uint32_t)request.flags << 16 | request.method) ^
                      (uint32_t)CHANNEL_FLAG_REQUEST << 16;
    if (__builtin_expect(some_cancelled, 0) && rpc_server_is_finished(channel, request.question))
        status = EXO_STATUS_CANCELLED;
    else if (channel_in_bounds(channel, request.offset, request.length))
        status = dispatch(call, taken, method, channel->receive_words + request.offset,
                          request.length, &length);
    if (__builtin_expect((status | length | call->has_capabilities) == 0 &&
                             request.question == next, 1))
        return true;
    rpc_server_push_done(taken, first, next);
    rpc_server_push_reply(call, request, status, status == EXO_STATUS_OK ? length : 0);
    return false;
}

/* See rpc_drain. */
RPC_INLINE void rpc_server_drain(struct rpc_call *call, const uint64_t *ring, uint32_t mask,
                                 uint32_t head, uint32_t count, rpc_dispatch *dispatch)
{
    struct rpc_channel *taken = call->channel;
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

/* ---- for programs ---- */

/* Keep the reply to the last synchronous call: it lives until rpc_client_finish(client, *question)
 * instead of until the next call. Errors: EXO_STATUS_FULL. */
enum exo_status rpc_client_keep(struct rpc_client *client, uint32_t *question);

/* As rpc_client_finish, for any state. */
void rpc_client_finish_slowly(struct rpc_client *client, uint32_t question);

/* Say that the reply to a question is not needed any more. */
static inline void rpc_client_finish(struct rpc_client *client, uint32_t id)
{
    if (rpc_client_is_done(client, id))
        client->questions[id & client->channel.entry_mask].state = RPC_QUESTION_FREE;
    else
        rpc_client_finish_slowly(client, id);
}

/* Wait, at most until `deadline`, until all that was sent is answered. Returns what rpc_client_wait
 * returns, or the first failure of a question that nobody asks for. */
enum exo_status rpc_client_settle(struct rpc_client *client, uint64_t deadline);

/* Give each call at most so many ticks; zero: wait for ever. */
void rpc_client_timeout(struct rpc_client *client, uint64_t ticks);

/* Call off a question: if the server has not begun it will not; a reply that comes is dropped. */
void rpc_client_cancel(struct rpc_client *client, uint32_t question);

/* Ring the doorbell if the server sleeps, or if nobody can know; without a Thread for rings, enter
 * the portal to serve it. */
enum exo_status rpc_client_flush(struct rpc_client *client);

/* For handlers: the server's end of the one-way channel of a call. Its `received` counts this call,
 * `lost` what was overwritten before; 0 when the channel goes both ways. */
static inline const struct one_way_reader *rpc_one_way(const struct rpc_call *call)
{
    return &call->channel->one_way;
}

/* Keep a capability that came with a call or reply: move it to a free slot of one's own. */
enum exo_status rpc_take(uint32_t slot, uint32_t to_slot);

#endif
