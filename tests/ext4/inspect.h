/* SPDX-License-Identifier: MIT */
/* inspect: reads all that a file system has, in every way that there is. */
#ifndef TEST_INSPECT_H
#define TEST_INSPECT_H

#include "ext4.h"

struct inspection {
    uint64_t entries, bytes, errors;
    uint64_t read_max;       /* so many bytes at both ends of each file; set by the caller */
    struct ext4_error first; /* the first error; status EXT4_OK: there was none */
    char message[256];       /* of the first failure that is none of ext4's own */
};

/*
 * Walks through the whole tree, and beyond what tree_visit() asks for reads bytes, links and
 * attributes and finds where files lie. Errors are counted; each must name what is wrong.
 */
void inspect(struct ext4 *fs, struct inspection *inspection);

/* Does an error say what is wrong, and where? */
bool is_good_error(const struct ext4_error *error);

#endif
