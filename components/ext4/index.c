/* SPDX-License-Identifier: MIT */
/*
 * index: the tree of hashes of a large directory. Its root is the directory's first block, behind
 * the two entries "." and ".."; its leaves are blocks of entries. A hash that does not fit into one
 * leaf goes on in the next, whose lowest bit says so.
 */
#include "volume.h"

static const char structure[] = "block of a directory's index";

/* The entries of a block of the index, from the place that a root or another block has. */
static uint32_t entries_place(bool is_root)
{
    return is_root ? INDEX_ROOT_ENTRIES : INDEX_NODE_ENTRIES;
}

static uint32_t entry_hash(const uint8_t *entries, uint32_t index)
{
    return index ? little32(entries + index * INDEX_ENTRY_BYTES + INDEX_HASH) : 0;
}

static uint32_t entry_block(const uint8_t *entries, uint32_t index)
{
    return little32(entries + index * INDEX_ENTRY_BYTES + INDEX_BLOCK) & INDEX_BLOCK_MASK;
}

bool index_is_node(const struct ext4 *fs, const uint8_t *bytes)
{
    struct raw_entry entry;
    directory_entry(fs, bytes, &entry);
    return entry.inode == 0 && entry.bytes == fs->block_bytes;
}

static enum ext4_status check_entries(struct ext4 *fs, const struct ext4_node *owner,
                                      uint64_t block, const uint8_t *bytes, bool is_root)
{
    bool has_tail = volume_feature(fs, READ_ONLY, READ_ONLY_CHECKSUM);
    uint32_t place = entries_place(is_root), blocks = (uint32_t)(owner->size >> fs->block_shift);
    uint32_t room = (fs->block_bytes - place - (has_tail ? INDEX_TAIL_BYTES : 0)) /
                    INDEX_ENTRY_BYTES;
    const uint8_t *entries = bytes + place;
    uint32_t limit = little16(entries + INDEX_LIMIT), count = little16(entries + INDEX_COUNT);
    if (limit != room)
        return volume_corrupt(fs, owner, structure, block, "the limit of its entries is wrong");
    if (count == 0 || count > limit)
        return volume_corrupt(fs, owner, structure, block, "the count of its entries is wrong");
    if (fs->is_checked) {
        const uint8_t *tail = entries + limit * INDEX_ENTRY_BYTES;
        uint32_t crc = crc32c(fs, owner->checksum_seed, bytes, place + count * INDEX_ENTRY_BYTES);
        if (crc32c_around(fs, crc, tail, INDEX_TAIL_BYTES, 4, 4) != little32(tail + 4))
            return volume_corrupt(fs, owner, structure, block, "the checksum is wrong");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (entry_hash(entries, i) < entry_hash(entries, i ? i - 1 : 0))
            return volume_corrupt(fs, owner, structure, block, "the hashes are not in order");
        if (entry_block(entries, i) == 0 || entry_block(entries, i) >= blocks)
            return volume_corrupt(fs, owner, structure, block,
                                  "an entry leads to no block of the directory");
    }
    return EXT4_OK;
}

enum ext4_status index_check_node(struct ext4 *fs, const struct ext4_node *owner, uint64_t block,
                                  const uint8_t *bytes)
{
    if (!index_is_node(fs, bytes))
        return volume_corrupt(fs, owner, structure, block, "it is no block of an index");
    return check_entries(fs, owner, block, bytes, false);
}

/* The first block: two entries, the second of which hides the rest from who knows no index. */
enum ext4_status index_check_root(struct ext4 *fs, const struct ext4_node *owner, uint64_t block,
                                  const uint8_t *bytes)
{
    enum ext4_status status = directory_check_entries(fs, owner, block, bytes, 0,
                                                      fs->block_bytes);
    struct raw_entry self, parent;
    if (status != EXT4_OK)
        return status;
    directory_entry(fs, bytes, &self);
    if (self.bytes != ENTRY_BYTES_MIN)
        return volume_corrupt(fs, owner, structure, block, "it does not begin with \".\"");
    directory_entry(fs, bytes + self.bytes, &parent);
    if (self.name_bytes != 1 || self.name[0] != '.' || self.inode != owner->number ||
        parent.name_bytes != 2 || parent.name[0] != '.' || parent.name[1] != '.' ||
        parent.bytes != fs->block_bytes - self.bytes || parent.inode == 0)
        return volume_corrupt(fs, owner, structure, block,
                              "it does not begin with \".\" and \"..\"");
    if (little32(bytes + INDEX_RESERVED) != 0 || bytes[INDEX_INFO_BYTES] != 8)
        return volume_corrupt(fs, owner, structure, block, "its head is wrong");
    uint32_t levels = volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_LARGE_DIRECTORY)
                          ? INDEX_LEVELS_MAX : INDEX_LEVELS_MAX - 1;
    if (bytes[INDEX_LEVELS] > levels)
        return volume_corrupt(fs, owner, structure, block, "it has too many levels");
    return check_entries(fs, owner, block, bytes, true);
}

