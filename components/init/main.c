/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "machine.h"
#include "print.h"
#include "serial.h"

enum { SLOT_PORTS = 7 };

static struct serial serial;

static void write_serial(const char *text, size_t bytes)
{
    serial_write(&serial, text, bytes);
}

/* Defined here instead of the runtime's: the kernel itself starts this program. */
_Noreturn void runtime_start(uint64_t image_bytes, uint64_t image, uint64_t information);

void runtime_start(uint64_t image_bytes, uint64_t image, uint64_t information)
{
    serial_start(&serial, SLOT_PORTS, SERIAL_BASE);
    print_to(write_serial);
    print("init: image of %lu bytes at 0x%lx, information at 0x%lx\n", image_bytes, image,
          information);
    machine_end(SLOT_PORTS, 0);
    for (;;)
        ;
}
