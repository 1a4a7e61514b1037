/* SPDX-License-Identifier: MIT */
/*
 * rpc_object: objects of a server that one of its clients may call: what a result of an interface
 * type names. The client calls them over the channel that it has already, by their number, or by
 * the question whose results they are in, before those came (promise pipelining): see `Address` in
 * idl/channel.capnp.
 *
 * An object belongs to one channel, and only calls on that channel reach it. It lives until the
 * client releases it or ends; then its `released` is called. The Thread for the rings notices that
 * a client ended; without one it is noticed when another client takes the place (a later
 * generation). A server whose results are objects of another domain gives forwards: calls of those
 * are copied on to the other server and their results back.
 */
#ifndef RPC_OBJECT_H
#define RPC_OBJECT_H
#include "rpc.h"

#define RPC_OBJECTS_MAX 64u /* of a component, forwards included; more with rpc_object_room */
#define RPC_OBJECTS_ROOM_MAX (1u << 18)
#define RPC_OBJECT_BYTES 64u /* of memory for each */

/* Called when an object has no client any more, by the Thread that serves the channel. */
typedef void rpc_released(void *context);

/* Make room for more objects, but not for more forwards: `bytes` bytes of zeros at `memory`, which
 * the runtime keeps. A power of two has room. To be called once, before the first object is given;
 * returns false if it was called before, or for less than twice RPC_OBJECTS_MAX. */
bool rpc_object_room(void *memory, uint64_t bytes);

/* Give the client of a call an object; see the generated X_object. `methods` lives as long as the
 * object, and has no null in it. Returns what stands for it in results; EXO_NONE when there are too
 * many objects, or a handler is missing. `released` may be null. */
uint32_t rpc_object_give(struct rpc_call *call, const struct rpc_service *service,
                         const void *methods, void *context, rpc_released *released);

/* Give the client of a call an object of another domain: `target` of `client`. While a server has
 * more than one Thread, that client is for forwards only: a Thread that meets another at it answers
 * `busy`. Objects in the results of its calls become forwards as well, and go back to their server
 * as what they are. `target` is the server or an object. Returns as rpc_object_give. */
uint32_t rpc_object_forward(struct rpc_call *call, struct rpc_client *client,
                            struct rpc_target target);

/* The context of an object of this client, if it is one of `service`; otherwise null. For objects
 * that come back in parameters. */
void *rpc_object_context(const struct rpc_call *call, uint32_t object,
                         const struct rpc_service *service);

/* For rpc_server.c: serve a call of an object; take away a client's hold on one, or on all. */
uint64_t rpc_object_serve(struct rpc_call *call, uint32_t object, uint64_t interface_id,
                          uint64_t method, const uint64_t *words, uint64_t length);
enum exo_status rpc_object_release(struct rpc_call *call, uint32_t object);
void rpc_object_drop(const struct rpc_channel *channel);

/* Has the client of a channel any. */
bool rpc_object_has(const struct rpc_channel *channel);
#endif
