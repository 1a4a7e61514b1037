/* SPDX-License-Identifier: MIT */
/*
 * directory: entries, and the walk through all of them. A block's entries are checked when it comes
 * into the cache, so that the walks only follow them. An indexed directory has its entries in
 * blocks of the same form; to the walk the blocks of its index hold nothing.
 */
#include "volume.h"

#include "text.h"

static const char structure[] = "directory block";

bool directory_has_index(const struct ext4 *fs, const struct ext4_node *directory)
{
    return directory->flags & FLAG_INDEX && !(directory->flags & FLAG_INLINE) &&
           volume_feature(fs, COMPATIBLE, COMPATIBLE_INDEX);
}

/* The bytes of an entry: with blocks of 64 KiB, the two low bits count 64 KiB. */
static uint32_t entry_bytes(const struct ext4 *fs, const uint8_t *at)
{
    uint32_t bytes = little16(at + ENTRY_BYTES);
    if (fs->block_bytes < 65536)
        return bytes;
    return bytes == 65535 || bytes == 0 ? 65536 : (bytes & 65532) | (bytes & 3) << 16;
}

void directory_entry(const struct ext4 *fs, const uint8_t *at, struct raw_entry *entry)
{
    bool has_type = volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_TYPE);
    entry->inode = little32(at + ENTRY_INODE);
    entry->bytes = entry_bytes(fs, at);
    entry->name_bytes = has_type ? at[ENTRY_NAME_BYTES] : little16(at + ENTRY_NAME_BYTES);
    entry->type = has_type ? at[ENTRY_TYPE] : EXT4_TYPE_UNKNOWN;
    entry->name = (const char *)at + ENTRY_NAME;
}

uint32_t directory_end(const struct ext4 *fs)
{
    return volume_feature(fs, READ_ONLY, READ_ONLY_CHECKSUM) ? fs->block_bytes - ENTRY_TAIL_BYTES
                                                             : fs->block_bytes;
}

/* What is wrong with an entry that has `room` bytes to the end, or NULL. */
static const char *check_entry(const struct ext4 *fs, const uint8_t *at, uint32_t room)
{
    struct raw_entry entry;
    if (room < ENTRY_NAME)
        return "an entry ends behind the block";
    directory_entry(fs, at, &entry);
    if (entry.bytes < ENTRY_NAME || entry.bytes % 4)
        return "the length of an entry is wrong";
    if (entry.bytes > room)
        return "an entry ends behind the block";
    if (entry.inode == 0)
        return NULL;
    if (entry.name_bytes == 0 || entry.name_bytes > EXT4_NAME_MAX)
        return "the length of a name is wrong";
    if (entry.name_bytes > entry.bytes - ENTRY_NAME)
        return "a name is longer than its entry";
    if (entry.inode > fs->inodes)
        return "an entry leads to an inode that the file system has not";
    if (entry.type > EXT4_TYPE_LINK)
        return "the type of an entry is wrong";
    for (uint32_t i = 0; i < entry.name_bytes; i++)
        if (entry.name[i] == '\0' || entry.name[i] == '/')
            return "a name holds a NUL or a slash";
    return NULL;
}

enum ext4_status directory_check_entries(struct ext4 *fs, const struct ext4_node *owner,
                                         uint64_t block, const uint8_t *bytes, uint32_t from,
                                         uint32_t end)
{
    while (from < end) {
        const char *wrong = check_entry(fs, bytes + from, end - from);
        if (wrong)
            return volume_corrupt(fs, owner, structure, block, wrong);
        from += entry_bytes(fs, bytes + from);
    }
    return EXT4_OK;
}

enum ext4_status directory_check(struct ext4 *fs, const struct ext4_node *owner, uint64_t block,
                                 const uint8_t *bytes)
{
    uint32_t end = directory_end(fs);
    if (directory_has_index(fs, owner) && index_is_node(fs, bytes))
        return fs->is_checked ? index_check_node(fs, owner, block, bytes) : EXT4_OK;
    if (end < fs->block_bytes) {
        const uint8_t *tail = bytes + end;
        if (little32(tail + ENTRY_INODE) != 0 || little16(tail + ENTRY_BYTES) != ENTRY_TAIL_BYTES ||
            tail[ENTRY_NAME_BYTES] != 0 || tail[ENTRY_TYPE] != ENTRY_TAIL_TYPE)
            return volume_corrupt(fs, owner, structure, block, "there is no checksum in it");
        if (fs->is_checked && crc32c(fs, owner->checksum_seed, bytes, end) !=
                                  little32(tail + ENTRY_TAIL_CHECKSUM))
            return volume_corrupt(fs, owner, structure, block, "the checksum is wrong");
    }
    return directory_check_entries(fs, owner, block, bytes, 0, end);
}

