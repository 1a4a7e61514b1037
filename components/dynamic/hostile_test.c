/* SPDX-License-Identifier: MIT */
/*
 * One table of hostile messages, through everything that reads messages: deep copies, the canonical
 * form, orphans, lists as lists of any other element, plain structs in both of their ways, text and
 * JSON, and the server's dispatcher. Each segment lies in a buffer of exactly its length, so that
 * the address sanitizer sees a read outside it.
 */
#include "capnp_canonical.h"
#include "capnp_orphan.h"
#include "json_print.h"
#include "mock.h"
#include "sample.capnp.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4096, SEGMENTS_MAX = 64, ENTRIES_MAX = 512, SEEN_MAX = 64, CHAIN_MAX = 80 };

#define POINTER(offset, low, high)                                                                 \
    ((uint64_t)((uint32_t)(offset) << 2) | (low) | (uint64_t)(high) << 32)
#define STRUCT(offset, data, pointers) POINTER(offset, 0, (data) | (uint32_t)(pointers) << 16)
#define LIST(offset, element, count) POINTER(offset, 1, (element) | (uint32_t)(count) << 3)
#define FAR(segment, at) ((uint64_t)(segment) << 32 | (uint64_t)(at) << 3 | 2)
#define DOUBLE(segment, at) (FAR(segment, at) | 4)
#define CAPABILITY(number) POINTER(0, 3, number)
#define COUNT_MAX 0x1fffffff /* of a list pointer */
#define ONE(...) {{__VA_ARGS__}}, {sizeof((const uint64_t[]){__VA_ARGS__}) / 8}
#define TWO(first, second) {{UNWRAP first}, {UNWRAP second}}, \
    {sizeof((const uint64_t[]){UNWRAP first}) / 8, sizeof((const uint64_t[]){UNWRAP second}) / 8}
#define UNWRAP(...) __VA_ARGS__

/* A message; what becomes of a copy of all of it, and of it as a Letter, whose pointers are a text,
 * bytes, a text and a capability. */
