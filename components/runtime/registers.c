/* SPDX-License-Identifier: MIT */
#include "registers.h"

#include <assert.h>

#include "child.h"
#include "kernel_stubs.h"

void registers_at_ports(struct registers *registers, uint32_t slot, uint64_t first)
{
    *registers = (struct registers){.slot = slot, .first = first};
}

bool registers_in_memory(struct registers *registers, uint32_t slot, uint64_t offset,
                         uint64_t pages, struct space *space)
{
    uint64_t page, done;
    *registers = (struct registers){.slot = slot};
    if (!space_take(space, pages, 1, &page))
        return false;
    if (exo_memory_map(EXO_SELF, slot, page * CHILD_PAGE_BYTES, offset, pages,
                       EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_UNCACHED,
                       &done) != EXO_STATUS_OK) {
        space_give(space, page, pages);
        return false;
    }
    registers->address = page * CHILD_PAGE_BYTES;
    return true;
}

uint32_t registers_read(const struct registers *registers, uint64_t offset, uint32_t width)
{
    uint64_t value = UINT32_MAX, at = registers->address + offset;
    assert(width == 1 || width == 2 || width == 4);
    if (registers->address == 0)
        exo_port_read(registers->slot, registers->first + offset, width, &value);
    else if (width == 1)
        value = *(const volatile uint8_t *)at;
    else if (width == 2)
        value = *(const volatile uint16_t *)at;
    else
        value = *(const volatile uint32_t *)at;
    return (uint32_t)value;
}

void registers_write(const struct registers *registers, uint64_t offset, uint32_t width,
                     uint32_t value)
{
    uint64_t at = registers->address + offset;
    assert(width == 1 || width == 2 || width == 4);
    if (registers->address == 0)
        exo_port_write(registers->slot, registers->first + offset, width, value);
    else if (width == 1)
        *(volatile uint8_t *)at = (uint8_t)value;
    else if (width == 2)
        *(volatile uint16_t *)at = (uint16_t)value;
    else
        *(volatile uint32_t *)at = value;
}
