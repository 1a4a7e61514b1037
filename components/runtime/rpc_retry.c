/* SPDX-License-Identifier: MIT */
#include "rpc_retry.h"

#include "processor.h"
#include "text.h"
#include "ticks.h"

/* The sum, or "never". */
static uint64_t later(uint64_t now, uint64_t ticks)
{
    return ticks > RPC_FOR_EVER - 1 - now ? RPC_FOR_EVER : now + ticks;
}

/* Microseconds in ticks, but at least one. */
static uint64_t ticks_of(uint64_t microseconds)
{
    uint64_t ticks = ticks_from_microseconds(microseconds);
    return ticks > 0 ? ticks : 1;
}

/* Let the next try end at the deadline. */
static void set_timeout(const struct rpc_retry *retry, uint64_t now)
{
    if (retry->deadline != RPC_FOR_EVER)
        rpc_client_timeout(retry->client, retry->deadline > now ? retry->deadline - now : 1);
}

void rpc_retry_begin(struct rpc_retry *retry, struct rpc_client *client, uint32_t deadline_ms)
{
    uint64_t now = processor_ticks(), own = client->timeout_ticks;
    uint64_t ticks = deadline_ms > 0 ? ticks_of(UINT64_C(1000) * deadline_ms) : own;
    if (own > 0 && own < ticks)
        ticks = own;
    *retry = (struct rpc_retry){.client = client, .timeout_ticks = own};
    retry->deadline = ticks > 0 ? later(now, ticks) : RPC_FOR_EVER;
    set_timeout(retry, now);
}

/* Is a question one that nobody waits for any more. */
static bool is_done(const struct rpc_client *client, uint32_t id)
{
    uint32_t state = client->questions[id & client->channel.entry_mask].state;
    bool is_unasked = state == RPC_QUESTION_UNASKED || state == RPC_QUESTION_STREAMED;
    return state == RPC_QUESTION_FREE || (is_unasked && (int32_t)(id - client->answered) < 0);
}

/* Is nothing under way that reconnecting would forget, but for question `id` if it `is_one`. */
static bool is_alone(struct rpc_client *client, bool is_one, uint32_t id)
{
    if (client->is_one_way || !client->binding || client->failure != EXO_STATUS_OK ||
        client->stream_failure != EXO_STATUS_OK || client->stream_told)
        return false;
    rpc_client_take_replies(client);
    for (uint32_t i = client->question_oldest; i != client->channel.send_tail; i++)
        if (!is_done(client, i) && !(is_one && i == id))
            return false;
    return !client->keep_last && client->failure == EXO_STATUS_OK;
}

/* Does the server go on that this client has begun with: it spoke of somebody else. */
static bool goes_on(const struct rpc_client *client)
{
    return client->has_begun && !client->channel.broken && rpc_client_is_connected(client) &&
           channel_is_kept(&client->channel);
}

/* Sleep. The Event of the channel may wake us earlier, which means nothing. */
static void sleep_until(const struct rpc_client *client, uint64_t until)
{
    uint32_t wake = client->binding->places->wake;
    uint64_t bits;
    while (processor_ticks() < until)
        if (wake == 0 || exo_event_wait(wake, until, &bits) == EXO_STATUS_BAD_CAPABILITY)
            processor_pause(); /* such a channel was made by hand; time passes all the same */
}

bool rpc_retry_again(struct rpc_retry *retry, enum exo_status *status)
{
    struct rpc_client *client = retry->client;
    if (*status != EXO_STATUS_DISCONNECTED || retry->tries == RPC_RETRIES_MAX ||
        !is_alone(client, false, 0))
        return false;
    uint64_t now = processor_ticks();
    if (retry->tries++ == 0) {
        retry->give_up = later(now, ticks_of(RPC_RETRY_WAIT_US));
        if (retry->deadline != RPC_FOR_EVER)
            retry->give_up = retry->deadline;
    }
    uint64_t step = ticks_of(RPC_RETRY_STEP_US) << (retry->tries - 1);
    bool has_slept = retry->tries == 1;
    for (; now < retry->give_up; now = processor_ticks()) {
        enum exo_status came = !has_slept        ? EXO_STATUS_DISCONNECTED
                               : goes_on(client) ? EXO_STATUS_OK
                                                 : rpc_client_reconnect(client);
        if (came == EXO_STATUS_OK) {
            set_timeout(retry, now);
            return true;
        }
        if (came != EXO_STATUS_DISCONNECTED)
            return false;
        uint64_t until = later(now, step);
        sleep_until(client, until < retry->give_up ? until : retry->give_up);
        has_slept = true;
    }
    if (retry->deadline != RPC_FOR_EVER)
        *status = EXO_STATUS_DEADLINE;
    return false;
}

enum exo_status rpc_retry_end(struct rpc_retry *retry, enum exo_status status)
{
    rpc_client_timeout(retry->client, retry->timeout_ticks);
    return status;
}

