/* SPDX-License-Identifier: MIT */
/*
 * The sound images and those whose journal must be replayed, as the lists in tests/data/ext4 say:
 * each entry's mode, size, links, content, target and attributes. Each image is read with much
 * memory and with the least that there can be.
 */
#include "inspect.h"
#include "json.h"
#include "medium.h"
#include "sha256.h"
#include "tree.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096, PIECE_BYTES = 1 << 20, ODD_BYTES = 7777, VALUE_BYTES = 1 << 18,
       SIZE_MAX_SHORT = 256 << 20, SIZE_MAX_LEAST = 4 << 20,
       INDEX_READS_MAX = 8 };

static struct medium medium;
static const char *image; /* the name, for messages */
static uint32_t images, entries, hashes, attributes, links, names, left_out;
static uint64_t size_max; /* of contents that are summed */

/* Says which image a check is about, when it fails. */
static void expect(bool is_right, const char *path, const char *what)
{
    if (!is_right)
        fprintf(stderr, "    %s: %s: %s\n", image, path, what);
    CU_ASSERT(is_right);
}

static bool find_path(const char *path, struct ext4_node *node, const char **message)
{
    struct store store = store_of_ext4(medium.fs);
    struct store_node found;
    bool is_found = tree_find(&store, path, false, &found, message);
    *node = found.own.ext4;
    return is_found;
}

static void hash_file(const struct ext4_node *node, char text[65])
{
    static uint8_t piece[PIECE_BYTES];
    struct sha256 sum;
    size_t got = 1;
    CU_ASSERT_FATAL(sha256_start(&sum));
    for (uint64_t at = 0; got > 0; at += got) {
        if (ext4_read(medium.fs, node, at, piece, sizeof piece, &got) != EXT4_OK)
            break;
        sha256_add(&sum, piece, got);
    }
    sha256_text(&sum, text);
}

/* Pieces that begin and end anywhere must be those of the whole. */
static bool is_same_in_pieces(const struct ext4_node *node)
{
    static uint8_t whole[PIECE_BYTES];
    uint8_t piece[ODD_BYTES];
    size_t got;
    if (ext4_read(medium.fs, node, 0, whole, sizeof whole, &got) != EXT4_OK)
        return false;
    for (uint64_t at = 0, all = got; at < all; at += got)
        if (ext4_read(medium.fs, node, at, piece, sizeof piece, &got) != EXT4_OK || got == 0 ||
            memcmp(piece, whole + at, got < all - at ? got : all - at) != 0)
            return false;
    return true;
}

/* The lists write bytes that are no text as \xHH. */
static void read_path(const char *value, char *path)
{
    char text[PATH_BYTES];
    size_t bytes = 0;
    unsigned byte;
    json_string(value, text, sizeof text);
    for (const char *at = text; *at; at++)
        if (at[0] == '\\' && at[1] == 'x' && sscanf(at + 2, "%2x", &byte) == 1) {
            path[bytes++] = (char)byte;
            at += 3;
        } else {
            path[bytes++] = *at;
        }
    path[bytes] = '\0';
}

static void check_attributes(const char *object, const struct ext4_node *node, const char *path)
{
    static char hex[VALUE_BYTES], name[EXT4_NAME_MAX + 64], listed[VALUE_BYTES];
    static uint8_t value[VALUE_BYTES];
    size_t bytes, count = 0, count_listed = 0, names_bytes;
    for (const char *at = json_first(object); at; at = json_next(json_value(at)), count++) {
        json_string(at, name, sizeof name);
        size_t digits = json_string(json_value(at), hex, sizeof hex);
        bool is_same = ext4_attribute(medium.fs, node, name, strlen(name), value, sizeof value,
                                      &bytes) == EXT4_OK && bytes == digits / 2;
        for (size_t i = 0; is_same && i < bytes; i++) {
            unsigned byte;
            is_same = sscanf(hex + 2 * i, "%2x", &byte) == 1 && byte == value[i];
        }
        expect(is_same, path, name);
        attributes++;
    }
    expect(ext4_list_attributes(medium.fs, node, listed, sizeof listed, &names_bytes) == EXT4_OK,
           path, "attributes");
    for (size_t at = 0; at < names_bytes; at += strlen(listed + at) + 1)
        count_listed++;
    expect(count == count_listed, path, "the count of attributes");
}

