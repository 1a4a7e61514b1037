/* SPDX-License-Identifier: MIT */
/*
 * rpc: calls of an interface over a channel. Generated clients and servers are built on this file;
 * what a program needs of it is at its end and in the generated headers.
 *
 * A synchronous call enters the server's Portal; the registers carry where the request lies, which
 * method it is for, and back where the reply lies:
 *   call:  word0 = place (offset, length), word1 = meaning (method, flags, question), word3 = 0
 *   reply: word0 = place, word3 = 1, so that the server's answers and the kernel's can be told apart
 * An asynchronous call is a descriptor in the ring (channel.h). The server serves the ring before
 * each synchronous call of the same channel, so calls keep their order.
 *
 * What is where: the client's half in rpc_client.c, the server's in rpc_server.c; the paths that
 * every call takes are inline here. A client serves one Thread. A server's channel serves one call
 * at a time: a second one gets `busy`.
 */
#ifndef RPC_H
#define RPC_H
#include "binding.h"
#include "channel.h"
#include "kernel_stubs.h"

#define RPC_CAPABILITIES_MAX 8u /* that can travel with one message */
#define RPC_FOR_EVER UINT64_MAX /* the deadline that never comes */
#define RPC_INLINE static inline __attribute__((always_inline))

/* The state of an asynchronous call at the client. */
enum rpc_question_state {
    RPC_QUESTION_FREE,      /* finished, or never used */
    RPC_QUESTION_SENT,      /* no reply yet */
    RPC_QUESTION_REPLIED,   /* the reply is there until it is finished */
    RPC_QUESTION_CANCELLED, /* the reply is not wanted, and will be finished when it comes */
    RPC_QUESTION_KEPT       /* stands for a kept synchronous reply */
};

/* An asynchronous call at the client. */
struct rpc_question {
    uint32_t id;
    uint32_t start; /* of the request in the arena */
    uint32_t offset, length; /* of the reply */
    uint16_t status, flags;
    uint32_t state; /* enum rpc_question_state */
};

/* Capabilities that came with the last message, in slots that follow each other. */
struct rpc_received {
    uint32_t first, count;
};

/* The slots in which a Thread's capabilities arrive. The kernel uses them up from the front; when
 * what came is done with, it is deleted and the run is posted again. */
struct rpc_window {
    uint32_t thread; /* slot of the Thread; zero: it does not receive */
    uint32_t first, count;
    uint32_t used;
};

/* A client's end of a channel; private, one for each Thread. */
struct rpc_client {
    struct channel channel;
    uint32_t portal;
    uint32_t question_next;   /* the next question's number */
    uint32_t question_oldest; /* all before it are free */
    struct rpc_received received;
    uint64_t timeout_ticks; /* of each call; zero: wait for ever. May be set at any time */
    const uint64_t *reply_words;
    uint32_t reply_length;
    uint32_t keep_question; /* goes with the next call if keep_last */
    bool keep_last;
    struct capnp_message message; /* what the general reader spends */
    struct capnp_builder builder; /* of a request that the program builds itself */
    uint64_t transfer;            /* and the capabilities that go with it, see rpc_give */
    struct rpc_window window;
    const struct binding *binding;
    struct rpc_question questions[CHANNEL_ENTRIES_MAX];
};

/* A reply in the server's arena that the client has not finished. */
struct rpc_region {
    uint32_t question;
    uint32_t start;
    struct rpc_received given; /* capabilities that wait to be fetched */
};

/* A server's end of one client's channel; private. */
struct rpc_channel {
    struct channel channel;
    uint64_t badge;
    uint32_t serving; /* nonzero while a Thread works on it */
    uint32_t again;   /* somebody came while it was being served, for the ring */
    uint32_t region_first, region_count;
    struct rpc_region regions[CHANNEL_ENTRIES_MAX];
};

struct rpc_call;

/* Serve one request: `method` with a message of `length` words at `words`. The generated dispatcher.
 * Builds the reply in call->builder and returns the status. */
typedef enum exo_status rpc_dispatch(struct rpc_call *call, uint16_t method, const uint64_t *words,
                                     uint32_t length);

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
    struct capnp_builder builder; /* of the reply */
    struct rpc_received received; /* capabilities that came with the request */
    uint64_t transfer;            /* capabilities that go with the reply */
    bool is_built;                /* the handler built the reply itself */
    bool is_asynchronous;
    struct capnp_message message; /* what the general reader spends */
    struct rpc_window window;
};

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

