/* SPDX-License-Identifier: MIT */
/*
 * block_disk: a client of a disk that outlives the disk's driver. It pins one Memory; when the
 * driver ends in a request, it waits for the driver to be back, pins the Memory again and makes the
 * request again. That is right for each of them: to read, write, flush or discard twice is the same
 * as once. One Thread uses a disk at a time.
 */
#ifndef BLOCK_DISK_H
#define BLOCK_DISK_H

#include "block.capnp.h"
#include "block_bounds.h"

struct block_disk {
    struct block_client client;
    uint32_t memory; /* slot of the Memory that is pinned */
    uint32_t pin;    /* the object */
    uint32_t restarts; /* how often the driver was found to have ended */
    struct block_geometry_results geometry;
};

/* What a disk said to a request that reached it. */
struct block_answer {
    enum block_failure failure;
    uint64_t block; /* that failed */
};

/* Open the disk of an import, and pin the Memory in `memory`, which the caller keeps. Errors: those
 * of the channel; EXO_STATUS_DENIED when the disk will not have the Memory. */
enum exo_status block_disk_open(struct block_disk *disk, const struct binding *binding,
                                uint32_t memory);

/* Read blocks from `first` on into ranges of the Memory; write ranges to the blocks. Errors: those
 * of the channel, when there is no answer. */
enum exo_status block_disk_read(struct block_disk *disk, uint64_t first,
                                const struct block_range *ranges, uint32_t count,
                                struct block_answer *answer);
enum exo_status block_disk_write(struct block_disk *disk, uint64_t first,
                                 const struct block_range *ranges, uint32_t count,
                                 struct block_answer *answer);

/* Make durable what was written. */
enum exo_status block_disk_flush(struct block_disk *disk, struct block_answer *answer);

#endif
