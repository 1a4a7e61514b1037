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

bool image_open(struct image *image, const char *path, uint32_t options)
{
    struct ext4_error error;
    size_t bytes = MEMORY_BYTES;
    enum ext4_status status = EXT4_NO_MEMORY;
    *image = (struct image){.file = open(path, O_RDONLY | O_CLOEXEC)};
    /* Where a device ends, stat() does not say. */
    off_t end = image->file < 0 ? -1 : lseek(image->file, 0, SEEK_END);
    if (end < 0) {
        snprintf(image->message, sizeof image->message, "%s", strerror(errno));
        return false;
    }
    struct ext4_source source = {read_file, image, (uint64_t)end};
    while (status == EXT4_NO_MEMORY) {
        image->memory = aligned_alloc(64, bytes);
        if (!image->memory) {
            snprintf(image->message, sizeof image->message, "the host has no memory left");
            return false;
        }
        status = ext4_open(&source, image->memory, bytes, options, &image->fs, &error);
        if (status == EXT4_OK)
            return true;
        free(image->memory);
        image->memory = NULL;
        bytes = (bytes + (size_t)error.value + MEMORY_BYTES) & ~(size_t)63;
    }
    ext4_error_text(&error, image->message, sizeof image->message);
    return false;
}

void image_close(struct image *image)
{
    free(image->memory);
    if (image->file >= 0)
        close(image->file);
}
