/* SPDX-License-Identifier: MIT */
/* The canonical form, against that of the `capnp` tool, and packing, in pieces and against it. */
#include "capnp_canonical.h"
#include "capnp_frame.h"
#include "capnp_pack.h"
#include "capnp_random.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <unistd.h>

#define REFERENCE_DATA "../shared/data/capnp/v0.9.2"
#define REFERENCE REFERENCE_DATA "/capnp/"
#define SEGMENT_MAX 512u
#define WORD_MAX 8192u
#define ROUNDS 3000u
#define JUDGED 300u /* messages for the tool, in one run */

static uint64_t words[WORD_MAX], more[WORD_MAX];
static uint8_t bytes[WORD_MAX * 10], expected[1 << 22];

/* What a file holds; returns its length. */
static size_t read_file(const char *name, void *out, size_t room)
{
    FILE *file = fopen(name, "rb");
    size_t length = file ? fread(out, 1, room, file) : 0;
    if (file)
        fclose(file);
    return length;
}

/* Run `capnp convert` from one file in the folder for temporary files to another, and read that. */
static size_t convert(const char *format, const char *type, const char *from)
{
    char command[512], name[64];
    snprintf(name, sizeof name, "/tmp/capnp_canonical_test.%d.out", (int)getpid());
    bool has_data = access(REFERENCE_DATA, F_OK) == 0;
    snprintf(command, sizeof command, "capnp convert %s%s %s <%s >%s", format,
             has_data ? " -I " REFERENCE_DATA : "", type, from, name);
    CU_ASSERT_EQUAL(system(command), 0);
    size_t length = read_file(name, expected, sizeof expected);
    remove(name);
    return length;
}

/* The canonical form of a message, in `more`, with a frame before it; returns its words, or zero.
 */
static uint32_t canonical(struct capnp_message *message)
{
    struct capnp_struct root;
    struct capnp_builder builder;
    if (capnp_read_root(message, &root) != CAPNP_OK)
        return 0;
    return capnp_canonical(&builder, more, WORD_MAX, &root) == CAPNP_OK ? builder.word_count : 0;
}

/* Is a canonical form canonical, does it say the same, and is nothing that is changed canonical. */
static void check_form(struct capnp_message *message, uint32_t count)
{
    struct capnp_message view;
    struct capnp_segment padded = {more, count + 1};
    uint64_t *exact = malloc(count * 8);
    memcpy(exact, more, count * 8);
    capnp_message_single(&view, exact, count);
    CU_ASSERT(capnp_is_canonical(&view));
    capnp_message_single(&view, exact, count);
    CU_ASSERT(is_same_message(&view, message));
    free(exact);
    more[count] = 0; /* a word too many, and one too few */
    capnp_message_segments(&view, &padded, 1);
    CU_ASSERT(!capnp_is_canonical(&view));
    padded.word_count = count - 1;
    capnp_message_segments(&view, &padded, 1);
    CU_ASSERT(!capnp_is_canonical(&view));
}

static void test_canonical(void)
{
    char name[64];
    uint64_t length = 0, at = 0;
    unsigned changed = 0;
    static uint8_t ours[1 << 22];
    snprintf(name, sizeof name, "/tmp/capnp_canonical_test.%d", (int)getpid());
    FILE *file = fopen(name, "wb");
    CU_ASSERT_FATAL(file != NULL);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct capnp_builder builder;
        struct capnp_message message;
        capnp_builder_begin_framed(&builder, words, WORD_MAX);
        random_struct(&builder, builder.words, 4);
        CU_ASSERT_FATAL(builder.error == CAPNP_OK);
        capnp_builder_message(&builder, &message);
        uint32_t count = canonical(&message);
        CU_ASSERT_FATAL(count > 0 && count <= builder.word_count + 1);
        capnp_builder_message(&builder, &message);
        check_form(&message, count);
        changed += count != builder.word_count || memcmp(builder.words, more, count * 8) != 0;
        if (round < JUDGED) {
            fwrite(words, 8, capnp_builder_framed(&builder), file);
            memcpy(ours + length, more, count * 8);
            length += count * 8;
        }
    }
    fclose(file);
    /* The tool does not look at the type of what it makes canonical. */
    at = convert("binary:canonical", "idl/sample.capnp Point", name);
    CU_ASSERT(at == length && memcmp(ours, expected, length) == 0);
    CU_ASSERT(changed > ROUNDS / 2);
    remove(name);
}

