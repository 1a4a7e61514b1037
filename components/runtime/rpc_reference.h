/* SPDX-License-Identifier: MIT */
/*
 * rpc_reference: a client's references to objects that its server keeps for it. The generated
 * `struct X_ref` holds one with its type. A reference may stand for an object in the results of a
 * question that is not answered: calls of it are queued behind the question, and fail like it.
 */
#ifndef RPC_REFERENCE_H
#define RPC_REFERENCE_H
#include "rpc.h"

/* A reference to what stands in results for an object. */
static inline struct rpc_target rpc_reference(uint32_t object)
{
    struct rpc_target out = {CHANNEL_TARGET_OBJECT, object, 0, 0};
    return out;
}

/* A reference to the object that pointer `index` of a question's results will lead to. The question
 * must not be finished before the calls of it are sent. */
static inline struct rpc_target rpc_promise(uint32_t question, uint32_t index)
{
    struct rpc_target out = {CHANNEL_TARGET_ANSWER, question, 1, index};
    return out;
}

/* The same for an object that lies deeper: behind pointer `index` of what `outer` leads to. There
 * may be CHANNEL_PATH_MAX in all. */
static inline struct rpc_target rpc_promise_in(struct rpc_target outer, uint32_t index)
{
    outer.path |= (uint64_t)index << (outer.path_length * 16 % 64);
    outer.path_length++;
    return outer;
}

/* Call a method of an object, and wait for the results. */
enum exo_status rpc_reference_call(struct rpc_client *client, struct rpc_target target,
                                   const struct rpc_method *method, const void *params,
                                   void *results);

/* Begin a request to an object that the program builds itself, in client->builder with its
 * capabilities in client->given, and make that call. Nothing else may be done with the client in
 * between. */
void rpc_reference_begin(struct rpc_client *client, struct rpc_target target,
                         const struct rpc_method *method);
enum exo_status rpc_reference_finish(struct rpc_client *client, struct rpc_target target,
                                     const struct rpc_method *method, void *results);

/* Send a request to an object. */
enum exo_status rpc_reference_send(struct rpc_client *client, struct rpc_target target,
                                   const struct rpc_method *method, const void *params,
                                   uint32_t *question);

/* Wait for the results of a question. */
enum exo_status rpc_reference_wait(struct rpc_client *client, const struct rpc_method *method,
                                   uint32_t question, uint64_t deadline, void *results);

/* Say that an object is not needed any more. */
enum exo_status rpc_reference_release(struct rpc_client *client, uint32_t object);
#endif
