/* SPDX-License-Identifier: MIT */
/* The client's half of rpc; see rpc.h. What programs call by name is at the end. */
#ifndef RPC_CLIENT_H
#define RPC_CLIENT_H
#include "rpc.h"

/* The state of an asynchronous call at the client. */
enum rpc_question_state {
    RPC_QUESTION_FREE,      /* finished, or never used */
    RPC_QUESTION_SENT,      /* no reply yet */
    RPC_QUESTION_REPLIED,   /* the reply is there until it is finished */
    RPC_QUESTION_CANCELLED, /* the reply is not wanted, and will be finished when it comes */
    RPC_QUESTION_KEPT,      /* stands for a kept synchronous reply */
    RPC_QUESTION_UNASKED,   /* nobody waits for the reply: free as soon as it comes */
    RPC_QUESTION_STREAMED   /* the same, and its words count in the window of streams */
};

/* An asynchronous call at the client. */
struct rpc_question {
    uint32_t state;          /* enum rpc_question_state */
    uint32_t start;          /* of the request in the arena */
    uint32_t answer;         /* the reply's status | its flags << 16 */
    /* Of the reply. Before it came: of a streamed one, length is that of the request; of one with a
     * deadline they are that, see rpc_retry_sent. */
    uint32_t offset, length;
};

/* A client's end of a channel; private, one for each Thread. */
struct rpc_client {
    /* The interface whose methods may take the quick way at this moment; null: none. Then the
     * arena is empty, no deadline is set, nothing waits to be released or served first. */
    const struct rpc_interface *quick;
    const struct rpc_interface *interface; /* the channel's own; null: none that we know */
    const struct rpc_interface *opened;    /* what the program took it for */
    uint64_t call_word;                    /* of the kernel's call portal_call on the Portal */
    struct channel channel;
    uint32_t portal;
    uint64_t deadline;        /* of the next call */
    uint64_t meaning;         /* what goes with the next call's meaning word */
    uint32_t question_oldest; /* all before it are free; the next is channel.send_tail */
    uint32_t answered;        /* what is before it and still sent was answered ok, nothing else */
    uint32_t cancelled;       /* how many were called off */
    enum exo_status failure;  /* the first of an unasked question, see rpc_client_settle */
    enum exo_status stream_failure; /* the first of a stream, until a call has told of it */
    bool stream_told;               /* it was the last call that did: not to be made again */
    uint32_t stream_first;          /* before it no streamed question waits to be counted */
    uint32_t stream_words;          /* of streamed requests that are not answered */
    uint32_t stream_window_words;
    struct rpc_reply why;     /* the message of the last failure, if it had one */
    uint64_t timeout_ticks;   /* of each call; zero: wait for ever */
    struct rpc_received received;
    uint32_t keep_question; /* goes with the next call if keep_last */
    bool keep_last;
    bool has_begun;               /* this epoch; before, no question can be taken */
    bool has_odd;                 /* some question is not simply sent: look at each */
    bool has_asked;               /* some question's reply is asked for */
    uint32_t forwarding;          /* a Thread uses it for a forward, see rpc_object.c */
    uint32_t opening;             /* how often it was connected again */
    bool is_one_way; /* then there are no questions, and has_question is always false */
    struct capnp_message message; /* what the general reader spends */
    struct capnp_builder builder; /* of a request that the program builds itself */
    enum exo_status built_failure; /* why it cannot be sent, whatever it is */
    uint32_t built_address;       /* words before it */
    struct rpc_given given;       /* and the capabilities that go with it */
    struct rpc_window window;
    struct rpc_target target; /* of the call that is being built: the server itself, or an object */
    const struct binding *binding;
    struct rpc_question questions[CHANNEL_ENTRIES_MAX];
    struct one_way_writer writer;
};

/* Open a client of an interface on a binding. Returns EXO_STATUS_BAD_ARGUMENT if the binding has no
 * usable channel. A client that was never opened, all of it zero, answers `disconnected`. */
enum exo_status rpc_client_open(struct rpc_client *client, const struct binding *binding,
                                const struct rpc_interface *interface);

/* Forget all calls and begin anew, after the server was restarted. Texts and readers from before
 * are void. Returns as rpc_client_open, or EXO_STATUS_DISCONNECTED when the server is not back
 * yet. */
