/* SPDX-License-Identifier: MIT */
/* name: what is done to names: making, linking, removing, renaming. */
#include "assert.h"
#include "text.h"
#include "volume.h"

/* The node that an entry leads to. */
static uint32_t node_of(const struct tmpfs *fs, uint32_t entry)
{
    return ((const struct entry *)pool_at(&fs->pool, entry))->node;
}

/* Has a directory a name still: nothing is made in one that was removed. */
static bool is_there(const struct tmpfs *fs, const struct files_node *directory)
{
    return volume_node(fs, directory->handle)->links > 0;
}

/* Write the target of a link that was just made. */
static bool set_target(struct tmpfs *fs, struct node *node, const struct files_new *what)
{
    size_t got = 0;
    if (what->kind == NODE_KIND_LINK)
        content_write(fs, node, 0, what->target, what->target_bytes, &got);
    return what->kind != NODE_KIND_LINK || got == what->target_bytes;
}

enum node_result tmpfs_make(void *core, const struct files_node *directory, struct files_name name,
                            const struct files_new *what, struct files_node *node)
{
    struct tmpfs *fs = core;
    uint32_t parent = (uint32_t)directory->handle;
    if (!is_there(fs, directory))
        return NODE_RESULT_NOT_FOUND;
    if (name.length > 0 && entry_find(fs, parent, name) != 0)
        return NODE_RESULT_EXISTS;
    uint32_t block = node_make(fs, what);
    if (block == 0)
        return NODE_RESULT_NO_SPACE;
    struct node *made = volume_node(fs, block);
    if (!set_target(fs, made, what) || (name.length > 0 && !entry_add(fs, parent, name, block))) {
        node_left(fs, block);
        return NODE_RESULT_NO_SPACE;
    }
    if (name.length > 0) {
        made->links = 1;
        node_modified(fs, volume_node(fs, parent));
    } else {
        made->holds = 1;
    }
    if (what->kind == NODE_KIND_DIRECTORY) {
        made->links = 2;
        made->parent = parent;
        volume_node(fs, parent)->links++;
    }
    node_fill(fs, block, node);
    return NODE_RESULT_DONE;
}

enum node_result tmpfs_link(void *core, const struct files_node *node,
                            const struct files_node *directory, struct files_name name)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (at->kind == NODE_KIND_DIRECTORY)
        return NODE_RESULT_NOT_PERMITTED;
    if (!is_there(fs, directory))
        return NODE_RESULT_NOT_FOUND;
    if (at->links == TMPFS_LINKS_MAX)
        return NODE_RESULT_LINK_LIMIT;
    if (entry_find(fs, (uint32_t)directory->handle, name) != 0)
        return NODE_RESULT_EXISTS;
    if (!entry_add(fs, (uint32_t)directory->handle, name, (uint32_t)node->handle))
        return NODE_RESULT_NO_SPACE;
    at->links++;
    node_changed(fs, at);
    node_modified(fs, volume_node(fs, directory->handle));
    return NODE_RESULT_DONE;
}

/* A node lost the name in `parent`, whose entry is gone. */
static void unlink_node(struct tmpfs *fs, uint32_t parent, uint32_t block)
{
    struct node *node = volume_node(fs, block);
    if (node->kind == NODE_KIND_DIRECTORY) {
        node->links = 0;
        node->parent = block;
        volume_node(fs, parent)->links--;
    } else {
        node->links--;
    }
    node_changed(fs, node);
    node_left(fs, block);
}

enum node_result tmpfs_remove(void *core, const struct files_node *directory,
                              struct files_name name)
{
    struct tmpfs *fs = core;
    uint32_t parent = (uint32_t)directory->handle, entry = entry_find(fs, parent, name);
    if (entry == 0)
        return NODE_RESULT_NOT_FOUND;
    uint32_t block = node_of(fs, entry);
    if (volume_node(fs, block)->kind == NODE_KIND_DIRECTORY && volume_node(fs, block)->entries > 0)
        return NODE_RESULT_NOT_EMPTY;
    entry_remove(fs, entry);
    node_modified(fs, volume_node(fs, parent));
    unlink_node(fs, parent, block);
    return NODE_RESULT_DONE;
}

