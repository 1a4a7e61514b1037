/* SPDX-License-Identifier: MIT */
/*
 * journal: the recovery of a file system that was not unmounted, without a write (jbd2's format).
 *
 * The log is a ring of blocks. A transaction is descriptors, each with the blocks that it lists
 * behind it, lists of revoked blocks, and a commit block; its number is in each of them. Three
 * passes go over the transactions: the first finds the last one that was committed and counts, the
 * second collects what was revoked and when, the third notes for each block the newest copy in the
 * log: in a table, which becomes the file system's overlay. A pass visits each block at most once.
 */
#include "volume.h"

#include "text.h"

/* More than mke2fs(8) lets a journal have: whoever asks for more wants us to read for hours. */
enum { JOURNAL_BLOCKS_MAX = 10240000 };

enum pass { PASS_SCAN, PASS_REVOKE, PASS_REPLAY };

struct journal {
    struct ext4 *fs;
    struct ext4_node node;
    uint32_t first, end; /* the blocks of the ring; fast commits are behind it */
    uint32_t start, sequence; /* of the oldest transaction; start 0: there is none */
    uint32_t end_sequence;    /* of the first that was not committed */
    uint32_t incompatible, checksum_seed, fast_blocks;
    uint64_t logged, revoked; /* in the committed transactions, each as often as it is there */
    /* During the replay a place's value is RING_PLACE() of its copy in the log; that of a
     * revocation is its transaction's number, from the oldest on. So the largest is the newest. */
    struct block_table places, revocations;
};

/* The copy's place in the log, in blocks from its beginning, with a bit that belongs to it. */
#define RING_PLACE(offset, is_escaped) ((uint64_t)(offset) << 1 | (is_escaped))

/* Where a pass is. */
struct position {
    enum pass pass;
    uint32_t block, sequence, visited;
    uint64_t logged, revoked;       /* in the transaction */
    uint64_t bad_block;             /* of a descriptor or list with a wrong checksum; or none */
    bool is_over;
};

static bool has(const struct journal *journal, uint32_t feature)
{
    return (journal->incompatible & feature) != 0;
}

static bool has_checksums(const struct journal *journal)
{
    return has(journal, JOURNAL_HAS_CHECKSUM2 | JOURNAL_HAS_CHECKSUM3) &&
           !(journal->fs->options & EXT4_IGNORE_CHECKSUMS);
}

static enum ext4_status wrong(struct journal *journal, uint64_t block, const char *what)
{
    return volume_corrupt(journal->fs, &journal->node, "journal block", block, what);
}

/* Where a block of the journal lies. */
static enum ext4_status find_block(struct journal *journal, uint32_t logical, uint64_t *block)
{
    return file_block(journal->fs, &journal->node, logical, "journal", block);
}

/* A block of the journal: the overlay is not there yet, so this is what lies on the device. */
static enum ext4_status read_block(struct journal *journal, uint32_t logical, uint64_t *block,
                                   const uint8_t **bytes)
{
    enum ext4_status status = find_block(journal, logical, block);
    return status == EXT4_OK ? cache_block(journal->fs, *block, NULL, NULL, bytes) : status;
}

/* --- The journal's superblock ----------------------------------------------------------------- */

static enum ext4_status read_features(struct journal *journal, uint64_t block,
                                      const uint8_t *bytes)
{
    struct ext4 *fs = journal->fs;
    journal->incompatible = big32(bytes + JOURNAL_INCOMPATIBLE);
    if (has(journal, JOURNAL_HAS_CHECKSUM2) && has(journal, JOURNAL_HAS_CHECKSUM3))
        return wrong(journal, block, "it has two kinds of checksums");
    if (has_checksums(journal)) {
        if (bytes[JOURNAL_CHECKSUM_TYPE] != JOURNAL_CRC32C)
            return wrong(journal, block, "the type of its checksums is unknown");
        if (crc32c_around(fs, UINT32_MAX, bytes, JOURNAL_SUPERBLOCK_BYTES, JOURNAL_CHECKSUM, 4) !=
            big32(bytes + JOURNAL_CHECKSUM))
            return wrong(journal, block, "the checksum of the journal's superblock is wrong");
    }
    journal->checksum_seed = crc32c(fs, UINT32_MAX, bytes + JOURNAL_IDENTIFIER, 16);
    if (has(journal, JOURNAL_HAS_FAST_COMMIT)) {
        journal->fast_blocks = big32(bytes + JOURNAL_FAST_BLOCKS);
        if (!journal->fast_blocks)
            journal->fast_blocks = JOURNAL_FAST_BLOCKS_DEFAULT;
    }
    return EXT4_OK;
}

