/* SPDX-License-Identifier: MIT */
/* aim: see aim.h. The structures are looked for in the sound image. */
#include "aim.h"
#include "volume.h"

enum { TRIES = 64 };

/* What a block is for us: more kinds than it takes to make checksums right. */
enum target { SUPERBLOCK, DESCRIPTORS, INODES, JOURNAL, EXTENTS, DIRECTORY, INDEX, ATTRIBUTES,
              TARGETS };

static const uint16_t super_fields[] = {
    SUPER_INODES, SUPER_BLOCKS, SUPER_FREE_BLOCKS, SUPER_FIRST_DATA_BLOCK, SUPER_BLOCK_SHIFT,
    SUPER_CLUSTER_SHIFT, SUPER_BLOCKS_PER_GROUP, SUPER_INODES_PER_GROUP, SUPER_REVISION,
    SUPER_FIRST_INODE, SUPER_INODE_BYTES, SUPER_COMPATIBLE, SUPER_INCOMPATIBLE, SUPER_READ_ONLY,
    SUPER_JOURNAL_INODE, SUPER_DESCRIPTOR_BYTES, SUPER_FIRST_META_GROUP, SUPER_BLOCKS_HIGH,
    SUPER_FLEX_SHIFT, SUPER_CHECKSUM_TYPE, SUPER_BACKUP_GROUPS, SUPER_FLAGS};
static const uint16_t descriptor_fields[] = {
    DESCRIPTOR_INODE_TABLE, DESCRIPTOR_FLAGS, DESCRIPTOR_UNUSED_INODES,
    DESCRIPTOR_INODE_TABLE_HIGH, DESCRIPTOR_UNUSED_INODES_HIGH};
static const uint16_t inode_fields[] = {
    INODE_MODE, INODE_SIZE, INODE_LINKS, INODE_SECTORS, INODE_FLAGS, INODE_FLAGS + 2, INODE_MAP,
    INODE_MAP + 2, INODE_MAP + 4, INODE_MAP + 6, INODE_MAP + 12, INODE_MAP + 16, INODE_MAP + 20,
    INODE_MAP + 24, INODE_MAP + 48, INODE_MAP + 52, INODE_MAP + 56, INODE_ATTRIBUTES,
    INODE_SIZE_HIGH, INODE_ATTRIBUTES_HIGH, INODE_EXTRA, INODE_MODIFIED_EXTRA, 160, 164, 166, 168,
    172};
static const uint16_t journal_fields[] = {
    JOURNAL_TYPE, JOURNAL_SEQUENCE, JOURNAL_BLOCK_BYTES, JOURNAL_LENGTH, JOURNAL_FIRST,
    JOURNAL_NEXT_SEQUENCE, JOURNAL_START, 32, 36, JOURNAL_INCOMPATIBLE, JOURNAL_INCOMPATIBLE + 2,
    44, 48, JOURNAL_CHECKSUM_TYPE, JOURNAL_FAST_BLOCKS};
static const uint16_t extent_fields[] = {
    EXTENT_HEADER_MAGIC, EXTENT_HEADER_ENTRIES, EXTENT_HEADER_MAX, EXTENT_HEADER_DEPTH, 12, 16, 18,
    20, 24, 28, 30, 32};
static const uint16_t index_fields[] = {
    0, ENTRY_BYTES, 12 + ENTRY_INODE, 12 + ENTRY_BYTES, INDEX_RESERVED, INDEX_HASH_VERSION,
    INDEX_INFO_BYTES, INDEX_LEVELS, INDEX_ROOT_ENTRIES, INDEX_ROOT_ENTRIES + 2,
    INDEX_ROOT_ENTRIES + 4, INDEX_ROOT_ENTRIES + 8, INDEX_ROOT_ENTRIES + 12};
static const uint16_t attribute_fields[] = {
    0, 8, 32, 33, 34, 36, 40, 48, 49, 50, 52, 56, 60, 64, 68, 72};