/* --- The walk --------------------------------------------------------------------------------- */

struct walk {
    bool (*each)(void *context, const struct ext4_entry *entry);
    void *context;
    uint64_t *cookie;
    const struct ext4_node *directory;
    bool is_done; /* `each` wants no more */
};

/* Shows the entries of a part that begins at `base` of the directory, from the cookie on. */
static enum ext4_status walk_part(struct ext4 *fs, struct walk *walk, const uint8_t *bytes,
                                  uint32_t end, uint64_t base, uint64_t block)
{
    for (uint32_t at = 0; at < end && !walk->is_done;) {
        struct raw_entry raw;
        directory_entry(fs, bytes + at, &raw);
        struct ext4_entry entry = {raw.inode, raw.type, raw.name, raw.name_bytes,
                                   base + at + raw.bytes};
        bool is_self = raw.name_bytes == 1 && raw.name[0] == '.';
        at += raw.bytes;
        if (entry.cookie <= *walk->cookie)
            continue;
        if (raw.inode != 0) {
            if (is_self && raw.inode != walk->directory->number)
                return volume_corrupt(fs, walk->directory, structure, block,
                                      "\".\" is another directory");
            walk->is_done = !walk->each(walk->context, &entry);
        }
        if (!walk->is_done)
            *walk->cookie = entry.cookie;
    }
    return EXT4_OK;
}

/* The block of a directory that holds a byte, checked as what it must be there. */
static enum ext4_status read_block(struct ext4 *fs, const struct ext4_node *directory,
                                   uint64_t logical, uint64_t *block, const uint8_t **bytes)
{
    bool is_root = logical == 0 && directory_has_index(fs, directory);
    enum ext4_status status = file_block(fs, directory, logical, "directory", block);
    if (status == EXT4_OK)
        status = cache_block(fs, *block, is_root ? index_check_root : directory_check, directory,
                             bytes);
    return status;
}

static enum ext4_status walk_blocks(struct ext4 *fs, struct walk *walk)
{
    const struct ext4_node *directory = walk->directory;
    while (*walk->cookie < directory->size && !walk->is_done) {
        const uint8_t *bytes;
        uint64_t logical = *walk->cookie >> fs->block_shift, block;
        uint64_t base = logical << fs->block_shift;
        enum ext4_status status = read_block(fs, directory, logical, &block, &bytes);
        if (status != EXT4_OK)
            return status;
        /* A lower block of an index has no entries; its root has one that covers the rest. */
        bool is_index = directory_has_index(fs, directory) && index_is_node(fs, bytes);
        uint32_t end = is_index ? 0 : directory_end(fs);
        status = walk_part(fs, walk, bytes, end, base, block);
        if (status != EXT4_OK)
            return status;
        if (!walk->is_done)
            *walk->cookie = base + fs->block_bytes;
    }
    return EXT4_OK;
}

/*
 * An inline directory: its parent's number, then entries; more of them behind the inode. Cookies
 * are those of the two first entries, which it has not, and then places in the two parts together.
 */
static enum ext4_status walk_inline(struct ext4 *fs, struct walk *walk)
{
    static const char *const names[2] = {".", ".."};
    const uint8_t *bytes;
    uint32_t count;
    uint64_t base = 2;
    enum ext4_status status = EXT4_OK;
    for (uint32_t i = 0; i < 2 && !walk->is_done; i++) {
        uint32_t inode = i ? little32(walk->directory->map) : walk->directory->number;
        struct ext4_entry entry = {inode, EXT4_TYPE_DIRECTORY, names[i], i + 1, i + 1};
        if (*walk->cookie > i)
            continue;
        walk->is_done = !walk->each(walk->context, &entry);
        if (!walk->is_done)
            *walk->cookie = entry.cookie;
    }
    for (unsigned part = 0; part < 2 && status == EXT4_OK && !walk->is_done; part++) {
        status = inline_part(fs, walk->directory, part, &bytes, &count);
        if (status == EXT4_OK)
            status = directory_check_entries(fs, walk->directory, EXT4_NO_BLOCK, bytes, 0, count);
        if (status == EXT4_OK)
            status = walk_part(fs, walk, bytes, count, base, EXT4_NO_BLOCK);
        base += count;
    }
    return status;
}

