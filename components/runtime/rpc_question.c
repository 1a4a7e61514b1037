/* SPDX-License-Identifier: MIT */
/* The client's half of rpc: questions, that is asynchronous calls. */
#include "rpc.h"

/* The record of a question that was asked and not finished; null for any other number. */
static struct rpc_question *find_question(struct rpc_client *client, uint32_t id)
{
    struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    bool is_open =
        !client->is_one_way &&
        id - client->question_oldest < client->channel.send_tail - client->question_oldest;
    return is_open && question->state != RPC_QUESTION_FREE ? question : 0;
}

/* Tell the server that a question is finished or called off. */
static void mark_finished(struct rpc_client *client, uint32_t id)
{
    __atomic_store_n(client->channel.finished + (id & client->channel.entry_mask), id + 1,
                     __ATOMIC_RELEASE);
}

/* Free what the oldest questions held, up to the first that is still in use. */
void rpc_client_reclaim(struct rpc_client *client)
{
    uint32_t mask = client->channel.entry_mask, oldest = client->question_oldest;
    uint32_t next = client->channel.send_tail;
    rpc_stream_count(client);
    if (!client->has_asked && !client->has_odd)
        oldest = client->answered; /* the common case of all unasked ones */
    while (oldest != next) {
        uint32_t state = client->questions[oldest & mask].state;
        bool is_answered = (int32_t)(oldest - client->answered) < 0;
        bool is_unasked = state == RPC_QUESTION_UNASKED || state == RPC_QUESTION_STREAMED;
        if (state != RPC_QUESTION_FREE && !(is_unasked && is_answered))
            break;
        oldest++;
    }
    if (oldest == next) {
        if (!client->has_begun)
            oldest -= mask + 1;
        client->has_odd = client->has_asked = false;
        client->answered = next;
        channel_arena_release(&client->channel, 0, true);
    } else if (oldest != client->question_oldest)
        channel_arena_release(&client->channel, client->questions[oldest & mask].start, false);
    client->question_oldest = oldest;
}

/* Enter the portal with flags instead of a method. */
static enum exo_status call_special(struct rpc_client *client, uint64_t place, uint64_t meaning,
                                    uint64_t deadline, uint64_t transfer)
{
    struct rpc_answer answer;
    uint64_t word1, word2;
    client->deadline = deadline;
    answer.status = exo_portal_call(client->portal, place, meaning, 0, 0, deadline, transfer,
                                    &answer.place, &word1, &word2, &answer.word3,
                                    &answer.received);
    rpc_client_again(client, place, meaning, transfer, &answer);
    if (answer.status != EXO_STATUS_OK)
        return rpc_client_failed(client, answer.word3, (enum exo_status)answer.status);
    if (answer.received > 0)
        rpc_client_receive(client, answer.received);
    channel_meet(&client->channel);
    return client->channel.broken ? EXO_STATUS_DISCONNECTED : EXO_STATUS_OK;
}

enum exo_status rpc_client_send_now(struct rpc_client *client, uint32_t method, uint32_t length,
                                    const struct rpc_given *given, enum rpc_question_state state,
                                    uint32_t *id)
{
    uint64_t run;
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    enum exo_status status = rpc_run_make(given, 0, &run);
    if (status != EXO_STATUS_OK)
        return status;
    uint32_t flags = CHANNEL_FLAG_NOW | method >> 16;
    uint64_t place = channel_place_word(client->channel.arena_tail, length);
    uint32_t question = rpc_client_send(client, CHANNEL_NOTHING, length, state);
    client->has_odd = true;
    status = call_special(client, place,
                          channel_meaning_word((uint16_t)method, (uint16_t)flags, question),
                          rpc_client_deadline(client), RPC_RUN_TRANSFER(run));
    rpc_run_end(run);
    if (status != EXO_STATUS_OK)
        client->questions[question & client->channel.entry_mask].state = RPC_QUESTION_FREE;
    else if (id)
        *id = question;
    return status;
}

