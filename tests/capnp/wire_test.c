/* SPDX-License-Identifier: MIT */
/*
 * The messages of the reference data, in each form in which they lie there: read, copied, written
 * in the same form, and judged by the C++ implementation, whose canonical form of our message must
 * be that of the original, byte for byte.
 */
#include "capnp_canonical.h"
#include "capnp_pack.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER "../shared/data/capnp/v0.9.2/capnp/testdata/"

enum { SEGMENTS_MAX = 512, WORDS_MAX = 4096 };

static char name[64]; /* a file of ours */

/* Read a file to words; returns its bytes, or 0 if there is none. */
static size_t read_file(const char *path, void *to, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(to, 1, size, file) : 0;
    if (file)
        fclose(file);
    return length;
}

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

/* The canonical form that `capnp` makes of a file in a form that it knows; returns its bytes. */
static size_t canonical(const char *path, const char *form, void *to, size_t size)
{
    char command[256];
    snprintf(command, sizeof command, "capnp convert %s:canonical <%s", form, path);
    FILE *pipe = popen(command, "r");
    size_t length = pipe ? fread(to, 1, size, pipe) : 0;
    return pipe && pclose(pipe) == 0 ? length : 0;
}

/* Copy a message that was read into a new one, in words that have room for a table before it. */
static void copy_message(struct capnp_message *message, struct capnp_builder *builder,
                         uint64_t *words)
{
    struct capnp_any root;
    CU_ASSERT_EQUAL(capnp_read_root_any(message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(root.kind, CAPNP_STRUCT);
    capnp_builder_begin_framed(builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL(capnp_copy_any(builder, builder->words, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(message->error, CAPNP_OK);
}

/* Prepare to read a file in a form; `words` is room for what must be unpacked. */
static void begin(struct capnp_message *message, const char *form, const void *bytes,
                  size_t length, uint64_t *words)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    uint64_t used = length;
    if (strcmp(form, "flat") == 0)
        capnp_message_single(message, bytes, (uint32_t)(length / 8));
    else if (strcmp(form, "flat-packed") == 0) {
        struct capnp_unpacker unpacker;
        capnp_unpacker_begin(&unpacker);
        uint64_t count = capnp_unpack_some(&unpacker, bytes, length, words, WORDS_MAX, &used);
        CU_ASSERT(capnp_unpacker_is_done(&unpacker));
        capnp_message_single(message, words, (uint32_t)count);
    } else if (strcmp(form, "packed") == 0)
        CU_ASSERT_EQUAL(capnp_unpack_message(message, bytes, length, words, WORDS_MAX, segments,
                                             SEGMENTS_MAX, &used), CAPNP_OK)
    else
        CU_ASSERT_EQUAL(capnp_message_framed(message, bytes, length, segments, SEGMENTS_MAX,
                                             &used), CAPNP_OK);
    CU_ASSERT_EQUAL(used, length);
}

/* Write a message to the file of ours in a form. */
static void write_message(struct capnp_builder *builder, const char *form)
{
    static uint8_t packed[WORDS_MAX * CAPNP_PACK_ROOM_MIN];
    uint64_t used, count;
    if (strcmp(form, "flat") == 0)
        write_file(builder->words, builder->word_count * 8);
    else if (strcmp(form, "flat-packed") == 0) {
        used = capnp_pack(builder->words, builder->word_count, packed, sizeof packed, &count);
        CU_ASSERT_EQUAL(count, builder->word_count);
        write_file(packed, used);
    } else if (strcmp(form, "packed") == 0) {
        CU_ASSERT_EQUAL(capnp_pack_message(builder, packed, sizeof packed, &used), CAPNP_OK);
        write_file(packed, used);
    } else {
        uint32_t framed = capnp_builder_framed(builder);
        write_file(builder->words - 1, framed * 8);
    }
}

/* Judge a file of the reference data in one of the forms of `capnp convert`. */
static void judge(const char *file, const char *form)
{
    static uint64_t bytes[WORDS_MAX], words[WORDS_MAX], copy[WORDS_MAX];
    static uint64_t expected[WORDS_MAX], found[WORDS_MAX];
    struct capnp_message message;
    struct capnp_builder builder;
    char path[128];
    snprintf(path, sizeof path, FOLDER "%s", file);
    size_t length = read_file(path, bytes, sizeof bytes);
    CU_ASSERT_FATAL(length > 0 && length < sizeof bytes);
    begin(&message, form, bytes, length, words);
    copy_message(&message, &builder, copy);
    write_message(&builder, form);
    size_t expected_length = canonical(path, form, expected, sizeof expected);
    CU_ASSERT(expected_length > 400);
    CU_ASSERT_EQUAL(canonical(name, form, found, sizeof found), expected_length);
    CU_ASSERT_EQUAL(memcmp(found, expected, expected_length), 0);
    /* And ours makes the same of it. */
    struct capnp_struct root;
    capnp_message_single(&message, builder.words, builder.word_count);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_canonical(&builder, words, WORDS_MAX, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(builder.word_count * 8, expected_length);
    CU_ASSERT_EQUAL(memcmp(words, expected, expected_length), 0);
    remove(name);
}

static void test_reference(void)
{
    static const char *const files[][2] = {{"binary", "binary"}, {"segmented", "binary"},
                                           {"lists.binary", "binary"}, {"flat", "flat"},
                                           {"packed", "packed"}, {"packedflat", "flat-packed"},
                                           {"segmented-packed", "packed"},
                                           {"annotated-json.binary", "binary"}};
    if (access(FOLDER "binary", R_OK) != 0) {
        printf("skipped: there is no " FOLDER " ... ");
        return;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        judge(files[i][0], files[i][1]);
}

int main(void)
{
    snprintf(name, sizeof name, "/tmp/wire_test.%d", (int)getpid());
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("messages of the reference data", NULL, NULL);
    CU_add_test(suite, "in each form", test_reference);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
