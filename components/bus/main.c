/* SPDX-License-Identifier: MIT */
/*
 * bus: finds the devices and gives each driver those of its own: their pages, their line, nothing
 * else.
 *
 * A device knows no capabilities: it reaches what a driver told it, also after that driver's end.
 * So the pins lie here and not with the driver. They keep the frames where they are (whoever takes
 * them back is answered `busy`) until this component, which outlives the driver, has reset the
 * device. init ends a driver's Threads first, and then waits for that.
 */
#include "device.h"

#include <assert.h>

#include "kernel_stubs.h"
#include "lock.h"
#include "print.h"
#include "startup.h"

enum { MISSING_EXPORT = 1 };

/* A Memory that a device may reach. */
struct pin {
    uint32_t slot;       /* 0: free; the Memory as it came ... */
    uint32_t dma_slot;   /* ... and the child that pins it */
    const struct claim *claim;
};

/* A device in the hands of a driver; `is_taken` under the lock. */
struct claim {
    bool is_taken;
    uint32_t memory, line; /* slots of what the driver got children of */
};

static struct lock lock; /* of all below */
static struct bus_device devices[BUS_DEVICES_MAX];
static struct claim claims[BUS_DEVICES_MAX]; /* by device */
static uint32_t device_count;
static struct pin pins[BUS_PINS_MAX];
static struct bus_device_methods device_methods;

/* ---- pins; under the lock ---- */

static void pin_end(struct pin *pin)
{
    assert(pin->slot != 0);
    exo_capability_delete(pin->dma_slot);
    exo_capability_delete(pin->slot);
    slots_give(slots_own(), pin->slot, 2);
    *pin = (struct pin){0};
}

/* Move a Memory here and pin it; the slots are two in a row. */
static enum exo_status pin_make(struct pin *pin, const struct claim *claim, uint32_t received,
                                uint64_t *address)
{
    uint64_t kind = 0, rights, frames, low, high;
    uint32_t slots = slots_take(slots_own(), 2);
    if (slots == SLOTS_NONE)
        return EXO_STATUS_FULL;
    enum exo_status status = rpc_take(received, slots);
    if (status == EXO_STATUS_OK) {
        exo_capability_info(EXO_SELF, slots, &kind, &rights, address, &frames, &low, &high);
        status = (kind & 0xff) == EXO_OBJECT_KIND_MEMORY
                     ? exo_capability_derive(slots, EXO_SELF, slots + 1, 0, frames,
                                             EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_DMA, 0)
                     : EXO_STATUS_BAD_ARGUMENT;
        if (status == EXO_STATUS_OK) {
            *pin = (struct pin){slots, slots + 1, claim};
            return status;
        }
        exo_capability_delete(slots);
    }
    slots_give(slots_own(), slots, 2);
    return status;
}

static enum exo_status handle_pin(struct rpc_call *call, const struct bus_device_pin_params *params,
                                  struct bus_device_pin_results *results)
{
    enum exo_status status = EXO_STATUS_FULL;
    lock_take(&lock);
    for (uint32_t i = 0; i < BUS_PINS_MAX; i++) {
        if (pins[i].slot != 0)
            continue;
        results->number = i;
        status = pin_make(&pins[i], call->context, params->memory, &results->address);
        break;
    }
    lock_give(&lock);
    return status;
}

static enum exo_status handle_unpin(struct rpc_call *call,
                                    const struct bus_device_unpin_params *params)
{
    enum exo_status status = EXO_STATUS_BAD_ARGUMENT;
    lock_take(&lock);
    if (params->number < BUS_PINS_MAX && pins[params->number].slot != 0 &&
        pins[params->number].claim == call->context) {
        pin_end(&pins[params->number]);
        status = EXO_STATUS_OK;
    }
    lock_give(&lock);
    return status;
}

/* ---- claims ---- */

/* The driver is gone: reset, then let go. What cannot be reset keeps its frames for ever. */
static void claim_end(void *context)
{
    struct claim *claim = context;
    const struct bus_device *device = &devices[claim - claims];
    lock_take(&lock);
    assert(claim->is_taken);
    bool is_reset = bus_device_reset(device);
    pci_let(device, false);
    for (uint32_t i = 0; is_reset && i < BUS_PINS_MAX; i++)
        if (pins[i].slot != 0 && pins[i].claim == claim)
            pin_end(&pins[i]);
    exo_capability_revoke(claim->memory, 0);
    exo_capability_delete(claim->memory);
    exo_capability_revoke(claim->line, 0);
    exo_capability_delete(claim->line);
    slots_give(slots_own(), claim->memory, 2);
    claim->is_taken = !is_reset;
    lock_give(&lock);
    if (!is_reset)
        print("%s: device %u does not reset; its memory stays pinned\n", startup_name(),
              (unsigned)(claim - claims));
}

