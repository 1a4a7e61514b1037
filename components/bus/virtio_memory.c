/* SPDX-License-Identifier: MIT */
/*
 * Virtio over MMIO (Virtio 1.2, 4.2). The Memory "virtio" holds one transport behind the other, and
 * as many lines in the same order; whether a device is behind a transport, it says itself.
 */
#include "device.h"

#include "kernel_stubs.h"
#include "startup.h"

enum {
    MAGIC = 0x00, MAGIC_VALUE = 0x74726976,
    VERSION = 0x04, VERSION_MODERN = 2,
    KIND = 0x08,
    STATUS = 0x70,
    TRANSPORT_BYTES_LEAST = 0x200,
    WIDTH = 4,
    RESET_LOOKS_MAX = 1000000,
};

uint32_t virtio_memory_find(struct bus_device *devices, uint32_t count)
{
    struct startup_device window, lines;
    struct registers registers;
    if (!startup_device("virtio", &window) || !startup_device("virtio_line", &lines) ||
        lines.count == 0 || !startup_registers("virtio", &registers))
        return count;
    /* Whole pages each where there is room for that; else several in a page. */
    uint64_t stride = window.count / lines.count;
    if (stride < TRANSPORT_BYTES_LEAST)
        return count;
    for (uint64_t i = 0; i < lines.count && count < BUS_DEVICES_MAX; i++) {
        uint64_t at = i * stride;
        uint32_t kind = registers_read(&registers, at + KIND, WIDTH);
        if (registers_read(&registers, at + MAGIC, WIDTH) != MAGIC_VALUE ||
            registers_read(&registers, at + VERSION, WIDTH) != VERSION_MODERN || kind == 0)
            continue;
        devices[count++] = (struct bus_device){
            .kind = kind,
            .transport = BUS_TRANSPORT_MEMORY,
            .memory = window.slot,
            .page = at / CHILD_PAGE_BYTES,
            .pages = 1,
            .lines = lines.slot,
            .line = i,
            .common = (uint32_t)(at % CHILD_PAGE_BYTES),
            .registers = registers,
            .status = at + STATUS,
            .status_width = WIDTH,
        };
    }
    return count;
}

bool bus_device_reset(const struct bus_device *device)
{
    registers_write(&device->registers, device->status, device->status_width, 0);
    for (uint32_t i = 0; i < RESET_LOOKS_MAX; i++)
        if (registers_read(&device->registers, device->status, device->status_width) == 0)
            return true;
    return false;
}
