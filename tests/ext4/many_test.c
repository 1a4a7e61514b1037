/* SPDX-License-Identifier: MIT */
/*
 * A directory of very many entries: 100,000, and a million in the long test. mke2fs would take
 * hours to fill it; so its entries are written here into a file, which debugfs makes a directory,
 * and which e2fsck gives an index. Every name must be listed once and found by the index.
 */
#include "image.h"
#include "layout.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRIES = 100000, ENTRIES_LONG = 1000000, BLOCK_BYTES = 1024, NAME_BYTES = 13 };

static char folder[] = "/tmp/many-XXXXXX";
static uint32_t entries;

/* Runs a command in the folder; answers its exit status. */
static int run(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && PATH=$PATH:/usr/sbin:/sbin && (%s) >log 2>&1", folder,
             command);
    int status = system(line);
    return status < 0 ? status : status >> 8;
}

static void put_entry(uint8_t *at, uint32_t inode, uint32_t bytes, const char *name, uint8_t type)
{
    set_little32(at, inode);
    at[ENTRY_BYTES] = (uint8_t)bytes;
    at[ENTRY_BYTES + 1] = (uint8_t)(bytes >> 8);
    at[ENTRY_NAME_BYTES] = (uint8_t)strlen(name);
    at[ENTRY_TYPE] = type;
    memcpy(at + ENTRY_NAME, name, strlen(name));
}

/* The blocks of a directory, all of whose names lead to one inode. */
static bool write_directory(uint32_t self, uint32_t target)
{
    char path[64], name[32];
    snprintf(path, sizeof path, "%s/source/many", folder);
    FILE *file = fopen(path, "w");
    uint32_t size = (ENTRY_NAME + NAME_BYTES + 3) & ~3u, next = 0;
    if (!file)
        return false;
    for (bool is_first = true; next < entries; is_first = false) {
        uint8_t block[BLOCK_BYTES] = {0};
        uint32_t at = 0;
        if (is_first) {
            put_entry(block, self, 12, ".", EXT4_TYPE_DIRECTORY);
            put_entry(block + 12, EXT4_ROOT, 12, "..", EXT4_TYPE_DIRECTORY);
            at = 24;
        }
        for (; at + size <= BLOCK_BYTES && next < entries; next++) {
            uint32_t rest = BLOCK_BYTES - at;
            bool is_last = rest < 2 * size || next + 1 == entries;
            snprintf(name, sizeof name, "name-%08u", next);
            put_entry(block + at, target, is_last ? rest : size, name, EXT4_TYPE_FILE);
            at += is_last ? rest : size;
        }
        fwrite(block, 1, sizeof block, file);
    }
    return fclose(file) == 0;
}

/* Makes the image; false: it was said why not. */
static bool make_image(void)
{
    char command[512];
    /* mke2fs takes the files in the order of their names in the folder: which inode is which is
     * asked afterwards, and the directory written anew by those numbers. */
    if (!mkdtemp(folder) || run("mkdir source && echo one >source/file") != 0)
        return false;
    if (!write_directory(12, 13))
        return false;
    snprintf(command, sizeof command,
             "mke2fs -q -F -t ext4 -b %d -O ^metadata_csum,large_dir,^has_journal -d source image "
             "%uM && debugfs -R 'ncheck 12 13' image", BLOCK_BYTES, entries / 10000 + 16);
    if (run(command) != 0)
        return false;
    if (run("grep -q '^12.*/many' log && grep -q '^13.*/file' log") != 0 &&
        (!write_directory(13, 12) || run(command) != 0))
        return false;
    if (run("debugfs -w -R 'sif many mode 040755' image") != 0)
        return false;
    /* It finds that the one file has not as many links as names, and mends it with what 16 bits
     * hold; whether all is right then, only the index matters here. */
    int status = run("e2fsck -fyD image");
    return status >= 0 && status < 8;
}

struct seen {
    struct ext4_node directory;
    uint8_t *is_there;
    uint32_t count, wrong;
};

static bool note_entry(void *context, const struct ext4_entry *entry)
{
    struct seen *seen = context;
    char name[EXT4_NAME_MAX + 1];
    unsigned number;
    memcpy(name, entry->name, entry->name_bytes);
    name[entry->name_bytes] = '\0';
    if (name[0] == '.')
        return true;
    if (sscanf(name, "name-%8u", &number) != 1 || number >= entries || seen->is_there[number])
        seen->wrong++;
    else
        seen->is_there[number] = 1;
    seen->count++;
    return true;
}

static void test_many(void)
{
    struct image image;
    struct ext4_node root, node;
    struct ext4_facts facts;
    struct seen seen = {.count = 0};
    uint64_t cookie = 0;
    char path[64], name[32];
    uint32_t missing = 0;
    if (access("/usr/sbin/mke2fs", X_OK) != 0 && access("/sbin/mke2fs", X_OK) != 0) {
        printf("left out: install the Debian package e2fsprogs ");
        return;
    }
    entries = getenv("EXO_LONG") ? ENTRIES_LONG : ENTRIES;
    CU_ASSERT_FATAL(make_image());
    snprintf(path, sizeof path, "%s/image", folder);
    bool is_open = image_open(&image, path, 0);
    if (!is_open)
        fprintf(stderr, "    %s\n", image.message);
    CU_ASSERT_FATAL(is_open);
    struct ext4 *fs = image.store.of.ext4;
    seen.is_there = calloc(entries, 1);
    CU_ASSERT(ext4_node(fs, EXT4_ROOT, &root) == EXT4_OK);
    CU_ASSERT_FATAL(ext4_lookup(fs, &root, "many", 4, &seen.directory) == EXT4_OK);
    CU_ASSERT(ext4_list(fs, &seen.directory, &cookie, note_entry, &seen) == EXT4_OK);
    CU_ASSERT(seen.count == entries && seen.wrong == 0);
    for (uint32_t i = 0; i < entries; i++) {
        snprintf(name, sizeof name, "name-%08u", i);
        missing += ext4_lookup(fs, &seen.directory, name, NAME_BYTES, &node) != EXT4_OK;
    }
    CU_ASSERT(missing == 0);
    ext4_facts(fs, &facts);
    CU_ASSERT(facts.linear_lookups == 0 && seen.directory.flags & FLAG_INDEX);
    printf("%u names, %u missing ", entries, missing);
    free(seen.is_there);
    image_close(&image);
    /* What failed before stays to be looked at. */
    snprintf(path, sizeof path, "rm -r %s", folder);
    CU_ASSERT(system(path) == 0);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ext4, a directory of very many entries", NULL, NULL);
    CU_add_test(suite, "all names", test_many);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