static void check_entry(const char *object)
{
    char path[PATH_BYTES], text[PATH_BYTES], sum[65];
    struct ext4_node node;
    const char *message = "", *value;
    size_t bytes;
    read_path(json_member(object, "path"), path);
    entries++;
    if (!find_path(path, &node, &message)) {
        expect(false, path, message);
        return;
    }
    expect(node.mode == json_number(json_member(object, "mode")), path, "mode");
    if ((value = json_member(object, "size")))
        expect(node.size == json_number(value), path, "size");
    if ((value = json_member(object, "nlink")))
        expect(node.links == json_number(value), path, "links");
    if ((value = json_member(object, "sha256")) && node.size > size_max) {
        left_out++;
    } else if (value) {
        json_string(value, text, sizeof text);
        hash_file(&node, sum);
        expect(strcmp(text, sum) == 0, path, "content");
        expect(is_same_in_pieces(&node), path, "content in pieces");
        hashes++;
    }
    if ((value = json_member(object, "target"))) {
        char target[PATH_BYTES];
        size_t wanted = json_string(value, text, sizeof text);
        expect(ext4_read_link(medium.fs, &node, target, sizeof target, &bytes) == EXT4_OK &&
                   bytes == wanted && memcmp(target, text, bytes) == 0, path, "target");
        links++;
    }
    value = json_member(object, "xattr_hex");
    /* The list names attributes for this one that it does not have, as debugfs sees it, too. */
    check_attributes(value && !strstr(image, "ext2-xattr-128") ? value : "{}", &node, path);
}

/* What a large directory lists must be found by its name, too. */
struct many {
    char (*names)[EXT4_NAME_MAX + 1];
    uint32_t *inodes;
    size_t count, room;
};

static bool collect(void *context, const struct ext4_entry *entry)
{
    struct many *many = context;
    if (many->count == many->room) {
        many->room = 2 * many->room + 1000;
        many->names = realloc(many->names, many->room * sizeof *many->names);
        many->inodes = realloc(many->inodes, many->room * sizeof *many->inodes);
    }
    memcpy(many->names[many->count], entry->name, entry->name_bytes);
    many->names[many->count][entry->name_bytes] = '\0';
    many->inodes[many->count++] = entry->inode;
    return true;
}

static void check_many(uint64_t more)
{
    struct many many = {.count = 0};
    struct ext4_node directory, node;
    const char *message;
    uint64_t cookie = 0;
    expect(find_path("/many", &directory, &message), "/many", "it is missing");
    expect(ext4_list(medium.fs, &directory, &cookie, collect, &many) == EXT4_OK, "/many", "list");
    expect(many.count == more + 3, "/many", "the count of entries");
    for (size_t i = 0; i < many.count; i++) {
        bool is_found = ext4_lookup(medium.fs, &directory, many.names[i], strlen(many.names[i]),
                                    &node) == EXT4_OK;
        expect(is_found && node.number == many.inodes[i], many.names[i], "look-up");
        names++;
    }
    medium.reads = 0;
    expect(ext4_lookup(medium.fs, &directory, "f00000-nobody", 13, &node) == EXT4_NOT_FOUND,
           "/many", "a name that is not there");
    if (!strstr(image, "linear"))
        expect(medium.reads <= INDEX_READS_MAX, "/many", "the index was not used to say no");
    free(many.names);
    free(many.inodes);
}

/* Opens an image of a list; `memory` as in medium_open(). */
static bool open_image(const char *object, size_t memory)
{
    static char path[PATH_BYTES];
    char text[256];
    json_string(json_member(object, "file"), path, sizeof path);
    image = path;
    bool is_there = medium_load(&medium, path, true);
    expect(is_there, path, "the image is missing");
    if (!is_there)
        return false;
    if (medium_open(&medium, memory, 0) == EXT4_OK)
        return true;
    ext4_error_text(&medium.error, text, sizeof text);
    expect(!json_member(object, "content"), path, text);
    return false;
}