static enum ext4_status read_superblock(struct journal *journal)
{
    struct ext4 *fs = journal->fs;
    const uint8_t *bytes;
    uint64_t block;
    enum ext4_status status = read_block(journal, 0, &block, &bytes);
    if (status != EXT4_OK)
        return status;
    uint32_t type = big32(bytes + JOURNAL_TYPE), length = big32(bytes + JOURNAL_LENGTH);
    if (big32(bytes) != (uint32_t)JOURNAL_MAGIC ||
        (type != JOURNAL_SUPERBLOCK && type != JOURNAL_SUPERBLOCK_OLD))
        return wrong(journal, block, "it is no superblock of a journal");
    if (big32(bytes + JOURNAL_BLOCK_BYTES) != fs->block_bytes)
        return wrong(journal, block, "the journal has another block size than the file system");
    if (length > journal->node.size >> fs->block_shift)
        return wrong(journal, block, "the journal is longer than its file");
    if (length > JOURNAL_BLOCKS_MAX || length > fs->blocks)
        return wrong(journal, block, "the journal is longer than any can be");
    journal->first = big32(bytes + JOURNAL_FIRST);
    journal->sequence = big32(bytes + JOURNAL_NEXT_SEQUENCE);
    journal->start = big32(bytes + JOURNAL_START);
    status = type == JOURNAL_SUPERBLOCK ? read_features(journal, block, bytes) : EXT4_OK;
    if (status != EXT4_OK)
        return status;
    if (journal->fast_blocks >= length)
        return wrong(journal, block, "the area of fast commits is longer than the journal");
    journal->end = length - journal->fast_blocks;
    if (journal->first == 0 || journal->first >= journal->end)
        return wrong(journal, block, "the log has no blocks");
    if (journal->start && (journal->start < journal->first || journal->start >= journal->end))
        return wrong(journal, block, "the log begins outside of the journal");
    return EXT4_OK;
}

/* What we cannot replay, by its name. */
static enum ext4_status check_replayable(struct journal *journal)
{
    uint32_t known = JOURNAL_HAS_REVOKE | JOURNAL_HAS_64BIT | JOURNAL_HAS_CHECKSUM2 |
                     JOURNAL_HAS_CHECKSUM3 | JOURNAL_HAS_FAST_COMMIT;
    uint32_t bit = 0, unknown = journal->incompatible & ~known;
    if (!unknown)
        return EXT4_OK;
    bool is_async = (unknown & JOURNAL_HAS_ASYNC_COMMIT) != 0;
    while (!(unknown >> bit & 1))
        bit++;
    volume_fail(journal->fs, EXT4_UNSUPPORTED, "journal", EXT4_NO_BLOCK, journal->node.number,
                is_async ? "journal_async_commit" : "an unknown feature of the journal, bit");
    journal->fs->error.value = is_async ? 0 : bit;
    return EXT4_UNSUPPORTED;
}

/* --- The blocks of a transaction -------------------------------------------------------------- */

/* Is the checksum in the last four bytes of a descriptor or list right? */
static bool is_tail_right(const struct journal *journal, const uint8_t *bytes)
{
    uint32_t end = journal->fs->block_bytes - JOURNAL_TAIL_BYTES;
    return !has_checksums(journal) ||
           crc32c_around(journal->fs, journal->checksum_seed, bytes, journal->fs->block_bytes, end,
                         JOURNAL_TAIL_BYTES) == big32(bytes + end);
}

