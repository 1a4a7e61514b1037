/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include "kernel_stubs.h"

/* QEMU's isa-debug-exit: the value v written ends the emulator with status 2v + 1. */
enum { WIDTH = 4, FAILURES_MAX = 0x0f };

void machine_end(uint32_t ports, uint32_t status)
{
    uint32_t value = status == 0 ? MACHINE_EXIT_SUCCESS : status;
    if (status > FAILURES_MAX)
        value = FAILURES_MAX;
    exo_port_write(ports, MACHINE_EXIT_PORT, WIDTH, value);
}
