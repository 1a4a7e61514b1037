/* SPDX-License-Identifier: MIT */
#include "heap.h"

#include <assert.h>
#include <stdint.h>

/*
 * A block begins with a tag: its own size and the size of the block before it, both with the tag
 * included; the lowest bit of `size` says that the block is taken. The links stand in the room of
 * a free block. The last block is an empty taken one, which stops every walk.
 */
struct heap_block {
    size_t before; /* bytes of the block before, 0 for the first */
    size_t size;
    struct heap_block *next; /* only in a free block */
    struct heap_block *previous;
};

enum { TAG_BYTES = 16, BLOCK_BYTES_MIN = 32, TAKEN = 1 };

static size_t size_of(const struct heap_block *block)
{
    return block->size & ~(size_t)TAKEN;
}

static bool is_taken(const struct heap_block *block)
{
    return block->size & TAKEN;
}

static struct heap_block *block_after(const struct heap_block *block)
{
    return (struct heap_block *)((uintptr_t)block + size_of(block));
}

static struct heap_block *block_before(const struct heap_block *block)
{
    return (struct heap_block *)((uintptr_t)block - block->before);
}

static int class_of(size_t size)
{
    int class = 63 - __builtin_clzll(size);
    return class < HEAP_CLASSES ? class : HEAP_CLASSES - 1;
}

static void link_block(struct heap *heap, struct heap_block *block)
{
    struct heap_block **list = &heap->free[class_of(block->size)];
    assert(!is_taken(block));
    block->previous = NULL;
    block->next = *list;
    if (*list)
        (*list)->previous = block;
    *list = block;
}

static void unlink_block(struct heap *heap, struct heap_block *block)
{
    assert(!is_taken(block));
    if (block->next)
        block->next->previous = block->previous;
    if (block->previous)
        block->previous->next = block->next;
    else
        heap->free[class_of(block->size)] = block->next;
}

void heap_start(struct heap *heap, void *start, size_t bytes)
{
    uintptr_t skip = (0 - (uintptr_t)start) % HEAP_ALIGN;
    *heap = (struct heap){.start = (unsigned char *)start + skip};
    if (bytes < skip + BLOCK_BYTES_MIN + TAG_BYTES)
        return;
    heap->bytes = (bytes - skip) / HEAP_ALIGN * HEAP_ALIGN;
    struct heap_block *first = (struct heap_block *)heap->start;
    first->before = 0;
    first->size = heap->bytes - TAG_BYTES;
    struct heap_block *last = block_after(first);
    last->before = first->size;
    last->size = 0 | TAKEN;
    link_block(heap, first);
}

/*
 * Find a free block of at least `size` bytes: in its class some fit, in the classes above all do.
 */
static struct heap_block *find(const struct heap *heap, size_t size)
{
    for (int class = class_of(size); class < HEAP_CLASSES; class++)
        for (struct heap_block *block = heap->free[class]; block; block = block->next)
            if (block->size >= size)
                return block;
    return NULL;
}

void *heap_take(struct heap *heap, size_t bytes)
{
    if (bytes > heap->bytes)
        return NULL;
    size_t size = (bytes + TAG_BYTES + HEAP_ALIGN - 1) / HEAP_ALIGN * HEAP_ALIGN;
    if (size < BLOCK_BYTES_MIN)
        size = BLOCK_BYTES_MIN;
    struct heap_block *block = find(heap, size);
    if (!block)
        return NULL;
    unlink_block(heap, block);
    size_t rest = block->size - size;
    if (rest >= BLOCK_BYTES_MIN) {
        block->size = size;
        struct heap_block *second = block_after(block);
        second->before = size;
        second->size = rest;
        block_after(second)->before = rest;
        link_block(heap, second);
    }
    heap->used += block->size;
    block->size |= TAKEN;
    return (unsigned char *)block + TAG_BYTES;
}

void heap_give(struct heap *heap, void *pointer)
{
    if (!pointer)
        return;
    struct heap_block *block = (struct heap_block *)((uintptr_t)pointer - TAG_BYTES);
    assert((uintptr_t)block >= (uintptr_t)heap->start);
    assert(is_taken(block));
    block->size -= TAKEN;
    heap->used -= block->size;
    struct heap_block *after = block_after(block);
    if (!is_taken(after)) {
        unlink_block(heap, after);
        block->size += after->size;
    }
    if (block->before > 0 && !is_taken(block_before(block))) {
        struct heap_block *before = block_before(block);
        unlink_block(heap, before);
        before->size += block->size;
        block = before;
    }
    block_after(block)->before = block->size;
    link_block(heap, block);
}

static bool is_listed(const struct heap *heap, const struct heap_block *wanted)
{
    const struct heap_block *block = heap->free[class_of(wanted->size)];
    while (block && block != wanted)
        block = block->next;
    return block == wanted;
}

bool heap_check(const struct heap *heap)
{
    size_t used = 0, before = 0;
    if (heap->bytes == 0)
        return heap->used == 0;
    const struct heap_block *block = (const struct heap_block *)heap->start;
    const unsigned char *end = heap->start + heap->bytes - TAG_BYTES;
    while ((const unsigned char *)block < end) {
        if (block->before != before || size_of(block) < BLOCK_BYTES_MIN)
            return false;
        if (is_taken(block))
            used += size_of(block);
        else if (!is_listed(heap, block) || !is_taken(block_after(block)))
            return false;
        before = size_of(block);
        block = block_after(block);
    }
    return (const unsigned char *)block == end && block->before == before && used == heap->used;
}