/* What of a block of descriptors or a list may hold records. */
static uint32_t usable_bytes(const struct journal *journal)
{
    return journal->fs->block_bytes -
           (has(journal, JOURNAL_HAS_CHECKSUM2 | JOURNAL_HAS_CHECKSUM3) ? JOURNAL_TAIL_BYTES : 0);
}

/* A block that a descriptor lists. */
struct tag {
    uint64_t block;
    uint32_t flags, checksum;
    uint32_t bytes; /* of the tag, with the identifier that may follow it */
};

/* Reads the tag at `at`; false: there is none up to `end`. */
static bool read_tag(const struct journal *journal, const uint8_t *bytes, uint32_t at,
                     uint32_t end, struct tag *tag)
{
    bool is_wide = has(journal, JOURNAL_HAS_64BIT);
    bool is_third = has(journal, JOURNAL_HAS_CHECKSUM3);
    uint32_t high = 8, size = is_wide ? 12 : 8;
    if (is_third)
        size = 16;
    else if (has(journal, JOURNAL_HAS_CHECKSUM2))
        size += 2;
    if (end - at < size)
        return false;
    tag->block = big32(bytes + at);
    tag->checksum = is_third ? big32(bytes + at + 12) : big32(bytes + at + 4) >> 16;
    tag->flags = is_third ? big32(bytes + at + 4) : big32(bytes + at + 4) & 0xffff;
    if (is_wide)
        tag->block |= (uint64_t)big32(bytes + at + high) << 32;
    tag->bytes = size + (tag->flags & TAG_SAME_IDENTIFIER ? 0 : TAG_IDENTIFIER_BYTES);
    return true;
}

static uint32_t next_block(const struct journal *journal, uint32_t block)
{
    return block + 1 < journal->end ? block + 1 : journal->first;
}

/* The number of a transaction, counted from the oldest, since the numbers on the device wrap. */
static uint32_t count_from_oldest(const struct journal *journal, uint32_t sequence)
{
    return sequence - journal->sequence;
}

/* Was the block revoked by this transaction or a later one? */
static bool is_revoked(const struct journal *journal, uint64_t block, uint32_t sequence)
{
    uint64_t last;
    return block_table_find(&journal->revocations, block, &last) &&
           count_from_oldest(journal, sequence) <= last;
}

/* The log had less in it when it was counted. */
static enum ext4_status changed(struct journal *journal, uint64_t block)
{
    return wrong(journal, block, "it changed while the journal was read");
}

/* Notes that the newest content of the tag's block is in a block of the log. */
static enum ext4_status replay_tag(struct journal *journal, const struct tag *tag,
                                   uint32_t sequence, uint32_t logical)
{
    struct ext4 *fs = journal->fs;
    uint64_t block;
    const uint8_t *bytes;
    if (is_revoked(journal, tag->block, sequence))
        return EXT4_OK;
    enum ext4_status status = read_block(journal, logical, &block, &bytes);
    if (status != EXT4_OK)
        return status;
    if (has_checksums(journal)) {
        uint8_t number[4];
        for (int i = 0; i < 4; i++)
            number[i] = (uint8_t)(sequence >> (24 - 8 * i));
        uint32_t crc = crc32c(fs, journal->checksum_seed, number, sizeof number);
        crc = crc32c(fs, crc, bytes, fs->block_bytes);
        if (!has(journal, JOURNAL_HAS_CHECKSUM3))
            crc &= 0xffff;
        if (crc != tag->checksum)
            return wrong(journal, block, "the checksum of a logged block is wrong");
    }
    uint32_t offset = logical >= journal->start
                          ? logical - journal->start
                          : logical - journal->first + (journal->end - journal->start);
    uint64_t value = RING_PLACE(offset, (tag->flags & TAG_ESCAPED) != 0);
    return block_table_add(&journal->places, tag->block, value) ? EXT4_OK : changed(journal, block);
}

