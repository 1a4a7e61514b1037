/* SPDX-License-Identifier: MIT */
/*
 * Every value of a struct with a field of each type and a list of each element, written and read by
 * generated code. The values are those of the reference implementation's test message, and
 * shapes.capnp's All has the layout of its TestAllTypes: so the same code reads its files, and its
 * tool reads ours.
 */
#include "capnp_frame.h"
#include "capnp_pack.h"
#include "shapes.capnp.h"

#include <CUnit/Basic.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFERENCE "../shared/data/capnp/v0.9.2"
#define LIST_MAX 6
#define WORDS_MAX 4096

/* A list of whole numbers; of negative ones the two's complement. */
struct numbers {
    unsigned count;
    uint64_t values[LIST_MAX];
};

/* A list of floating-point numbers. */
struct reals {
    unsigned count;
    double values[LIST_MAX];
};

/* A list of texts. */
struct texts {
    unsigned count;
    const char *values[LIST_MAX];
};

/* What a struct holds. */
struct values {
    bool flag;
    int8_t int8;
    int16_t int16;
    int32_t int32;
    int64_t int64;
    uint8_t uint8;
    uint16_t uint16;
    uint32_t uint32;
    uint64_t uint64;
    float float32;
    double float64;
    const char *text, *data; /* null: not set */
    const struct values *inner;
    enum shapes_letter which;
    struct numbers nothings, flags, int8s, int16s, int32s, int64s, uint8s, uint16s, uint32s,
        uint64s;
    struct reals float32s, float64s;
    struct texts texts, datas, inners; /* of the inner structs, their texts */
    struct numbers letters;
};

#define NEGATIVE(value) (uint64_t)(INT64_C(-1) * (value))

static const struct values innermost = {.text = "really nested"};
static const struct values inner = {.text = "nested", .inner = &innermost};

/* The struct in the struct. */
static const struct values middle = {
    .flag = true,
    .int8 = -12,
    .int16 = 3456,
    .int32 = -78901234,
    .int64 = 56789012345678,
    .uint8 = 90,
    .uint16 = 1234,
    .uint32 = 56789012,
    .uint64 = 345678901234567890,
    .float32 = -1.25e-10f,
    .float64 = 345,
    .text = "baz",
    .data = "qux",
    .inner = &inner,
    .which = SHAPES_LETTER_C,
    .nothings = {3, {0}},
    .flags = {5, {0, 1, 0, 1, 1}},
    .int8s = {4, {12, NEGATIVE(34), NEGATIVE(0x80), 0x7f}},
    .int16s = {4, {1234, NEGATIVE(5678), NEGATIVE(0x8000), 0x7fff}},
    .int32s = {4, {12345678, NEGATIVE(90123456), NEGATIVE(0x80000000), 0x7fffffff}},
    .int64s = {4, {123456789012345, NEGATIVE(678901234567890), UINT64_C(1) << 63, INT64_MAX}},
    .uint8s = {4, {12, 34, 0, 0xff}},
    .uint16s = {4, {1234, 5678, 0, 0xffff}},
    .uint32s = {4, {12345678, 90123456, 0, 0xffffffff}},
    .uint64s = {4, {123456789012345, 678901234567890, 0, UINT64_MAX}},
    .float32s = {6, {0, 1234567, 1e37, -1e37, 1e-37, -1e-37}},
    .float64s = {6, {0, 123456789012345, 1e306, -1e306, 1e-306, -1e-306}},
    .texts = {3, {"quux", "corge", "grault"}},
    .datas = {3, {"garply", "waldo", "fred"}},
    .inners = {3, {"x structlist 1", "x structlist 2", "x structlist 3"}},
    .letters = {3, {SHAPES_LETTER_D, SHAPES_LETTER_B, SHAPES_LETTER_G}},
};

