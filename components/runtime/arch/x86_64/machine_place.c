/* SPDX-License-Identifier: MIT */
/*
 * What a PC has at its usual ports, and two devices of QEMU: isa-debugcon and isa-debug-exit. Then
 * what one of QEMU's two machines has: `microvm` virtio devices in one page (hw/i386/microvm.c,
 * with one I/O APIC), `q35` a PCI bus, whose devices 0 to 24 share the last four lines
 * (hw/isa/lpc_ich9.c). The other one has nothing there.
 */
#include "machine.h"

/* isa-debug-exit ends the emulator with status 2v + 1 when v is written. */
enum { PAGE = 0x1000, PCI_BUS_BYTES = 0x100000 };

enum { EXIT_SUCCESS = 0x10, EXIT_FAILURES_MAX = 0x0f };

struct machine_place machine_place(enum exo_machine_device device)
{
    switch (device) {
    case EXO_MACHINE_DEVICE_SERIAL:
        return (struct machine_place){.first = 0x3f8, .count = 8, .line = 4};
    case EXO_MACHINE_DEVICE_CLOCK:
        return (struct machine_place){.first = 0x70, .count = 2, .line = 8};
    case EXO_MACHINE_DEVICE_CAPTURE:
        return (struct machine_place){.first = 0xe9, .count = 1};
    case EXO_MACHINE_DEVICE_EXIT:
        return (struct machine_place){.first = 0xf4, .count = 4};
    case EXO_MACHINE_DEVICE_VIRTIO:
        return (struct machine_place){true, 0xfeb00000, PAGE, 16, 8};
    case EXO_MACHINE_DEVICE_PCI:
        return (struct machine_place){true, 0xb0000000, PCI_BUS_BYTES, 20, 4};
    case EXO_MACHINE_DEVICE_PCI_MEMORY:
        return (struct machine_place){true, 0xc0000000, 0x3ec00000, 0, 0};
    default:
        return (struct machine_place){0};
    }
}

bool machine_prepare(enum exo_machine_device device)
{
    (void)device; /* all are there */
    return true;
}

uint32_t machine_exit_value(uint32_t status)
{
    uint32_t value = status == 0 ? EXIT_SUCCESS : status;
    return status > EXIT_FAILURES_MAX ? EXIT_FAILURES_MAX : value;
}
