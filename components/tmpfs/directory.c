/* SPDX-License-Identifier: MIT */
/* directory: the entries of all directories, found by name and in the order of their making. */
#include "assert.h"
#include "text.h"
#include "volume.h"

enum { ORDER_FIRST = 2 }; /* cookies: 0 is ".", 1 is "..", then the orders */

/* A hash of directory and name that needs the seed to be foreseen, as far as a multiplication can
 * hide that; nothing else rests on it than how long the chains are. */
static uint32_t hash_of(const struct tmpfs *fs, uint32_t directory, struct files_name name)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 by the golden ratio */
    uint64_t hash = (fs->options.seed ^ directory) * factor, word;
    uint32_t at = 0;
    for (; name.length - at >= 8; at += 8) {
        __builtin_memcpy(&word, name.bytes + at, 8);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    word = name.length;
    for (; at < name.length; at++)
        word = word << 8 | (uint8_t)name.bytes[at];
    hash = (hash ^ word) * factor;
    hash = (hash ^ hash >> 32) * factor;
    return (uint32_t)(hash >> 32);
}

/* Are the names, which have the same hash, the same; both are short, so no call is worth it. */
static bool is_name(const struct entry *entry, struct files_name name)
{
    uint32_t at = 0;
    if (entry->name_bytes != name.length)
        return false;
    while (at < name.length && entry->name[at] == name.bytes[at])
        at++;
    return at == name.length;
}

/* The bucket of a hash, among as many as there are. */
static uint64_t bucket_of(uint32_t hash, uint64_t count)
{
    uint64_t low = count <= 1 ? 1 : UINT64_C(1) << (63 - __builtin_clzll(count));
    uint64_t wide = hash & (2 * low - 1);
    return wide < count ? wide : hash & (low - 1);
}

static struct entry *entry_at(const struct tmpfs *fs, uint32_t block)
{
    return pool_at(&fs->pool, block);
}

/* Set the first entry of a bucket. Making a bucket that was empty may fail. */
static bool set_bucket(struct tmpfs *fs, uint64_t bucket, uint32_t first)
{
    if (first != 0)
        return tree_set(&fs->pool, &fs->buckets, bucket, first);
    tree_clear(&fs->pool, &fs->buckets, bucket);
    return true;
}

uint32_t entry_find(const struct tmpfs *fs, uint32_t directory, struct files_name name)
{
    uint32_t hash = hash_of(fs, directory, name);
    uint32_t block = tree_get(&fs->pool, &fs->buckets, bucket_of(hash, fs->bucket_count));
    while (block != 0) {
        const struct entry *entry = entry_at(fs, block);
        if (entry->hash == hash && entry->directory == directory && is_name(entry, name))
            break;
        block = entry->next;
    }
    return block;
}

/* Add a bucket, with what belongs there of the one that had it. Without memory for it the table
 * stays as it is: chains become longer, nothing else. */
static void split(struct tmpfs *fs)
{
    uint64_t added = fs->bucket_count, low = UINT64_C(1) << (63 - __builtin_clzll(added));
    uint64_t from = added - low;
    uint32_t *at, stay = 0, move = 0, next;
    uint32_t first = tree_get(&fs->pool, &fs->buckets, from);
    /* A place for the new chain is made before anything is moved. */
    if (first != 0 && !tree_set(&fs->pool, &fs->buckets, added, first))
        return;
    fs->bucket_count++;
    for (uint32_t block = first; block != 0; block = next) {
        struct entry *entry = entry_at(fs, block);
        next = entry->next;
        at = bucket_of(entry->hash, fs->bucket_count) == added ? &move : &stay;
        entry->next = *at;
        *at = block;
    }
    if (first != 0) {
        set_bucket(fs, added, move); /* both are there already: neither can fail */
        set_bucket(fs, from, stay);
    }
}

bool entry_add(struct tmpfs *fs, uint32_t directory, struct files_name name, uint32_t node)
{
    struct node *parent = volume_node(fs, directory);
    uint32_t block = pool_take(&fs->pool, sizeof(struct entry) + name.length);
    if (block == 0)
        return false;
    if (fs->entry_count >= fs->bucket_count)
        split(fs);
    struct entry *entry = entry_at(fs, block);
    uint32_t hash = hash_of(fs, directory, name);
    uint64_t bucket = bucket_of(hash, fs->bucket_count);
    *entry = (struct entry){.order = parent->next_order, .hash = hash, .directory = directory,
                            .node = node, .name_bytes = (uint8_t)name.length,
                            .next = tree_get(&fs->pool, &fs->buckets, bucket)};
    memcpy(entry->name, name.bytes, name.length);
    if (!tree_set(&fs->pool, &parent->content, entry->order, block)) {
        pool_give(&fs->pool, block);
        return false;
    }
    if (!set_bucket(fs, bucket, block)) {
        tree_clear(&fs->pool, &parent->content, entry->order);
        pool_give(&fs->pool, block);
        return false;
    }
    parent->next_order++;
    parent->entries++;
    fs->entry_count++;
    return true;
}

