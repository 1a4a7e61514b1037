/* SPDX-License-Identifier: MIT */
#include "rpc.h"

#include "text.h"

enum {
    OBJECT_BITS = 30,     /* of a number: the place, and how often that was used */
    OBJECT_STARTS = 4096, /* of the component, that share what can be counted of the uses */
};

/* An object. Only its channel's holder uses one that has a channel; of the others, which are
 * forwards that wait for their client to be free, all are changed under the lock. */
struct object {
    uint32_t number;                   /* what stands for it: place and how often that was used */
    struct rpc_channel *channel;       /* null: it was let go of */
    bool is_used;                      /* or its place is free */
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
            uint32_t opening; /* of the client; another server counts its objects anew */
        } forward;
        uint32_t next_free; /* of a place that is free, behind the first ones: the next, or 0 */
    };
};
_Static_assert(sizeof(struct object) <= RPC_OBJECT_BYTES, "what rpc_object_room promises");

/* The first RPC_OBJECTS_MAX places are looked through, and forwards have no others. What is behind
 * them, if the program gave room, is a list. */
static struct object first_objects[RPC_OBJECTS_MAX];
static struct object *objects = first_objects;
static uint32_t place_count = RPC_OBJECTS_MAX; /* a power of two */
static uint32_t fresh_place = RPC_OBJECTS_MAX; /* from here on none was ever used */
static uint32_t free_place;                    /* first of the list, or 0 */
static uint32_t objects_lock; /* held while a place is looked for, or given back */
static uint32_t left_count;   /* forwards that wait for their client to be free */

static void lock(void)
{
    while (__atomic_exchange_n(&objects_lock, 1, __ATOMIC_ACQUIRE) != 0)
        continue;
}

static void unlock(void)
{
    __atomic_store_n(&objects_lock, 0, __ATOMIC_RELEASE);
}

/* What stands for the next object in a place: not what stood for the last ones there, nor for those
 * of this component before it was started again, so that who still has one reaches nothing. */
static uint32_t next_number(uint32_t place, uint32_t generation)
{
    uint32_t numbers = (UINT32_C(1) << OBJECT_BITS) / place_count; /* before one comes again */
    uint32_t used = (objects[place].number & ~RPC_OBJECT) / place_count + 1;
    if (objects[place].number == 0)
        used = generation * (numbers / OBJECT_STARTS);
    return RPC_OBJECT | (used % numbers * place_count + place);
}

/* A free place, out of the list for what is no forward; EXO_NONE: there is none. Under the lock. */
static uint32_t find_place(bool is_forward)
{
    uint32_t place = free_place;
    if (!is_forward && place != 0) {
        free_place = objects[place].next_free;
        return place;
    }
    if (!is_forward && fresh_place < place_count)
        return fresh_place++;
    for (place = 0; place < RPC_OBJECTS_MAX; place++)
        if (!objects[place].is_used)
            return place;
    return EXO_NONE;
}

/* Put an object into a free place. Returns what stands for it. */
static uint32_t add(const struct rpc_call *call, struct object object)
{
    uint32_t number = EXO_NONE;
    lock();
    uint32_t place = find_place(!object.service);
    object.is_used = true;
    if (place != EXO_NONE) {
        number = object.number = next_number(place, call->server->binding->generation);
        objects[place] = object;
        __atomic_add_fetch(&object.channel->object_count, 1, __ATOMIC_RELAXED);
    }
    unlock();
    return number;
}

bool rpc_object_room(void *memory, uint64_t bytes)
{
    uint32_t count = RPC_OBJECTS_MAX;
    while (count < RPC_OBJECTS_ROOM_MAX && (uint64_t)count * 2 * sizeof *objects <= bytes)
        count *= 2;
    if (count == RPC_OBJECTS_MAX || objects != first_objects)
        return false;
    objects = memory;
    place_count = count;
    return true;
}

/* Take a client for a forward, unless another Thread has it; and give it back. */
static bool take_client(struct rpc_client *client)
{
    return __atomic_exchange_n(&client->forwarding, 1, __ATOMIC_ACQUIRE) == 0;
}

/* As take_client. */
static void give_client(struct rpc_client *client)
{
    __atomic_store_n(&client->forwarding, 0, __ATOMIC_RELEASE);
}

/* Is this a forward to an object of the server that its client is connected to now. */
static bool is_reference(const struct object *object)
{
    return object->is_used && !object->service &&
           object->forward.kind == CHANNEL_TARGET_OBJECT &&
           object->forward.opening == object->forward.client->opening;
}

