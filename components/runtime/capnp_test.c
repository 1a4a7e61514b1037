/* SPDX-License-Identifier: MIT */
/*
 * The codec: pointers of every kind, the limits, typed structs, and the reference data in
 * ../shared/data/capnp if it is there. Each message lies in a buffer of its own exact length, so
 * that the address sanitizer sees a read outside it.
 */
#include "sample.capnp.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFERENCE "../shared/data/capnp/"
#define SEGMENT_MAX 512
#define POINTER(offset, low, high)                                                                 \
    ((uint64_t)((uint32_t)(offset) << 2) | (low) | (uint64_t)(high) << 32)
#define STRUCT(offset, data, pointers) POINTER(offset, 0, (data) | (uint32_t)(pointers) << 16)
#define LIST(offset, element, count) POINTER(offset, 1, (element) | (uint32_t)(count) << 3)
#define FAR(segment, at, is_double)                                                                \
    ((uint64_t)(segment) << 32 | (uint64_t)(at) << 3 | (is_double) << 2 | 2)

/* What a walk over everything reachable found. */
struct walk {
    uint64_t steps;
    uint64_t sum;
    enum capnp_error error;
};

static void walk_any(const struct capnp_any *any, struct walk *walk);

/* Walk a struct: every byte, every pointer. */
static void walk_struct(const struct capnp_struct *from, struct walk *walk)
{
    struct capnp_any any;
    for (uint32_t i = 0; i < from->data_bytes; i++)
        walk->sum += capnp_load8(from->data + i);
    for (uint32_t i = 0; i < from->pointer_count; i++) {
        enum capnp_error error = capnp_read_any(from, i, &any);
        if (error != CAPNP_OK)
            walk->error = error;
        walk_any(&any, walk);
    }
}

/* Walk whatever a pointer led to. */
static void walk_any(const struct capnp_any *any, struct walk *walk)
{
    walk->steps++;
    if (any->kind == CAPNP_STRUCT)
        walk_struct(&any->structure, walk);
    if (any->kind != CAPNP_LIST)
        return;
    const struct capnp_list *list = &any->list;
    for (uint32_t i = 0; i < list->count && list->element != CAPNP_VOID; i++) {
        struct capnp_any element;
        walk->steps++;
        if (list->element == CAPNP_COMPOSITE) {
            struct capnp_struct structure = capnp_list_struct(list, i);
            walk_struct(&structure, walk);
        } else if (list->element == CAPNP_POINTER) {
            enum capnp_error error = capnp_list_any(list, i, &element);
            if (error != CAPNP_OK)
                walk->error = error;
            walk_any(&element, walk);
        } else if (list->element == CAPNP_BIT)
            walk->sum += capnp_list_bool(*list, i);
        else
            walk->sum += capnp_list_uint8(*list, i);
    }
}

/* Walk a message from its root. */
static enum capnp_error walk_message(struct capnp_message *message, struct walk *walk)
{
    struct capnp_any root;
    enum capnp_error error = capnp_read_root_any(message, &root);
    *walk = (struct walk){0, 0, CAPNP_OK};
    if (error == CAPNP_OK)
        walk_any(&root, walk);
    return error;
}

/* Copy bytes into a buffer of exactly their length. */
static void *exact(const void *bytes, size_t length)
{
    void *copy = malloc(length ? length : 1);
    memcpy(copy, bytes, length);
    return copy;
}

/* Read one segment of words into a walk. */
static enum capnp_error walk_words(const uint64_t *words, uint32_t count, struct walk *walk)
{
    struct capnp_message message;
    uint64_t *copy = exact(words, count * 8);
    capnp_message_single(&message, copy, count);
    enum capnp_error error = walk_message(&message, walk);
    free(copy);
    return error != CAPNP_OK ? error : walk->error;
}