/* Is a segment canonical. */
static bool is_canonical(const uint64_t *at, uint32_t count)
{
    struct capnp_message message;
    capnp_message_single(&message, at, count);
    return capnp_is_canonical(&message);
}

#define STRUCT(offset, data, pointers)                                                             \
    ((uint64_t)(uint32_t)((offset) * 4) | (uint64_t)(data) << 32 | (uint64_t)(pointers) << 48)
#define LIST(offset, element, count)                                                               \
    ((uint64_t)(uint32_t)((offset) * 4 + 1) | (uint64_t)(element) << 32 | (uint64_t)(count) << 35)
#define IS_CANONICAL(...)                                                                          \
    is_canonical((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / 8)

static void test_not_canonical(void)
{
    CU_ASSERT(IS_CANONICAL(0));
    CU_ASSERT(IS_CANONICAL(STRUCT(-1, 0, 0)));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), STRUCT(0, 0, 1), STRUCT(-2, 0, 0)));
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 0, 1), STRUCT(0, 0, 1), STRUCT(-1, 0, 0)));
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 1, 0), 1));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 1, 0), 0));
    CU_ASSERT(!IS_CANONICAL(STRUCT(1, 1, 0), 0, 1));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), 0));
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 0, 2), LIST(1, CAPNP_BIT, 3), LIST(1, CAPNP_BYTE, 1), 5, 1));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 2), LIST(1, CAPNP_BIT, 3), LIST(1, CAPNP_BYTE, 1), 9, 1));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 2), LIST(1, CAPNP_BIT, 3), LIST(1, 2, 1), 5, 256));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 2), LIST(2, CAPNP_BIT, 3), LIST(0, 2, 1), 1, 5));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), 3)); /* a capability */
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), 2 | 2 << 3, STRUCT(0, 1, 0), 1)); /* a far pointer */
    /* Of a list of structs one element uses the last word; its pointer says its exact size. */
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 0, 1), LIST(0, 7, 2), STRUCT(2, 1, 0), 0, 1));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), LIST(0, 7, 2), STRUCT(2, 1, 0), 0, 0));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), LIST(0, 7, 3), STRUCT(2, 1, 0), 0, 1, 0));
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 0, 2), LIST(1, 7, 2), LIST(3, 2, 1), STRUCT(2, 1, 0), 0, 1,
                           5));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 2), LIST(1, 7, 3), LIST(3, 2, 1), STRUCT(2, 1, 0), 0, 1,
                            5));
    CU_ASSERT(IS_CANONICAL(STRUCT(0, 0, 1), LIST(0, 7, 0), STRUCT(5, 0, 0)));
    CU_ASSERT(!IS_CANONICAL(STRUCT(0, 0, 1), LIST(0, 7, 0), STRUCT(0, 1, 0)));
    /* Nested as deeply as nothing is read. */
    uint64_t chain[100];
    for (unsigned i = 0; i < 100; i++)
        chain[i] = i < 99 ? STRUCT(0, 0, 1) : STRUCT(-1, 0, 0);
    CU_ASSERT(is_canonical(chain + 40, 60));
    CU_ASSERT(!is_canonical(chain, 100));
    /* A capability has no canonical form. */
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    capnp_message_single(&message, (const uint64_t[]){STRUCT(0, 0, 1), 3}, 2);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_canonical(&builder, more, WORD_MAX, &root), CAPNP_KIND);
    CU_ASSERT_EQUAL(capnp_canonical(&builder, more, 0, &root), CAPNP_FULL);
}