/* Does a forward lead where another one led. Under the lock. */
static bool is_shared(const struct object *gone)
{
    for (uint32_t i = 0; i < RPC_OBJECTS_MAX; i++)
        if (is_reference(&objects[i]) && objects[i].forward.client == gone->forward.client &&
            objects[i].forward.object == gone->forward.object)
            return true;
    return false;
}

/* Free the place of a forward that waits for this client. Returns whether there was one, and sets
 * the `*number` of what it led to: EXO_NONE if that is gone, or another forward leads there. */
static bool take_left(const struct rpc_client *client, uint32_t *number)
{
    uint32_t i = 0;
    lock();
    while (i < RPC_OBJECTS_MAX && !(objects[i].is_used && !objects[i].channel &&
                                    objects[i].forward.client == client))
        i++;
    if (i < RPC_OBJECTS_MAX) {
        struct object gone = objects[i];
        objects[i] = (struct object){.number = gone.number};
        *number = is_reference(&gone) && !is_shared(&gone) ? gone.forward.object : EXO_NONE;
        __atomic_sub_fetch(&left_count, 1, __ATOMIC_SEQ_CST);
    }
    unlock();
    return i < RPC_OBJECTS_MAX;
}

/* Tell the other server which forwards have no client any more, unless another Thread has the
 * client: then it will, when it gives that back. */
static void release_left(struct rpc_client *client)
{
    bool goes_on = true;
    while (goes_on && __atomic_load_n(&left_count, __ATOMIC_SEQ_CST) > 0 && take_client(client)) {
        uint32_t number;
        for (goes_on = false; take_left(client, &number); goes_on = true)
            if (number != EXO_NONE &&
                rpc_reference_release(client, number) == EXO_STATUS_FULL &&
                rpc_client_flush(client) == EXO_STATUS_OK)
                rpc_reference_release(client, number);
        if (goes_on)
            rpc_client_flush(client); /* at once, not with the next call */
        give_client(client);
    }
}

/* Free a place, and tell the server. */
static void drop(struct object *object)
{
    struct object gone = *object;
    bool is_left = !gone.service && gone.forward.kind == CHANNEL_TARGET_OBJECT;
    lock();
    __atomic_sub_fetch(&gone.channel->object_count, 1, __ATOMIC_RELAXED);
    if (is_left) {
        object->channel = 0;
        __atomic_add_fetch(&left_count, 1, __ATOMIC_SEQ_CST);
    } else {
        uint32_t place = (uint32_t)(object - objects);
        *object = (struct object){.number = gone.number};
        if (place >= RPC_OBJECTS_MAX) {
            object->next_free = free_place;
            free_place = place;
        }
    }
    unlock();
    if (is_left)
        release_left(gone.forward.client);
    if (gone.service && gone.released)
        gone.released(gone.context);
}

/* The object of a channel that a peer names; null if it is none. */
static struct object *find(const struct rpc_channel *channel, uint32_t number)
{
    struct object *object = &objects[number % place_count];
    return rpc_is_object(number) && object->number == number && object->channel == channel ? object
                                                                                           : 0;
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
    return add(call, (struct object){.channel = rpc_call_channel(call), .service = service,
                                     .methods = methods, .context = context,
                                     .released = released});
}