/* Open a client on a binding. Returns EXO_STATUS_BAD_ARGUMENT if the binding has no usable channel. */
enum exo_status rpc_client_open(struct rpc_client *client, const struct binding *binding);

/* Forget all calls and begin anew, after the server was restarted. Texts and readers from before are
 * void. Returns as rpc_client_open, or EXO_STATUS_DISCONNECTED when the server is not back yet. */
enum exo_status rpc_client_reconnect(struct rpc_client *client);

/* Give back what came with the last reply. */
void rpc_client_release(struct rpc_client *client);

/* Call with flags, or after something went wrong: the paths that are not taken every time. */
enum exo_status rpc_client_failed(struct rpc_client *client, uint64_t word3,
                                  enum exo_status status);
uint64_t rpc_client_deadline(const struct rpc_client *client);
uint64_t rpc_client_keep_word(struct rpc_client *client, uint16_t method);

/* Begin a request: where it is built. */
RPC_INLINE void rpc_client_begin(struct rpc_client *client, struct capnp_builder *builder)
{
    if (__builtin_expect(client->received.count > 0, 0))
        rpc_client_release(client);
    builder->words = client->channel.send_words + client->channel.arena_tail;
    builder->word_max = client->channel.arena_limit - client->channel.arena_tail;
    builder->word_count = 0;
    builder->error = CAPNP_OK;
}

/* Make a synchronous call with the request of `length` words that was built. On EXO_STATUS_OK the
 * reply lies in the arena, client->reply_words. */
RPC_INLINE enum exo_status rpc_client_call(struct rpc_client *client, uint16_t method,
                                           uint32_t length, uint64_t transfer)
{
    uint64_t place, word1, word2, word3, received;
    uint64_t deadline = client->timeout_ticks ? rpc_client_deadline(client) : RPC_FOR_EVER;
    uint64_t meaning = client->keep_last ? rpc_client_keep_word(client, method) : method;
    enum exo_status status = exo_portal_call(
        client->portal, channel_place_word(client->channel.arena_tail, length), meaning, 0, 0,
        deadline, transfer, &place, &word1, &word2, &word3, &received);
    channel_junk(client->channel.send_words + client->channel.arena_tail, length);
    if (__builtin_expect(received > 0, 0) && status == EXO_STATUS_OK) {
        client->received.first = client->window.first + client->window.used;
        client->received.count = (uint32_t)received;
        client->window.used += (uint32_t)received;
    }
    if (__builtin_expect(status != EXO_STATUS_OK, 0))
        return rpc_client_failed(client, word3, status);
    client->reply_length = (uint32_t)(place >> 32);
    client->reply_words = client->channel.receive_words + (uint32_t)place;
    return channel_in_bounds(&client->channel, (uint32_t)place, client->reply_length)
               ? EXO_STATUS_OK
               : EXO_STATUS_BAD_MESSAGE;
}

/* A question can be taken without looking for free ones. */
RPC_INLINE bool rpc_client_has_question(const struct rpc_client *client)
{
    return client->question_next - client->question_oldest <= client->channel.entry_mask;
}

/* As rpc_client_send_begin, when room must be looked for. */
enum exo_status rpc_client_send_slowly(struct rpc_client *client, struct capnp_builder *builder);

/* Begin an asynchronous request; EXO_STATUS_FULL when all questions are in use. */
RPC_INLINE enum exo_status rpc_client_send_begin(struct rpc_client *client,
                                                 struct capnp_builder *builder)
{
    const struct channel *channel = &client->channel;
    if (__builtin_expect(!rpc_client_has_question(client) ||
                             channel->arena_limit - channel->arena_tail < channel->arena_words / 4,
                         0))
        return rpc_client_send_slowly(client, builder);
    rpc_client_begin(client, builder);
    return EXO_STATUS_OK;
}

/* Send the request of `length` words that was built. */
RPC_INLINE uint32_t rpc_client_send(struct rpc_client *client, uint16_t method, uint32_t length)
{
    uint32_t id = client->question_next++;
    struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    uint32_t start = client->channel.arena_tail;
    question->id = id;
    question->start = start;
    question->state = RPC_QUESTION_SENT;
    client->channel.arena_tail = start + length;
    channel_push(&client->channel, channel_place_word(start, length),
                 channel_meaning_word(method, 0, id));
    return id;
}

