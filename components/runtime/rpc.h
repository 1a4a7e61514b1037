/* SPDX-License-Identifier: MIT */
/*
 * rpc: calls of an interface over a channel. Generated clients and servers are built on this file;
 * here is what both sides know. The client's half is rpc_client.{h,c}, the server's
 * rpc_server.{h,c}, with the paths that every usual call takes inline in the headers.
 *
 * A synchronous call enters the server's Portal; the registers carry where the request lies, which
 * method it is for, and back where the reply lies: call:  word0 = place (offset, length), word1 =
 * meaning (method, flags, question), word3 = 0 reply: word0 = place, word3 = 1, so that the
 * server's answers and the kernel's can be told apart An asynchronous call is a descriptor in the
 * ring (channel.h). The server serves the ring before each synchronous call of the same channel, so
 * calls keep their order.
 *
 * The quick way. Most calls are synchronous, with nothing else on their channel: the request lies
 * at the arena's start, so does the reply, and no flag is set. Each side has one word that says
 * whether this is so (the client's `quick`, the server's `serving`), and looks at nothing else;
 * whatever is unusual clears that word and goes through the functions that are not inline.
 *
 * Which method. A number says a method of the interface that the channel was made for: the one that
 * the server exports, whose id both sides find in their bindings. A method of any other interface
 * (one that it inherits; or the client took the channel for another one) is addressed: its
 * interface's id goes before the message. So numbers mean the same however the schemas of the two
 * sides grew, and what a server does not know it answers with bad_call.
 *
 * A client serves one Thread. A server's channel serves one call at a time: a second one gets
 * `busy`. Over a one-way channel (one_way.h) requests can be posted or sent, and whatever asks for
 * an answer gets `denied`.
 */
#ifndef RPC_H
#define RPC_H
#include "binding.h"
#include "failure.capnp.h"
#include "kernel_stubs.h"
#include "one_way.h"

#include <stddef.h>

#define RPC_CAPABILITIES_MAX 8u /* that can travel with one message */
#define RPC_OBJECT UINT32_C(0x80000000)
/* An object that a server keeps for one client has this bit and a number in the place of a slot. */

#define RPC_FOR_EVER UINT64_MAX /* the deadline that never comes */
#define RPC_INLINE static inline __attribute__((always_inline))

/* An interface; there is one of these for each in a program, so its address is its identity. */
struct rpc_interface {
    uint64_t id; /* of the schema */
};

/* Capabilities that came with the last message, in slots that follow each other. */
struct rpc_received {
    uint32_t first, count;
};

/* The capabilities of a message that is being built: slots, any ones, in the order of their
 * positions. Empty while `count` is 0, whatever the rest holds. */
struct rpc_given {
    uint32_t count;
    uint32_t slots[RPC_CAPABILITIES_MAX];
};

/* Build the message of a plain struct at the start of a builder, without its root pointer's word
 * being there; add its capabilities to `*given`. Errors: EXO_STATUS_FULL, and what the fields
 * met. */
typedef enum exo_status rpc_encode(struct capnp_builder *builder, const void *from,
                                   struct rpc_given *given);

/* Read a plain struct from a message of any legal layout. */
typedef enum exo_status rpc_decode(struct capnp_message *message, const uint64_t *words,
                                   uint32_t length, struct rpc_received received, void *to);

/* A method, as its client's slow paths see it. */
struct rpc_method {
    const struct rpc_interface *interface;
    rpc_encode *encode; /* of the parameters; null: there are none */
    rpc_decode *decode; /* of the results; null: there are none */
    uint16_t number;
    uint32_t deadline_ms; /* of the schema, for calls of objects; 0: none */
};

/* Whom a call is for: see `Address` in channel.capnp. All zero: the server itself. */
struct rpc_target {
    enum channel_target kind;
    uint32_t object;
    uint32_t path_length;
    uint64_t path;
};

/* The slots in which a Thread's capabilities arrive. The kernel uses them up from the front; what
 * came is deleted in the end, and the run is posted again. */
struct rpc_window {
    uint32_t thread; /* slot of the Thread; zero: it does not receive */
    uint32_t first, count;
    uint32_t used;
};

/* A message in the peer's arena, within its bounds. */
struct rpc_reply {
    const uint64_t *words;
    uint32_t length;
};

/* Post the whole run of slots; what came must be gone from them. */
void rpc_window_post(struct rpc_window *window);
/* Where the `count` capabilities lie that have just come for the window's Thread: the kernel says
 * it, since a Thread that serves and calls has posted one window or the other. */
void rpc_window_came(struct rpc_window *window, uint64_t count, struct rpc_received *received);
/* Which of an export's Threads asks, by its number among them: they come in any order, on several
 * cores, and the kernel lets a Thread that runs read its own receive slots only. */
uint32_t rpc_window_owner(const struct binding *binding);

/* The status that stands for an error of the encoding. */
enum exo_status rpc_status(enum capnp_error error);

/* Is what stands for a capability an object of the server, and no slot. */
static inline bool rpc_is_object(uint32_t slot)
{
    return slot >= RPC_OBJECT && slot < EXO_NONE;
}

/* Give the capability in `slot` along with a message; the same slot twice is given once. Returns
 * its position, the number of an object as it is, or CAPNP_NO_CAPABILITY for EXO_NONE; sets
 * `*failed` if there are more than can travel. */
static inline uint32_t rpc_give(struct rpc_given *given, uint32_t slot, bool *failed)
{
    uint32_t at = 0;
    if (slot == EXO_NONE)
        return CAPNP_NO_CAPABILITY;
    if (rpc_is_object(slot))
        return slot;
    while (at < given->count && given->slots[at] != slot)
        at++;
    if (at == RPC_CAPABILITIES_MAX) {
        *failed = true;
        return CAPNP_NO_CAPABILITY;
    }
    given->slots[at] = slot;
    given->count += at == given->count;
    return at;
}

/* The slot of the capability at a position of a message, or the object that it is; EXO_NONE if it
 * did not come. */
static inline uint32_t rpc_taken(struct rpc_received received, uint32_t position)
{
    if (rpc_is_object(position))
        return position;
    return position < received.count ? received.first + position : EXO_NONE;
}

/* Keep a capability that came with a call or reply: move it to a free slot of one's own. */
enum exo_status rpc_take(uint32_t slot, uint32_t to_slot);

#include "rpc_given.h"

#include "rpc_client.h"
#include "rpc_server.h"

#include "rpc_object.h"
#include "rpc_reference.h"
#endif
