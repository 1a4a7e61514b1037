/* SPDX-License-Identifier: MIT */
/*
 * The program around the drivers of a batch of schemas, linked with what random_schema wrote.
 *
 * `write FOLDER COUNT`: for each schema NAME, COUNT messages in NAME.binary, packed in NAME.packed,
 * in canonical form in NAME.canonical, the first of them alone and without a segment table in
 * NAME.flat, and what is in them in NAME.text.
 * `read FOLDER`: after another implementation wrote its files beside them, read those. NAME.binary
 * read with the schema OTHER must say what that one says, in NAME.OTHER; its own NAME.encoded,
 * NAME.segmented and NAME.encoded_packed what NAME.text says, and NAME.encoded_flat what its first
 * line says. Prints what differs; the last line is N passed, N failed.
 */
#include "capnp_canonical.h"
#include "capnp_pack.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_WORDS = 1 << 20, SEGMENTS_MAX = 1 << 16, NAME_MAX_BYTES = 512 };

static const char *folder;
static uint64_t room[ROOM_WORDS];
static uint8_t packed_room[ROOM_WORDS * CAPNP_PACK_ROOM_MIN];

/* Open NAME.SUFFIX in the folder. */
static FILE *open_file(const char *name, const char *suffix, const char *mode)
{
    char path[NAME_MAX_BYTES];
    snprintf(path, sizeof path, "%s/%s.%s", folder, name, suffix);
    FILE *file = fopen(path, mode);
    if (!file) {
        perror(path);
        exit(1);
    }
    return file;
}

/* All of NAME.SUFFIX, aligned to words and with a zero byte behind; the caller's. */
static char *read_file(const char *name, const char *suffix, size_t *length)
{
    FILE *file = open_file(name, suffix, "rb");
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(1, *length + 1);
    if (fread(bytes, 1, *length, file) != *length)
        exit(1);
    fclose(file);
    return bytes;
}

/* Write the canonical form of what was built. */
static void write_canonical(const struct capnp_builder *built, FILE *file)
{
    static uint64_t words[ROOM_WORDS];
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    capnp_message_single(&message, built->words, built->word_count);
    expect_ok(capnp_read_root(&message, &root));
    expect_ok(capnp_canonical(&builder, words, ROOM_WORDS, &root));
    fwrite(builder.words, 8, builder.word_count, file);
}

/* Write the messages of one schema. */
static void write_messages(const struct driver *driver, unsigned count)
{
    struct say say = {.out = open_file(driver->name, "text", "w")};
    FILE *binary = open_file(driver->name, "binary", "wb");
    FILE *flat = open_file(driver->name, "flat", "wb");
    FILE *packed = open_file(driver->name, "packed", "wb");
    FILE *canonical = open_file(driver->name, "canonical", "wb");
    for (const char *at = driver->name; *at; at++)
        say.random.state = say.random.state * 31 + (uint8_t)*at;
    for (unsigned i = 0; i < count; i++) {
        struct capnp_builder builder;
        struct capnp_struct_builder root;
        capnp_builder_begin_framed(&builder, room, ROOM_WORDS);
        expect_ok(capnp_init_struct(&builder, builder.words, driver->root->data_words,
                                    driver->root->pointers, &root));
        driver->root->fill(&say, &builder, root.words);
        expect_ok(builder.error);
        fputc('\n', say.out);
        if (i == 0)
            fwrite(builder.words, 8, builder.word_count, flat);
        uint64_t used;
        expect_ok(capnp_pack_message(&builder, packed_room, sizeof packed_room, &used));
        fwrite(packed_room, 1, used, packed);
        write_canonical(&builder, canonical);
        uint32_t words = capnp_builder_framed(&builder);
        fwrite(room, 8, words, binary);
    }
    fclose(canonical);
    fclose(packed);
    fclose(flat);
    fclose(binary);
    fclose(say.out);
}