static const struct hostile {
    const char *what;
    enum capnp_error deep, letter;
    uint64_t words[2][8];
    uint32_t counts[2];
} table[] = {
    {"nothing hostile", CAPNP_OK, CAPNP_OK,
     ONE(STRUCT(0, 0, 2), LIST(1, CAPNP_BYTE, 3), LIST(1, CAPNP_BYTE, 2), 0x6968, 7)},
    {"struct at the least offset", CAPNP_BOUNDS, CAPNP_BOUNDS, ONE(STRUCT(-(1 << 29), 1, 0), 0)},
    {"struct at the greatest offset", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT((1 << 29) - 1, 1, 0), 0)},
    {"text at the least offset", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(-(1 << 29), CAPNP_BYTE, 1), 0)},
    {"text just before the segment", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(-3, CAPNP_BYTE, 1), 0)},
    {"text one byte too long", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 9), 0)},
    {"text without a zero byte", CAPNP_OK, CAPNP_TEXT,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 8), UINT64_MAX)},
    {"text of no bytes", CAPNP_OK, CAPNP_TEXT, ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_BYTE, 0))},
    {"bytes without end", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_BYTE, COUNT_MAX), 0)},
    {"words whose bytes overflow 32 bits", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_EIGHT_BYTES, COUNT_MAX), 0)},
    {"voids without end", CAPNP_TRAVERSAL, CAPNP_TRAVERSAL,
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_VOID, COUNT_MAX))},
    {"structs of no size, as many as can be said", CAPNP_TRAVERSAL, CAPNP_TRAVERSAL,
     ONE(STRUCT(0, 0, 2), 0, LIST(0, CAPNP_COMPOSITE, 0), STRUCT(COUNT_MAX, 0, 0))},
    {"structs with more words than their tag says", CAPNP_OK, CAPNP_KIND,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 2), STRUCT(1, 1, 0), 0, 0)},
    {"structs with fewer words than their tag says", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), STRUCT(2, 1, 0), 0)},
    {"structs whose words overflow 32 bits", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 0), STRUCT(1 << 16, 1 << 15, 1 << 15))},
    {"structs whose tag is a list", CAPNP_KIND, CAPNP_KIND,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 1), LIST(1, 2, 1), 0)},
    {"structs whose tag lies behind the end", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 0))},
    {"structs, the last word beyond the end", CAPNP_BOUNDS, CAPNP_BOUNDS,
     ONE(STRUCT(0, 0, 1), LIST(0, CAPNP_COMPOSITE, 2), STRUCT(2, 1, 0), 0)},
    {"struct that holds its own pointer", CAPNP_NESTING, CAPNP_KIND, ONE(STRUCT(-1, 0, 1))},
    {"list that holds its own pointer", CAPNP_NESTING, CAPNP_KIND,
     ONE(STRUCT(0, 0, 1), LIST(-1, CAPNP_POINTER, 1))},
    {"list that holds its own pointer twice", CAPNP_NESTING, CAPNP_KIND,
     ONE(STRUCT(0, 0, 2), LIST(-1, CAPNP_POINTER, 2), LIST(-2, CAPNP_POINTER, 2))},
    {"capability with bits in its offset", CAPNP_KIND, CAPNP_KIND,
     ONE(STRUCT(0, 0, 4), 0, 0, 0, POINTER(1, 3, 7))},
    {"capability of the greatest number", CAPNP_OK, CAPNP_OK,
     ONE(STRUCT(0, 0, 4), 0, 0, 0, CAPABILITY(UINT32_MAX))},
    {"capability as text", CAPNP_OK, CAPNP_KIND, ONE(STRUCT(0, 0, 1), CAPABILITY(7))},
    {"far to itself", CAPNP_SEGMENT, CAPNP_SEGMENT, ONE(FAR(0, 0))},
    {"far to the greatest segment", CAPNP_SEGMENT, CAPNP_SEGMENT, ONE(FAR(UINT32_MAX, 0))},
    {"far to the greatest word", CAPNP_SEGMENT, CAPNP_SEGMENT, TWO((FAR(1, COUNT_MAX)), (0))},
    {"far to far", CAPNP_SEGMENT, CAPNP_SEGMENT,
     TWO((FAR(1, 0), STRUCT(-1, 0, 0)), (FAR(0, 1)))},
    {"far text, cut off", CAPNP_BOUNDS, CAPNP_BOUNDS,
     TWO((STRUCT(0, 0, 1), FAR(1, 0)), (LIST(0, CAPNP_BYTE, 9), 0))},
    {"far text to far text", CAPNP_SEGMENT, CAPNP_SEGMENT,
     TWO((STRUCT(0, 0, 1), FAR(1, 0)), (FAR(1, 1), LIST(0, CAPNP_BYTE, 1), 0))},
    {"double far", CAPNP_OK, CAPNP_OK,
     TWO((STRUCT(0, 0, 1), DOUBLE(1, 0), 0), (FAR(0, 2), LIST(0, CAPNP_BYTE, 1)))},
    {"double far at the segment's end", CAPNP_SEGMENT, CAPNP_SEGMENT,
     TWO((STRUCT(0, 0, 1), DOUBLE(1, 1), 0), (0, FAR(0, 2)))},
    {"double far, content cut off", CAPNP_BOUNDS, CAPNP_BOUNDS,
     TWO((STRUCT(0, 0, 1), DOUBLE(1, 0), 0), (FAR(0, 2), LIST(0, CAPNP_BYTE, 9)))},
    {"double far, tag is a capability", CAPNP_SEGMENT, CAPNP_SEGMENT,
     TWO((STRUCT(0, 0, 1), DOUBLE(1, 0), 0), (FAR(0, 2), CAPABILITY(1)))},
    {"double far, tag is far", CAPNP_SEGMENT, CAPNP_SEGMENT,
     TWO((STRUCT(0, 0, 1), DOUBLE(1, 0), 0), (FAR(0, 2), FAR(0, 2)))},
};

