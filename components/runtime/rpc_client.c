/* SPDX-License-Identifier: MIT */
/* The client's half of rpc: what is not on the path of every call. */
#include "rpc.h"

#include "channel_guard.h"
#include "processor.h"

enum exo_status rpc_status(enum capnp_error error)
{
    switch (error) {
    case CAPNP_OK: return EXO_STATUS_OK;
    case CAPNP_FULL: return EXO_STATUS_FULL;
    case CAPNP_RANGE: return EXO_STATUS_BAD_ARGUMENT;
    default: return EXO_STATUS_BAD_MESSAGE;
    }
}

void rpc_window_post(struct rpc_window *window)
{
    uint64_t words[2] = {window->first, window->count};
    window->used = 0;
    if (window->thread != 0 && window->count > 0)
        exo_thread_write(window->thread, EXO_THREAD_REGISTER_RECEIVE_FIRST, 2,
                         (uint64_t)(uintptr_t)words);
}

/* Is there still something in a slot of the own table. */
static bool slot_is_live(uint32_t slot)
{
    uint64_t kind, rights, value, count, low, high;
    return exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, &count, &low, &high) ==
               EXO_STATUS_OK &&
           (kind & 0xff) != EXO_OBJECT_KIND_EMPTY;
}

/* Give the next request of a one-way channel its place. No number is ever that of a question. */
static void begin_one_way(struct rpc_client *client)
{
    one_way_writer_begin(&client->writer, &client->channel);
    client->question_oldest = client->answered = client->channel.send_tail + 2;
    client->special = 1;
}