/* The whole. */
static const struct values outer = {
    .flag = true,
    .int8 = -123,
    .int16 = -12345,
    .int32 = -12345678,
    .int64 = -123456789012345,
    .uint8 = 234,
    .uint16 = 45678,
    .uint32 = 3456789012,
    .uint64 = UINT64_C(12345678901234567890),
    .float32 = 1234.5f,
    .float64 = -123e45,
    .text = "foo",
    .data = "bar",
    .inner = &middle,
    .which = SHAPES_LETTER_F,
    .nothings = {6, {0}},
    .flags = {4, {1, 0, 0, 1}},
    .int8s = {2, {111, NEGATIVE(111)}},
    .int16s = {2, {11111, NEGATIVE(11111)}},
    .int32s = {2, {111111111, NEGATIVE(111111111)}},
    .int64s = {2, {1111111111111111111, NEGATIVE(1111111111111111111)}},
    .uint8s = {2, {111, 222}},
    .uint16s = {2, {33333, 44444}},
    .uint32s = {1, {3333333333}},
    .uint64s = {1, {UINT64_C(11111111111111111111)}},
    .float32s = {4, {5555.5, INFINITY, -INFINITY, NAN}},
    .float64s = {4, {7777.75, INFINITY, -INFINITY, NAN}},
    .texts = {3, {"plugh", "xyzzy", "thud"}},
    .datas = {3, {"oops", "exhausted", "rfc3092"}},
    .inners = {3, {"structlist 1", "structlist 2", "structlist 3"}},
    .letters = {2, {SHAPES_LETTER_A, SHAPES_LETTER_H}},
};

/* A C string as text and as bytes. */
static struct capnp_text text_of(const char *string)
{
    return (struct capnp_text){string, (uint32_t)strlen(string)};
}
static struct capnp_data data_of(const char *string)
{
    return (struct capnp_data){(const uint8_t *)string, (uint32_t)strlen(string)};
}

/* --- Writing --------------------------------------------------------------------------------- */

