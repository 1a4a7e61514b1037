/* SPDX-License-Identifier: MIT */
/* image: a file of the host as the device of a file system, or as an archive. */
#ifndef EXOFS_IMAGE_H
#define EXOFS_IMAGE_H

#include "store.h"

struct image {
    struct store store;
    void *memory;
    int file;
    char message[256]; /* when image_open() failed */
};

/* Opens the file system or the archive in a file or a block device, by what it begins with. The
 * options are those of ext4_open(). */
bool image_open(struct image *image, const char *path, uint32_t options);
void image_close(struct image *image);

#endif
