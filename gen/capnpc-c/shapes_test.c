/* SPDX-License-Identifier: MIT */
/* What a schema can say beyond plain fields: defaults, unions, lists, pointers of any kind,
 * constants, annotations, generics, and names that clash. */
#include "cycle_one.capnp.h"
#include "names.capnp.h"
#include "shapes.capnp.h"

#include <CUnit/Basic.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 1024

static uint64_t words[WORDS_MAX];
static struct capnp_builder builder;
static struct capnp_message message;

static void begin(void)
{
    capnp_builder_begin(&builder, words, WORDS_MAX);
}

/* Read what was built. */
static void turn(void)
{
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    capnp_message_single(&message, words, builder.word_count);
}

static void check_text(struct capnp_text text, const char *expected)
{
    CU_ASSERT(capnp_text_is(text, expected));
}

static void check_point(struct shapes_point_reader point, int32_t x, int32_t y)
{
    CU_ASSERT_EQUAL(shapes_point_get_x(point), x);
    CU_ASSERT_EQUAL(shapes_point_get_y(point), y);
}

static void test_defaults(void)
{
    struct shapes_defaults_builder built;
    struct shapes_defaults_reader reader;
    struct shapes_point_reader point;
    struct shapes_point_list points;
    struct capnp_struct structure;
    struct capnp_text text;
    struct capnp_data data;
    struct capnp_list list, inner;
    struct capnp_any any;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_defaults_init_root(&builder, &built), CAPNP_OK);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_defaults_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_TRUE(shapes_defaults_get_flag(reader));
    CU_ASSERT_EQUAL(shapes_defaults_get_small(reader), INT8_MIN);
    CU_ASSERT_EQUAL(shapes_defaults_get_large(reader), UINT64_MAX);
    CU_ASSERT_EQUAL(shapes_defaults_get_half(reader), -0.5f);
    CU_ASSERT_EQUAL(shapes_defaults_get_endless(reader), INFINITY);
    CU_ASSERT_EQUAL(shapes_defaults_get_color(reader), SHAPES_COLOR_DARK_BLUE);
    CU_ASSERT_EQUAL(shapes_defaults_get_text(reader, &text), CAPNP_OK);
    check_text(text, "caf\xc3\xa9 \"?\?/\"\n");
    CU_ASSERT_EQUAL(shapes_defaults_get_data(reader, &data), CAPNP_OK);
    CU_ASSERT_EQUAL(data.length, 4);
    CU_ASSERT_EQUAL(memcmp(data.bytes, "\0\377\"\\", 4), 0);
    CU_ASSERT_EQUAL(shapes_defaults_get_point(reader, &point), CAPNP_OK);
    check_point(point, 10, 20);
    CU_ASSERT_EQUAL(shapes_defaults_get_flags(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(list.count, 3);
    CU_ASSERT_FALSE(capnp_list_bool(list, 1));
    CU_ASSERT_TRUE(capnp_list_bool(list, 2));
    CU_ASSERT_EQUAL(shapes_defaults_get_numbers(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint16(list, 1), 65535);
    CU_ASSERT_EQUAL(shapes_defaults_get_texts(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_text(&list, 1, &text), CAPNP_OK);
    check_text(text, "two");
    CU_ASSERT_EQUAL(shapes_defaults_get_points(reader, &points), CAPNP_OK);
    check_point(shapes_point_list_at(points, 0), 1, -1);
    check_point(shapes_point_list_at(points, 1), 2, 3);
    CU_ASSERT_EQUAL(shapes_defaults_get_lists(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_list(&list, 1, CAPNP_BYTE, &inner), CAPNP_OK);
    CU_ASSERT_EQUAL(inner.count, 2);
    CU_ASSERT_EQUAL(capnp_list_uint8(inner, 1), 3);
    CU_ASSERT_EQUAL(shapes_defaults_get_any(reader, &any), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(any.kind, CAPNP_STRUCT);
    point.raw = any.structure;
    check_point(point, 3, -4);
    CU_ASSERT_EQUAL(shapes_defaults_get_any_list(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint16(list, 3), 7);
    CU_ASSERT_EQUAL(shapes_defaults_get_any_struct(reader, &structure), CAPNP_OK);
    point.raw = structure;
    check_point(point, 3, -4);
    CU_ASSERT_FALSE(shapes_defaults_has_any(reader));
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
    /* What is the default is the word zero, and what is not is not. */
    shapes_defaults_set_flag(built, false);
    shapes_defaults_set_small(built, 1);
    CU_ASSERT_FALSE(shapes_defaults_get_flag(reader));
    CU_ASSERT_EQUAL(shapes_defaults_get_small(reader), 1);
    shapes_defaults_set_flag(built, true);
    shapes_defaults_set_small(built, INT8_MIN);
    CU_ASSERT_EQUAL(built.words[0], 0);
}

static void test_unions(void)
{
    struct shapes_unions_builder built;
    struct shapes_unions_pair_builder pair;
    struct shapes_unions_pair_deep_builder deep;
    struct shapes_unions_reader reader;
    struct shapes_unions_pair_reader read;
    struct shapes_point_builder point;
    struct shapes_point_reader at;
    struct capnp_text text;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_unions_init_root(&builder, &built), CAPNP_OK);
    shapes_unions_set_number(built, 0xffffffff);
    pair = shapes_unions_init_pair(built);
    shapes_unions_pair_set_left(pair, 4);
    shapes_unions_pair_set_right(pair, CAPNP_TEXT_LITERAL("right"));
    deep = shapes_unions_pair_init_deep(pair);
    shapes_unions_pair_deep_three_set_x(shapes_unions_pair_deep_init_three(deep), 2.5f);
    shapes_unions_named_init_b(shapes_unions_init_named(built), &point);
    shapes_point_set_x(point, 12);
    shapes_unions_plain_set_b(shapes_unions_init_plain(built), SHAPES_COLOR_RED);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_unions_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL_FATAL(shapes_unions_which(reader), SHAPES_UNIONS_WHICH_PAIR);
    read = shapes_unions_get_pair(reader);
    CU_ASSERT_EQUAL(shapes_unions_pair_get_left(read), 4);
    shapes_unions_pair_get_right(read, &text);
    check_text(text, "right");
    CU_ASSERT_EQUAL(shapes_unions_pair_deep_which(shapes_unions_pair_get_deep(read)),
                    SHAPES_UNIONS_PAIR_DEEP_WHICH_THREE);
    CU_ASSERT_EQUAL(shapes_unions_pair_deep_three_get_x(
                        shapes_unions_pair_deep_get_three(shapes_unions_pair_get_deep(read))),
                    2.5f);
    CU_ASSERT_EQUAL(shapes_unions_named_which(shapes_unions_get_named(reader)),
                    SHAPES_UNIONS_NAMED_WHICH_B);
    shapes_unions_named_get_b(shapes_unions_get_named(reader), &at);
    check_point(at, 12, -1);
    CU_ASSERT_TRUE(shapes_unions_plain_get_a(shapes_unions_get_plain(reader)));
    CU_ASSERT_EQUAL(shapes_unions_plain_get_b(shapes_unions_get_plain(reader)), SHAPES_COLOR_RED);
    /* Entering the group again leaves nothing of what lay there. */
    shapes_unions_init_pair(built);
    CU_ASSERT_EQUAL(shapes_unions_pair_get_left(read), 0);
    CU_ASSERT_FALSE(shapes_unions_pair_has_right(read));
    shapes_unions_set_none(built);
    CU_ASSERT_EQUAL(shapes_unions_which(reader), SHAPES_UNIONS_WHICH_NONE);
}

/* Make a list of lists: element 1 of three has `count` elements of a size. */
static struct capnp_list_builder inner_list(const struct capnp_list_builder *list,
                                            enum capnp_element element, uint32_t count)
{
    struct capnp_list_builder inner;
    CU_ASSERT_EQUAL(capnp_init_list(&builder, capnp_list_pointer_at(list, 1), element, count,
                                    &inner), CAPNP_OK);
    return inner;
}

static void test_lists(void)
{
    struct shapes_lists_builder built;
    struct shapes_lists_reader reader;
    struct capnp_list_builder list, inner;
    struct capnp_list read, in;
    struct capnp_text text;
    uint32_t position;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_lists_init_root(&builder, &built), CAPNP_OK);
    shapes_lists_init_colors(built, 3, &list);
    capnp_list_set_uint16(&list, 2, SHAPES_COLOR_DARK_BLUE);
    shapes_lists_init_capabilities(built, 2, &list);
    capnp_set_capability(capnp_list_pointer_at(&list, 1), 5);
    shapes_lists_init_number_lists(built, 3, &list);
    inner = inner_list(&list, CAPNP_FOUR_BYTES, 2);
    capnp_list_set_uint32(&inner, 1, 77);
    shapes_lists_init_flag_lists(built, 3, &list);
    inner = inner_list(&list, CAPNP_BIT, 9);
    capnp_list_set_bool(&inner, 8, true);
    shapes_lists_init_text_lists(built, 3, &list);
    inner = inner_list(&list, CAPNP_POINTER, 1);
    capnp_set_text(&builder, capnp_list_pointer_at(&inner, 0), CAPNP_TEXT_LITERAL("deep"));
    shapes_lists_init_deep(built, 3, &list);
    inner = inner_list(&list, CAPNP_POINTER, 3);
    inner = inner_list(&inner, CAPNP_BYTE, 4);
    capnp_list_set_uint8(&inner, 3, 200);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_lists_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_lists_get_colors(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint16(read, 2), SHAPES_COLOR_DARK_BLUE);
    CU_ASSERT_EQUAL(shapes_lists_get_capabilities(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_capability(&read, 1, &position), CAPNP_OK);
    CU_ASSERT_EQUAL(position, 5);
    CU_ASSERT_EQUAL(shapes_lists_get_any_capabilities(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(read.count, 0);
    CU_ASSERT_EQUAL(shapes_lists_get_number_lists(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(read.count, 3);
    CU_ASSERT_EQUAL(capnp_list_list(&read, 1, CAPNP_FOUR_BYTES, &in), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint32(in, 1), 77);
    CU_ASSERT_EQUAL(shapes_lists_get_flag_lists(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_list(&read, 1, CAPNP_BIT, &in), CAPNP_OK);
    CU_ASSERT_TRUE(capnp_list_bool(in, 8));
    CU_ASSERT_FALSE(capnp_list_bool(in, 7));
    CU_ASSERT_EQUAL(shapes_lists_get_text_lists(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_list(&read, 1, CAPNP_POINTER, &in), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_text(&in, 0, &text), CAPNP_OK);
    check_text(text, "deep");
    CU_ASSERT_EQUAL(shapes_lists_get_deep(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_list(&read, 1, CAPNP_POINTER, &in), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_list(&in, 1, CAPNP_BYTE, &in), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint8(in, 3), 200);
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

static void test_any(void)
{
    struct shapes_lists_builder built;
    struct shapes_lists_reader reader;
    struct shapes_point_reader point = shapes_corner1_read();
    struct capnp_list_builder list;
    struct capnp_struct structure;
    struct capnp_list read;
    struct capnp_any any = {.kind = CAPNP_CAPABILITY, .capability = 3};
    uint32_t position;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_lists_init_root(&builder, &built), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_lists_set_any_struct(built, point.raw), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_lists_init_any_list(built, CAPNP_TWO_BYTES, 3, &list), CAPNP_OK);
    capnp_list_set_uint16(&list, 2, 9);
    shapes_lists_set_capability(built, 1);
    shapes_lists_set_shape(built, 2);
    CU_ASSERT_EQUAL(shapes_lists_set_any(built, &any), CAPNP_OK);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_lists_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_lists_get_any_struct(reader, &structure), CAPNP_OK);
    point.raw = structure;
    check_point(point, 3, -4);
    CU_ASSERT_EQUAL(shapes_lists_get_any_list(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(read.element, CAPNP_TWO_BYTES);
    CU_ASSERT_EQUAL(capnp_list_uint16(read, 2), 9);
    CU_ASSERT_EQUAL(shapes_lists_get_capability(reader, &position), CAPNP_OK);
    CU_ASSERT_EQUAL(position, 1);
    CU_ASSERT_EQUAL(shapes_lists_get_shape(reader, &position), CAPNP_OK);
    CU_ASSERT_EQUAL(position, 2);
    CU_ASSERT_EQUAL(shapes_lists_get_any(reader, &any), CAPNP_OK);
    CU_ASSERT_EQUAL(any.kind, CAPNP_CAPABILITY);
    CU_ASSERT_EQUAL(any.capability, 3);
}

static void test_orphans(void)
{
    struct shapes_unions_builder built, other;
    struct shapes_defaults_builder from;
    struct shapes_unions_reader reader;
    struct shapes_defaults_reader before;
    struct shapes_point_builder_list points;
    struct shapes_point_list read;
    struct shapes_point_builder point;
    struct shapes_point_reader at;
    struct capnp_message view;
    struct capnp_orphan orphan, text;
    struct capnp_text title;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_unions_init_root(&builder, &built), CAPNP_OK);
    uint64_t *place = capnp_orphan_place(&builder);
    struct capnp_struct_builder raw;
    CU_ASSERT_PTR_NOT_NULL_FATAL(place);
    CU_ASSERT_EQUAL(capnp_init_struct(&builder, place, SHAPES_DEFAULTS_DATA_WORDS,
                                      SHAPES_DEFAULTS_POINTERS, &raw), CAPNP_OK);
    from = (struct shapes_defaults_builder){raw.message, raw.words};
    shapes_defaults_init_points(from, 3, &points);
    shapes_point_set_x(shapes_point_builder_list_at(points, 2), 41);
    shapes_defaults_init_point(from, &point);
    shapes_point_set_y(point, 42);
    shapes_defaults_set_text(from, CAPNP_TEXT_LITERAL("taken"));
    /* What was built can be read before it is finished, and is gone where it was taken from. */
    before = shapes_defaults_as_reader(from, &view);
    CU_ASSERT_EQUAL(shapes_defaults_get_point(before, &at), CAPNP_OK);
    check_point(at, 0, 42);
    CU_ASSERT_EQUAL(shapes_defaults_disown_points(from, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_defaults_disown_text(from, &text), CAPNP_OK);
    before = shapes_defaults_as_reader(from, &view);
    CU_ASSERT_FALSE(shapes_defaults_has_points(before));
    CU_ASSERT_TRUE(shapes_defaults_has_point(before));
    /* Adopting chooses the member of the union. */
    CU_ASSERT_EQUAL(shapes_unions_adopt_title(built, &text), CAPNP_OK);
    reader = shapes_unions_as_reader(built, &view);
    CU_ASSERT_EQUAL(shapes_unions_which(reader), SHAPES_UNIONS_WHICH_TITLE);
    shapes_unions_get_title(reader, &title);
    check_text(title, "taken");
    CU_ASSERT_EQUAL(shapes_unions_adopt_points(built, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_defaults_disown_point(from, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_unions_named_adopt_b(shapes_unions_init_named(built), &orphan),
                    CAPNP_OK);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_unions_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_unions_which(reader), SHAPES_UNIONS_WHICH_POINTS);
    CU_ASSERT_EQUAL(shapes_unions_get_points(reader, &read), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_point_list_count(read), 3);
    check_point(shapes_point_list_at(read, 2), 41, -1);
    shapes_unions_named_get_b(shapes_unions_get_named(reader), &at);
    check_point(at, 0, 42);
    /* Not into another message. */
    static uint64_t others[64];
    struct capnp_builder second;
    CU_ASSERT_EQUAL(shapes_unions_disown_points(built, &orphan), CAPNP_OK);
    capnp_builder_begin(&second, others, 64);
    CU_ASSERT_EQUAL_FATAL(shapes_unions_init_root(&second, &other), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_unions_adopt_points(other, &orphan), CAPNP_SEGMENT);
    CU_ASSERT_EQUAL(shapes_unions_adopt_points(built, &orphan), CAPNP_OK);
}

/* The root pointer is in the first segment, also when objects are placed in the next by then. */
static void test_late_root(void)
{
    static uint64_t first[4], second[64];
    struct capnp_segment segments[2] = {{first, 4}, {second, 64}};
    struct capnp_builder_more more = {.segments = segments, .segment_max = 2, .supplied = 2};
    struct shapes_unions_builder root;
    struct shapes_unions_reader reader;
    struct capnp_orphan orphan;
    struct capnp_text title;
    static const char long_text[] = "longer than the first segment has room for";
    capnp_builder_begin_segments(&builder, &more);
    uint64_t *place = capnp_orphan_place(&builder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(place);
    CU_ASSERT_EQUAL(capnp_set_text(&builder, place, CAPNP_TEXT_LITERAL(long_text)), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_disown(&builder, place, &orphan), CAPNP_OK);
    CU_ASSERT_EQUAL(more.segment_count, 2);
    CU_ASSERT_EQUAL_FATAL(shapes_unions_init_root(&builder, &root), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_unions_adopt_title(root, &orphan), CAPNP_OK);
    capnp_builder_message(&builder, &message);
    CU_ASSERT_EQUAL_FATAL(shapes_unions_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_unions_which(reader), SHAPES_UNIONS_WHICH_TITLE);
    CU_ASSERT_EQUAL(shapes_unions_get_title(reader, &title), CAPNP_OK);
    check_text(title, long_text);
}

static void test_constants(void)
{
    struct shapes_point_list points = shapes_points_read();
    struct shapes_box_of_text_reader box = shapes_boxed_read();
    struct shapes_box_of_text_lid_reader lid;
    struct shapes_defaults_reader nested = shapes_nested_read();
    struct capnp_list list = shapes_lists_2_read(), inner;
    struct capnp_text text = SHAPES_GREETING;
    struct capnp_data data = SHAPES_BYTES;
    struct shapes_point_reader point;
    CU_ASSERT_TRUE(SHAPES_YES);
    CU_ASSERT_EQUAL(SHAPES_SMALLEST, INT64_MIN);
    CU_ASSERT_EQUAL(SHAPES_LARGE, UINT64_C(0xfedcba9876543210));
    CU_ASSERT_EQUAL(SHAPES_HALF, 0.5);
    CU_ASSERT_EQUAL(SHAPES_HALF_BITS, UINT64_C(0x3fe0000000000000));
    CU_ASSERT_EQUAL(SHAPES_THIRD, 0.333333343f);
    CU_ASSERT_EQUAL(SHAPES_ENDLESS, -INFINITY);
    CU_ASSERT(isnan(SHAPES_NO_NUMBER));
    CU_ASSERT_EQUAL(SHAPES_COLOR_2, SHAPES_COLOR_DARK_BLUE);
    check_text(text, "Guten \"Tag\"?\n");
    CU_ASSERT_EQUAL(data.length, 3);
    CU_ASSERT_EQUAL(data.bytes[1], 0xff);
    check_point(shapes_corner1_read(), 3, -4);
    list = shapes_primes1_read();
    CU_ASSERT_EQUAL(list.count, 4);
    CU_ASSERT_EQUAL(capnp_list_uint16(list, 3), 7);
    list = shapes_flags_read();
    CU_ASSERT_FALSE(capnp_list_bool(list, 1));
    CU_ASSERT_TRUE(capnp_list_bool(list, 3));
    CU_ASSERT_EQUAL(shapes_point_list_count(points), 2);
    check_point(shapes_point_list_at(points, 1), 2, -1);
    list = shapes_lists_2_read();
    CU_ASSERT_EQUAL(capnp_list_list(&list, 0, CAPNP_POINTER, &inner), CAPNP_OK);
    capnp_list_text(&inner, 1, &text);
    check_text(text, "b");
    shapes_box_of_text_get_content(box, &text);
    check_text(text, "in the box");
    shapes_box_of_text_get_lid(box, &lid);
    shapes_box_of_text_lid_get_under(lid, &text);
    check_text(text, "under it");
    shapes_defaults_get_text(nested, &text);
    check_text(text, "Guten \"Tag\"?\n");
    shapes_defaults_get_point(nested, &point);
    check_point(point, 3, -4);
}

static void test_annotations(void)
{
    struct shapes_point_reader point;
    struct capnp_any any;
    struct capnp_text text = SHAPES_ANNOTATION_NOTE;
    check_text(text, "the file");
    text = SHAPES_POINT_ANNOTATION_NOTE;
    check_text(text, "a point");
    text = SHAPES_POINT_X_ANNOTATION_NOTE;
    check_text(text, "a field");
    text = SHAPES_SHAPE_ANNOTATION_NOTE;
    check_text(text, "an interface");
    CU_ASSERT_EQUAL(SHAPES_POINT_ANNOTATION_WEIGHT, 1.5);
    CU_ASSERT_EQUAL(SHAPES_COLOR_RED_ANNOTATION_WEIGHT, 0.5);
    CU_ASSERT_EQUAL(SHAPES_COLOR_GREEN_ANNOTATION_MARKED, 1);
    CU_ASSERT_EQUAL(SHAPES_SHAPE_DRAW_ANNOTATION_WEIGHT, 2.0);
    CU_ASSERT_EQUAL(SHAPES_COLOR_2_ANNOTATION_TINT, SHAPES_COLOR_GREEN);
    CU_ASSERT_EQUAL(
        shapes_point_read_root((struct capnp_message *)&shapes_point_annotation_corner, &point),
        CAPNP_OK);
    check_point(point, 7, -7);
    CU_ASSERT_EQUAL(
        capnp_read_root_any((struct capnp_message *)&shapes_color_annotation_primes, &any),
        CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint16(any.list, 2), 5);
}

/* Write through brands. */
static void build_branded(struct shapes_branded_builder built)
{
    struct shapes_box_of_text_builder text;
    struct shapes_box_of_point_builder boxed;
    struct shapes_point_builder point;
    struct shapes_box_of_box_of_text_builder boxes;
    struct shapes_map_of_text_and_list_of_point_builder map;
    struct shapes_map_of_text_and_list_of_point_entry_builder_list entries;
    struct shapes_point_builder_list points;
    struct shapes_box_of_list_of_uint32_builder numbers;
    struct shapes_tree_of_text_builder tree;
    struct shapes_tree_of_box_of_text_builder next;
    struct capnp_list_builder list;
    shapes_branded_init_text(built, &text);
    shapes_box_of_text_set_content(text, CAPNP_TEXT_LITERAL("content"));
    shapes_box_of_text_set_count(text, 8);
    shapes_box_of_text_kind_set_other(shapes_box_of_text_init_kind(text),
                                      CAPNP_TEXT_LITERAL("other"));
    shapes_branded_init_point(built, &boxed);
    shapes_box_of_point_init_content(boxed, &point);
    shapes_point_set_x(point, 31);
    shapes_branded_init_numbers(built, &numbers);
    shapes_box_of_list_of_uint32_init_content(numbers, 2, &list);
    capnp_list_set_uint32(&list, 1, 123);
    shapes_branded_init_boxes(built, &boxes);
    shapes_box_of_box_of_text_init_content(boxes, &text);
    shapes_box_of_text_set_content(text, CAPNP_TEXT_LITERAL("inside"));
    shapes_branded_init_map(built, &map);
    shapes_map_of_text_and_list_of_point_init_entries(map, 2, &entries);
    shapes_map_of_text_and_list_of_point_entry_init_value(
        shapes_map_of_text_and_list_of_point_entry_builder_list_at(entries, 1), 1, &points);
    shapes_point_set_y(shapes_point_builder_list_at(points, 0), 32);
    shapes_branded_init_tree(built, &tree);
    shapes_tree_of_text_init_next(tree, &next);
    shapes_tree_of_box_of_text_init_value(next, &text);
    shapes_box_of_text_set_content(text, CAPNP_TEXT_LITERAL("leaf"));
}

static void test_generics(void)
{
    struct shapes_branded_builder built;
    struct shapes_branded_reader reader;
    struct shapes_box_of_text_reader text;
    struct shapes_box_of_point_reader boxed;
    struct shapes_box_of_box_of_text_reader boxes;
    struct shapes_map_of_text_and_list_of_point_reader map;
    struct shapes_map_of_text_and_list_of_point_entry_list entries;
    struct shapes_box_of_list_of_uint32_reader numbers;
    struct shapes_tree_of_text_reader tree;
    struct shapes_tree_of_box_of_text_reader next;
    struct shapes_point_list points;
    struct shapes_point_reader point;
    struct shapes_box_reader plain;
    struct capnp_text content;
    struct capnp_list list;
    struct capnp_any any;
    begin();
    CU_ASSERT_EQUAL_FATAL(shapes_branded_init_root(&builder, &built), CAPNP_OK);
    build_branded(built);
    turn();
    CU_ASSERT_EQUAL_FATAL(shapes_branded_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_branded_get_text(reader, &text), CAPNP_OK);
    shapes_box_of_text_get_content(text, &content);
    check_text(content, "content");
    CU_ASSERT_EQUAL(shapes_box_of_text_get_count(text), 8);
    CU_ASSERT_EQUAL(shapes_box_of_text_kind_which(shapes_box_of_text_get_kind(text)),
                    SHAPES_BOX_KIND_WHICH_OTHER);
    shapes_box_of_text_kind_get_other(shapes_box_of_text_get_kind(text), &content);
    check_text(content, "other");
    shapes_branded_get_point(reader, &boxed);
    CU_ASSERT_EQUAL(shapes_box_of_point_get_content(boxed, &point), CAPNP_OK);
    check_point(point, 31, -1);
    shapes_branded_get_numbers(reader, &numbers);
    CU_ASSERT_EQUAL(shapes_box_of_list_of_uint32_get_content(numbers, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(capnp_list_uint32(list, 1), 123);
    shapes_branded_get_boxes(reader, &boxes);
    shapes_box_of_box_of_text_get_content(boxes, &text);
    shapes_box_of_text_get_content(text, &content);
    check_text(content, "inside");
    shapes_branded_get_map(reader, &map);
    shapes_map_of_text_and_list_of_point_get_entries(map, &entries);
    shapes_map_of_text_and_list_of_point_entry_get_value(
        shapes_map_of_text_and_list_of_point_entry_list_at(entries, 1), &points);
    check_point(shapes_point_list_at(points, 0), 0, 32);
    shapes_branded_get_tree(reader, &tree);
    shapes_tree_of_text_get_next(tree, &next);
    shapes_tree_of_box_of_text_get_value(next, &text);
    shapes_box_of_text_get_content(text, &content);
    check_text(content, "leaf");
    shapes_branded_get_boxed(reader, &text);
    shapes_box_of_text_get_content(text, &content);
    check_text(content, "a default");
    /* The same struct of which nothing is known. */
    shapes_branded_get_point(reader, &boxed);
    plain.raw = boxed.raw;
    CU_ASSERT_EQUAL(shapes_box_get_content(plain, &any), CAPNP_OK);
    CU_ASSERT_EQUAL(any.kind, CAPNP_STRUCT);
    CU_ASSERT_EQUAL(message.error, CAPNP_OK);
}

static void test_names(void)
{
    struct names_clashes_builder clashes, root;
    struct names_clashes_reader reader, inner;
    struct cycle_one_one_builder one;
    struct cycle_two_two_builder two;
    begin();
    CU_ASSERT_EQUAL_FATAL(names_clashes_init_root(&builder, &clashes), CAPNP_OK);
    names_clashes_set_sky_blue(clashes, 1);
    names_clashes_set_sky_blue_2(clashes, 2);
    names_clashes_set_weight(clashes, 1.5f);
    names_clashes_set_weight_bits_2(clashes, 3);
    names_clashes_init_root_2(clashes, &root);
    names_clashes_sky_3_set_a(names_clashes_init_sky(root), 4);
    turn();
    CU_ASSERT_EQUAL_FATAL(names_clashes_read_root(&message, &reader), CAPNP_OK);
    CU_ASSERT_EQUAL(names_clashes_get_sky_blue(reader), 1);
    CU_ASSERT_EQUAL(names_clashes_get_sky_blue_2(reader), 2);
    CU_ASSERT_EQUAL(names_clashes_get_weight_bits(reader), 0x3fc00000);
    CU_ASSERT_EQUAL(names_clashes_get_weight_bits_2(reader), 3);
    names_clashes_get_root_2(reader, &inner);
    CU_ASSERT_EQUAL(names_clashes_sky_3_get_a(names_clashes_get_sky(inner)), 4);
    CU_ASSERT_EQUAL(NAMES_COUNT_COUNT, 3);
    CU_ASSERT_EQUAL(NAMES_COUNT_COUNT_2, 0);
    CU_ASSERT_EQUAL(NAMES_COUNT_COUNT_OF_2, 2);
    CU_ASSERT_EQUAL(NAMES_CLASHES_DATA_WORDS_2, 1);
    /* Two files that import each other. */
    begin();
    CU_ASSERT_EQUAL(cycle_one_one_init_root(&builder, &one), CAPNP_OK);
    CU_ASSERT_EQUAL(cycle_one_one_init_other(one, &two), CAPNP_OK);
    CU_ASSERT_EQUAL(cycle_two_two_init_other(two, &one), CAPNP_OK);
    /* An interface inherits one of the other file, and each promises the other. */
    struct cycle_one_upper_ref upper = cycle_two_lower_lower_promise_upper(NULL, 7);
    struct cycle_two_lower_ref lower = cycle_one_upper_ref_as_cycle_two_lower(upper);
    CU_ASSERT_EQUAL(lower.target.object, 7);
    CU_ASSERT_EQUAL(lower.target.kind, CHANNEL_TARGET_ANSWER);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnpc-c shapes", NULL, NULL);
    CU_add_test(suite, "defaults", test_defaults);
    CU_add_test(suite, "unions and groups", test_unions);
    CU_add_test(suite, "lists of lists, enums and capabilities", test_lists);
    CU_add_test(suite, "pointers of any kind", test_any);
    CU_add_test(suite, "orphans", test_orphans);
    CU_add_test(suite, "a root that is made last", test_late_root);
    CU_add_test(suite, "constants", test_constants);
    CU_add_test(suite, "annotations", test_annotations);
    CU_add_test(suite, "generics", test_generics);
    CU_add_test(suite, "names that clash", test_names);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