#define WALK(...) \
    walk_words((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / 8, &walk)

static void test_bounds(void)
{
    struct walk walk;
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 1, 0), 7), CAPNP_OK);
    CU_ASSERT_EQUAL(walk.sum, 7);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 2, 0), 7), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(1, 1, 0), 7), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(-2, 1, 0), 7), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(-1, 0, 0)), CAPNP_OK);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 65535, 65535), 0), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 8), 1), CAPNP_OK);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 9), 1), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_BIT, 65), 1), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_EIGHT_BYTES, 0x1fffffff), 1), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 2), STRUCT(2, 1, 0), 5, 6),
                    CAPNP_OK);
    CU_ASSERT_EQUAL(walk.sum, 11);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 2), STRUCT(3, 1, 0), 5, 6),
                    CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 3), STRUCT(2, 1, 0), 5, 6),
                    CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(WALK(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), LIST(0, 2, 1), 5),
                    CAPNP_KIND);
    CU_ASSERT_EQUAL(WALK(POINTER(1, 3, 0)), CAPNP_KIND);
    struct capnp_message message;
    capnp_message_single(&message, NULL, 0);
    CU_ASSERT_EQUAL(walk_message(&message, &walk), CAPNP_BOUNDS);
}

/* Walk a message of two segments. */
static enum capnp_error walk_two(const uint64_t *first, uint32_t first_count,
                                 const uint64_t *second, uint32_t second_count, struct walk *walk)
{
    struct capnp_message message;
    uint64_t *one = exact(first, first_count * 8), *two = exact(second, second_count * 8);
    struct capnp_segment segments[2] = {{one, first_count}, {two, second_count}};
    capnp_message_segments(&message, segments, 2);
    enum capnp_error error = walk_message(&message, walk);
    free(one);
    free(two);
    return error != CAPNP_OK ? error : walk->error;
}

static void test_far(void)
{
    struct walk walk;
    uint64_t far[1] = {FAR(1, 0, 0)};
    CU_ASSERT_EQUAL(walk_two(far, 1, (uint64_t[]){STRUCT(0, 1, 0), 9}, 2, &walk), CAPNP_OK);
    CU_ASSERT_EQUAL(walk.sum, 9);
    far[0] = FAR(1, 0, 1); /* the content is in the first segment, its tag in the second */
    uint64_t both[2] = {FAR(1, 0, 1), 12};
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 1, 0), STRUCT(0, 1, 0)}, 2, &walk),
                    CAPNP_OK);
    CU_ASSERT_EQUAL(walk.sum, 12);
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 2, 0), STRUCT(0, 1, 0)}, 2, &walk),
                    CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 3, 0), STRUCT(0, 1, 0)}, 2, &walk),
                    CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 1, 1), STRUCT(0, 1, 0)}, 2, &walk),
                    CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 1, 0), FAR(0, 1, 0)}, 2, &walk),
                    CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(walk_two(both, 2, (uint64_t[]){FAR(0, 1, 0)}, 1, &walk), CAPNP_SEGMENT);
    far[0] = FAR(2, 0, 0);
    CU_ASSERT_EQUAL(walk_two(far, 1, (uint64_t[]){STRUCT(0, 1, 0), 9}, 2, &walk), CAPNP_SEGMENT);
    far[0] = FAR(1, 2, 0);
    CU_ASSERT_EQUAL(walk_two(far, 1, (uint64_t[]){STRUCT(0, 1, 0), 9}, 2, &walk), CAPNP_SEGMENT);
    far[0] = FAR(0, 0, 0); /* to itself */
    CU_ASSERT_EQUAL(walk_two(far, 1, (uint64_t[]){0}, 1, &walk), CAPNP_SEGMENT);
}

