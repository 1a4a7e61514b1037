/* SPDX-License-Identifier: MIT */
/*
 * damage: see damage.h. The cache of a file system that was read whole holds every block of its
 * metadata, with the check that it has passed and the inode that it belongs to.
 */
#include "damage.h"
#include "inspect.h"
#include "volume.h"

#include <stdlib.h>
#include <string.h>

enum { CACHE_BYTES = 24 << 20, INTERESTING = 16 };

static enum damage_kind kind_of(const struct cached_block *cached, const uint8_t *bytes)
{
    if (cached->check == directory_check || cached->check == index_check_node)
        return DAMAGE_DIRECTORY;
    if (cached->check == index_check_root)
        return DAMAGE_INDEX_ROOT;
    if (cached->check)
        return little16(bytes) == EXTENT_MAGIC ? DAMAGE_EXTENTS : DAMAGE_ATTRIBUTES;
    return DAMAGE_OTHER;
}

static int compare_places(const void *left, const void *right)
{
    const struct damage_place *a = left, *b = right;
    return (a->block > b->block) - (a->block < b->block);
}

static void add_place(struct damage *damage, uint64_t block)
{
    damage->places = realloc(damage->places, (damage->count + 1) * sizeof *damage->places);
    damage->places[damage->count++] = (struct damage_place){.block = block};
}

/* What was read by the replay, which is not cached any more, and the blocks that it found. */
static void add_journal(struct damage *damage, const struct ext4 *fs)
{
    const struct medium *medium = &damage->medium;
    for (uint64_t at = 0; fs->replayed_transactions && at + 1 < medium->size / fs->block_bytes;
         at++) {
        const uint8_t *bytes = medium->bytes + (at << fs->block_shift);
        uint32_t type = big32(bytes + JOURNAL_TYPE);
        if (big32(bytes) != (uint32_t)JOURNAL_MAGIC)
            continue;
        if (!damage->journal && (type == JOURNAL_SUPERBLOCK || type == JOURNAL_SUPERBLOCK_OLD))
            damage->journal = at;
        add_place(damage, at);
    }
    for (uint64_t i = 0; i < fs->overlay.count; i++)
        add_place(damage, fs->overlay.places[i].value & ~OVERLAY_ESCAPED);
}

bool damage_start(struct damage *damage, const char *path)
{
    struct medium *medium = &damage->medium;
    struct inspection inspection = {.read_max = 0};
    *damage = (struct damage){.count = 0};
    if (!medium_load(medium, path, true) || medium_open(medium, CACHE_BYTES, 0) != EXT4_OK)
        return false;
    inspect(medium->fs, &inspection);
    const struct ext4 *fs = medium->fs;
    damage->block_bytes = fs->block_bytes;
    damage->places = calloc((size_t)fs->cache_sets * CACHE_WAYS + 1, sizeof *damage->places);
    damage->places[damage->count++].block = SUPERBLOCK_OFFSET >> fs->block_shift;
    for (uint32_t i = 0; i < fs->cache_sets * CACHE_WAYS; i++) {
        const struct cached_block *cached = &fs->cached[i];
        if (cached->block == EXT4_NO_BLOCK || cached->block == damage->places[0].block)
            continue;
        damage->places[damage->count++] = (struct damage_place){
            cached->block, cached->owner,
            kind_of(cached, medium->bytes + (cached->block << fs->block_shift))};
    }
    qsort(damage->places, damage->count, sizeof *damage->places, compare_places);
    add_journal(damage, fs);
    medium_close(medium);
    damage->sound = malloc(medium->size);
    memcpy(damage->sound, medium->bytes, medium->size);
    return inspection.errors == 0;
}

/* --- Checksums -------------------------------------------------------------------------------- */

static void repair_inode(const struct ext4 *fs, uint32_t number, uint8_t *bytes)
{
    uint8_t words[8];
    set_little32(words, number);
    memcpy(words + 4, bytes + INODE_GENERATION, 4);
    uint32_t crc = crc32c(fs, fs->checksum_seed, words, sizeof words);
    bool is_wide = fs->inode_bytes > INODE_OLD_BYTES && little16(bytes + INODE_EXTRA) >= 4;
    memset(bytes + INODE_CHECKSUM, 0, 2);
    if (is_wide)
        memset(bytes + INODE_CHECKSUM_HIGH, 0, 2);
    crc = crc32c(fs, crc, bytes, fs->inode_bytes);
    bytes[INODE_CHECKSUM] = (uint8_t)crc;
    bytes[INODE_CHECKSUM + 1] = (uint8_t)(crc >> 8);
    if (is_wide) {
        bytes[INODE_CHECKSUM_HIGH] = (uint8_t)(crc >> 16);
        bytes[INODE_CHECKSUM_HIGH + 1] = (uint8_t)(crc >> 24);
    }
}

