/* SPDX-License-Identifier: MIT */
/*
 * transport: a virtio device as the bus component gives it: its registers, over MMIO or PCI, its
 * line, and memory that it may reach. (Virtio 1.2, 3.1, 4.1 and 4.2.)
 */
#ifndef VIRTIO_BLK_TRANSPORT_H
#define VIRTIO_BLK_TRANSPORT_H

#include "bus.capnp.h"
#include "registers.h"

#define TRANSPORT_VERSION_1 (UINT64_C(1) << 32) /* the one feature that is always wanted */

struct transport {
    struct bus_client bus; /* one Thread's */
    struct bus_device_ref device;
    struct registers registers;
    bool is_pci;
    uint32_t common, notify, interrupt, configuration; /* bytes in the registers */
    uint32_t notify_factor;
    uint32_t notify_at; /* where queue 0 is notified */
    uint32_t line;      /* slot */
};

/* Where a queue's three parts are, by the device's addresses. */
struct transport_queue {
    uint32_t entries;
    uint64_t descriptors, available, used;
};

/* Take device number `index` of this kind from the bus; waits while it is in other hands, two
 * seconds at most. False: there is none. */
bool transport_open(struct transport *transport, const struct binding *bus, uint32_t kind,
                    uint32_t index);

/* Begin with a device that was reset: agree on those of the `wanted` features that it has. False:
 * it is no device of virtio 1. */
bool transport_negotiate(struct transport *transport, uint64_t wanted, uint64_t *features);

/* Set up queue 0 and let the device work. False: it has no such queue. */
bool transport_start(struct transport *transport, const struct transport_queue *queue);

/* Tell the device that there is something in queue 0. */
void transport_notify(struct transport *transport);

/* Take note of an interrupt, so that the line goes down; false if it was not this device's. */
bool transport_interrupt(struct transport *transport);

/* A field of the device's own configuration, `width` 1, 2 or 4 bytes. */
uint32_t transport_read(const struct transport *transport, uint32_t offset, uint32_t width);
uint64_t transport_read64(const struct transport *transport, uint32_t offset);

/* Let the device reach a Memory, or not any more. Called by the Thread that opened it. */
bool transport_pin(struct transport *transport, uint32_t memory, uint32_t *number,
                   uint64_t *address);
void transport_unpin(struct transport *transport, uint32_t number);

#endif
