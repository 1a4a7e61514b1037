/* SPDX-License-Identifier: MIT */
/*
 * walk: from a path to a node, by names, links and mount points (POSIX.1-2024, 4.16). Iterative:
 * the target of a link goes in front of the rest of the path, which lies at the end of a buffer.
 * The path comes out of a channel, so that buffer is all that is read.
 */
#ifndef FILES_WALK_H
#define FILES_WALK_H

#include "core.h"
#include "credentials.h"

enum files_follow {
    FILES_FOLLOW = 1,       /* the last name too, if it is a link */
    FILES_MAY_MISS = 2,     /* the last name need not be there */
    FILES_BENEATH = 4,      /* not above the start */
    FILES_NO_LINKS = 8,     /* no link at all */
    FILES_ON_MOUNT = 16,    /* the last name may be a mount point, which is what is meant */
    FILES_OUTWARD = 32,     /* the root is not of this file system: what leads to it comes back */
};

enum { FILES_WALK_BYTES = 2 * NODE_PATH_MAX, FILES_MOUNTS_MAX = 64 };

/* Directories on which another file system is mounted; the nodes are held. */
struct files_mounts {
    uint32_t count;
    struct {
        struct files_node node;
        uint32_t mount;
    } item[FILES_MOUNTS_MAX];
};

/* The mount at a node, or 0. */
uint32_t files_mount_at(const struct files_mounts *mounts, const struct files_node *node);

struct files_walk {
    /* What the caller brings: */
    const struct files_core *core;
    void *state;                       /* the core's */
    const struct files_credentials *who;
    const struct files_mounts *mounts;
    struct files_node root, parent;    /* `parent` is the start, and then moves */
    uint32_t follow;                   /* enum files_follow */
    /* What is found: */
    struct files_node node;            /* if it exists */
    struct files_name name;            /* the last one, in `buffer`; empty: it is a dot */
    bool exists;
    bool is_dot;                       /* the path ended in ".", ".." or "/" */
    bool wants_directory;              /* it ended in a slash */
    uint32_t mount;                    /* of NODE_RESULT_OUTWARD: where, or 0 */
    struct files_name rest;            /* ... and what is left */
    /* Its own: */
    uint32_t links;                    /* that were followed */
    char *at, *end;                    /* what is left, in `buffer` */
    char buffer[FILES_WALK_BYTES];
};

/*
 * Walk a path of `length` bytes, which may change meanwhile. Errors: NOT_FOUND, NOT_DIRECTORY,
 * DENIED (a directory that may not be searched), NAME_TOO_LONG, LINK_LOOP, INVALID (a NUL),
 * CROSSES_DEVICE (with FILES_BENEATH), OUTWARD, and the core's. `parent`, `node` and `name` are
 * true until the next operation that changes something.
 */
enum node_result files_walk(struct files_walk *walk, const char *path, uint32_t length);

#endif