static const struct {
    const uint16_t *fields;
    uint32_t count;
} tables[TARGETS] = {
#define TABLE(fields) {fields, sizeof(fields) / sizeof *(fields)}
    [SUPERBLOCK] = TABLE(super_fields), [DESCRIPTORS] = TABLE(descriptor_fields),
    [INODES] = TABLE(inode_fields), [JOURNAL] = TABLE(journal_fields),
    [EXTENTS] = TABLE(extent_fields), [INDEX] = TABLE(index_fields),
    [ATTRIBUTES] = TABLE(attribute_fields),
#undef TABLE
};

/* Marsaglia's xorshift (2003), of 64 bits. */
uint32_t aim_random(uint64_t *state, uint32_t limit)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32) % limit;
}

static enum target target_of(const struct damage *damage, const struct damage_place *place)
{
    const uint8_t *bytes = damage->sound + place->block * damage->block_bytes;
    uint64_t super = (uint64_t)SUPERBLOCK_OFFSET / damage->block_bytes;
    if (place->block == super)
        return SUPERBLOCK;
    if (place->block == super + 1)
        return DESCRIPTORS;
    if (big32(bytes) == (uint32_t)JOURNAL_MAGIC)
        return JOURNAL;
    switch (place->kind) {
    case DAMAGE_EXTENTS:
        return EXTENTS;
    case DAMAGE_DIRECTORY:
        return DIRECTORY;
    case DAMAGE_INDEX_ROOT:
        return INDEX;
    case DAMAGE_ATTRIBUTES:
        return ATTRIBUTES;
    default:
        return INODES;
    }
}

/* A field of one of the entries of a directory's block, whichever one is reached. */
static uint32_t entry_field(const struct damage *damage, const uint8_t *block, uint64_t *state)
{
    uint32_t at = 0, steps = aim_random(state, 20);
    for (; steps > 0; steps--) {
        uint32_t bytes = little16(block + at + ENTRY_BYTES);
        if (bytes < ENTRY_NAME || at + bytes + ENTRY_NAME > damage->block_bytes)
            break;
        at += bytes;
    }
    return at + (aim_random(state, 2) ? ENTRY_BYTES : 0) + (aim_random(state, 4) ? 0 : 2);
}

void aim(const struct damage *damage, uint64_t *state, uint8_t *change)
{
    static const uint16_t descriptor_sizes[] = {DESCRIPTOR_BYTES_OLD, DESCRIPTOR_BYTES};
    static const uint16_t inode_sizes[] = {INODE_OLD_BYTES, 2 * INODE_OLD_BYTES};
    static const uint8_t actions[] = {2, 2, 2, 3, 3, 3, 0, 1, 4, 5, 6, 7};
    const uint8_t *super = damage->sound + SUPERBLOCK_OFFSET;
    bool is_wide = little32(super + SUPER_INCOMPATIBLE) & INCOMPATIBLE_64BIT;
    bool is_large = little16(super + SUPER_INODE_BYTES) > INODE_OLD_BYTES;
    enum target wanted = (enum target)aim_random(state, TARGETS), target = TARGETS;
    uint32_t index = 0, offset;
    for (uint32_t i = 0; i < TRIES && target != wanted; i++) {
        index = aim_random(state, (uint32_t)damage->count);
        target = target_of(damage, &damage->places[index]);
    }
    const uint8_t *block = damage->sound + damage->places[index].block * damage->block_bytes;
    if (target == DIRECTORY)
        offset = entry_field(damage, block, state);
    else
        offset = tables[target].fields[aim_random(state, tables[target].count)];
    if (target == SUPERBLOCK)
        offset += SUPERBLOCK_OFFSET % damage->block_bytes;
    else if (target == DESCRIPTORS)
        offset += aim_random(state, 8) * descriptor_sizes[is_wide];
    else if (target == INODES)
        offset += aim_random(state, 16) * inode_sizes[is_large];
    change[0] = (uint8_t)index;
    change[1] = (uint8_t)(index >> 8);
    change[2] = (uint8_t)offset;
    change[3] = (uint8_t)(offset >> 8);
    /* In a field a number that means something goes further than a bit that is turned. */
    change[4] = actions[aim_random(state, sizeof actions)];
    for (int i = 5; i < DAMAGE_BYTES; i++)
        change[i] = (uint8_t)aim_random(state, 256);
}
