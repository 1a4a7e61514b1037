/* SPDX-License-Identifier: MIT */
/*
 * store: what the tool and the tests ask of a file system or an archive, whatever it is. Each kind
 * has one table of functions; those that answer false have left a message.
 */
#ifndef EXOFS_STORE_H
#define EXOFS_STORE_H

#include "archive.h"
#include "ext4.h"

#define STORE_NAME_MAX 255
#define STORE_LINK_BYTES_MAX EXT4_BLOCK_BYTES_MAX /* of a symbolic link's target */
#define STORE_ATTRIBUTE_BYTES_MAX (2 * EXT4_ATTRIBUTE_BYTES_MAX + 4)

struct store_time {
    int64_t seconds; /* since 1970 */
    uint32_t nanoseconds;
};

/* An open file, which needs not be closed. */
struct store_node {
    uint32_t number;
    uint16_t mode;
    uint32_t user, group, links;
    uint64_t size;
    uint64_t sectors; /* of 512 bytes that it takes; 0: they are not kept */
    uint32_t device_major, device_minor;
    struct store_time accessed, changed, modified, created;
    bool has_created;
    union {
        struct ext4_node ext4;
        struct archive_node archive;
    } own; /* as the file system knows it */
};

struct store_entry {
    const char *name; /* lives until the callback returns; no NUL at its end */
    uint32_t name_bytes;
};

/* A part of a file that is a hole, or not. */
struct store_run {
    bool is_hole;
    uint64_t bytes;
};

typedef bool store_each(void *context, const struct store_entry *entry);

struct store;

struct store_calls {
    bool (*node)(struct store *store, uint32_t number, struct store_node *node);
    bool (*lookup)(struct store *store, const struct store_node *directory, const char *name,
                   size_t name_bytes, struct store_node *node);
    bool (*list)(struct store *store, const struct store_node *directory, uint64_t *cookie,
                 store_each *each, void *context);
    bool (*read)(struct store *store, const struct store_node *node, uint64_t offset, void *buffer,
                 size_t bytes, size_t *got);
    bool (*run)(struct store *store, const struct store_node *node, uint64_t offset,
                struct store_run *run);
    bool (*read_link)(struct store *store, const struct store_node *node, char *buffer,
                      size_t room, size_t *bytes);
    bool (*list_attributes)(struct store *store, const struct store_node *node, char *buffer,
                            size_t room, size_t *bytes);
    bool (*attribute)(struct store *store, const struct store_node *node, const char *name,
                      size_t name_bytes, void *buffer, size_t room, size_t *bytes);
    void (*error_text)(struct store *store, char *to, size_t room);
    /* Print all that is known of the whole, and the rest of the line with a node's number. */
    void (*print_facts)(struct store *store);
    void (*print_node)(const struct store_node *node);
};

struct store {
    const struct store_calls *calls;
    uint32_t root; /* the number of the root directory */
    union {
        struct ext4 *ext4;
        struct archive *archive;
    } of;
};

struct store store_of_ext4(struct ext4 *fs);
struct store store_of_archive(struct archive *archive);

#endif