void entry_remove(struct tmpfs *fs, uint32_t block)
{
    struct entry *entry = entry_at(fs, block);
    struct node *parent = volume_node(fs, entry->directory);
    uint64_t bucket = bucket_of(entry->hash, fs->bucket_count);
    uint32_t at = tree_get(&fs->pool, &fs->buckets, bucket);
    if (at == block)
        set_bucket(fs, bucket, entry->next);
    else {
        while (entry_at(fs, at)->next != block)
            at = entry_at(fs, at)->next;
        entry_at(fs, at)->next = entry->next;
    }
    uint32_t found = tree_clear(&fs->pool, &parent->content, entry->order);
    assert(found == block);
    parent->entries--;
    fs->entry_count--;
    pool_give(&fs->pool, block);
}

enum node_result tmpfs_look_up(void *core, const struct files_node *directory,
                               struct files_name name, struct files_node *node)
{
    struct tmpfs *fs = core;
    uint32_t found = (uint32_t)directory->handle;
    if (name.length == 2 && name.bytes[0] == '.' && name.bytes[1] == '.') {
        found = volume_node(fs, found)->parent;
    } else if (name.length != 1 || name.bytes[0] != '.') {
        uint32_t block = entry_find(fs, found, name);
        if (block == 0)
            return NODE_RESULT_NOT_FOUND;
        found = entry_at(fs, block)->node;
    }
    node_fill(fs, found, node);
    return NODE_RESULT_DONE;
}

/* Hand one of the entries that are in each directory to `each`. */
static bool hand_dots(const struct tmpfs *fs, uint32_t directory, uint64_t cookie, files_each *each,
                      void *context)
{
    uint32_t node = cookie == 0 ? directory : volume_node(fs, directory)->parent;
    struct files_entry entry = {volume_node(fs, node)->number, NODE_KIND_DIRECTORY, "..",
                                (uint32_t)cookie + 1, cookie + 1};
    return each(context, &entry);
}

enum node_result tmpfs_list(void *core, const struct files_node *directory, uint64_t *cookie,
                            files_each *each, void *context, bool *end)
{
    struct tmpfs *fs = core;
    uint32_t block = (uint32_t)directory->handle;
    struct node *node = volume_node(fs, block);
    node->accessed = fs->options.now();
    *end = false;
    for (; *cookie < ORDER_FIRST; ++*cookie)
        if (!hand_dots(fs, block, *cookie, each, context))
            return NODE_RESULT_DONE;
    uint64_t order = *cookie - ORDER_FIRST;
    for (uint32_t at; (at = tree_next(&fs->pool, &node->content, &order)) != 0; order++) {
        const struct entry *entry = entry_at(fs, at);
        const struct node *found = volume_node(fs, entry->node);
        struct files_entry out = {found->number, (enum node_kind)found->kind, entry->name,
                                  entry->name_bytes, order + ORDER_FIRST + 1};
        *cookie = order + ORDER_FIRST;
        if (!each(context, &out))
            return NODE_RESULT_DONE;
        *cookie = out.cookie;
    }
    *end = true;
    return NODE_RESULT_DONE;
}

bool directory_check(const struct tmpfs *fs, uint32_t block, uint64_t *entries)
{
    const struct node *node = volume_node(fs, block);
    uint64_t count = 0, order = 0, directories = 0;
    for (uint32_t at; (at = tree_next(&fs->pool, &node->content, &order)) != 0; order++) {
        const struct entry *entry = entry_at(fs, at);
        const struct node *found = volume_node(fs, entry->node);
        if (entry->order != order || entry->directory != block || found->links == 0 ||
            entry_find(fs, block, (struct files_name){entry->name, entry->name_bytes}) != at ||
            (found->kind == NODE_KIND_DIRECTORY && found->parent != block))
            return false;
        directories += found->kind == NODE_KIND_DIRECTORY;
        count++;
    }
    *entries += count;
    return count == node->entries &&
           (node->links == directories + 2 || (node->links == 0 && count == 0));
}
