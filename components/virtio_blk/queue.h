/* SPDX-License-Identifier: MIT */
/*
 * queue: one virtqueue of disk requests (Virtio 1.2, 2.7 and 5.2). Each request has a place of its
 * own, which is also its descriptor in the ring; that leads to a table of descriptors beside it
 * (indirect), so a request of any length takes one entry.
 *
 * Who serves a call submits and sleeps on its place's Event; the Thread that has the device's line
 * takes what is done off the ring and wakes them. Nobody polls.
 */
#ifndef VIRTIO_BLK_QUEUE_H
#define VIRTIO_BLK_QUEUE_H

#include "block_server.h"
#include "lock.h"
#include "transport.h"

enum { QUEUE_ENTRIES = 16 }; /* a power of two */

enum queue_type { QUEUE_READ = 0, QUEUE_WRITE = 1, QUEUE_FLUSH = 4, QUEUE_DISCARD = 11 };

enum queue_status { QUEUE_OK = 0, QUEUE_FAILED = 1, QUEUE_UNSUPPORTED = 2 };

/* A part of a Memory as the device sees it. */
struct queue_part {
    uint64_t address;
    uint32_t length;
};

struct queue; /* there is one */

/* Make the queue's memory and Events, and start the device with it. False: there is no room, or the
 * device refuses. */
bool queue_start(struct transport *transport);

/* Make a request and wait until it is done. `sector` counts 512 bytes. The parts are the data of a
 * read or write, at most BLOCK_RANGES_MAX; a discard has `sectors` instead. */
enum queue_status queue_request(enum queue_type type, uint64_t sector, uint32_t sectors,
                                const struct queue_part *parts, uint32_t part_count);

/* Take off the ring what the device has done, and wake who waits for it; one Thread does. */
void queue_take(void);

#endif
