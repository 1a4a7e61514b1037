/* SPDX-License-Identifier: MIT */
/*
 * bulk: data that a message names instead of holding it (idl/bulk.capnp).
 *
 * A Memory is mapped by who receives it, as far as its capability really reaches; whether it is
 * frozen is what the kernel says of the capability, never what the message says. Frozen bytes can
 * be trusted where they lie: nobody can write them. All others may change at any time, like the
 * channel, and are gone when the giver takes them back. A Buffer is checked against the pool of its
 * channel (channel_pool; `poolPages` of an import), which both sides may write at any time.
 */
#ifndef BULK_H
#define BULK_H
#include "bulk.capnp.h"
#include "rpc.h"

/* Bytes that were received. */
struct bulk_view {
    const uint8_t *bytes;
    uint64_t length;
    bool is_frozen;    /* may be trusted without a copy */
    uint64_t address;  /* of the pages that bulk_map mapped; bulk_unmap takes them away again */
    uint64_t pages;
};

/* Write a Memory into a message: `length` bytes from byte `offset` on of the Memory in `slot`,
 * which goes along with the message whose capabilities are `given`. Errors:
 * EXO_STATUS_BAD_ARGUMENT when these are too many. */
enum exo_status bulk_memory_set(struct bulk_memory_builder builder, struct rpc_given *given,
                                uint32_t slot, uint64_t offset, uint64_t length, bool frozen);

/* Map for reading what a received Memory names, at `address` (aligned to a page, with room for
 * `room_pages`). `received` is where the message's capabilities lie. The pages may fault when the
 * giver takes the Memory back, unless they were guarded with channel_guard. Errors:
 * EXO_STATUS_BAD_MESSAGE (no capability, no Memory, out of its bounds, or said to be frozen and
 * not), EXO_STATUS_FULL (more pages than room), and those of exo_memory_map. */
enum exo_status bulk_map(struct bulk_memory_reader reader, struct rpc_received received,
                         uint64_t address, uint64_t room_pages, struct bulk_view *view);

/* Unmap what bulk_map mapped. */
void bulk_unmap(const struct bulk_view *view);

/* Find what a Buffer names in a pool of `pool_bytes` at `pool`. Errors: EXO_STATUS_BAD_MESSAGE. */
enum exo_status bulk_buffer(struct bulk_buffer_reader reader, const void *pool,
                            uint64_t pool_bytes, struct bulk_view *view);
#endif