/* Move the mark `answered` over what waits for no answer. */
static void advance(struct rpc_client *client)
{
    while (client->answered != client->channel.send_tail) {
        uint32_t index = client->answered & client->channel.entry_mask;
        uint32_t state = client->questions[index].state;
        if (state == RPC_QUESTION_SENT || state == RPC_QUESTION_UNASKED ||
            state == RPC_QUESTION_CANCELLED || state == RPC_QUESTION_STREAMED)
            return;
        client->answered++;
    }
}

/* Take the reply to one question. A reply to no open question is ignored. */
static void take_reply(struct rpc_client *client, uint32_t id, uint32_t offset, uint32_t length,
                       uint32_t answer)
{
    struct rpc_question *question = find_question(client, id);
    if (!question)
        return;
    if (question->state == RPC_QUESTION_SENT) {
        question->offset = offset;
        question->length = length;
        question->answer = answer;
        question->state = RPC_QUESTION_REPLIED;
    } else if (question->state != RPC_QUESTION_REPLIED && question->state != RPC_QUESTION_KEPT) {
        enum exo_status status = (answer & UINT16_MAX) >= EXO_STATUS_COUNT
                                     ? EXO_STATUS_BAD_MESSAGE
                                     : (enum exo_status)(answer & UINT16_MAX);
        if (question->state == RPC_QUESTION_UNASKED && client->failure == EXO_STATUS_OK)
            client->failure = status;
        if (question->state == RPC_QUESTION_STREAMED) {
            client->stream_words -= question->length;
            if (client->stream_failure == EXO_STATUS_OK)
                client->stream_failure = status;
        }
        mark_finished(client, id);
        question->state = RPC_QUESTION_FREE;
    }
    advance(client);
}

/* Take the answer ok to `count` questions from `first` on. Those that are simply sent need no more
 * than the mark `answered`. */
static void take_range(struct rpc_client *client, uint32_t first, uint32_t count)
{
    if (first == client->answered && count <= client->channel.send_tail - first &&
        !client->has_odd) {
        client->answered = first + count;
        return;
    }
    if (count > client->channel.entry_mask + 1)
        count = client->channel.entry_mask + 1;
    for (uint32_t i = 0; i < count; i++)
        take_reply(client, first + i, 0, 0, 0);
}

/* Take all replies that are in the ring. */
void rpc_client_take_replies(struct rpc_client *client)
{
    struct channel *channel = &client->channel;
    /* With nothing asked it is no matter whether the server is another one. */
    uint32_t count = client->question_oldest == channel->send_tail ? 0 : channel_waiting(channel);
    if (count == 0)
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct channel_descriptor reply = channel_entry(channel->receive_ring, channel->entry_mask,
                                                         channel->receive_head++);
        if (reply.flags & CHANNEL_FLAG_RANGE)
            take_range(client, reply.question, reply.length);
        else
            take_reply(client, reply.question, reply.offset, reply.length,
                       (uint32_t)reply.flags << 16 | reply.method);
    }
    void *head = channel_own_line(channel) + CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET;
    __atomic_store_n((uint32_t *)head, channel->receive_head, __ATOMIC_RELEASE);
}

bool rpc_client_make_room(struct rpc_client *client)
{
    struct channel *channel = &client->channel;
    uint32_t before = channel->arena_room;
    if (!client->binding || client->is_one_way)
        return false; /* a one-way channel had room for the longest */
    rpc_client_take_replies(client);
    rpc_client_reclaim(client);
    if (channel->arena_room < channel->arena_quarter)
        channel_arena_wrap(channel);
    return channel->arena_room > before;
}

enum exo_status rpc_client_send_slowly(struct rpc_client *client)
{
    if (client->is_one_way) {
        rpc_client_begin_one_way(client);
        return EXO_STATUS_OK;
    }
    enum exo_status status = rpc_client_meet(client, rpc_client_deadline(client));
    if (status != EXO_STATUS_OK)
        return status;
    rpc_client_make_room(client);
    return rpc_client_has_question(client) ? EXO_STATUS_OK : EXO_STATUS_FULL;
}

