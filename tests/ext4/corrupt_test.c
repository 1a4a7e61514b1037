/* SPDX-License-Identifier: MIT */
/*
 * The damaged images of the list in tests/data/ext4: opening, or something in them, must be an
 * error that says what is wrong and where, but for those that an honest reader reads all the same.
 * Nothing outside of the image may be read, and not without end. Then devices that fail.
 */
#include "inspect.h"
#include "json.h"
#include "medium.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 256 };

/* What is wrong with these is no part of what a reader asks for. */
static const struct {
    const char *image, *reason;
} readable[] = {
    {"c034", "where the inode bitmap is"}, {"c035", "where the block bitmap is"},
    {"c043", "two files have the same blocks"}, {"c094", "the hash of an index, which is left out"},
    {"c106", "what is in the inode bitmap"}, {"c116", "the journal replaces its own blocks"},
};

static struct medium medium;
static uint32_t images, refused, partly, whole;

static void expect(bool is_right, const char *image, const char *what)
{
    if (!is_right)
        fprintf(stderr, "    %s: %s\n", image, what);
    CU_ASSERT(is_right);
}

static bool is_readable(const char *image)
{
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
        if (strstr(image, readable[i].image))
            return true;
    return false;
}

/* Opens the image and reads all of it; returns whether there was an error. */
static bool try_image(const char *image, size_t memory, uint32_t options)
{
    struct inspection inspection = {.read_max = 1 << 20};
    bool is_open = medium_open(&medium, memory, options) == EXT4_OK;
    if (is_open)
        inspect(medium.fs, &inspection);
    else
        expect(is_good_error(&medium.error), image, "an error that does not say where");
    expect(!medium.went_outside, image, "a read outside of the image");
    expect(medium.reads < medium.reads_max, image, "reads without end");
    refused += !is_open;
    partly += inspection.errors > 0;
    whole += is_open && inspection.errors == 0;
    medium_close(&medium);
    return !is_open || inspection.errors > 0;
}

static void check_image(const char *object)
{
    char path[PATH_BYTES];
    json_string(json_member(object, "file"), path, sizeof path);
    bool is_there = medium_load(&medium, path, true);
    expect(is_there, path, "the image is missing");
    if (is_there) {
        bool is_wrong = try_image(path, EXT4_MEMORY_BYTES, 0);
        expect(is_wrong != is_readable(path), path, is_wrong ? "it can be read" : "no error");
        images++;
        uint32_t kept[] = {refused, partly, whole};
        try_image(path, 0, EXT4_IGNORE_CHECKSUMS);
        try_image(path, 0, EXT4_IGNORE_CHECKSUMS | EXT4_IGNORE_JOURNAL);
        refused = kept[0], partly = kept[1], whole = kept[2];
    }
    medium_free(&medium);
}

static void test_list(void)
{
    json_lines(MEDIUM_FOLDER "corrupt.jsonl", check_image);
    printf("%u images: %u refused, %u with errors inside, %u read ", images, refused, partly,
           whole);
    CU_ASSERT(images == 78 && whole == sizeof readable / sizeof *readable);
}

/* Each read of a sound image fails once: it must be an error of the device, with code and block,
 * and nothing else; and the next attempt finds everything in order. */
static void test_device_errors(void)
{
    static const char *const paths[] = {"good/ext4-xattr-acl.img.gz", "good/ext2-1k.img.gz",
                                        "journal/ext4-dirty-multi.img.gz"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        uint32_t failed = 0;
        CU_ASSERT_FATAL(medium_load(&medium, paths[i], true));
        for (uint64_t offset = 0; offset < medium.size; offset += 1024) {
            struct inspection inspection = {.read_max = 1 << 20};
            medium.bad_offset = offset;
            const struct ext4_error *error = &medium.error;
            if (medium_open(&medium, EXT4_MEMORY_BYTES, 0) == EXT4_OK) {
                inspect(medium.fs, &inspection);
                error = &inspection.first;
                if (error->status == EXT4_OK && inspection.errors)
                    error = ext4_error(medium.fs);
            }
            if (error->status != EXT4_OK) {
                failed++;
                CU_ASSERT(error->status == EXT4_DEVICE && error->value == MEDIUM_BAD);
                CU_ASSERT(error->block == offset / 1024);
                CU_ASSERT(is_good_error(error));
            }
            medium_close(&medium);
        }
        CU_ASSERT(failed > 20);
        medium_free(&medium);
    }
}

/* An image that ends anywhere must not be read behind its end. */
static void test_cut(void)
{
    CU_ASSERT_FATAL(medium_load(&medium, "good/ext4-default-1k.img.gz", true));
    uint64_t size = medium.size;
    for (uint64_t cut = 0; cut < 40000; cut += 500) {
        uint8_t *whole_image = medium.bytes;
        medium.bytes = malloc(cut ? cut : 1);
        memcpy(medium.bytes, whole_image, cut);
        medium.size = cut;
        CU_ASSERT(medium_open(&medium, EXT4_MEMORY_BYTES, 0) == EXT4_CORRUPT);
        CU_ASSERT(!medium.went_outside);
        free(medium.bytes);
        medium.bytes = whole_image;
    }
    medium.size = size;
    medium_free(&medium);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("ext4, damaged images", NULL, NULL);
    CU_add_test(suite, "each is an error or read", test_list);
    CU_add_test(suite, "each read that fails", test_device_errors);
    CU_add_test(suite, "images that are cut", test_cut);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