/* Open a client that nothing comes back to. */
static enum exo_status open_one_way(struct rpc_client *client, const struct channel_place *place)
{
    client->portal = EXO_NONE;
    client->is_one_way = true;
    if (!one_way_writer_open(&client->writer, &client->channel, (void *)(uintptr_t)place->address,
                             place->bytes, (uint32_t)(place->badge >> 32)))
        return EXO_STATUS_BAD_ARGUMENT;
    channel_guard(place->address, place->bytes, &client->channel.broken);
    begin_one_way(client);
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_open(struct rpc_client *client, const struct binding *binding)
{
    const struct channel_place *place = binding->places;
    *client = (struct rpc_client){.portal = binding->portal, .binding = binding,
                                  .deadline = RPC_FOR_EVER};
    if (binding->place_count == 1 && place->is_one_way)
        return open_one_way(client, place);
    if (binding->place_count != 1 ||
        !channel_open(&client->channel, (void *)(uintptr_t)place->address, place->bytes, false))
        return EXO_STATUS_BAD_ARGUMENT;
    client->window = (struct rpc_window){binding->thread, binding->receive_first,
                                         binding->receive_count, 0};
    rpc_window_post(&client->window);
    channel_guard(place->address, place->bytes, &client->channel.broken);
    if (place->wake != 0) /* the portal's end wakes a client that waits for replies */
        exo_capability_notify(EXO_SELF, binding->portal, place->wake);
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_reconnect(struct rpc_client *client)
{
    uint64_t timeout_ticks = client->timeout_ticks;
    if (client->is_one_way)
        return EXO_STATUS_OK; /* it is connected to nothing that could be started again */
    if (!slot_is_live(client->portal))
        return EXO_STATUS_DISCONNECTED;
    rpc_client_release(client);
    enum exo_status status = rpc_client_open(client, client->binding);
    rpc_client_timeout(client, timeout_ticks);
    return status;
}

void rpc_client_release(struct rpc_client *client)
{
    for (uint32_t i = 0; i < client->received.count; i++)
        exo_capability_delete(client->received.first + i); /* empty if it was taken */
    if (client->received.count > 0)
        rpc_window_post(&client->window);
    client->received.count = 0;
}

enum exo_status rpc_client_failed(const struct rpc_client *client, uint64_t word3,
                                  enum exo_status status)
{
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    /* The kernel's own answer, not the server's: the portal went with its server. */
    if (client->channel.broken || (word3 == 0 && status == EXO_STATUS_BAD_CAPABILITY))
        return EXO_STATUS_DISCONNECTED;
    return status;
}

/* When the next call must have been answered. */
static uint64_t next_deadline(const struct rpc_client *client)
{
    if (client->timeout_ticks == 0)
        return RPC_FOR_EVER;
    uint64_t now = processor_ticks();
    return client->timeout_ticks > UINT64_MAX - now ? RPC_FOR_EVER : now + client->timeout_ticks;
}

void rpc_client_timeout(struct rpc_client *client, uint64_t ticks)
{
    client->timeout_ticks = ticks;
    client->special = 1;
}

void rpc_client_receive(struct rpc_client *client, uint64_t count)
{
    client->received.first = client->window.first + client->window.used;
    client->received.count = (uint32_t)count;
    client->window.used += (uint32_t)count;
    client->special = 1;
}

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
static void reclaim(struct rpc_client *client)
{
    uint32_t mask = client->channel.entry_mask, oldest = client->question_oldest;
    uint32_t next = client->channel.send_tail;
    if (!client->has_asked && !client->has_odd)
        oldest = client->answered; /* the common case of all unasked ones */
    while (oldest != next) {
        uint32_t state = client->questions[oldest & mask].state;
        bool is_answered = (int32_t)(oldest - client->answered) < 0;
        if (state != RPC_QUESTION_FREE && !(state == RPC_QUESTION_UNASKED && is_answered))
            break;
        oldest++;
    }
    if (oldest == next) {
        client->has_odd = client->has_asked = false;
        client->answered = next;
        channel_arena_release(&client->channel, 0, true);
    } else if (oldest != client->question_oldest)
        channel_arena_release(&client->channel, client->questions[oldest & mask].start, false);
    client->question_oldest = oldest;
}

void rpc_client_prepare(struct rpc_client *client)
{
    if (client->is_one_way) {
        begin_one_way(client); /* the call that follows is denied, but its request is built */
        return;
    }
    if (client->received.count > 0)
        rpc_client_release(client);
    client->deadline = next_deadline(client);
    client->meaning = client->keep_last
                          ? channel_meaning_word(0, CHANNEL_FLAG_KEEP, client->keep_question)
                          : 0;
    if (client->question_oldest != client->channel.send_tail)
        reclaim(client);
    if (client->question_oldest != client->channel.send_tail)
        client->meaning |= channel_meaning_word(0, CHANNEL_FLAG_RING, 0);
    client->special = client->timeout_ticks != 0 || client->meaning != 0;
    client->keep_last = false;
}

/* Enter the portal with flags instead of a method. */
static enum exo_status call_special(struct rpc_client *client, uint64_t place, uint64_t meaning,
                                    uint64_t deadline, uint64_t transfer)
{
    uint64_t word0, word1, word2, word3, received;
    enum exo_status status = exo_portal_call(client->portal, place, meaning, 0, 0, deadline,
                                             transfer, &word0, &word1, &word2, &word3, &received);
    if (status != EXO_STATUS_OK)
        return rpc_client_failed(client, word3, status);
    if (received > 0)
        rpc_client_receive(client, received);
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_send_now(struct rpc_client *client, uint16_t method, uint32_t length,
                                    uint64_t transfer, enum rpc_question_state state, uint32_t *id)
{
    if (client->is_one_way)
        return EXO_STATUS_DENIED;
    uint64_t place = channel_place_word(client->channel.arena_tail, length);
    uint32_t question = rpc_client_send(client, CHANNEL_NOTHING, length, state);
    client->has_odd = true;
    enum exo_status status =
        call_special(client, place, channel_meaning_word(method, CHANNEL_FLAG_NOW, question),
                     next_deadline(client), transfer);
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
            state == RPC_QUESTION_CANCELLED)
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
    } else if (question->state == RPC_QUESTION_UNASKED ||
               question->state == RPC_QUESTION_CANCELLED) {
        if (question->state == RPC_QUESTION_UNASKED && client->failure == EXO_STATUS_OK)
            client->failure = (answer & UINT16_MAX) > EXO_STATUS_NO_GAS
                                  ? EXO_STATUS_BAD_MESSAGE
                                  : (enum exo_status)(answer & UINT16_MAX);
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
static void take_replies(struct rpc_client *client)
{
    struct channel *channel = &client->channel;
    uint32_t count = channel_waiting(channel);
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
    if (client->is_one_way)
        return false; /* there was room for the longest */
    take_replies(client);
    reclaim(client);
    if (channel->arena_room < channel->arena_quarter)
        channel_arena_wrap(channel);
    return channel->arena_room > before;
}

enum exo_status rpc_client_send_slowly(struct rpc_client *client)
{
    if (client->is_one_way) {
        begin_one_way(client);
        return EXO_STATUS_OK;
    }
    rpc_client_make_room(client);
    return rpc_client_has_question(client) ? EXO_STATUS_OK : EXO_STATUS_FULL;
}

/* How often a call is made again that met the Thread that serves the ring, and how long it is given
 * each time: enough for it to serve what it has begun, even if it was interrupted. */
#define AGAIN_MAX 8
#define AGAIN_TICKS UINT64_C(1000000)

enum exo_status rpc_client_again(struct rpc_client *client, enum exo_status status,
                                 uint64_t word3, const uint64_t request[2], uint64_t transfer,
                                 uint64_t *place, uint64_t *received)
{
    uint64_t word1, word2, bits;
    struct channel *channel = &client->channel;
    for (int attempt = 0; attempt < AGAIN_MAX && status == EXO_STATUS_BUSY && word3 == 1 &&
                          channel_peer_attention(channel) != CHANNEL_ATTENTION_ABSENT;
         attempt++) {
        channel_set_attention(channel, CHANNEL_ATTENTION_ASLEEP);
        exo_event_wait(client->binding->places->wake, processor_ticks() + AGAIN_TICKS, &bits);
        channel_set_attention(channel, CHANNEL_ATTENTION_AWAKE);
        take_replies(client);
        status = exo_portal_call(client->portal, request[0], client->meaning | request[1], 0, 0,
                                 client->deadline, transfer, place, &word1, &word2, &word3,
                                 received);
    }
    return status == EXO_STATUS_OK ? status : rpc_client_failed(client, word3, status);
}

enum exo_status rpc_client_flush(struct rpc_client *client)
{
    if (client->is_one_way) { /* and whether anybody hears it is not for us to know */
        exo_event_signal(client->binding->places->doorbell);
        return rpc_client_result(client, EXO_STATUS_OK);
    }
    switch (channel_peer_attention(&client->channel)) {
    case CHANNEL_ATTENTION_AWAKE: return EXO_STATUS_OK;
    case CHANNEL_ATTENTION_ASLEEP: {
        enum exo_status status = exo_event_signal(client->binding->places->doorbell);
        return status == EXO_STATUS_BAD_CAPABILITY ? EXO_STATUS_DISCONNECTED : status;
    }
    default:
        return call_special(client, 0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0),
                            next_deadline(client), 0);
    }
}

/* Sleep until the server signals, if it has a Thread for the ring; otherwise let it serve the ring
 * by a call. */
static enum exo_status await(struct rpc_client *client, uint64_t deadline)
{
    struct channel *channel = &client->channel;
    enum exo_status status;
    uint64_t bits;
    if (channel_peer_attention(channel) == CHANNEL_ATTENTION_ABSENT)
        return call_special(client, 0, channel_meaning_word(0, CHANNEL_FLAG_DRAIN, 0), deadline, 0);
    status = rpc_client_flush(client);
    if (status != EXO_STATUS_OK)
        return status;
    channel_set_attention(channel, CHANNEL_ATTENTION_ASLEEP);
    if (channel_waiting(channel) == 0)
        status = exo_event_wait(client->binding->places->wake, deadline, &bits);
    channel_set_attention(channel, CHANNEL_ATTENTION_AWAKE);
    if (status == EXO_STATUS_OK && channel_waiting(channel) == 0 && !slot_is_live(client->portal))
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
        status > EXO_STATUS_NO_GAS)
        return EXO_STATUS_BAD_MESSAGE;
    if (status == EXO_STATUS_OK && (flags & CHANNEL_FLAG_CAPABILITIES))
        return call_special(client, 0,
                            channel_meaning_word(0, CHANNEL_FLAG_FETCH, id),
                            next_deadline(client), 0);
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
        take_replies(client);
        if (question->state == RPC_QUESTION_SENT && (int32_t)(id - client->answered) < 0)
            take_answered(question);
        if (question->state != RPC_QUESTION_SENT)
            break;
        if (client->channel.broken)
            return EXO_STATUS_DISCONNECTED;
        if (has_looked && deadline == 0)
            return EXO_STATUS_DEADLINE;
        enum exo_status status = deadline == 0 ? rpc_client_flush(client) : await(client, deadline);
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
        reclaim(client);
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
    if (question->state == RPC_QUESTION_CANCELLED || question->state == RPC_QUESTION_UNASKED)
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
        take_replies(client);
        advance(client);
        enum exo_status failure = client->failure;
        if (client->answered == client->channel.send_tail || client->channel.broken) {
            client->failure = EXO_STATUS_OK;
            return client->channel.broken ? EXO_STATUS_DISCONNECTED : failure;
        }
        if (has_looked && deadline == 0)
            return EXO_STATUS_DEADLINE;
        enum exo_status status = deadline == 0 ? rpc_client_flush(client) : await(client, deadline);
        if (status != EXO_STATUS_OK)
            return status;
    }
}

enum exo_status rpc_take(uint32_t slot, uint32_t to_slot)
{
    uint64_t kind, rights, value, count, low, high;
    enum exo_status status =
        exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, &count, &low, &high);
    if (status != EXO_STATUS_OK)
        return status;
    status = exo_capability_derive(slot, EXO_SELF, to_slot, 0, count, rights & 0xffff, 0);
    return status == EXO_STATUS_OK ? exo_capability_delete(slot) : status;
}
