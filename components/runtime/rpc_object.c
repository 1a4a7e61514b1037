/* SPDX-License-Identifier: MIT */
#include "rpc.h"

/* An object. Whose channel is null is free. */
struct object {
    const struct rpc_channel *channel;
    const struct rpc_service *service; /* null: a forward */
    union {
        struct {
            const void *methods;
            void *context;
            rpc_released *released;
        };
        struct {
            struct rpc_client *client;
            uint16_t kind; /* of the target: self or object */
            uint32_t object;
        } forward;
    };
};

static struct object objects[RPC_OBJECTS_MAX];
static uint32_t objects_lock; /* held while a place is looked for, or given back */

static void lock(void)
{
    while (__atomic_exchange_n(&objects_lock, 1, __ATOMIC_ACQUIRE) != 0)
        continue;
}

static void unlock(void)
{
    __atomic_store_n(&objects_lock, 0, __ATOMIC_RELEASE);
}

/* Put an object into a free place. Returns what stands for it. */
static uint32_t add(struct object object)
{
    uint32_t number = 0;
    lock();
    while (number < RPC_OBJECTS_MAX && objects[number].channel)
        number++;
    if (number < RPC_OBJECTS_MAX)
        objects[number] = object;
    unlock();
    return number < RPC_OBJECTS_MAX ? RPC_OBJECT | number : EXO_NONE;
}

/* Free a place, and tell the server. */
static void drop(struct object *object)
{
    struct object gone = *object;
    lock();
    *object = (struct object){0};
    unlock();
    if (gone.service && gone.released)
        gone.released(gone.context);
    if (!gone.service && gone.forward.kind == CHANNEL_TARGET_OBJECT)
        rpc_reference_release(gone.forward.client, gone.forward.object);
}

/* The object of a channel that a peer names; null if it is none. */
static struct object *find(const struct rpc_channel *channel, uint32_t number)
{
    uint32_t index = number & ~RPC_OBJECT;
    if (!rpc_is_object(number) || index >= RPC_OBJECTS_MAX || objects[index].channel != channel)
        return 0;
    return &objects[index];
}

/* Has a server all of its handlers, those of what it inherits too. */
static bool is_complete(const struct rpc_service *service, const void *methods)
{
    const void *const *handlers = methods;
    for (uint32_t i = 0; i < service->handlers_bytes / sizeof *handlers; i++)
        if (!handlers[i])
            return false;
    for (uint32_t i = 0; i < service->super_count; i++) {
        const struct rpc_service *super = service->supers[i].service;
        handlers = *(const void *const *)((const uint8_t *)methods + service->supers[i].offset);
        for (uint32_t k = 0; k < super->own_count; k++)
            if (!handlers[k])
                return false;
    }
    return true;
}

uint32_t rpc_object_give(struct rpc_call *call, const struct rpc_service *service,
                         const void *methods, void *context, rpc_released *released)
{
    if (!is_complete(service, methods))
        return EXO_NONE;
    return add((struct object){.channel = rpc_call_channel(call), .service = service,
                               .methods = methods, .context = context, .released = released});
}

uint32_t rpc_object_forward(struct rpc_call *call, struct rpc_client *client,
                            struct rpc_target target)
{
    if (target.kind != CHANNEL_TARGET_SELF && target.kind != CHANNEL_TARGET_OBJECT)
        return EXO_NONE; /* a promise ends with its question */
    return add((struct object){.channel = rpc_call_channel(call),
                               .forward = {client, (uint16_t)target.kind, target.object}});
}

void *rpc_object_context(const struct rpc_call *call, uint32_t object,
                         const struct rpc_service *service)
{
    const struct object *found = find(rpc_call_channel(call), object);
    return found && found->service == service ? found->context : 0;
}

/* Leave an answer where it lies; see rpc_decode. */
static enum exo_status keep_reply(struct capnp_message *message, const uint64_t *words,
                                  uint32_t length, struct rpc_received received, void *to)
{
    (void)message, (void)received;
    *(struct rpc_reply *)to = (struct rpc_reply){words, length};
    return EXO_STATUS_OK;
}

/* What stands for a capability on the other side of a forward; EXO_NONE if it does not pass. */
static uint32_t translate(struct rpc_call *call, const struct object *by, uint32_t capability,
                          bool is_result)
{
    const struct object *object;
    if (is_result)
        return rpc_is_object(capability)
                   ? rpc_object_forward(call, by->forward.client, rpc_reference(capability))
                   : EXO_NONE;
    object = find(rpc_call_channel(call), capability);
    return object && !object->service && object->forward.client == by->forward.client &&
                   object->forward.kind == CHANNEL_TARGET_OBJECT
               ? object->forward.object
               : EXO_NONE;
}