/* Is `block` the directory `below` or one above it. */
static bool is_above(const struct tmpfs *fs, uint32_t block, uint32_t below)
{
    while (below != block && below != volume_node(fs, below)->parent)
        below = volume_node(fs, below)->parent;
    return below == block;
}

/* May a node move into a directory: that one is not inside of it. */
static bool may_move(const struct tmpfs *fs, uint32_t block, uint32_t to)
{
    return volume_node(fs, block)->kind != NODE_KIND_DIRECTORY || !is_above(fs, block, to);
}

/* A node has moved from one directory to another. */
static void moved(struct tmpfs *fs, uint32_t block, uint32_t from, uint32_t to)
{
    struct node *node = volume_node(fs, block);
    if (node->kind == NODE_KIND_DIRECTORY) {
        volume_node(fs, from)->links--;
        volume_node(fs, to)->links++;
        node->parent = to;
    }
    node_changed(fs, node);
    node_modified(fs, volume_node(fs, from));
    node_modified(fs, volume_node(fs, to));
}

static enum node_result exchange(struct tmpfs *fs, uint32_t from, uint32_t entry, uint32_t to,
                                 uint32_t to_entry)
{
    struct entry *first = pool_at(&fs->pool, entry), *second = pool_at(&fs->pool, to_entry);
    uint32_t node = first->node;
    if (!may_move(fs, node, to) || !may_move(fs, second->node, from))
        return NODE_RESULT_INVALID;
    first->node = second->node;
    second->node = node;
    moved(fs, first->node, to, from);
    moved(fs, second->node, from, to);
    return NODE_RESULT_DONE;
}

/* May what a name led to be replaced. */
static enum node_result may_replace(const struct tmpfs *fs, uint32_t block, uint32_t by)
{
    const struct node *gone = volume_node(fs, block);
    bool was = gone->kind == NODE_KIND_DIRECTORY;
    bool is = volume_node(fs, by)->kind == NODE_KIND_DIRECTORY;
    return was && !is                  ? NODE_RESULT_IS_DIRECTORY
           : !was && is                ? NODE_RESULT_NOT_DIRECTORY
           : was && gone->entries > 0  ? NODE_RESULT_NOT_EMPTY
                                       : NODE_RESULT_DONE;
}

enum node_result tmpfs_rename(void *core, const struct files_node *from, struct files_name name,
                              const struct files_node *to, struct files_name to_name,
                              uint32_t flags)
{
    struct tmpfs *fs = core;
    uint32_t old = (uint32_t)from->handle, new = (uint32_t)to->handle;
    uint32_t entry = entry_find(fs, old, name), to_entry = entry_find(fs, new, to_name);
    if (entry == 0 || !is_there(fs, to) || (to_entry == 0 && (flags & FILES_EXCHANGE)))
        return NODE_RESULT_NOT_FOUND;
    if (to_entry != 0 && (flags & FILES_NO_REPLACE))
        return NODE_RESULT_EXISTS;
    uint32_t block = node_of(fs, entry), gone = to_entry != 0 ? node_of(fs, to_entry) : 0;
    if (block == gone)
        return NODE_RESULT_DONE; /* two names of one node stay as they are */
    if (flags & FILES_EXCHANGE)
        return exchange(fs, old, entry, new, to_entry);
    if (!may_move(fs, block, new))
        return NODE_RESULT_INVALID;
    if (gone != 0) {
        enum node_result result = may_replace(fs, gone, block);
        if (result != NODE_RESULT_DONE)
            return result;
        ((struct entry *)pool_at(&fs->pool, to_entry))->node = block; /* never without a name */
        unlink_node(fs, new, gone);
    } else if (!entry_add(fs, new, to_name, block)) {
        return NODE_RESULT_NO_SPACE;
    }
    entry_remove(fs, entry);
    moved(fs, block, old, new);
    return NODE_RESULT_DONE;
}