/* The check pays for a message what reading it and making its canonical form pay. */
static void test_limit(void)
{
    static const uint64_t voids[] = {STRUCT(0, 0, 1), LIST(0, 7, 0), STRUCT(5, 0, 0)};
    uint64_t least[2];
    for (uint32_t way = 0; way < 2; way++) {
        bool is_paid = false;
        for (least[way] = 0; !is_paid; least[way] += !is_paid) {
            struct capnp_message message;
            struct capnp_builder builder;
            struct capnp_struct root;
            capnp_message_single(&message, voids, 3);
            message.traversal_words = least[way];
            is_paid = way == 0 ? capnp_is_canonical(&message)
                               : capnp_read_root(&message, &root) == CAPNP_OK &&
                                     capnp_canonical(&builder, more, WORD_MAX, &root) == CAPNP_OK;
        }
    }
    CU_ASSERT_EQUAL(least[0], 1 + 1 + 1 + 5);
    CU_ASSERT_EQUAL(least[1], least[0]);
}

/* Unpack in pieces; returns the words, or 0 if the bytes do not end between two items. */
static uint64_t unpack_pieces(uint64_t length, uint64_t *out)
{
    struct capnp_unpacker unpacker;
    uint64_t at = 0, count = 0, used, made, room;
    capnp_unpacker_begin(&unpacker);
    do {
        uint64_t come = random_word() % 30;
        room = random_word() % 5;
        if (come > length - at)
            come = length - at;
        made = capnp_unpack_some(&unpacker, bytes + at, come, out + count, room, &used);
        count += made;
        at += used;
    } while (at < length || room == 0 || made > 0);
    return capnp_unpacker_is_done(&unpacker) ? count : 0;
}

/* Fill `words` with what packs in every way; returns how many. */
static uint64_t fill(void)
{
    uint64_t count = 1 + random_word() % 700, kind = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (random_word() % 64 == 0)
            kind = random_word() % 3;
        words[i] = kind == 0 ? sparse_word() : kind == 1 ? 0 : random_word() | 0x0101010101010101;
    }
    return count;
}

static void test_pack(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t count = fill(), packed, used, length = 0, at = 0;
        if (round % 2)
            length = capnp_pack(words, count, bytes, capnp_pack_max(count), &at);
        while (at < count) { /* in pieces */
            uint64_t room = CAPNP_PACK_ROOM_MIN + random_word() % 100;
            uint8_t *exact = malloc(room);
            used = capnp_pack(words + at, count - at, exact, room, &packed);
            CU_ASSERT_FATAL(packed > 0 && used <= room);
            memcpy(bytes + length, exact, used);
            free(exact);
            length += used;
            at += packed;
        }
        CU_ASSERT(length <= capnp_pack_max(count));
        uint8_t *exact = malloc(length);
        memcpy(exact, bytes, length);
        CU_ASSERT_EQUAL(capnp_unpack(exact, length, more, count, &used), CAPNP_OK);
        CU_ASSERT(used == length && memcmp(more, words, count * 8) == 0);
        CU_ASSERT_EQUAL(capnp_unpack(exact, length, more, count + 1, &used), CAPNP_FRAME);
        CU_ASSERT_EQUAL(capnp_unpack(exact, length - 1, more, count, &used), CAPNP_FRAME);
        free(exact);
        memset(more, 0xee, sizeof more);
        CU_ASSERT_EQUAL(unpack_pieces(length, more), count);
        CU_ASSERT(memcmp(more, words, count * 8) == 0);
    }
}

