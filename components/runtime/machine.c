/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include "first.h"
#include "kernel_stubs.h"

enum { WIDTH = 4 };

static struct registers end;
static bool can_end;

uint32_t machine_memory(uint64_t first, uint64_t bytes, uint64_t *offset)
{
    static const uint32_t slots[] = {FIRST_SLOT_DEVICES, FIRST_SLOT_DEVICES_LOW};
    for (uint32_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        uint64_t kind, rights, base, pages, low, high;
        if (exo_capability_info(EXO_SELF, slots[i], &kind, &rights, &base, &pages, &low, &high) !=
                EXO_STATUS_OK ||
            (kind & 0xff) != EXO_OBJECT_KIND_MEMORY || first < base ||
            first - base + bytes > pages * CHILD_PAGE_BYTES)
            continue;
        *offset = (first - base) / CHILD_PAGE_BYTES;
        return slots[i];
    }
    return 0;
}

bool machine_registers(enum exo_machine_device device, struct registers *registers)
{
    struct machine_place place = machine_place(device);
    uint64_t offset;
    if (place.count == 0)
        return false;
    if (!place.in_memory) {
        registers_at_ports(registers, FIRST_SLOT_PORTS, place.first);
        return true;
    }
    uint32_t slot = machine_memory(place.first, place.count, &offset);
    return slot != 0 && registers_in_memory(registers, slot, offset,
                                            place.count / CHILD_PAGE_BYTES, first_space());
}

void machine_start(void)
{
    can_end = machine_registers(EXO_MACHINE_DEVICE_EXIT, &end);
}

void machine_end(uint32_t status)
{
    if (can_end)
        registers_write(&end, 0, WIDTH, machine_exit_value(status));
}
