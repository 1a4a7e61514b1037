/* SPDX-License-Identifier: MIT */
#include "store.h"

enum { BLOCK_BYTES = 512 };

static enum node_result result_of(const struct store *store, enum archive_status status)
{
    switch (status) {
    case ARCHIVE_OK: return NODE_RESULT_DONE;
    case ARCHIVE_NOT_FOUND: return NODE_RESULT_NOT_FOUND;
    case ARCHIVE_NOT_DIRECTORY: return NODE_RESULT_NOT_DIRECTORY;
    case ARCHIVE_NAME_TOO_LONG: return NODE_RESULT_NAME_TOO_LONG;
    case ARCHIVE_WRONG_KIND: return NODE_RESULT_WRONG_KIND;
    case ARCHIVE_NO_ROOM: return NODE_RESULT_OUT_OF_RANGE;
    default: break;
    }
    if (store->report)
        store->report(archive_error(store->archive));
    return status == ARCHIVE_DEVICE ? NODE_RESULT_DEVICE_ERROR : NODE_RESULT_CORRUPT;
}

static enum node_result find(struct store *store, uint64_t number, struct archive_node *node)
{
    if (number > UINT32_MAX)
        return NODE_RESULT_NOT_FOUND;
    return result_of(store, archive_node(store->archive, (uint32_t)number, node));
}

static void fill(const struct archive_node *is, struct files_node *node)
{
    *node = (struct files_node){
        .handle = is->number, .number = is->number, .user = is->user, .group = is->group,
        .mode = is->mode & NODE_MODE_MASK, .size = is->size,
        .kind = (uint8_t)files_kind_of(is->mode),
    };
}

static enum node_result root(void *core, struct files_node *node)
{
    struct archive_node is;
    enum node_result result = find(core, ARCHIVE_ROOT, &is);
    if (result == NODE_RESULT_DONE)
        fill(&is, node);
    return result;
}

/* What was read once may not be readable again: then it is a node of no kind, good for nothing. */
static void get_node(void *core, uint64_t handle, struct files_node *node)
{
    struct archive_node is;
    *node = (struct files_node){.handle = handle, .number = handle};
    if (find(core, handle, &is) == NODE_RESULT_DONE)
        fill(&is, node);
}

static enum node_result look_up(void *core, const struct files_node *directory,
                                struct files_name name, struct files_node *node)
{
    struct store *store = core;
    struct archive_node in, found;
    enum node_result result = find(store, directory->handle, &in);
    if (result != NODE_RESULT_DONE)
        return result;
    enum archive_status status =
        archive_lookup(store->archive, &in, name.bytes, name.length, &found);
    if (status == ARCHIVE_OK)
        fill(&found, node);
    return result_of(store, status);
}

static struct files_time time_of(struct archive_time time)
{
    return (struct files_time){time.seconds, time.nanoseconds};
}