/* Make a call again from a copy of its request. */
static enum exo_status call_copy(struct rpc_client *client, const struct rpc_method *method,
                                 const uint64_t *words, uint32_t length,
                                 const struct rpc_given *given, void *results)
{
    rpc_client_build(client, method);
    if (client->built_failure != EXO_STATUS_OK)
        return client->built_failure;
    if (client->builder.word_max < length)
        return EXO_STATUS_FULL; /* cannot be: the channel is as large as it was, and empty */
    memcpy(client->builder.words, words, length * sizeof *words);
    client->builder.word_count = length;
    client->given = *given;
    return rpc_client_call_built(client, method, results);
}

/* Copy the request and make it until that is enough. */
static enum exo_status repeat_built(struct rpc_retry *retry, const struct rpc_method *method,
                                    void *results)
{
    struct rpc_client *client = retry->client;
    uint64_t words[RPC_RETRY_WORDS_MAX];
    const struct rpc_given given = client->given;
    uint32_t length = client->builder.word_count;
    memcpy(words, client->builder.words, length * sizeof *words);
    enum exo_status status = rpc_client_call_built(client, method, results);
    while (rpc_retry_again(retry, &status))
        status = call_copy(client, method, words, length, &given, results);
    return status;
}

enum exo_status rpc_retry_built(struct rpc_client *client, const struct rpc_method *method,
                                uint32_t deadline_ms, bool is_idempotent, void *results)
{
    struct rpc_retry retry;
    enum exo_status status;
    rpc_retry_begin(&retry, client, deadline_ms);
    client->deadline = rpc_client_deadline(client); /* it was set when the building began */
    if (is_idempotent && client->builder.word_count <= RPC_RETRY_WORDS_MAX &&
        client->target.kind == CHANNEL_TARGET_SELF)
        status = repeat_built(&retry, method, results);
    else
        status = rpc_client_call_built(client, method, results);
    return rpc_retry_end(&retry, status);
}

/* Copy the request of a question that was sent without capabilities to nobody but the server
 * itself; false if there is none, or it is too long. */
static bool copy_sent(const struct rpc_client *client, const struct rpc_method *method, uint32_t id,
                      uint64_t *words, uint32_t *length)
{
    const struct channel *channel = &client->channel;
    uint32_t at = id & channel->entry_mask, open = channel->send_tail - client->question_oldest;
    if (id - client->question_oldest >= open || client->questions[at].state != RPC_QUESTION_SENT ||
        method->interface != client->interface)
        return false;
    struct channel_descriptor sent = channel_entry(channel->send_ring, channel->entry_mask, id);
    if (sent.method != method->number || sent.flags != CHANNEL_FLAG_REQUEST ||
        sent.length > RPC_RETRY_WORDS_MAX ||
        !channel_in_bounds(channel, sent.offset, sent.length))
        return false;
    memcpy(words, channel->send_words + sent.offset, sent.length * sizeof *words);
    *length = sent.length;
    return true;
}

enum exo_status rpc_retry_wait(struct rpc_client *client, const struct rpc_method *method,
                               uint32_t id, uint64_t deadline, enum exo_status status,
                               void *results)
{
    struct rpc_retry retry;
    uint64_t words[RPC_RETRY_WORDS_MAX];
    const struct rpc_given nothing = {.count = 0};
    uint32_t length;
    if (status != EXO_STATUS_DISCONNECTED || deadline == 0 ||
        !copy_sent(client, method, id, words, &length) || !is_alone(client, true, id))
        return status;
    client->questions[id & client->channel.entry_mask].state = RPC_QUESTION_FREE;
    rpc_retry_begin(&retry, client, 0);
    if (deadline < retry.deadline) {
        retry.deadline = deadline;
        set_timeout(&retry, processor_ticks());
    }
    while (rpc_retry_again(&retry, &status))
        status = call_copy(client, method, words, length, &nothing, results);
    return rpc_retry_end(&retry, status);
}

void rpc_retry_sent(struct rpc_client *client, uint32_t id, uint32_t deadline_ms)
{
    struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    if (client->is_one_way || question->state != RPC_QUESTION_SENT)
        return;
    uint64_t until = later(processor_ticks(), ticks_of(UINT64_C(1000) * deadline_ms));
    question->offset = (uint32_t)until;
    question->length = (uint32_t)(until >> 32);
}

uint64_t rpc_retry_until(const struct rpc_client *client, uint32_t id, uint64_t deadline)
{
    const struct rpc_question *question = &client->questions[id & client->channel.entry_mask];
    uint32_t open = client->channel.send_tail - client->question_oldest;
    bool is_open = !client->is_one_way && question->state == RPC_QUESTION_SENT &&
                   id - client->question_oldest < open;
    uint64_t until = (uint64_t)question->length << 32 | question->offset;
    return is_open && until < deadline ? until : deadline;
}
