/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include "first.h"
#include "kernel_stubs.h"

enum { WIDTH = 4 };

static struct registers end;
static bool can_end;

bool machine_registers(enum exo_machine_device device, struct registers *registers)
{
    struct machine_place place = machine_place(device);
    uint64_t kind, rights, base, pages, low, high;
    if (place.count == 0)
        return false;
    if (!place.in_memory) {
        registers_at_ports(registers, FIRST_SLOT_PORTS, place.first);
        return true;
    }
    return exo_capability_info(EXO_SELF, FIRST_SLOT_DEVICES, &kind, &rights, &base, &pages, &low,
                               &high) == EXO_STATUS_OK &&
           registers_in_memory(registers, FIRST_SLOT_DEVICES,
                               (place.first - base) / CHILD_PAGE_BYTES,
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
