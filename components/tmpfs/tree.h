/* SPDX-License-Identifier: MIT */
/*
 * tree: an array of references with holes, by 64-bit indexes: a radix tree whose nodes have 64
 * children. A value is not 0. What is not there takes no memory but on the way to what is. A tree
 * with nothing but index 0 is its one value.
 */
#ifndef TMPFS_TREE_H
#define TMPFS_TREE_H

#include "pool.h"

enum { TREE_BITS = 6, TREE_CHILDREN = 1 << TREE_BITS, TREE_HEIGHT_MAX = 11 };

struct tree {
    uint32_t root;
    uint32_t height; /* levels of nodes: indexes below 64 to the power of this are reached */
};

/* Is an index above all that the tree reaches. */
static inline bool tree_is_beyond(const struct tree *tree, uint64_t index)
{
    return tree->height < TREE_HEIGHT_MAX && index >> (tree->height * TREE_BITS) != 0;
}

/* The value at an index, or 0. */
static inline uint32_t tree_get(const struct pool *pool, const struct tree *tree, uint64_t index)
{
    uint32_t at = tree->root;
    if (tree_is_beyond(tree, index))
        return 0;
    for (uint32_t level = tree->height; level > 0 && at != 0; level--) {
        const uint32_t *node = pool_at(pool, at);
        at = node[index >> (level - 1) * TREE_BITS & (TREE_CHILDREN - 1)];
    }
    return at;
}

/* Put a value to an index. Returns false, and changes nothing, when the memory is used up. */
bool tree_set(struct pool *pool, struct tree *tree, uint64_t index, uint32_t value);

/* Take a value away, and the nodes that only led to it. Returns it, or 0. */
uint32_t tree_clear(struct pool *pool, struct tree *tree, uint64_t index);

/* The first value from *index on, and its index; 0 if there is none. */
uint32_t tree_next(const struct pool *pool, const struct tree *tree, uint64_t *index);

/* The first index from `index` on that has no value; bounded by what the tree holds. */
uint64_t tree_hole(const struct pool *pool, const struct tree *tree, uint64_t index);

#endif
