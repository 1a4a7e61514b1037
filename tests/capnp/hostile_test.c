/* SPDX-License-Identifier: MIT */
/*
 * Hostile messages: those of the reference data with the verdict that each must get, and others
 * made here. Whatever a message says, reader and specification (oracle.h) must agree on every
 * pointer. Each segment lies in a buffer of its own exact length, so that the address sanitizer
 * sees a read outside it.
 */
#include "capnp_pack.h"
#include "oracle.h"
#include "random.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES "../shared/data/capnp/malformed/cases.tsv"
#define SEGMENT_MAX 512
#define UNPACKED_WORDS 1024 /* more than the packed ones have */
#define SEGMENT_WORDS 24 /* of a message made at random */

/* Without limits a small message could be walked for ever. A limit in words allows this many steps:
 * each word may be a pointer that is refused. */
#define STEPS_MAX (3 * CAPNP_TRAVERSAL_WORDS)

/* The pointers of TestAllTypes, a type of the reference schema: its first three, then its lists. */
enum { FIELD_TEXT, FIELD_DATA, FIELD_STRUCT, FIELD_LISTS, FIELD_TEXTS = 15, FIELD_DATAS,
       FIELD_STRUCTS, FIELD_ENUMS, FIELD_COUNT };
static const enum capnp_element field_elements[FIELD_COUNT] = {
    [FIELD_LISTS] = CAPNP_VOID, CAPNP_BIT, CAPNP_BYTE, CAPNP_TWO_BYTES, CAPNP_FOUR_BYTES,
    CAPNP_EIGHT_BYTES, CAPNP_BYTE, CAPNP_TWO_BYTES, CAPNP_FOUR_BYTES, CAPNP_EIGHT_BYTES,
    CAPNP_FOUR_BYTES, CAPNP_EIGHT_BYTES, CAPNP_POINTER, CAPNP_POINTER, CAPNP_COMPOSITE,
    CAPNP_TWO_BYTES};

/* What a walk as TestAllTypes saw. */
struct typed {
    uint64_t steps, errors;
    uint64_t sum; /* of what was read, so that it is read */
    bool is_wrong; /* an error came with another value than the default */
};

/* Read every byte of a text or of bytes that came with `error`. */
static void see_bytes(const void *bytes, uint32_t length, enum capnp_error error,
                      struct typed *typed)
{
    const uint8_t *at = bytes;
    typed->steps++;
    typed->errors += error != CAPNP_OK;
    typed->is_wrong |= error != CAPNP_OK && length != 0;
    if (length > 0)
        typed->sum += at[0] + at[length / 2] + at[length - 1];
}

static void see_all_types(const struct capnp_struct *from, struct typed *typed);

/* Read the elements of a list of the typed walk. */
static void see_list(const struct capnp_list *list, uint32_t field, struct typed *typed)
{
    uint32_t last = field_elements[field] == CAPNP_VOID ? 0 : list->count;
    for (uint32_t i = 0; i < last; i++) {
        struct capnp_text text;
        struct capnp_data data;
        struct capnp_struct structure;
        enum capnp_error error;
        typed->steps++;
        if (field == FIELD_TEXTS) {
            error = capnp_list_text(list, i, &text);
            see_bytes(text.bytes, text.length, error, typed);
        } else if (field == FIELD_DATAS) {
            error = capnp_list_data(list, i, &data);
            see_bytes(data.bytes, data.length, error, typed);
        } else if (field == FIELD_STRUCTS) {
            structure = capnp_list_struct(list, i);
            see_all_types(&structure, typed);
        } else if (field_elements[field] == CAPNP_BIT)
            typed->sum += capnp_list_bool(*list, i);
        else if (field_elements[field] == CAPNP_BYTE)
            typed->sum += capnp_list_uint8(*list, i);
        else if (field_elements[field] == CAPNP_TWO_BYTES)
            typed->sum += capnp_list_uint16(*list, i);
        else if (field_elements[field] == CAPNP_FOUR_BYTES)
            typed->sum += capnp_list_uint32(*list, i);
        else
            typed->sum += capnp_list_uint64(*list, i);
    }
}

