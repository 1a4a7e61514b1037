/* SPDX-License-Identifier: MIT */
/* image: a file of the host as the device of a file system. */
#ifndef EXOFS_IMAGE_H
#define EXOFS_IMAGE_H

#include "ext4.h"

struct image {
    struct ext4 *fs;
    void *memory;
    int file;
    char message[256]; /* when image_open() failed */
};

/* Opens the file system in a file or a block device, with the options of ext4_open(). */
bool image_open(struct image *image, const char *path, uint32_t options);
void image_close(struct image *image);

#endif
