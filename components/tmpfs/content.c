/* SPDX-License-Identifier: MIT */
/* content: the bytes of files, links and large extended attributes. */
#include "text.h"
#include "volume.h"

/* The page of a node by its number in the file, or null. */
static uint8_t *page_at(const struct tmpfs *fs, const struct node *node, uint64_t page)
{
    uint32_t block = tree_get(&fs->pool, &node->content, page);
    return block ? pool_at(&fs->pool, block) : NULL;
}

/* The same, made of zeros if it is a hole; null when there is no memory. `skip` and `bytes`: what
 * of it will be written at once, and needs no zeros. */
static uint8_t *page_made(struct tmpfs *fs, struct node *node, uint64_t page, size_t skip,
                          size_t bytes)
{
    uint8_t *at = page_at(fs, node, page);
    if (at)
        return at;
    uint32_t block = pool_take(&fs->pool, POOL_PAGE);
    if (block == 0)
        return NULL;
    if (!tree_set(&fs->pool, &node->content, page, block)) {
        pool_give(&fs->pool, block);
        return NULL;
    }
    node->pages++;
    at = pool_at(&fs->pool, block);
    memset(at, 0, skip);
    memset(at + skip + bytes, 0, POOL_PAGE - skip - bytes);
    return at;
}

/* Make zeros of a part of a page, if it is there. */
static void zero(struct tmpfs *fs, struct node *node, uint64_t from, uint64_t to)
{
    uint8_t *page = page_at(fs, node, from / POOL_PAGE);
    if (page && from < to)
        memset(page + from % POOL_PAGE, 0, (size_t)(to - from));
}

/* Make a hole from byte `first` to byte `end`: whole pages go, parts become zeros. */
void content_cut(struct tmpfs *fs, struct node *node, uint64_t first, uint64_t end)
{
    uint64_t page = first / POOL_PAGE + (first % POOL_PAGE != 0), last = end / POOL_PAGE;
    if (page > last) {
        zero(fs, node, first, end);
        return;
    }
    zero(fs, node, first, page * POOL_PAGE);
    zero(fs, node, last * POOL_PAGE, end);
    while (page < last && tree_next(&fs->pool, &node->content, &page) != 0 && page < last) {
        pool_give(&fs->pool, tree_clear(&fs->pool, &node->content, page));
        node->pages--;
    }
}

size_t content_read(const struct tmpfs *fs, const struct node *node, uint64_t offset, void *buffer,
                    size_t bytes)
{
    uint8_t *to = buffer;
    if (offset >= node->size)
        return 0;
    if (bytes > node->size - offset)
        bytes = (size_t)(node->size - offset);
    for (size_t left = bytes; left > 0;) {
        size_t skip = offset % POOL_PAGE, part = POOL_PAGE - skip < left ? POOL_PAGE - skip : left;
        const uint8_t *page = page_at(fs, node, offset / POOL_PAGE);
        if (page)
            memcpy(to, page + skip, part);
        else
            memset(to, 0, part);
        to += part;
        offset += part;
        left -= part;
    }
    return bytes;
}

enum node_result content_write(struct tmpfs *fs, struct node *node, uint64_t offset,
                               const void *bytes, size_t length, size_t *got)
{
    const uint8_t *from = bytes;
    *got = 0;
    if (offset > TMPFS_SIZE_MAX || (length > 0 && offset == TMPFS_SIZE_MAX))
        return NODE_RESULT_TOO_LARGE;
    if (length > TMPFS_SIZE_MAX - offset)
        length = (size_t)(TMPFS_SIZE_MAX - offset);
    while (*got < length) {
        size_t skip = offset % POOL_PAGE, left = length - *got;
        size_t part = POOL_PAGE - skip < left ? POOL_PAGE - skip : left;
        uint8_t *page = page_made(fs, node, offset / POOL_PAGE, skip, part);
        if (!page)
            break;
        memcpy(page + skip, from + *got, part);
        offset += part;
        *got += part;
        if (offset > node->size)
            node->size = offset;
    }
    return *got > 0 || length == 0 ? NODE_RESULT_DONE : NODE_RESULT_NO_SPACE;
}

enum node_result tmpfs_read(void *core, const struct files_node *node, uint64_t offset,
                            void *buffer, size_t bytes, size_t *got)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (at->kind != NODE_KIND_FILE)
        return NODE_RESULT_WRONG_KIND;
    *got = content_read(fs, at, offset, buffer, bytes);
    if (*got > 0)
        at->accessed = fs->options.now();
    return NODE_RESULT_DONE;
}

enum node_result tmpfs_write(void *core, const struct files_node *node, uint64_t offset,
                             const void *bytes, size_t length, size_t *got)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (at->kind != NODE_KIND_FILE)
        return NODE_RESULT_WRONG_KIND;
    enum node_result result = content_write(fs, at, offset, bytes, length, got);
    if (*got > 0)
        node_modified(fs, at);
    return result;
}

enum node_result tmpfs_truncate(void *core, const struct files_node *node, uint64_t size)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (at->kind != NODE_KIND_FILE)
        return NODE_RESULT_INVALID;
    if (size > TMPFS_SIZE_MAX)
        return NODE_RESULT_TOO_LARGE;
    if (size < at->size) /* a page may lie behind the end: see tmpfs_allocate */
        content_cut(fs, at, size, UINT64_MAX - POOL_PAGE);
    at->size = size;
    node_modified(fs, at);
    return NODE_RESULT_DONE;
}