/* Read a struct as TestAllTypes. */
static void see_all_types(const struct capnp_struct *from, struct typed *typed)
{
    struct capnp_text text;
    struct capnp_data data;
    struct capnp_struct inner;
    enum capnp_error error;
    typed->steps++;
    for (uint32_t offset = 0; offset < 48; offset += 8)
        typed->sum += capnp_get_uint64(*from, offset);
    error = capnp_read_text(from, FIELD_TEXT, (struct capnp_text){"", 0}, &text);
    see_bytes(text.bytes, text.length, error, typed);
    error = capnp_read_data(from, FIELD_DATA, (struct capnp_data){NULL, 0}, &data);
    see_bytes(data.bytes, data.length, error, typed);
    for (uint32_t field = FIELD_LISTS; field < FIELD_COUNT; field++) {
        struct capnp_list list;
        error = capnp_read_list(from, field, NULL, field_elements[field], &list);
        typed->steps++;
        typed->errors += error != CAPNP_OK;
        typed->is_wrong |= error != CAPNP_OK && list.count != 0;
        see_list(&list, field, typed);
    }
    bool has = capnp_has(*from, FIELD_STRUCT);
    error = capnp_read_struct(from, FIELD_STRUCT, NULL, &inner);
    typed->errors += error != CAPNP_OK;
    typed->is_wrong |= error != CAPNP_OK && (inner.data_bytes != 0 || inner.pointer_count != 0);
    if (has && error == CAPNP_OK)
        see_all_types(&inner, typed);
}

/* What became of a message. */
struct outcome {
    enum capnp_error frame;
    struct oracle_walk walk;
    struct typed typed;
};

/* Read a message in both ways, each with the words that the limit has left. */
static void read_segments(struct capnp_message *message, bool is_typed, struct outcome *outcome)
{
    struct capnp_struct root;
    uint64_t limit = message->traversal_words;
    oracle_walk_message(message, &outcome->walk);
    if (!is_typed)
        return;
    capnp_message_segments(message, message->segments, message->segment_count);
    message->traversal_words = limit;
    enum capnp_error error = capnp_read_root(message, &root);
    outcome->typed.errors += error != CAPNP_OK;
    outcome->typed.is_wrong |= error != CAPNP_OK && (root.data_bytes || root.pointer_count);
    if (error == CAPNP_OK)
        see_all_types(&root, &outcome->typed);
    outcome->typed.is_wrong |= (message->error != CAPNP_OK) != (outcome->typed.errors > 0);
}

/* Is what happened what must happen, in the words of the reference data. */
static bool is_right(const char *must, const struct outcome *outcome)
{
    uint64_t errors = outcome->walk.errors + outcome->typed.errors;
    if (outcome->walk.differs || outcome->typed.is_wrong ||
        outcome->walk.steps > STEPS_MAX || outcome->typed.steps > 64 * CAPNP_TRAVERSAL_WORDS)
        return false;
    if (strcmp(must, "reject") == 0)
        return outcome->frame != CAPNP_OK;
    if (strcmp(must, "default-or-error") == 0)
        return outcome->frame == CAPNP_OK && errors > 0;
    if (strcmp(must, "accept") == 0)
        return outcome->frame == CAPNP_OK && errors == 0;
    return strcmp(must, "bounded") == 0;
}

/* Take the next field of a line, up to a tab. */
static char *next_field(char **line)
{
    char *field = *line, *end = field + strcspn(field, "\t\n");
    *line = *end ? end + 1 : end;
    *end = '\0';
    return field;
}

/* Bytes of hexadecimal digits, in a buffer of exactly their length; the caller's. */
static uint8_t *unhex(const char *hex, size_t *length)
{
    *length = strlen(hex) / 2;
    uint8_t *bytes = malloc(*length ? *length : 1);
    for (size_t i = 0; i < *length; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (uint8_t)byte;
    }
    return bytes;
}

