/* SPDX-License-Identifier: MIT */
/*
 * block_server: the half of every disk's driver that talks to clients (idl/block.capnp). It keeps
 * extents and pinned memories, checks each request, and hands the driver requests that lie within
 * the device and within memory that the driver may use.
 *
 * A pin belongs to the client that made it. It goes when that client releases it or ends, but never
 * while a request uses it: `users` counts those, and the last of them lets go.
 *
 * Which blocks a client sees, the composition says: the driver's setting "extent.CLIENT" is
 * "FIRST+COUNT"; without it, it is the whole disk. For tests of what happens when a driver crashes,
 * "fault_after" is the number of the request at which it does.
 */
#ifndef BLOCK_SERVER_H
#define BLOCK_SERVER_H

#include "block.capnp.h"
#include "block_bounds.h"

/* What clients hold, each at most its share; together all objects that a component can give. */
enum {
    BLOCK_PINS_MAX = 32,
    BLOCK_EXTENTS_MAX = 32, /* that clients made */
    BLOCK_CLIENTS_MAX = 16, /* channels of the export */
};

/* A Memory of a client, for as long as it is pinned. */
struct block_pin {
    uint32_t client;   /* whose: the index of its channel */
    uint32_t users;    /* requests that use it, and its client; 0: free */
    uint32_t slot;     /* of the Memory */
    uint64_t bytes;
    uint64_t physical; /* address of the first byte; it is one run of frames */
    bool writable;
    uint64_t number;   /* the driver's own */
};

/* A request that passed all checks; blocks are the device's. */
struct block_request {
    bool is_write;
    const struct block_pin *pin;
    uint64_t first, blocks;
    uint32_t range_count;
    struct block_range ranges[BLOCK_RANGES_MAX];
    uint64_t failed; /* the driver's answer when it failed: the block */
};

/* A driver. Its functions are called by all handler Threads at once. */
struct block_driver {
    uint64_t blocks;
    uint32_t block_bytes;
    uint64_t bytes_max; /* of one request */
    uint32_t ranges_max;
    bool read_only, discards;
    /* Make a Memory usable, or not any more; false: it cannot be. */
    bool (*pin)(struct block_pin *pin);
    void (*unpin)(struct block_pin *pin);
    /* Do it, and return when it is done; anything but NONE is a failure. */
    enum block_failure (*transfer)(struct block_request *request);
    enum block_failure (*flush)(void);
    /* May be null if the driver does not say `discards`. */
    enum block_failure (*discard)(uint64_t first, uint64_t count, uint64_t *failed);
};

/*
 * Serve the export "block" with all its Threads but the first, which is the calling one. The last
 * one serves the rings, and notices when a client ends. Returns 0; or why it cannot be served: an
 * extent of the settings is wrong (said on the console), or there is no such export, or it has
 * fewer than `threads` Threads.
 */
int block_server_start(const struct block_driver *driver, uint32_t threads);

/* Let the calling Thread serve, too; does not return. */
void block_server_calls(void *unused);

#endif
