/* SPDX-License-Identifier: MIT */
/*
 * Building in several segments, reading back what is being built, orphans, and the stream framing
 * in pieces: random messages say the same however they are cut.
 */
#include "capnp_frame.h"
#include "capnp_orphan.h"
#include "capnp_random.h"

#include <CUnit/Basic.h>
#include <stdio.h>

#define SEGMENT_MAX 400u
#define WORD_MAX 4096u
#define ROUNDS 4000u

static struct capnp_segment segments[SEGMENT_MAX];
static unsigned supplied;

/* Segments of exact size on the heap, so that the address sanitizer sees a write outside. */
static bool supply(void *context, uint64_t word_min, struct capnp_segment *out)
{
    uint64_t words = word_min + random_word() % *(const uint64_t *)context;
    *out = (struct capnp_segment){malloc(words * 8), (uint32_t)words};
    memset((void *)(uintptr_t)out->words, 0xee, words * 8);
    supplied++;
    return true;
}

/* Begin a message whose segments are about as long as `*size` words. */
static struct capnp_builder_more begin(uint64_t *size)
{
    struct capnp_builder_more more = {.segments = segments, .segment_max = SEGMENT_MAX,
                                      .supplied = 1, .supply = supply, .context = size};
    supplied = 0;
    supply(size, 1, &segments[0]);
    return more;
}

static void end(const struct capnp_builder_more *more)
{
    for (uint32_t i = 0; i < more->supplied; i++)
        free((void *)(uintptr_t)more->segments[i].words);
}

static void test_segments(void)
{
    static uint64_t words[WORD_MAX];
    unsigned several = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct capnp_builder whole, cut;
        struct capnp_message first, second;
        uint64_t size = 1 + random_word() % 20;
        capnp_builder_begin(&whole, words, WORD_MAX);
        random_struct(&whole, words, 4);
        struct capnp_builder_more more = begin(&size);
        capnp_builder_begin_segments(&cut, &more);
        struct capnp_any root;
        capnp_builder_message(&whole, &first);
        CU_ASSERT_EQUAL_FATAL(capnp_read_root_any(&first, &root), CAPNP_OK);
        enum capnp_error error = capnp_copy_any(&cut, cut.words, &root);
        CU_ASSERT(error == CAPNP_OK || more.segment_count == SEGMENT_MAX);
        capnp_builder_message(&whole, &first);
        capnp_builder_message(&cut, &second);
        CU_ASSERT(error != CAPNP_OK || is_same_message(&first, &second));
        CU_ASSERT_EQUAL(second.segment_count, more.segment_count);
        several += second.segment_count > 2;
        end(&more);
    }
    CU_ASSERT(several > ROUNDS / 8);
    printf("%u in more than two ... ", several);
}

