/* SPDX-License-Identifier: MIT */
#include "transport.h"

#include "kernel_stubs.h"
#include "startup.h"
#include "ticks.h"

/* Registers over MMIO (4.2.2). */
enum {
    DEVICE_FEATURES = 0x10, DEVICE_FEATURES_SELECT = 0x14,
    DRIVER_FEATURES = 0x20, DRIVER_FEATURES_SELECT = 0x24,
    QUEUE_SELECT = 0x30, QUEUE_ENTRIES_MAX = 0x34, QUEUE_ENTRIES = 0x38, QUEUE_READY = 0x44,
    QUEUE_NOTIFY = 0x50, INTERRUPT_STATUS = 0x60, INTERRUPT_TAKEN = 0x64, STATUS = 0x70,
    QUEUE_DESCRIPTORS = 0x80, QUEUE_AVAILABLE = 0x90, QUEUE_USED = 0xa0,
    GENERATION = 0xfc, CONFIGURATION = 0x100,
};

/* The common structure over PCI (4.1.4.3). */
enum {
    PCI_DEVICE_FEATURES_SELECT = 0x00, PCI_DEVICE_FEATURES = 0x04,
    PCI_DRIVER_FEATURES_SELECT = 0x08, PCI_DRIVER_FEATURES = 0x0c,
    PCI_STATUS = 0x14, PCI_GENERATION = 0x15, PCI_QUEUE_SELECT = 0x16, PCI_QUEUE_ENTRIES = 0x18,
    PCI_QUEUE_ENABLE = 0x1c, PCI_QUEUE_NOTIFY = 0x1e, PCI_QUEUE_DESCRIPTORS = 0x20,
    PCI_QUEUE_AVAILABLE = 0x28, PCI_QUEUE_USED = 0x30,
};

enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 }; /* the device's status */

enum { CLAIM_LOOKS_MAX = 2000, CLAIM_MICROSECONDS = 1000 };

static uint32_t common_read(const struct transport *transport, uint32_t at, uint32_t width)
{
    return registers_read(&transport->registers, transport->common + at, width);
}

static void common_write(const struct transport *transport, uint32_t at, uint32_t width,
                         uint32_t value)
{
    registers_write(&transport->registers, transport->common + at, width, value);
}

/* A 64-bit register is written in two halves. */
static void common_write64(const struct transport *transport, uint32_t at, uint64_t value)
{
    common_write(transport, at, 4, (uint32_t)value);
    common_write(transport, at + 4, 4, (uint32_t)(value >> 32));
}

static uint32_t status_read(const struct transport *transport)
{
    return transport->is_pci ? common_read(transport, PCI_STATUS, 1)
                             : common_read(transport, STATUS, 4);
}

static void status_write(const struct transport *transport, uint32_t status)
{
    if (transport->is_pci)
        common_write(transport, PCI_STATUS, 1, status);
    else
        common_write(transport, STATUS, 4, status);
}

/* Keep what came with the answer of the bus. */
static bool accept(struct transport *transport, const struct bus_claim_results *results)
{
    uint64_t kind = 0, rights, base, pages, low, high;
    uint32_t slots = slots_take(slots_own(), 2);
    if (slots == SLOTS_NONE || rpc_take(results->registers, slots) != EXO_STATUS_OK ||
        rpc_take(results->line, slots + 1) != EXO_STATUS_OK ||
        exo_capability_info(EXO_SELF, slots, &kind, &rights, &base, &pages, &low, &high) !=
            EXO_STATUS_OK ||
        !registers_in_memory(&transport->registers, slots, 0, pages, space_own()))
        return false;
    transport->line = slots + 1;
    transport->device = bus_device_ref_of(&transport->bus.rpc, results->device);
    transport->is_pci = results->transport == BUS_TRANSPORT_PCI;
    transport->common = results->common;
    transport->notify = results->notify;
    transport->interrupt = results->interrupt;
    transport->configuration = transport->is_pci ? results->configuration
                                                 : results->common + CONFIGURATION;
    transport->notify_factor = results->notify_factor;
    return true;
}

bool transport_open(struct transport *transport, const struct binding *bus, uint32_t kind,
                    uint32_t index)
{
    struct bus_claim_params params = {.kind = kind, .index = index};
    struct bus_claim_results results = {0};
    enum exo_status status = bus_client_open(&transport->bus, bus);
    if (status != EXO_STATUS_OK)
        return false;
    /* After a restart the bus may still be about to take the device back. */
    for (uint32_t i = 0; i < CLAIM_LOOKS_MAX; i++) {
        uint64_t bits;
        status = bus_claim(&transport->bus, &params, &results);
        if (status != EXO_STATUS_OK || results.refusal != BUS_REFUSAL_TAKEN)
            break;
        exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(CLAIM_MICROSECONDS), &bits);
    }
    return status == EXO_STATUS_OK && results.refusal == BUS_REFUSAL_NONE &&
           accept(transport, &results);
}

