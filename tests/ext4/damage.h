/* SPDX-License-Identifier: MIT */
/*
 * damage: changes blocks of metadata of a sound image, and then makes their checksums right again,
 * so that what was changed is looked at and not only refused.
 */
#ifndef TEST_DAMAGE_H
#define TEST_DAMAGE_H

#include "medium.h"

enum damage_kind { DAMAGE_OTHER, DAMAGE_EXTENTS, DAMAGE_DIRECTORY, DAMAGE_INDEX_ROOT,
                   DAMAGE_ATTRIBUTES };

/* A block of metadata, and what the reader took it for. */
struct damage_place {
    uint64_t block;
    uint32_t owner; /* the inode, or 0 */
    uint8_t kind;   /* enum damage_kind */
};

struct damage {
    struct medium medium;
    uint8_t *sound; /* the image as it was */
    struct damage_place *places;
    size_t count;
    uint64_t journal; /* the block of the journal's superblock; 0: there is nothing to replay */
    uint32_t block_bytes;
};

enum { DAMAGE_BYTES = 8 /* of input for each change */ };

/* Loads an image and finds its metadata: what a reader of all of it has asked for. */
bool damage_start(struct damage *damage, const char *path);
/* Makes the changes that the input says, and the checksums right if asked for. */
void damage_apply(struct damage *damage, const uint8_t *input, size_t bytes, bool is_repaired);
/* Undoes the changes of an input. */
void damage_undo(struct damage *damage, const uint8_t *input, size_t bytes);

#endif
