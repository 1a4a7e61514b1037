/* SPDX-License-Identifier: MIT */
/*
 * Checks of what a machine has once: devices, memory, gas.
 *
 * Invariant of the sums: everything that init takes from the machine for a composition is counted
 * here, so that a composition that passes never runs out of memory before its components run.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "check.h"

/* Where the devices' registers end: the address space that DeviceRun.memory may name. */
static const uint64_t MEMORY_END = UINT64_C(1) << 46;

/* Registers of a device: whole pages, since they are mapped, and no RAM, which is nobody's device.
 */
static void check_device_memory(const struct system *system, const struct device *device,
                                struct place place, struct report *report)
{
    uint64_t ram_end = system->memory_mib << 20;

    if (device->first % PAGE_BYTES != 0 || device->count % PAGE_BYTES != 0) {
        report_error(report, &place,
                     "0x%" PRIx64 " and %" PRIu64 " bytes are not whole pages; both "
                     "must be multiples of %d",
                     device->first, device->count, PAGE_BYTES);
    } else if (device->first >= MEMORY_END || device->count > MEMORY_END - device->first) {
        report_error(report, &place,
                     "reaches beyond the end of physical memory; correct `first` or "
                     "`count`");
    } else if (device->first < ram_end) {
        report_error(report, &place,
                     "0x%" PRIx64 " lies in the machine's RAM, which is no device; "
                     "a component asks for RAM with `pages`",
                     device->first);
    }
}

/* One device: of a kind, not empty, and within what a machine of this architecture can have. */
static void check_device(const struct system *system, const struct device *device,
                         struct place place, struct report *report)
{
    uint64_t limit = device->kind == DEVICE_IRQ ? IRQ_LINES : PORTS;

    if (device->kind == DEVICE_NONE) {
        report_error(report, &place,
                     "is of no kind; say which, as in (registers = serial), or line, irq, "
                     "ports, memory, cpu, gasRoot, image, information, schemas, file");
        return;
    }
    place.field = device_kind_name(device->kind);
    if (device->count == 0) {
        report_error(report, &place,
                     "`count` is 0; write how many it has, or leave it out for one");
        return;
    }
    switch (device->kind) {
    case DEVICE_IRQ:
    case DEVICE_PORTS:
        if (device->first >= limit || device->count > limit - device->first) {
            report_error(report, &place, "ends at %" PRIu64 "; the last one is %" PRIu64,
                         device->first + device->count - 1, limit - 1);
        }
        break;
    case DEVICE_MEMORY:
        check_device_memory(system, device, place, report);
        break;
    case DEVICE_CPU:
        if (device->first >= system->cores) {
            report_error(report, &place,
                         "there is no core %" PRIu64 "; the machine has %u (`cores` of "
                         "the system)",
                         device->first, system->cores);
        }
        break;
    default:
        break; /* the others are there once, and have nothing to choose */
    }
}

/* What only one component may have unless all say `shared`. */
static bool device_exclusive(const struct device *device)
{
    return device->kind == DEVICE_IRQ || device->kind == DEVICE_PORTS
           || device->kind == DEVICE_MEMORY || device->kind == DEVICE_CPU
           || device->kind == DEVICE_GAS_ROOT || device->kind == DEVICE_REGISTERS
           || device->kind == DEVICE_LINE;
}

/* Whether two devices have a line, port, page or core in common that one of them wants alone. Where
 * the machine's own devices are is not known here: those meet by their names only. */
static bool devices_collide(const struct device *left, const struct device *right)
{
    return left->kind == right->kind && device_exclusive(left) && !(left->shared && right->shared)
           && left->first < right->first + right->count
           && right->first < left->first + left->count;
}

/* Looks for an earlier owner of the device. */
static void check_owner(const struct system *system, unsigned index, unsigned item,
                        struct report *report)
{
    const struct device *device = &system->components[index].devices[item];