enum exo_status rpc_client_reconnect(struct rpc_client *client);

/* Give back the capabilities that came with the last reply and were not taken. */
void rpc_client_release(struct rpc_client *client);

/* After a call that failed: what to tell the program. */
enum exo_status rpc_client_failed(const struct rpc_client *client, uint64_t word3,
                                  enum exo_status status);

/* When a request did not fit: look for room. Returns whether there may be more. */
bool rpc_client_make_room(struct rpc_client *client);

/* Let a builder begin at the free words of the arena. */
RPC_INLINE void rpc_client_begin(const struct rpc_client *client, struct capnp_builder *builder)
{
    builder->words = client->channel.arena_next;
    builder->word_max = client->channel.arena_room;
    builder->word_count = 0;
    builder->error = CAPNP_OK;
    builder->more = 0;
}

/* The registers of an answer. */
struct rpc_answer {
    uint64_t status;
    uint64_t received; /* how many capabilities, if the status is ok */
    uint64_t place, word3;
};

/* Make a call again whose answer says that only the Thread which serves the ring was in its way. */
void rpc_client_again(struct rpc_client *client, uint64_t request, uint64_t meaning,
                      uint64_t transfer, struct rpc_answer *answer);

/* Go on with a call whose answer is no usual one, until its results are read. */
enum exo_status rpc_client_odd(struct rpc_client *client, const struct rpc_method *method,
                               uint64_t status, uint64_t received_word3, uint64_t place,
                               void *results);

/* Make a call in the quick way, with the request of `length` words at the arena's start. Returns
 * whether the answer is a usual one: ok, its message at the start of the arena, no capabilities. */
RPC_INLINE bool rpc_client_call_quickly(struct rpc_client *client, uint16_t method, uint32_t length,
                                        struct rpc_answer *answer)
{
    const struct channel *channel = &client->channel;
    uint64_t place = channel_place_word(0, length), meaning = method, word2 = 0, word3 = 0;
    uint64_t badge = RPC_FOR_EVER, received = 0;
    uint64_t status = exo_syscall6_vector(client->call_word, &place, &meaning, &word2, &word3,
                                          &badge, &received);
    channel_junk(channel->arena_next, length);
    *answer = (struct rpc_answer){status, received | status, place, word3};
    return __builtin_expect(answer->received == 0, 1) &&
           __builtin_expect(place <= channel->arena_words, 1);
}

/* Make a synchronous call in any other state than the quick one, or when something is odd about
 * its parameters. */
enum exo_status rpc_client_call(struct rpc_client *client, const struct rpc_method *method,
                                const void *params, void *results);

/* Begin a request that the program builds itself, in client->builder; the root is still null. */
void rpc_client_build(struct rpc_client *client, const struct rpc_method *method);

/* Send it, and wait for the results. */
enum exo_status rpc_client_call_built(struct rpc_client *client, const struct rpc_method *method,
                                      void *results);

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
    rpc_client_begin(client, builder);
    return status;
}

/* Send the request of `length` words that was built; `method` is its number, with flags in the
 * upper half. Returns the question's number. */
RPC_INLINE uint32_t rpc_client_send(struct rpc_client *client, uint32_t method, uint32_t length,
                                    enum rpc_question_state state)
{
    uint32_t id = client->channel.send_tail, start = client->channel.arena_tail;
    struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    client->quick = 0; /* the next synchronous call tells the server to serve the ring first */
    question->start = start;
    question->state = state;
    channel_push(&client->channel, channel_place_word(start, length),
                 (uint64_t)id << 32 | (method ^ (uint32_t)CHANNEL_FLAG_REQUEST << 16));
    channel_arena_take(&client->channel, length);
    return id;
}

/* Send a request with capabilities: by the portal, as the last of what is in the ring. */
enum exo_status rpc_client_send_now(struct rpc_client *client, uint32_t method, uint32_t length,
                                    const struct rpc_given *given, enum rpc_question_state state,
                                    uint32_t *question);

/* Build and send a request for a method of another interface than the channel's own; `question` may
 * be null. */
