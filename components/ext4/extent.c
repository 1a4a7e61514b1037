/* SPDX-License-Identifier: MIT */
/*
 * extent: the tree of extents. A node is checked whole when it comes into the cache: order, ranges,
 * checksum. The walk checks what lies between two nodes: depth falls by one at each step, so that
 * it ends, and a child begins and ends within what its parent says of it.
 */
#include "volume.h"

/* The part of a node's entries that the walk asks for. */
static uint32_t entry_logical(const uint8_t *node, uint32_t index)
{
    return little32(node + EXTENT_HEADER_BYTES + index * EXTENT_ENTRY_BYTES + EXTENT_LOGICAL);
}

static uint64_t entry_child(const uint8_t *node, uint32_t index)
{
    const uint8_t *entry = node + EXTENT_HEADER_BYTES + index * EXTENT_ENTRY_BYTES;
    return little32(entry + EXTENT_CHILD) | (uint64_t)little16(entry + EXTENT_CHILD_HIGH) << 32;
}

static uint64_t entry_start(const uint8_t *node, uint32_t index)
{
    const uint8_t *entry = node + EXTENT_HEADER_BYTES + index * EXTENT_ENTRY_BYTES;
    return little32(entry + EXTENT_START) | (uint64_t)little16(entry + EXTENT_START_HIGH) << 32;
}

static uint32_t entry_length(const uint8_t *node, uint32_t index, bool *is_written)
{
    const uint8_t *entry = node + EXTENT_HEADER_BYTES + index * EXTENT_ENTRY_BYTES;
    uint32_t length = little16(entry + EXTENT_LENGTH);
    *is_written = length <= EXTENT_WRITTEN_MAX;
    return *is_written ? length : length - EXTENT_WRITTEN_MAX;
}

/* What is wrong with a node whose entries have room for `max`, or NULL. */
static const char *check_node(const struct ext4 *fs, const uint8_t *node, uint32_t max)
{
    uint32_t entries = little16(node + EXTENT_HEADER_ENTRIES);
    uint32_t depth = little16(node + EXTENT_HEADER_DEPTH);
    uint64_t end = 0; /* the first block that the next entry may have */
    bool is_written;
    if (little16(node + EXTENT_HEADER_MAGIC) != EXTENT_MAGIC)
        return "the magic number of extents is wrong";
    if (little16(node + EXTENT_HEADER_MAX) > max)
        return "it says that it holds more extents than it can";
    if (entries > little16(node + EXTENT_HEADER_MAX))
        return "it has more extents than it holds";
    if (depth > EXTENT_DEPTH_MAX)
        return "the tree of extents is too deep";
    if (depth > 0 && entries == 0)
        return "an inner node of the tree of extents is empty";
    for (uint32_t i = 0; i < entries; i++) {
        uint64_t logical = entry_logical(node, i);
        uint64_t length = depth ? 1 : entry_length(node, i, &is_written);
        if (logical < end)
            return "extents are not in order";
        if (length == 0)
            return "an extent has no blocks";
        end = logical + length;
        if (end > FILE_BLOCKS_MAX)
            return "an extent ends behind the last block that a file can have";
        if (!volume_has(fs, depth ? entry_child(node, i) : entry_start(node, i), length))
            return "an extent lies outside of the file system";
    }
    return NULL;
}

enum ext4_status extent_check_root(struct ext4 *fs, const struct ext4_node *node, uint64_t block)
{
    enum { ROOM = (INODE_MAP_BYTES - EXTENT_HEADER_BYTES) / EXTENT_ENTRY_BYTES };
    const char *wrong = check_node(fs, node->map, ROOM);
    return wrong ? volume_corrupt(fs, node, "inode", block, wrong) : EXT4_OK;
}

