/* SPDX-License-Identifier: MIT */
/*
 * volume: what the parts of tmpfs know of each other.
 *
 * Nodes and entries are blocks of the pool. A handle of core.h is the reference of a node's block.
 * A number is never given twice, so there are no generations. All entries of all directories stand
 * in one hash table by directory and name, which grows by one bucket with each entry (linear
 * hashing: Litwin 1980). Those of one directory stand in a tree by the order in which they were
 * made, which is the cookie, too.
 */
#ifndef TMPFS_VOLUME_H
#define TMPFS_VOLUME_H

#include "pool.h"
#include "tmpfs.h"
#include "tree.h"

/* A node: 256 bytes. */
struct node {
    uint64_t number, size, version, device;
    uint32_t user, group, links;
    uint32_t holds;      /* how often it is open */
    uint16_t mode;
    uint8_t kind;        /* enum node_kind */
    uint32_t values;     /* first block of its extended attributes, or 0 */
    struct tree content; /* pages of a file or link, by page; entries of a directory, by order */
    uint64_t pages;      /* in `content`, and those of extended attributes */
    struct files_time accessed, modified, changed, created;
    /* of a directory: */
    uint32_t parent; /* of the root and of one that was removed: itself */
    uint64_t next_order, entries;
};

/* A name in a directory. */
struct entry {
    uint64_t order;
    uint32_t next; /* in its bucket */
    uint32_t hash;
    uint32_t directory, node;
    uint8_t name_bytes;
    char name[];
};

struct tmpfs {
    struct pool pool;
    struct tmpfs_options options;
    struct tree buckets;   /* of the hash table, by number: first entries */
    uint64_t entry_count;  /* in the table, which has 1 + entry_count buckets, nearly */
    uint64_t bucket_count;
    struct tree numbers;   /* all nodes, by number */
    uint64_t next_number, node_count;
    uint64_t version;      /* of the newest change */
    uint32_t root;
};

_Static_assert(sizeof(struct node) <= 256, "a node is one block of this size");

static inline struct node *volume_node(const struct tmpfs *fs, uint64_t handle)
{
    return pool_at(&fs->pool, (uint32_t)handle);
}

/* ---- node.c ---- */
uint32_t node_make(struct tmpfs *fs, const struct files_new *what);
void node_fill(const struct tmpfs *fs, uint32_t block, struct files_node *to);
/* Something of it changed: its content, or only what is said of it. */
void node_modified(struct tmpfs *fs, struct node *node);
void node_changed(struct tmpfs *fs, struct node *node);
/* It lost a name or a hold: it ends if it has neither. */
void node_left(struct tmpfs *fs, uint32_t block);

/* ---- content.c ---- */
void content_cut(struct tmpfs *fs, struct node *node, uint64_t first, uint64_t end);
enum node_result content_write(struct tmpfs *fs, struct node *node, uint64_t offset,
                               const void *bytes, size_t length, size_t *got);
size_t content_read(const struct tmpfs *fs, const struct node *node, uint64_t offset, void *buffer,
                    size_t bytes);
enum node_result tmpfs_read(void *core, const struct files_node *node, uint64_t offset,
                            void *buffer, size_t bytes, size_t *got);
enum node_result tmpfs_write(void *core, const struct files_node *node, uint64_t offset,
                             const void *bytes, size_t length, size_t *got);
enum node_result tmpfs_truncate(void *core, const struct files_node *node, uint64_t size);
enum node_result tmpfs_allocate(void *core, const struct files_node *node, uint32_t flags,
                                uint64_t offset, uint64_t length);
enum node_result tmpfs_seek(void *core, const struct files_node *node, bool hole,
                            uint64_t *offset);
enum node_result tmpfs_read_link(void *core, const struct files_node *node, char *buffer,
                                 uint32_t *bytes);

/* ---- directory.c ---- */
/* The block of an entry, or 0. */
uint32_t entry_find(const struct tmpfs *fs, uint32_t directory, struct files_name name);
bool entry_add(struct tmpfs *fs, uint32_t directory, struct files_name name, uint32_t node);
void entry_remove(struct tmpfs *fs, uint32_t block);
bool directory_check(const struct tmpfs *fs, uint32_t block, uint64_t *entries);
enum node_result tmpfs_look_up(void *core, const struct files_node *directory,
                               struct files_name name, struct files_node *node);
enum node_result tmpfs_list(void *core, const struct files_node *directory, uint64_t *cookie,
                            files_each *each, void *context, bool *end);

/* ---- name.c ---- */
enum node_result tmpfs_make(void *core, const struct files_node *directory, struct files_name name,
                            const struct files_new *what, struct files_node *node);
enum node_result tmpfs_link(void *core, const struct files_node *node,
                            const struct files_node *directory, struct files_name name);
enum node_result tmpfs_remove(void *core, const struct files_node *directory,
                              struct files_name name);
enum node_result tmpfs_rename(void *core, const struct files_node *from, struct files_name name,
                              const struct files_node *to, struct files_name to_name,
                              uint32_t flags);

/* ---- value.c ---- */
void value_end(struct tmpfs *fs, struct node *node);
enum node_result tmpfs_value(void *core, const struct files_node *node, struct files_name name,
                             void *buffer, size_t room, size_t *bytes);
enum node_result tmpfs_values(void *core, const struct files_node *node, char *buffer, size_t room,
                              size_t *bytes);
enum node_result tmpfs_set_value(void *core, const struct files_node *node, struct files_name name,
                                 const void *bytes, size_t length, uint32_t flags);
enum node_result tmpfs_remove_value(void *core, const struct files_node *node,
                                    struct files_name name);

#endif
