/* SPDX-License-Identifier: MIT */
/*
 * core: what a file system is to the file server that serves it (files.h). A core knows no kernel,
 * no channel and no credentials: it keeps nodes, and does to them what it is told.
 *
 * Who checks what. The server walks paths, follows links, checks permissions, how a file is open,
 * names (1 to NODE_NAME_MAX bytes, no slash, no NUL; "." and ".." never come but to look_up), and
 * that a node that something is made in is a directory. The core checks what only it can know: that
 * a name is there or is not, that a directory is empty, that a rename makes no circle, limits. Of
 * what lies on a device it trusts nothing.
 *
 * Operations. All are called by one Thread at a time. Null means that the file system cannot do it:
 * the client hears `readOnly` for what changes something, else `unsupported`; `root`, `node`,
 * `look_up`, `attributes` and `list` must be there. They answer NODE_RESULT_DONE or why not, and
 * then have changed nothing. What they say of nodes in `struct files_node` is true until the next
 * operation that changes something. A node lives while it has a name or is held.
 */
#ifndef FILES_CORE_H
#define FILES_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "node.capnp.h"

/* A node as the server has it in its hand: what is needed for a path and its permissions. */
struct files_node {
    uint64_t handle; /* the core's own, as it likes; never 0 */
    uint64_t number; /* of the inode */
    uint64_t size;   /* bytes, of a file */
    uint32_t user, group;
    uint16_t mode; /* permissions and NODE_MODE_SET_USER and so on, without the kind */
    uint8_t kind;  /* enum node_kind */
};

struct files_time {
    int64_t seconds; /* since 1970 */
    uint32_t nanoseconds;
};

/* The rest of what stat() says; number, kind, mode, user and group are those of the node. */
struct files_attributes {
    uint64_t size, stored; /* bytes; of a link, those of its target */
    uint64_t device;       /* major << 32 | minor */
    uint64_t version;      /* another one after each change */
    uint32_t links, generation, block_bytes;
    struct files_time accessed, modified, changed, created;
};

/* The kind of a node by the type in a mode as POSIX systems and what lies on devices number it
 * (Linux, include/uapi/linux/stat.h). */
static inline enum node_kind files_kind_of(uint16_t mode)
{
    static const uint8_t kinds[16] = {
        [1] = NODE_KIND_FIFO, [2] = NODE_KIND_CHARACTER, [4] = NODE_KIND_DIRECTORY,
        [6] = NODE_KIND_BLOCK, [8] = NODE_KIND_FILE, [10] = NODE_KIND_LINK,
        [12] = NODE_KIND_SOCKET,
    };
    return (enum node_kind)kinds[mode >> 12];
}

enum files_which { FILES_MODE = 1, FILES_USER = 2, FILES_GROUP = 4, FILES_ACCESSED = 8,
                   FILES_MODIFIED = 16 };

/* What is to become of a node; the bits of `which` say which fields count. */
struct files_change {
    uint32_t which; /* enum files_which */
    uint32_t user, group;
    uint16_t mode;
    struct files_time accessed, modified;
};

/* A node that is to be made. */
struct files_new {
    enum node_kind kind;
    uint16_t mode;
    uint32_t user, group;
    uint64_t device;
    const char *target; /* of a link */
    uint32_t target_bytes;
};

struct files_entry {
    uint64_t number;
    enum node_kind kind;
    const char *name; /* lives until the callback returns; no NUL at its end */
    uint32_t name_bytes;
    uint64_t cookie;  /* of the entry behind this one */
};

/* Return false to have this entry again at the next call. May not use the core. */
typedef bool files_each(void *context, const struct files_entry *entry);

/* A name in a directory. */
struct files_name {
    const char *bytes;
    uint32_t length;
};

/* What statvfs() says; the rest of node.Facts is the server's. */
struct files_facts {
    uint64_t system; /* which file system, st_dev */
    uint64_t blocks, blocks_free, blocks_available, nodes, nodes_free;
    uint64_t size_max; /* bytes of a file */
    uint32_t block_bytes, link_limit;
};

enum files_allocate { FILES_KEEP_SIZE = 1, FILES_PUNCH = 2, FILES_ZERO = 4, FILES_COLLAPSE = 8,
                      FILES_INSERT = 16 };
