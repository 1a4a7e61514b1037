/* SPDX-License-Identifier: MIT */
/*
 * superblock: the shape of the file system. Whatever other files compute with is checked here, so
 * that no product of these numbers overflows and no quotient is by zero.
 */
#include "volume.h"

#include "text.h"

/* Names by word and bit; "!" before those that we cannot read. */
static const char *const feature_names[FEATURE_WORDS][32] = {
    [COMPATIBLE] = {"dir_prealloc", "imagic_inodes", "has_journal", "ext_attr", "resize_inode",
                    "dir_index", "lazy_bg", "exclude_inode", "exclude_bitmap", "sparse_super2",
                    "fast_commit", "stable_inodes", "orphan_file"},
    [INCOMPATIBLE] = {"!compression", "filetype", "needs_recovery", "!journal_dev", "meta_bg",
                      [6] = "extent", "64bit", "mmp", "flex_bg", "ea_inode",
                      [12] = "!dirdata", "metadata_csum_seed", "large_dir", "inline_data",
                      "!encrypt", "!casefold"},
    [READ_ONLY] = {"sparse_super", "large_file", "btree_dir", "huge_file", "uninit_bg",
                   "dir_nlink", "extra_isize", "snapshot", "quota", "bigalloc", "metadata_csum",
                   "replica", "read-only", "project", "shared_blocks", "!verity",
                   "orphan_present"},
};

const char *ext4_feature_name(unsigned word, unsigned bit)
{
    if (word >= FEATURE_WORDS || bit >= 32 || !feature_names[word][bit])
        return NULL;
    return feature_names[word][bit] + (feature_names[word][bit][0] == '!');
}

static enum ext4_status corrupt(struct ext4 *fs, const char *what)
{
    return volume_corrupt(fs, NULL, "superblock", SUPERBLOCK_OFFSET >> fs->block_shift, what);
}

static enum ext4_status unsupported(struct ext4 *fs, const char *what, uint64_t value)
{
    volume_fail(fs, EXT4_UNSUPPORTED, "superblock", EXT4_NO_BLOCK, 0, what);
    fs->error.value = value;
    return EXT4_UNSUPPORTED;
}

/* Refuses what we cannot read: by name, or by the number of the word and the bit. */
static enum ext4_status check_features(struct ext4 *fs)
{
    static const char *const unknown[FEATURE_WORDS] = {
        [INCOMPATIBLE] = "an unknown incompatible feature, bit",
        [READ_ONLY] = "an unknown read-only compatible feature, bit"};
    for (unsigned word = INCOMPATIBLE; word < FEATURE_WORDS; word++)
        for (unsigned bit = 0; bit < 32; bit++) {
            const char *name = feature_names[word][bit];
            if (!(fs->features[word] >> bit & 1))
                continue;
            if (!name)
                return unsupported(fs, unknown[word], bit);
            if (name[0] == '!')
                return unsupported(fs, name + 1, 0);
        }
    return EXT4_OK;
}

/* How many bytes a block and an inode have, and from when on inodes are nobody's but users'. */
static enum ext4_status read_sizes(struct ext4 *fs, const uint8_t *bytes)
{
    uint32_t shift = little32(bytes + SUPER_BLOCK_SHIFT);
    uint32_t cluster_shift = little32(bytes + SUPER_CLUSTER_SHIFT);
    if (shift > 6)
        return corrupt(fs, "the block size is more than 64 KiB");
    fs->block_shift = 10 + shift;
    fs->block_bytes = 1u << fs->block_shift;
    fs->cluster_bytes = fs->block_bytes;
    if (volume_feature(fs, READ_ONLY, READ_ONLY_CLUSTERS)) {
        if (cluster_shift < shift || cluster_shift > 20)
            return corrupt(fs, "the cluster size is wrong");
        fs->cluster_bytes = 1024u << cluster_shift;
    }
    fs->inode_bytes = fs->revision ? little16(bytes + SUPER_INODE_BYTES) : INODE_OLD_BYTES;
    fs->first_inode = fs->revision ? little32(bytes + SUPER_FIRST_INODE) : FIRST_INODE;
    if (fs->inode_bytes < INODE_BYTES_MIN || fs->inode_bytes > fs->block_bytes ||
        (fs->inode_bytes & (fs->inode_bytes - 1)))
        return corrupt(fs, "the inode size is wrong");
    fs->descriptor_bytes = DESCRIPTOR_BYTES_OLD;
    if (volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_64BIT)) {
        fs->descriptor_bytes = little16(bytes + SUPER_DESCRIPTOR_BYTES);
        if (fs->descriptor_bytes < DESCRIPTOR_BYTES || fs->descriptor_bytes > 1024 ||
            (fs->descriptor_bytes & (fs->descriptor_bytes - 1)))
            return corrupt(fs, "the size of group descriptors is wrong");
    }
    if (bytes[SUPER_FLEX_SHIFT] > 31)
        return corrupt(fs, "the size of flexible groups is wrong");
    return EXT4_OK;
}

static uint64_t wide(const struct ext4 *fs, const uint8_t *bytes, uint32_t low, uint32_t high)
{
    uint64_t value = little32(bytes + low);
    if (volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_64BIT))
        value |= (uint64_t)little32(bytes + high) << 32;
    return value;
}