static void check_image(const char *object, size_t memory)
{
    struct inspection inspection = {.read_max = UINT64_MAX};
    struct ext4_facts facts;
    if (open_image(object, memory)) {
        const char *more = json_member(object, "more_hard_links_not_listed");
        for (const char *at = json_first(json_member(object, "content")); at; at = json_next(at))
            check_entry(at);
        if (more)
            check_many(json_number(more));
        inspection.read_max = 1 << 20;
        inspect(medium.fs, &inspection);
        expect(inspection.errors == 0, "/", "something cannot be read");
        ext4_facts(medium.fs, &facts);
        expect(facts.linear_lookups == 0, "/", "an index was not used");
        expect(!medium.went_outside, "/", "a read outside of the image");
        images++;
    }
    medium_free(&medium);
}

static void check_with_much(const char *object)
{
    check_image(object, EXT4_MEMORY_BYTES);
}

static void check_with_least(const char *object)
{
    check_image(object, 0);
}

static void test_good(void)
{
    images = entries = hashes = attributes = links = names = left_out = 0;
    size_max = getenv("EXO_LONG") ? UINT64_MAX : SIZE_MAX_SHORT;
    json_lines(MEDIUM_FOLDER "good.jsonl", check_with_much);
    printf("%u images, %u entries, %u contents, %u targets, %u attributes, %u names; contents left "
           "to the long test: %u ", images, entries, hashes, links, attributes, names, left_out);
    CU_ASSERT(images == 28 && entries == 284 && hashes + left_out == 146);
    CU_ASSERT(links == 52 && attributes == 19 && names == 12112);
}

static void test_least_memory(void)
{
    images = 0;
    size_max = SIZE_MAX_LEAST;
    json_lines(MEDIUM_FOLDER "good.jsonl", check_with_least);
    CU_ASSERT(images == 28);
}

/* --- The journal ------------------------------------------------------------------------------ */

static uint32_t replayed, refused;

/* Compares the files that the journal changes, with the sums under a name. */
static void check_replay(const char *object, const char *sum_name)
{
    char path[PATH_BYTES], wanted[PATH_BYTES], sum[65];
    const char *files = json_member(object, "replay"), *message;
    struct ext4_node node;
    for (const char *at = json_first(files); at; at = json_next(json_value(at))) {
        json_string(at, path, sizeof path);
        json_string(json_member(json_value(at), sum_name), wanted, sizeof wanted);
        expect(find_path(path, &node, &message), path, "it is missing");
        hash_file(&node, sum);
        expect(strcmp(sum, wanted) == 0, path, sum_name);
        replayed++;
    }
}

static void check_journal(const char *object)
{
    struct inspection inspection = {.read_max = UINT64_MAX};
    struct ext4_facts facts;
    if (open_image(object, 0)) {
        uint8_t *before = malloc(medium.size);
        memcpy(before, medium.bytes, medium.size);
        check_replay(object, "sha256_after");
        inspect(medium.fs, &inspection);
        expect(inspection.errors == 0, "/", "something cannot be read");
        ext4_facts(medium.fs, &facts);
        expect(facts.replayed_blocks > 0, "/", "nothing was replayed");
        expect(memcmp(before, medium.bytes, medium.size) == 0, "/", "the image was written");
        free(before);
        images++;
    } else {
        /* The one with a damaged block is refused, as Linux does. */
        expect(strstr(image, "badcsum") && medium.error.status == EXT4_CORRUPT &&
                   is_good_error(&medium.error), image, "an error that does not say where");
        refused++;
    }
    medium_close(&medium);
    expect(medium_open(&medium, 0, EXT4_IGNORE_JOURNAL) == EXT4_OK, "/", "without the journal");
    check_replay(object, "sha256_before");
    expect(!medium.went_outside, "/", "a read outside of the image");
    medium_free(&medium);
}

static void test_journal(void)
{
    images = 0;
    json_lines(MEDIUM_FOLDER "journal.jsonl", check_journal);
    printf("%u files ", replayed);
    CU_ASSERT(images == 10 && refused == 1 && replayed > 30);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ext4, sound images", NULL, NULL);
    CU_add_test(suite, "as the list says", test_good);
    CU_add_test(suite, "with the least memory", test_least_memory);
    CU_add_test(suite, "a journal that needs recovery", test_journal);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
