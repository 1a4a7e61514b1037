/* SPDX-License-Identifier: MIT */
/* image: see image.h. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_BYTES = 4 << 20 };

static int read_file(void *context, uint64_t offset, void *buffer, size_t bytes)
{
    const struct image *image = context;
    uint8_t *to = buffer;
    while (bytes > 0) {
        ssize_t got = pread(image->file, to, bytes, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? errno : EIO;
        to += got;
        offset += (uint64_t)got;
        bytes -= (size_t)got;
    }
    return 0;
}

/* Gives the core other memory than it had; false: the host has none left. */
static bool renew_memory(struct image *image, size_t bytes)
{
    free(image->memory);
    image->memory = aligned_alloc(64, bytes);
    if (!image->memory)
        snprintf(image->message, sizeof image->message, "the host has no memory left");
    return image->memory != NULL;
}

static bool open_ext4(struct image *image, uint64_t end, uint32_t options)
{
    struct ext4_source source = {read_file, image, end};
    struct ext4_error error;
    struct ext4 *fs;
    size_t bytes = MEMORY_BYTES;
    enum ext4_status status = EXT4_NO_MEMORY;
    while (status == EXT4_NO_MEMORY) {
        if (!renew_memory(image, bytes))
            return false;
        status = ext4_open(&source, image->memory, bytes, options, &fs, &error);
        bytes = (bytes + (size_t)error.value + MEMORY_BYTES) & ~(size_t)63;
    }
    if (status == EXT4_OK)
        image->store = store_of_ext4(fs);
    else
        ext4_error_text(&error, image->message, sizeof image->message);
    return status == EXT4_OK;
}

/* *is_archive is false when it begins like none. */
static bool open_archive(struct image *image, uint64_t end, bool *is_archive)
{
    struct archive_source source = {read_file, image, end};
    struct archive_error error;
    struct archive *archive;
    size_t bytes = MEMORY_BYTES;
    enum archive_status status = ARCHIVE_NO_MEMORY;
    *is_archive = true;
    while (status == ARCHIVE_NO_MEMORY) {
        if (!renew_memory(image, bytes))
            return false;
        status = archive_open(&source, image->memory, bytes, &archive, &error);
        bytes = 2 * bytes;
    }
    *is_archive = status != ARCHIVE_NO_ARCHIVE;
    if (status == ARCHIVE_OK)
        image->store = store_of_archive(archive);
    else
        archive_error_text(&error, image->message, sizeof image->message);
    return status == ARCHIVE_OK;
}

bool image_open(struct image *image, const char *path, uint32_t options)
{
    bool is_archive;
    *image = (struct image){.file = open(path, O_RDONLY | O_CLOEXEC)};
    /* Where a device ends, stat() does not say. */
    off_t end = image->file < 0 ? -1 : lseek(image->file, 0, SEEK_END);
    if (end < 0) {
        snprintf(image->message, sizeof image->message, "%s", strerror(errno));
        return false;
    }
    return open_archive(image, (uint64_t)end, &is_archive) ||
           (!is_archive && open_ext4(image, (uint64_t)end, options));
}

void image_close(struct image *image)
{
    free(image->memory);
    if (image->file >= 0)
        close(image->file);
}
