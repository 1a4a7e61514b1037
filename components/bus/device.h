/* SPDX-License-Identifier: MIT */
/* device: what was found on the machine, and where a driver finds its registers and its line. */
#ifndef BUS_DEVICE_H
#define BUS_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "bus.capnp.h"
#include "registers.h"

enum { BUS_DEVICES_MAX = 32, BUS_PINS_MAX = 64 };

/* One device. Its pages are a part of a Memory of ours, its line one of an Irq of ours. */
struct bus_device {
    uint32_t kind;                /* virtio's number; never 0 */
    enum bus_transport transport;
    uint32_t memory;              /* slot */
    uint64_t page, pages;         /* in that Memory */
    uint32_t lines;               /* slot */
    uint64_t line;                /* in that run */
    uint32_t common, notify, interrupt, configuration, notify_factor; /* bytes from `page` on */
    struct registers function;    /* of PCI: its configuration */
    struct registers registers;   /* ours of the page with the status ... */
    uint64_t status;              /* ... which lies at this byte and is so wide */
    uint32_t status_width;
};

/* Find virtio devices in the Memory "virtio". Adds to `devices`; returns how many there are now. */
uint32_t virtio_memory_find(struct bus_device *devices, uint32_t count);

/* Find those on the PCI bus of the Memories "pci" and "pci_memory"; as virtio_memory_find. */
uint32_t pci_find(struct bus_device *devices, uint32_t count);

/* Let a device reach memory and raise its line, or not any more, where that can be said. */
void pci_let(const struct bus_device *device, bool works);

/* Reset a device and wait until it is: it touches no memory any more. False: it does not answer. */
bool bus_device_reset(const struct bus_device *device);

#endif