enum exo_status rpc_client_send_other(struct rpc_client *client, const struct rpc_method *method,
                                      const void *params, enum rpc_question_state state,
                                      uint32_t *question)
{
    struct rpc_given given;
    uint32_t length;
    uint32_t number = rpc_client_number(client, method);
    struct capnp_builder builder;
    enum exo_status status = rpc_client_send_begin(client, &builder);
    if (status != EXO_STATUS_OK)
        return status;
    status = rpc_client_build_request(client, method, params, &given, &length);
    if (status == EXO_STATUS_FULL && rpc_client_make_room(client))
        status = rpc_client_build_request(client, method, params, &given, &length);
    if (status != EXO_STATUS_OK)
        return status;
    client->has_asked |= state == RPC_QUESTION_SENT;
    if (given.count != 0)
        return rpc_client_send_now(client, number, length, &given, state, question);
    uint32_t id = rpc_client_send(client, number, length, state);
    if (question)
        *question = id;
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_drain(struct rpc_client *client, uint64_t deadline)
{
    return call_special(client, 0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0), deadline, 0);
}

enum exo_status rpc_client_ring(const struct rpc_client *client)
{
    enum exo_status status = exo_event_signal(client->binding->places->doorbell);
    return status == EXO_STATUS_BAD_CAPABILITY ? EXO_STATUS_DISCONNECTED : status;
}

/* Is the server to be rung for, to be called, or neither. One that has not taken up the epoch does
 * so when it is. */
static enum channel_attention server_attention(struct rpc_client *client)
{
    enum channel_attention attention = channel_peer_attention(&client->channel);
    return channel_meet(&client->channel) || attention == CHANNEL_ATTENTION_ABSENT
               ? attention
               : CHANNEL_ATTENTION_ASLEEP;
}

enum exo_status rpc_client_flush(struct rpc_client *client)
{
    if (client->is_one_way) { /* and whether anybody hears it is not for us to know */
        exo_event_signal(client->binding->places->doorbell);
        return rpc_client_result(client, EXO_STATUS_OK);
    }
    switch (server_attention(client)) {
    case CHANNEL_ATTENTION_AWAKE: return EXO_STATUS_OK;
    case CHANNEL_ATTENTION_ASLEEP: return rpc_client_ring(client);
    default: return rpc_client_drain(client, rpc_client_deadline(client));
    }
}

enum exo_status rpc_client_await(struct rpc_client *client, uint64_t deadline)
{
    struct channel *channel = &client->channel;
    enum exo_status status = EXO_STATUS_OK;
    enum channel_attention attention = server_attention(client);
    uint64_t bits;
    if (attention == CHANNEL_ATTENTION_ABSENT)
        return rpc_client_drain(client, deadline);
    if (attention == CHANNEL_ATTENTION_ASLEEP)
        status = rpc_client_ring(client);
    else if (!rpc_client_is_connected(client))
        status = EXO_STATUS_DISCONNECTED; /* it ended awake, and its notice was taken before */
    if (status != EXO_STATUS_OK)
        return status;
    channel_set_attention(channel, CHANNEL_ATTENTION_ASLEEP);
    if (channel_waiting(channel) == 0 && !channel->broken)
        status = exo_event_wait(client->binding->places->wake, deadline, &bits);
    channel_set_attention(channel, CHANNEL_ATTENTION_AWAKE);
    if (status == EXO_STATUS_OK && channel_waiting(channel) == 0 &&
        !rpc_client_is_connected(client))
        return EXO_STATUS_DISCONNECTED; /* the notice of the portal's end woke us */
    return status;
}

/* Hand out the reply to a question; capabilities that wait are fetched. */
static enum exo_status open_reply(struct rpc_client *client, uint32_t id, struct rpc_reply *reply)
{
    const struct rpc_question *question = find_question(client, id);
    uint16_t flags = (uint16_t)(question->answer >> 16), status = (uint16_t)question->answer;
    reply->length = question->length;
    reply->words = client->channel.receive_words + question->offset;
    if (!channel_in_bounds(&client->channel, question->offset, question->length) ||
        status >= EXO_STATUS_COUNT)
        return EXO_STATUS_BAD_MESSAGE;
    if (status != EXO_STATUS_OK)
        client->why = *reply;
    if (status == EXO_STATUS_OK && (flags & CHANNEL_FLAG_CAPABILITIES))
        return call_special(client, 0,
                            channel_meaning_word(0, CHANNEL_FLAG_FETCH, id),
                            rpc_client_deadline(client), 0);
    return (enum exo_status)status;
}

