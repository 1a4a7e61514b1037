/* SPDX-License-Identifier: MIT */
/* file: the bytes of files and symbolic links. */
#include "volume.h"

#include "text.h"

enum ext4_status file_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                           struct block_run *run)
{
    return node->flags & FLAG_EXTENTS ? extent_find(fs, node, logical, run)
                                      : block_map_find(fs, node, logical, run);
}

enum ext4_status file_block(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                            const char *structure, uint64_t *block)
{
    struct block_run run;
    enum ext4_status status = file_find(fs, node, logical, &run);
    if (status == EXT4_OK && run.kind != EXT4_DATA)
        status = volume_corrupt(fs, node, structure, EXT4_NO_BLOCK, "a part of it is a hole");
    *block = run.block;
    return status;
}

/* Reads from blocks in a row, from a byte of the first on: whole blocks to their place, the parts
 * at both ends through the cache. */
static enum ext4_status read_row(struct ext4 *fs, const struct ext4_node *node, uint64_t block,
                                 uint32_t skip, uint8_t *buffer, size_t bytes)
{
    while (bytes > 0) {
        size_t part = fs->block_bytes - skip < bytes ? fs->block_bytes - skip : bytes;
        enum ext4_status status;
        if (part < fs->block_bytes) {
            const uint8_t *from;
            status = cache_block(fs, block, NULL, node, &from);
            if (status == EXT4_OK)
                memcpy(buffer, from + skip, part);
            block++;
        } else {
            uint64_t count = bytes >> fs->block_shift;
            part = (size_t)count << fs->block_shift;
            status = volume_read(fs, block, count, buffer, "block", node->number);
            block += count;
        }
        if (status != EXT4_OK)
            return status;
        buffer += part;
        bytes -= part;
        skip = 0;
    }
    return EXT4_OK;
}

enum ext4_status file_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                           uint8_t *buffer, size_t bytes, size_t *got)
{
    *got = 0;
    if (offset >= node->size)
        return EXT4_OK;
    if (bytes > node->size - offset)
        bytes = (size_t)(node->size - offset);
    if (node->flags & FLAG_INLINE) {
        enum ext4_status status = inline_read(fs, node, offset, buffer, bytes);
        *got = status == EXT4_OK ? bytes : 0;
        return status;
    }
    while (*got < bytes) {
        struct block_run run;
        uint64_t at = offset + *got;
        uint32_t skip = (uint32_t)at & (fs->block_bytes - 1);
        enum ext4_status status = file_find(fs, node, at >> fs->block_shift, &run);
        if (status != EXT4_OK)
            return status;
        uint64_t room = (run.count << fs->block_shift) - skip;
        size_t part = room < bytes - *got ? (size_t)room : bytes - *got;
        if (run.kind == EXT4_DATA)
            status = read_row(fs, node, run.block, skip, buffer + *got, part);
        else
            memset(buffer + *got, 0, part);
        if (status != EXT4_OK)
            return status;
        *got += part;
    }
    return EXT4_OK;
}

enum ext4_status ext4_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                           void *buffer, size_t bytes, size_t *got)
{
    *got = 0;
    if (!node_is(node, MODE_FILE))
        return volume_fail(fs, EXT4_WRONG_KIND, "inode", EXT4_NO_BLOCK, node->number,
                           "it is no regular file");
    if (node->flags & FLAG_ENCRYPTED)
        return volume_fail(fs, EXT4_UNSUPPORTED, "inode", EXT4_NO_BLOCK, node->number, "encrypt");
    return file_read(fs, node, offset, buffer, bytes, got);
}

/* Cuts a run of data before the first block that the journal replaces; true: that is its first. */
static bool cut_at_overlay(const struct ext4 *fs, struct block_run *run)
{
    uint64_t at = block_table_from(&fs->overlay, run->block);
    if (at == fs->overlay.count)
        return false;
    uint64_t before = fs->overlay.places[at].block - run->block;
    if (before < run->count)
        run->count = before > 0 ? before : 1;
    return before == 0;
}

enum ext4_status ext4_run(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                          struct ext4_run *run)
{
    struct block_run blocks;
    *run = (struct ext4_run){.kind = EXT4_DATA, .device = EXT4_NO_BLOCK};
    if (!node_is(node, MODE_FILE))
        return volume_fail(fs, EXT4_WRONG_KIND, "inode", EXT4_NO_BLOCK, node->number,
                           "it is no regular file");
    if (offset >= node->size)
        return EXT4_OK;
    if (node->flags & FLAG_INLINE) {
        run->bytes = node->size - offset;
        return EXT4_OK;
    }
    enum ext4_status status = file_find(fs, node, offset >> fs->block_shift, &blocks);
    if (status != EXT4_OK)
        return status;
    uint32_t skip = (uint32_t)offset & (fs->block_bytes - 1);
    uint64_t rest = ((node->size - 1) >> fs->block_shift) + 1 - (offset >> fs->block_shift);
    run->kind = blocks.kind;
    blocks.count = blocks.count < rest ? blocks.count : rest;
    if (blocks.kind == EXT4_DATA && !cut_at_overlay(fs, &blocks))
        run->device = (blocks.block << fs->block_shift) + skip;
    run->bytes = (blocks.count << fs->block_shift) - skip;
    return EXT4_OK;
}

bool link_is_short(const struct ext4 *fs, const struct ext4_node *node)
{
    /* Since a link may have a block of attributes, its sectors alone do not say it. */
    uint64_t attributes = node->attributes ? fs->cluster_bytes / 512 : 0;
    return !(node->flags & (FLAG_INLINE | FLAG_EXTENTS)) && node->sectors <= attributes;
}

enum ext4_status ext4_read_link(struct ext4 *fs, const struct ext4_node *node, char *buffer,
                                size_t room, size_t *bytes)
{
    size_t got;
    *bytes = (size_t)node->size;
    if (!node_is(node, MODE_LINK))
        return volume_fail(fs, EXT4_WRONG_KIND, "inode", EXT4_NO_BLOCK, node->number,
                           "it is no symbolic link");
    if (node->flags & FLAG_ENCRYPTED)
        return volume_fail(fs, EXT4_UNSUPPORTED, "inode", EXT4_NO_BLOCK, node->number, "encrypt");
    if (room < node->size)
        return volume_fail(fs, EXT4_NO_ROOM, "inode", EXT4_NO_BLOCK, node->number,
                           "the target is longer than the buffer");
    if (link_is_short(fs, node)) {
        memcpy(buffer, node->map, *bytes);
    } else {
        enum ext4_status status = file_read(fs, node, 0, (uint8_t *)buffer, *bytes, &got);
        if (status != EXT4_OK)
            return status;
    }
    for (size_t i = 0; i < *bytes; i++)
        if (buffer[i] == '\0')
            return volume_corrupt(fs, node, "symbolic link", EXT4_NO_BLOCK,
                                  "the target holds a NUL");
    return EXT4_OK;
}