/* Prepare to read one message of some bytes; returns how many it takes. */
static uint64_t begin_message(struct capnp_message *message, const void *bytes, uint64_t length,
                              bool is_packed)
{
    static struct capnp_segment segments[SEGMENTS_MAX];
    uint64_t used = 0;
    expect_ok(is_packed ? capnp_unpack_message(message, bytes, length, room, ROOM_WORDS, segments,
                                               SEGMENTS_MAX, &used)
                        : capnp_message_framed(message, bytes, length, segments, SEGMENTS_MAX,
                                               &used));
    return used;
}

/* Read the messages of NAME.FORM with a schema; what they say, the caller's. */
static char *dump_messages(const char *name, const char *form, const struct driver *driver)
{
    size_t length, text_length;
    char *text, *bytes = read_file(name, form, &length);
    struct say say = {.out = open_memstream(&text, &text_length)};
    bool is_packed = strstr(form, "packed") != NULL, is_flat = strstr(form, "flat") != NULL;
    for (size_t at = 0; at < length;) {
        struct capnp_message message;
        struct capnp_struct root;
        if (is_flat)
            capnp_message_single(&message, (const uint64_t *)(void *)bytes, (uint32_t)(length / 8));
        at += is_flat ? length : begin_message(&message, bytes + at, length - at, is_packed);
        expect_ok(capnp_read_root(&message, &root));
        driver->root->dump(&say, root);
        expect_ok(message.error);
        fputc('\n', say.out);
    }
    fclose(say.out);
    free(bytes);
    return text;
}

/* Must NAME.FORM, read with a schema, say what is in NAME.EXPECTED: does it? */
static bool judge(const char *name, const char *form, const struct driver *driver,
                  const char *expected_form)
{
    size_t length, line = 1;
    char *text = dump_messages(name, form, driver);
    char *expected = read_file(name, expected_form, &length);
    bool is_same = strcmp(text, expected) == 0 && length > 0;
    if (!is_same) {
        size_t at = 0;
        for (; text[at] && text[at] == expected[at]; at++)
            line += text[at] == '\n';
        size_t from = at < 40 ? 0 : at - 40;
        printf("%s.%s as %s, message %zu:\n  ours  %.100s\n  %s  %.100s\n", name, form,
               driver->name, line, text + from, expected_form, expected + from);
    }
    free(text);
    free(expected);
    return is_same;
}

/* Judge the two versions of a schema by each other's messages. */
static bool judge_pair(const struct driver *pair)
{
    bool is_right = true;
    for (int i = 0; i < 2; i++) {
        for (int other = 0; other < 2; other++)
            is_right &= judge(pair[i].name, "binary", &pair[other], pair[other].name);
        is_right &= judge(pair[i].name, "binary", &pair[i], "text");
        is_right &= judge(pair[i].name, "encoded", &pair[i], "text");
        is_right &= judge(pair[i].name, "segmented", &pair[i], "text");
        is_right &= judge(pair[i].name, "packed", &pair[i], "text");
        is_right &= judge(pair[i].name, "encoded_packed", &pair[i], "text");
        is_right &= judge(pair[i].name, "encoded_flat", &pair[i], "flat_text");
    }
    return is_right;
}

int main(int argument_count, char **arguments)
{
    unsigned passed = 0, failed = 0;
    bool is_write = argument_count == 4 && strcmp(arguments[1], "write") == 0;
    if (!is_write && (argument_count != 3 || strcmp(arguments[1], "read") != 0))
        return fprintf(stderr, "Usage: judge write FOLDER COUNT | read FOLDER\n"), 2;
    folder = arguments[2];
    for (const struct driver *driver = drivers; driver->name && is_write; driver++)
        write_messages(driver, (unsigned)strtoul(arguments[3], NULL, 10));
    for (const struct driver *driver = drivers; driver->name && !is_write; driver += 2) {
        bool is_right = judge_pair(driver);
        passed += is_right;
        failed += !is_right;
    }
    if (!is_write)
        printf("%u passed, %u failed\n", passed, failed);
    return failed > 0;
}
