/* SPDX-License-Identifier: MIT */
/*
 * Virtio over PCI (Virtio 1.2, 4.1), on the first bus. The Memory "pci" holds the configuration of
 * its devices, a page for each function (PCI Express, 7.2.2); the firmware has placed their
 * registers in the Memory "pci_memory". Lines are those of INTx: four, dealt out by the number of
 * the device. MSI-X would need lines that the kernel does not have.
 */
#include "device.h"

#include "kernel_stubs.h"
#include "startup.h"

/* The configuration (PCI Local Bus 3.0, 6.1). */
enum {
    VENDOR = 0x00, PRODUCT = 0x02, COMMAND = 0x04, STATUS = 0x06, HEADER = 0x0e, BASE = 0x10,
    SUBSYSTEM = 0x2e, CAPABILITIES = 0x34, PIN = 0x3d,
    COMMAND_MEMORY = 2, COMMAND_MASTER = 4, COMMAND_SILENT = 0x400,
    STATUS_CAPABILITIES = 0x10,
    HEADER_SEVERAL = 0x80, HEADER_KIND = 0x7f,
    BASE_COUNT = 6, BASE_PORTS = 1, BASE_WIDTH = 6, BASE_WIDE = 4, BASE_FLAGS = 0xf,
    CAPABILITY_VENDOR = 9, CAPABILITY_FIRST = 0x40, CAPABILITY_LAST = 0xf0, CAPABILITIES_MAX = 48,
};

/* Of virtio: who made it, its products, and its capabilities (4.1.2, 4.1.4). */
enum {
    VIRTIO = 0x1af4, PRODUCT_OLD = 0x1000, PRODUCT_MODERN = 0x1040, PRODUCT_LAST = 0x107f,
    PART_KIND = 3, PART_BASE = 4, PART_OFFSET = 8, PART_LENGTH = 12, PART_FACTOR = 16,
    PART_COMMON = 1, PART_NOTIFY = 2, PART_INTERRUPT = 3, PART_CONFIGURATION = 4, PARTS = 5,
    COMMON_STATUS = 0x14,
};

enum { FUNCTIONS = 8, FUNCTIONS_MAX = 256, REGISTER_PAGES_MAX = 16 };

/* Where the parts of a device lie in one base address register's memory. */
struct parts {
    uint32_t base;
    uint32_t found;         /* as bits */
    uint32_t offset[PARTS];
    uint64_t end;
    uint32_t factor;
};

static struct startup_device window; /* of all registers */

static void unmap(const struct registers *registers)
{
    exo_memory_unmap(EXO_SELF, registers->address, 1);
    space_give(space_own(), registers->address / CHILD_PAGE_BYTES, 1);
}

/* The device's kind; 0 if it is none of virtio. */
static uint32_t kind_of(const struct registers *function)
{
    uint32_t product = registers_read(function, PRODUCT, 2);
    if (registers_read(function, VENDOR, 2) != VIRTIO || product < PRODUCT_OLD ||
        product > PRODUCT_LAST)
        return 0;
    return product >= PRODUCT_MODERN ? product - PRODUCT_MODERN
                                     : registers_read(function, SUBSYSTEM, 2);
}

/* Take up one capability, if it names a part; the first of each kind counts. False: it lies behind
 * another base address register than the others. */
static bool take_part(const struct registers *function, uint32_t at, struct parts *parts)
{
    uint32_t kind = registers_read(function, at + PART_KIND, 1);
    uint32_t base = registers_read(function, at + PART_BASE, 1);
    uint32_t offset = registers_read(function, at + PART_OFFSET, 4);
    uint64_t end = (uint64_t)offset + registers_read(function, at + PART_LENGTH, 4);
    if (kind < PART_COMMON || kind > PART_CONFIGURATION || (parts->found >> kind & 1))
        return true;
    if (parts->found != 0 && base != parts->base)
        return false;
    parts->base = base;
    parts->found |= 1u << kind;
    parts->offset[kind] = offset;
    parts->end = end > parts->end ? end : parts->end;
    if (kind == PART_NOTIFY)
        parts->factor = registers_read(function, at + PART_FACTOR, 4);
    return true;
}

