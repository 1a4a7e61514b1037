/* SPDX-License-Identifier: MIT */
/*
 * ramdisk: a disk in the component's own memory. It copies, and keeps each client's memory mapped
 * while it is pinned; when a client takes it back meanwhile, a spare page takes its place and the
 * request fails.
 */
#include "block_server.h"
#include "channel_guard.h"
#include "fault.h"
#include "kernel_stubs.h"
#include "print.h"
#include "startup.h"
#include "text.h"

enum {
    BLOCK_BYTES = 512,
    KIB_DEFAULT = 1024,
    PIN_PAGES_MAX = 4096,
    MAP_PAGES = 1024, /* in one call */
    REQUEST_BYTES_MAX = 1 << 20,
    NO_MEMORY = 3,
    BAD_SIZE = 4,
};

static uint8_t *disk;

static bool pin(struct block_pin *pin)
{
    uint64_t page, done, rights = EXO_RIGHT_READ | (pin->writable ? EXO_RIGHT_WRITE : 0);
    uint64_t pages = pin->bytes / CHILD_PAGE_BYTES;
    if (pages > PIN_PAGES_MAX || !space_take(space_own(), pages, 1, &page))
        return false;
    pin->address = page * CHILD_PAGE_BYTES;
    for (uint64_t at = 0; at < pages; at += done) {
        uint64_t part = pages - at < MAP_PAGES ? pages - at : MAP_PAGES;
        done = 0;
        if (exo_memory_map(EXO_SELF, pin->slot, pin->address + at * CHILD_PAGE_BYTES, at, part,
                           rights, &done) != EXO_STATUS_OK || done == 0)
            goto failed;
    }
    if (channel_guard(pin->address, pin->bytes, &pin->guard))
        return true;
failed:
    for (uint64_t at = 0; at < pages; at += MAP_PAGES)
        exo_memory_unmap(EXO_SELF, pin->address + at * CHILD_PAGE_BYTES,
                         pages - at < MAP_PAGES ? pages - at : MAP_PAGES);
    space_give(space_own(), page, pages);
    return false;
}

static void unpin(struct block_pin *pin)
{
    uint64_t pages = pin->bytes / CHILD_PAGE_BYTES;
    for (uint64_t at = 0; at < pages; at += MAP_PAGES)
        exo_memory_unmap(EXO_SELF, pin->address + at * CHILD_PAGE_BYTES,
                         pages - at < MAP_PAGES ? pages - at : MAP_PAGES);
    fault_region_remove(pin->address);
    space_give(space_own(), pin->address / CHILD_PAGE_BYTES, pages);
}

static enum block_failure transfer(struct block_request *request)
{
    const struct block_pin *pin = request->pin;
    uint8_t *at = disk + request->first * BLOCK_BYTES;
    for (uint32_t i = 0; i < request->range_count; i++) {
        const struct block_range *range = &request->ranges[i];
        uint8_t *theirs = (uint8_t *)(pin->address + range->offset);
        memcpy(request->is_write ? at : theirs, request->is_write ? theirs : at, range->length);
        at += range->length;
    }
    /* Broken in any request that used it: what was copied may have been the spare page. */
    return __atomic_load_n(&pin->guard.broken, __ATOMIC_RELAXED) ? BLOCK_FAILURE_BAD_PIN
                                                                 : BLOCK_FAILURE_NONE;
}

static enum block_failure flush(void)
{
    return BLOCK_FAILURE_NONE;
}

static enum block_failure discard(uint64_t first, uint64_t count, uint64_t *failed)
{
    (void)failed;
    memset(disk + first * BLOCK_BYTES, 0, count * BLOCK_BYTES);
    return BLOCK_FAILURE_NONE;
}

int component_main(void)
{
    static struct block_driver driver = {
        .block_bytes = BLOCK_BYTES,
        .bytes_max = REQUEST_BYTES_MAX,
        .ranges_max = BLOCK_RANGES_MAX,
        .discards = true,
        .pin = pin, .unpin = unpin, .transfer = transfer, .flush = flush, .discard = discard,
    };
    uint64_t offset, bytes = startup_number("kib", KIB_DEFAULT) << 10;
    uint64_t pages = (bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES;
    if (pages == 0 || pages > UINT32_MAX) {
        print("%s: the setting \"kib\" says no size for a disk\n", startup_name());
        return BAD_SIZE;
    }
    disk = pages_take(pages, &offset);
    if (!disk) {
        print("%s: no memory for a disk of %lu KiB; give it more `pages`\n", startup_name(),
              bytes >> 10);
        return NO_MEMORY;
    }
    driver.blocks = bytes / BLOCK_BYTES;
    int status = block_server_start(&driver, 2);
    if (status == 0)
        block_server_calls(NULL);
    return status;
}