static enum ext4_status check_block(struct ext4 *fs, const struct ext4_node *owner, uint64_t block,
                                    const uint8_t *bytes)
{
    static const char structure[] = "extent block";
    uint32_t room = (fs->block_bytes - EXTENT_HEADER_BYTES) / EXTENT_ENTRY_BYTES;
    const char *wrong = check_node(fs, bytes, room);
    if (wrong)
        return volume_corrupt(fs, owner, structure, block, wrong);
    uint32_t tail = EXTENT_HEADER_BYTES +
                    little16(bytes + EXTENT_HEADER_MAX) * EXTENT_ENTRY_BYTES;
    if (!fs->is_checked)
        return EXT4_OK;
    if (tail + 4 > fs->block_bytes)
        return volume_corrupt(fs, owner, structure, block, "there is no room for its checksum");
    if (crc32c(fs, owner->checksum_seed, bytes, tail) != little32(bytes + tail))
        return volume_corrupt(fs, owner, structure, block, "the checksum is wrong");
    return EXT4_OK;
}

/* The last entry that begins at `logical` or before; -1 when all begin behind it. */
static int32_t find_entry(const uint8_t *node, uint64_t logical)
{
    int32_t low = 0, high = little16(node + EXTENT_HEADER_ENTRIES);
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (entry_logical(node, (uint32_t)middle) <= logical)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* The run in a leaf, whose blocks end before `limit`; `block` says which leaf. */
static enum ext4_status find_in_leaf(struct ext4 *fs, const struct ext4_node *node,
                                     const uint8_t *leaf, uint64_t logical, uint64_t limit,
                                     uint64_t block, struct block_run *run)
{
    uint32_t entries = little16(leaf + EXTENT_HEADER_ENTRIES);
    int32_t index = find_entry(leaf, logical);
    uint64_t next = index + 1 < (int32_t)entries ? entry_logical(leaf, (uint32_t)(index + 1))
                                                 : limit;
    bool is_written;
    if (next > limit)
        next = limit;
    *run = (struct block_run){EXT4_HOLE, next - logical, 0};
    if (index < 0)
        return EXT4_OK;
    uint64_t skipped = logical - entry_logical(leaf, (uint32_t)index);
    uint64_t length = entry_length(leaf, (uint32_t)index, &is_written);
    if (skipped >= length)
        return EXT4_OK;
    if (length - skipped > limit - logical)
        return volume_corrupt(fs, node, "extent block", block,
                              "an extent ends behind what the node above says");
    *run = (struct block_run){is_written ? EXT4_DATA : EXT4_UNWRITTEN, length - skipped,
                              entry_start(leaf, (uint32_t)index) + skipped};
    return EXT4_OK;
}

enum ext4_status extent_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                             struct block_run *run)
{
    const uint8_t *bytes = node->map;
    uint64_t limit = FILE_BLOCKS_MAX, block = EXT4_NO_BLOCK;
    for (uint32_t depth = little16(bytes + EXTENT_HEADER_DEPTH); depth > 0; depth--) {
        uint32_t entries = little16(bytes + EXTENT_HEADER_ENTRIES);
        int32_t index = find_entry(bytes, logical);
        if (index < 0) {
            /* What lies behind the limit is another node's to say. */
            uint64_t next = entry_logical(bytes, 0) < limit ? entry_logical(bytes, 0) : limit;
            *run = (struct block_run){EXT4_HOLE, next - logical, 0};
            return EXT4_OK;
        }
        uint32_t begin = entry_logical(bytes, (uint32_t)index);
        if (index + 1 < (int32_t)entries && entry_logical(bytes, (uint32_t)index + 1) < limit)
            limit = entry_logical(bytes, (uint32_t)index + 1);
        block = entry_child(bytes, (uint32_t)index);
        enum ext4_status status = cache_block(fs, block, check_block, node, &bytes);
        if (status != EXT4_OK)
            return status;
        if (little16(bytes + EXTENT_HEADER_DEPTH) != depth - 1)
            return volume_corrupt(fs, node, "extent block", block, "the depth is wrong");
        if (little16(bytes + EXTENT_HEADER_ENTRIES) > 0 && entry_logical(bytes, 0) < begin)
            return volume_corrupt(fs, node, "extent block", block,
                                  "it begins before what the node above says");
    }
    return find_in_leaf(fs, node, bytes, logical, limit, block, run);
}
