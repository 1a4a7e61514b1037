/* SPDX-License-Identifier: MIT */
/* The client's half of rpc: streaming methods, which are always asynchronous. */
#include "rpc.h"

void rpc_stream_window(struct rpc_client *client, uint32_t bytes)
{
    uint64_t most = client->channel.arena_words / 2;
    client->stream_window_words = bytes / 8 < most ? bytes / 8 : (uint32_t)most;
}

void rpc_stream_count(struct rpc_client *client)
{
    uint32_t end = client->answered;
    if (client->stream_words == 0)
        client->stream_first = end;
    for (; (int32_t)(client->stream_first - end) < 0; client->stream_first++) {
        struct rpc_question *question =
            &client->questions[client->stream_first & client->channel.entry_mask];
        if (question->state != RPC_QUESTION_STREAMED)
            continue;
        client->stream_words -= question->length;
        question->state = RPC_QUESTION_FREE;
    }
}

/* Wait until one more answer came. */
static enum exo_status wait_more(struct rpc_client *client)
{
    enum exo_status status = rpc_client_await(client, rpc_client_deadline(client));
    rpc_client_take_replies(client);
    rpc_stream_count(client);
    return rpc_client_result(client, status);
}

enum exo_status rpc_stream_settle(struct rpc_client *client)
{
    enum exo_status status = EXO_STATUS_OK;
    if (client->stream_words == 0)
        return EXO_STATUS_OK;
    rpc_client_take_replies(client);
    rpc_stream_count(client);
    while (client->stream_words > 0 && status == EXO_STATUS_OK)
        status = wait_more(client);
    if (client->stream_failure == EXO_STATUS_OK)
        client->stream_failure = status;
    return status;
}

enum exo_status rpc_stream_send(struct rpc_client *client, const struct rpc_method *method,
                                const void *params)
{
    struct capnp_builder builder;
    struct rpc_given given;
    uint32_t length;
    for (;;) {
        rpc_client_take_replies(client);
        rpc_stream_count(client);
        if (client->stream_failure != EXO_STATUS_OK)
            return client->stream_failure;
        enum exo_status status = rpc_client_send_begin(client, &builder);
        if (status == EXO_STATUS_OK)
            status = rpc_client_build_request(client, method, params, &given, &length);
        bool is_over = status == EXO_STATUS_OK && client->stream_words > 0 &&
                       client->stream_words + length > client->stream_window_words;
        if (status == EXO_STATUS_OK && !is_over)
            break;
        if (!is_over && (status != EXO_STATUS_FULL || client->stream_words == 0) &&
            !(status == EXO_STATUS_FULL && rpc_client_make_room(client)))
            return status;
        if (client->stream_words > 0)
            status = wait_more(client);
        if (status != EXO_STATUS_OK && status != EXO_STATUS_FULL)
            return status;
        rpc_client_make_room(client);
    }
    uint32_t id, number = rpc_client_number(client, method);
    if (given.count == 0) {
        id = rpc_client_send(client, number, length, RPC_QUESTION_STREAMED);
    } else { /* what the server answers, the ring tells later */
        enum exo_status status = rpc_client_send_now(client, number, length, &given,
                                                     RPC_QUESTION_STREAMED, &id);
        if (status != EXO_STATUS_OK)
            return status;
    }
    client->questions[id & client->channel.entry_mask].length = length;
    client->stream_words += length;
    return EXO_STATUS_OK;
}