/* Read the text of a root struct whose only pointer is `far`, with a second segment. */
static enum capnp_error far_text(uint64_t far, const uint64_t *second, uint32_t count,
                                 uint64_t traversal_words)
{
    struct capnp_message message;
    struct capnp_struct root;
    struct capnp_text text;
    uint64_t first[4] = {STRUCT(0, 0, 1), far, LIST(0, CAPNP_BYTE, 3), 0x6261};
    uint64_t *one = exact(first, sizeof first), *two = exact(second, count * 8);
    struct capnp_segment segments[2] = {{one, 4}, {two, count}};
    capnp_message_segments(&message, segments, 2);
    message.traversal_words = traversal_words;
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    enum capnp_error error = capnp_read_text(&root, 0, CAPNP_TEXT_LITERAL("none"), &text);
    CU_ASSERT_EQUAL(message.error, error);
    CU_ASSERT(capnp_text_is(text, error == CAPNP_OK ? "ab" : "none"));
    if (error == CAPNP_OK) /* the root, its struct, the pads, the text */
        CU_ASSERT_EQUAL(message.traversal_words, traversal_words - ((far & 4) != 0 ? 5 : 4));
    free(one);
    free(two);
    return error;
}

static void test_far_text(void)
{
    const uint64_t text[2] = {LIST(0, CAPNP_BYTE, 3), 0x6261};
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), text, 2, 100), CAPNP_OK);
    CU_ASSERT_EQUAL(far_text(FAR(0, 2, 0), text, 2, 100), CAPNP_OK);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){text[0] + (4u << 2), 0}, 2, 100),
                    CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){text[0] - (4u << 2), 0}, 2, 100),
                    CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), text, 1, 100), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(far_text(FAR(1, 2, 0), text, 2, 100), CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(far_text(FAR(2, 0, 0), text, 2, 100), CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){FAR(0, 2, 0)}, 1, 100), CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){0}, 1, 100), CAPNP_KIND);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){STRUCT(0, 0, 0)}, 1, 100), CAPNP_KIND);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){LIST(0, CAPNP_BYTE, 0)}, 1, 100),
                    CAPNP_TEXT);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), (uint64_t[]){LIST(0, CAPNP_BYTE, 2), 0x6261}, 2, 100),
                    CAPNP_TEXT);
    /* Double far, with the bytes in the first segment; and both when the limit is just met. */
    const uint64_t both[2] = {FAR(0, 3, 0), LIST(0, CAPNP_BYTE, 3)};
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 1), both, 2, 100), CAPNP_OK);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 1), both, 2, 5), CAPNP_OK);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 1), both, 2, 4), CAPNP_TRAVERSAL);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), text, 2, 4), CAPNP_OK);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), text, 2, 3), CAPNP_TRAVERSAL);
    CU_ASSERT_EQUAL(far_text(FAR(1, 0, 0), text, 2, 2), CAPNP_TRAVERSAL);
}

static void test_limits(void)
{
    struct walk walk;
    uint64_t chain[200];
    struct capnp_message message;
    for (int i = 0; i < 200; i++)
        chain[i] = STRUCT(0, 0, i < 199 ? 1 : 0);
    CU_ASSERT_EQUAL(walk_words(chain, 200, &walk), CAPNP_NESTING);
    CU_ASSERT_EQUAL(walk.steps, CAPNP_NESTING_LEVELS + 1);
    CU_ASSERT_EQUAL(walk_words(chain + 136, 64, &walk), CAPNP_OK);
    /* A struct whose two pointers both lead to itself: 2^64 steps but for the limits. */
    CU_ASSERT_NOT_EQUAL(WALK(STRUCT(0, 0, 2), STRUCT(-1, 0, 2), STRUCT(-2, 0, 2)), CAPNP_OK);
    CU_ASSERT(walk.steps <= CAPNP_TRAVERSAL_WORDS);
    /* 2^29 - 1 elements of no size. */
    uint64_t voids[] = {STRUCT(0, 0, 1), LIST(0, CAPNP_VOID, 0x1fffffff)};
    CU_ASSERT_EQUAL(walk_words(voids, 2, &walk), CAPNP_TRAVERSAL);
    capnp_message_single(&message, (uint64_t[]){STRUCT(0, 3, 0), 1, 2, 3}, 4);
    message.traversal_words = 3;
    CU_ASSERT_EQUAL(walk_message(&message, &walk), CAPNP_TRAVERSAL);
    CU_ASSERT_EQUAL(message.error, CAPNP_TRAVERSAL);
}

