/* SPDX-License-Identifier: MIT */
/*
 * value: extended attributes. Each is a block in the list of its node: a header, its name, and its
 * value, if that has room in a page with them; a longer value lies in pages of its own.
 */
#include "text.h"
#include "volume.h"

struct value {
    uint32_t next;
    uint32_t bytes;     /* of the value */
    uint8_t name_bytes;
    bool is_apart;      /* the value lies in `pages` */
    struct tree pages;
    char name[];        /* and the value behind it, if it does not */
};

enum { APART_PAGES = (NODE_VALUE_MAX + POOL_PAGE - 1) / POOL_PAGE };

/* The place that leads to an attribute: a node's first, or another one's `next`; it holds 0 when
 * there is no such attribute. */
static uint32_t *find(struct tmpfs *fs, struct node *node, struct files_name name)
{
    uint32_t *at = &node->values;
    while (*at != 0) {
        struct value *value = pool_at(&fs->pool, *at);
        if (value->name_bytes == name.length &&
            memcmp(value->name, name.bytes, name.length) == 0)
            break;
        at = &value->next;
    }
    return at;
}

/* Give back an attribute's memory. */
static void end(struct tmpfs *fs, uint32_t block)
{
    struct value *value = pool_at(&fs->pool, block);
    for (uint64_t page = 0; value->is_apart && page < APART_PAGES; page++) {
        uint32_t taken = tree_clear(&fs->pool, &value->pages, page);
        if (taken != 0)
            pool_give(&fs->pool, taken);
    }
    pool_give(&fs->pool, block);
}

void value_end(struct tmpfs *fs, struct node *node)
{
    while (node->values != 0) {
        uint32_t block = node->values;
        node->values = ((const struct value *)pool_at(&fs->pool, block))->next;
        end(fs, block);
    }
}

/* Put a long value into pages. */
static bool write_apart(struct tmpfs *fs, struct value *value, const uint8_t *bytes)
{
    for (uint32_t at = 0; at < value->bytes; at += POOL_PAGE) {
        uint32_t part = value->bytes - at < POOL_PAGE ? value->bytes - at : POOL_PAGE;
        uint32_t block = pool_take(&fs->pool, POOL_PAGE);
        if (block == 0)
            return false;
        if (!tree_set(&fs->pool, &value->pages, at / POOL_PAGE, block)) {
            pool_give(&fs->pool, block);
            return false;
        }
        memcpy(pool_at(&fs->pool, block), bytes + at, part);
    }
    return true;
}

enum node_result tmpfs_set_value(void *core, const struct files_node *node, struct files_name name,
                                 const void *bytes, size_t length, uint32_t flags)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    uint32_t *place = find(fs, at, name), old = *place;
    if (length > NODE_VALUE_MAX)
        return NODE_RESULT_OUT_OF_RANGE;
    if (old != 0 && (flags & FILES_VALUE_CREATE))
        return NODE_RESULT_EXISTS;
    if (old == 0 && (flags & FILES_VALUE_REPLACE))
        return NODE_RESULT_NO_ATTRIBUTE;
    bool is_apart = sizeof(struct value) + name.length + length > POOL_PAGE;
    uint32_t block = pool_take(&fs->pool, sizeof(struct value) + name.length +
                                              (is_apart ? 0 : length));
    if (block == 0)
        return NODE_RESULT_NO_SPACE;
    struct value *value = pool_at(&fs->pool, block);
    *value = (struct value){.bytes = (uint32_t)length, .name_bytes = (uint8_t)name.length,
                            .is_apart = is_apart};
    memcpy(value->name, name.bytes, name.length);
    if (!is_apart)
        memcpy(value->name + name.length, bytes, length);
    else if (!write_apart(fs, value, bytes)) {
        end(fs, block);
        return NODE_RESULT_NO_SPACE;
    }
    value->next = old != 0 ? ((const struct value *)pool_at(&fs->pool, old))->next : 0;
    *place = block;
    if (old != 0)
        end(fs, old);
    node_changed(fs, at);
    return NODE_RESULT_DONE;
}

enum node_result tmpfs_remove_value(void *core, const struct files_node *node,
                                    struct files_name name)
{
    struct tmpfs *fs = core;
    struct node *at = volume_node(fs, node->handle);
    uint32_t *place = find(fs, at, name), block = *place;
    if (block == 0)
        return NODE_RESULT_NO_ATTRIBUTE;
    *place = ((const struct value *)pool_at(&fs->pool, block))->next;
    end(fs, block);
    node_changed(fs, at);
    return NODE_RESULT_DONE;
}

enum node_result tmpfs_value(void *core, const struct files_node *node, struct files_name name,
                             void *buffer, size_t room, size_t *bytes)
{
    struct tmpfs *fs = core;
    uint32_t block = *find(fs, volume_node(fs, node->handle), name);
    if (block == 0)
        return NODE_RESULT_NO_ATTRIBUTE;
    const struct value *value = pool_at(&fs->pool, block);
    *bytes = value->bytes;
    if (room == 0)
        return NODE_RESULT_DONE;
    if (room < value->bytes)
        return NODE_RESULT_OUT_OF_RANGE;
    if (!value->is_apart)
        memcpy(buffer, value->name + value->name_bytes, value->bytes);
    for (uint32_t at = 0; value->is_apart && at < value->bytes; at += POOL_PAGE) {
        uint32_t part = value->bytes - at < POOL_PAGE ? value->bytes - at : POOL_PAGE;
        uint32_t page = tree_get(&fs->pool, &value->pages, at / POOL_PAGE);
        memcpy((uint8_t *)buffer + at, pool_at(&fs->pool, page), part);
    }
    return NODE_RESULT_DONE;
}

enum node_result tmpfs_values(void *core, const struct files_node *node, char *buffer, size_t room,
                              size_t *bytes)
{
    struct tmpfs *fs = core;
    const struct value *value;
    *bytes = 0;
    for (uint32_t at = volume_node(fs, node->handle)->values; at != 0; at = value->next) {
        value = pool_at(&fs->pool, at);
        if (*bytes + value->name_bytes + 1 <= room) {
            memcpy(buffer + *bytes, value->name, value->name_bytes);
            buffer[*bytes + value->name_bytes] = '\0';
        }
        *bytes += value->name_bytes + 1u;
    }
    return room == 0 || *bytes <= room ? NODE_RESULT_DONE : NODE_RESULT_OUT_OF_RANGE;
}
