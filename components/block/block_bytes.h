/* SPDX-License-Identifier: MIT */
/*
 * block_bytes: a disk as bytes that can be read from anywhere. What is read comes into memory that
 * is pinned for the disk, and is copied from there: so the disk cannot change it afterwards.
 */
#ifndef BLOCK_BYTES_H
#define BLOCK_BYTES_H

#include "block_disk.h"

struct block_bytes {
    struct block_disk disk;
    uint64_t bytes;  /* of the disk */
    uint8_t *buffer; /* that is pinned */
    uint64_t buffer_bytes;
};

/*
 * Open the disk of an import, with a buffer of so many pages. Errors: those of the channel;
 * EXO_STATUS_FULL: no memory; EXO_STATUS_DENIED: the disk will not have the buffer;
 * EXO_STATUS_BAD_ARGUMENT: its blocks are larger than the buffer, or more than can be.
 */
enum exo_status block_bytes_open(struct block_bytes *bytes, const struct binding *binding,
                                 uint64_t pages);

/* block_bytes_open for the import `block` of a component, which says on the console what failed. */
bool block_bytes_import(struct block_bytes *bytes, uint64_t pages);

/* Read `count` bytes from `offset` on, which the disk has; `context` is a struct block_bytes. 0, or
 * the number of the disk's block that could not be read, plus 1, as far as an int holds it. */
int block_bytes_read(void *context, uint64_t offset, void *buffer, size_t count);

#endif