static void test_upgrade(void)
{
    struct capnp_struct root;
    struct capnp_message message;
    struct capnp_list list;
    /* A list of bytes, read as structs; a list of structs, read as bytes, words and pointers. */
    uint64_t words[] = {STRUCT(0, 0, 2), LIST(1, CAPNP_BYTE, 3), LIST(1, CAPNP_COMPOSITE, 4),
                        0x030201, STRUCT(2, 1, 1), 0x1111, LIST(2, CAPNP_BYTE, 3), 0x2222, 0,
                        0x6968};
    capnp_message_single(&message, words, 10);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_COMPOSITE, &list), CAPNP_OK);
    struct capnp_struct element = capnp_list_struct(&list, 2);
    CU_ASSERT_EQUAL(capnp_get_uint8(element, 0), 3);
    CU_ASSERT_EQUAL(capnp_get_uint8(element, 1), 0);
    CU_ASSERT_EQUAL(capnp_get_uint16(element, 0), 0);
    element = capnp_list_struct(&list, 3);
    CU_ASSERT_EQUAL(capnp_get_uint8(element, 0), 0);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 1, NULL, CAPNP_BYTE, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint8(list, 1), 0x22);
    CU_ASSERT_EQUAL(capnp_list_uint8(list, 2), 0);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 1, NULL, CAPNP_POINTER, &list), CAPNP_OK);
    struct capnp_text text;
    CU_ASSERT_EQUAL(capnp_list_text(&list, 0, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "hi"));
    CU_ASSERT_EQUAL(capnp_list_text(&list, 1, &text), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_text(&list, 2, &text), CAPNP_BOUNDS);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_TWO_BYTES, &list), CAPNP_KIND);
    CU_ASSERT_EQUAL(list.count, 0);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 1, NULL, CAPNP_BIT, &list), CAPNP_KIND);
    /* Of bytes read as Bools the lowest bits; bits are nothing else. */
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_BIT, &list), CAPNP_OK);
    CU_ASSERT(capnp_list_bool(list, 0) && !capnp_list_bool(list, 1) && capnp_list_bool(list, 2));
    CU_ASSERT(!capnp_list_bool(list, 3));
    words[1] = LIST(1, CAPNP_BIT, 3);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_VOID, &list), CAPNP_KIND);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_COMPOSITE, &list), CAPNP_KIND);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_BIT, &list), CAPNP_OK);
    CU_ASSERT(capnp_list_bool(list, 0) && !capnp_list_bool(list, 1) && !capnp_list_bool(list, 2));
    words[1] = LIST(1, CAPNP_BYTE, 3);
    CU_ASSERT_EQUAL(capnp_read_list(&root, 0, NULL, CAPNP_POINTER, &list), CAPNP_KIND);
    CU_ASSERT_EQUAL(capnp_read_text(&root, 0, (struct capnp_text){"", 0}, &text), CAPNP_TEXT);
}

static void test_framing(void)
{
    struct capnp_segment segments[3];
    struct capnp_message message;
    uint64_t used = 0;
    uint64_t two[] = {(uint64_t)1 << 32 | 1, 1, STRUCT(-1, 0, 0), 5, 6};
    CU_ASSERT_EQUAL(capnp_message_framed(&message, two, 32, segments, 3, &used), CAPNP_OK);
    CU_ASSERT_EQUAL(used, 32);
    CU_ASSERT_EQUAL(segments[1].words[0], 5);
    CU_ASSERT_EQUAL(capnp_message_framed(&message, two, 31, segments, 3, &used), CAPNP_FRAME);
    CU_ASSERT_EQUAL(capnp_message_framed(&message, two, 32, segments, 1, &used), CAPNP_SEGMENTS);
    CU_ASSERT_EQUAL(capnp_message_framed(&message, two, 7, segments, 3, &used), CAPNP_FRAME);
    uint64_t huge[] = {UINT32_MAX, 0};
    CU_ASSERT_EQUAL(capnp_message_framed(&message, huge, 16, segments, 3, &used), CAPNP_SEGMENTS);
}