/* Makes of the newest places in the log those on the device, as the overlay has them. */
static enum ext4_status find_places(struct journal *journal)
{
    struct block_table *places = &journal->places;
    block_table_sort(places);
    for (uint64_t i = 0; i < places->count; i++) {
        uint64_t value = places->places[i].value, block;
        uint64_t logical = journal->start + (value >> 1);
        if (logical >= journal->end)
            logical -= journal->end - journal->first;
        enum ext4_status status = find_block(journal, (uint32_t)logical, &block);
        if (status != EXT4_OK)
            return status;
        places->places[i].value = block | (value & 1 ? OVERLAY_ESCAPED : 0);
    }
    return EXT4_OK;
}

/* Goes through the tags of a descriptor, and over the blocks behind it. */
static enum ext4_status visit_descriptor(struct journal *journal, struct position *position,
                                         uint64_t block)
{
    uint32_t at = JOURNAL_HEADER_BYTES, end = usable_bytes(journal);
    uint32_t descriptor = position->block;
    struct tag tag;
    for (;;) {
        const uint8_t *bytes;
        enum ext4_status status = read_block(journal, descriptor, &block, &bytes);
        if (status != EXT4_OK)
            return status;
        if (at > end || !read_tag(journal, bytes, at, end, &tag))
            return EXT4_OK;
        at += tag.bytes;
        position->block = next_block(journal, position->block);
        if (++position->visited > journal->end - journal->first) {
            position->is_over = true;
            return EXT4_OK;
        }
        position->logged++;
        if (position->pass == PASS_REPLAY) {
            if (tag.block >= journal->fs->blocks)
                return wrong(journal, block, "it lists a block outside of the file system");
            status = replay_tag(journal, &tag, position->sequence, position->block);
            if (status != EXT4_OK)
                return status;
        }
        if (tag.flags & TAG_LAST)
            return EXT4_OK;
    }
}

static enum ext4_status visit_revoked(struct journal *journal, struct position *position,
                                      uint64_t block, const uint8_t *bytes)
{
    uint32_t size = has(journal, JOURNAL_HAS_64BIT) ? 8 : 4;
    uint32_t end = big32(bytes + JOURNAL_REVOKE_BYTES);
    if (end < JOURNAL_REVOKE_RECORDS || end > usable_bytes(journal)) {
        if (position->pass != PASS_SCAN)
            return wrong(journal, block, "the length of a list of revoked blocks is wrong");
        position->bad_block = block;
        return EXT4_OK;
    }
    for (uint32_t at = JOURNAL_REVOKE_RECORDS; end - at >= size; at += size) {
        position->revoked++;
        if (position->pass == PASS_REVOKE) {
            uint64_t revoked = size == 8 ? (uint64_t)big32(bytes + at) << 32 | big32(bytes + at + 4)
                                         : big32(bytes + at);
            if (!block_table_add(&journal->revocations, revoked,
                                 count_from_oldest(journal, position->sequence)))
                return changed(journal, block);
        }
    }
    return EXT4_OK;
}

/* The end of a transaction: what was in it counts. */
static enum ext4_status visit_commit(struct journal *journal, struct position *position,
                                     uint64_t block, const uint8_t *bytes)
{
    struct ext4 *fs = journal->fs;
    if (has_checksums(journal) &&
        crc32c_around(fs, journal->checksum_seed, bytes, fs->block_bytes, JOURNAL_COMMIT_CHECKSUM,
                      4) != big32(bytes + JOURNAL_COMMIT_CHECKSUM))
        return wrong(journal, block, "the checksum of a commit block is wrong");
    /* Without its commit block it would only be a transaction that was not finished. */
    if (position->bad_block != EXT4_NO_BLOCK)
        return wrong(journal, position->bad_block,
                     "a committed transaction has a block with a wrong checksum or length");
    if (position->pass == PASS_SCAN) {
        journal->logged += position->logged;
        journal->revoked += position->revoked;
        fs->replayed_transactions++;
    }
    position->logged = position->revoked = 0;
    position->sequence++;
    return EXT4_OK;
}

