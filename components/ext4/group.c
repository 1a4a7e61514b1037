/* SPDX-License-Identifier: MIT */
/* group: where the inodes of a group are. Descriptors are read when somebody asks for an inode. */
#include "volume.h"

static const char structure[] = "group descriptors";

static bool is_power_of(uint32_t number, uint32_t base)
{
    while (number % base == 0)
        number /= base;
    return number == 1;
}

/* Does a group begin with a copy of the superblock? */
static bool has_superblock(const struct ext4 *fs, uint32_t group)
{
    if (group == 0)
        return true;
    if (volume_feature(fs, COMPATIBLE, COMPATIBLE_SPARSE_SUPER2))
        return group == fs->backup_groups[0] || group == fs->backup_groups[1];
    if (group == 1 || !volume_feature(fs, READ_ONLY, READ_ONLY_SPARSE_SUPER))
        return true;
    return is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7);
}

/* The block with the descriptors of a group. */
static uint64_t descriptor_block(const struct ext4 *fs, uint32_t group)
{
    uint32_t per_block = fs->block_bytes / fs->descriptor_bytes;
    uint32_t number = group / per_block;
    uint64_t super = fs->block_bytes == 1024 ? 1 : 0;
    if (!volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_META_GROUPS) ||
        number < fs->first_meta_group)
        return super + 1 + number;
    /* With meta_bg each run of groups has its own descriptors in the first of them. */
    uint32_t first = number * per_block;
    uint64_t begin = fs->first_data_block + (uint64_t)first * fs->blocks_per_group;
    return (first == 0 ? super : begin) + has_superblock(fs, first);
}

/* The checksum of a descriptor; groups are numbered, so that none can stand in for another. */
static uint16_t descriptor_checksum(const struct ext4 *fs, uint32_t group, const uint8_t *bytes)
{
    uint8_t number[4];
    set_little32(number, group);
    if (fs->is_checked) {
        uint32_t crc = crc32c(fs, fs->checksum_seed, number, sizeof number);
        return (uint16_t)crc32c_around(fs, crc, bytes, fs->descriptor_bytes, DESCRIPTOR_CHECKSUM,
                                       2);
    }
    uint16_t crc = crc16(UINT16_MAX, fs->identifier, sizeof fs->identifier);
    crc = crc16(crc, number, sizeof number);
    crc = crc16(crc, bytes, DESCRIPTOR_CHECKSUM);
    return crc16(crc, bytes + DESCRIPTOR_BYTES_OLD, fs->descriptor_bytes - DESCRIPTOR_BYTES_OLD);
}

static bool is_checksummed(const struct ext4 *fs)
{
    return fs->is_checked || (volume_feature(fs, READ_ONLY, READ_ONLY_GROUP_CHECKSUM) &&
                              !(fs->options & EXT4_IGNORE_CHECKSUMS));
}

/* Takes from a descriptor what we need of it. */
static enum ext4_status read_descriptor(struct ext4 *fs, uint32_t group, uint64_t block,
                                        const uint8_t *bytes, struct known_group *known)
{
    uint64_t table = little32(bytes + DESCRIPTOR_INODE_TABLE);
    uint32_t unused = little16(bytes + DESCRIPTOR_UNUSED_INODES);
    uint64_t blocks = ((uint64_t)fs->inodes_per_group * fs->inode_bytes + fs->block_bytes - 1) >>
                      fs->block_shift;
    bool is_lazy = volume_feature(fs, READ_ONLY, READ_ONLY_GROUP_CHECKSUM | READ_ONLY_CHECKSUM);
    if (is_checksummed(fs) &&
        descriptor_checksum(fs, group, bytes) != little16(bytes + DESCRIPTOR_CHECKSUM))
        return volume_corrupt(fs, NULL, structure, block, "the checksum is wrong");
    if (fs->descriptor_bytes >= DESCRIPTOR_BYTES) {
        table |= (uint64_t)little32(bytes + DESCRIPTOR_INODE_TABLE_HIGH) << 32;
        unused |= (uint32_t)little16(bytes + DESCRIPTOR_UNUSED_INODES_HIGH) << 16;
    }
    if (!volume_has(fs, table, blocks))
        return volume_corrupt(fs, NULL, structure, block,
                              "the table of inodes lies outside of the file system");
    if (table <= block && block - table < blocks)
        return volume_corrupt(fs, NULL, structure, block,
                              "the table of inodes lies on the descriptors");
    if (!is_lazy)
        unused = 0;
    if (unused > fs->inodes_per_group)
        return volume_corrupt(fs, NULL, structure, block, "more inodes are unused than there are");
    if (is_lazy && little16(bytes + DESCRIPTOR_FLAGS) & DESCRIPTOR_NO_INODES)
        unused = fs->inodes_per_group;
    *known = (struct known_group){group, fs->inodes_per_group - unused, table};
    return EXT4_OK;
}

enum ext4_status group_find(struct ext4 *fs, uint32_t group, uint64_t *table, uint32_t *inodes)
{
    struct known_group *known = &fs->known_groups[group % GROUPS_KNOWN];
    if (!known->table || known->group != group) {
        const uint8_t *bytes;
        uint64_t block = descriptor_block(fs, group);
        known->table = 0;
        if (block >= fs->blocks)
            return volume_corrupt(fs, NULL, structure, block,
                                  "they lie outside of the file system");
        enum ext4_status status = cache_block(fs, block, NULL, NULL, &bytes);
        if (status != EXT4_OK)
            return status;
        bytes += group % (fs->block_bytes / fs->descriptor_bytes) * fs->descriptor_bytes;
        status = read_descriptor(fs, group, block, bytes, known);
        if (status != EXT4_OK)
            return status;
    }
    *table = known->table;
    *inodes = known->inodes;
    return EXT4_OK;
}
