/* SPDX-License-Identifier: MIT */
#include "offer.h"

#include "child.h"
#include "kernel_stubs.h"
#include "rpc.h"
#include "startup.h"

#define READ_WRITE ((uint64_t)(EXO_RIGHT_READ | EXO_RIGHT_WRITE))

enum exo_status offer_make(const struct binding *own, uint32_t thread, uint32_t pages,
                           struct offer *offer)
{
    uint64_t offset;
    if (thread >= own->thread_count || pages == 0 || pages > OFFER_PAGES_MAX)
        return EXO_STATUS_BAD_ARGUMENT;
    uint32_t slots = slots_take(slots_own(), 2);
    void *memory = slots == SLOTS_NONE ? NULL : pages_take(pages, &offset);
    if (!memory)
        return EXO_STATUS_FULL;
    *offer = (struct offer){.binding = *own, .portal = slots, .channel = slots + 1};
    offer->place = (struct channel_place){.address = (uintptr_t)memory,
                                          .bytes = (uint64_t)pages * CHILD_PAGE_BYTES};
    offer->binding.places = &offer->place;
    offer->binding.place_count = 1;
    offer->binding.thread = own->thread + thread;
    offer->binding.thread_count = 1;
    enum exo_status status = exo_capability_derive(own->portal, EXO_SELF, offer->portal, 0, 0,
                                                   EXO_RIGHT_CALL, 0);
    return status == EXO_STATUS_OK
               ? exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, offer->channel, offset, pages,
                                       READ_WRITE, 0)
               : status;
}

/* Is in the slot what it should be; `*count` is the size of a Memory. */
static bool holds(uint32_t slot, enum exo_object_kind wanted, uint64_t wanted_rights,
                  uint64_t *count)
{
    uint64_t kind = 0, rights = 0, value, low, high;
    return exo_capability_info(EXO_SELF, slot, &kind, &rights, &value, count, &low, &high) ==
               EXO_STATUS_OK &&
           (kind & 0xff) == wanted && (rights & wanted_rights) == wanted_rights;
}

enum exo_status offer_accept(uint32_t portal, uint32_t channel, uint64_t interface_id,
                             struct acceptance *acceptance)
{
    uint64_t page, done, pages = 0, unused;
    *acceptance = (struct acceptance){0};
    if (!holds(portal, EXO_OBJECT_KIND_PORTAL, EXO_RIGHT_CALL, &unused) ||
        !holds(channel, EXO_OBJECT_KIND_MEMORY, READ_WRITE, &pages) || pages == 0 ||
        pages > OFFER_PAGES_MAX)
        return EXO_STATUS_BAD_MESSAGE;
    uint32_t slots = slots_take(slots_own(), 2);
    if (slots == SLOTS_NONE)
        return EXO_STATUS_FULL;
    acceptance->slots = slots;
    enum exo_status status = rpc_take(portal, slots);
    if (status == EXO_STATUS_OK)
        status = rpc_take(channel, slots + 1);
    if (status == EXO_STATUS_OK && !space_take(space_own(), pages, 1, &page))
        status = EXO_STATUS_FULL;
    if (status == EXO_STATUS_OK) {
        acceptance->place = (struct channel_place){.address = page * CHILD_PAGE_BYTES,
                                                   .bytes = pages * CHILD_PAGE_BYTES};
        acceptance->pages = (uint32_t)pages;
        status = exo_memory_map(EXO_SELF, slots + 1, page * CHILD_PAGE_BYTES, 0, pages, READ_WRITE,
                                &done);
    }
    if (status != EXO_STATUS_OK) {
        offer_release(acceptance);
        return status;
    }
    acceptance->binding = (struct binding){.interface_id = interface_id, .portal = slots,
                                           .place_count = 1, .places = &acceptance->place,
                                           .thread = CHILD_SLOT_THREAD, .thread_count = 1};
    return EXO_STATUS_OK;
}

void offer_release(struct acceptance *acceptance)
{
    uint64_t page = acceptance->place.address / CHILD_PAGE_BYTES;
    if (acceptance->pages > 0) {
        exo_memory_unmap(EXO_SELF, acceptance->place.address, acceptance->pages);
        space_give(space_own(), page, acceptance->pages);
    }
    for (uint32_t i = 0; acceptance->slots != 0 && i < 2; i++)
        exo_capability_delete(acceptance->slots + i);
    if (acceptance->slots != 0)
        slots_give(slots_own(), acceptance->slots, 2);
    *acceptance = (struct acceptance){0};
}
