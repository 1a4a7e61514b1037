/* SPDX-License-Identifier: MIT */
/* The server's half of rpc: replies in its arena that the client has not finished. They are freed
 * in the order in which they were made, with the capabilities that nobody has fetched. */
#include "rpc.h"

bool rpc_server_is_finished(const struct channel *channel, uint32_t question)
{
    uint32_t mark = capnp_load32(channel->finished + (question & channel->entry_mask));
    __atomic_thread_fence(__ATOMIC_ACQUIRE); /* the client has read what is written over now */
    return (int32_t)(mark - (question + 1)) >= 0;
}

uint64_t rpc_region_take(struct rpc_region *region)
{
    uint64_t run = (uint64_t)region->run_count << 32 | region->run_first;
    region->run_count = 0;
    return run;
}

bool rpc_region_has_run(const struct rpc_channel *channel)
{
    for (uint32_t i = 0; i < channel->region_count; i++)
        if (channel->regions[(channel->region_first + i) & channel->channel.entry_mask].run_count)
            return true;
    return false;
}

void rpc_region_reclaim(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask, before = channel->region_count;
    while (channel->region_count > 0) {
        struct rpc_region *region = &channel->regions[channel->region_first & mask];
        if (!rpc_server_is_finished(&channel->channel, region->question))
            break;
        if (region->run_count > 0)
            rpc_run_end(rpc_region_take(region)); /* nobody has fetched it */
        channel->region_first++;
        channel->region_count--;
    }
    if (channel->region_count == 0)
        channel_arena_release(&channel->channel, 0, true);
    else if (channel->region_count != before)
        channel_arena_release(&channel->channel,
                              channel->regions[channel->region_first & mask].start, false);
}

bool rpc_region_add(struct rpc_channel *channel, uint32_t question, uint32_t length,
                    enum exo_status status, uint64_t run)
{
    uint32_t mask = channel->channel.entry_mask;
    if (channel->region_count > mask || (uint32_t)run > UINT16_MAX)
        return false;
    struct rpc_region *region =
        &channel->regions[(channel->region_first + channel->region_count) & mask];
    region->question = question;
    region->start = channel->channel.arena_tail;
    region->length = length;
    region->status = (uint8_t)status;
    region->run_first = (uint16_t)run;
    region->run_count = (uint8_t)(run >> 32);
    channel->region_count++;
    channel_arena_take(&channel->channel, length);
    return true;
}

struct rpc_region *rpc_region_find(const struct rpc_channel *channel, uint32_t question)
{
    for (uint32_t i = 0; i < channel->region_count; i++) {
        struct rpc_region *region =
            &channel->regions[(channel->region_first + i) & channel->channel.entry_mask];
        if (region->question == question)
            return region;
    }
    return 0;
}

void rpc_region_drop(struct rpc_channel *channel)
{
    uint32_t mask = channel->channel.entry_mask;
    for (; channel->region_count > 0; channel->region_count--) {
        struct rpc_region *region = &channel->regions[channel->region_first++ & mask];
        if (region->run_count > 0)
            rpc_run_end(rpc_region_take(region));
    }
    channel->region_first = 0;
}