static void repair_descriptor(const struct ext4 *fs, uint32_t group, uint8_t *bytes)
{
    uint8_t number[4];
    set_little32(number, group);
    uint32_t crc = crc32c(fs, fs->checksum_seed, number, sizeof number);
    if (fs->is_checked) {
        crc = crc32c_around(fs, crc, bytes, fs->descriptor_bytes, DESCRIPTOR_CHECKSUM, 2);
    } else {
        uint16_t old = crc16(UINT16_MAX, fs->identifier, sizeof fs->identifier);
        old = crc16(old, number, sizeof number);
        old = crc16(old, bytes, DESCRIPTOR_CHECKSUM);
        crc = crc16(old, bytes + DESCRIPTOR_BYTES_OLD, fs->descriptor_bytes - DESCRIPTOR_BYTES_OLD);
    }
    bytes[DESCRIPTOR_CHECKSUM] = (uint8_t)crc;
    bytes[DESCRIPTOR_CHECKSUM + 1] = (uint8_t)(crc >> 8);
}

/* The inodes of a block, or the descriptors of the first one; `fs` is the sound file system. */
static void repair_other(struct ext4 *fs, uint64_t block, uint8_t *bytes)
{
    uint32_t per_block = fs->block_bytes / fs->inode_bytes;
    uint64_t table;
    uint32_t in_use;
    if (block == (fs->block_bytes == 1024 ? 2u : 1u)) {
        uint32_t count = fs->block_bytes / fs->descriptor_bytes;
        for (uint32_t i = 0; i < count && i < fs->groups; i++)
            repair_descriptor(fs, i, bytes + i * fs->descriptor_bytes);
        return;
    }
    for (uint32_t group = 0; group < fs->groups && fs->is_checked; group++) {
        if (group_find(fs, group, &table, &in_use) != EXT4_OK || block < table ||
            (block - table) * per_block >= fs->inodes_per_group)
            continue;
        uint32_t first = group * fs->inodes_per_group + (uint32_t)(block - table) * per_block + 1;
        for (uint32_t i = 0; i < per_block; i++)
            repair_inode(fs, first + i, bytes + i * fs->inode_bytes);
    }
}

/* A block of an index: its checksum is behind as many entries as it says that it has room for. */
static void repair_index(const struct ext4 *fs, uint32_t seed, uint8_t *bytes, uint32_t place)
{
    uint32_t limit = little16(bytes + place), count = little16(bytes + place + INDEX_COUNT);
    if (place + limit * INDEX_ENTRY_BYTES + INDEX_TAIL_BYTES > fs->block_bytes || count > limit)
        return;
    uint8_t *tail = bytes + place + limit * INDEX_ENTRY_BYTES;
    uint32_t crc = crc32c(fs, seed, bytes, place + count * INDEX_ENTRY_BYTES);
    set_little32(tail + 4, crc32c_around(fs, crc, tail, INDEX_TAIL_BYTES, 4, 4));
}

static void repair_owned(const struct ext4 *fs, const struct damage_place *place, uint32_t seed,
                         uint8_t *bytes)
{
    uint32_t end = fs->block_bytes - ENTRY_TAIL_BYTES;
    uint32_t tail = EXTENT_HEADER_BYTES +
                    little16(bytes + EXTENT_HEADER_MAX) * EXTENT_ENTRY_BYTES;
    uint8_t number[8];
    switch (place->kind) {
    case DAMAGE_EXTENTS:
        if (tail + 4 <= fs->block_bytes)
            set_little32(bytes + tail, crc32c(fs, seed, bytes, tail));
        break;
    case DAMAGE_DIRECTORY:
        if (index_is_node(fs, bytes))
            repair_index(fs, seed, bytes, INDEX_NODE_ENTRIES);
        else
            set_little32(bytes + end + ENTRY_TAIL_CHECKSUM, crc32c(fs, seed, bytes, end));
        break;
    case DAMAGE_INDEX_ROOT:
        repair_index(fs, seed, bytes, INDEX_ROOT_ENTRIES);
        break;
    case DAMAGE_ATTRIBUTES:
        set_little32(number, (uint32_t)place->block);
        set_little32(number + 4, 0);
        seed = crc32c(fs, fs->checksum_seed, number, sizeof number);
        set_little32(bytes + ATTRIBUTE_BLOCK_CHECKSUM,
                     crc32c_around(fs, seed, bytes, fs->block_bytes, ATTRIBUTE_BLOCK_CHECKSUM, 4));
        break;
    }
}

/* A block of the journal, where they have checksums. */
static void repair_journal(const struct damage *damage, const struct ext4 *fs, uint8_t *bytes)
{
    const uint8_t *super = damage->medium.bytes + (damage->journal << fs->block_shift);
    uint32_t seed = crc32c(fs, UINT32_MAX, super + JOURNAL_IDENTIFIER, 16);
    uint32_t count = fs->block_bytes, at = count - JOURNAL_TAIL_BYTES;
    if (!(big32(super + JOURNAL_INCOMPATIBLE) & (JOURNAL_HAS_CHECKSUM2 | JOURNAL_HAS_CHECKSUM3)))
        return;
    if (big32(bytes + JOURNAL_TYPE) == JOURNAL_COMMIT) {
        at = JOURNAL_COMMIT_CHECKSUM;
    } else if (big32(bytes + JOURNAL_TYPE) == JOURNAL_SUPERBLOCK) {
        seed = UINT32_MAX;
        count = JOURNAL_SUPERBLOCK_BYTES;
        at = JOURNAL_CHECKSUM;
    }
    uint32_t crc = crc32c_around(fs, seed, bytes, count, at, 4);
    for (int i = 0; i < 4; i++)
        bytes[at + (uint32_t)i] = (uint8_t)(crc >> (24 - 8 * i));
}

