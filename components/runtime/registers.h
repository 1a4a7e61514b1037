/* SPDX-License-Identifier: MIT */
/*
 * registers: a device's registers, whether the machine has them behind ports or in memory. A driver
 * names them by their distance from the first one.
 */
#ifndef RUNTIME_REGISTERS_H
#define RUNTIME_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "space.h"

struct registers {
    uint32_t slot;    /* ports: the Ports capability, which the caller keeps */
    uint64_t first;   /* ports: the number of the first one */
    uint64_t address; /* memory: where it is mapped; 0: these are ports */
};

/* Registers behind the Ports capability in `slot`, from port `first` on. */
void registers_at_ports(struct registers *registers, uint32_t slot, uint64_t first);

/*
 * Registers in the Memory in `slot`, `pages` pages from page `offset` of it on, which this maps at
 * addresses of `space`. Returns false when there is no room or the kernel refuses.
 */
bool registers_in_memory(struct registers *registers, uint32_t slot, uint64_t offset,
                         uint64_t pages, struct space *space);

/* Read or write a register of `width` bytes, 1, 2 or 4. What cannot be read has all bits set. */
uint32_t registers_read(const struct registers *registers, uint64_t offset, uint32_t width);
void registers_write(const struct registers *registers, uint64_t offset, uint32_t width,
                     uint32_t value);

#endif
