/* SPDX-License-Identifier: MIT */
#include "device.h"

#include "first.h"
#include "kernel_stubs.h"
#include "machine.h"
#include "own.h"

/* Where this kind of machine has the registers, or the line, of a device; nowhere, perhaps. */
static struct device machine_device(enum exo_machine_device name, bool wants_line)
{
    static bool is_ready[EXO_MACHINE_DEVICE_COUNT];
    struct machine_place place = machine_place(name);
    uint64_t offset;
    if (place.in_memory && machine_memory(place.first, place.count, &offset) == 0)
        return (struct device){0}; /* there is RAM, or nothing at all */
    if (place.count != 0 && !is_ready[name])
        is_ready[name] = machine_prepare(name);
    if (place.count == 0 || !is_ready[name])
        return (struct device){0};
    if (wants_line)
        return (struct device){EXO_PLANNED_DEVICE_WHICH_IRQ, place.line,
                               place.line == 0 ? 0 : place.lines == 0 ? 1 : place.lines};
    return (struct device){place.in_memory ? EXO_PLANNED_DEVICE_WHICH_MEMORY
                                           : EXO_PLANNED_DEVICE_WHICH_PORTS,
                           place.first, place.count};
}

struct device device_find(struct exo_planned_device_reader planned)
{
    struct exo_device_run_reader run = {0};
    enum exo_planned_device_which which = exo_planned_device_which(planned);
    switch (which) {
    case EXO_PLANNED_DEVICE_WHICH_REGISTERS:
        return machine_device(exo_planned_device_get_registers(planned), false);
    case EXO_PLANNED_DEVICE_WHICH_LINE:
        return machine_device(exo_planned_device_get_line(planned), true);
    case EXO_PLANNED_DEVICE_WHICH_IRQ:
        exo_planned_device_get_irq(planned, &run);
        break;
    case EXO_PLANNED_DEVICE_WHICH_PORTS:
        exo_planned_device_get_ports(planned, &run);
        break;
    case EXO_PLANNED_DEVICE_WHICH_MEMORY:
        exo_planned_device_get_memory(planned, &run);
        break;
    case EXO_PLANNED_DEVICE_WHICH_SCHEMAS:
        exo_planned_device_get_schemas(planned, &run);
        break;
    case EXO_PLANNED_DEVICE_WHICH_CPU:
        return (struct device){which, exo_planned_device_get_cpu(planned), 1};
    default:
        return (struct device){which, 0, 1};
    }
    return (struct device){which, exo_device_run_get_first(run), exo_device_run_get_count(run)};
}

bool device_may_lack(const struct device *device, struct exo_planned_device_reader planned)
{
    enum exo_planned_device_which which = exo_planned_device_which(planned);
    return device->count == 0 && (which == EXO_PLANNED_DEVICE_WHICH_REGISTERS ||
                                  which == EXO_PLANNED_DEVICE_WHICH_LINE);
}

/* Give the part of a Memory of ours that begins at byte `from` of it. */
static enum exo_status give_memory(uint32_t memory, uint64_t from, uint64_t bytes, uint64_t rights,
                                   uint32_t domain, uint32_t slot)
{
    return exo_capability_derive(memory, domain, slot, from / CHILD_PAGE_BYTES,
                                 (bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, rights, 0);
}

enum exo_status device_give(const struct device *device, uint32_t domain, uint32_t slot)
{
    uint64_t first = device->first, count = device->count;
    uint64_t kind, rights, base, pages, low, high, offset;
    uint32_t memory;
    if (count == 0)
        return EXO_STATUS_BAD_ARGUMENT;
    switch (device->which) {
    case EXO_PLANNED_DEVICE_WHICH_IRQ:
        return exo_capability_derive(FIRST_SLOT_IRQ, domain, slot, first, count, EXO_RIGHT_USE, 0);
    case EXO_PLANNED_DEVICE_WHICH_PORTS:
        return exo_capability_derive(FIRST_SLOT_PORTS, domain, slot, first, count, EXO_RIGHT_USE,
                                     0);
    case EXO_PLANNED_DEVICE_WHICH_MEMORY:
        memory = machine_memory(first, count, &offset);
        if (memory == 0)
            return EXO_STATUS_BAD_ARGUMENT;
        return give_memory(memory, offset * CHILD_PAGE_BYTES, count,
                           EXO_RIGHT_READ | EXO_RIGHT_WRITE, domain, slot);
    case EXO_PLANNED_DEVICE_WHICH_CPU:
        return first < own.core_count
                   ? exo_capability_derive(own.core[first], domain, slot, 0, 0, EXO_RIGHT_CONTROL,
                                           0)
                   : EXO_STATUS_BAD_ARGUMENT;
    case EXO_PLANNED_DEVICE_WHICH_GAS_ROOT:
        return exo_capability_derive(FIRST_SLOT_GAS, domain, slot, 0, 0,
                                     EXO_RIGHT_CONTROL | EXO_RIGHT_PAY, 0);
    case EXO_PLANNED_DEVICE_WHICH_IMAGE:
        exo_capability_info(EXO_SELF, FIRST_SLOT_IMAGE, &kind, &rights, &base, &pages, &low, &high);
        return give_memory(FIRST_SLOT_IMAGE, 0, pages * CHILD_PAGE_BYTES, EXO_RIGHT_READ, domain,
                           slot);
    case EXO_PLANNED_DEVICE_WHICH_SCHEMAS:
        return give_memory(FIRST_SLOT_IMAGE, first, count, EXO_RIGHT_READ, domain, slot);
    default:
        return exo_capability_derive(FIRST_SLOT_INFORMATION, domain, slot, 0, 1, EXO_RIGHT_READ, 0);
    }
}