static enum node_result attributes(void *core, const struct files_node *node,
                                   struct files_attributes *attributes)
{
    struct archive_node is;
    enum node_result result = find(core, node->handle, &is);
    if (result != NODE_RESULT_DONE)
        return result;
    *attributes = (struct files_attributes){
        .size = is.size, .stored = (is.size + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES,
        .device = (uint64_t)is.device_major << 32 | is.device_minor,
        .links = is.links, .block_bytes = BLOCK_BYTES,
        .accessed = time_of(is.accessed), .modified = time_of(is.modified),
        .changed = time_of(is.changed), .created = time_of(is.modified),
    };
    return NODE_RESULT_DONE;
}

/* --- What nodes hold ------------------------------------------------------------------------- */

struct listing {
    files_each *each;
    void *context;
    bool refused;
};

static bool list_one(void *context, const struct archive_entry *entry)
{
    struct listing *listing = context;
    struct files_entry answer = {
        .number = entry->inode, .kind = files_kind_of(entry->mode), .name = entry->name,
        .name_bytes = entry->name_bytes, .cookie = entry->cookie,
    };
    listing->refused = !listing->each(listing->context, &answer);
    return !listing->refused;
}

static enum node_result list(void *core, const struct files_node *directory, uint64_t *cookie,
                             files_each *each, void *context, bool *end)
{
    struct store *store = core;
    struct listing listing = {.each = each, .context = context};
    struct archive_node in;
    enum node_result result = find(store, directory->handle, &in);
    if (result != NODE_RESULT_DONE)
        return result;
    enum archive_status status = archive_list(store->archive, &in, cookie, list_one, &listing);
    *end = status == ARCHIVE_OK && !listing.refused;
    return status == ARCHIVE_NOT_FOUND ? NODE_RESULT_INVALID : result_of(store, status);
}

static enum node_result read_bytes(void *core, const struct files_node *node, uint64_t offset,
                                   void *buffer, size_t bytes, size_t *got)
{
    struct store *store = core;
    struct archive_node is;
    enum node_result result = find(store, node->handle, &is);
    if (result != NODE_RESULT_DONE)
        return result;
    return result_of(store, archive_read(store->archive, &is, offset, buffer, bytes, got));
}

static enum node_result read_link(void *core, const struct files_node *node, char *buffer,
                                  uint32_t *bytes)
{
    struct store *store = core;
    struct archive_node is;
    size_t length = 0;
    enum node_result result = find(store, node->handle, &is);
    if (result != NODE_RESULT_DONE)
        return result;
    enum archive_status status =
        archive_read_link(store->archive, &is, buffer, NODE_PATH_MAX, &length);
    *bytes = (uint32_t)length;
    return status == ARCHIVE_NO_ROOM ? NODE_RESULT_NAME_TOO_LONG : result_of(store, status);
}

/* A file is all data: archives that have holes are not read. */
static enum node_result seek(void *core, const struct files_node *node, bool hole,
                             uint64_t *offset)
{
    struct archive_node is;
    enum node_result result = find(core, node->handle, &is);
    if (result == NODE_RESULT_DONE && *offset >= is.size)
        return NODE_RESULT_NOT_FOUND;
    if (result == NODE_RESULT_DONE && hole)
        *offset = is.size;
    return result;
}

static enum node_result value(void *core, const struct files_node *node, struct files_name name,
                              void *buffer, size_t room, size_t *bytes)
{
    struct store *store = core;
    struct archive_node is;
    enum node_result result = find(store, node->handle, &is);
    if (result != NODE_RESULT_DONE)
        return result;
    enum archive_status status = archive_attribute(store->archive, &is, name.bytes, name.length,
                                                   buffer, room, bytes);
    return status == ARCHIVE_NOT_FOUND ? NODE_RESULT_NO_ATTRIBUTE : result_of(store, status);
}

static enum node_result values(void *core, const struct files_node *node, char *buffer,
                               size_t room, size_t *bytes)
{
    struct store *store = core;
    struct archive_node is;
    enum node_result result = find(store, node->handle, &is);
    if (result != NODE_RESULT_DONE)
        return result;
    return result_of(store, archive_list_attributes(store->archive, &is, buffer, room, bytes));
}

/* --- The file system ------------------------------------------------------------------------- */

static void facts(void *core, struct files_facts *facts)
{
    struct store *store = core;
    struct archive_facts is;
    archive_facts(store->archive, &is);
    *facts = (struct files_facts){
        .system = store->system, .blocks = (is.bytes + BLOCK_BYTES - 1) / BLOCK_BYTES,
        .nodes = is.inodes, .size_max = INT64_MAX, .block_bytes = BLOCK_BYTES,
        .link_limit = UINT32_MAX,
    };
}

/* Numbers never come again, so all have the generation 0. */
static enum node_result by_number(void *core, uint64_t number, uint32_t generation,
                                  struct files_node *node)
{
    struct archive_node is;
    enum node_result result = find(core, number, &is);
    if (result == NODE_RESULT_NOT_FOUND || (result == NODE_RESULT_DONE && generation != 0))
        return NODE_RESULT_STALE;
    if (result == NODE_RESULT_DONE)
        fill(&is, node);
    return result;
}

const struct files_core store_core = {
    .kind = "archive",
    .root = root,
    .node = get_node,
    .look_up = look_up,
    .attributes = attributes,
    .list = list,
    .read = read_bytes,
    .read_link = read_link,
    .seek = seek,
    .value = value,
    .values = values,
    .facts = facts,
    .by_number = by_number,
};
