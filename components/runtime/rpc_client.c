/* SPDX-License-Identifier: MIT */
/* The client's half of rpc: what is not on the path of every call. */
#include "rpc.h"

#include "channel_guard.h"
#include "processor.h"
#include "ticks.h"

enum exo_status rpc_status(enum capnp_error error)
{
    switch (error) {
    case CAPNP_OK: return EXO_STATUS_OK;
    case CAPNP_FULL: return EXO_STATUS_FULL;
    case CAPNP_RANGE: return EXO_STATUS_BAD_ARGUMENT;
    default: return EXO_STATUS_BAD_MESSAGE;
    }
}

void rpc_window_came(struct rpc_window *window, uint64_t count, struct rpc_received *received)
{
    uint64_t next;
    *received = (struct rpc_received){window->first + window->used, (uint32_t)count};
    if (count > 0 && exo_thread_read(window->thread, EXO_THREAD_REGISTER_RECEIVE_FIRST, 1,
                                     (uint64_t)(uintptr_t)&next) == EXO_STATUS_OK)
        received->first = (uint32_t)(next - count);
    window->used += (uint32_t)count;
}

enum { THREAD_STATE_STOPPED = 0 };

void rpc_window_post(struct rpc_window *window)
{
    uint64_t words[2] = {window->first, window->count};
    window->used = 0;
    if (window->thread != 0 && window->count > 0)
        exo_thread_write(window->thread, EXO_THREAD_REGISTER_RECEIVE_FIRST, 2,
                         (uint64_t)(uintptr_t)words);
}

uint32_t rpc_window_owner(const struct binding *binding)
{
    uint32_t number = 0;
    for (; number + 1 < binding->thread_count; number++) {
        uint64_t kind, rights, value, state = 0, low, high, word;
        uint32_t thread = binding->thread + number;
        exo_capability_info(EXO_SELF, thread, &kind, &rights, &value, &state, &low, &high);
        if ((state & 0xff) != THREAD_STATE_STOPPED &&
            exo_thread_read(thread, EXO_THREAD_REGISTER_RECEIVE_FIRST, 1,
                            (uint64_t)(uintptr_t)&word) == EXO_STATUS_OK)
            break;
    }
    return number;
}

/* Is there still something in a slot of the own table. */
bool rpc_client_is_connected(const struct rpc_client *client)
{
    uint64_t kind, rights, value, count, low, high;
    return exo_capability_info(EXO_SELF, client->portal, &kind, &rights, &value, &count, &low,
                               &high) == EXO_STATUS_OK &&
           (kind & 0xff) != EXO_OBJECT_KIND_EMPTY;
}

/* Give the next request of a one-way channel its place. No number is ever that of a question. */
void rpc_client_begin_one_way(struct rpc_client *client)
{
    one_way_writer_begin(&client->writer, &client->channel);
    client->question_oldest = client->answered = client->channel.send_tail + 2;
    client->quick = 0;
}

