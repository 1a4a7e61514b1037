/* SPDX-License-Identifier: MIT */
#include "bulk.h"

#define PAGE_BYTES UINT64_C(4096)

enum exo_status bulk_memory_set(struct bulk_memory_builder builder, struct rpc_given *given,
                                uint32_t slot, uint64_t offset, uint64_t length, bool frozen)
{
    bool failed = false;
    uint32_t position = rpc_give(given, slot, &failed);
    if (failed)
        return EXO_STATUS_BAD_ARGUMENT;
    bulk_memory_set_capability(builder, position);
    bulk_memory_set_offset(builder, offset);
    bulk_memory_set_length(builder, length);
    bulk_memory_set_frozen(builder, frozen);
    return EXO_STATUS_OK;
}

enum exo_status bulk_map(struct bulk_memory_reader reader, struct rpc_received received,
                         uint64_t address, uint64_t room_pages, struct bulk_view *view)
{
    uint64_t kind, rights, value, frames, low, high, done;
    uint64_t offset = bulk_memory_get_offset(reader), length = bulk_memory_get_length(reader);
    bool says_frozen = bulk_memory_get_frozen(reader);
    uint32_t position;
    *view = (struct bulk_view){0, 0, false, 0, 0};
    bulk_memory_get_capability(reader, &position);
    uint32_t slot = rpc_taken(received, position);
    if (slot == EXO_NONE || exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, &frames,
                                                &low, &high) != EXO_STATUS_OK)
        return EXO_STATUS_BAD_MESSAGE;
    bool is_frozen = (rights & EXO_RIGHT_FROZEN) != 0;
    if ((kind & 0xff) != EXO_OBJECT_KIND_MEMORY || (says_frozen && !is_frozen) ||
        offset > frames * PAGE_BYTES || length > frames * PAGE_BYTES - offset)
        return EXO_STATUS_BAD_MESSAGE;
    uint64_t first = offset / PAGE_BYTES;
    uint64_t pages = (offset + length + PAGE_BYTES - 1) / PAGE_BYTES - first;
    if (pages > room_pages)
        return EXO_STATUS_FULL;
    for (uint64_t mapped = 0; mapped < pages; mapped += done) {
        enum exo_status status =
            exo_memory_map(EXO_SELF, slot, address + mapped * PAGE_BYTES, first + mapped,
                           pages - mapped, EXO_RIGHT_READ, &done);
        if (status != EXO_STATUS_OK || done == 0) {
            exo_memory_unmap(EXO_SELF, address, mapped + done);
            return status == EXO_STATUS_OK ? EXO_STATUS_FULL : status;
        }
    }
    *view = (struct bulk_view){(const uint8_t *)(uintptr_t)(address + offset % PAGE_BYTES), length,
                               is_frozen, address, pages};
    return EXO_STATUS_OK;
}

void bulk_unmap(const struct bulk_view *view)
{
    if (view->pages > 0)
        exo_memory_unmap(EXO_SELF, view->address, view->pages);
}

enum exo_status bulk_buffer(struct bulk_buffer_reader reader, const void *pool,
                            uint64_t pool_bytes, struct bulk_view *view)
{
    uint64_t offset = bulk_buffer_get_offset(reader), length = bulk_buffer_get_length(reader);
    *view = (struct bulk_view){0, 0, false, 0, 0};
    if (offset > pool_bytes || length > pool_bytes - offset)
        return EXO_STATUS_BAD_MESSAGE;
    view->bytes = (const uint8_t *)pool + offset;
    view->length = length;
    return EXO_STATUS_OK;
}
