/* SPDX-License-Identifier: MIT */
#include "general_registers.h"

#include "channel_guard.h"

#include "fault.h"
#include "kernel_stubs.h"

#define PAGE_MASK UINT64_C(4095)

static uint32_t spare_memory;
static uint64_t spare_offset;

void channel_guard_spare(uint32_t memory, uint64_t offset)
{
    spare_memory = memory;
    spare_offset = offset;
}

/* A fault in a guarded channel; runs on the upcall stack. */
static bool handle(struct upcall_frame *frame, uint64_t address, void *context)
{
    uint64_t done;
    (void)frame;
    if (spare_memory == 0 ||
        exo_memory_map(EXO_SELF, spare_memory, address & ~PAGE_MASK, spare_offset, 1,
                       EXO_RIGHT_READ | EXO_RIGHT_WRITE, &done) != EXO_STATUS_OK)
        return false;
    struct channel *channel = context;
    channel->broken = true;
    if (channel->mark)
        __atomic_fetch_or(channel->mark, channel->mark_bits, __ATOMIC_SEQ_CST);
    return true;
}

bool channel_guard(uint64_t address, uint64_t bytes, struct channel *channel)
{
    fault_region_remove(address);
    return fault_region_add(address, address + bytes, handle, channel);
}
