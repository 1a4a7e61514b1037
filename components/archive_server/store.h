/* SPDX-License-Identifier: MIT */
/*
 * store: an archive of cpio or tar as a core of the file server (core.h). It knows no kernel and no
 * channel; whoever uses it brings the archive, open. A node's handle is its number there.
 */
#ifndef ARCHIVE_SERVER_STORE_H
#define ARCHIVE_SERVER_STORE_H

#include "archive.h"
#include "core.h"

struct store {
    struct archive *archive;
    uint64_t system; /* the number of the file system, st_dev */
    /* Told of everything that the archive has wrong or that could not be read; may be null. */
    void (*report)(const struct archive_error *error);
};

/* The operations, of which those that change something are not there. */
extern const struct files_core store_core;

#endif
