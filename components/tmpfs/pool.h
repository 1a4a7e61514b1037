/* SPDX-License-Identifier: MIT */
/*
 * pool: the memory of a tmpfs, in blocks of 32 bytes to one page.
 *
 * A page holds blocks of one size, a power of two. Pages with free blocks stand in a list of their
 * size. A page whose last block is given back is a free page again; but one of each size stays
 * divided until no other page is free, or a block that comes and goes would divide it each time. A
 * block is named by its place in the region, in units of 32 bytes: a reference takes four bytes,
 * and 0 is none. Taking and giving take constant time, but for the first block of a page.
 */
#ifndef TMPFS_POOL_H
#define TMPFS_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POOL_UNIT = 32, POOL_PAGE = 4096, POOL_CLASSES = 8,
       POOL_PAGE_UNITS = POOL_PAGE / POOL_UNIT };

/* What is known of a page; private. */
struct pool_page {
    uint8_t class;     /* of its blocks: 32 << class bytes; of a free page it says nothing */
    uint8_t used;      /* blocks that are taken; 0: the page is free */
    uint16_t free;     /* offset of the first free block in units, or POOL_PAGE_UNITS */
    uint32_t next, previous; /* in a list; 0: none */
};

struct pool {
    uint8_t *base;
    struct pool_page *pages;
    uint32_t page_count;  /* all, those with `pages` included */
    uint32_t first;       /* that can be taken */
    uint32_t fresh;       /* pages from here on were never taken */
    uint32_t free_pages;  /* list of pages that were given back */
    uint32_t used;        /* pages that are taken */
    uint32_t limit;       /* of `used` */
    uint32_t partial[POOL_CLASSES]; /* lists of pages with free blocks */
    uint32_t kept[POOL_CLASSES];    /* a free page in that list, divided already; or 0 */
};

/* Begin with `bytes` bytes at `memory`, aligned to a page. At most 128 GiB are used. Returns false
 * when not one page is left. */
bool pool_start(struct pool *pool, void *memory, uint64_t bytes);

/* Take a block of at least `bytes` bytes, at most a page; not cleared. Returns 0 if there is none.
 * And give one back. */
uint32_t pool_take(struct pool *pool, size_t bytes);
void pool_give(struct pool *pool, uint32_t block);

static inline void *pool_at(const struct pool *pool, uint32_t block)
{
    return pool->base + (uint64_t)block * POOL_UNIT;
}

/* Pages that can still be taken. */
static inline uint32_t pool_free(const struct pool *pool)
{
    return pool->limit - pool->used;
}

/* Do the invariants hold? Goes through all pages. */
bool pool_check(const struct pool *pool);

#endif