static void test_no_more(void)
{
    uint64_t first[4], second[3], third[8];
    struct capnp_builder builder;
    struct capnp_struct_builder made;
    struct capnp_segment three[3] = {{first, 4}, {second, 3}, {third, 8}};
    struct capnp_builder_more more = {.segments = three, .segment_max = 3, .supplied = 3};
    capnp_builder_begin_segments(&builder, &more);
    CU_ASSERT_EQUAL(capnp_init_struct(&builder, first, 0, 2, &made), CAPNP_OK);
    /* The second segment is too small and stays empty; in the third there is room for one. */
    struct capnp_text letters = CAPNP_TEXT_LITERAL("sixteen letters, and more");
    CU_ASSERT_EQUAL(capnp_set_text(&builder, made.words, letters), CAPNP_OK);
    CU_ASSERT_EQUAL(more.segment_count, 3);
    CU_ASSERT_EQUAL(capnp_set_text(&builder, made.words + 1, letters), CAPNP_FULL);
    CU_ASSERT_EQUAL(builder.error, CAPNP_FULL);
    struct capnp_message view;
    struct capnp_struct root;
    struct capnp_text text;
    capnp_builder_message(&builder, &view);
    CU_ASSERT_EQUAL(capnp_read_root(&view, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_text(&root, 0, (struct capnp_text){"", 0}, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "sixteen letters, and more"));
    CU_ASSERT_EQUAL(view.segments[1].word_count, 0);
    /* A view of a struct that is being built, and of words that are not of the message. */
    root = capnp_builder_struct(&view, made.words, 0, 2);
    CU_ASSERT_EQUAL(root.pointer_count, 2);
    root = capnp_builder_struct(&view, made.words, 9, 2);
    CU_ASSERT_EQUAL(root.pointer_count, 0);
    root = capnp_builder_struct(&view, &view.traversal_words, 1, 0);
    CU_ASSERT_EQUAL(root.data_bytes, 0);
}

static void test_orphans(void)
{
    unsigned doubles = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct capnp_builder builder;
        struct capnp_struct_builder root;
        struct capnp_orphan orphan, none;
        struct capnp_message view, again;
        struct capnp_any before, after;
        uint64_t size = 1 + random_word() % 30;
        static uint64_t copy[WORD_MAX];
        struct capnp_builder copied;
        struct capnp_builder_more more = begin(&size);
        capnp_builder_begin_segments(&builder, &more);
        CU_ASSERT_EQUAL_FATAL(capnp_init_struct(&builder, builder.words, 1, 3, &root), CAPNP_OK);
        uint64_t *pointers = root.words + 1;
        random_object(&builder, pointers, 3);
        random_object(&builder, pointers + 1, 2); /* so that the last segment is another one */
        capnp_builder_message(&builder, &view);
        struct capnp_struct holder = capnp_builder_struct(&view, pointers, 0, 3);
        CU_ASSERT_EQUAL(capnp_read_any(&holder, 0, &before), CAPNP_OK);
        capnp_builder_begin(&copied, copy, WORD_MAX);
        CU_ASSERT_EQUAL(capnp_copy_any(&copied, copy, &before), CAPNP_OK);
        CU_ASSERT_EQUAL(capnp_disown(&builder, pointers, &orphan), CAPNP_OK);
        CU_ASSERT_EQUAL(*pointers, 0);
        CU_ASSERT_EQUAL(capnp_disown(&builder, pointers, &none), CAPNP_OK);
        CU_ASSERT_EQUAL(none.pointer, 0);
        /* To another pointer, from a word in whichever segment is the last. */
        uint64_t *place = capnp_orphan_place(&builder);
        CU_ASSERT_PTR_NOT_NULL_FATAL(place);
        CU_ASSERT_EQUAL(capnp_adopt(&builder, round % 2 ? place : pointers + 2, &orphan), CAPNP_OK);
        CU_ASSERT_EQUAL(orphan.pointer, 0);
        if (round % 2) {
            doubles += (*place & 7) == 6;
            CU_ASSERT_EQUAL(capnp_disown(&builder, place, &orphan), CAPNP_OK);
            CU_ASSERT_EQUAL(capnp_adopt(&builder, pointers + 2, &orphan), CAPNP_OK);
        }
        capnp_builder_message(&builder, &view);
        holder = capnp_builder_struct(&view, pointers, 0, 3);
        CU_ASSERT_EQUAL(capnp_read_any(&holder, 2, &after), CAPNP_OK);
        capnp_builder_message(&copied, &again);
        CU_ASSERT_EQUAL(capnp_read_root_any(&again, &before), CAPNP_OK);
        CU_ASSERT(is_same_any(&before, &after));
        CU_ASSERT_EQUAL(capnp_adopt(&copied, copy, &(struct capnp_orphan){&builder, 1, 0, 0}),
                        CAPNP_SEGMENT);
        end(&more);
    }
    CU_ASSERT(doubles > ROUNDS / 16);
    printf("%u double-far ... ", doubles);
}

