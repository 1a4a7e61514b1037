/* SPDX-License-Identifier: MIT */
/*
 * tmpfs: a file system in memory. It knows no kernel and no channel: whoever uses it brings memory,
 * and the time. What it can do is `tmpfs_core`, whose operations core.h describes.
 *
 * Everything lies in one region, whose size is the limit of bytes; bytes of files lie in whole
 * pages of it, aligned, zeros behind the end of the file.
 */
#ifndef TMPFS_H
#define TMPFS_H

#include "core.h"

#define TMPFS_SIZE_MAX INT64_MAX     /* bytes of a file; what is not written takes no memory */
#define TMPFS_LINKS_MAX 0xffffffffu  /* names of a file */

struct tmpfs_options {
    struct files_time (*now)(void); /* the time of day; may not be null */
    uint64_t system;                /* the number of this file system */
    uint64_t nodes_max;             /* 0: as many as there is memory for */
    uint64_t seed;                  /* of the hash of names: what nobody outside knows */
    uint32_t user, group;           /* whose the root is */
    uint16_t mode;                  /* of the root */
};

struct tmpfs;

/*
 * Makes an empty file system in `bytes` bytes at `memory`, which is aligned to 4,096 and zero.
 * Returns null if that is not enough: eight pages always are, besides 1 of 256 for their table.
 */
struct tmpfs *tmpfs_start(void *memory, uint64_t bytes, const struct tmpfs_options *options);

/* The operations of the file system that tmpfs_start() returned. */
extern const struct files_core tmpfs_core;

/* Where the page of a file that holds byte `offset` lies, from the region's start on, in bytes; 0
 * for a hole. It stays there until the page is taken away: see tmpfs_core.truncate and others. */
uint64_t tmpfs_place(const struct tmpfs *fs, uint64_t handle, uint64_t offset);

/* Does everything fit together? Goes through all memory. */
bool tmpfs_check(const struct tmpfs *fs);

#endif