enum exo_status rpc_client_send_other(struct rpc_client *client, const struct rpc_method *method,
                                      const void *params, enum rpc_question_state state,
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

/* Read results of a layout that is not the expected one. */
enum exo_status rpc_client_read(struct rpc_client *client, const struct rpc_method *method,
                                uint32_t length, void *results);

/* What a call through a broken channel answers. */
enum exo_status rpc_client_broken(const struct rpc_client *client);

/* The status of a call whose reply was read: nothing that came through a broken channel counts. */
RPC_INLINE enum exo_status rpc_client_result(const struct rpc_client *client,
                                             enum exo_status status)
{
    return __builtin_expect(client->channel.broken, 0) ? EXO_STATUS_DISCONNECTED : status;
}

/* ---- between rpc_client.c and rpc_question.c ---- */

/* Give the next request of a one-way channel its place. */
void rpc_client_begin_one_way(struct rpc_client *client);

/* Is the Portal still in its slot. */
bool rpc_client_is_connected(const struct rpc_client *client);

/* When the next call must have been answered. */
uint64_t rpc_client_deadline(const struct rpc_client *client);

/* Capabilities came with a reply. */
void rpc_client_receive(struct rpc_client *client, uint64_t count);

/* Let the server serve the ring, by a call. */
enum exo_status rpc_client_drain(struct rpc_client *client, uint64_t deadline);

/* Begin, unless that was done. Where there was a client before, it waits until the server is done
 * with that, at most a second: then it is `busy`. */
enum exo_status rpc_client_meet(struct rpc_client *client, uint64_t deadline);

/* Has the server a Thread that serves the ring; whether it serves this epoch or not. */
bool rpc_client_has_rings_thread(const struct rpc_client *client);

/* Ring the doorbell of a server that sleeps. */
enum exo_status rpc_client_ring(const struct rpc_client *client);

/* Free what the oldest questions held, up to the first that is still in use. */
void rpc_client_reclaim(struct rpc_client *client);

/* Take all replies that are in the ring. */
void rpc_client_take_replies(struct rpc_client *client);

/* The number of a method, with the flag that it is addressed in the upper half. */
uint32_t rpc_client_number(const struct rpc_client *client, const struct rpc_method *method);

/* Build a request at the free words of the arena. `*length` gets its words, address included. */
enum exo_status rpc_client_build_request(struct rpc_client *client, const struct rpc_method *method,
                                         const void *params, struct rpc_given *given,
                                         uint32_t *length);

/* Sleep until the server signals, if it has a Thread for the ring; otherwise let it serve the ring
 * by a call. */
enum exo_status rpc_client_await(struct rpc_client *client, uint64_t deadline);

/* Take the words of streamed requests that were answered out of the window. */
void rpc_stream_count(struct rpc_client *client);

/* Wait until all of a stream is answered. */
enum exo_status rpc_stream_settle(struct rpc_client *client);

/* ---- for programs ---- */

#define RPC_STREAM_WINDOW_BYTES 16384u /* if the program says no other; half of the arena at most */

/* Send a request of a streaming method: waits only while more than the window is on its way. The
 * first failure of the stream is what this and the next other call return, and nothing is sent any
 * more; that call ends the stream. */
enum exo_status rpc_stream_send(struct rpc_client *client, const struct rpc_method *method,
                                const void *params);

/* Let up to so many bytes of streamed requests be on their way. */
void rpc_stream_window(struct rpc_client *client, uint32_t bytes);

/* Why the last call, or the last question that was waited for, failed with `status`, in the words
 * of Cap'n Proto RPC. `*reason`, if not null, gets what the server said, which may be nothing; it
 * is valid until the next call. */
enum failure_exception_type rpc_client_why(struct rpc_client *client, enum exo_status status,
                                           struct capnp_text *reason);

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

/* Wait, at most until `deadline`, until all that was sent is answered. Returns the first failure
 * of a question that nobody asks for since the last time, or what rpc_client_wait returns. */
enum exo_status rpc_client_settle(struct rpc_client *client, uint64_t deadline);

/* Give each call at most so many ticks; zero: wait for ever. */
void rpc_client_timeout(struct rpc_client *client, uint64_t ticks);

/* Call off a question: if the server has not begun it will not; a reply that comes is dropped. */
void rpc_client_cancel(struct rpc_client *client, uint32_t question);

/* Ring the doorbell if the server sleeps, or if nobody can know; without a Thread for rings, enter
 * the portal to serve it. */
enum exo_status rpc_client_flush(struct rpc_client *client);
#endif