/* Send a request with capabilities: by the portal, as the last of what is in the ring. */
enum exo_status rpc_client_send_now(struct rpc_client *client, uint16_t method, uint32_t length,
                                    uint64_t transfer, uint32_t *question);

/* Wait for the reply to a question, at most until `deadline` (absolute ticks; 0 only looks). On OK
 * client->reply_words holds it. Errors: the call's own status, EXO_STATUS_DEADLINE,
 * EXO_STATUS_DISCONNECTED, EXO_STATUS_BAD_ARGUMENT (no such question). */
enum exo_status rpc_client_wait(struct rpc_client *client, uint32_t question, uint64_t deadline);

/* As rpc_client_wait; quick when the reply is there already. */
RPC_INLINE enum exo_status rpc_client_reply(struct rpc_client *client, uint32_t id,
                                            uint64_t deadline)
{
    const struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    if (question->id != id || question->state != RPC_QUESTION_REPLIED || question->status != 0 ||
        question->flags != 0 || client->received.count > 0 ||
        !channel_in_bounds(&client->channel, question->offset, question->length))
        return rpc_client_wait(client, id, deadline);
    client->reply_length = question->length;
    client->reply_words = client->channel.receive_words + question->offset;
    return EXO_STATUS_OK;
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

/* Join a server on a binding, as one of its Threads: fills call->window. The first to come opens the
 * channels. A Thread for the rings is no handler and receives no capabilities. Null when there are
 * more servers or channels than the runtime has room for. */
struct rpc_server *rpc_server_join(const struct binding *binding, struct rpc_call *call,
                                   bool is_for_rings);

/* Enter the channel that a badge names; EXO_STATUS_BUSY while it is served by another Thread. */
enum exo_status rpc_server_enter_slowly(struct rpc_server *server, uint64_t badge);

/* Serve what is not an ordinary call: flags, or requests in the ring. Returns whether the call that
 * came is still to be dispatched; otherwise `*status` is its answer. */
bool rpc_server_special(struct rpc_call *call, rpc_dispatch *dispatch, uint64_t *place,
                        uint64_t meaning, enum exo_status *status);

/* Give back the capabilities that came and were not taken. */
void rpc_server_release(struct rpc_call *call);

/* Somebody came for the ring while the channel was served: wake the Thread that serves rings. */
void rpc_server_again(struct rpc_server *server, struct rpc_channel *channel);

/* Find and take the channel of a badge. */
RPC_INLINE enum exo_status rpc_server_enter(struct rpc_server *server, uint64_t badge,
                                            struct rpc_call *call)
{
    uint32_t index = (uint32_t)badge;
    if (__builtin_expect(index >= server->channel_count, 0))
        return EXO_STATUS_BAD_ARGUMENT;
    struct rpc_channel *channel = &server->channels[index];
    if (__atomic_exchange_n(&channel->serving, 1, __ATOMIC_ACQUIRE) != 0)
        return EXO_STATUS_BUSY;
    call->channel = channel;
    call->badge = badge;
    return channel->badge == badge ? EXO_STATUS_OK : rpc_server_enter_slowly(server, badge);
}

/* Let go of the channel. */
RPC_INLINE void rpc_server_leave(struct rpc_server *server, struct rpc_channel *channel)
{
    __atomic_exchange_n(&channel->serving, 0, __ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&channel->again, __ATOMIC_RELAXED) != 0, 0))
        rpc_server_again(server, channel);
}

/* Prepare the reply of the next dispatch. */
RPC_INLINE void rpc_server_begin(struct rpc_call *call)
{
    struct channel *channel = &call->channel->channel;
    call->builder.words = channel->send_words + channel->arena_tail + channel->arena_pending;
    call->builder.word_max = channel->arena_limit - channel->arena_tail - channel->arena_pending;
    call->builder.word_count = 0;
    call->builder.error = CAPNP_OK;
    call->transfer = 0;
    call->is_built = false;
}

/* Begin a reply that the handler builds itself, in call->builder; the root is still null. */
RPC_INLINE void rpc_server_build(struct rpc_call *call)
{
    call->is_built = true;
    if (call->builder.word_max > 0) {
        call->builder.words[0] = 0;
        call->builder.word_count = 1;
    }
}