/* Write a list of scalars by its generated `init` and the runtime's setter of an element. */
#define BUILD_NUMBERS(field, list_, element, type)                                                 \
    if (values->list_.count > 0) {                                                                 \
        struct capnp_list_builder list;                                                            \
        CU_ASSERT_EQUAL(shapes_all_init_##field(builder, values->list_.count, &list), CAPNP_OK);   \
        for (uint32_t i = 0; i < values->list_.count; i++)                                         \
            capnp_list_set_##element(&list, i, (type)values->list_.values[i]);                     \
    }

/* Write the lists of numbers. */
static void build_numbers(struct shapes_all_builder builder, const struct values *values)
{
    struct capnp_list_builder voids;
    if (values->nothings.count > 0)
        shapes_all_init_nothings(builder, values->nothings.count, &voids);
    BUILD_NUMBERS(flags, flags, bool, bool)
    BUILD_NUMBERS(int8s, int8s, uint8, uint8_t)
    BUILD_NUMBERS(int16s, int16s, uint16, uint16_t)
    BUILD_NUMBERS(int32s, int32s, uint32, uint32_t)
    BUILD_NUMBERS(int64s, int64s, uint64, uint64_t)
    BUILD_NUMBERS(uint8s, uint8s, uint8, uint8_t)
    BUILD_NUMBERS(uint16s, uint16s, uint16, uint16_t)
    BUILD_NUMBERS(uint32s, uint32s, uint32, uint32_t)
    BUILD_NUMBERS(uint64s, uint64s, uint64, uint64_t)
    BUILD_NUMBERS(letters, letters, uint16, uint16_t)
}

/* Write the lists of floating-point numbers, texts, bytes and structs. */
static void build_lists(struct shapes_all_builder builder, const struct values *values)
{
    struct capnp_list_builder list;
    struct shapes_all_builder_list inners;
    for (uint32_t i = 0; i < values->float32s.count; i++) {
        float value = (float)values->float32s.values[i];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        if (i == 0)
            shapes_all_init_float32s(builder, values->float32s.count, &list);
        capnp_list_set_uint32(&list, i, bits);
    }
    for (uint32_t i = 0; i < values->float64s.count; i++) {
        uint64_t bits;
        memcpy(&bits, &values->float64s.values[i], sizeof bits);
        if (i == 0)
            shapes_all_init_float64s(builder, values->float64s.count, &list);
        capnp_list_set_uint64(&list, i, bits);
    }
    for (uint32_t i = 0; i < values->texts.count; i++) {
        if (i == 0)
            shapes_all_init_texts(builder, values->texts.count, &list);
        capnp_set_text(builder.message, capnp_list_pointer_at(&list, i),
                       text_of(values->texts.values[i]));
    }
    for (uint32_t i = 0; i < values->datas.count; i++) {
        if (i == 0)
            shapes_all_init_datas(builder, values->datas.count, &list);
        capnp_set_data(builder.message, capnp_list_pointer_at(&list, i),
                       data_of(values->datas.values[i]));
    }
    for (uint32_t i = 0; i < values->inners.count; i++) {
        if (i == 0)
            shapes_all_init_inners(builder, values->inners.count, &inners);
        shapes_all_set_text(shapes_all_builder_list_at(inners, i),
                            text_of(values->inners.values[i]));
    }
}

/* Write all. */
static void build(struct shapes_all_builder builder, const struct values *values)
{
    shapes_all_set_flag(builder, values->flag);
    shapes_all_set_int8(builder, values->int8);
    shapes_all_set_int16(builder, values->int16);
    shapes_all_set_int32(builder, values->int32);
    shapes_all_set_int64(builder, values->int64);
    shapes_all_set_uint8(builder, values->uint8);
    shapes_all_set_uint16(builder, values->uint16);
    shapes_all_set_uint32(builder, values->uint32);
    shapes_all_set_uint64(builder, values->uint64);
    shapes_all_set_float32(builder, values->float32);
    shapes_all_set_float64(builder, values->float64);
    shapes_all_set_which(builder, values->which);
    if (values->text)
        shapes_all_set_text(builder, text_of(values->text));
    if (values->data)
        shapes_all_set_data(builder, data_of(values->data));
    if (values->inner) {
        struct shapes_all_builder inner_builder;
        CU_ASSERT_EQUAL(shapes_all_init_inner(builder, &inner_builder), CAPNP_OK);
        build(inner_builder, values->inner);
    }
    build_numbers(builder, values);
    build_lists(builder, values);
}

/* --- Reading --------------------------------------------------------------------------------- */

static void check_text(struct capnp_text text, const char *expected)
{
    CU_ASSERT_EQUAL(text.length, strlen(expected ? expected : ""));
    CU_ASSERT(capnp_text_is(text, expected ? expected : ""));
}

static void check_data(struct capnp_data data, const char *expected)
{
    check_text((struct capnp_text){(const char *)data.bytes, data.length}, expected);
}

/* Read a list of scalars by its generated getter. */
#define CHECK_NUMBERS(field, list_, element, type)                                                 \
    CU_ASSERT_EQUAL(shapes_all_get_##field(reader, &list), CAPNP_OK);                              \
    CU_ASSERT_EQUAL(shapes_all_has_##field(reader), values->list_.count > 0);                      \
    CU_ASSERT_EQUAL(list.count, values->list_.count);                                              \
    for (uint32_t i = 0; i < list.count; i++)                                                      \
        CU_ASSERT_EQUAL((type)capnp_list_##element(list, i), (type)values->list_.values[i]);

/* Check the lists of numbers. */
static void check_numbers(struct shapes_all_reader reader, const struct values *values)
{
    struct capnp_list list;
    CU_ASSERT_EQUAL(shapes_all_get_nothings(reader, &list), CAPNP_OK);
    CU_ASSERT_EQUAL(list.count, values->nothings.count);
    CHECK_NUMBERS(flags, flags, bool, bool)
    CHECK_NUMBERS(int8s, int8s, uint8, int8_t)
    CHECK_NUMBERS(int16s, int16s, uint16, int16_t)
    CHECK_NUMBERS(int32s, int32s, uint32, int32_t)
    CHECK_NUMBERS(int64s, int64s, uint64, int64_t)
    CHECK_NUMBERS(uint8s, uint8s, uint8, uint8_t)
    CHECK_NUMBERS(uint16s, uint16s, uint16, uint16_t)
    CHECK_NUMBERS(uint32s, uint32s, uint32, uint32_t)
    CHECK_NUMBERS(uint64s, uint64s, uint64, uint64_t)
    CHECK_NUMBERS(letters, letters, uint16, enum shapes_letter)
}

/* Are two floating-point numbers the same, or none both. */
static bool is_same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Check the lists of floating-point numbers, texts, bytes and structs. */
static void check_lists(struct shapes_all_reader reader, const struct values *values)
{
    struct capnp_list list;
    struct shapes_all_list inners;
    struct capnp_text text;
    struct capnp_data data;
    shapes_all_get_float32s(reader, &list);
    CU_ASSERT_EQUAL(list.count, values->float32s.count);
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t bits = capnp_list_uint32(list, i);
        float value;
        memcpy(&value, &bits, sizeof value);
        CU_ASSERT(is_same((double)value, (double)(float)values->float32s.values[i]));
    }
    shapes_all_get_float64s(reader, &list);
    CU_ASSERT_EQUAL(list.count, values->float64s.count);
    for (uint32_t i = 0; i < list.count; i++) {
        uint64_t bits = capnp_list_uint64(list, i);
        double value;
        memcpy(&value, &bits, sizeof value);
        CU_ASSERT(is_same(value, values->float64s.values[i]));
    }
    shapes_all_get_texts(reader, &list);
    CU_ASSERT_EQUAL(list.count, values->texts.count);
    for (uint32_t i = 0; i < list.count; i++) {
        CU_ASSERT_EQUAL(capnp_list_text(&list, i, &text), CAPNP_OK);
        check_text(text, values->texts.values[i]);
    }
    shapes_all_get_datas(reader, &list);
    CU_ASSERT_EQUAL(list.count, values->datas.count);
    for (uint32_t i = 0; i < list.count; i++) {
        CU_ASSERT_EQUAL(capnp_list_data(&list, i, &data), CAPNP_OK);
        check_data(data, values->datas.values[i]);
    }
    shapes_all_get_inners(reader, &inners);
    CU_ASSERT_EQUAL(shapes_all_list_count(inners), values->inners.count);
    for (uint32_t i = 0; i < shapes_all_list_count(inners); i++) {
        shapes_all_get_text(shapes_all_list_at(inners, i), &text);
        check_text(text, values->inners.values[i]);
    }
}

/* Check all. */
static void check(struct shapes_all_reader reader, const struct values *values)
{
    struct capnp_text text;
    struct capnp_data data;
    struct shapes_all_reader inner_reader;
    CU_ASSERT_EQUAL(shapes_all_get_flag(reader), values->flag);
    CU_ASSERT_EQUAL(shapes_all_get_int8(reader), values->int8);
    CU_ASSERT_EQUAL(shapes_all_get_int16(reader), values->int16);
    CU_ASSERT_EQUAL(shapes_all_get_int32(reader), values->int32);
    CU_ASSERT_EQUAL(shapes_all_get_int64(reader), values->int64);
    CU_ASSERT_EQUAL(shapes_all_get_uint8(reader), values->uint8);
    CU_ASSERT_EQUAL(shapes_all_get_uint16(reader), values->uint16);
    CU_ASSERT_EQUAL(shapes_all_get_uint32(reader), values->uint32);
    CU_ASSERT_EQUAL(shapes_all_get_uint64(reader), values->uint64);
    CU_ASSERT(is_same((double)shapes_all_get_float32(reader), (double)values->float32));
    CU_ASSERT(is_same(shapes_all_get_float64(reader), values->float64));
    CU_ASSERT_EQUAL(shapes_all_get_which(reader), values->which);
    CU_ASSERT_EQUAL(shapes_all_get_text(reader, &text), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_all_has_text(reader), values->text != NULL);
    check_text(text, values->text);
    CU_ASSERT_EQUAL(shapes_all_get_data(reader, &data), CAPNP_OK);
    CU_ASSERT_EQUAL(shapes_all_has_data(reader), values->data != NULL);
    check_data(data, values->data);
    CU_ASSERT_EQUAL(shapes_all_has_inner(reader), values->inner != NULL);
    if (values->inner) {
        CU_ASSERT_EQUAL(shapes_all_get_inner(reader, &inner_reader), CAPNP_OK);
        check(inner_reader, values->inner);
    }
    check_numbers(reader, values);
    check_lists(reader, values);
}

/* --- The tests ------------------------------------------------------------------------------- */

static uint64_t words[WORDS_MAX];

/* Write the message with its frame; answers its length in words. */
static uint32_t build_message(void)
{
    struct capnp_builder builder;
    struct shapes_all_builder root;
    capnp_builder_begin_framed(&builder, words, WORDS_MAX);
    CU_ASSERT_EQUAL_FATAL(shapes_all_init_root(&builder, &root), CAPNP_OK);
    build(root, &outer);
    CU_ASSERT_EQUAL(builder.error, CAPNP_OK);
    return capnp_builder_framed(&builder);
}

static struct capnp_segment segments[512];

/* Check a message that was opened as one of these values. */
static void check_opened(struct capnp_message *message)
{
    struct shapes_all_reader reader;
    CU_ASSERT_EQUAL_FATAL(shapes_all_read_root(message, &reader), CAPNP_OK);
    check(reader, &outer);
    CU_ASSERT_EQUAL(message->error, CAPNP_OK);
}

/* Check the message that lies in `words` with its frame. */
static void check_message(size_t bytes)
{
    struct capnp_message message;
    CU_ASSERT_EQUAL_FATAL(capnp_message_framed(&message, words, bytes, segments, 512, NULL),
                          CAPNP_OK);
    check_opened(&message);
}

static void test_own(void)
{
    check_message(build_message() * sizeof *words);
}

/* The C++ tool reads what was written here, and what it writes of that is read here. */
static void test_converted(void)
{
    char name[64], command[512];
    uint32_t length = build_message();
    snprintf(name, sizeof name, "/tmp/capnpc-c-values.%d", (int)getpid());
    FILE *file = fopen(name, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(words, sizeof *words, length, file), length);
    fclose(file);
    snprintf(command, sizeof command, "capnp convert binary:text -I idl "
             "gen/capnpc-c/shapes/shapes.capnp All <%s | capnp convert text:binary -I idl "
             "gen/capnpc-c/shapes/shapes.capnp All", name);
    memset(words, 0, sizeof words);
    file = popen(command, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t bytes = fread(words, 1, sizeof words, file);
    CU_ASSERT_EQUAL(pclose(file), 0);
    check_message(bytes);
    remove(name);
}

/* --- The files of the reference implementation; absent where only this tree is ---------------- */

static uint64_t packed[WORDS_MAX];

/* Read a file into `room` bytes at `to`; zero if there is none, and there need not be one. */
static size_t read_reference(const char *form, void *to, size_t room)
{
    char name[128];
    snprintf(name, sizeof name, REFERENCE "/capnp/testdata/%s", form);
    FILE *file = fopen(name, "r");
    const char *ci = getenv("CI");
    if (!file && (!ci || strcmp(ci, "true") != 0)) {
        printf("skipped: there is no %s ... ", name);
        return 0;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    size_t bytes = fread(to, 1, room, file);
    fclose(file);
    CU_ASSERT_FATAL(bytes > 0 && bytes < room);
    return bytes;
}

static void test_reference(void)
{
    static const char *const names[] = {"binary", "segmented"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t bytes = read_reference(names[i], words, sizeof words);
        if (bytes > 0)
            check_message(bytes);
    }
}

/* Without a table, packed, and both; the last piece by piece, too. */
static void test_reference_forms(void)
{
    struct capnp_message message;
    struct capnp_unpacker unpacker;
    static const char *const names[] = {"packed", "segmented-packed"};
    uint64_t used;
    size_t bytes = read_reference("flat", words, sizeof words);
    if (bytes > 0) {
        CU_ASSERT_EQUAL(bytes % sizeof *words, 0);
        capnp_message_single(&message, words, (uint32_t)(bytes / sizeof *words));
        check_opened(&message);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        bytes = read_reference(names[i], packed, sizeof packed);
        if (bytes == 0)
            continue;
        memset(words, 0xff, sizeof words);
        CU_ASSERT_EQUAL_FATAL(capnp_unpack_message(&message, (const uint8_t *)packed, bytes, words,
                                                   WORDS_MAX, segments, 512, &used), CAPNP_OK);
        CU_ASSERT_EQUAL(used, bytes);
        CU_ASSERT_EQUAL(message.segment_count, i == 0 ? 1 : 125);
        check_opened(&message);
    }
    bytes = read_reference("packedflat", packed, sizeof packed);
    for (size_t piece = bytes; piece > 0; piece /= 7) {
        uint64_t count = 0;
        memset(words, 0xff, sizeof words);
        capnp_unpacker_begin(&unpacker);
        for (size_t at = 0; at < bytes; at += used)
            count += capnp_unpack_some(&unpacker, (const uint8_t *)packed + at,
                                       bytes - at < piece ? bytes - at : piece, words + count,
                                       WORDS_MAX - count, &used);
        CU_ASSERT(capnp_unpacker_is_done(&unpacker));
        capnp_message_single(&message, words, (uint32_t)count);
        check_opened(&message);
    }
}

/* The segments as they come from a stream, in pieces of 13 bytes. */
static void test_reference_stream(void)
{
    struct capnp_frame_reader frame;
    struct capnp_message message;
    size_t at = 0, bytes = read_reference("segmented", packed, sizeof packed);
    if (bytes == 0)
        return;
    capnp_frame_reader_begin(&frame, words, WORDS_MAX, segments, 512);
    while (at < bytes && !frame.is_done)
        at += capnp_frame_read(&frame, (const uint8_t *)packed + at,
                               bytes - at < 13 ? bytes - at : 13);
    CU_ASSERT_EQUAL(at, bytes);
    CU_ASSERT_EQUAL_FATAL(capnp_frame_message(&frame, &message), CAPNP_OK);
    check_opened(&message);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("capnpc-c values", NULL, NULL);
    CU_add_test(suite, "written and read", test_own);
    CU_add_test(suite, "read by the C++ tool, and written by it", test_converted);
    CU_add_test(suite, "the reference messages", test_reference);
    CU_add_test(suite, "flat, packed, and both", test_reference_forms);
    CU_add_test(suite, "from a stream", test_reference_stream);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