static void test_hostile_orphan(void)
{
    uint64_t words[8];
    struct capnp_builder builder;
    struct capnp_struct_builder root;
    struct capnp_orphan orphan;
    uint64_t outside = 0;
    capnp_builder_begin(&builder, words, 8);
    CU_ASSERT_EQUAL(capnp_init_struct(&builder, words, 0, 2, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_set_text(&builder, root.words, CAPNP_TEXT_LITERAL("hello")), CAPNP_OK);
    root.words[0] += UINT64_C(100) << 35; /* a peer makes it longer than the segment */
    CU_ASSERT_EQUAL(capnp_disown(&builder, root.words, &orphan), CAPNP_BOUNDS);
    CU_ASSERT(root.words[0] != 0 && orphan.pointer == 0);
    CU_ASSERT_EQUAL(capnp_disown(&builder, &outside, &orphan), CAPNP_BOUNDS);
    capnp_set_capability(root.words + 1, 7);
    CU_ASSERT_EQUAL(capnp_disown(&builder, root.words + 1, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_adopt(&builder, root.words, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(root.words[0], 3 | UINT64_C(7) << 32);
    CU_ASSERT_EQUAL(capnp_init_struct(&builder, root.words, 0, 0, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_disown(&builder, words + 1, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_adopt(&builder, words + 2, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(words[2], UINT64_C(0xfffffffc));
    orphan = (struct capnp_orphan){&builder, capnp_list_word(CAPNP_BYTE, 1), 1, 0};
    CU_ASSERT_EQUAL(capnp_adopt(&builder, words + 1, &orphan), CAPNP_BOUNDS);
}

static void test_frames(void)
{
    static uint64_t taken[WORD_MAX];
    static uint8_t bytes[WORD_MAX * 8];
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct capnp_builder builder;
        struct capnp_segment found[SEGMENT_MAX];
        struct capnp_message view, message;
        struct capnp_frame_writer writer;
        struct capnp_frame_reader reader;
        uint64_t size = 1 + random_word() % 60, length = 0, piece, at = 0;
        struct capnp_builder_more more = begin(&size);
        capnp_builder_begin_segments(&builder, &more);
        random_struct(&builder, builder.words, 3);
        capnp_builder_message(&builder, &view);
        capnp_frame_writer_begin(&writer, &view);
        while ((piece = capnp_frame_write(&writer, bytes + length, 1 + random_word() % 70)) > 0)
            length += piece;
        CU_ASSERT_EQUAL(length, capnp_frame_bytes(&view));
        bytes[length] = 0x55; /* the next message's */
        capnp_frame_reader_begin(&reader, taken, WORD_MAX, found, SEGMENT_MAX);
        CU_ASSERT_EQUAL(capnp_frame_message(&reader, &message), CAPNP_FRAME);
        while (!reader.is_done && reader.error == CAPNP_OK) {
            uint64_t come = 1 + random_word() % 50, left = length + 1 - at;
            at += capnp_frame_read(&reader, bytes + at, come < left ? come : left);
        }
        CU_ASSERT_EQUAL(at, length);
        CU_ASSERT_EQUAL(capnp_frame_message(&reader, &message), CAPNP_OK);
        CU_ASSERT(is_same_message(&view, &message));
        /* With room for less it is refused, whatever the pieces. */
        capnp_frame_reader_begin(&reader, taken, length / 8 - 1, found, SEGMENT_MAX);
        for (at = 0; at < length && reader.error == CAPNP_OK && !reader.is_done;)
            at += capnp_frame_read(&reader, bytes + at, 1);
        CU_ASSERT_EQUAL(reader.error, CAPNP_FULL);
        capnp_frame_reader_begin(&reader, taken, WORD_MAX, found, view.segment_count - 1);
        capnp_frame_read(&reader, bytes, length);
        CU_ASSERT_EQUAL(reader.error, CAPNP_SEGMENTS);
        end(&more);
    }
    /* The number of segments that wraps to zero. */
    struct capnp_frame_reader reader;
    struct capnp_segment one;
    capnp_frame_reader_begin(&reader, taken, WORD_MAX, &one, 1);
    CU_ASSERT_EQUAL(capnp_frame_read(&reader, (const uint8_t *)"\xff\xff\xff\xff\0\0\0\0\0", 9), 8);
    CU_ASSERT_EQUAL(reader.error, CAPNP_SEGMENTS);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("segments and orphans", NULL, NULL);
    CU_add_test(suite, "the same message in many segments", test_segments);
    CU_add_test(suite, "segments that are too small", test_no_more);
    CU_add_test(suite, "orphans between segments", test_orphans);
    CU_add_test(suite, "orphans of a message that a peer changed", test_hostile_orphan);
    CU_add_test(suite, "frames in pieces", test_frames);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
