/* SPDX-License-Identifier: MIT */
/*
 * volume: what the files of ext4 share. An open file system, its blocks, and how errors are said.
 *
 * Blocks of metadata are read through a cache of sets of four. A pointer into it is valid until the
 * next block is asked for: whoever walks takes out of a block what it needs before it goes on.
 */
#ifndef EXT4_VOLUME_H
#define EXT4_VOLUME_H

#include "ext4.h"
#include "layout.h"

enum { CACHE_WAYS = 4, CACHE_SETS_MIN = 2, GROUPS_KNOWN = 64 };

#define FILE_BLOCKS_MAX (UINT64_C(1) << 32) /* of a file: its blocks are numbered by 32 bits */

/*
 * Checks a block that was just read as what somebody wants it to be, for the inode that it belongs
 * to, if any; nothing else is asked for meanwhile. The function is also the name of the kind: a
 * block that passed is not checked again while it is cached.
 */
typedef enum ext4_status block_check(struct ext4 *fs, const struct ext4_node *owner,
                                     uint64_t block, const uint8_t *bytes);

struct cached_block {
    uint64_t block; /* EXT4_NO_BLOCK: nothing is in it */
    block_check *check;
    uint32_t owner;
    uint32_t used; /* when: the smallest of a set is replaced */
};

/*
 * Blocks by number, each with a value. They are sorted once, when all are there: then whatever
 * numbers a journal has chosen, finding one takes the logarithm of their count, and no hash can be
 * made to collide.
 */
struct block_table {
    struct block_place {
        uint64_t block, value;
    } *places;
    uint64_t room, count;
};

struct ext4 {
    struct ext4_source source;
    struct ext4_error error;
    uint32_t options;
    /* The geometry, as the superblock has it and superblock.c has checked it. */
    uint32_t block_bytes, block_shift, cluster_bytes, inode_bytes, descriptor_bytes;
    uint32_t first_data_block, blocks_per_group, inodes_per_group, groups, inodes, first_inode;
    uint32_t first_meta_group, backup_groups[2], revision;
    uint64_t blocks, free_blocks, reserved_blocks;
    uint32_t free_inodes;
    uint32_t features[FEATURE_WORDS];
    uint32_t journal_inode;
    uint32_t checksum_seed, hash_seed[4];
    bool is_checked; /* by checksums of metadata */
    bool hash_is_unsigned;
    uint8_t identifier[16];
    char label[17], mounted[65];
    /* Groups by their number modulo the size: the block of the table of inodes. */
    struct known_group {
        uint32_t group, inodes; /* that may be in use */
        uint64_t table; /* 0: nothing is known */
    } known_groups[GROUPS_KNOWN];
    /* The memory behind this: the cache, and from the end on what the journal replaces. */
    uint8_t *memory, *memory_end;
    struct cached_block *cached;
    uint8_t *cached_bytes;
    uint32_t cache_sets, cache_clock;
    struct block_table overlay; /* value: the block to read instead; OVERLAY_ESCAPED */
    uint64_t replayed_transactions, linear_lookups;
    uint32_t crc32c_table[8][256];
};

#define OVERLAY_ESCAPED (UINT64_C(1) << 63) /* the first bytes are the journal's magic number */

/* Keeps what went wrong and answers `status`. `block` may be EXT4_NO_BLOCK, `inode` 0. */
enum ext4_status volume_fail(struct ext4 *fs, enum ext4_status status, const char *structure,
                             uint64_t block, uint32_t inode, const char *what);
/* The same for EXT4_CORRUPT; the inode is that of the owner, which may be NULL. */
enum ext4_status volume_corrupt(struct ext4 *fs, const struct ext4_node *owner,
                                const char *structure, uint64_t block, const char *what);

/* --- cache.c ---------------------------------------------------------------------------------- */

/* Lays the cache into the memory that is there; also empties it. EXT4_NO_MEMORY. */
enum ext4_status cache_start(struct ext4 *fs);
/* A block that passes `check` (NULL: any does), at *bytes until the next block is asked for. */
enum ext4_status cache_block(struct ext4 *fs, uint64_t block, block_check *check,
                             const struct ext4_node *owner, const uint8_t **bytes);