/* How many blocks, groups and inodes there are. */
static enum ext4_status read_counts(struct ext4 *fs, const uint8_t *bytes)
{
    bool has_clusters = volume_feature(fs, READ_ONLY, READ_ONLY_CLUSTERS);
    fs->blocks = wide(fs, bytes, SUPER_BLOCKS, SUPER_BLOCKS_HIGH);
    fs->free_blocks = wide(fs, bytes, SUPER_FREE_BLOCKS, SUPER_FREE_BLOCKS_HIGH) *
                      (fs->cluster_bytes / fs->block_bytes);
    fs->reserved_blocks = wide(fs, bytes, SUPER_RESERVED, SUPER_RESERVED_HIGH);
    fs->free_inodes = little32(bytes + SUPER_FREE_INODES);
    fs->first_data_block = little32(bytes + SUPER_FIRST_DATA_BLOCK);
    fs->blocks_per_group = little32(bytes + SUPER_BLOCKS_PER_GROUP);
    fs->inodes_per_group = little32(bytes + SUPER_INODES_PER_GROUP);
    fs->inodes = little32(bytes + SUPER_INODES);
    /* With blocks of 1 KiB, block 0 is the boot sector's, but with clusters of several. */
    if (fs->first_data_block != (fs->block_bytes == 1024 && !has_clusters) &&
        !(has_clusters && fs->block_bytes == 1024 && fs->first_data_block == 1))
        return corrupt(fs, "the first data block is wrong");
    if (fs->blocks <= fs->first_data_block || fs->blocks >> 48)
        return corrupt(fs, "the count of blocks is wrong");
    if (fs->source.bytes >> fs->block_shift < fs->blocks)
        return corrupt(fs, "it counts more blocks than the device has");
    uint64_t bits = UINT64_C(8) * fs->block_bytes;
    if (fs->blocks_per_group == 0 || fs->blocks_per_group % 8 ||
        fs->blocks_per_group > bits * (fs->cluster_bytes / fs->block_bytes))
        return corrupt(fs, "the count of blocks in a group is wrong");
    if (fs->inodes_per_group < fs->block_bytes / fs->inode_bytes || fs->inodes_per_group > bits)
        return corrupt(fs, "the count of inodes in a group is wrong");
    uint64_t groups = (fs->blocks - fs->first_data_block - 1) / fs->blocks_per_group + 1;
    if (groups * fs->inodes_per_group != fs->inodes)
        return corrupt(fs, "the counts of groups and inodes do not agree");
    fs->groups = (uint32_t)groups;
    if (fs->first_inode < FIRST_INODE || fs->first_inode > fs->inodes)
        return corrupt(fs, "the first inode is wrong");
    fs->first_meta_group = little32(bytes + SUPER_FIRST_META_GROUP);
    return EXT4_OK;
}

/* How metadata is checked; the sum of the superblock itself. */
static enum ext4_status read_checksums(struct ext4 *fs, const uint8_t *bytes)
{
    fs->is_checked = volume_feature(fs, READ_ONLY, READ_ONLY_CHECKSUM) &&
                     !(fs->options & EXT4_IGNORE_CHECKSUMS);
    memcpy(fs->identifier, bytes + SUPER_IDENTIFIER, sizeof fs->identifier);
    fs->checksum_seed = volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_SEED)
                            ? little32(bytes + SUPER_CHECKSUM_SEED)
                            : crc32c(fs, UINT32_MAX, fs->identifier, sizeof fs->identifier);
    if (!fs->is_checked)
        return EXT4_OK;
    if (bytes[SUPER_CHECKSUM_TYPE] != CHECKSUM_CRC32C)
        return unsupported(fs, "an unknown type of checksums, number", bytes[SUPER_CHECKSUM_TYPE]);
    if (crc32c(fs, UINT32_MAX, bytes, SUPER_CHECKSUM) != little32(bytes + SUPER_CHECKSUM))
        return corrupt(fs, "the checksum is wrong");
    return EXT4_OK;
}

enum ext4_status superblock_read(struct ext4 *fs, const uint8_t *bytes)
{
    enum ext4_status status;
    fs->block_shift = 10;
    if (little16(bytes + SUPER_MAGIC) != SUPERBLOCK_MAGIC)
        return corrupt(fs, "the magic number is wrong: this is no ext2, ext3 or ext4 file system");
    fs->revision = little32(bytes + SUPER_REVISION);
    if (fs->revision > 1)
        return unsupported(fs, "an unknown revision, number", fs->revision);
    for (uint32_t word = 0; word < FEATURE_WORDS; word++)
        fs->features[word] = fs->revision ? little32(bytes + SUPER_COMPATIBLE + 4 * word) : 0;
    if ((status = check_features(fs)) != EXT4_OK || (status = read_checksums(fs, bytes)) != EXT4_OK
        || (status = read_sizes(fs, bytes)) != EXT4_OK ||
        (status = read_counts(fs, bytes)) != EXT4_OK)
        return status;
    memcpy(fs->label, bytes + SUPER_LABEL, sizeof fs->label - 1);
    memcpy(fs->mounted, bytes + SUPER_MOUNTED, sizeof fs->mounted - 1);
    for (uint32_t i = 0; i < 4; i++)
        fs->hash_seed[i] = little32(bytes + SUPER_HASH_SEED + 4 * i);
    for (uint32_t i = 0; i < 2; i++)
        fs->backup_groups[i] = little32(bytes + SUPER_BACKUP_GROUPS + 4 * i);
    fs->hash_is_unsigned = little32(bytes + SUPER_FLAGS) & SUPER_FLAG_UNSIGNED_HASH;
    fs->journal_inode = 0;
    if (volume_feature(fs, COMPATIBLE, COMPATIBLE_JOURNAL)) {
        fs->journal_inode = little32(bytes + SUPER_JOURNAL_INODE);
        if (!fs->journal_inode)
            return unsupported(fs, "an external journal", 0);
    }
    return EXT4_OK;
}