static uint64_t built[4096];

/* Fill the pointers and lists of one of everything. */
static void fill_pointers(struct sample_everything_builder all)
{
    struct sample_point_builder point;
    struct sample_point_builder_list points;
    struct sample_everything_inner_builder inner, next;
    struct capnp_list_builder list;
    sample_everything_set_text(all, CAPNP_TEXT_LITERAL("twelve bytes"));
    sample_everything_set_data(all, (struct capnp_data){(const uint8_t *)"\1\2\3", 3});
    sample_everything_init_point(all, &point);
    sample_point_set_x(point, 5);
    sample_everything_init_voids(all, 2, &list);
    sample_everything_init_bools(all, 10, &list);
    capnp_list_set_bool(&list, 9, true);
    sample_everything_init_bytes(all, 3, &list);
    capnp_list_set_uint8(&list, 2, 9);
    sample_everything_init_shorts(all, 2, &list);
    capnp_list_set_uint16(&list, 1, (uint16_t)-3);
    sample_everything_init_longs(all, 1, &list);
    capnp_list_set_uint64(&list, 0, 1);
    sample_everything_init_colors(all, 2, &list);
    capnp_list_set_uint16(&list, 0, SAMPLE_COLOR_DARK_BLUE);
    sample_everything_init_texts(all, 2, &list);
    capnp_set_text(list.message, capnp_list_pointer_at(&list, 1), CAPNP_TEXT_LITERAL("second"));
    sample_everything_init_points(all, 2, &points);
    sample_point_set_y(sample_point_builder_list_at(points, 1), 8);
    sample_everything_init_inner(all, &inner);
    sample_everything_inner_set_value(inner, 1);
    sample_everything_inner_init_next(inner, &next);
    sample_everything_inner_set_value(next, 2);
    struct sample_everything_pair_builder pair = sample_everything_init_pair(all);
    sample_everything_pair_set_left(pair, 77);
    sample_everything_pair_set_right(pair, CAPNP_TEXT_LITERAL("r"));
    sample_everything_pair_deep_set_two(sample_everything_pair_init_deep(pair), 99);
}

/* Build one of everything, framed; returns its words. */
static uint32_t build_everything(void)
{
    struct capnp_builder builder;
    struct sample_everything_builder all;
    capnp_builder_begin_framed(&builder, built, 4096);
    CU_ASSERT_EQUAL(sample_everything_init_root(&builder, &all), CAPNP_OK);
    sample_everything_set_flag(all, true);
    sample_everything_set_set(all, false);
    sample_everything_set_int8(all, -8);
    sample_everything_set_int16(all, 16);
    sample_everything_set_int32(all, INT32_MIN);
    sample_everything_set_int64(all, INT64_MIN);
    sample_everything_set_uint8(all, 255);
    sample_everything_set_uint64(all, SAMPLE_LARGE);
    sample_everything_set_float32(all, 0.25f);
    sample_everything_set_float64(all, -2.5);
    sample_everything_set_color(all, SAMPLE_COLOR_RED);
    sample_everything_set_status(all, EXO_STATUS_FULL);
    sample_everything_set_class(all, 3);
    fill_pointers(all);
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    return capnp_builder_framed(&builder);
}