/* Whatever the bytes, both ways of unpacking agree, and none writes outside. */
static void test_pack_hostile(void)
{
    unsigned good = 0;
    for (unsigned round = 0; round < ROUNDS * 10; round++) {
        uint64_t length = random_word() % 40, room = random_word() % 20, used;
        uint8_t *exact = malloc(length + 1);
        uint64_t *out = malloc(room * 8 + 1);
        struct capnp_segment segments[3];
        struct capnp_message message;
        struct capnp_unpacker unpacker;
        for (uint64_t i = 0; i < length; i++)
            exact[i] = random_word() % 3 ? (uint8_t)sparse_word() : random_word() % 2 ? 0 : 0xff;
        enum capnp_error error = capnp_unpack(exact, length, out, room, &used);
        capnp_unpacker_begin(&unpacker);
        uint64_t count = capnp_unpack_some(&unpacker, exact, length, more, room, &used);
        CU_ASSERT_EQUAL(error == CAPNP_OK, count == room && capnp_unpacker_is_done(&unpacker));
        CU_ASSERT(error != CAPNP_OK || memcmp(out, more, room * 8) == 0);
        if (length > 2)
            exact[random_word() % 2] = (uint8_t)(random_word() % 0x11);
        error = capnp_unpack_message(&message, exact, length, out, room, segments, 3, &used);
        CU_ASSERT_EQUAL(error == CAPNP_OK, message.segment_count > 0);
        for (uint32_t i = 0; i < message.segment_count; i++)
            CU_ASSERT(segments[i].words >= out &&
                      segments[i].words + segments[i].word_count <= out + room);
        good += error == CAPNP_OK;
        free(exact);
        free(out);
    }
    CU_ASSERT(good > 0);
    printf("%u of %u are messages ... ", good, ROUNDS * 10);
}

/* A message of the reference data, flat, packed and canonical. */
static bool judge_reference(const char *form, const char *type)
{
    char name[256], full_type[256];
    struct capnp_segment segments[SEGMENT_MAX], again[SEGMENT_MAX];
    struct capnp_message message, unpacked;
    uint64_t used, packed;
    snprintf(name, sizeof name, REFERENCE "testdata/%s", form);
    snprintf(full_type, sizeof full_type, REFERENCE "test.capnp %s", type);
    size_t length = read_file(name, words, sizeof words);
    if (length == 0)
        return false;
    CU_ASSERT_EQUAL(capnp_message_framed(&message, words, length, segments, SEGMENT_MAX, NULL),
                    CAPNP_OK);
    uint32_t count = canonical(&message);
    size_t answer = convert("binary:canonical", full_type, name);
    CU_ASSERT(answer == count * 8 && memcmp(more, expected, answer) == 0);
    capnp_message_segments(&message, segments, message.segment_count);
    CU_ASSERT_EQUAL(capnp_pack_segments(&message, bytes, sizeof bytes, &packed), CAPNP_OK);
    answer = convert("binary:packed", full_type, name);
    CU_ASSERT_EQUAL(capnp_unpack_message(&unpacked, expected, answer, more, WORD_MAX, again,
                                         SEGMENT_MAX, &used), CAPNP_OK);
    CU_ASSERT(used == answer && is_same_message(&message, &unpacked));
    CU_ASSERT_EQUAL(capnp_unpack_message(&unpacked, bytes, packed, more, WORD_MAX, again,
                                         SEGMENT_MAX, &used), CAPNP_OK);
    CU_ASSERT(used == packed && memcmp(more, words, length) == 0);
    snprintf(name, sizeof name, REFERENCE "testdata/%s-packed", form);
    answer = read_file(name, expected, sizeof expected);
    if (strcmp(form, "segmented") == 0) /* byte for byte what the C++ implementation wrote */
        CU_ASSERT(answer == packed && memcmp(expected, bytes, packed) == 0);
    return true;
}

static void test_reference(void)
{
    if (!judge_reference("binary", "TestAllTypes")) {
        printf("skipped: there is no " REFERENCE "testdata ... ");
        return;
    }
    judge_reference("segmented", "TestAllTypes");
    judge_reference("lists.binary", "TestLists");
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("canonical and packed", NULL, NULL);
    CU_add_test(suite, "canonical forms of random messages", test_canonical);
    CU_add_test(suite, "what is not canonical", test_not_canonical);
    CU_add_test(suite, "what the check pays", test_limit);
    CU_add_test(suite, "packed and unpacked, in pieces", test_pack);
    CU_add_test(suite, "hostile packed bytes", test_pack_hostile);
    CU_add_test(suite, "messages of the reference data", test_reference);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
