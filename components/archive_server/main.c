/* SPDX-License-Identifier: MIT */
/* archive_server: serves the archive on a disk, read-only. */
#include "block_bytes.h"
#include "component.h"
#include "print.h"
#include "startup.h"
#include "store.h"

enum {
    INDEX_KIB = 64, /* if nothing else is said */
    BUFFER_PAGES = 64,
    ERROR_BYTES = 256,
    NO_DISK = 3, /* behind those of component.h */
    NO_ARCHIVE = 4,
};

static struct block_bytes device;
static struct store store;

/* A line with the entry and its place, which the client does not get. */
static void report(const struct archive_error *error)
{
    char text[ERROR_BYTES];
    archive_error_text(error, text, sizeof text);
    print("%s: %s\n", startup_name(), text);
}

static int open_store(void)
{
    struct archive_source source = {block_bytes_read, &device, device.bytes};
    uint64_t bytes;
    struct archive_error error;
    void *memory = files_component_memory("indexKib", INDEX_KIB, &bytes);
    if (!memory)
        return FILES_NO_MEMORY;
    enum archive_status status = archive_open(&source, memory, bytes, &store.archive, &error);
    if (status == ARCHIVE_NO_MEMORY) {
        print("%s: an index of %lu KiB is too small by %lu bytes at least; set \"indexKib\" to"
              " more\n", startup_name(), bytes >> 10, error.value);
        return FILES_NO_MEMORY;
    }
    if (status != ARCHIVE_OK) {
        report(&error);
        return NO_ARCHIVE;
    }
    store.system = startup_position() + 1u;
    store.report = report;
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
        .core = &store_core, .state = &store, .now = now, .is_read_only = true,
    };
    if (!block_bytes_import(&device, BUFFER_PAGES))
        return NO_DISK;
    int status = open_store();
    return status == 0 ? files_component_serve(&options) : status;
}