/* Number `index` among the devices of a kind. */
static struct claim *find(uint32_t kind, uint32_t index)
{
    for (uint32_t i = 0; i < device_count; i++)
        if (devices[i].kind == kind && index-- == 0)
            return &claims[i];
    return NULL;
}

/* Does another driver have a page of this device, or its line, of which each has one owner. */
static bool is_shared(const struct bus_device *device)
{
    for (uint32_t i = 0; i < device_count; i++) {
        const struct bus_device *other = &devices[i];
        bool has_page = other->memory == device->memory &&
                        other->page < device->page + device->pages &&
                        device->page < other->page + other->pages;
        bool has_line = other->lines == device->lines && other->line == device->line;
        if (claims[i].is_taken && (has_page || has_line))
            return true;
    }
    return false;
}

/* Take a device for a driver: capabilities to its pages and its line, and to nothing else. */
static enum exo_status claim_make(struct claim *claim, enum bus_refusal *refusal)
{
    const struct bus_device *device = &devices[claim - claims];
    *refusal = is_shared(device) ? BUS_REFUSAL_TAKEN : BUS_REFUSAL_NONE;
    if (*refusal != BUS_REFUSAL_NONE)
        return EXO_STATUS_OK;
    uint32_t slots = slots_take(slots_own(), 2);
    if (slots == SLOTS_NONE)
        return EXO_STATUS_FULL;
    enum exo_status status =
        exo_capability_derive(device->memory, EXO_SELF, slots, device->page, device->pages,
                              EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0);
    if (status == EXO_STATUS_OK)
        status = exo_capability_derive(device->lines, EXO_SELF, slots + 1, device->line, 1,
                                       EXO_RIGHT_USE, 0);
    pci_let(device, true); /* its registers answer only then */
    if (status == EXO_STATUS_OK && bus_device_reset(device)) {
        *claim = (struct claim){true, slots, slots + 1};
        return EXO_STATUS_OK;
    }
    exo_capability_delete(slots);
    exo_capability_delete(slots + 1);
    slots_give(slots_own(), slots, 2);
    if (status == EXO_STATUS_OK)
        *refusal = BUS_REFUSAL_BROKEN;
    return status;
}

static enum exo_status handle_claim(struct rpc_call *call, const struct bus_claim_params *params,
                                    struct bus_claim_results *results)
{
    struct claim *claim = find(params->kind, params->index);
    results->device = results->registers = results->line = EXO_NONE;
    results->refusal = BUS_REFUSAL_NO_DEVICE;
    if (!claim)
        return EXO_STATUS_OK;
    lock_take(&lock);
    enum exo_status status = claim_make(claim, &results->refusal);
    lock_give(&lock);
    if (status != EXO_STATUS_OK || results->refusal != BUS_REFUSAL_NONE)
        return status;
    const struct bus_device *device = &devices[claim - claims];
    results->device = bus_device_object(call, &device_methods, claim, claim_end);
    if (results->device == EXO_NONE) {
        claim_end(claim);
        return EXO_STATUS_FULL;
    }
    results->registers = claim->memory;
    results->line = claim->line;
    results->transport = device->transport;
    results->common = device->common;
    results->notify = device->notify;
    results->interrupt = device->interrupt;
    results->configuration = device->configuration;
    results->notify_factor = device->notify_factor;
    return EXO_STATUS_OK;
}

static const struct bus_methods methods = {.claim = handle_claim};

static void serve_rings(void *binding)
{
    bus_serve_events(&methods, NULL, binding);
}

static void serve_calls(void *binding)
{
    bus_serve(&methods, NULL, binding);
}

int component_main(void)
{
    static const struct bus_device_methods handlers = {.pin = handle_pin, .unpin = handle_unpin};
    const struct binding *binding = binding_export("bus");
    if (!binding || binding->thread_count < 2)
        return MISSING_EXPORT;
    bus_device_complete(&device_methods, &handlers);
    device_count = pci_find(devices, virtio_memory_find(devices, 0));
    /* The last Thread notices drivers that end. */
    for (uint32_t i = 1; i < binding->thread_count; i++)
        thread_run(binding->thread + i, i + 1 < binding->thread_count ? serve_calls : serve_rings,
                   (void *)binding);
    serve_calls((void *)binding);
    return 0;
}
