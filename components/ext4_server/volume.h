/* SPDX-License-Identifier: MIT */
/*
 * volume: an ext4 file system as a core of the file server (core.h). It knows no kernel and no
 * channel; whoever uses it brings the device and memory.
 *
 * A node's handle is its inode's number. Inodes that were looked at are kept in a table, since each
 * is asked for again and again, and to take one out of its block checks it anew.
 */
#ifndef EXT4_SERVER_VOLUME_H
#define EXT4_SERVER_VOLUME_H

#include "core.h"
#include "ext4.h"

enum { VOLUME_NODES = 1024, VOLUME_NODE_WAYS = 4 }; /* that are kept */

struct volume {
    struct ext4 *fs;
    uint64_t system; /* the number of the file system, st_dev */
    /* Told of everything that the device has wrong or could not read; may be null. */
    void (*report)(const struct ext4_error *error);
    uint32_t turn; /* which way of a set is given up next */
    struct ext4_node nodes[VOLUME_NODES];
};

/* Use an open file system; the volume is all zeros but for `system` and `report`. */
void volume_start(struct volume *volume, struct ext4 *fs);

/* The operations, of which those that change something are not there. */
extern const struct files_core volume_core;

/* Is each inode that is kept where it is looked for, and once? */
bool volume_check(const struct volume *volume);

#endif
