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
    NO_DISK = 3, /* behind those of component.h */
    NO_FILE_SYSTEM = 4,
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

static int open_volume(void)
{
    struct ext4_source source = {block_bytes_read, &device, device.bytes};
    uint64_t bytes;
    struct ext4_error error;
    struct ext4 *fs;
    void *memory = files_component_memory("cacheKib", CACHE_KIB, &bytes);
    if (!memory)
        return FILES_NO_MEMORY;
    enum ext4_status status = ext4_open(&source, memory, bytes, 0, &fs, &error);
    if (status == EXT4_NO_MEMORY) {
        print("%s: a cache of %lu KiB is too small by %lu bytes; set \"cacheKib\" to more\n",
              startup_name(), bytes >> 10, error.value);
        return FILES_NO_MEMORY;
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
    struct files_options options = {
        .core = &volume_core, .state = &volume, .now = now, .is_read_only = true,
    };
    if (!block_bytes_import(&device, BUFFER_PAGES))
        return NO_DISK;
    int status = open_volume();
    return status == 0 ? files_component_serve(&options) : status;
}
