/* SPDX-License-Identifier: MIT */
/* tmpfs: nodes, and the file system as a whole. */
#include "text.h"
#include "volume.h"

void node_fill(const struct tmpfs *fs, uint32_t block, struct files_node *to)
{
    const struct node *node = volume_node(fs, block);
    *to = (struct files_node){block, node->number, node->size, node->user, node->group,
                              node->mode, node->kind};
}

void node_changed(struct tmpfs *fs, struct node *node)
{
    node->version = ++fs->version;
    node->changed = fs->options.now();
}

void node_modified(struct tmpfs *fs, struct node *node)
{
    node_changed(fs, node);
    node->modified = node->changed;
}

uint32_t node_make(struct tmpfs *fs, const struct files_new *what)
{
    uint32_t block;
    if (fs->node_count == fs->options.nodes_max ||
        (block = pool_take(&fs->pool, sizeof(struct node))) == 0)
        return 0;
    struct node *node = pool_at(&fs->pool, block);
    *node = (struct node){.number = fs->next_number, .device = what->device, .user = what->user,
                          .group = what->group, .mode = what->mode, .kind = (uint8_t)what->kind,
                          .parent = block};
    node_modified(fs, node);
    node->accessed = node->created = node->modified;
    if (!tree_set(&fs->pool, &fs->numbers, node->number, block)) {
        pool_give(&fs->pool, block);
        return 0;
    }
    fs->next_number++;
    fs->node_count++;
    return block;
}

void node_left(struct tmpfs *fs, uint32_t block)
{
    struct node *node = pool_at(&fs->pool, block);
    if (node->links > 0 || node->holds > 0)
        return;
    if (node->kind == NODE_KIND_FILE || node->kind == NODE_KIND_LINK)
        content_cut(fs, node, 0, UINT64_MAX - POOL_PAGE);
    value_end(fs, node);
    tree_clear(&fs->pool, &fs->numbers, node->number);
    fs->node_count--;
    pool_give(&fs->pool, block);
}

static enum node_result tmpfs_root(void *core, struct files_node *node)
{
    const struct tmpfs *fs = core;
    node_fill(fs, fs->root, node);
    return NODE_RESULT_DONE;
}

static void tmpfs_node(void *core, uint64_t handle, struct files_node *node)
{
    node_fill(core, (uint32_t)handle, node);
}

static enum node_result tmpfs_attributes(void *core, const struct files_node *node,
                                         struct files_attributes *attributes)
{
    const struct tmpfs *fs = core;
    const struct node *at = volume_node(fs, node->handle);
    bool is_directory = at->kind == NODE_KIND_DIRECTORY;
    *attributes = (struct files_attributes){
        .size = is_directory ? at->entries * POOL_UNIT : at->size,
        .stored = is_directory ? 0 : at->pages * POOL_PAGE, .device = at->device,
        .version = at->version, .links = at->links, .block_bytes = POOL_PAGE,
        .accessed = at->accessed, .modified = at->modified, .changed = at->changed,
        .created = at->created};
    return NODE_RESULT_DONE;
}

static void tmpfs_facts(void *core, struct files_facts *facts)
{
    const struct tmpfs *fs = core;
    uint64_t free = pool_free(&fs->pool);
    uint64_t nodes = free * (POOL_PAGE / sizeof(struct node));
    if (fs->options.nodes_max - fs->node_count < nodes)
        nodes = fs->options.nodes_max - fs->node_count;
    *facts = (struct files_facts){.system = fs->options.system, .blocks = fs->pool.limit,
                                  .blocks_free = free, .blocks_available = free,
                                  .nodes = fs->node_count + nodes, .nodes_free = nodes,
                                  .size_max = TMPFS_SIZE_MAX, .block_bytes = POOL_PAGE,
                                  .link_limit = TMPFS_LINKS_MAX};
}

static enum node_result tmpfs_by_number(void *core, uint64_t number, uint32_t generation,
                                        struct files_node *node)
{
    const struct tmpfs *fs = core;
    uint32_t block = tree_get(&fs->pool, &fs->numbers, number);
    if (block == 0 || generation != 0)
        return NODE_RESULT_STALE;
    node_fill(fs, block, node);
    return NODE_RESULT_DONE;
}