/* Judge one line of the reference data. */
static void judge_line(char *line)
{
    struct capnp_segment segments[SEGMENT_MAX];
    struct capnp_message message;
    struct outcome outcome = {0};
    size_t length;
    char *id = next_field(&line), *class = next_field(&line), *must = next_field(&line);
    bool is_packed = strcmp(next_field(&line), "packed") == 0;
    bool is_typed = strcmp(next_field(&line), "-") != 0;
    uint8_t *bytes = unhex(next_field(&line), &length);
    uint64_t *words = is_packed ? malloc(UNPACKED_WORDS * sizeof *words) : NULL;
    outcome.frame = is_packed ? capnp_unpack_message(&message, bytes, length, words,
                                                     UNPACKED_WORDS, segments, SEGMENT_MAX, NULL)
                              : capnp_message_framed(&message, bytes, length, segments,
                                                     SEGMENT_MAX, NULL);
    if (outcome.frame == CAPNP_OK)
        read_segments(&message, is_typed, &outcome);
    bool right = is_right(must, &outcome);
    if (!right)
        printf("\n%s (%s) must %s: frame %d, differs: %s, errors %ju and %ju ", id, class, must,
               (int)outcome.frame, outcome.walk.differs ? outcome.walk.differs : "no",
               (uintmax_t)outcome.walk.errors, (uintmax_t)outcome.typed.errors);
    CU_ASSERT(right);
    free(words);
    free(bytes);
}

static void test_reference(void)
{
    FILE *file = fopen(CASES, "r");
    static char line[1 << 20];
    unsigned judged = 0;
    if (!file || !fgets(line, sizeof line, file)) {
        printf("skipped: there is no " CASES " ... ");
        return;
    }
    while (fgets(line, sizeof line, file)) {
        judge_line(line);
        judged++;
    }
    fclose(file);
    CU_ASSERT(judged > 200);
    printf("%u messages judged ... ", judged);
}

#define POINTER(offset, low, high)                                                                 \
    ((uint64_t)((uint32_t)(offset) << 2) | (low) | (uint64_t)(high) << 32)
#define STRUCT(offset, data, pointers) POINTER(offset, 0, (data) | (uint32_t)(pointers) << 16)
#define LIST(offset, element, count) POINTER(offset, 1, (element) | (uint32_t)(count) << 3)
#define FAR(segment, at, is_double)                                                                \
    ((uint64_t)(segment) << 32 | (uint64_t)(at) << 3 | (is_double) << 2 | 2)
#define COUNT_MAX 0x1fffffff /* of a list pointer */
#define ONE(...) {{__VA_ARGS__}}, {sizeof((const uint64_t[]){__VA_ARGS__}) / 8}
#define TWO(first, second) {{UNWRAP first}, {UNWRAP second}}, \
    {sizeof((const uint64_t[]){UNWRAP first}) / 8, sizeof((const uint64_t[]){UNWRAP second}) / 8}
#define UNWRAP(...) __VA_ARGS__