/* Walk through the list of capabilities, which a device may tie into a ring. */
static bool find_parts(const struct registers *function, struct parts *parts)
{
    const uint32_t all = 1u << PART_COMMON | 1u << PART_NOTIFY | 1u << PART_INTERRUPT |
                         1u << PART_CONFIGURATION;
    *parts = (struct parts){0};
    if (!(registers_read(function, STATUS, 2) & STATUS_CAPABILITIES))
        return false;
    uint32_t at = registers_read(function, CAPABILITIES, 1) & ~3u;
    for (uint32_t i = 0; i < CAPABILITIES_MAX && at >= CAPABILITY_FIRST; i++) {
        if (at <= CAPABILITY_LAST - PART_FACTOR &&
            registers_read(function, at, 1) == CAPABILITY_VENDOR &&
            !take_part(function, at, parts))
            return false;
        at = registers_read(function, at + 1, 1) & ~3u;
    }
    return parts->found == all && parts->base < BASE_COUNT && parts->end > 0 &&
           parts->end <= REGISTER_PAGES_MAX * CHILD_PAGE_BYTES;
}

/* The physical address behind a base address register; 0 if there is no memory. */
static uint64_t base_address(const struct registers *function, uint32_t base)
{
    uint32_t low = registers_read(function, BASE + 4 * base, 4);
    uint64_t address = low & ~(uint32_t)BASE_FLAGS;
    if (low & BASE_PORTS)
        return 0;
    if ((low & BASE_WIDTH) == BASE_WIDE && base + 1 < BASE_COUNT)
        address |= (uint64_t)registers_read(function, BASE + 4 * (base + 1), 4) << 32;
    return address;
}

/* Is this function a virtio device that can be given away? Then fills the device but its line. */
static bool take_function(const struct registers *function, struct bus_device *device)
{
    struct parts parts;
    uint32_t kind = kind_of(function);
    if (kind == 0 || !find_parts(function, &parts))
        return false;
    uint64_t address = base_address(function, parts.base);
    if (address < window.first || address % CHILD_PAGE_BYTES != 0 ||
        address - window.first > window.count || /* so that the sum does not wrap */
        address - window.first + parts.end > window.count)
        return false;
    uint64_t status = parts.offset[PART_COMMON] + (uint64_t)COMMON_STATUS;
    *device = (struct bus_device){
        .kind = kind,
        .transport = BUS_TRANSPORT_PCI,
        .memory = window.slot,
        .page = (address - window.first) / CHILD_PAGE_BYTES,
        .pages = (parts.end + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES,
        .common = parts.offset[PART_COMMON],
        .notify = parts.offset[PART_NOTIFY],
        .interrupt = parts.offset[PART_INTERRUPT],
        .configuration = parts.offset[PART_CONFIGURATION],
        .notify_factor = parts.factor,
        .function = *function,
        .status = status % CHILD_PAGE_BYTES,
        .status_width = 1,
    };
    return registers_in_memory(&device->registers, window.slot,
                               device->page + status / CHILD_PAGE_BYTES, 1, space_own());
}

uint32_t pci_find(struct bus_device *devices, uint32_t count)
{
    struct startup_device bus, lines;
    bool has_several = false;
    if (!startup_device("pci", &bus) || !startup_device("pci_memory", &window) ||
        !startup_device("pci_line", &lines))
        return count;
    uint64_t functions = bus.count / CHILD_PAGE_BYTES;
    for (uint32_t i = 0; i < functions && i < FUNCTIONS_MAX && count < BUS_DEVICES_MAX; i++) {
        struct registers function;
        if (i % FUNCTIONS != 0 && !has_several)
            continue;
        if (!registers_in_memory(&function, bus.slot, i, 1, space_own()))
            break;
        uint32_t header = registers_read(&function, HEADER, 1);
        bool is_there = registers_read(&function, VENDOR, 2) != 0xffff;
        if (i % FUNCTIONS == 0)
            has_several = is_there && (header & HEADER_SEVERAL) != 0;
        uint32_t pin = registers_read(&function, PIN, 1);
        if (!is_there || (header & HEADER_KIND) != 0 || pin == 0 ||
            !take_function(&function, &devices[count])) {
            unmap(&function);
            continue;
        }
        devices[count].lines = lines.slot;
        devices[count++].line = (i / FUNCTIONS + pin - 1) % lines.count;
    }
    return count;
}

void pci_let(const struct bus_device *device, bool works)
{
    if (device->transport != BUS_TRANSPORT_PCI)
        return;
    uint32_t command = registers_read(&device->function, COMMAND, 2);
    command &= ~(uint32_t)(COMMAND_MASTER | COMMAND_SILENT);
    registers_write(&device->function, COMMAND, 2,
                    command | COMMAND_MEMORY | (works ? COMMAND_MASTER : COMMAND_SILENT));
}
