/* SPDX-License-Identifier: MIT */
/* Where QEMU's `virt` has its devices (hw/riscv/virt.c, virt_memmap and its interrupt numbers). */
#include "machine.h"

/* The exit device (sifive_test) takes FAIL with an exit status above it. It gets the statuses that
 * isa-debug-exit makes, 2v + 1, so that success is not what an emulator that just stops says. */
enum { FAIL = 0x3333, STATUS_SHIFT = 16, EXIT_SUCCESS = 0x10, EXIT_FAILURES_MAX = 0x0f };

enum { PAGE = 0x1000 };

struct machine_place machine_place(enum exo_machine_device device)
{
    switch (device) {
    case EXO_MACHINE_DEVICE_SERIAL:
        return (struct machine_place){true, 0x10000000, PAGE, 10};
    case EXO_MACHINE_DEVICE_CLOCK:
        return (struct machine_place){true, 0x101000, PAGE, 11};
    case EXO_MACHINE_DEVICE_EXIT:
        return (struct machine_place){true, 0x100000, PAGE, 0};
    default:
        return (struct machine_place){0};
    }
}

uint32_t machine_exit_value(uint32_t status)
{
    uint32_t value = status == 0 ? EXIT_SUCCESS : status;
    value = status > EXIT_FAILURES_MAX ? EXIT_FAILURES_MAX : value;
    return (2 * value + 1) << STATUS_SHIFT | FAIL;
}