/* Copy the struct that a message holds to a builder whose root is null. A capability that does not
 * stand outermost would name an object of whoever forwards, so it does not pass either. */
static enum exo_status copy_message(struct rpc_call *call, const struct object *by,
                                    struct capnp_message *message, struct rpc_reply from,
                                    struct capnp_builder *to, bool is_result)
{
    struct capnp_struct root;
    struct capnp_struct_builder copy;
    if (from.length == 0 || to->error != CAPNP_OK)
        return rpc_status(to->error);
    capnp_message_single(message, from.words, from.length);
    enum capnp_error error = capnp_read_root(message, &root);
    uint32_t data_words = (root.data_bytes + 7) / 8;
    if (error == CAPNP_OK)
        error = capnp_init_struct(to, to->words, data_words, root.pointer_count, &copy);
    for (uint32_t i = 0; error == CAPNP_OK && i < data_words; i++)
        copy.words[i] = capnp_get_uint64(root, i * 8);
    for (uint32_t i = 0; error == CAPNP_OK && i < root.pointer_count; i++) {
        struct capnp_any any;
        error = capnp_read_any(&root, i, &any);
        uint64_t *at = copy.words + data_words + i;
        if (error == CAPNP_OK && any.kind != CAPNP_CAPABILITY) {
            error = capnp_copy_alone(to, at, &any);
            if (error == CAPNP_KIND)
                return EXO_STATUS_BAD_CAPABILITY;
        } else if (error == CAPNP_OK) {
            uint32_t object = translate(call, by, any.capability, is_result);
            if (object == EXO_NONE)
                return EXO_STATUS_BAD_CAPABILITY;
            capnp_set_capability(at, object);
        }
    }
    return rpc_status(error);
}

/* Hand a call on to another domain, and its results back. */
static uint64_t forward(struct rpc_call *call, const struct object *object, uint64_t id,
                        uint64_t number, const uint64_t *words, uint64_t length)
{
    const struct rpc_interface interface = {id};
    const struct rpc_method method = {&interface, 0, keep_reply, (uint16_t)number};
    struct rpc_client *client = object->forward.client;
    struct rpc_reply request = {words, (uint32_t)length}, reply = {0, 0};
    client->target = (struct rpc_target){.kind = (enum channel_target)object->forward.kind,
                                         .object = object->forward.object};
    rpc_client_build(client, &method);
    enum exo_status status =
        copy_message(call, object, &call->message, request, &client->builder, false);
    if (status == EXO_STATUS_OK)
        status = rpc_client_call_built(client, &method, &reply);
    client->target = (struct rpc_target){.kind = CHANNEL_TARGET_SELF};
    if (status != EXO_STATUS_OK) {
        call->failure = rpc_client_why(client, status, &call->reason);
        return RPC_OUTCOME(status);
    }
    rpc_server_build(call);
    status = copy_message(call, object, &client->message, reply, &call->builder, true);
    return rpc_server_built(call, status == EXO_STATUS_OK ? call->built : (uint32_t)status);
}

uint64_t rpc_object_serve(struct rpc_call *call, uint32_t object, uint64_t interface_id,
                          uint64_t method, const uint64_t *words, uint64_t length)
{
    const struct object *found = find(rpc_call_channel(call), object);
    void *context = call->context;
    if (!found)
        return RPC_OUTCOME(EXO_STATUS_BAD_CAPABILITY);
    if (!found->service)
        return forward(call, found, interface_id, method, words, length);
    const struct rpc_service *service = found->service;
    const void *methods = found->methods;
    if (!rpc_service_find(&service, &methods, interface_id))
        return RPC_OUTCOME(EXO_STATUS_BAD_CALL);
    call->context = found->context;
    uint64_t outcome =
        service->dispatch(call, rpc_call_channel(call), methods, method, words, length);
    call->context = context;
    return outcome == RPC_OUTCOME(RPC_OTHER) ? RPC_OUTCOME(EXO_STATUS_BAD_CALL) : outcome;
}

enum exo_status rpc_object_release(struct rpc_call *call, uint32_t object)
{
    struct object *found = find(rpc_call_channel(call), object);
    if (!found)
        return EXO_STATUS_BAD_CAPABILITY;
    drop(found);
    return EXO_STATUS_OK;
}

void rpc_object_drop(const struct rpc_channel *channel)
{
    for (uint32_t i = 0; i < RPC_OBJECTS_MAX; i++)
        if (objects[i].channel == channel)
            drop(&objects[i]);
}
