/* SPDX-License-Identifier: MIT */
#include "rpc.h"

#include <assert.h>

static struct slots *free_slots;

void rpc_given_use(struct slots *slots)
{
    free_slots = slots;
}

/* Derive a child with all that the capability in `slot` can do. */
static enum exo_status derive(uint32_t slot, uint32_t to_slot)
{
    uint64_t kind, rights, value, count, low, high;
    enum exo_status status =
        exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, &count, &low, &high);
    if (status != EXO_STATUS_OK)
        return status;
    return exo_capability_derive(slot, EXO_SELF, to_slot, 0, count, rights & 0xffff, 0);
}

static void delete_run(uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        exo_capability_delete(first + i);
}

enum exo_status rpc_take(uint32_t slot, uint32_t to_slot)
{
    enum exo_status status = derive(slot, to_slot);
    return status == EXO_STATUS_OK ? exo_capability_delete(slot) : status;
}

enum exo_status rpc_run_make(const struct rpc_given *given, const struct rpc_received *leaving,
                             uint64_t *run)
{
    uint32_t count = given->count, first = given->slots[0], follow = 0;
    *run = 0;
    if (count == 0)
        return EXO_STATUS_OK;
    assert(count <= RPC_CAPABILITIES_MAX);
    *run = (uint64_t)count << 32 | first;
    while (follow < count && given->slots[follow] == first + follow &&
           !(leaving && first + follow - leaving->first < leaving->count))
        follow++;
    if (follow == count)
        return EXO_STATUS_OK;
    *run = 0;
    first = free_slots ? slots_take(free_slots, count) : SLOTS_NONE;
    if (first == SLOTS_NONE)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++) {
        enum exo_status status = derive(given->slots[i], first + i);
        if (status != EXO_STATUS_OK) {
            delete_run(first, i);
            slots_give(free_slots, first, count);
            return status;
        }
    }
    *run = RPC_RUN_MADE | (uint64_t)count << 32 | first;
    return EXO_STATUS_OK;
}

void rpc_run_end(uint64_t run)
{
    uint32_t first = (uint32_t)run, count = (uint32_t)(RPC_RUN_TRANSFER(run) >> 32);
    if (!(run & RPC_RUN_MADE))
        return;
    delete_run(first, count);
    slots_give(free_slots, first, count);
}