static void test_typed(void)
{
    struct capnp_segment segment;
    struct capnp_message message;
    struct sample_everything_reader all;
    struct sample_point_list points;
    struct sample_point_reader point;
    struct capnp_list list;
    struct capnp_text text;
    uint32_t words = build_everything();
    CU_ASSERT_EQUAL(capnp_message_framed(&message, built, words * 8, &segment, 1, NULL), CAPNP_OK);
    CU_ASSERT_EQUAL(sample_everything_read_root(&message, &all), CAPNP_OK);
    CU_ASSERT(sample_everything_get_flag(all) && !sample_everything_get_set(all));
    CU_ASSERT_EQUAL(sample_everything_get_int8(all), -8);
    CU_ASSERT_EQUAL(sample_everything_get_int16(all), 16);
    CU_ASSERT_EQUAL(sample_everything_get_int32(all), INT32_MIN);
    CU_ASSERT_EQUAL(sample_everything_get_uint16(all), 0);
    CU_ASSERT_EQUAL(sample_everything_get_uint32(all), 0xdeadbeef);
    CU_ASSERT_EQUAL(sample_everything_get_float32(all), 0.25f);
    CU_ASSERT_EQUAL(sample_everything_get_float64(all), -2.5);
    CU_ASSERT_EQUAL(sample_everything_get_color(all), SAMPLE_COLOR_RED);
    CU_ASSERT_EQUAL(sample_everything_get_name(all, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "nobody"));
    CU_ASSERT_EQUAL(sample_everything_get_place(all, &point), CAPNP_OK);
    CU_ASSERT_EQUAL(sample_point_get_y(point), 20);
    CU_ASSERT_EQUAL(sample_everything_get_words(all, &list), CAPNP_OK);
    CU_ASSERT(list.count == 2 && capnp_list_uint32(list, 1) == 2);
    CU_ASSERT_EQUAL(sample_everything_get_bools(all, &list), CAPNP_OK);
    CU_ASSERT(!capnp_list_bool(list, 8) && capnp_list_bool(list, 9) && !capnp_list_bool(list, 10));
    CU_ASSERT_EQUAL(sample_everything_get_texts(all, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_text(&list, 1, &text), CAPNP_OK);
    CU_ASSERT(capnp_text_is(text, "second"));
    CU_ASSERT_EQUAL(sample_everything_get_points(all, &points), CAPNP_OK);
    CU_ASSERT_EQUAL(sample_point_get_y(sample_point_list_at(points, 0)), -1);
    CU_ASSERT_EQUAL(sample_point_get_y(sample_point_list_at(points, 1)), 8);
    CU_ASSERT_EQUAL(sample_everything_which(all), SAMPLE_EVERYTHING_WHICH_PAIR);
    CU_ASSERT(!sample_everything_has_any(all) && sample_everything_has_inner(all));
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

/* Run a command that reads a file of ours; returns what it printed. */
static char *output_of(const char *command, char *room, size_t size)
{
    FILE *pipe = popen(command, "r");
    size_t length = pipe ? fread(room, 1, size - 1, pipe) : 0;
    room[length] = '\0';
    if (pipe)
        pclose(pipe);
    return room;
}

/* Write words to a file in the folder for temporary files. */
static void write_words(const char *name, const uint64_t *words, uint32_t count)
{
    FILE *file = fopen(name, "wb");
    CU_ASSERT_FATAL(file != NULL);
    CU_ASSERT_EQUAL(fwrite(words, 8, count, file), count);
    fclose(file);
}

static void test_judge(void)
{
    static char text[8192], again[8192];
    static uint64_t copy[4096];
    char name[64], command[256];
    struct capnp_segment segment;
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    uint32_t words = build_everything();
    snprintf(name, sizeof name, "/tmp/capnp_test.%d", (int)getpid());
    snprintf(command, sizeof command, "capnp decode idl/sample.capnp Everything <%s", name);
    write_words(name, built, words);
    output_of(command, text, sizeof text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "text = \"twelve bytes\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "pair = (left = 77, right = \"r\", deep = (two = 99))"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "status = full"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "int64 = -9223372036854775808"));
    /* A deep copy says the same. */
    CU_ASSERT_EQUAL(capnp_message_framed(&message, built, words * 8, &segment, 1, NULL), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    capnp_builder_begin_framed(&builder, copy, 4096);
    CU_ASSERT_EQUAL(capnp_copy_struct(&builder, builder.words, &root), CAPNP_OK);
    write_words(name, copy, capnp_builder_framed(&builder));
    CU_ASSERT_STRING_EQUAL(output_of(command, again, sizeof again), text);
    /* Whatever the room, a copy ends in time. */
    for (uint32_t room = 0; room < words; room++) {
        uint64_t *tight = malloc(room * 8 + 8);
        capnp_message_single(&message, built + 1, words - 1);
        capnp_read_root(&message, &root);
        capnp_builder_begin(&builder, tight, room);
        if (room > 0)
            CU_ASSERT_EQUAL(capnp_copy_struct(&builder, builder.words, &root),
                            room < words - 1 ? CAPNP_FULL : CAPNP_OK);
        free(tight);
    }
    remove(name);
}

static void test_constants(void)
{
    struct sample_point_reader corner;
    CU_ASSERT_EQUAL(SAMPLE_ANSWER, -42);
    CU_ASSERT_EQUAL(SAMPLE_HALF_BITS, UINT64_C(0x3fe0000000000000));
    CU_ASSERT(capnp_text_is(SAMPLE_GREETING, "Guten \"Tag\"?\n"));
    CU_ASSERT_EQUAL(SAMPLE_BYTES.length, 3);
    CU_ASSERT_EQUAL(SAMPLE_BYTES.bytes[1], 0xff);
    CU_ASSERT_EQUAL(sample_point_read_root((struct capnp_message *)&sample_corner, &corner),
                    CAPNP_OK);
    CU_ASSERT_EQUAL(sample_point_get_y(corner), -4);
}

/* A file of the reference data that is a framed TestAllTypes, of one segment or many: a deep copy
 * of it, judged by `capnp decode`. */
static bool judge_reference(const char *form)
{
    static uint64_t words[4096], copy[4096];
    static char text[65536], expected[65536];
    struct capnp_segment segments[SEGMENT_MAX];
    struct capnp_message message;
    struct capnp_builder builder;
    struct capnp_struct root;
    char name[160], command[320];
    snprintf(name, sizeof name, REFERENCE "v0.9.2/capnp/testdata/%s", form);
    FILE *file = fopen(name, "rb");
    if (!file)
        return false;
    size_t length = fread(words, 1, sizeof words, file);
    fclose(file);
    CU_ASSERT_EQUAL(capnp_message_framed(&message, words, length, segments, SEGMENT_MAX, NULL),
                    CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
    capnp_builder_begin_framed(&builder, copy, 4096);
    CU_ASSERT_EQUAL(capnp_copy_struct(&builder, builder.words, &root), CAPNP_OK);
    const char *type = strcmp(form, "lists.binary") ? "TestAllTypes" : "TestLists";
    snprintf(command, sizeof command, "capnp decode -I " REFERENCE "v0.9.2 " REFERENCE
             "v0.9.2/capnp/test.capnp %s <%s", type, name);
    output_of(command, expected, sizeof expected);
    snprintf(name, sizeof name, "/tmp/capnp_test.%d", (int)getpid());
    write_words(name, copy, capnp_builder_framed(&builder));
    snprintf(command, sizeof command, "capnp decode -I " REFERENCE "v0.9.2 " REFERENCE
             "v0.9.2/capnp/test.capnp %s <%s", type, name);
    CU_ASSERT_STRING_EQUAL(output_of(command, text, sizeof text), expected);
    CU_ASSERT(strlen(text) > 100);
    remove(name);
    return true;
}

static void test_reference(void)
{
    if (!judge_reference("binary")) {
        printf("skipped: there is no " REFERENCE "v0.9.2 ... ");
        return;
    }
    judge_reference("segmented");
    judge_reference("lists.binary");
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnp", NULL, NULL);
    CU_add_test(suite, "bounds of pointers", test_bounds);
    CU_add_test(suite, "far pointers", test_far);
    CU_add_test(suite, "texts behind far pointers", test_far_text);
    CU_add_test(suite, "traversal and nesting limits", test_limits);
    CU_add_test(suite, "lists that were upgraded", test_upgrade);
    CU_add_test(suite, "stream framing", test_framing);
    CU_add_test(suite, "typed structs", test_typed);
    CU_add_test(suite, "constants", test_constants);
    CU_add_test(suite, "what capnp says of our messages", test_judge);
    CU_add_test(suite, "messages of the reference data", test_reference);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