/* --- Looking up ------------------------------------------------------------------------------- */

/* The way to a leaf: for each level a block of the directory, and which entry was taken. */
struct way {
    uint32_t logical[INDEX_LEVELS_MAX + 1], entry[INDEX_LEVELS_MAX + 1];
    uint32_t levels; /* below the root */
};

/* Reads the block of the index at a level of the way; its entries are at *entries. */
static enum ext4_status read_level(struct ext4 *fs, const struct ext4_node *directory,
                                   const struct way *way, uint32_t level, const uint8_t **entries)
{
    uint64_t block;
    enum ext4_status status = file_block(fs, directory, way->logical[level], "directory", &block);
    if (status == EXT4_OK)
        status = cache_block(fs, block, level ? index_check_node : index_check_root, directory,
                             entries);
    if (status == EXT4_OK)
        *entries += entries_place(level == 0);
    return status;
}

/* The last entry whose hash is not more than the wanted one. */
static uint32_t find_hash(const uint8_t *entries, uint32_t hash)
{
    uint32_t low = 1, high = little16(entries + INDEX_COUNT);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (entry_hash(entries, middle) <= hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* Goes down from `level`, by the hash or to the first entry; *leaf is the block that is reached. */
static enum ext4_status descend(struct ext4 *fs, const struct ext4_node *directory,
                                struct way *way, uint32_t level, uint32_t hash, bool is_first,
                                uint32_t *leaf)
{
    for (;; level++) {
        const uint8_t *entries;
        enum ext4_status status = read_level(fs, directory, way, level, &entries);
        if (status != EXT4_OK)
            return status;
        way->entry[level] = is_first ? 0 : find_hash(entries, hash);
        uint32_t logical = entry_block(entries, way->entry[level]);
        if (level == way->levels) {
            *leaf = logical;
            return EXT4_OK;
        }
        way->logical[level + 1] = logical;
    }
}

/* Goes to the next leaf, if the hash goes on there; *leaf is 0 if not. */
static enum ext4_status go_on(struct ext4 *fs, const struct ext4_node *directory, struct way *way,
                              uint32_t hash, uint32_t *leaf)
{
    const uint8_t *entries;
    enum ext4_status status;
    uint32_t level = way->levels, next;
    for (;; level--) {
        status = read_level(fs, directory, way, level, &entries);
        if (status != EXT4_OK)
            return status;
        next = way->entry[level] + 1;
        if (next < little16(entries + INDEX_COUNT))
            break;
        if (level == 0) {
            *leaf = 0;
            return EXT4_OK;
        }
    }
    *leaf = 0;
    if (entry_hash(entries, next) != (hash | 1))
        return EXT4_OK;
    way->entry[level] = next;
    *leaf = entry_block(entries, next);
    if (level == way->levels)
        return EXT4_OK;
    way->logical[level + 1] = *leaf;
    return descend(fs, directory, way, level + 1, hash, true, leaf);
}

/* Looks for the name in one leaf. */
static enum ext4_status search_leaf(struct ext4 *fs, const struct ext4_node *directory,
                                    uint32_t leaf, const char *name, size_t name_bytes,
                                    uint32_t *inode, uint32_t *type)
{
    uint64_t block;
    const uint8_t *bytes;
    enum ext4_status status = file_block(fs, directory, leaf, "directory", &block);
    if (status == EXT4_OK)
        status = cache_block(fs, block, directory_check, directory, &bytes);
    if (status != EXT4_OK)
        return status;
    if (!index_is_node(fs, bytes))
        directory_search(fs, bytes, 0, directory_end(fs), name, name_bytes, inode, type);
    else if (volume_feature(fs, READ_ONLY, READ_ONLY_CHECKSUM))
        /* Without checksums an empty leaf looks like this, too. */
        return volume_corrupt(fs, directory, structure, block, "it is where entries must be");
    return EXT4_OK;
}

enum ext4_status index_find(struct ext4 *fs, const struct ext4_node *directory, const char *name,
                            size_t name_bytes, uint32_t *inode, uint32_t *type, bool *is_usable)
{
    struct way way = {.levels = 0};
    const uint8_t *entries;
    uint32_t hash, leaf;
    uint64_t blocks = directory->size >> fs->block_shift;
    enum ext4_status status = read_level(fs, directory, &way, 0, &entries);
    *inode = 0;
    if (status != EXT4_OK)
        return status;
    const uint8_t *root = entries - INDEX_ROOT_ENTRIES;
    way.levels = root[INDEX_LEVELS];
    *is_usable = hash_name(fs, root[INDEX_HASH_VERSION], name, name_bytes, &hash);
    if (!*is_usable)
        return EXT4_OK;
    status = descend(fs, directory, &way, 0, hash, false, &leaf);
    for (uint64_t i = 0; status == EXT4_OK && leaf && i < blocks; i++) {
        status = search_leaf(fs, directory, leaf, name, name_bytes, inode, type);
        if (status != EXT4_OK || *inode)
            break;
        status = go_on(fs, directory, &way, hash, &leaf);
    }
    return status;
}
