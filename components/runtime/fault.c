/* SPDX-License-Identifier: MIT */
#include "general_registers.h"

#include "fault.h"

#include <assert.h>

struct region {
    uint64_t low;
    uint64_t high;
    fault_handler *handler;
    void *context;
};

/*
 * Read by upcalls at any instruction, so an entry is filled first and counted last, and removal
 * empties its entry (low = high = 0) and leaves the others where they are.
 */
static struct region regions[FAULT_REGIONS_MAX];
static volatile uint64_t region_count;

bool fault_region_add(uint64_t low, uint64_t high, fault_handler *handler, void *context)
{
    unsigned at = FAULT_REGIONS_MAX;
    assert(handler != 0);
    if (low >= high)
        return false;
    for (unsigned i = 0; i < region_count; i++) {
        if (regions[i].high == 0)
            at = i;
        else if (low < regions[i].high && regions[i].low < high)
            return false;
    }
    if (at == FAULT_REGIONS_MAX)
        at = region_count;
    if (at == FAULT_REGIONS_MAX)
        return false;
    regions[at] = (struct region){low, high, handler, context};
    __atomic_signal_fence(__ATOMIC_RELEASE); /* the entry is whole before it counts */
    if (at == region_count)
        region_count = at + 1;
    return true;
}

bool fault_region_remove(uint64_t low)
{
    for (unsigned i = 0; i < region_count; i++) {
        if (regions[i].high == 0 || regions[i].low != low)
            continue;
        regions[i] = (struct region){0};
        return true;
    }
    return false;
}

bool fault_dispatch(struct upcall_frame *frame)
{
    uint64_t address = frame->address;
    const struct region *end = regions + region_count;
    for (const struct region *region = regions; region < end; region++)
        if (address >= region->low && address < region->high)
            return region->handler(frame, address, region->context);
    return false;
}