/* Make pages where there are none, or none at all. */
static enum node_result fill(struct tmpfs *fs, struct node *node, uint64_t first, uint64_t end)
{
    uint64_t begin = first / POOL_PAGE, behind = (end - 1) / POOL_PAGE + 1, page;
    if (behind - begin > (uint64_t)pool_free(&fs->pool) + node->pages)
        return NODE_RESULT_NO_SPACE;
    for (page = begin; page < behind; page++)
        if (!page_made(fs, node, page, 0, 0))
            break;
    return page == behind ? NODE_RESULT_DONE : NODE_RESULT_NO_SPACE;
}

/* Move the pages from byte `from` on to byte `to`; whole pages, as is what lies between. */
static enum node_result shift(struct tmpfs *fs, struct node *node, uint64_t from, uint64_t to)
{
    struct tree moved = {0, 0};
    uint64_t page = 0, first = from / POOL_PAGE, by = to / POOL_PAGE - first;
    for (uint32_t block; (block = tree_next(&fs->pool, &node->content, &page)) != 0; page++)
        if (!tree_set(&fs->pool, &moved, page < first ? page : page + by, block))
            break;
    bool is_done = tree_next(&fs->pool, &node->content, &page) == 0;
    struct tree gone = is_done ? node->content : moved;
    if (is_done)
        node->content = moved;
    for (page = 0; tree_next(&fs->pool, &gone, &page) != 0;)
        tree_clear(&fs->pool, &gone, page);
    return is_done ? NODE_RESULT_DONE : NODE_RESULT_NO_SPACE;
}

/* Take a part out of a file, or put zeros into it. */
static enum node_result resize(struct tmpfs *fs, struct node *node, bool inserts, uint64_t offset,
                               uint64_t length)
{
    if (offset % POOL_PAGE != 0 || length % POOL_PAGE != 0 || offset >= node->size ||
        (!inserts && length >= node->size - offset))
        return NODE_RESULT_INVALID;
    if (inserts && length > TMPFS_SIZE_MAX - node->size)
        return NODE_RESULT_TOO_LARGE;
    if (!inserts)
        content_cut(fs, node, offset, offset + length);
    enum node_result result = inserts ? shift(fs, node, offset, offset + length)
                                      : shift(fs, node, offset + length, offset);
    if (result == NODE_RESULT_DONE)
        node->size = inserts ? node->size + length : node->size - length;
    node_modified(fs, node);
    return result;
}

enum node_result tmpfs_allocate(void *core, const struct files_node *node, uint32_t flags,
                                uint64_t offset, uint64_t length)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    uint32_t what = flags & ~(uint32_t)FILES_KEEP_SIZE;
    enum node_result result = NODE_RESULT_DONE;
    if (at->kind != NODE_KIND_FILE)
        return NODE_RESULT_WRONG_KIND;
    if (length == 0 || (what != 0 && what != FILES_PUNCH && what != FILES_ZERO &&
                        what != FILES_COLLAPSE && what != FILES_INSERT) ||
        (what == FILES_PUNCH && what == flags))
        return NODE_RESULT_INVALID;
    if (offset > TMPFS_SIZE_MAX || length > TMPFS_SIZE_MAX - offset)
        return NODE_RESULT_TOO_LARGE;
    if (what == FILES_COLLAPSE || what == FILES_INSERT)
        return resize(fs, at, what == FILES_INSERT, offset, length);
    if (what != 0)
        content_cut(fs, at, offset, offset + length);
    if (what != FILES_PUNCH)
        result = fill(fs, at, offset, offset + length);
    if (result == NODE_RESULT_DONE && !(flags & FILES_KEEP_SIZE) && offset + length > at->size)
        at->size = offset + length;
    node_modified(fs, at);
    return result;
}

enum node_result tmpfs_seek(void *core, const struct files_node *node, bool hole,
                            uint64_t *offset)
{
    struct tmpfs *fs = core;
    const struct node *at = volume_node(fs, node->handle);
    uint64_t page = *offset / POOL_PAGE;
    if (at->kind != NODE_KIND_FILE)
        return NODE_RESULT_WRONG_KIND;
    if (*offset >= at->size)
        return NODE_RESULT_NOT_FOUND;
    if (hole)
        page = tree_hole(&fs->pool, &at->content, page);
    else if (tree_next(&fs->pool, &at->content, &page) == 0)
        return NODE_RESULT_NOT_FOUND;
    if (page > at->size / POOL_PAGE)
        page = at->size / POOL_PAGE + 1;
    if (page * POOL_PAGE > *offset)
        *offset = page * POOL_PAGE;
    if (*offset < at->size)
        return NODE_RESULT_DONE;
    *offset = at->size;
    return hole ? NODE_RESULT_DONE : NODE_RESULT_NOT_FOUND;
}

enum node_result tmpfs_read_link(void *core, const struct files_node *node, char *buffer,
                                 uint32_t *bytes)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    if (at->kind != NODE_KIND_LINK)
        return NODE_RESULT_INVALID;
    *bytes = (uint32_t)content_read(fs, at, 0, buffer, NODE_PATH_MAX);
    at->accessed = fs->options.now();
    return NODE_RESULT_DONE;
}

uint64_t tmpfs_place(const struct tmpfs *fs, uint64_t handle, uint64_t offset)
{
    const struct node *node = volume_node(fs, handle);
    return (uint64_t)tree_get(&fs->pool, &node->content, offset / POOL_PAGE) * POOL_UNIT;
}
