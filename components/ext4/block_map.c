/* SPDX-License-Identifier: MIT */
/*
 * block_map: files without extents. Twelve blocks are in the inode, the others behind blocks of
 * pointers, in one, two and three steps. Such blocks have no checksum; each pointer is checked when
 * it is followed, and none may lead back to a block on the way to it.
 */
#include "volume.h"

enum { DIRECT = 12, LEVELS_MAX = 3 };

static const char structure[] = "block of pointers";

static uint64_t pointers_per_block(const struct ext4 *fs)
{
    return fs->block_bytes / 4;
}

uint64_t block_map_limit(const struct ext4 *fs)
{
    uint64_t pointers = pointers_per_block(fs);
    uint64_t limit = DIRECT + pointers + pointers * pointers + pointers * pointers * pointers;
    return limit < FILE_BLOCKS_MAX ? limit : FILE_BLOCKS_MAX;
}

/* How many of `pointers`, at most `count`, lead to blocks in a row, or nowhere like the first. */
static uint64_t count_row(const uint8_t *pointers, uint64_t count)
{
    uint64_t first = little32(pointers), row = 1;
    while (row < count && little32(pointers + 4 * row) == (first ? first + row : 0))
        row++;
    return row;
}

/* Finds how many steps lead to a block, its index behind the first of them, and the blocks that one
 * pointer of the first step stands for. */
static uint32_t find_levels(const struct ext4 *fs, uint64_t logical, uint64_t *index,
                            uint64_t *span)
{
    uint64_t pointers = pointers_per_block(fs);
    uint32_t levels = 0;
    *span = 1;
    *index = logical;
    for (uint64_t room = DIRECT; *index >= room && levels < LEVELS_MAX; levels++) {
        *index -= room;
        *span *= levels ? pointers : 1;
        room = *span * pointers;
    }
    return levels;
}

enum ext4_status block_map_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                                struct block_run *run)
{
    uint64_t way[LEVELS_MAX + 1], index, span, pointers = pointers_per_block(fs);
    const uint8_t *bytes = node->map;
    if (logical >= block_map_limit(fs))
        return volume_corrupt(fs, node, "inode", EXT4_NO_BLOCK,
                              "it has more blocks than it can point to");
    uint32_t levels = find_levels(fs, logical, &index, &span);
    uint64_t slot = levels ? DIRECT + levels - 1 : index;
    uint64_t room = levels ? 1 : DIRECT - index;
    for (uint32_t level = 0; level < levels; level++) {
        uint64_t block = little32(bytes + 4 * slot);
        if (block == 0) {
            uint64_t behind = span * pointers; /* the blocks that this pointer stands for */
            *run = (struct block_run){EXT4_HOLE, behind - index % behind, 0};
            return EXT4_OK;
        }
        for (uint32_t i = 0; i < level; i++)
            if (way[i] == block)
                return volume_corrupt(fs, node, structure, block, "it leads to itself");
        if (!volume_has(fs, block, 1))
            return volume_corrupt(fs, node, structure, block,
                                  "it lies outside of the file system");
        way[level] = block;
        enum ext4_status status = cache_block(fs, block, NULL, node, &bytes);
        if (status != EXT4_OK)
            return status;
        slot = index / span % pointers;
        room = pointers - slot;
        span = level + 1 < levels ? span / pointers : span;
    }
    uint64_t count = count_row(bytes + 4 * slot, room), block = little32(bytes + 4 * slot);
    *run = (struct block_run){block ? EXT4_DATA : EXT4_HOLE, count, block};
    for (uint32_t i = 0; i < levels; i++)
        if (block && way[i] >= block && way[i] - block < count)
            return volume_corrupt(fs, node, structure, way[i], "it leads to itself");
    if (block && !volume_has(fs, block, count))
        return volume_corrupt(fs, node, levels ? structure : "inode",
                              levels ? way[levels - 1] : EXT4_NO_BLOCK,
                              "a pointer leads out of the file system");
    return EXT4_OK;
}
