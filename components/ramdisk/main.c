/* SPDX-License-Identifier: MIT */
/*
 * ramdisk: a disk in the component's own memory. It copies, through a window of some pages for each
 * Thread, into which a client's memory is mapped while a request needs it. When the client takes
 * the memory back meanwhile, a spare page takes its place and the request fails.
 */
#include "block_server.h"
#include "channel_guard.h"
#include "kernel_stubs.h"
#include "lock.h"
#include "print.h"
#include "startup.h"
#include "text.h"

enum {
    BLOCK_BYTES = 512,
    KIB_DEFAULT = 1024,
    WINDOW_PAGES = 16,
    REQUEST_BYTES_MAX = 1 << 20,
    NO_MEMORY = 3,
    BAD_SIZE = 4,
};

struct window {
    bool is_used;
    uint64_t address;
    struct channel guard; /* only its `broken` is used */
};

static uint8_t *disk;
static struct lock lock; /* of `is_used` */
static struct window windows[CHILD_THREADS_MAX];
static uint32_t window_count; /* one for each Thread, so there is always one */

/* Addresses for the windows. False: there are too few, or the faults in them cannot be handled. */
static bool windows_make(uint32_t count)
{
    uint64_t page;
    for (; window_count < count && window_count < CHILD_THREADS_MAX; window_count++) {
        struct window *window = &windows[window_count];
        if (!space_take(space_own(), WINDOW_PAGES, 1, &page))
            return false;
        window->address = page * CHILD_PAGE_BYTES;
        if (!channel_guard(window->address, WINDOW_PAGES * CHILD_PAGE_BYTES, &window->guard))
            return false;
    }
    return true;
}

static struct window *window_take(void)
{
    struct window *window = windows;
    lock_take(&lock);
    while (window < windows + window_count - 1 && window->is_used)
        window++;
    window->is_used = true;
    lock_give(&lock);
    window->guard.broken = false;
    return window;
}

static void window_give(struct window *window)
{
    lock_take(&lock);
    window->is_used = false;
    lock_give(&lock);
}

/* The client's memory stays where it is until a request wants it. */
static bool pin(struct block_pin *pin)
{
    (void)pin;
    return true;
}

static void unpin(struct block_pin *pin)
{
    (void)pin;
}

/* Copy `bytes`, which lie within the window's size from `offset` on of the client's memory. */
static bool copy(struct window *window, const struct block_request *request, uint64_t offset,
                 uint8_t *ours, uint64_t bytes)
{
    uint64_t first = offset / CHILD_PAGE_BYTES, done = 0;
    uint64_t pages = (offset + bytes - 1) / CHILD_PAGE_BYTES - first + 1;
    uint8_t *theirs = (uint8_t *)(window->address + offset % CHILD_PAGE_BYTES);
    bool mapped = exo_memory_map(EXO_SELF, request->pin->slot, window->address, first, pages,
                                 request->is_write ? EXO_RIGHT_READ
                                                   : EXO_RIGHT_READ | EXO_RIGHT_WRITE,
                                 &done) == EXO_STATUS_OK;
    if (mapped)
        memcpy(request->is_write ? ours : theirs, request->is_write ? theirs : ours, bytes);
    exo_memory_unmap(EXO_SELF, window->address, pages);
    return mapped && !__atomic_load_n(&window->guard.broken, __ATOMIC_RELAXED);
}

static enum block_failure transfer(struct block_request *request)
{
    struct window *window = window_take();
    uint8_t *at = disk + request->first * BLOCK_BYTES;
    bool is_done = true;
    for (uint32_t i = 0; is_done && i < request->range_count; i++) {
        uint64_t offset = request->ranges[i].offset, left = request->ranges[i].length;
        while (is_done && left > 0) {
            uint64_t room = WINDOW_PAGES * CHILD_PAGE_BYTES - offset % CHILD_PAGE_BYTES;
            uint64_t part = left < room ? left : room;
            is_done = copy(window, request, offset, at, part);
            request->failed = (uint64_t)(at - disk) / BLOCK_BYTES;
            at += part;
            offset += part;
            left -= part;
        }
    }
    window_give(window);
    return is_done ? BLOCK_FAILURE_NONE : BLOCK_FAILURE_BAD_PIN;
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
    if (!space_take(space_own(), WINDOW_PAGES, 1, &page))
        return false;
    const uint8_t *from = (const uint8_t *)(page * CHILD_PAGE_BYTES);
    for (uint64_t at = 0; at < pages; at += WINDOW_PAGES) {
        uint64_t part = pages - at < WINDOW_PAGES ? pages - at : WINDOW_PAGES;
        uint64_t bytes = file->count - at * CHILD_PAGE_BYTES;
        if (exo_memory_map(EXO_SELF, file->slot, (uintptr_t)from, at, part, EXO_RIGHT_READ,
                           &done) != EXO_STATUS_OK)
            return false;
        memcpy(disk + at * CHILD_PAGE_BYTES, from,
               bytes < part * CHILD_PAGE_BYTES ? bytes : part * CHILD_PAGE_BYTES);
        exo_memory_unmap(EXO_SELF, (uintptr_t)from, part);
    }
    space_give(space_own(), page, WINDOW_PAGES);
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
    const struct binding *export = binding_export("block");
    if (!disk || !fill(&file) || (export && !windows_make(export->thread_count))) {
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
