/* SPDX-License-Identifier: MIT */
/*
 * heap: blocks of any size from one run of memory.
 *
 * Segregated fits with boundary tags (Knuth, The Art of Computer Programming 1, 2.5): a free block
 * stands in the list of its size class, and joins its free neighbours at once. Taking and giving
 * back are bounded by the number of classes and by the length of one list. A heap serves one
 * thread; who shares it brings a lock. A component's own heap is `heap_own()` of startup.h.
 */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H

#include <stdbool.h>
#include <stddef.h>

enum { HEAP_CLASSES = 32, HEAP_ALIGN = 16 };

struct heap_block;

struct heap {
    unsigned char *start;
    size_t bytes;                           /* of the whole run, tags included */
    size_t used;                            /* bytes in blocks that are given out, tags included */
    struct heap_block *free[HEAP_CLASSES];  /* class i: blocks of 2^i to 2^(i+1) - 1 bytes */
};

/*
 * Make a heap of `bytes` bytes at `start`. The heap's owner keeps the memory mapped for as long as
 * it uses the heap. Below 64 bytes nothing can be taken.
 */
void heap_start(struct heap *heap, void *start, size_t bytes);

/*
 * Take `bytes` bytes, aligned to HEAP_ALIGN, not cleared. Returns null when there is no such block.
 */
void *heap_take(struct heap *heap, size_t bytes);

/* Give back what heap_take returned; null is allowed. */
void heap_give(struct heap *heap, void *block);

/* Do all tags and lists agree? Walks the whole heap; for asserts and tests. */
bool heap_check(const struct heap *heap);

#endif