/* Serve one call that came by the portal. Sets `*place` to the reply's. */
RPC_INLINE enum exo_status rpc_server_serve(struct rpc_call *call, rpc_dispatch *dispatch,
                                            rpc_dispatch *dispatch_inline, uint64_t *place,
                                            uint64_t meaning)
{
    struct channel *channel = &call->channel->channel;
    enum exo_status status = EXO_STATUS_OK;
    uint32_t offset = (uint32_t)*place, length = (uint32_t)(*place >> 32);
    channel_junk(channel->send_words + channel->arena_tail, channel->arena_pending);
    if (__builtin_expect((meaning >> 16) != 0 || channel_waiting(channel) > 0 ||
                             channel->arena_tail != 0, 0) &&
        !rpc_server_special(call, dispatch, place, meaning, &status))
        return status;
    channel->arena_pending = 0; /* the last reply lives until here */
    *place = 0;
    if (!channel_in_bounds(channel, offset, length))
        return EXO_STATUS_BAD_MESSAGE;
    rpc_server_begin(call);
    status = dispatch_inline(call, (uint16_t)meaning, channel->receive_words + offset, length);
    if (status != EXO_STATUS_OK)
        return status;
    channel->arena_pending = call->builder.word_count;
    *place = channel_place_word(channel->arena_tail, call->builder.word_count);
    return channel->broken ? EXO_STATUS_DISCONNECTED : EXO_STATUS_OK;
}

/* A handler Thread's life: wait for a call, serve it, answer it and wait for the next. The call that
 * the kernel could not answer (too few receive slots at the caller) is answered with that status. */
RPC_INLINE void rpc_server_loop(struct rpc_server *server, struct rpc_call *call,
                                rpc_dispatch *dispatch, rpc_dispatch *dispatch_inline)
{
    uint64_t place = 0, meaning, word2, word3, badge, received, transfer = 0;
    enum exo_status status = EXO_STATUS_OK;
    for (;;) {
        enum exo_status failed =
            exo_portal_reply(place, 0, 0, 1, status, transfer, &place, &meaning, &word2, &word3,
                             &badge, &received);
        transfer = 0;
        if (__builtin_expect(failed != EXO_STATUS_OK, 0)) {
            place = 0;
            status = failed == EXO_STATUS_DISCONNECTED ? EXO_STATUS_OK : failed;
            continue;
        }
        call->received = (struct rpc_received){call->window.first + call->window.used,
                                               (uint32_t)received};
        status = rpc_server_enter(server, badge, call);
        if (__builtin_expect(status == EXO_STATUS_OK, 1)) {
            status = rpc_server_serve(call, dispatch, dispatch_inline, &place, meaning);
            transfer = status == EXO_STATUS_OK ? call->transfer : 0;
            rpc_server_leave(server, call->channel);
        } else
            place = 0;
        if (__builtin_expect(received > 0, 0))
            rpc_server_release(call);
    }
}

/* The life of the Thread that serves the rings: it waits for the bindings' Event. */
_Noreturn void rpc_server_events(struct rpc_server *server, struct rpc_call *call,
                                 rpc_dispatch *dispatch);

/* Serve the requests in the ring of a channel that was entered; returns how many. Whatever a handler
 * gives is handed over when the client fetches it. */
uint32_t rpc_server_drain(struct rpc_call *call, rpc_dispatch *dispatch);

/* ---- for programs ---- */

/* Keep the reply to the last synchronous call: it lives until rpc_client_finish(client, *question)
 * instead of until the next call. Errors: EXO_STATUS_FULL. */
enum exo_status rpc_client_keep(struct rpc_client *client, uint32_t *question);

/* Say that the reply to a question is not needed any more. */
void rpc_client_finish(struct rpc_client *client, uint32_t question);

/* Call off a question: if the server has not begun it will not; a reply that comes is dropped. */
void rpc_client_cancel(struct rpc_client *client, uint32_t question);

/* Ring the doorbell if the server sleeps; without a Thread for rings, enter the portal to serve it. */
enum exo_status rpc_client_flush(struct rpc_client *client);

/* Keep a capability that came with a call or reply: move it to a free slot of one's own. */
enum exo_status rpc_take(uint32_t slot, uint32_t to_slot);

/* Page fault in a channel: if `address` lies in the client's or a server's channel, make the access
 * possible with a page of `memory` (a Memory in the own table with the rights to read and write, its
 * frame `offset`, whose content does not matter), mark the channel broken and return true. */
bool rpc_client_fault(struct rpc_client *client, uint64_t address, uint32_t memory,
                      uint64_t offset);
bool rpc_server_fault(struct rpc_server *server, uint64_t address, uint32_t memory,
                      uint64_t offset);
#endif