enum files_rename { FILES_NO_REPLACE = 1, FILES_EXCHANGE = 2 };
enum files_value { FILES_VALUE_CREATE = 1, FILES_VALUE_REPLACE = 2 };

struct files_core {
    const char *kind; /* "tmpfs" */

    /* ---- to read ---- */
    enum node_result (*root)(void *core, struct files_node *node);
    /* Fills in the node with this handle anew, which is held or has a name. */
    void (*node)(void *core, uint64_t handle, struct files_node *node);
    /* Names are looked up in directories alone. ".." of the root is the root. NOT_FOUND. */
    enum node_result (*look_up)(void *core, const struct files_node *directory,
                                struct files_name name, struct files_node *node);
    enum node_result (*attributes)(void *core, const struct files_node *node,
                                   struct files_attributes *attributes);
    /* Calls `each` for entries from *cookie on, "." and ".." included, until it answers false or
     * there are no more: then *end. 0 is the beginning; *cookie is set to what comes next. */
    enum node_result (*list)(void *core, const struct files_node *directory, uint64_t *cookie,
                             files_each *each, void *context, bool *end);
    /* Up to `bytes` bytes of a file; *got is less only at the end. */
    enum node_result (*read)(void *core, const struct files_node *node, uint64_t offset,
                             void *buffer, size_t bytes, size_t *got);
    /* The target of a link, without a NUL: at most NODE_PATH_MAX bytes are written. */
    enum node_result (*read_link)(void *core, const struct files_node *node, char *buffer,
                                  uint32_t *bytes);
    /* The next data, or the next hole, from *offset on; the end counts as a hole. NOT_FOUND. */
    enum node_result (*seek)(void *core, const struct files_node *node, bool hole,
                             uint64_t *offset);
    /* An extended attribute, by its whole name; *bytes is its length, also when there is less
     * `room`, which is OUT_OF_RANGE but for none at all. NO_ATTRIBUTE. */
    enum node_result (*value)(void *core, const struct files_node *node, struct files_name name,
                              void *buffer, size_t room, size_t *bytes);
    /* The names of all, each with a NUL; as `value`. */
    enum node_result (*values)(void *core, const struct files_node *node, char *buffer,
                               size_t room, size_t *bytes);
    void (*facts)(void *core, struct files_facts *facts);
    /* The node of a number and generation. STALE. */
    enum node_result (*by_number)(void *core, uint64_t number, uint32_t generation,
                                  struct files_node *node);
    /* A node is open once more, or once less: it lives that long. Null: all live for ever. */
    void (*hold)(void *core, const struct files_node *node);
    void (*release)(void *core, uint64_t handle);

    /* ---- to write; times of nodes change by themselves as POSIX wants it ---- */
    /* `*got` is less than `bytes` only if the result of the rest would be an error. */
    enum node_result (*write)(void *core, const struct files_node *node, uint64_t offset,
                              const void *bytes, size_t length, size_t *got);
    enum node_result (*truncate)(void *core, const struct files_node *node, uint64_t size);
    enum node_result (*allocate)(void *core, const struct files_node *node, uint32_t flags,
                                 uint64_t offset, uint64_t length);
    enum node_result (*change)(void *core, const struct files_node *node,
                               const struct files_change *change);
    /* With the empty name a file without one, which is held. */
    enum node_result (*make)(void *core, const struct files_node *directory,
                             struct files_name name, const struct files_new *what,
                             struct files_node *node);
    enum node_result (*link)(void *core, const struct files_node *node,
                             const struct files_node *directory, struct files_name name);
    /* Of a directory if it is empty; the server has looked which kind it is. */
    enum node_result (*remove)(void *core, const struct files_node *directory,
                               struct files_name name);
    /* The names are there, or the second is not, as the server found; the same node is no error. */
    enum node_result (*rename)(void *core, const struct files_node *from, struct files_name name,
                               const struct files_node *to, struct files_name to_name,
                               uint32_t flags);
    enum node_result (*set_value)(void *core, const struct files_node *node,
                                  struct files_name name, const void *bytes, size_t length,
                                  uint32_t flags);
    enum node_result (*remove_value)(void *core, const struct files_node *node,
                                     struct files_name name);
    enum node_result (*sync)(void *core, const struct files_node *node, bool data_only);
    enum node_result (*sync_all)(void *core);
};

#endif
