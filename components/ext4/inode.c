/* SPDX-License-Identifier: MIT */
/* inode: opens inodes. What a node says of itself is checked here; others may rely on it. */
#include "volume.h"

#include "text.h"

_Static_assert(sizeof(struct ext4_node) <= 256, "an open file takes at most 256 bytes");

enum { NANOSECONDS_MAX = 999999999 };

static const char structure[] = "inode";

/* The block with an inode and where it is in it. */
static enum ext4_status inode_place(struct ext4 *fs, uint32_t number, uint64_t *block,
                                    uint32_t *offset)
{
    uint64_t table;
    uint32_t in_use;
    if (number == 0 || number > fs->inodes)
        return volume_fail(fs, EXT4_NOT_FOUND, structure, EXT4_NO_BLOCK, number,
                           "the file system has none of this number");
    uint32_t group = (number - 1) / fs->inodes_per_group;
    uint32_t index = (number - 1) % fs->inodes_per_group;
    enum ext4_status status = group_find(fs, group, &table, &in_use);
    if (status != EXT4_OK)
        return status;
    if (index >= in_use)
        return volume_fail(fs, EXT4_NOT_FOUND, structure, EXT4_NO_BLOCK, number,
                           "it is not in use");
    uint64_t byte = (uint64_t)index * fs->inode_bytes;
    *block = table + (byte >> fs->block_shift);
    *offset = (uint32_t)byte & (fs->block_bytes - 1);
    return EXT4_OK;
}

enum ext4_status inode_bytes(struct ext4 *fs, uint32_t number, const uint8_t **bytes)
{
    uint64_t block;
    uint32_t offset;
    enum ext4_status status = inode_place(fs, number, &block, &offset);
    if (status == EXT4_OK)
        status = cache_block(fs, block, NULL, NULL, bytes);
    if (status == EXT4_OK)
        *bytes += offset;
    return status;
}

/* Does the second part of an inode reach behind the 32 bits at `place`? */
static bool has_extra(const struct ext4_node *node, uint32_t place)
{
    return INODE_OLD_BYTES + (uint32_t)node->extra >= place + 4;
}

/* A time: 32 bits with a sign, and where there is room 2 more bits and 30 of nanoseconds. */
static struct ext4_time read_time(const struct ext4_node *node, const uint8_t *bytes,
                                  uint32_t place, uint32_t extra_place)
{
    struct ext4_time time = {.seconds = (int32_t)little32(bytes + place)};
    if (has_extra(node, extra_place)) {
        uint32_t extra = little32(bytes + extra_place);
        time.seconds += (int64_t)(extra & 3) << 32;
        time.nanoseconds = extra >> 2;
    }
    return time;
}

static void read_times(struct ext4_node *node, const uint8_t *bytes)
{
    node->accessed = read_time(node, bytes, INODE_ACCESSED, INODE_ACCESSED_EXTRA);
    node->changed = read_time(node, bytes, INODE_CHANGED, INODE_CHANGED_EXTRA);
    node->modified = read_time(node, bytes, INODE_MODIFIED, INODE_MODIFIED_EXTRA);
    if (has_extra(node, INODE_CREATED_EXTRA))
        node->created = read_time(node, bytes, INODE_CREATED, INODE_CREATED_EXTRA);
    if (has_extra(node, INODE_VERSION_HIGH))
        node->version |= (uint64_t)little32(bytes + INODE_VERSION_HIGH) << 32;
    if (has_extra(node, INODE_PROJECT))
        node->project = little32(bytes + INODE_PROJECT);
}

/* Where size and sectors have more than 32 bits; the owner's 16 further ones. */
static void read_numbers(const struct ext4 *fs, struct ext4_node *node, const uint8_t *bytes)
{
    node->mode = little16(bytes + INODE_MODE);
    node->links = little16(bytes + INODE_LINKS);
    node->flags = little32(bytes + INODE_FLAGS);
    node->generation = little32(bytes + INODE_GENERATION);
    node->version = little32(bytes + INODE_VERSION);
    node->user = little16(bytes + INODE_USER) | (uint32_t)little16(bytes + INODE_USER_HIGH) << 16;
    node->group = little16(bytes + INODE_GROUP) |
                  (uint32_t)little16(bytes + INODE_GROUP_HIGH) << 16;
    node->size = little32(bytes + INODE_SIZE);
    if (node_is(node, MODE_FILE) ||
        volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_LARGE_DIRECTORY))
        node->size |= (uint64_t)little32(bytes + INODE_SIZE_HIGH) << 32;
    node->sectors = little32(bytes + INODE_SECTORS);
    if (volume_feature(fs, READ_ONLY, READ_ONLY_HUGE_FILE)) {
        node->sectors |= (uint64_t)little16(bytes + INODE_SECTORS_HIGH) << 32;
        if (node->flags & FLAG_HUGE)
            node->sectors <<= fs->block_shift - 9;
    }
    node->attributes = little32(bytes + INODE_ATTRIBUTES);
    if (volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_64BIT))
        node->attributes |= (uint64_t)little16(bytes + INODE_ATTRIBUTES_HIGH) << 32;
    memcpy(node->map, bytes + INODE_MAP, sizeof node->map);
}

/* A device's number: the old form of 16 bits, or the new one of 32 behind it. */
static void read_device(struct ext4_node *node)
{
    uint32_t old = little32(node->map), wide = little32(node->map + 4);
    if (old) {
        node->device_major = old >> 8 & 0xff;
        node->device_minor = old & 0xff;
    } else {
        node->device_major = wide >> 8 & 0xfff;
        node->device_minor = (wide & 0xff) | (wide >> 12 & 0xfff00);
    }
}