/* Cases from the specification, sentence by sentence. In each the root is read as TestAllTypes. */
static const struct specified {
    const char *what, *must;
    uint64_t words[2][8];
    uint32_t counts[2];
} specified[] = {
    {"null root", "accept", ONE(0)},
    {"empty struct, offset -1", "accept", ONE(STRUCT(-1, 0, 0))},
    {"empty struct, offset 0, behind the end", "accept", ONE(STRUCT(0, 0, 0))},
    {"empty struct, offset 1, out of the segment", "default-or-error", ONE(STRUCT(1, 0, 0))},
    {"struct before the segment", "default-or-error", ONE(STRUCT(-2, 1, 0), 0)},
    {"struct at the least offset", "default-or-error", ONE(STRUCT(-(1 << 29), 0, 0), 0)},
    {"struct at the greatest offset", "default-or-error", ONE(STRUCT((1 << 29) - 1, 0, 0), 0)},
    {"data and pointers that fit only apart", "default-or-error", ONE(STRUCT(0, 1, 1), 0)},
    {"data and pointers of the greatest size", "default-or-error", ONE(STRUCT(0, 65535, 65535))},
    {"struct that begins in its own pointer", "accept", ONE(STRUCT(-1, 1, 0))},
    {"struct that holds its own pointer", "bounded", ONE(STRUCT(-1, 0, 1))},
    {"text without a zero byte", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 8), UINT64_MAX)},
    {"text of no bytes", "default-or-error", ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 0))},
    {"text of a zero byte", "accept", ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 1), 0)},
    {"text of bits", "default-or-error", ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BIT, 8), 0)},
    {"text of structs", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), STRUCT(1, 1, 0), 0)},
    {"text that ends one byte too late", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 9), 0)},
    {"capability with bits in its offset", "default-or-error", ONE(POINTER(1, 3, 0))},
    {"capability with the offset's sign", "default-or-error", ONE(POINTER(1 << 29, 3, 0))},
    {"capability as text", "default-or-error", ONE(STRUCT(0, 0, 1), POINTER(0, 3, 7))},
    {"voids without end", "default-or-error",
     ONE(STRUCT(0, 0, 4), 0, 0, 0, LIST(0, CAPNP_VOID, COUNT_MAX))},
    {"bytes without end", "default-or-error",
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_BYTE, COUNT_MAX), 0)},
    {"words without end", "default-or-error",
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_EIGHT_BYTES, COUNT_MAX), 0)},
    {"pointers without end", "default-or-error",
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_POINTER, COUNT_MAX), 0)},
    {"structs without end", "default-or-error",
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_COMPOSITE, COUNT_MAX), STRUCT(0, 0, 0))},
    {"structs whose size overflows 32 bits to zero", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 0), STRUCT(1 << 16, 1 << 15, 1 << 15))},
    {"structs whose size overflows 32 bits to one", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), STRUCT(COUNT_MAX, 65535, 65535), 0)},
    {"structs of no size, as many as can be said", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 0), STRUCT(COUNT_MAX, 0, 0))},
    {"structs with one too many", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), STRUCT(2, 1, 0), 0)},
    {"structs whose tag is a list", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), LIST(1, 2, 1), 0)},
    {"structs whose tag is a far pointer", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), FAR(0, 0, 0), 0)},
    {"structs whose tag lies behind the end", "default-or-error",
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 0))},
    {"a list that contains itself", "bounded", ONE(LIST(-1, CAPNP_POINTER, 1))},
    {"two structs that contain each other", "bounded",
     ONE(STRUCT(0, 0, 2), STRUCT(0, 0, 1), STRUCT(-2, 0, 1))},
    {"far to a struct", "accept", TWO((FAR(1, 0, 0)), (STRUCT(0, 1, 0), 9))},
    {"far to the own segment", "accept", ONE(FAR(0, 1, 0), STRUCT(0, 1, 0), 9)},
    {"far to far", "default-or-error", TWO((FAR(1, 0, 0), STRUCT(-1, 0, 0)), (FAR(0, 1, 0)))},
    {"far to itself", "default-or-error", ONE(FAR(0, 0, 0))},
    {"far behind the end", "default-or-error", TWO((FAR(1, 1, 0)), (STRUCT(-1, 0, 0)))},
    {"far to the greatest word", "default-or-error", TWO((FAR(1, COUNT_MAX, 0)), (0))},
    {"far to no segment", "default-or-error", TWO((FAR(2, 0, 0)), (STRUCT(-1, 0, 0)))},
    {"far to the greatest segment", "default-or-error", ONE(FAR(UINT32_MAX, 0, 0))},
    {"far to a struct that is cut off", "default-or-error",
     TWO((FAR(1, 0, 0), 1, 2, 3), (STRUCT(0, 2, 0), 9))},
    {"double far", "accept", TWO((FAR(1, 0, 1), 12), (FAR(0, 1, 0), STRUCT(0, 1, 0)))},
    {"double far, pad cut off", "default-or-error", TWO((FAR(1, 0, 1), 12), (FAR(0, 1, 0)))},
    {"double far, content cut off", "default-or-error",
     TWO((FAR(1, 0, 1), 12), (FAR(0, 1, 0), STRUCT(0, 2, 0)))},
    {"double far, content in no segment", "default-or-error",
     TWO((FAR(1, 0, 1), 12), (FAR(2, 0, 0), STRUCT(0, 1, 0)))},
    {"double far, tag is far", "default-or-error",
     TWO((FAR(1, 0, 1), 12), (FAR(0, 1, 0), FAR(0, 1, 0)))},
    {"double far, tag is a capability", "default-or-error",
     TWO((FAR(1, 0, 1), 12), (FAR(0, 1, 0), POINTER(0, 3, 0)))},
    {"double far, pad is a struct", "default-or-error",
     TWO((FAR(1, 0, 1), 12), (STRUCT(0, 1, 0), STRUCT(0, 1, 0)))},
    {"double far to itself", "bounded", ONE(FAR(0, 0, 1), STRUCT(0, 0, 0))},
};

/* Segments whose words are copies, each of exactly its length; the caller gives them back. */
static void copy_segments(struct capnp_segment *segments, const uint64_t *const *words,
                          const uint32_t *counts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t *copy = malloc(counts[i] ? counts[i] * 8 : 1);
        memcpy(copy, words[i], counts[i] * 8);
        segments[i] = (struct capnp_segment){copy, counts[i]};
    }
}