/* Half of the features that the device offers. */
static uint64_t features_offered(const struct transport *transport, uint32_t half)
{
    if (transport->is_pci) {
        common_write(transport, PCI_DEVICE_FEATURES_SELECT, 4, half);
        return common_read(transport, PCI_DEVICE_FEATURES, 4);
    }
    common_write(transport, DEVICE_FEATURES_SELECT, 4, half);
    return common_read(transport, DEVICE_FEATURES, 4);
}

static void features_take(const struct transport *transport, uint32_t half, uint32_t features)
{
    if (transport->is_pci) {
        common_write(transport, PCI_DRIVER_FEATURES_SELECT, 4, half);
        common_write(transport, PCI_DRIVER_FEATURES, 4, features);
    } else {
        common_write(transport, DRIVER_FEATURES_SELECT, 4, half);
        common_write(transport, DRIVER_FEATURES, 4, features);
    }
}

bool transport_negotiate(struct transport *transport, uint64_t wanted, uint64_t *features)
{
    status_write(transport, ACKNOWLEDGE);
    status_write(transport, ACKNOWLEDGE | DRIVER);
    *features = features_offered(transport, 0) | features_offered(transport, 1) << 32;
    *features &= wanted | TRANSPORT_VERSION_1;
    if (!(*features & TRANSPORT_VERSION_1))
        return false;
    features_take(transport, 0, (uint32_t)*features);
    features_take(transport, 1, (uint32_t)(*features >> 32));
    status_write(transport, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    return (status_read(transport) & FEATURES_OK) != 0;
}

static bool start_pci(struct transport *transport, const struct transport_queue *queue)
{
    common_write(transport, PCI_QUEUE_SELECT, 2, 0);
    if (common_read(transport, PCI_QUEUE_ENTRIES, 2) < queue->entries)
        return false;
    common_write(transport, PCI_QUEUE_ENTRIES, 2, queue->entries);
    common_write64(transport, PCI_QUEUE_DESCRIPTORS, queue->descriptors);
    common_write64(transport, PCI_QUEUE_AVAILABLE, queue->available);
    common_write64(transport, PCI_QUEUE_USED, queue->used);
    transport->notify_at = transport->notify + transport->notify_factor *
                                                   common_read(transport, PCI_QUEUE_NOTIFY, 2);
    common_write(transport, PCI_QUEUE_ENABLE, 2, 1);
    return true;
}

static bool start_memory(struct transport *transport, const struct transport_queue *queue)
{
    common_write(transport, QUEUE_SELECT, 4, 0);
    if (common_read(transport, QUEUE_READY, 4) != 0 ||
        common_read(transport, QUEUE_ENTRIES_MAX, 4) < queue->entries)
        return false;
    common_write(transport, QUEUE_ENTRIES, 4, queue->entries);
    common_write64(transport, QUEUE_DESCRIPTORS, queue->descriptors);
    common_write64(transport, QUEUE_AVAILABLE, queue->available);
    common_write64(transport, QUEUE_USED, queue->used);
    transport->notify_at = transport->common + QUEUE_NOTIFY;
    common_write(transport, QUEUE_READY, 4, 1);
    return true;
}

bool transport_start(struct transport *transport, const struct transport_queue *queue)
{
    if (!(transport->is_pci ? start_pci(transport, queue) : start_memory(transport, queue)))
        return false;
    status_write(transport, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    return true;
}

void transport_notify(struct transport *transport)
{
    /* The number of the queue, as wide as each transport has it. */
    registers_write(&transport->registers, transport->notify_at, transport->is_pci ? 2 : 4, 0);
}

bool transport_interrupt(struct transport *transport)
{
    if (transport->is_pci) /* reading takes it */
        return registers_read(&transport->registers, transport->interrupt, 1) != 0;
    uint32_t pending = common_read(transport, INTERRUPT_STATUS, 4);
    common_write(transport, INTERRUPT_TAKEN, 4, pending);
    return pending != 0;
}

uint32_t transport_read(const struct transport *transport, uint32_t offset, uint32_t width)
{
    return registers_read(&transport->registers, transport->configuration + offset, width);
}

uint64_t transport_read64(const struct transport *transport, uint32_t offset)
{
    uint32_t before, after;
    uint64_t value;
    do { /* both halves of one generation */
        before = transport->is_pci ? common_read(transport, PCI_GENERATION, 1)
                                   : common_read(transport, GENERATION, 4);
        value = transport_read(transport, offset, 4);
        value |= (uint64_t)transport_read(transport, offset + 4, 4) << 32;
        after = transport->is_pci ? common_read(transport, PCI_GENERATION, 1)
                                  : common_read(transport, GENERATION, 4);
    } while (before != after);
    return value;
}

bool transport_pin(struct transport *transport, uint32_t memory, uint32_t *number,
                   uint64_t *address)
{
    struct bus_device_pin_params params = {.memory = memory};
    struct bus_device_pin_results results = {0};
    enum exo_status status = bus_device_pin_at(transport->device, &params, &results);
    *number = results.number;
    *address = results.address;
    return status == EXO_STATUS_OK;
}

void transport_unpin(struct transport *transport, uint32_t number)
{
    struct bus_device_unpin_params params = {.number = number};
    bus_device_unpin_at(transport->device, &params);
}