static enum ext4_status check_sum(struct ext4 *fs, struct ext4_node *node, uint64_t block,
                                  const uint8_t *bytes)
{
    uint8_t words[8];
    set_little32(words, node->number);
    set_little32(words + 4, little32(bytes + INODE_GENERATION));
    node->checksum_seed = crc32c(fs, fs->checksum_seed, words, sizeof words);
    if (!fs->is_checked)
        return EXT4_OK;
    bool is_wide = node->extra >= INODE_EXTRA_TO_CHECKSUM;
    uint32_t crc = crc32c_around(fs, node->checksum_seed, bytes, INODE_OLD_BYTES, INODE_CHECKSUM,
                                 2);
    uint32_t kept = little16(bytes + INODE_CHECKSUM);
    if (fs->inode_bytes > INODE_OLD_BYTES) {
        const uint8_t *rest = bytes + INODE_OLD_BYTES;
        size_t count = fs->inode_bytes - INODE_OLD_BYTES;
        crc = is_wide ? crc32c_around(fs, crc, rest, count, INODE_CHECKSUM_HIGH - INODE_OLD_BYTES,
                                      2)
                      : crc32c(fs, crc, rest, count);
    }
    if (is_wide)
        kept |= (uint32_t)little16(bytes + INODE_CHECKSUM_HIGH) << 16;
    else
        crc &= 0xffff;
    return crc == kept ? EXT4_OK
                       : volume_corrupt(fs, node, structure, block, "the checksum is wrong");
}

/* What the type says about size and flags. */
static const char *check_shape(const struct ext4 *fs, const struct ext4_node *node)
{
    uint64_t limit = node->flags & FLAG_EXTENTS ? FILE_BLOCKS_MAX : block_map_limit(fs);
    /* A directory has no holes: with more blocks than there are, some would be in it twice. */
    uint64_t directory_limit = limit < fs->blocks ? limit : fs->blocks;
    bool is_inline = (node->flags & FLAG_INLINE) != 0;
    if (is_inline && !volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_INLINE))
        return "it has inline data, which the file system has not";
    if (node->flags & FLAG_EXTENTS && !volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_EXTENTS))
        return "it has extents, which the file system has not";
    switch (node->mode & MODE_TYPE) {
    case MODE_FILE:
        if (node->size > limit << fs->block_shift)
            return "the size is more than its blocks can be";
        break;
    case MODE_DIRECTORY:
        if (!is_inline && (node->size == 0 || node->size & (fs->block_bytes - 1) ||
                           node->size > directory_limit << fs->block_shift))
            return "the size of a directory is wrong";
        break;
    case MODE_LINK:
        if (node->size == 0 || node->size > fs->block_bytes ||
            (link_is_short(fs, node) && node->size >= INODE_MAP_BYTES))
            return "the length of a symbolic link is wrong";
        break;
    case MODE_FIFO: case MODE_CHARACTER: case MODE_BLOCK: case MODE_SOCKET:
        break;
    default:
        return "the type is wrong";
    }
    if (node->accessed.nanoseconds > NANOSECONDS_MAX ||
        node->changed.nanoseconds > NANOSECONDS_MAX ||
        node->modified.nanoseconds > NANOSECONDS_MAX || node->created.nanoseconds > NANOSECONDS_MAX)
        return "a time has a second or more of nanoseconds";
    if (node->attributes && !volume_has(fs, node->attributes, 1))
        return "the block of attributes lies outside of the file system";
    return NULL;
}

enum ext4_status inode_open(struct ext4 *fs, uint32_t number, struct ext4_node *node)
{
    uint64_t block;
    uint32_t offset;
    const uint8_t *bytes;
    const char *wrong;
    *node = (struct ext4_node){.number = number};
    enum ext4_status status = inode_place(fs, number, &block, &offset);
    if (status == EXT4_OK)
        status = cache_block(fs, block, NULL, NULL, &bytes);
    if (status != EXT4_OK)
        return status;
    bytes += offset;
    if (little16(bytes + INODE_MODE) == 0 || little16(bytes + INODE_LINKS) == 0)
        return volume_fail(fs, EXT4_NOT_FOUND, structure, block, number, "it is not in use");
    if (fs->inode_bytes > INODE_OLD_BYTES) {
        node->extra = little16(bytes + INODE_EXTRA);
        if (node->extra > fs->inode_bytes - INODE_OLD_BYTES || node->extra % 4)
            return volume_corrupt(fs, node, structure, block,
                                  "the size of its second part is wrong");
    }
    if ((status = check_sum(fs, node, block, bytes)) != EXT4_OK)
        return status;
    read_numbers(fs, node, bytes);
    read_times(node, bytes);
    if (node_is(node, MODE_CHARACTER) || node_is(node, MODE_BLOCK))
        read_device(node);
    if ((wrong = check_shape(fs, node)))
        return volume_corrupt(fs, node, structure, block, wrong);
    if (node->flags & FLAG_EXTENTS && !(node->flags & FLAG_INLINE) &&
        (node_is(node, MODE_FILE) || node_is(node, MODE_DIRECTORY) || node_is(node, MODE_LINK)))
        return extent_check_root(fs, node, block);
    return EXT4_OK;
}

enum ext4_status ext4_node(struct ext4 *fs, uint32_t number, struct ext4_node *node)
{
    /* The first ones are the file system's own: the journal, quotas, the resize inode. */
    if (number < fs->first_inode && number != EXT4_ROOT)
        return volume_fail(fs, EXT4_NOT_FOUND, structure, EXT4_NO_BLOCK, number, "it is reserved");
    return inode_open(fs, number, node);
}
