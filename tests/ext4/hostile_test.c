/* SPDX-License-Identifier: MIT */
/*
 * Images whose numbers are in order one by one, but together would keep a reader busy for hours, or
 * make it say what is not so. Each is a sound image with a few bytes changed. How long something
 * takes is judged by what is read of the device.
 */
#include "inspect.h"
#include "medium.h"
#include "probe.h"
#include "volume.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

static struct medium medium;

/* Where an inode is in the image; the image is as it was before anything was changed. */
static uint8_t *inode_in_image(uint32_t number)
{
    uint64_t table;
    uint32_t in_use;
    CU_ASSERT_FATAL(medium_open(&medium, EXT4_MEMORY_BYTES, EXT4_IGNORE_JOURNAL) == EXT4_OK);
    struct ext4 *fs = medium.fs;
    uint32_t group = (number - 1) / fs->inodes_per_group;
    CU_ASSERT_FATAL(group_find(fs, group, &table, &in_use) == EXT4_OK);
    uint64_t offset = (table << fs->block_shift) +
                      (uint64_t)((number - 1) % fs->inodes_per_group) * fs->inode_bytes;
    medium_close(&medium);
    return medium.bytes + offset;
}

static void expect_error(const struct ext4_error *error, const char *text)
{
    char said[256] = "no error";
    if (error->status != EXT4_OK)
        ext4_error_text(error, said, sizeof said);
    if (strcmp(said, text) != 0)
        fprintf(stderr, "    said: %s\n", said);
    CU_ASSERT_STRING_EQUAL(said, text);
}

/* Opening the image must fail so. */
static void expect_refused(uint32_t options, const char *text)
{
    CU_ASSERT(medium_open(&medium, EXT4_MEMORY_BYTES, options) != EXT4_OK);
    expect_error(&medium.error, text);
    medium_free(&medium);
}

/* The first error among all that is in the image must be this one. */
static void expect_inside(uint32_t options, const char *text)
{
    struct inspection inspection = {.read_max = 4096};
    CU_ASSERT_FATAL(medium_open(&medium, EXT4_MEMORY_BYTES, options) == EXT4_OK);
    inspect(medium.fs, &inspection);
    expect_error(&inspection.first, text);
    CU_ASSERT(!medium.went_outside && medium.reads < medium.reads_max);
    medium_free(&medium);
}

/* A directory of more blocks than there are: its extents would have to show some of them again and
 * again, up to 2^32 times. */
static void test_directory(void)
{
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext2-1k.img.gz", true));
    uint32_t blocks = (uint32_t)(medium.size / 1024);
    set_little32(inode_in_image(EXT4_ROOT) + INODE_SIZE, (blocks + 1) * 1024);
    expect_refused(0, "inode 2 in block 8: the size of a directory is wrong");
}

static uint8_t *find_magic(uint32_t magic, bool is_big)
{
    for (uint64_t at = 0; at + 1024 <= medium.size; at += 1024) {
        const uint8_t *bytes = medium.bytes + at;
        if ((is_big ? big32(bytes) : little32(bytes)) == magic)
            return medium.bytes + at;
    }
    return NULL;
}

static void set_big32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A journal whose ring has more blocks than the file system. */
static void test_journal_length(void)
{
    enum { JOURNAL_INODE = 8 };
    CU_ASSERT_FATAL(medium_load(&medium, "journal/ext4-dirty-nocsum.img.gz", true));
    uint8_t *inode = inode_in_image(JOURNAL_INODE);
    uint8_t *journal = find_magic((uint32_t)JOURNAL_MAGIC, true);
    CU_ASSERT_FATAL(journal != NULL);
    uint32_t shift = big32(journal + JOURNAL_BLOCK_BYTES) == 1024 ? 10 : 12;
    uint32_t blocks = (uint32_t)(medium.size >> shift);
    set_little32(inode + INODE_SIZE, (blocks + 1) << shift);
    set_big32(journal + JOURNAL_LENGTH, blocks + 1);
    char text[128];
    snprintf(text, sizeof text,
             "journal block %u of inode 8: the journal is longer than any can be",
             (unsigned)((uint64_t)(journal - medium.bytes) >> shift));
    expect_refused(EXT4_IGNORE_CHECKSUMS, text);
}

