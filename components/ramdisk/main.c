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
    FILL_PAGES = 16,
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

/* Copy the file of the boot image to the disk's start, a few pages at a time. */
static bool fill(const struct startup_device *file)
{
    uint64_t page, done, pages = (file->count + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES;
    if (!space_take(space_own(), FILL_PAGES, 1, &page))
        return false;
    const uint8_t *from = (const uint8_t *)(page * CHILD_PAGE_BYTES);
    for (uint64_t at = 0; at < pages; at += FILL_PAGES) {
        uint64_t part = pages - at < FILL_PAGES ? pages - at : FILL_PAGES;
        uint64_t bytes = file->count - at * CHILD_PAGE_BYTES;
        if (exo_memory_map(EXO_SELF, file->slot, (uintptr_t)from, at, part, EXO_RIGHT_READ,
                           &done) != EXO_STATUS_OK)
            return false;
        memcpy(disk + at * CHILD_PAGE_BYTES, from,
               bytes < part * CHILD_PAGE_BYTES ? bytes : part * CHILD_PAGE_BYTES);
        exo_memory_unmap(EXO_SELF, (uintptr_t)from, part);
    }
    space_give(space_own(), page, FILL_PAGES);
    return true;
}

/* How large the disk is: as the settings say, or as large as the file. 0: neither makes sense. */
static uint64_t size_of_disk(const struct startup_device *file)
{
    uint64_t file_kib = (file->count + 1023) >> 10;
    uint64_t kib = startup_number("kib", file_kib > 0 ? file_kib : KIB_DEFAULT);
    return kib >= file_kib && kib <= UINT32_MAX ? kib << 10 : 0;
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
    struct startup_device file = {0};
    startup_device("file", &file);
    uint64_t offset, bytes = size_of_disk(&file);
    if (bytes == 0) {
        print("%s: the setting \"kib\" is no size for a disk, or too small for its file\n",
              startup_name());
        return BAD_SIZE;
    }
    disk = pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, &offset);
    if (!disk || !fill(&file)) {
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
