/* SPDX-License-Identifier: MIT */
#include "general_registers.h"

#include "fault.h"

#include <assert.h>

struct region {
    uint64_t low;
    uint64_t bytes; /* 0: free */
    fault_handler *handler;
    void *context;
};

/*
 * Read by upcalls at any instruction, so an entry gets its bytes last, and removal takes them and
 * leaves the others where they are.
 */
static struct region regions[FAULT_REGIONS_MAX];
static struct region *volatile regions_end = regions;

bool fault_region_add(uint64_t low, uint64_t high, fault_handler *handler, void *context)
{
    struct region *end = regions_end, *at = end;
    assert(handler != 0);
    if (low >= high)
        return false;
    for (struct region *region = regions; region < end; region++) {
        if (region->bytes == 0)
            at = region;
        else if (low < region->low + region->bytes && region->low < high)
            return false;
    }
    if (at == regions + FAULT_REGIONS_MAX)
        return false;
    at->low = low;
    at->handler = handler;
    at->context = context;
    __atomic_signal_fence(__ATOMIC_RELEASE); /* the entry is whole before it counts */
    at->bytes = high - low;
    if (at == end)
        regions_end = end + 1;
    return true;
}

bool fault_region_remove(uint64_t low)
{
    for (struct region *region = regions; region < regions_end; region++) {
        if (region->bytes == 0 || region->low != low)
            continue;
        region->bytes = 0;
        return true;
    }
    return false;
}

GENERAL_JUMPS bool fault_dispatch(struct upcall_frame *frame)
{
    uint64_t address = frame->address;
    struct region *end = regions_end; /* read once */
    for (struct region *region = regions; region < end; region++)
        if (address - region->low < region->bytes)
            return region->handler(frame, address, region->context);
    return false;
}