/* Reads `count` blocks in a row to `buffer`, past the cache, with what the journal replaces. */
enum ext4_status volume_read(struct ext4 *fs, uint64_t block, uint64_t count, uint8_t *buffer,
                             const char *structure, uint32_t inode);
/* Reads bytes of the device as they are; `block` is for the error. */
enum ext4_status device_read(struct ext4 *fs, uint64_t offset, uint8_t *buffer, size_t bytes,
                             const char *structure, uint64_t block, uint32_t inode);
/* Takes memory for `entries` from the end; the cache must be started anew. EXT4_NO_MEMORY. */
enum ext4_status block_table_start(struct ext4 *fs, struct block_table *table, uint64_t entries);
/* Adds a value of a block; false: there are more than the entries that were asked for. */
bool block_table_add(struct block_table *table, uint64_t block, uint64_t value);
/* Sorts what was added; of several values of one block the largest stays. */
void block_table_sort(struct block_table *table);
/* The index of the first place whose block is not below `block`; `count` when all are. Sorted. */
uint64_t block_table_from(const struct block_table *table, uint64_t block);
/* Finds the value of a block; false when it has none. Sorted. */
bool block_table_find(const struct block_table *table, uint64_t block, uint64_t *value);

/* Are these blocks of the file system, behind the superblock? */
static inline bool volume_has(const struct ext4 *fs, uint64_t block, uint64_t count)
{
    return block > fs->first_data_block && block < fs->blocks && count <= fs->blocks - block;
}

static inline bool volume_feature(const struct ext4 *fs, enum feature_word word, uint32_t bit)
{
    return (fs->features[word] & bit) != 0;
}

static inline bool node_is(const struct ext4_node *node, enum mode_type type)
{
    return (node->mode & MODE_TYPE) == type;
}

/* --- checksum.c ------------------------------------------------------------------------------- */

void crc32c_start(struct ext4 *fs);
/* CRC-32C by Castagnoli, reflected, without the inversion at both ends. */
uint32_t crc32c(const struct ext4 *fs, uint32_t crc, const void *bytes, size_t count);
/* The same of a structure in which the `hole_bytes` at `hole` count as zeros. */
uint32_t crc32c_around(const struct ext4 *fs, uint32_t crc, const uint8_t *bytes, size_t count,
                       size_t hole, size_t hole_bytes);
/* CRC-16 (polynomial 0x8005, reflected), of descriptors without metadata_csum. */
uint16_t crc16(uint16_t crc, const void *bytes, size_t count);

/* --- superblock.c, group.c, inode.c ----------------------------------------------------------- */

/* Takes over a superblock of SUPERBLOCK_BYTES bytes. EXT4_CORRUPT, EXT4_UNSUPPORTED. */
enum ext4_status superblock_read(struct ext4 *fs, const uint8_t *bytes);
/* The first block of a group's table of inodes, and how many of them may be in use. */
enum ext4_status group_find(struct ext4 *fs, uint32_t group, uint64_t *table, uint32_t *inodes);
/* The bytes of an inode, in the cache, unchecked. */
enum ext4_status inode_bytes(struct ext4 *fs, uint32_t number, const uint8_t **bytes);
/* Opens any inode that is in use, reserved ones too. */
enum ext4_status inode_open(struct ext4 *fs, uint32_t number, struct ext4_node *node);

/* --- extent.c, block_map.c, file.c ------------------------------------------------------------ */

/* Blocks of a file that lie in a row, from the asked one on; `count` is at least 1. */
struct block_run {
    enum ext4_run_kind kind;
    uint64_t count;
    uint64_t block; /* of EXT4_DATA and EXT4_UNWRITTEN */
};

/* Checks the root of the tree of extents in an inode, which lies in `block`. */
enum ext4_status extent_check_root(struct ext4 *fs, const struct ext4_node *node, uint64_t block);
enum ext4_status extent_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                             struct block_run *run);
/* The first block that a map without extents cannot hold. */
uint64_t block_map_limit(const struct ext4 *fs);
enum ext4_status block_map_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                                struct block_run *run);
/* Either of the two; `logical` is below FILE_BLOCKS_MAX. */
enum ext4_status file_find(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                           struct block_run *run);
/* The block of a file that must not be a hole there; for directories. */
enum ext4_status file_block(struct ext4 *fs, const struct ext4_node *node, uint64_t logical,
                            const char *structure, uint64_t *block);
