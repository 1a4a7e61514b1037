/* SPDX-License-Identifier: MIT */
/* ext4_server: serves the ext4 file system of a disk, read-only. */
#include "block_bytes.h"
#include "component.h"
#include "print.h"
#include "startup.h"
#include "text.h"
#include "volume.h"

enum {
    CACHE_KIB = 2048, /* if nothing else is said */
    BUFFER_PAGES = 64,
    ERROR_BYTES = 256,
    NO_IMPORT = 3, /* behind those of component.h */
    NO_DISK = 4,
    NO_MEMORY = 5,
    NO_FILE_SYSTEM = 6,
};

static struct block_bytes device;
static struct volume volume;

/* A line with the structure and its block, which the client does not get. */
static void report(const struct ext4_error *error)
{
    char text[ERROR_BYTES];
    ext4_error_text(error, text, sizeof text);
    print("%s: %s\n", startup_name(), text);
}

static void *bytes_take(uint64_t bytes)
{
    return pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, NULL);
}

static int open_volume(void)
{
    struct ext4_source source = {block_bytes_read, &device, device.bytes};
    uint64_t bytes = startup_number("cacheKib", CACHE_KIB) << 10;
    struct ext4_error error;
    struct ext4 *fs;
    void *memory = bytes_take(bytes);
    if (!memory) {
        print("%s: no memory for a cache of %lu KiB; give it more `pages`\n", startup_name(),
              bytes >> 10);
        return NO_MEMORY;
    }
    enum ext4_status status = ext4_open(&source, memory, bytes, 0, &fs, &error);
    if (status == EXT4_NO_MEMORY) {
        print("%s: a cache of %lu KiB is too small by %lu bytes; set \"cacheKib\" to more\n",
              startup_name(), bytes >> 10, error.value);
        return NO_MEMORY;
    }
    if (status != EXT4_OK) {
        report(&error);
        return NO_FILE_SYSTEM;
    }
    volume.system = startup_position() + 1u;
    volume.report = report;
    volume_start(&volume, fs);
    return 0;
}

/* Nothing is ever changed. */
static struct files_time now(void)
{
    return (struct files_time){0};
}

int component_main(void)
{
    const struct binding *disk = binding_import("block");
    struct files_options options = {
        .core = &volume_core, .state = &volume, .now = now, .is_read_only = true,
    };
    if (!disk)
        return NO_IMPORT;
    enum exo_status opened = block_bytes_open(&device, disk, BUFFER_PAGES);
    if (opened != EXO_STATUS_OK) {
        print("%s: the disk cannot be used (status %u)\n", startup_name(), opened);
        return NO_DISK;
    }
    int status = open_volume();
    return status == 0 ? files_component_serve(&options) : status;
}