/* A time of 1,073,741,823 nanoseconds, which nobody could pass on as a time. */
static void test_time(void)
{
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext2-2k-256.img.gz", true));
    uint8_t *inode = inode_in_image(EXT4_ROOT);
    CU_ASSERT_FATAL(little16(inode + INODE_EXTRA) >= 12);
    set_little32(inode + INODE_MODIFIED_EXTRA, UINT32_MAX);
    expect_refused(0, "inode 2 in block 4: a time has a second or more of nanoseconds");
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext2-2k-256.img.gz", true));
    set_little32(inode_in_image(EXT4_ROOT) + INODE_MODIFIED_EXTRA, 999999999u << 2);
    expect_inside(0, "no error");
}

/* The name of an attribute without a value: a NUL in it would make two names of one. */
static void test_attribute_name(void)
{
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext4-xattr-acl.img.gz", true));
    uint8_t *block = find_magic((uint32_t)ATTRIBUTE_MAGIC, false);
    CU_ASSERT_FATAL(block != NULL);
    uint8_t *entry = block + ATTRIBUTE_BLOCK_HEADER;
    while (entry[ATTRIBUTE_NAME_BYTES] < 3)
        entry += ATTRIBUTE_NAME + ((entry[ATTRIBUTE_NAME_BYTES] + 3u) & ~3u);
    set_little32(entry + ATTRIBUTE_SIZE, 0);
    entry[ATTRIBUTE_NAME + 1] = '\0';
    struct inspection inspection = {.read_max = 0};
    CU_ASSERT_FATAL(medium_open(&medium, EXT4_MEMORY_BYTES, EXT4_IGNORE_CHECKSUMS) == EXT4_OK);
    inspect(medium.fs, &inspection);
    CU_ASSERT_PTR_NOT_NULL_FATAL(inspection.first.what);
    CU_ASSERT_STRING_EQUAL(inspection.first.what, "an attribute's name holds a NUL");
    medium_free(&medium);
}

static void put_node(uint8_t *node, uint32_t depth, uint32_t entries)
{
    const uint32_t words[4] = {EXTENT_MAGIC, entries, 4, depth};
    for (int i = 0; i < 4; i++) {
        node[2 * i] = (uint8_t)words[i];
        node[2 * i + 1] = (uint8_t)(words[i] >> 8);
    }
}

static void put_child(uint8_t *node, uint32_t index, uint32_t logical, uint32_t block)
{
    uint8_t *entry = node + EXTENT_HEADER_BYTES + index * EXTENT_ENTRY_BYTES;
    memset(entry, 0, EXTENT_ENTRY_BYTES);
    set_little32(entry + EXTENT_LOGICAL, logical);
    set_little32(entry + EXTENT_CHILD, block);
}

/*
 * A tree of extents, three levels deep, whose first inner node begins behind what its parent says:
 * the hole before it may not cover what is the second one's.
 */
static void test_hole(void)
{
    enum { FIRST = 100, SECOND, LEAF, CONTENT, HOLE_END = 100 };
    struct ext4_node node = {.number = 12, .mode = MODE_FILE, .flags = FLAG_EXTENTS};
    struct block_run run;
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext2-1k.img.gz", true));
    uint8_t *first = medium.bytes + FIRST * 1024, *second = medium.bytes + SECOND * 1024,
            *leaf = medium.bytes + LEAF * 1024;
    put_node(node.map, 2, 2);
    put_child(node.map, 0, 0, FIRST);
    put_child(node.map, 1, HOLE_END, SECOND);
    put_node(first, 1, 1);
    put_child(first, 0, 500, LEAF);
    put_node(second, 1, 1);
    put_child(second, 0, HOLE_END, LEAF);
    put_node(leaf, 0, 1);
    put_child(leaf, 0, HOLE_END, 0);
    leaf[EXTENT_HEADER_BYTES + EXTENT_LENGTH] = 5;
    set_little32(leaf + EXTENT_HEADER_BYTES + EXTENT_START, CONTENT);
    CU_ASSERT_FATAL(medium_open(&medium, EXT4_MEMORY_BYTES, 0) == EXT4_OK);
    CU_ASSERT(extent_find(medium.fs, &node, 50, &run) == EXT4_OK);
    CU_ASSERT(run.kind == EXT4_HOLE && run.count == 50);
    CU_ASSERT(extent_find(medium.fs, &node, HOLE_END + 2, &run) == EXT4_OK);
    CU_ASSERT(run.kind == EXT4_DATA && run.count == 3 && run.block == CONTENT + 2);
    medium_free(&medium);
}