    for (unsigned i = 0; i <= index; i++) {
        const struct component *other = &system->components[i];
        unsigned count = i == index ? item : other->device_count;

        for (unsigned j = 0; j < count; j++) {
            if (devices_collide(&other->devices[j], device)) {
                struct place place = place_item(index, "devices", item, NULL);

                report_error(report, &place,
                             "overlaps components[%u] \"%s\".devices[%u] (%s); give "
                             "it to one of them, or write shared = true at both",
                             i, other->name, j, device_kind_name(device->kind));
                return;
            }
        }
    }
}

void check_devices(const struct system *system, struct report *report)
{
    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];

        for (unsigned j = 0; j < component->device_count; j++) {
            check_device(system, &component->devices[j], place_item(i, "devices", j, NULL),
                         report);
            check_owner(system, i, j, report);
        }
    }
}

/*
 * Whether a component can hold what it starts with. Answers what it takes of the machine: its own
 * pages and those of the channels to its servers, which belong to the client here.
 */
static uint64_t check_component_memory(const struct system *system, unsigned index,
                                       struct report *report)
{
    const struct component *component = &system->components[index];
    uint64_t needed = check_pages_needed(system, index);
    uint64_t pages = component->pages;

    if (pages < needed) {
        struct place place = place_component(index, "pages");

        report_error(report, &place,
                     "%" PRIu64 " pages are too few; its program, its stack and what "
                     "the kernel keeps of it need %" PRIu64,
                     pages, needed);
    }
    for (unsigned i = 0; i < component->import_count; i++) {
        pages += component->imports[i].pages + component->imports[i].pool_pages;
    }
    return pages;
}

void check_memory(const struct system *system, uint64_t image_pages, struct report *report)
{
    uint64_t machine = system->memory_mib * ((1 << 20) / PAGE_BYTES);
    uint64_t pages = SYSTEM_PAGES + image_pages;

    for (unsigned i = 0; i < system->component_count; i++) {
        pages += check_component_memory(system, i, report);
    }
    if (pages > machine) {
        struct place place = place_system("memoryMib");

        report_error(report, &place,
                     "components, channels, image and kernel need %" PRIu64 " pages, "
                     "but %" PRIu64 " MiB are %" PRIu64 "; lower `pages` of a component, or raise "
                     "this",
                     pages, system->memory_mib, machine);
    }
}

/* Adds without wrapping: a sum that is too large stays at the largest number. */
static uint64_t sum(uint64_t left, uint64_t right)
{
    return left > UINT64_MAX - right ? UINT64_MAX : left + right;
}

void check_gas(const struct system *system, struct report *report)
{
    uint64_t credit = 0;
    uint64_t refill = 0;

    for (unsigned i = 0; i < system->component_count; i++) {
        const struct component *component = &system->components[i];
        struct place place = place_component(i, "gas");

        credit = sum(credit, component->gas_credit);
        refill = sum(refill, component->gas_refill);
        /* An account without credit is kept full by init; it never sees its low mark. */
        if (component->gas_credit == 0) {
            if (component->gas_low != 0 || component->gas_refill != 0) {
                report_error(
                    report, &place,
                    "without a `credit` the account is always full, so that "
                    "`refill` and `low` have no effect; write the credit, or leave them out");
            }
        } else if (component->gas_low >= component->gas_credit) {
            report_error(report, &place,
                         "the low mark %" PRIu64 " is not below the credit %" PRIu64 "; lower it",
                         component->gas_low, component->gas_credit);
        }
    }
    /* Zero is no bound: init then gives what the root account has. */
    if (system->gas != 0 && credit > system->gas) {
        struct place place = place_system("gas");

        report_error(report, &place,
                     "the components' accounts start with %" PRIu64 " in all, but "
                     "only %" PRIu64 " is there; lower a `credit`, or raise this",
                     credit, system->gas);
    }
    if (system->gas_refill != 0 && refill > system->gas_refill) {
        struct place place = place_system("gasRefill");

        report_error(report, &place,
                     "the components' accounts get %" PRIu64 " a second in all, but "
                     "only %" PRIu64 " is there; lower a `refill`, or raise this",
                     refill, system->gas_refill);
    }
}