/* Reads from an offset on, of a node of any type that has blocks. */
enum ext4_status file_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                           uint8_t *buffer, size_t bytes, size_t *got);
/* Does the target of a symbolic link lie in the inode itself? */
bool link_is_short(const struct ext4 *fs, const struct ext4_node *node);

/* --- directory.c, htree.c, hash.c ------------------------------------------------------------- */

/* An entry as it lies in a block. */
struct raw_entry {
    uint32_t inode, bytes, name_bytes, type;
    const char *name;
};

bool directory_has_index(const struct ext4 *fs, const struct ext4_node *directory);
/* Reads the entry at `at`, which a check has passed. */
void directory_entry(const struct ext4 *fs, const uint8_t *at, struct raw_entry *entry);
/* Where the entries of a block end: its checksum is behind them. */
uint32_t directory_end(const struct ext4 *fs);
/* Checks that entries follow each other from `from` to `end`, each in order. */
enum ext4_status directory_check_entries(struct ext4 *fs, const struct ext4_node *owner,
                                         uint64_t block, const uint8_t *bytes, uint32_t from,
                                         uint32_t end);
/* A block of entries; in an indexed directory also a block of the index, which has none. */
block_check directory_check;
/* The first block of an indexed directory. */
block_check index_check_root;
/* A lower block of the index. */
block_check index_check_node;
/* Does a block look like a lower block of the index: one free entry that fills it? */
bool index_is_node(const struct ext4 *fs, const uint8_t *bytes);
/* Looks for a name among the entries between two places; *inode is 0 when it is not there. */
void directory_search(const struct ext4 *fs, const uint8_t *bytes, uint32_t from, uint32_t end,
                      const char *name, size_t name_bytes, uint32_t *inode, uint32_t *type);
/* Finds a name by the index; *is_usable is false when its hash is unknown to us. */
enum ext4_status index_find(struct ext4 *fs, const struct ext4_node *directory, const char *name,
                            size_t name_bytes, uint32_t *inode, uint32_t *type, bool *is_usable);
/* The hash of a name by a version, without its last bit; false: the version is unknown. */
bool hash_name(const struct ext4 *fs, uint32_t version, const char *name, size_t name_bytes,
               uint32_t *hash);

/* --- attribute.c, acl.c, inline.c, journal.c -------------------------------------------------- */

/* Where a value lies: in the inode, in the block of attributes, or in an inode of its own. */
struct attribute_value {
    uint64_t block;  /* of attributes; 0: in the inode */
    uint32_t offset; /* in the inode or the block */
    uint32_t inode;  /* not 0: it has an inode of its own */
    uint32_t bytes, hash;
};

/* Finds the attribute of an index and the rest of its name among those in the inode itself. */
enum ext4_status attribute_find_inside(struct ext4 *fs, const struct ext4_node *node,
                                       uint32_t index, const char *name, size_t name_bytes,
                                       struct attribute_value *value);
/* The bytes of an access control list, in the form of getxattr(), for one that has `bytes` bytes on
 * the device; 0: no list has so many. */
size_t acl_size(uint32_t bytes);
/* Converts it in place: the buffer has room for acl_size(bytes). False: it is malformed. */
bool acl_convert(uint8_t *buffer, uint32_t bytes);

/* Reads inline data of a file or a symbolic link. */
enum ext4_status inline_read(struct ext4 *fs, const struct ext4_node *node, uint64_t offset,
                             uint8_t *buffer, size_t bytes);
/* The entries of an inline directory: two parts, in the inode's map and behind it. A part that is
 * not there has no bytes. The pointer is into the cache or the node. */
enum ext4_status inline_part(struct ext4 *fs, const struct ext4_node *node, unsigned part,
                             const uint8_t **bytes, uint32_t *count);

/* Checks the journal; replays it into the overlay when it needs recovery. */
enum ext4_status journal_open(struct ext4 *fs);

#endif
