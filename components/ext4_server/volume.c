/* SPDX-License-Identifier: MIT */
#include "volume.h"

#include <assert.h>

enum { SETS = VOLUME_NODES / VOLUME_NODE_WAYS };

void volume_start(struct volume *volume, struct ext4 *fs)
{
    volume->fs = fs;
}

static enum node_result result_of(const struct volume *volume, enum ext4_status status)
{
    switch (status) {
    case EXT4_OK: return NODE_RESULT_DONE;
    case EXT4_NOT_FOUND: return NODE_RESULT_NOT_FOUND;
    case EXT4_NOT_DIRECTORY: return NODE_RESULT_NOT_DIRECTORY;
    case EXT4_NAME_TOO_LONG: return NODE_RESULT_NAME_TOO_LONG;
    case EXT4_WRONG_KIND: return NODE_RESULT_WRONG_KIND;
    case EXT4_NO_ROOM: return NODE_RESULT_OUT_OF_RANGE;
    default: break;
    }
    if (volume->report)
        volume->report(ext4_error(volume->fs));
    return status == EXT4_DEVICE ? NODE_RESULT_DEVICE_ERROR
                                 : status == EXT4_CORRUPT ? NODE_RESULT_CORRUPT
                                                          : NODE_RESULT_UNSUPPORTED;
}

/* --- Inodes ---------------------------------------------------------------------------------- */

static struct ext4_node *set_of(struct volume *volume, uint64_t number)
{
    return &volume->nodes[number % SETS * VOLUME_NODE_WAYS];
}

/* Keep an inode that was read. It stays until others of its set have come. */
static struct ext4_node *keep(struct volume *volume, const struct ext4_node *node)
{
    struct ext4_node *set = set_of(volume, node->number), *place = NULL;
    for (uint32_t way = 0; way < VOLUME_NODE_WAYS && !place; way++)
        if (set[way].number == node->number || set[way].number == 0)
            place = &set[way];
    if (!place)
        place = &set[volume->turn++ % VOLUME_NODE_WAYS];
    *place = *node;
    return place;
}

static enum node_result find(struct volume *volume, uint64_t number, struct ext4_node **found)
{
    struct ext4_node *set = set_of(volume, number), node;
    for (uint32_t way = 0; way < VOLUME_NODE_WAYS; way++)
        if (set[way].number == number) {
            *found = &set[way];
            return NODE_RESULT_DONE;
        }
    if (number > UINT32_MAX)
        return NODE_RESULT_NOT_FOUND;
    enum ext4_status status = ext4_node(volume->fs, (uint32_t)number, &node);
    if (status == EXT4_OK)
        *found = keep(volume, &node);
    return result_of(volume, status);
}

static void fill(const struct ext4_node *inode, struct files_node *node)
{
    *node = (struct files_node){
        .handle = inode->number, .number = inode->number,
        .user = inode->user, .group = inode->group,
        .mode = inode->mode & NODE_MODE_MASK, .size = inode->size,
        .kind = (uint8_t)files_kind_of(inode->mode),
    };
}

static enum node_result root(void *core, struct files_node *node)
{
    struct ext4_node *inode;
    enum node_result result = find(core, EXT4_ROOT, &inode);
    if (result == NODE_RESULT_DONE)
        fill(inode, node);
    return result;
}

/* What was read once may not be readable again: then it is a node of no kind, good for nothing. */
static void get_node(void *core, uint64_t handle, struct files_node *node)
{
    struct ext4_node *inode;
    *node = (struct files_node){.handle = handle, .number = handle};
    if (find(core, handle, &inode) == NODE_RESULT_DONE)
        fill(inode, node);
}