static enum ext4_status check_is_directory(struct ext4 *fs, const struct ext4_node *directory)
{
    if (!node_is(directory, MODE_DIRECTORY))
        return volume_fail(fs, EXT4_NOT_DIRECTORY, "inode", EXT4_NO_BLOCK, directory->number,
                           "it is no directory");
    if (directory->flags & FLAG_ENCRYPTED)
        return volume_fail(fs, EXT4_UNSUPPORTED, "inode", EXT4_NO_BLOCK, directory->number,
                           "encrypt");
    return EXT4_OK;
}

enum ext4_status ext4_list(struct ext4 *fs, const struct ext4_node *directory, uint64_t *cookie,
                           bool (*each)(void *context, const struct ext4_entry *entry),
                           void *context)
{
    struct walk walk = {each, context, cookie, directory, false};
    enum ext4_status status = check_is_directory(fs, directory);
    if (status != EXT4_OK)
        return status;
    return directory->flags & FLAG_INLINE ? walk_inline(fs, &walk) : walk_blocks(fs, &walk);
}

/* --- Looking up ------------------------------------------------------------------------------- */

void directory_search(const struct ext4 *fs, const uint8_t *bytes, uint32_t from, uint32_t end,
                      const char *name, size_t name_bytes, uint32_t *inode, uint32_t *type)
{
    *inode = 0;
    while (from < end) {
        struct raw_entry entry;
        directory_entry(fs, bytes + from, &entry);
        if (entry.inode && entry.name_bytes == name_bytes &&
            memcmp(entry.name, name, name_bytes) == 0) {
            *inode = entry.inode;
            *type = entry.type;
            return;
        }
        from += entry.bytes;
    }
}

struct search {
    const char *name;
    size_t name_bytes;
    uint32_t inode, type;
};

static bool search_entry(void *context, const struct ext4_entry *entry)
{
    struct search *search = context;
    if (entry->name_bytes != search->name_bytes ||
        memcmp(entry->name, search->name, search->name_bytes) != 0)
        return true;
    search->inode = entry->inode;
    search->type = entry->type;
    return false;
}

/* Opens what an entry leads to, which must be in use and of the type that the entry says. */
static enum ext4_status open_entry(struct ext4 *fs, const struct ext4_node *directory,
                                   const struct search *search, struct ext4_node *node)
{
    static const uint16_t modes[] = {
        [EXT4_TYPE_FILE] = MODE_FILE, [EXT4_TYPE_DIRECTORY] = MODE_DIRECTORY,
        [EXT4_TYPE_CHARACTER] = MODE_CHARACTER, [EXT4_TYPE_BLOCK] = MODE_BLOCK,
        [EXT4_TYPE_FIFO] = MODE_FIFO, [EXT4_TYPE_SOCKET] = MODE_SOCKET,
        [EXT4_TYPE_LINK] = MODE_LINK};
    enum ext4_status status = ext4_node(fs, search->inode, node);
    if (status == EXT4_NOT_FOUND)
        return volume_corrupt(fs, directory, "directory", EXT4_NO_BLOCK,
                              "an entry leads to an inode that is not in use");
    if (status == EXT4_OK && search->type != EXT4_TYPE_UNKNOWN &&
        modes[search->type] != (node->mode & MODE_TYPE))
        return volume_corrupt(fs, directory, "directory", EXT4_NO_BLOCK,
                              "an entry says another type than its inode");
    return status;
}

enum ext4_status ext4_lookup(struct ext4 *fs, const struct ext4_node *directory, const char *name,
                             size_t name_bytes, struct ext4_node *node)
{
    struct search search = {.name = name, .name_bytes = name_bytes};
    bool is_found = false;
    uint64_t cookie = 0;
    enum ext4_status status = check_is_directory(fs, directory);
    if (status != EXT4_OK)
        return status;
    if (name_bytes > EXT4_NAME_MAX)
        return volume_fail(fs, EXT4_NAME_TOO_LONG, "name", EXT4_NO_BLOCK, 0,
                           "it has more than 255 bytes");
    /* The first two entries are not in the index. */
    bool is_special = (name_bytes == 1 && name[0] == '.') ||
                      (name_bytes == 2 && name[0] == '.' && name[1] == '.');
    if (directory_has_index(fs, directory) && !is_special) {
        status = index_find(fs, directory, name, name_bytes, &search.inode, &search.type,
                            &is_found);
        if (status != EXT4_OK)
            return status;
        fs->linear_lookups += !is_found;
    }
    if (!is_found)
        status = ext4_list(fs, directory, &cookie, search_entry, &search);
    if (status != EXT4_OK)
        return status;
    if (!search.inode)
        return volume_fail(fs, EXT4_NOT_FOUND, "directory", EXT4_NO_BLOCK, directory->number,
                           "it has no entry of this name");
    return open_entry(fs, directory, &search, node);
}