static void tmpfs_hold(void *core, const struct files_node *node)
{
    volume_node(core, node->handle)->holds++;
}

static void tmpfs_release(void *core, uint64_t handle)
{
    volume_node(core, handle)->holds--;
    node_left(core, (uint32_t)handle);
}

static enum node_result tmpfs_change(void *core, const struct files_node *node,
                                     const struct files_change *change)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (change->which & FILES_MODE)
        at->mode = change->mode & NODE_MODE_MASK;
    if (change->which & FILES_USER)
        at->user = change->user;
    if (change->which & FILES_GROUP)
        at->group = change->group;
    if (change->which & FILES_ACCESSED)
        at->accessed = change->accessed;
    if (change->which & FILES_MODIFIED)
        at->modified = change->modified;
    node_changed(fs, at);
    return NODE_RESULT_DONE;
}

/* What is written is as safe as it gets. */
static enum node_result tmpfs_sync(void *core, const struct files_node *node, bool data_only)
{
    (void)core, (void)node, (void)data_only;
    return NODE_RESULT_DONE;
}

static enum node_result tmpfs_sync_all(void *core)
{
    (void)core;
    return NODE_RESULT_DONE;
}

const struct files_core tmpfs_core = {
    .kind = "tmpfs", .root = tmpfs_root, .node = tmpfs_node, .look_up = tmpfs_look_up,
    .attributes = tmpfs_attributes, .list = tmpfs_list, .read = tmpfs_read,
    .read_link = tmpfs_read_link, .seek = tmpfs_seek, .value = tmpfs_value,
    .values = tmpfs_values, .facts = tmpfs_facts, .by_number = tmpfs_by_number,
    .hold = tmpfs_hold, .release = tmpfs_release, .write = tmpfs_write,
    .truncate = tmpfs_truncate, .allocate = tmpfs_allocate, .change = tmpfs_change,
    .make = tmpfs_make, .link = tmpfs_link, .remove = tmpfs_remove, .rename = tmpfs_rename,
    .set_value = tmpfs_set_value, .remove_value = tmpfs_remove_value, .sync = tmpfs_sync,
    .sync_all = tmpfs_sync_all,
};

struct tmpfs *tmpfs_start(void *memory, uint64_t bytes, const struct tmpfs_options *options)
{
    struct pool pool;
    const struct files_new root = {.kind = NODE_KIND_DIRECTORY, .mode = options->mode,
                                   .user = options->user, .group = options->group};
    uint32_t block = pool_start(&pool, memory, bytes) ? pool_take(&pool, sizeof(struct tmpfs)) : 0;
    if (block == 0)
        return NULL;
    struct tmpfs *fs = pool_at(&pool, block);
    *fs = (struct tmpfs){.pool = pool, .options = *options, .bucket_count = 1, .next_number = 1};
    if (options->nodes_max == 0)
        fs->options.nodes_max = UINT64_MAX;
    fs->root = node_make(fs, &root);
    if (fs->root == 0)
        return NULL;
    volume_node(fs, fs->root)->links = 2;
    return fs;
}

bool tmpfs_check(const struct tmpfs *fs)
{
    uint64_t nodes = 0, entries = 0, number = 0;
    for (uint32_t at; (at = tree_next(&fs->pool, &fs->numbers, &number)) != 0; number++, nodes++) {
        const struct node *node = volume_node(fs, at);
        uint64_t pages = 0, page = 0;
        if (node->number != number || (node->links == 0 && node->holds == 0))
            return false;
        if (node->kind == NODE_KIND_DIRECTORY) {
            if (!directory_check(fs, at, &entries))
                return false;
            continue;
        }
        for (; tree_next(&fs->pool, &node->content, &page) != 0; page++)
            pages++;
        if (pages != node->pages)
            return false;
    }
    return nodes == fs->node_count && entries == fs->entry_count && pool_check(&fs->pool);
}
