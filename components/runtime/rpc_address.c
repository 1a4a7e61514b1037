/* SPDX-License-Identifier: MIT */
/* The server's half of rpc: whom a request is for. */
#include "rpc.h"

bool rpc_service_find(const struct rpc_service **service, const void **methods, uint64_t id)
{
    const struct rpc_service *whole = *service;
    if (whole->interface->id == id)
        return true;
    for (uint32_t i = 0; i < whole->super_count; i++) {
        const struct rpc_super *super = &whole->supers[i];
        if (super->service->interface->id != id)
            continue;
        *service = super->service;
        *methods = *(const void *const *)((const uint8_t *)*methods + super->offset);
        return true;
    }
    return false;
}

/* Find the object in the results of an earlier question. They lie in memory that the client may
 * have changed, so they are read as a peer's message is; all that it can reach are its own. */
static enum exo_status find_answer(struct rpc_call *call, uint32_t question, uint32_t path_length,
                                   uint64_t path, uint32_t *object)
{
    const struct rpc_channel *channel = rpc_call_channel(call);
    const struct rpc_region *region = rpc_region_find(channel, question);
    struct capnp_struct at;
    *object = EXO_NONE;
    if (!region || path_length == 0 || path_length > CHANNEL_PATH_MAX)
        return EXO_STATUS_BAD_ARGUMENT;
    if (region->status != EXO_STATUS_OK)
        return (enum exo_status)region->status;
    capnp_message_single(&call->message, channel->channel.send_words + region->start,
                         region->length);
    enum capnp_error error = capnp_read_root(&call->message, &at);
    for (; error == CAPNP_OK && path_length > 1; path_length--, path >>= 16) {
        struct capnp_struct next;
        error = capnp_read_struct(&at, (uint16_t)path, 0, &next);
        at = next;
    }
    if (error == CAPNP_OK)
        error = capnp_read_capability(&at, (uint16_t)path, object);
    return rpc_status(error);
}

/* Can a client have objects and answers of ours: not by a one-way channel, nor when it has not
 * begun since this server has. */
static bool is_of_this_epoch(const struct rpc_channel *channel)
{
    return !channel->one_way.memory &&
           channel_peer_epoch(&channel->channel) == channel->channel.epoch;
}

uint64_t rpc_server_addressed(struct rpc_call *call, uint64_t meaning, const uint64_t *words,
                              uint64_t length)
{
    const struct rpc_service *service = call->service;
    const void *methods = call->methods;
    if (meaning >> 16 != CHANNEL_FLAG_ADDRESSED)
        return RPC_OUTCOME(EXO_STATUS_BAD_CALL);
    if (length < CHANNEL_ADDRESS_DATA_WORDS)
        return RPC_OUTCOME(EXO_STATUS_BAD_MESSAGE);
    const uint8_t *bytes = (const uint8_t *)words;
    uint64_t id = capnp_load64(bytes + CHANNEL_ADDRESS_INTERFACE_OFFSET);
    uint32_t object = capnp_load32(bytes + CHANNEL_ADDRESS_OBJECT_OFFSET);
    uint32_t kind = capnp_load16(bytes + CHANNEL_ADDRESS_KIND_OFFSET);
    words += CHANNEL_ADDRESS_DATA_WORDS;
    length -= CHANNEL_ADDRESS_DATA_WORDS;
    meaning &= UINT16_MAX;
    if (kind == CHANNEL_TARGET_ANSWER) {
        enum exo_status status =
            find_answer(call, object, capnp_load16(bytes + CHANNEL_ADDRESS_PATH_LENGTH_OFFSET),
                        capnp_load64(bytes + CHANNEL_ADDRESS_PATH_OFFSET), &object);
        if (status != EXO_STATUS_OK)
            return RPC_OUTCOME(status);
    }
    if (kind > CHANNEL_TARGET_RELEASE)
        return RPC_OUTCOME(EXO_STATUS_BAD_MESSAGE); /* of a later version */
    /* What a client knows from before the server was started again is nothing of ours. */
    if (kind != CHANNEL_TARGET_SELF && !is_of_this_epoch(rpc_call_channel(call)))
        return RPC_OUTCOME(EXO_STATUS_DISCONNECTED);
    if (kind == CHANNEL_TARGET_RELEASE)
        return RPC_OUTCOME(rpc_object_release(call, object));
    if (kind != CHANNEL_TARGET_SELF)
        return rpc_object_serve(call, object, id, meaning, words, length);
    if (!rpc_service_find(&service, &methods, id))
        return RPC_OUTCOME(EXO_STATUS_BAD_CALL);
    return service->dispatch(call, rpc_call_channel(call), methods, meaning, words, length);
}