uint32_t rpc_object_forward(struct rpc_call *call, struct rpc_client *client,
                            struct rpc_target target)
{
    if (target.kind != CHANNEL_TARGET_SELF && target.kind != CHANNEL_TARGET_OBJECT)
        return EXO_NONE; /* a promise ends with its question */
    return add(call, (struct object){.channel = rpc_call_channel(call),
                                     .forward = {client, (uint16_t)target.kind, target.object,
                                                 client->opening}});
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

/* A message that passes a forward. */
struct passing {
    struct rpc_call *call;
    const struct object *by;
    bool is_result;
    uint64_t made; /* the forwards for what the results name, a bit each */
};
_Static_assert(RPC_OBJECTS_MAX <= 64, "a bit for each object");

/* What stands for an object on the other side of a forward: in results, a new forward to it; in
 * parameters, what a forward to the same server stands for. The forwarding server's own objects do
 * not pass, and what the client may not name even less. */
static uint32_t translate_object(struct passing *passing, uint32_t capability)
{
    const struct object *object, *by = passing->by;
    if (passing->is_result) {
        uint32_t number = rpc_object_forward(passing->call, by->forward.client,
                                             rpc_reference(capability));
        passing->made |= number == EXO_NONE ? 0 : UINT64_C(1) << number % place_count;
        return number;
    }
    object = find(rpc_call_channel(passing->call), capability);
    return object && is_reference(object) && object->forward.client == by->forward.client
               ? object->forward.object
               : EXO_NONE;
}

/* The same for any capability, as capnp_copy_translated asks for it: what came in a slot goes on
 * from there. */
static uint32_t translate(void *context, uint32_t capability)
{
    struct passing *passing = context;
    struct rpc_client *client = passing->by->forward.client;
    struct rpc_given *given = passing->is_result ? &passing->call->given : &client->given;
    bool failed = false;
    uint32_t slot = rpc_is_object(capability)
                        ? translate_object(passing, capability)
                        : rpc_taken(passing->is_result ? client->received : passing->call->received,
                                    capability);
    return rpc_give(given, slot, &failed);
}

/* Copy the struct that a message holds to a builder whose root is null. */
static enum exo_status copy_message(struct passing *passing, struct capnp_message *message,
                                    struct rpc_reply from, struct capnp_builder *to)
{
    const struct capnp_translation translation = {translate, passing};
    struct capnp_any root = {.kind = CAPNP_STRUCT};
    if (from.length == 0 || to->error != CAPNP_OK)
        return rpc_status(to->error);
    capnp_message_single(message, from.words, from.length);
    enum capnp_error error = capnp_read_root(message, &root.structure);
    if (error == CAPNP_OK)
        error = capnp_copy_translated(to, to->words, &root, &translation);
    return error == CAPNP_KIND ? EXO_STATUS_BAD_CAPABILITY : rpc_status(error);
}

/* Why a forwarded call failed, in words that stay when the client is another Thread's. */
static void keep_reason(struct rpc_call *call, struct rpc_client *client, enum exo_status status)
{
    struct capnp_text reason;
    call->failure = rpc_client_why(client, status, &reason);
    if (reason.length > sizeof call->reason_bytes)
        reason.length = sizeof call->reason_bytes;
    memcpy(call->reason_bytes, reason.bytes, reason.length);
    call->reason = (struct capnp_text){call->reason_bytes, reason.length};
}

/* Drop the forwards that were made for results which do not reach the client. */
static void take_back(const struct passing *passing)
{
    for (uint32_t i = 0; i < RPC_OBJECTS_MAX; i++)
        if (passing->made >> i & 1)
            drop(&objects[i]);
}

/* Hand a call on by a client that was taken, and its results back. */
static uint64_t pass(struct rpc_call *call, const struct object *object, uint64_t id,
                     uint64_t number, const uint64_t *words, uint64_t length)
{
    const struct rpc_interface interface = {id};
    const struct rpc_method method = {&interface, 0, keep_reply, (uint16_t)number, 0};
    struct rpc_client *client = object->forward.client;
    struct rpc_reply request = {words, (uint32_t)length}, reply = {0, 0};
    const struct rpc_target target = {.kind = (enum channel_target)object->forward.kind,
                                      .object = object->forward.object};
    if (object->forward.kind == CHANNEL_TARGET_OBJECT && !is_reference(object))
        return RPC_OUTCOME(EXO_STATUS_DISCONNECTED);
    if (call->window.thread != 0)
        client->window.thread = call->window.thread; /* who serves is who calls */
    rpc_reference_begin(client, target, &method);
    struct passing there = {.call = call, .by = object};
    struct passing back = {.call = call, .by = object, .is_result = true};
    enum exo_status status = copy_message(&there, &call->message, request, &client->builder);
    if (status == EXO_STATUS_OK)
        status = rpc_reference_finish(client, target, &method, &reply);
    if (status != EXO_STATUS_OK) {
        keep_reason(call, client, status);
        return RPC_OUTCOME(status);
    }
    rpc_server_build(call);
    status = copy_message(&back, &client->message, reply, &call->builder);
    uint64_t outcome =
        rpc_server_built(call, status == EXO_STATUS_OK ? call->built : (uint32_t)status);
    /* Now: the next call of this client empties the slots in which they came. */
    if (call->given.count > 0)
        outcome = rpc_server_run(call, &client->received, outcome);
    if (outcome >> 32 != EXO_STATUS_OK && outcome >> 32 != RPC_ODD)
        take_back(&back);
    return outcome;
}

/* Hand a call on to another domain, unless another Thread does so with the same client. */
static uint64_t forward(struct rpc_call *call, const struct object *object, uint64_t id,
                        uint64_t number, const uint64_t *words, uint64_t length)
{
    struct rpc_client *client = object->forward.client;
    if (!take_client(client))
        return RPC_OUTCOME(EXO_STATUS_BUSY);
    uint64_t outcome = pass(call, object, id, number, words, length);
    give_client(client);
    release_left(client);
    return outcome;
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
    for (uint32_t i = 0; i < fresh_place && rpc_object_has(channel); i++)
        if (objects[i].channel == channel)
            drop(&objects[i]);
}

bool rpc_object_has(const struct rpc_channel *channel)
{
    return __atomic_load_n(&channel->object_count, __ATOMIC_RELAXED) > 0;
}