static const struct hostile *shown; /* the message that is being read */
static struct capnp_segment copies[2];
static uint32_t copy_count;

/* Check something of the message that is shown. */
static void check(bool is_right, const char *what)
{
    if (!is_right)
        printf("\n%s: %s ", shown->what, what);
    CU_ASSERT(is_right);
}

/* Prepare a fresh copy of the message that is shown. */
static void show(struct capnp_message *message)
{
    for (uint32_t i = 0; i < copy_count; i++)
        free((void *)(uintptr_t)copies[i].words);
    copy_count = shown->counts[1] ? 2 : 1;
    for (uint32_t i = 0; i < copy_count; i++) {
        uint64_t *words = malloc(shown->counts[i] * 8);
        memcpy(words, shown->words[i], shown->counts[i] * 8);
        copies[i] = (struct capnp_segment){words, shown->counts[i]};
    }
    capnp_message_segments(message, copies, copy_count);
}

/* Copy all of a message; gives the words that it took. */
static enum capnp_error copy_deep(struct capnp_message *message, uint64_t *words, uint32_t *count)
{
    struct capnp_builder builder;
    struct capnp_any root;
    capnp_builder_begin(&builder, words, ROOM);
    enum capnp_error error = capnp_read_root_any(message, &root);
    if (error == CAPNP_OK)
        error = capnp_copy_any(&builder, words, &root);
    *count = builder.word_count;
    return error;
}

static void see_copies(void)
{
    static uint64_t first[ROOM], second[ROOM];
    struct capnp_message message;
    uint32_t count, again;
    show(&message);
    enum capnp_error error = copy_deep(&message, first, &count);
    check(error == shown->deep, "another end of the copy");
    if (error != CAPNP_OK)
        return;
    capnp_message_single(&message, first, count);
    check(copy_deep(&message, second, &again) == CAPNP_OK && again == count &&
              memcmp(first, second, count * 8) == 0, "the copy's copy differs");
}

static void see_canonical(void)
{
    static uint64_t words[ROOM];
    struct capnp_builder builder;
    struct capnp_message message;
    struct capnp_struct root;
    show(&message);
    if (capnp_read_root(&message, &root) != CAPNP_OK)
        return;
    bool is_good = capnp_canonical(&builder, words, ROOM, &root) == CAPNP_OK;
    /* The canonical form has no capabilities. */
    check(is_good == (shown->deep == CAPNP_OK && !strstr(shown->what, "capability")),
          "a canonical form is not as it must be");
    if (!is_good)
        return;
    capnp_message_single(&message, words, builder.word_count);
    check(capnp_is_canonical(&message), "a canonical form that is none");
}

/* Take the root out of its message, and put it back. */
static void see_orphans(void)
{
    static uint64_t words[ROOM];
    struct capnp_message message;
    struct capnp_orphan orphan;
    uint32_t count;
    show(&message);
    struct capnp_segment *last = &copies[copy_count - 1];
    struct capnp_builder_more more = {copies, copy_count, copy_count, copy_count, 0, 0};
    struct capnp_builder builder = {(uint64_t *)(uintptr_t)last->words, last->word_count,
                                    last->word_count, CAPNP_OK, copy_count > 1 ? &more : 0};
    uint64_t *root = (uint64_t *)(uintptr_t)copies[0].words;
    bool has_root = capnp_disown(&builder, root, &orphan) == CAPNP_OK;
    check(has_root || shown->deep != CAPNP_OK, "a good root was not taken");
    if (!has_root)
        return;
    check(*root == 0, "the root is still there");
    if (capnp_adopt(&builder, root, &orphan) != CAPNP_OK)
        return; /* no room for a pad */
    capnp_message_segments(&message, copies, copy_count);
    check(copy_deep(&message, words, &count) == shown->deep, "adoption changes it");
}

