/* SPDX-License-Identifier: MIT */
/* Where QEMU's `virt` has its devices (hw/riscv/virt.c, virt_memmap and its interrupt numbers). */
#include "machine.h"

#include "child.h"
#include "first.h"

/* The exit device (sifive_test) takes FAIL with an exit status above it. It gets the statuses that
 * isa-debug-exit makes, 2v + 1, so that success is not what an emulator that just stops says. */
enum { FAIL = 0x3333, STATUS_SHIFT = 16, EXIT_SUCCESS = 0x10, EXIT_FAILURES_MAX = 0x0f };

enum { PAGE = 0x1000 };

/* What takes a recording out is a serial port on the PCI bus, `-device pci-serial,addr=1`: no
 * firmware has given it an address yet. (PCI Local Bus Specification 3.0, 6.1 and 6.2.5.) */
enum {
    PCI_PORTS = 0x3000000, /* where the bus has its port 0 */
    PCI_CONFIGURATION = 0x30000000,
    CAPTURE_CONFIGURATION = PCI_CONFIGURATION + (1 << 15), /* device 1 of bus 0 */
    CAPTURE_PORT = 0x1000,
    COMMAND = 0x04,
    COMMAND_PORTS = 1,
    BASE_ADDRESS = 0x10,
};

struct machine_place machine_place(enum exo_machine_device device)
{
    switch (device) {
    case EXO_MACHINE_DEVICE_SERIAL:
        return (struct machine_place){true, 0x10000000, PAGE, 10, 1};
    case EXO_MACHINE_DEVICE_CLOCK:
        return (struct machine_place){true, 0x101000, PAGE, 11, 1};
    case EXO_MACHINE_DEVICE_CAPTURE:
        return (struct machine_place){true, PCI_PORTS + CAPTURE_PORT, PAGE, 0, 0};
    case EXO_MACHINE_DEVICE_EXIT:
        return (struct machine_place){true, 0x100000, PAGE, 0, 0};
    case EXO_MACHINE_DEVICE_VIRTIO:
        return (struct machine_place){true, 0x10001000, 8 * PAGE, 1, 8};
    default:
        return (struct machine_place){0};
    }
}

bool machine_prepare(enum exo_machine_device device)
{
    struct registers configuration;
    uint64_t offset;
    if (device != EXO_MACHINE_DEVICE_CAPTURE)
        return true;
    uint32_t slot = machine_memory(CAPTURE_CONFIGURATION, PAGE, &offset);
    if (slot == 0 || !registers_in_memory(&configuration, slot, offset, 1, first_space()))
        return false;
    registers_write(&configuration, BASE_ADDRESS, 4, CAPTURE_PORT);
    registers_write(&configuration, COMMAND, 2, COMMAND_PORTS);
    return true;
}

uint32_t machine_exit_value(uint32_t status)
{
    uint32_t value = status == 0 ? EXIT_SUCCESS : status;
    value = status > EXIT_FAILURES_MAX ? EXIT_FAILURES_MAX : value;
    return (2 * value + 1) << STATUS_SHIFT | FAIL;
}