static enum ext4_status run_pass(struct journal *journal, enum pass pass)
{
    struct position position = {.pass = pass, .block = journal->start,
                                .sequence = journal->sequence, .bad_block = EXT4_NO_BLOCK};
    enum ext4_status status = EXT4_OK;
    while (status == EXT4_OK && !position.is_over &&
           position.visited < journal->end - journal->first &&
           (pass == PASS_SCAN || position.sequence != journal->end_sequence)) {
        const uint8_t *bytes;
        uint64_t block;
        status = read_block(journal, position.block, &block, &bytes);
        if (status != EXT4_OK)
            break;
        uint32_t type = big32(bytes + JOURNAL_TYPE);
        if (big32(bytes) != (uint32_t)JOURNAL_MAGIC ||
            big32(bytes + JOURNAL_SEQUENCE) != position.sequence)
            break;
        if ((type == JOURNAL_DESCRIPTOR || type == JOURNAL_REVOKE) &&
            !is_tail_right(journal, bytes))
            position.bad_block = block;
        position.visited++;
        if (type == JOURNAL_DESCRIPTOR)
            status = visit_descriptor(journal, &position, block);
        else if (type == JOURNAL_REVOKE)
            status = visit_revoked(journal, &position, block, bytes);
        else if (type == JOURNAL_COMMIT)
            status = visit_commit(journal, &position, block, bytes);
        else
            break;
        position.block = next_block(journal, position.block);
    }
    if (pass == PASS_SCAN)
        journal->end_sequence = position.sequence;
    return status;
}

/* Behind the log there may be fast commits, which continue it: changes in another form. */
static enum ext4_status check_fast_commits(struct journal *journal)
{
    const uint8_t *bytes;
    uint64_t block;
    if (!journal->fast_blocks)
        return EXT4_OK;
    enum ext4_status status = read_block(journal, journal->end, &block, &bytes);
    if (status != EXT4_OK)
        return status;
    if (little16(bytes) != FAST_COMMIT_HEAD ||
        little32(bytes + FAST_COMMIT_SEQUENCE) != journal->end_sequence)
        return EXT4_OK;
    return volume_fail(journal->fs, EXT4_UNSUPPORTED, "journal", block, journal->node.number,
                       "fast_commit, with changes to replay");
}

static enum ext4_status replay(struct journal *journal)
{
    struct ext4 *fs = journal->fs;
    enum ext4_status status = run_pass(journal, PASS_SCAN);
    if (status == EXT4_OK)
        status = check_fast_commits(journal);
    if (status != EXT4_OK || journal->logged == 0)
        return status;
    /* The tables take their memory from the cache; that of the revocations is given back. */
    status = block_table_start(fs, &journal->places, journal->logged);
    uint8_t *memory_end = fs->memory_end;
    if (status == EXT4_OK)
        status = block_table_start(fs, &journal->revocations, journal->revoked);
    if (status == EXT4_OK)
        status = cache_start(fs);
    if (status == EXT4_OK)
        status = run_pass(journal, PASS_REVOKE);
    block_table_sort(&journal->revocations);
    if (status == EXT4_OK)
        status = run_pass(journal, PASS_REPLAY);
    if (status == EXT4_OK)
        status = find_places(journal);
    if (status != EXT4_OK)
        return status;
    fs->overlay = journal->places;
    fs->memory_end = memory_end;
    return cache_start(fs);
}

enum ext4_status journal_open(struct ext4 *fs)
{
    struct journal journal = {.fs = fs};
    enum ext4_status status = inode_open(fs, fs->journal_inode, &journal.node);
    if (status == EXT4_NOT_FOUND)
        return volume_corrupt(fs, &journal.node, "journal", EXT4_NO_BLOCK, "it has no inode");
    if (status != EXT4_OK)
        return status;
    if (!node_is(&journal.node, MODE_FILE) || journal.node.flags & FLAG_INLINE)
        return volume_corrupt(fs, &journal.node, "journal", EXT4_NO_BLOCK,
                              "it is no regular file");
    if (journal.node.size < fs->block_bytes)
        return volume_corrupt(fs, &journal.node, "journal", EXT4_NO_BLOCK, "it is empty");
    status = read_superblock(&journal);
    if (status != EXT4_OK || !volume_feature(fs, INCOMPATIBLE, INCOMPATIBLE_RECOVER) ||
        !journal.start)
        return status;
    status = check_replayable(&journal);
    return status == EXT4_OK ? replay(&journal) : status;
}