/* Read a pointer as a list of anything, and each element in each of its forms. */
static void see_list(const struct capnp_struct *root, uint32_t index, enum capnp_element element)
{
    struct capnp_list list, inner;
    struct capnp_text text;
    struct capnp_any any;
    volatile uint64_t sum = 0;
    if (capnp_read_list(root, index, NULL, element, &list) != CAPNP_OK) {
        check(list.count == 0, "elements of a list that was refused");
        return;
    }
    for (uint32_t i = 0; i < list.count && i < SEEN_MAX; i++) {
        struct capnp_struct item = capnp_list_struct(&list, i);
        for (uint32_t offset = 0; offset < 24; offset += 8)
            sum += capnp_get_uint64(item, offset);
        sum += capnp_get_uint8(item, 0) + capnp_get_uint16(item, 0) + capnp_get_uint32(item, 4);
        if (capnp_list_text(&list, i, &text) == CAPNP_OK && text.length > 0)
            sum += (uint8_t)text.bytes[text.length - 1];
        if (capnp_list_list(&list, i, element, &inner) == CAPNP_OK)
            sum += inner.count;
        sum += capnp_list_any(&list, i, &any) == CAPNP_OK;
    }
}

static void see_upgrades(void)
{
    struct capnp_message message;
    struct capnp_struct root;
    for (uint32_t element = CAPNP_VOID; element <= CAPNP_COMPOSITE; element++) {
        show(&message);
        if (capnp_read_root(&message, &root) != CAPNP_OK)
            return;
        for (uint32_t i = 0; i < 4; i++)
            see_list(&root, i, (enum capnp_element)element);
    }
}

static void see_plain(void)
{
    struct capnp_message message;
    struct sample_letter_plain letter;
    show(&message);
    bool is_expected = copy_count == 1 && sample_letter_expected(&message, &letter);
    check(!is_expected || shown->letter == CAPNP_OK, "our own layout is taken for granted");
    show(&message);
    check(sample_letter_decode_general(&message, &letter) == shown->letter, "another letter");
    show(&message);
    check(sample_letter_decode(&message, &letter) == shown->letter, "another letter, by both");
}

static struct schema_set set;
static uint64_t types[2]; /* what messages are printed as */

static void see_printed(void)
{
    static char text[1 << 16];
    for (int i = 0; i < 8; i++) {
        struct output_buffer buffer = {text, sizeof text, 0};
        struct output output;
        struct dynamic_struct value;
        struct capnp_message message;
        struct print_options options = {i & 1, 0, 1 << 16, 0};
        CU_ASSERT_FATAL(dynamic_shape_open(&value.shape, &set, types[i >> 2], NULL, NULL));
        output_begin_buffer(&output, &buffer);
        show(&message);
        if (capnp_read_root(&message, &value.data) != CAPNP_OK)
            continue;
        enum dynamic_error error = (i & 2 ? json_print : text_print)(&value, options, &output);
        check(error != DYNAMIC_OK || message.error == CAPNP_OK, "an error was not said");
        check(error != DYNAMIC_OK || shown->letter == CAPNP_OK || i >= 4, "a bad letter prints");
        check(error == DYNAMIC_OK || error == DYNAMIC_MESSAGE || error == DYNAMIC_POINTER ||
                  error == DYNAMIC_WORK, "another error");
    }
}

static unsigned served;

static enum exo_status serve_mixed(struct rpc_call *call, const struct sample_mixed_params *params,
                                   struct sample_mixed_results *results)
{
    (void)call;
    served++;
    results->text = params->text;
    results->data = params->data;
    results->more = params->more;
    return EXO_STATUS_OK;
}

static enum exo_status serve_add(struct rpc_call *call, const struct sample_add_params *params,
                                 struct sample_add_results *results)
{
    (void)call;
    served++;
    results->text = params->text;
    return EXO_STATUS_OK;
}

