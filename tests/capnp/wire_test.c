/* SPDX-License-Identifier: MIT */
/*
 * The messages of the reference data, in each form in which they lie there: read, copied, written
 * in the same form, and judged by the C++ implementation, whose canonical form of our message must
 * be that of the original, byte for byte.
 */
#include "capnp_build.h"

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

/* Judge a file of the reference data in one of the forms of `capnp convert`. */
static void judge(const char *file, const char *form)
{
    static uint64_t words[WORDS_MAX], copy[WORDS_MAX], expected[WORDS_MAX], found[WORDS_MAX];
    struct capnp_segment segments[SEGMENTS_MAX];
    struct capnp_message message;
    struct capnp_builder builder;
    char path[128];
    uint64_t used = 0;
    snprintf(path, sizeof path, FOLDER "%s", file);
    size_t length = read_file(path, words, sizeof words);
    CU_ASSERT_FATAL(length > 0 && length < sizeof words);
    bool is_flat = strcmp(form, "flat") == 0;
    if (is_flat)
        capnp_message_single(&message, words, (uint32_t)(length / 8));
    else {
        CU_ASSERT_EQUAL_FATAL(capnp_message_framed(&message, words, length, segments,
                                                   SEGMENTS_MAX, &used), CAPNP_OK);
        CU_ASSERT_EQUAL(used, length);
    }
    copy_message(&message, &builder, copy);
    uint32_t framed = capnp_builder_framed(&builder);
    if (is_flat)
        write_file(builder.words, builder.word_count * 8);
    else
        write_file(copy, framed * 8);
    size_t expected_length = canonical(path, form, expected, sizeof expected);
    CU_ASSERT(expected_length > 400);
    CU_ASSERT_EQUAL(canonical(name, form, found, sizeof found), expected_length);
    CU_ASSERT_EQUAL(memcmp(found, expected, expected_length), 0);
    remove(name);
}

static void test_reference(void)
{
    static const char *const files[][2] = {{"binary", "binary"}, {"segmented", "binary"},
                                           {"lists.binary", "binary"}, {"flat", "flat"},
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