/*
 * What a journal replaces: as many blocks as one might log, with numbers that a table of hashes
 * would have put into one place. By a search from place to place this would be 2 * 10^10 steps.
 */
static void test_table(void)
{
    enum { BLOCKS = 200000, TWICE = 1000 };
    const uint64_t inverse = UINT64_C(0xf1de83e19937733d); /* of 0x9e3779b97f4a7c15 */
    struct ext4 *fs = calloc(1, sizeof *fs);
    size_t bytes = (BLOCKS + TWICE) * sizeof(struct block_place);
    struct block_table table;
    uint64_t value, wrong = 0;
    CU_ASSERT_EQUAL(inverse * UINT64_C(0x9e3779b97f4a7c15), 1);
    fs->memory = malloc(bytes);
    fs->memory_end = fs->memory + bytes;
    CU_ASSERT(block_table_start(fs, &table, BLOCKS + TWICE + 1) == EXT4_NO_MEMORY);
    CU_ASSERT_EQUAL(fs->error.value, sizeof(struct block_place));
    CU_ASSERT_FATAL(block_table_start(fs, &table, BLOCKS + TWICE) == EXT4_OK);
    CU_ASSERT(!block_table_find(&table, 0, &value));
    /* Of those that come twice the larger value counts, whichever came first. */
    for (uint64_t i = 0; i < BLOCKS; i++)
        wrong += !block_table_add(&table, i * inverse, i % 2 ? i + BLOCKS : i);
    for (uint64_t i = 0; i < TWICE; i++)
        wrong += !block_table_add(&table, i * inverse, i % 2 ? i : i + BLOCKS);
    CU_ASSERT(!block_table_add(&table, 1, 1));
    block_table_sort(&table);
    CU_ASSERT_EQUAL(table.count, BLOCKS);
    for (uint64_t i = 0; i < BLOCKS; i++) {
        bool is_larger = i < TWICE || i % 2;
        wrong += !block_table_find(&table, i * inverse, &value) ||
                 value != i + (is_larger ? BLOCKS : 0);
        wrong += block_table_find(&table, i * inverse + 1, &value);
        wrong += i > 0 && table.places[i - 1].block >= table.places[i].block;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(fs->memory);
    free(fs);
}

/* What nobody has listed, asked of sound images, with much memory and with little. */
static void test_probe(void)
{
    static const char *const paths[] = {
        "good/ext4-htree-1.img.gz", "good/ext4-inline-data.img.gz", "good/ext4-xattr-acl.img.gz",
        "good/ext2-indirect.img.gz", "good/ext4-deep-extents.img.gz",
        "journal/ext4-dirty-many-tx.img.gz"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        CU_ASSERT_FATAL(medium_load(&medium, paths[i], true));
        for (uint32_t seed = 0; seed < 10; seed++) {
            CU_ASSERT_FATAL(medium_open(&medium, seed % 2 ? 0 : EXT4_MEMORY_BYTES, 0) == EXT4_OK);
            /* It ends the program when a rule is broken. */
            probe(medium.fs, seed, 200);
            CU_ASSERT(!medium.went_outside && medium.reads < medium.reads_max);
            medium_close(&medium);
        }
        medium_free(&medium);
    }
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ext4, hostile images", NULL, NULL);
    CU_add_test(suite, "a directory longer than the device", test_directory);
    CU_add_test(suite, "a journal longer than the device", test_journal_length);
    CU_add_test(suite, "a time that is none", test_time);
    CU_add_test(suite, "a NUL in an attribute's name", test_attribute_name);
    CU_add_test(suite, "a hole before a node that begins too late", test_hole);
    CU_add_test(suite, "numbers of blocks that collide", test_table);
    CU_add_test(suite, "what nobody has listed", test_probe);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
