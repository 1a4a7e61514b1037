/* SPDX-License-Identifier: MIT */
/* Why a call failed: said by the server, read by the client. */
#include "rpc.h"

/* Of a failure's message, but for its text. */
#define FAILURE_WORDS (1 + FAILURE_EXCEPTION_DATA_WORDS + FAILURE_EXCEPTION_POINTERS)

enum exo_status rpc_fail(struct rpc_call *call, enum failure_exception_type type,
                         struct capnp_text reason)
{
    call->reason = reason;
    call->failure = type;
    switch (type) {
    case FAILURE_EXCEPTION_TYPE_OVERLOADED: return EXO_STATUS_FULL;
    case FAILURE_EXCEPTION_TYPE_DISCONNECTED: return EXO_STATUS_DISCONNECTED;
    case FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED: return EXO_STATUS_BAD_CALL;
    default: return EXO_STATUS_FAILED;
    }
}

uint32_t rpc_failure_build(struct rpc_call *call, const struct rpc_channel *channel)
{
    struct capnp_builder builder;
    struct failure_exception_builder exception;
    struct capnp_text reason = call->reason;
    uint32_t room = channel->channel.arena_room;
    call->reason.length = 0;
    if (reason.length == 0 || room <= FAILURE_WORDS)
        return 0;
    if (reason.length >= (room - FAILURE_WORDS) * 8)
        reason.length = (room - FAILURE_WORDS) * 8 - 1; /* and the zero byte */
    capnp_builder_begin(&builder, channel->channel.arena_next, room);
    failure_exception_init_root(&builder, &exception);
    failure_exception_set_type(exception, (enum failure_exception_type)call->failure);
    failure_exception_set_reason(exception, reason);
    return builder.error == CAPNP_OK ? builder.word_count : 0;
}

enum failure_exception_type rpc_client_why(struct rpc_client *client, enum exo_status status,
                                           struct capnp_text *reason)
{
    struct failure_exception_reader exception;
    struct capnp_text text = {"", 0};
    enum failure_exception_type type = FAILURE_EXCEPTION_TYPE_FAILED;
    if (status == EXO_STATUS_FULL || status == EXO_STATUS_BUSY || status == EXO_STATUS_NO_GAS)
        type = FAILURE_EXCEPTION_TYPE_OVERLOADED;
    else if (status == EXO_STATUS_DISCONNECTED)
        type = FAILURE_EXCEPTION_TYPE_DISCONNECTED;
    else if (status == EXO_STATUS_BAD_CALL)
        type = FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED;
    capnp_message_single(&client->message, client->why.words, client->why.length);
    if (client->why.length > 0 &&
        failure_exception_read_root(&client->message, &exception) == CAPNP_OK &&
        failure_exception_get_reason(exception, &text) == CAPNP_OK &&
        (unsigned)failure_exception_get_type(exception) <= FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED)
        type = failure_exception_get_type(exception);
    if (reason)
        *reason = text;
    return type;
}