static void repair(const struct damage *damage, struct ext4 *fs, const struct damage_place *place,
                   uint8_t *bytes)
{
    struct ext4_node owner;
    if (damage->journal && big32(bytes) == (uint32_t)JOURNAL_MAGIC) {
        repair_journal(damage, fs, bytes);
        return;
    }
    if (place->block == (uint64_t)SUPERBLOCK_OFFSET >> fs->block_shift) {
        uint8_t *super = bytes + (SUPERBLOCK_OFFSET & (fs->block_bytes - 1));
        set_little32(super + SUPER_CHECKSUM, crc32c(fs, UINT32_MAX, super, SUPER_CHECKSUM));
    } else if (place->kind == DAMAGE_OTHER) {
        repair_other(fs, place->block, bytes);
    } else if (fs->is_checked && inode_open(fs, place->owner, &owner) == EXT4_OK) {
        repair_owned(fs, place, owner.checksum_seed, bytes);
    }
}

/* --- Changes ---------------------------------------------------------------------------------- */

static const struct damage_place *place_of(const struct damage *damage, const uint8_t *change)
{
    return &damage->places[little16(change) % damage->count];
}

/* Numbers at which something may go wrong; the last ones are those of the image. */
static uint32_t interesting(const struct damage *damage, const struct damage_place *place,
                            uint32_t index)
{
    uint32_t blocks = (uint32_t)(damage->medium.size / damage->block_bytes);
    const uint32_t numbers[INTERESTING] = {
        0, 1, 2, 8, 0x7f, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
        blocks, blocks - 1, (uint32_t)place->block, place->owner};
    return numbers[index % INTERESTING];
}

/* A change: place and offset (16 bits each), what is done, a number, and 16 bits of a value. */
static void change_block(const struct damage *damage, const struct damage_place *place,
                         const uint8_t *change, uint8_t *bytes)
{
    uint32_t offset = little16(change + 2) % damage->block_bytes, action = change[4] % 8;
    uint32_t aligned = offset & ~3u, value = little16(change + 6);
    uint32_t number = interesting(damage, place, change[5]);
    const struct damage_place *other = &damage->places[value % damage->count];
    switch (action) {
    case 0:
        bytes[offset] = (uint8_t)value;
        break;
    case 1:
        bytes[offset] ^= (uint8_t)(1u << (value & 7));
        break;
    case 2:
        set_little32(bytes + aligned, number);
        break;
    case 3:
        bytes[offset & ~1u] = (uint8_t)number;
        bytes[(offset & ~1u) + 1] = (uint8_t)(number >> 8);
        break;
    case 4:
        set_little32(bytes + aligned, little32(bytes + aligned) + (uint32_t)(int8_t)change[5]);
        break;
    case 5: /* points to another block of metadata */
        set_little32(bytes + aligned, (uint32_t)other->block);
        break;
    case 6: /* is another block of metadata */
        memmove(bytes, damage->medium.bytes + other->block * damage->block_bytes,
                damage->block_bytes);
        break;
    default:
        memmove(bytes + aligned, bytes + (value % damage->block_bytes & ~3u), 4);
        break;
    }
}

void damage_apply(struct damage *damage, const uint8_t *input, size_t bytes, bool is_repaired)
{
    /* The sound file system, for what checksums are made of. */
    struct ext4 *fs = NULL;
    if (is_repaired && medium_open(&damage->medium, 1 << 18, EXT4_IGNORE_JOURNAL) == EXT4_OK)
        fs = damage->medium.fs;
    for (size_t at = 0; at + DAMAGE_BYTES <= bytes; at += DAMAGE_BYTES) {
        const struct damage_place *place = place_of(damage, input + at);
        change_block(damage, place, input + at,
                     damage->medium.bytes + place->block * damage->block_bytes);
    }
    for (size_t at = 0; fs && at + DAMAGE_BYTES <= bytes; at += DAMAGE_BYTES) {
        const struct damage_place *place = place_of(damage, input + at);
        repair(damage, fs, place, damage->medium.bytes + place->block * damage->block_bytes);
    }
    medium_close(&damage->medium);
}

void damage_undo(struct damage *damage, const uint8_t *input, size_t bytes)
{
    for (size_t at = 0; at + DAMAGE_BYTES <= bytes; at += DAMAGE_BYTES) {
        uint64_t offset = place_of(damage, input + at)->block * damage->block_bytes;
        memcpy(damage->medium.bytes + offset, damage->sound + offset, damage->block_bytes);
    }
}
