/* SPDX-License-Identifier: MIT */
#include "tree.h"

#include "assert.h"
#include "text.h"

/* Which child of a node at a level an index is in. */
static uint32_t child_of(uint64_t index, uint32_t level)
{
    return (uint32_t)(index >> (level - 1) * TREE_BITS) & (TREE_CHILDREN - 1);
}

/* A node without children. */
static uint32_t make_node(struct pool *pool)
{
    uint32_t block = pool_take(pool, TREE_CHILDREN * sizeof(uint32_t));
    if (block != 0)
        memset(pool_at(pool, block), 0, TREE_CHILDREN * sizeof(uint32_t));
    return block;
}

/* Has a node no child. */
static bool is_empty(const uint32_t *node)
{
    for (uint32_t i = 0; i < TREE_CHILDREN; i += 4)
        if ((node[i] | node[i + 1] | node[i + 2] | node[i + 3]) != 0)
            return false;
    return true;
}

/* Take away levels that hold nothing but index 0 of the one below, and the root if it is empty. */
static void shrink(struct pool *pool, struct tree *tree)
{
    while (tree->height > 0) {
        const uint32_t *node = pool_at(pool, tree->root);
        for (uint32_t i = 1; i < TREE_CHILDREN; i++)
            if (node[i] != 0)
                return;
        uint32_t below = node[0];
        pool_give(pool, tree->root);
        tree->root = below;
        tree->height = below == 0 ? 0 : tree->height - 1;
    }
}

/* Add levels above until an index can be reached. */
static bool grow(struct pool *pool, struct tree *tree, uint64_t index)
{
    if (tree->root == 0 && tree_is_beyond(tree, index)) {
        uint32_t height = 0;
        while (height < TREE_HEIGHT_MAX && index >> height * TREE_BITS != 0)
            height++;
        uint32_t root = make_node(pool);
        if (root == 0)
            return false;
        *tree = (struct tree){root, height};
    }
    while (tree_is_beyond(tree, index)) {
        uint32_t root = make_node(pool);
        if (root == 0)
            return false;
        *(uint32_t *)pool_at(pool, root) = tree->root;
        *tree = (struct tree){root, tree->height + 1};
    }
    return true;
}

/* Take away the empty nodes on the way to an index. */
static void prune(struct pool *pool, struct tree *tree, uint64_t index)
{
    uint32_t path[TREE_HEIGHT_MAX + 1], level = tree->height;
    if (tree->root == 0 || tree_is_beyond(tree, index))
        return;
    path[level] = tree->root;
    while (level > 1) {
        uint32_t below = ((const uint32_t *)pool_at(pool, path[level]))[child_of(index, level)];
        if (below == 0)
            break;
        path[--level] = below;
    }
    for (; level >= 1 && level < tree->height; level++) {
        if (!is_empty(pool_at(pool, path[level])))
            break;
        pool_give(pool, path[level]);
        ((uint32_t *)pool_at(pool, path[level + 1]))[child_of(index, level + 1)] = 0;
    }
    shrink(pool, tree);
}

bool tree_set(struct pool *pool, struct tree *tree, uint64_t index, uint32_t value)
{
    assert(value != 0);
    if (!grow(pool, tree, index)) {
        shrink(pool, tree);
        return false;
    }
    uint32_t *at = &tree->root;
    for (uint32_t level = tree->height; level > 0; level--) {
        at = (uint32_t *)pool_at(pool, *at) + child_of(index, level);
        if (level > 1 && *at == 0) {
            *at = make_node(pool);
            if (*at == 0) {
                prune(pool, tree, index);
                return false;
            }
        }
    }
    *at = value;
    return true;
}

uint32_t tree_clear(struct pool *pool, struct tree *tree, uint64_t index)
{
    uint32_t *at = &tree->root;
    if (tree_is_beyond(tree, index))
        return 0;
    for (uint32_t level = tree->height; level > 0 && *at != 0; level--)
        at = (uint32_t *)pool_at(pool, *at) + child_of(index, level);
    uint32_t value = *at;
    if (value != 0) {
        *at = 0;
        prune(pool, tree, index);
    }
    return value;
}

uint32_t tree_next(const struct pool *pool, const struct tree *tree, uint64_t *index)
{
    while (!tree_is_beyond(tree, *index)) {
        uint32_t at = tree->root, level = tree->height;
        uint64_t step = 1;
        for (; level > 0; level--) {
            const uint32_t *node = pool_at(pool, at);
            uint32_t child = child_of(*index, level), first = child;
            step = UINT64_C(1) << (level - 1) * TREE_BITS;
            while (child < TREE_CHILDREN && node[child] == 0)
                child++;
            if (child != first) /* the next subtree begins where it begins */
                *index = (*index & ~(step - 1)) + (child - first) * step;
            if (child == TREE_CHILDREN)
                break;
            at = node[child];
        }
        if (level == 0)
            return at;
        if (*index == 0)
            return 0; /* behind the last index that there is */
    }
    return 0;
}

uint64_t tree_hole(const struct pool *pool, const struct tree *tree, uint64_t index)
{
    while (tree_get(pool, tree, index) != 0)
        index++;
    return index;
}
