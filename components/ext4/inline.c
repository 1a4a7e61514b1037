/* SPDX-License-Identifier: MIT */
/*
 * inline: files and directories that lie in the inode: in the 60 bytes of the map, and further in
 * the value of the attribute "system.data", which is in the inode too.
 */
#include "volume.h"

#include "text.h"

/* The part behind the map: its bytes, in the cache. It may be missing. */
static enum ext4_status find_rest(struct ext4 *fs, const struct ext4_node *node,
                                  const uint8_t **bytes, uint32_t *count)
{
    struct attribute_value value;
    *count = 0;
    *bytes = NULL;
    enum ext4_status status = attribute_find_inside(fs, node, ATTRIBUTE_INDEX_SYSTEM, "data", 4,
                                                    &value);
    if (status == EXT4_NOT_FOUND)
        return EXT4_OK;
    if (status != EXT4_OK)
        return status;
    if (value.inode)
        return volume_corrupt(fs, node, "inline data", EXT4_NO_BLOCK, "it is in another inode");
    status = inode_bytes(fs, node->number, bytes);
    *bytes = status == EXT4_OK && value.bytes ? *bytes + value.offset : NULL;
    *count = value.bytes;
    return status;
}

enum ext4_status inline_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                             uint8_t *buffer, size_t bytes)
{
    const uint8_t *rest;
    uint32_t count;
    enum ext4_status status = find_rest(fs, node, &rest, &count);
    if (status != EXT4_OK)
        return status;
    if (node->size > INODE_MAP_BYTES + (uint64_t)count)
        return volume_corrupt(fs, node, "inline data", EXT4_NO_BLOCK,
                              "the file is longer than its data");
    if (offset < INODE_MAP_BYTES) {
        size_t part = INODE_MAP_BYTES - offset < bytes ? INODE_MAP_BYTES - (size_t)offset : bytes;
        memcpy(buffer, node->map + offset, part);
        buffer += part;
        offset += part;
        bytes -= part;
    }
    if (bytes > 0)
        memcpy(buffer, rest + (offset - INODE_MAP_BYTES), bytes);
    return EXT4_OK;
}

enum ext4_status inline_part(struct ext4 *fs, const struct ext4_node *node, unsigned part,
                             const uint8_t **bytes, uint32_t *count)
{
    if (part > 0)
        return find_rest(fs, node, bytes, count);
    *bytes = node->map + 4;
    *count = INODE_MAP_BYTES - 4;
    return EXT4_OK;
}
