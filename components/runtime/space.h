/* SPDX-License-Identifier: MIT */
/*
 * space: which ranges of an address space are free. It also serves for frames of a Memory, since
 * both are numbers of pages.
 *
 * The free ranges stand in one sorted array of fixed size, neighbours joined. A program has a few
 * dozen of them; a search that goes through them all is the fastest there is at that size.
 */
#ifndef RUNTIME_SPACE_H
#define RUNTIME_SPACE_H

#include <stdbool.h>
#include <stdint.h>

enum { SPACE_RANGES_MAX = 256 };

/* Pages [first, first + count). */
struct space_range {
    uint64_t first;
    uint64_t count;
};

struct space {
    uint32_t ranges; /* in use, sorted by `first`, none empty, none touching the next */
    struct space_range range[SPACE_RANGES_MAX];
};

/* Start with `count` free pages from `first` on; `count` may be 0. */
void space_start(struct space *space, uint64_t first, uint64_t count);

/*
 * Take `count` pages whose first is a multiple of `align` (a power of two). The lowest place that
 * fits is taken. Returns false when there is none, or when splitting would need one range too many;
 * else the first page is in `first`.
 */
bool space_take(struct space *space, uint64_t count, uint64_t align, uint64_t *first);

/* Take exactly these pages. Returns false, and changes nothing, when they are not all free. */
bool space_take_at(struct space *space, uint64_t first, uint64_t count);

/*
 * Give pages back. Returns false, and changes nothing, when one of them is free already or when the
 * array of ranges is full; the caller then keeps the pages.
 */
bool space_give(struct space *space, uint64_t first, uint64_t count);

/* How many pages are free. */
uint64_t space_free(const struct space *space);

/* Do the invariants of the array hold? For asserts. */
bool space_check(const struct space *space);

#endif
