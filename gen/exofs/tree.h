/* SPDX-License-Identifier: MIT */
/* tree: paths and trees of a file system, for programs on the host. */
#ifndef EXOFS_TREE_H
#define EXOFS_TREE_H

#include "store.h"

enum { TREE_LINKS_MAX = 40, TREE_PATH_MAX = 4096 };

struct tree_entry {
    const char *path; /* from where the walk began, without a slash before it */
    const char *name; /* its last part */
    unsigned depth;   /* of what lies in the directory where the walk began: 0 */
    bool is_last;     /* of its directory */
    struct store_node node;
};

/*
 * What is done with each entry. `visit` answers whether to go into a directory; `leave`, which may
 * be NULL, is called when all in it was visited. `fail` hears of what could not be read, and the
 * walk goes on with the next entry.
 */
struct tree_visitor {
    struct store *store;
    void *context;
    bool (*visit)(void *context, const struct tree_entry *entry);
    void (*leave)(void *context, const struct tree_entry *entry);
    void (*fail)(void *context, const char *path, const char *message);
};

/*
 * Visits all that lies in a directory, in the order of its entries, each directory before what is
 * in it. Directories that lead back to a visited one, or have another parent, are errors. Returns
 * how often `fail` was called.
 */
uint64_t tree_visit(const struct tree_visitor *visitor, const struct store_node *directory);

/*
 * Opens a path from the root on; symbolic links on the way are followed, and the last one if asked
 * for. False: *message says what is wrong, and lives until the next call.
 */
bool tree_find(struct store *store, const char *path, bool follows_last, struct store_node *node,
               const char **message);

#endif
