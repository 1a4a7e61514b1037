/* SPDX-License-Identifier: MIT */
/*
 * block_bounds: what a request may touch. Pure arithmetic on numbers that a client chose, so that
 * it can be tested on the host; each driver of a disk uses it through block_server.
 */
#ifndef BLOCK_BOUNDS_H
#define BLOCK_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_RANGES_MAX = 64, BLOCK_BYTES_MIN = 512 };

/* Blocks of a device that follow each other; within the device, see block_extent_within. */
struct block_extent {
    uint64_t first, count;
    bool read_only;
};

/* Part of a pinned Memory, in bytes. */
struct block_range {
    uint64_t offset, length;
};

/* What is wrong with a request, in the order of the enum of idl/block.capnp. */
enum block_bounds {
    BLOCK_BOUNDS_OK,
    BLOCK_BOUNDS_OUT_OF_RANGE,
    BLOCK_BOUNDS_BAD_RANGE,
    BLOCK_BOUNDS_TOO_LARGE,
};

/* Does the extent hold blocks [first, first + count), and are these any? `first` counts from the
 * extent's own first block. */
bool block_extent_holds(const struct block_extent *extent, uint64_t first, uint64_t count);

/*
 * Make the part of an extent that begins at its block `first`. Returns false when the extent does
 * not have these blocks; `*part` is unchanged then. A part is never more writable.
 */
bool block_extent_part(const struct block_extent *extent, uint64_t first, uint64_t count,
                       bool read_only, struct block_extent *part);

/*
 * Check the ranges of a request against the Memory, which has `pin_bytes`, and the blocks that they
 * stand for against the extent. `*blocks` becomes how many blocks they are. On
 * BLOCK_BOUNDS_OUT_OF_RANGE `*failed` is the first block from `first` on that is not there.
 */
enum block_bounds block_ranges_check(const struct block_extent *extent, uint64_t first,
                                     const struct block_range *ranges, uint32_t range_count,
                                     uint64_t pin_bytes, uint32_t block_bytes, uint64_t bytes_max,
                                     uint64_t *blocks, uint64_t *failed);

/* Read "FIRST+COUNT", two decimal numbers, and make that part of `whole`. Returns false when the
 * text says something else, or `whole` does not have these blocks. */
bool block_extent_parse(const struct block_extent *whole, const char *text,
                        struct block_extent *part);

/* Does the extent lie in a device of so many blocks? For asserts. */
bool block_extent_check(const struct block_extent *extent, uint64_t blocks);

#endif