/* As requests of each method; those without a handler here only come to their decoder. */
static void see_requests(void)
{
    static const struct sample_methods some = {.mixed = serve_mixed, .add = serve_add};
    static _Alignas(64) uint8_t memory[MOCK_MEMORY_BYTES];
    struct sample_methods methods;
    sample_complete(&methods, &some);
    for (uint32_t number = 0; number < 9 && !shown->counts[1]; number++) {
        struct rpc_channel channel = {0};
        struct rpc_server server = {.channels = &channel, .channel_count = 1};
        struct rpc_call call = {.methods = &methods, .service = &sample_service, .server = &server};
        struct capnp_message message;
        show(&message);
        CU_ASSERT_FATAL(channel_open(&channel.channel, memory, sizeof memory, true));
        served = 0;
        uint64_t outcome = sample_service.dispatch(&call, &channel, &methods, number,
                                                   copies[0].words, copies[0].word_count);
        bool is_good = outcome >> 32 == EXO_STATUS_OK;
        check(!is_good || (uint32_t)outcome <= channel.channel.arena_room, "a reply outside");
        if (number != 0 && number != 8)
            continue;
        check(is_good == (served == 1), "the handler was not called once");
        /* Their texts and bytes are a Letter's first ones. Its capability they do not have. */
        if (shown->letter == CAPNP_OK)
            check(is_good, "a good request was refused");
        else if (number == 8 && shown->words[0][0] != STRUCT(0, 0, 4))
            check(!is_good, "a bad request was served");
    }
}

static void test_all(void)
{
    static void (*const readers[])(void) = {see_copies,   see_canonical, see_orphans, see_upgrades,
                                            see_plain,    see_printed,   see_requests};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        for (size_t reader = 0; reader < sizeof readers / sizeof *readers; reader++) {
            shown = &table[i];
            readers[reader]();
        }
}

/* Structs in structs, as deep as may be read and one deeper. */
static void test_depth(void)
{
    static uint64_t words[ROOM];
    for (uint32_t depth = 60; depth < 70; depth++) {
        uint64_t *chain = malloc(depth * 8);
        enum capnp_error right = depth > CAPNP_NESTING_LEVELS ? CAPNP_NESTING : CAPNP_OK;
        struct capnp_message message;
        struct capnp_struct root;
        struct capnp_builder builder;
        uint32_t count;
        for (uint32_t i = 0; i < depth; i++)
            chain[i] = STRUCT(i + 1 < depth ? 0 : -1, 0, i + 1 < depth);
        capnp_message_single(&message, chain, depth);
        CU_ASSERT_EQUAL(copy_deep(&message, words, &count), right);
        capnp_message_single(&message, chain, depth);
        CU_ASSERT_EQUAL(capnp_read_root(&message, &root), CAPNP_OK);
        CU_ASSERT_EQUAL(capnp_canonical(&builder, words, ROOM, &root), right);
        free(chain);
    }
}

/* The types of the sample schema, as `capnp` compiles them. */
static int prepare(void)
{
    static uint64_t request[1 << 15];
    static struct capnp_segment segments[SEGMENTS_MAX];
    static struct schema_entry entries[ENTRIES_MAX];
    static struct capnp_message message;
    static const struct capnp_text names[] = {CAPNP_TEXT_LITERAL("sample.Letter"),
                                              CAPNP_TEXT_LITERAL("sample.Everything")};
    FILE *file = popen("capnp compile -o- idl/sample.capnp", "r");
    size_t length = file ? fread(request, 1, sizeof request, file) : 0;
    if (!file || pclose(file) != 0 ||
        capnp_message_framed(&message, request, length, segments, SEGMENTS_MAX, NULL) != CAPNP_OK ||
        schema_set_open(&set, &message, entries, ENTRIES_MAX) != CAPNP_OK)
        return 1;
    for (int i = 0; i < 2; i++) {
        struct schema_node_reader node;
        if (schema_set_find_name(&set, names[i], &node) != SCHEMA_SET_FOUND)
            return 1;
        types[i] = schema_node_get_id(node);
    }
    return 0;
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("hostile messages through every reader", prepare, NULL);
    CU_add_test(suite, "the table", test_all);
    CU_add_test(suite, "depth", test_depth);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + (CU_get_error() != CUE_SUCCESS);
    for (uint32_t i = 0; i < copy_count; i++)
        free((void *)(uintptr_t)copies[i].words);
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