/* A question that only the mark `answered` speaks of gets its own answer. */
static void take_answered(struct rpc_question *question)
{
    question->offset = question->length = question->answer = 0;
    question->state = RPC_QUESTION_REPLIED;
}

enum exo_status rpc_client_wait(struct rpc_client *client, uint32_t id, uint64_t deadline,
                                struct rpc_reply *reply)
{
    struct rpc_question *question = find_question(client, id);
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    if (!question || question->state == RPC_QUESTION_CANCELLED ||
        question->state == RPC_QUESTION_KEPT)
        return EXO_STATUS_BAD_ARGUMENT;
    if (client->received.count > 0)
        rpc_client_release(client);
    for (bool has_looked = false; question->state == RPC_QUESTION_SENT; has_looked = true) {
        rpc_client_take_replies(client);
        if (question->state == RPC_QUESTION_SENT && (int32_t)(id - client->answered) < 0)
            take_answered(question);
        if (question->state != RPC_QUESTION_SENT)
            break;
        if (client->channel.broken)
            return EXO_STATUS_DISCONNECTED;
        if (has_looked && deadline == 0)
            return EXO_STATUS_DEADLINE;
        enum exo_status status = deadline == 0 ? rpc_client_flush(client)
                                               : rpc_client_await(client, deadline);
        if (status != EXO_STATUS_OK)
            return status;
    }
    return open_reply(client, id, reply);
}

enum exo_status rpc_client_keep(struct rpc_client *client, uint32_t *id)
{
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    if (!rpc_client_has_question(client))
        rpc_client_reclaim(client);
    if (!rpc_client_has_question(client) || client->keep_last)
        return EXO_STATUS_FULL;
    *id = rpc_client_send(client, CHANNEL_NOTHING, 0, RPC_QUESTION_KEPT);
    client->has_odd = true;
    client->keep_question = *id;
    client->keep_last = true;
    return EXO_STATUS_OK;
}

void rpc_client_finish_slowly(struct rpc_client *client, uint32_t id)
{
    struct rpc_question *question = find_question(client, id);
    if (!question)
        return;
    if (question->state == RPC_QUESTION_SENT) {
        rpc_client_cancel(client, id);
        return;
    }
    if (question->state == RPC_QUESTION_CANCELLED || question->state == RPC_QUESTION_UNASKED ||
        question->state == RPC_QUESTION_STREAMED)
        return;
    if (client->keep_last && client->keep_question == id)
        client->keep_last = false;
    mark_finished(client, id);
    question->state = RPC_QUESTION_FREE;
}

void rpc_client_cancel(struct rpc_client *client, uint32_t id)
{
    struct rpc_question *question = find_question(client, id);
    if (!question || question->state != RPC_QUESTION_SENT)
        return;
    void *count = channel_own_line(&client->channel) + CHANNEL_CLIENT_LINE_CANCELLED_OFFSET;
    question->state = RPC_QUESTION_CANCELLED;
    client->has_odd = true;
    mark_finished(client, id);
    __atomic_store_n((uint32_t *)count, ++client->cancelled, __ATOMIC_RELEASE);
}

enum exo_status rpc_client_settle(struct rpc_client *client, uint64_t deadline)
{
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    for (bool has_looked = false;; has_looked = true) {
        rpc_client_take_replies(client);
        advance(client);
        enum exo_status failure = client->failure;
        if (client->answered == client->channel.send_tail || client->channel.broken) {
            client->failure = EXO_STATUS_OK;
            return client->channel.broken ? EXO_STATUS_DISCONNECTED : failure;
        }
        if (has_looked && deadline == 0)
            return EXO_STATUS_DEADLINE;
        enum exo_status status = deadline == 0 ? rpc_client_flush(client)
                                               : rpc_client_await(client, deadline);
        if (status != EXO_STATUS_OK)
            return status;
    }
}