/* Open a client that nothing comes back to. */
static enum exo_status open_one_way(struct rpc_client *client, const struct channel_place *place)
{
    client->portal = EXO_NONE;
    client->is_one_way = true;
    if (!one_way_writer_open(&client->writer, &client->channel, (void *)(uintptr_t)place->address,
                             place->bytes, (uint32_t)(place->badge >> 32)))
        return EXO_STATUS_BAD_ARGUMENT;
    channel_guard(place->address, place->bytes, &client->channel);
    rpc_client_begin_one_way(client);
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_open(struct rpc_client *client, const struct binding *binding,
                                const struct rpc_interface *interface)
{
    const struct channel_place *place = binding->places;
    *client = (struct rpc_client){.portal = binding->portal, .binding = binding,
                                  .interface = binding->interface_id == 0 ||
                                                       binding->interface_id == interface->id
                                                   ? interface
                                                   : 0,
                                  .call_word = EXO_CALL_WORD(EXO_CALL_PORTAL_CALL, binding->portal),
                                  .deadline = RPC_FOR_EVER};
    if (binding->place_count == 1 && place->is_one_way)
        return open_one_way(client, place);
    if (binding->place_count != 1 ||
        !channel_open(&client->channel, (void *)(uintptr_t)place->address, place->bytes, false))
        return EXO_STATUS_BAD_ARGUMENT;
    /* No epoch begins before the end of the one before, whose counter the server may still see. */
    client->channel.send_tail = client->question_oldest = client->answered = client->stream_first =
        channel_own_pushed(&client->channel);
    rpc_stream_window(client, RPC_STREAM_WINDOW_BYTES);
    rpc_client_reclaim(client); /* none is in use, but none can be taken yet */
    client->opened = interface;
    client->window = (struct rpc_window){binding->thread, binding->receive_first,
                                         binding->receive_count, 0};
    rpc_window_post(&client->window);
    channel_guard(place->address, place->bytes, &client->channel);
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_reconnect(struct rpc_client *client)
{
    uint64_t timeout_ticks = client->timeout_ticks;
    uint32_t opening = client->opening + 1, forwarding = client->forwarding;
    uint32_t base = client->channel.send_tail; /* no number of a question comes twice */
    if (client->is_one_way)
        return EXO_STATUS_OK; /* it is connected to nothing that could be started again */
    if (!rpc_client_is_connected(client))
        return EXO_STATUS_DISCONNECTED;
    rpc_client_release(client);
    enum exo_status status = rpc_client_open(client, client->binding, client->opened);
    client->opening = opening;
    client->forwarding = forwarding; /* a Thread that has it still has it */
    client->channel.send_tail = client->question_oldest = client->answered = base;
    client->stream_first = base;
    rpc_client_reclaim(client);
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
uint64_t rpc_client_deadline(const struct rpc_client *client)
{
    if (client->timeout_ticks == 0)
        return RPC_FOR_EVER;
    uint64_t now = processor_ticks();
    return client->timeout_ticks > UINT64_MAX - now ? RPC_FOR_EVER : now + client->timeout_ticks;
}

void rpc_client_timeout(struct rpc_client *client, uint64_t ticks)
{
    client->timeout_ticks = ticks;
    client->quick = 0;
}

/* Capabilities came with a reply. */
void rpc_client_receive(struct rpc_client *client, uint64_t count)
{
    rpc_window_came(&client->window, count, &client->received);
    client->quick = 0;
}

/* Before a synchronous call: meet, release, deadline, keep; see whether the next may be quick. */
static enum exo_status prepare(struct rpc_client *client)
{
    if (client->is_one_way) {
        /* The call that follows is denied, but its request is built. */
        rpc_client_begin_one_way(client);
        return EXO_STATUS_OK;
    }
    client->deadline = rpc_client_deadline(client);
    enum exo_status status = rpc_client_meet(client, client->deadline);
    if (status != EXO_STATUS_OK)
        return status;
    if (client->received.count > 0)
        rpc_client_release(client);
    rpc_stream_settle(client); /* what fails there, the call that follows tells */
    client->meaning = client->keep_last
                          ? channel_meaning_word(0, CHANNEL_FLAG_KEEP, client->keep_question)
                          : 0;
    if (client->question_oldest != client->channel.send_tail) {
        rpc_client_take_replies(client); /* who only posts and calls would never do it */
        rpc_client_reclaim(client);
    }
    if (client->question_oldest != client->channel.send_tail)
        client->meaning |= channel_meaning_word(0, CHANNEL_FLAG_RING, 0);
    client->quick = client->timeout_ticks == 0 && client->meaning == 0 &&
                            client->stream_failure == EXO_STATUS_OK
                        ? client->interface
                        : 0;
    return EXO_STATUS_OK;
}

/* How often a call is made again that met the Thread that serves the ring, and how long it is given
 * each time: enough for it to serve what it has begun, even if it was interrupted. */
#define AGAIN_MAX 8
#define AGAIN_MICROSECONDS 400

bool rpc_client_has_rings_thread(const struct rpc_client *client)
{
    return channel_peer_attention(&client->channel) != CHANNEL_ATTENTION_ABSENT;
}

/* Was a call not served, since the channel was. */
static bool is_held(const struct rpc_answer *answer)
{
    return answer->status == EXO_STATUS_BUSY && answer->word3 == 1 &&
           answer->place == CHANNEL_PLACE_HELD;
}

void rpc_client_again(struct rpc_client *client, uint64_t request, uint64_t meaning,
                      uint64_t transfer, struct rpc_answer *answer)
{
    struct channel *channel = &client->channel;
    uint64_t word1, word2, bits;
    for (int attempt = 0;
         attempt < AGAIN_MAX && is_held(answer) && rpc_client_has_rings_thread(client);
         attempt++) {
        channel_set_attention(channel, CHANNEL_ATTENTION_ASLEEP);
        exo_event_wait(client->binding->places->wake, ticks_deadline(AGAIN_MICROSECONDS), &bits);
        channel_set_attention(channel, CHANNEL_ATTENTION_AWAKE);
        rpc_client_take_replies(client);
        answer->status = exo_portal_call(
            client->portal, request, meaning, 0, 0, client->deadline, transfer, &answer->place,
            &word1, &word2,
            &answer->word3, &answer->received);
    }
}

/* How long a client that begins waits for what the server still does for the one before. */
#define MEET_MICROSECONDS 1000000

/* Make the server take up the epoch: ring for its Thread for the rings, or call. */
static enum exo_status ask_to_meet(struct rpc_client *client, uint64_t until)
{
    uint64_t next = ticks_deadline(AGAIN_MICROSECONDS), bits;
    enum exo_status status = EXO_STATUS_BUSY;
    channel_set_attention(&client->channel, CHANNEL_ATTENTION_ASLEEP);
    if (rpc_client_has_rings_thread(client))
        status = rpc_client_ring(client);
    else
        status = rpc_client_drain(client, until);
    if (!channel_meet(&client->channel) &&
        (status == EXO_STATUS_OK || status == EXO_STATUS_BUSY))
        exo_event_wait(client->binding->places->wake, next < until ? next : until, &bits);
    channel_set_attention(&client->channel, CHANNEL_ATTENTION_AWAKE);
    return status;
}

/* Wait until the server has taken up the epoch. */
static enum exo_status wait_to_meet(struct rpc_client *client, uint64_t deadline)
{
    uint64_t until = ticks_deadline(MEET_MICROSECONDS);
    enum exo_status status = EXO_STATUS_OK;
    if (deadline < until)
        until = deadline;
    while (!channel_meet(&client->channel)) {
        if (client->channel.broken)
            return EXO_STATUS_DISCONNECTED;
        if (processor_ticks() >= until || (status != EXO_STATUS_OK && status != EXO_STATUS_BUSY))
            return status == EXO_STATUS_OK || until != deadline ? EXO_STATUS_BUSY : status;
        status = ask_to_meet(client, until);
        if (status == EXO_STATUS_DISCONNECTED)
            return status;
    }
    return EXO_STATUS_OK;
}

enum exo_status rpc_client_meet(struct rpc_client *client, uint64_t deadline)
{
    enum exo_status status = EXO_STATUS_OK;
    if (client->has_begun)
        return EXO_STATUS_OK;
    if (!rpc_client_is_connected(client))
        return EXO_STATUS_DISCONNECTED;
    bool is_fresh = channel_begin(&client->channel, client->channel.send_tail);
    /* The portal's end wakes a client that waits for replies. A portal that has gone meanwhile
     * would come again without that; of one that came, the server has fresh memory, too. */
    if (client->binding->places->wake != 0)
        status = exo_capability_notify(EXO_SELF, client->portal, client->binding->places->wake);
    if (status != EXO_STATUS_OK)
        status = EXO_STATUS_DISCONNECTED;
    else if (!is_fresh)
        status = wait_to_meet(client, deadline);
    client->has_begun = status == EXO_STATUS_OK;
    rpc_client_reclaim(client);
    return status;
}

/* The place of a request of unknown length: it lies where it was, and that more of the arena is
 * named than it has does no harm. */
static uint64_t request_place(const struct rpc_client *client)
{
    return channel_place_word(client->channel.arena_tail, client->channel.arena_room);
}

/* Does a call need an address. */
static bool is_addressed(const struct rpc_client *client, const struct rpc_method *method)
{
    return method->interface != client->interface || client->target.kind != CHANNEL_TARGET_SELF;
}

/* The meaning word of a synchronous call of a method. */
static uint64_t meaning_of(const struct rpc_client *client, const struct rpc_method *method)
{
    return client->meaning | rpc_client_number(client, method);
}

uint32_t rpc_client_number(const struct rpc_client *client, const struct rpc_method *method)
{
    uint32_t flags = is_addressed(client, method) ? CHANNEL_FLAG_ADDRESSED : 0;
    return flags << 16 | method->number;
}

/* Let a builder begin at the free words of the arena, behind the address if the method needs one.
 * Returns the words of the address. */
static uint32_t begin_addressed(const struct rpc_client *client, const struct rpc_method *method,
                                struct capnp_builder *builder)
{
    rpc_client_begin(client, builder);
    if (!is_addressed(client, method) || builder->word_max < CHANNEL_ADDRESS_DATA_WORDS)
        return 0;
    const struct rpc_target *target = &client->target;
    for (uint32_t i = 0; i < CHANNEL_ADDRESS_DATA_WORDS; i++)
        builder->words[i] = 0;
    capnp_put_uint64(builder->words, CHANNEL_ADDRESS_INTERFACE_OFFSET, method->interface->id);
    capnp_put_uint32(builder->words, CHANNEL_ADDRESS_OBJECT_OFFSET, target->object);
    capnp_put_uint16(builder->words, CHANNEL_ADDRESS_KIND_OFFSET, (uint16_t)target->kind);
    capnp_put_uint16(builder->words, CHANNEL_ADDRESS_PATH_LENGTH_OFFSET,
                     (uint16_t)target->path_length);
    capnp_put_uint64(builder->words, CHANNEL_ADDRESS_PATH_OFFSET, target->path);
    builder->words += CHANNEL_ADDRESS_DATA_WORDS;
    builder->word_max -= CHANNEL_ADDRESS_DATA_WORDS;
    return CHANNEL_ADDRESS_DATA_WORDS;
}

/* Go on with an answer, until its results are read. */
static enum exo_status finish_call(struct rpc_client *client, const struct rpc_method *method,
                                   struct rpc_answer *answer, void *results)
{
    uint32_t length = channel_place_length(answer->place);
    uint32_t offset = channel_place_offset(answer->place);
    bool is_in_bounds = channel_in_bounds(&client->channel, offset, length);
    client->why = (struct rpc_reply){0, 0};
    if (answer->status != EXO_STATUS_OK) {
        if (is_in_bounds && answer->word3 == 1)
            client->why = (struct rpc_reply){client->channel.receive_words + offset, length};
        return rpc_client_failed(client, answer->word3, (enum exo_status)answer->status);
    }
    if (answer->received > 0)
        rpc_client_receive(client, answer->received);
    if (!is_in_bounds)
        return rpc_client_result(client, EXO_STATUS_BAD_MESSAGE);
    enum exo_status status = EXO_STATUS_OK;
    if (method->decode)
        status = method->decode(&client->message, client->channel.receive_words + offset, length,
                                client->received, results);
    return rpc_client_result(client, status);
}

enum exo_status rpc_client_odd(struct rpc_client *client, const struct rpc_method *method,
                               uint64_t status, uint64_t received_word3, uint64_t place,
                               void *results)
{
    struct rpc_answer answer = {status, received_word3 >> 1, place, received_word3 & 1};
    rpc_client_again(client, request_place(client), meaning_of(client, method), 0, &answer);
    return finish_call(client, method, &answer, results);
}

enum exo_status rpc_client_read(struct rpc_client *client, const struct rpc_method *method,
                                uint32_t length, void *results)
{
    enum exo_status status = method->decode(&client->message, client->channel.receive_words, length,
                                            client->received, results);
    return rpc_client_result(client, status);
}

enum exo_status rpc_client_broken(const struct rpc_client *client)
{
    (void)client;
    return EXO_STATUS_DISCONNECTED;
}

/* Make the call whose request of `length` words was built, and read its results. */
static enum exo_status call_now(struct rpc_client *client, const struct rpc_method *method,
                                uint32_t length, const struct rpc_given *given, void *results)
{
    struct rpc_answer answer;
    uint64_t word1, word2;
    uint64_t run;
    enum exo_status failure = client->stream_failure;
    client->stream_failure = EXO_STATUS_OK;
    client->stream_told = failure != EXO_STATUS_OK;
    if (failure == EXO_STATUS_OK)
        failure = rpc_run_make(given, 0, &run);
    client->why = (struct rpc_reply){0, 0};
    if (failure != EXO_STATUS_OK)
        return failure;
    answer.status = exo_portal_call(client->portal,
                                    channel_place_word(client->channel.arena_tail, length),
                                    meaning_of(client, method), 0, 0, client->deadline,
                                    RPC_RUN_TRANSFER(run), &answer.place, &word1, &word2,
                                    &answer.word3, &answer.received);
    rpc_client_again(client, request_place(client), meaning_of(client, method),
                     RPC_RUN_TRANSFER(run), &answer);
    rpc_run_end(run);
    client->keep_last &= is_held(&answer); /* a server that served it has kept it */
    return finish_call(client, method, &answer, results);
}

/* Build a request at the free words of the arena. Returns its words, address included. */
enum exo_status rpc_client_build_request(struct rpc_client *client, const struct rpc_method *method,
                                         const void *params, struct rpc_given *given,
                                         uint32_t *length)
{
    struct capnp_builder builder;
    enum exo_status status = EXO_STATUS_OK;
    given->count = 0;
    uint32_t address = begin_addressed(client, method, &builder);
    if (is_addressed(client, method) && address == 0)
        return EXO_STATUS_FULL;
    if (method->encode)
        status = method->encode(&builder, params, given);
    *length = address + builder.word_count;
    return status;
}

enum exo_status rpc_client_call(struct rpc_client *client, const struct rpc_method *method,
                                const void *params, void *results)
{
    struct rpc_given given;
    uint32_t length;
    if (!client->binding)
        return EXO_STATUS_DISCONNECTED;
    enum exo_status status = prepare(client);
    if (status != EXO_STATUS_OK)
        return status;
    status = rpc_client_build_request(client, method, params, &given, &length);
    if (status == EXO_STATUS_FULL && rpc_client_make_room(client))
        status = rpc_client_build_request(client, method, params, &given, &length);
    return status == EXO_STATUS_OK ? call_now(client, method, length, &given, results) : status;
}

void rpc_client_build(struct rpc_client *client, const struct rpc_method *method)
{
    client->built_failure = prepare(client);
    if (client->built_failure != EXO_STATUS_OK &&
        client->built_failure != EXO_STATUS_DISCONNECTED) {
        client->builder = (struct capnp_builder){0}; /* what is there may still be read */
        return;
    }
    client->built_address = begin_addressed(client, method, &client->builder);
    client->given.count = 0;
    if (is_addressed(client, method) && client->built_address == 0)
        client->builder.word_max = 0;
    if (client->builder.word_max > 0) {
        client->builder.words[0] = 0;
        client->builder.word_count = 1;
    }
}

enum exo_status rpc_client_call_built(struct rpc_client *client, const struct rpc_method *method,
                                      void *results)
{
    enum exo_status status = client->built_failure;
    if (status == EXO_STATUS_OK)
        status = rpc_status(client->builder.error);
    if (status != EXO_STATUS_OK)
        return status;
    return call_now(client, method, client->built_address + client->builder.word_count,
                    &client->given, results);
}
