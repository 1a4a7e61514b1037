/* SPDX-License-Identifier: MIT */
/* medium: an image in memory as a device that watches what is read of it. */
#ifndef TEST_MEDIUM_H
#define TEST_MEDIUM_H

#include "ext4.h"

#include <stdio.h>

#define MEDIUM_READS 400000 /* more than any image needs: whoever asks for more, loops */
#define MEDIUM_FOLDER "tests/data/ext4/"

struct medium {
    uint8_t *bytes;
    uint64_t size;
    uint64_t reads, reads_max; /* at reads_max the device fails, by the error MEDIUM_LOOPS */
    bool went_outside;         /* was asked for what it has not, or for parts of a sector */
    uint64_t bad_offset;       /* a read of this byte fails, by the error MEDIUM_BAD */
    const uint8_t *former;     /* the first `former_reads` reads get this content instead */
    uint64_t former_reads;
    void *memory;
    struct ext4 *fs;
    struct ext4_error error; /* of the last medium_open() */
};

enum { MEDIUM_LOOPS = 7, MEDIUM_BAD = 9 };

/* Unpacks an image of MEDIUM_FOLDER, or reads a file; false: it cannot be had. */
bool medium_load(struct medium *medium, const char *path, bool is_packed);
/* Opens it with so much memory, exactly; 0: with as little as it can have. */
enum ext4_status medium_open(struct medium *medium, size_t memory_bytes, uint32_t options);
/* Gives back the memory of the file system; the image stays. */
void medium_close(struct medium *medium);
void medium_free(struct medium *medium);

#endif