static void free_segments(struct capnp_segment *segments, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        free((void *)segments[i].words);
}

static void test_specified(void)
{
    for (size_t i = 0; i < sizeof specified / sizeof *specified; i++) {
        const struct specified *one = &specified[i];
        const uint64_t *const words[] = {one->words[0], one->words[1]};
        uint32_t count = one->counts[1] ? 2 : 1;
        struct capnp_segment segments[2];
        struct capnp_message message;
        struct outcome outcome = {0};
        copy_segments(segments, words, one->counts, count);
        capnp_message_segments(&message, segments, count);
        read_segments(&message, true, &outcome);
        bool right = is_right(one->must, &outcome);
        if (!right)
            printf("\n%s: differs: %s, errors %ju and %ju ", one->what,
                   outcome.walk.differs ? outcome.walk.differs : "no",
                   (uintmax_t)outcome.walk.errors, (uintmax_t)outcome.typed.errors);
        CU_ASSERT(right);
        free_segments(segments, count);
    }
}

static void test_nesting(void)
{
    for (uint32_t is_list = 0; is_list < 2; is_list++)
        for (uint32_t depth = 62; depth < 68; depth++) {
            struct capnp_message message;
            struct oracle_walk walk;
            uint64_t *chain = malloc(depth * 8);
            for (uint32_t i = 0; i < depth; i++)
                chain[i] = is_list ? LIST(0, CAPNP_POINTER, i + 1 < depth)
                                   : STRUCT(i + 1 < depth ? 0 : -1, 0, i + 1 < depth);
            capnp_message_single(&message, chain, depth);
            CU_ASSERT_EQUAL(oracle_walk_message(&message, &walk),
                            depth > CAPNP_NESTING_LEVELS ? CAPNP_NESTING : CAPNP_OK);
            CU_ASSERT_PTR_NULL(walk.differs);
            free(chain);
        }
}

/* A word that could be a pointer at `at` of a segment: near the bounds, mostly. */
static uint64_t hostile_word(struct random *random, int at, int words, uint32_t segments)
{
    int32_t offset = (int)random_below(random, (uint32_t)words + 3) - at - 2;
    uint32_t kind = random_below(random, 16), element = random_below(random, 8);
    uint32_t count = random_below(random, random_once_in(random, 2) ? 4 : 200);
    if (random_once_in(random, 24))
        count = COUNT_MAX - random_below(random, 2);
    if (random_once_in(random, 24))
        offset = (int32_t)random_next(random);
    if (kind < 5)
        return STRUCT(offset, random_below(random, 4), random_below(random, 4));
    if (kind < 9)
        return LIST(offset, element, count);
    if (kind < 11)
        return STRUCT(count, random_below(random, 3), random_below(random, 3)); /* a tag */
    if (kind < 14)
        return FAR(random_below(random, segments + 1), random_below(random, (uint32_t)words + 2),
                   random_once_in(random, 2));
    if (kind == 14)
        return POINTER(random_once_in(random, 3), 3, random_below(random, 9));
    return random_once_in(random, 2) ? 0 : random_next(random);
}

static void test_random(void)
{
    static uint64_t words[3][SEGMENT_WORDS];
    const uint64_t *const places[] = {words[0], words[1], words[2]};
    struct random random = {20260727};
    uint64_t good = 0, bad = 0;
    for (unsigned i = 0; i < 60000; i++) {
        struct capnp_segment segments[3];
        struct capnp_message message;
        struct outcome outcome = {0};
        uint32_t counts[3], count = 1 + random_below(&random, 3);
        for (uint32_t s = 0; s < count; s++) {
            counts[s] = random_below(&random, SEGMENT_WORDS + 1);
            for (uint32_t at = 0; at < counts[s]; at++)
                words[s][at] = hostile_word(&random, (int)at, (int)counts[s], count);
        }
        copy_segments(segments, places, counts, count);
        capnp_message_segments(&message, segments, count);
        message.traversal_words = random_once_in(&random, 2) ? 2000 : random_below(&random, 60);
        read_segments(&message, true, &outcome);
        good += outcome.walk.steps - outcome.walk.errors;
        bad += outcome.walk.errors;
        free_segments(segments, count);
        if (!is_right("bounded", &outcome))
            printf("\nmessage %u: differs: %s ", i,
                   outcome.walk.differs ? outcome.walk.differs : "no");
        CU_ASSERT_FATAL(is_right("bounded", &outcome));
    }
    CU_ASSERT(good > 100000 && bad > 100000);
    printf("%ju pointers good, %ju refused ... ", (uintmax_t)good, (uintmax_t)bad);
}