static enum node_result look_up(void *core, const struct files_node *directory,
                                struct files_name name, struct files_node *node)
{
    struct volume *volume = core;
    struct ext4_node *inode, found;
    enum node_result result = find(volume, directory->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    enum ext4_status status = ext4_lookup(volume->fs, inode, name.bytes, name.length, &found);
    if (status == EXT4_OK)
        fill(keep(volume, &found), node);
    return result_of(volume, status);
}

static struct files_time time_of(struct ext4_time time)
{
    return (struct files_time){time.seconds, time.nanoseconds};
}

static enum node_result attributes(void *core, const struct files_node *node,
                                   struct files_attributes *attributes)
{
    enum { SECTOR_BYTES = 512 };
    struct volume *volume = core;
    struct ext4_node *inode;
    struct ext4_facts facts;
    enum node_result result = find(volume, node->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    ext4_facts(volume->fs, &facts);
    *attributes = (struct files_attributes){
        .size = inode->size, .stored = inode->sectors * SECTOR_BYTES,
        .device = (uint64_t)inode->device_major << 32 | inode->device_minor,
        .version = inode->version, .links = inode->links, .generation = inode->generation,
        .block_bytes = facts.block_bytes,
        .accessed = time_of(inode->accessed), .modified = time_of(inode->modified),
        .changed = time_of(inode->changed), .created = time_of(inode->created),
    };
    return NODE_RESULT_DONE;
}

/* --- What nodes hold ------------------------------------------------------------------------- */

struct listing {
    files_each *each;
    void *context;
    bool refused;
};

static bool list_one(void *context, const struct ext4_entry *entry)
{
    static const enum node_kind kinds[] = {
        [EXT4_TYPE_UNKNOWN] = NODE_KIND_NONE, [EXT4_TYPE_FILE] = NODE_KIND_FILE,
        [EXT4_TYPE_DIRECTORY] = NODE_KIND_DIRECTORY,
        [EXT4_TYPE_CHARACTER] = NODE_KIND_CHARACTER, [EXT4_TYPE_BLOCK] = NODE_KIND_BLOCK,
        [EXT4_TYPE_FIFO] = NODE_KIND_FIFO, [EXT4_TYPE_SOCKET] = NODE_KIND_SOCKET,
        [EXT4_TYPE_LINK] = NODE_KIND_LINK,
    };
    struct listing *listing = context;
    struct files_entry answer = {
        .number = entry->inode, .kind = kinds[entry->type], .name = entry->name,
        .name_bytes = entry->name_bytes, .cookie = entry->cookie,
    };
    listing->refused = !listing->each(listing->context, &answer);
    return !listing->refused;
}

static enum node_result list(void *core, const struct files_node *directory, uint64_t *cookie,
                             files_each *each, void *context, bool *end)
{
    struct volume *volume = core;
    struct listing listing = {.each = each, .context = context};
    struct ext4_node *inode;
    enum node_result result = find(volume, directory->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    enum ext4_status status = ext4_list(volume->fs, inode, cookie, list_one, &listing);
    *end = status == EXT4_OK && !listing.refused;
    return result_of(volume, status);
}

static enum node_result read_bytes(void *core, const struct files_node *node, uint64_t offset,
                                   void *buffer, size_t bytes, size_t *got)
{
    struct volume *volume = core;
    struct ext4_node *inode;
    enum node_result result = find(volume, node->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    return result_of(volume, ext4_read(volume->fs, inode, offset, buffer, bytes, got));
}

static enum node_result read_link(void *core, const struct files_node *node, char *buffer,
                                  uint32_t *bytes)
{
    struct volume *volume = core;
    struct ext4_node *inode;
    size_t length = 0;
    enum node_result result = find(volume, node->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    enum ext4_status status = ext4_read_link(volume->fs, inode, buffer, NODE_PATH_MAX, &length);
    *bytes = (uint32_t)length;
    return status == EXT4_NO_ROOM ? NODE_RESULT_NAME_TOO_LONG : result_of(volume, status);
}

/* Each turn goes on behind a run, of which a file has at most as many as blocks. */
static enum node_result seek(void *core, const struct files_node *node, bool hole,
                             uint64_t *offset)
{
    struct volume *volume = core;
    struct ext4_node *inode;
    struct ext4_run run;
    enum node_result result = find(volume, node->handle, &inode);
    uint64_t at = *offset;
    while (result == NODE_RESULT_DONE && at < inode->size) {
        result = result_of(volume, ext4_run(volume->fs, inode, at, &run));
        if (result != NODE_RESULT_DONE || run.bytes == 0 || (run.kind != EXT4_DATA) == hole)
            break;
        at += run.bytes;
    }
    if (result == NODE_RESULT_DONE && at >= inode->size) {
        at = inode->size;
        result = hole && *offset < inode->size ? NODE_RESULT_DONE : NODE_RESULT_NOT_FOUND;
    }
    *offset = at;
    return result;
}

static enum node_result value(void *core, const struct files_node *node, struct files_name name,
                              void *buffer, size_t room, size_t *bytes)
{
    struct volume *volume = core;
    struct ext4_node *inode;
    enum node_result result = find(volume, node->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    enum ext4_status status =
        ext4_attribute(volume->fs, inode, name.bytes, name.length, buffer, room, bytes);
    return status == EXT4_NOT_FOUND ? NODE_RESULT_NO_ATTRIBUTE : result_of(volume, status);
}

static enum node_result values(void *core, const struct files_node *node, char *buffer,
                               size_t room, size_t *bytes)
{
    struct volume *volume = core;
    struct ext4_node *inode;
    enum node_result result = find(volume, node->handle, &inode);
    if (result != NODE_RESULT_DONE)
        return result;
    return result_of(volume, ext4_list_attributes(volume->fs, inode, buffer, room, bytes));
}

/* --- The file system ------------------------------------------------------------------------- */

static void facts(void *core, struct files_facts *facts)
{
    enum { LINK_LIMIT = 65000 }; /* Linux, fs/ext4/ext4.h: EXT4_LINK_MAX */
    struct volume *volume = core;
    struct ext4_facts is;
    ext4_facts(volume->fs, &is);
    uint64_t kept = is.reserved_blocks < is.free_blocks ? is.reserved_blocks : is.free_blocks;
    *facts = (struct files_facts){
        .system = volume->system, .blocks = is.blocks, .blocks_free = is.free_blocks,
        .blocks_available = is.free_blocks - kept, .nodes = is.inodes,
        .nodes_free = is.free_inodes, .size_max = (uint64_t)is.block_bytes << 32,
        .block_bytes = is.block_bytes, .link_limit = LINK_LIMIT,
    };
}

static enum node_result by_number(void *core, uint64_t number, uint32_t generation,
                                  struct files_node *node)
{
    struct ext4_node *inode;
    enum node_result result = find(core, number, &inode);
    if (result == NODE_RESULT_NOT_FOUND ||
        (result == NODE_RESULT_DONE && inode->generation != generation))
        return NODE_RESULT_STALE;
    if (result == NODE_RESULT_DONE)
        fill(inode, node);
    return result;
}

const struct files_core volume_core = {
    .kind = "ext4",
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

bool volume_check(const struct volume *volume)
{
    for (uint32_t i = 0; i < VOLUME_NODES; i++) {
        uint32_t number = volume->nodes[i].number;
        if (number == 0)
            continue;
        if (number % SETS != i / VOLUME_NODE_WAYS)
            return false;
        for (uint32_t j = i + 1; j < (i / VOLUME_NODE_WAYS + 1) * VOLUME_NODE_WAYS; j++)
            if (volume->nodes[j].number == number)
                return false;
    }
    return true;
}