/* Segment tables at random, judged by the sum of what they say. */
static void test_tables(void)
{
    struct random random = {4};
    unsigned good = 0;
    for (unsigned i = 0; i < 100000; i++) {
        struct capnp_segment segments[8];
        struct capnp_message message;
        uint32_t count = 1 + random_below(&random, 10), size = random_below(&random, 160);
        uint32_t *bytes = malloc(size + 1);
        uint64_t sum = (count / 2 + 1) * 8, used = 0;
        for (uint32_t at = 0; at < size / 4; at++)
            bytes[at] = random_below(&random, random_once_in(&random, 9) ? UINT32_MAX : 4);
        if (size >= 4)
            bytes[0] = random_once_in(&random, 9) ? UINT32_MAX - count + 1 : count - 1;
        bool is_good = size >= 8 && bytes[0] == count - 1 && count <= 8;
        for (uint32_t at = 1; at <= count && is_good; at++) {
            is_good = at < size / 4;
            sum += is_good ? (uint64_t)bytes[at] * 8 : 0;
        }
        is_good = is_good && sum <= size;
        enum capnp_error error =
            capnp_message_framed(&message, bytes, size, segments, 8, &used);
        CU_ASSERT_EQUAL_FATAL(error == CAPNP_OK, is_good);
        CU_ASSERT(!is_good || used == sum);
        good += is_good;
        free(bytes);
    }
    CU_ASSERT(good > 1000);
}

/* Packed bytes at random, judged by the specification: unpacked as a whole, and in pieces. */
static void test_packed(void)
{
    enum { BYTES = 64, ROOM = 600 };
    struct random random = {5};
    unsigned good = 0;
    for (unsigned i = 0; i < 100000; i++) {
        uint64_t expected[ROOM], used = 0, from = 0, made = 0;
        uint32_t count = random_below(&random, BYTES), room = random_below(&random, ROOM);
        uint8_t *bytes = malloc(count + 1);
        uint64_t *words = malloc(room * 8 + 8);
        for (uint32_t at = 0; at < count; at++)
            bytes[at] = (uint8_t)(random_once_in(&random, 3) ? random_below(&random, 3) - 1
                                                             : random_next(&random));
        int64_t length = oracle_unpack(bytes, count, expected, room);
        if (length >= 0) {
            CU_ASSERT_EQUAL(capnp_unpack(bytes, count, words, (uint64_t)length, &used), CAPNP_OK);
            CU_ASSERT(used == count && memcmp(words, expected, (size_t)length * 8) == 0);
            CU_ASSERT_EQUAL(capnp_unpack(bytes, count, words, (uint64_t)length + 1, &used),
                            CAPNP_FRAME);
            good++;
        }
        struct capnp_unpacker unpacker;
        capnp_unpacker_begin(&unpacker);
        for (unsigned step = 0; step < BYTES + ROOM && (from < count || made < room); step++) {
            uint64_t bytes_more = random_below(&random, 9), words_more = random_below(&random, 9);
            bytes_more = bytes_more < count - from ? bytes_more : count - from;
            words_more = words_more < room - made ? words_more : room - made;
            made += capnp_unpack_some(&unpacker, bytes + from, bytes_more, words + made,
                                      words_more, &used);
            CU_ASSERT_FATAL(used <= bytes_more && made <= room);
            from += used;
        }
        CU_ASSERT(length < 0 || (made == (uint64_t)length && from == count &&
                                 capnp_unpacker_is_done(&unpacker) &&
                                 memcmp(words, expected, made * 8) == 0));
        free(words);
        free(bytes);
    }
    CU_ASSERT(good > 1000);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("hostile messages", NULL, NULL);
    CU_add_test(suite, "the reference data, each as it must be", test_reference);
    CU_add_test(suite, "the specification, sentence by sentence", test_specified);
    CU_add_test(suite, "chains at the nesting limit", test_nesting);
    CU_add_test(suite, "pointers at random", test_random);
    CU_add_test(suite, "segment tables at random", test_tables);
    CU_add_test(suite, "packed bytes at random", test_packed);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
