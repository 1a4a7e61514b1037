/* SPDX-License-Identifier: MIT */
/* A recording made by hand: what is printed of it, and of everything that is nearly one. */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capnp_build.h"
#include "failure.capnp.h"
#include "kernel_calls.h"
#include "sample.capnp.h"
#include "speech.h"

enum { FILE_WORDS = 4096, TEXT_BYTES = 4096 };

static uint64_t file_words[FILE_WORDS], copy_words[FILE_WORDS];
static uint32_t file_used; /* words */
static uint32_t first_used; /* of the first message */
static struct arena arena;
static struct recording recording;
static struct speech speech;
static struct host_bytes schemas;

static struct capnp_text text_of(const char *text)
{
    return (struct capnp_text){text, (uint32_t)strlen(text)};
}

static void end_message(struct capnp_builder *builder)
{
    CU_ASSERT_EQUAL_FATAL(builder->error, CAPNP_OK);
    file_used += capnp_builder_framed(builder);
}

static void add_recording(void)
{
    struct capnp_builder builder;
    struct recording_recording_builder root;
    struct recording_port_builder_list ports;
    struct recording_place_builder_list places;
    capnp_builder_begin_framed(&builder, file_words, FILE_WORDS);
    recording_recording_init_root(&builder, &root);
    recording_recording_set_magic(root, RECORDING_MAGIC);
    recording_recording_set_version(root, RECORDING_VERSION);
    recording_recording_set_component(root, text_of("server"));
    recording_recording_set_program(root, text_of("program"));
    recording_recording_set_ticks_per_second(root, 1000000);
    recording_recording_init_ports(root, 1, &ports);
    struct recording_port_builder port = recording_port_builder_list_at(ports, 0);
    recording_port_set_name(port, text_of("sample"));
    recording_port_set_is_export(port, true);
    recording_port_set_interface_id(port, SAMPLE_TYPE_ID);
    recording_port_set_threads(port, 1);
    recording_port_init_places(port, 1, &places);
    struct recording_place_builder place = recording_place_builder_list_at(places, 0);
    recording_place_set_peer(place, text_of("client"));
    recording_place_set_bytes(place, 8192);
    end_message(&builder);
    first_used = file_used;
}

/* An entry, whose message may be null. */
static void add_entry(enum recording_kind kind, uint16_t flags, uint16_t status, uint64_t ticks,
                      const struct capnp_builder *message)
{
    struct capnp_builder builder;
    struct recording_entry_builder root;
    struct capnp_list_builder list;
    capnp_builder_begin_framed(&builder, file_words + file_used, FILE_WORDS - file_used);
    recording_entry_init_root(&builder, &root);
    recording_entry_set_kind(root, kind);
    recording_entry_set_flags(root, flags);
    recording_entry_set_status(root, status);
    recording_entry_set_ticks(root, ticks);
    if (message) {
        recording_entry_init_words(root, message->word_count, &list);
        for (uint32_t i = 0; i < message->word_count; i++)
            capnp_list_set_uint64(&list, i, message->words[i]);
    }
    end_message(&builder);
}

/* Three calls: one that is answered, one that fails with a reason, one by the ring. */
static void make_file(void)
{
    uint64_t words[64];
    struct capnp_builder builder;
    struct sample_add_params_builder params;
    struct sample_add_results_builder results;
    struct failure_exception_builder exception;
    file_used = 0;
    add_recording();
    capnp_builder_begin(&builder, words, 64);
    sample_add_params_init_root(&builder, &params);
    sample_add_params_set_first(params, 2);
    sample_add_params_set_text(params, text_of("two\n"));
    add_entry(RECORDING_KIND_CALL, 0, 0, 500, &builder);
    capnp_builder_begin(&builder, words, 64);
    sample_add_results_init_root(&builder, &results);
    sample_add_results_set_sum(results, 7);
    add_entry(RECORDING_KIND_ANSWER, 0, 0, 1500, &builder);
    add_entry(RECORDING_KIND_CALL, 0, 0, 2000, NULL);
    capnp_builder_begin(&builder, words, 64);
    failure_exception_init_root(&builder, &exception);
    failure_exception_set_reason(exception, text_of("no"));
    add_entry(RECORDING_KIND_ANSWER, 0, EXO_STATUS_FAILED, 2000500, &builder);
    add_entry(RECORDING_KIND_REQUEST, CHANNEL_FLAG_REQUEST, 0, 3000500, NULL);
    add_entry(RECORDING_KIND_REPLY, CHANNEL_FLAG_RANGE, 0, 3000500, NULL);
}

static const char expected[] =
    "  0.000000  client -> server  Sample.add(first = 2, second = 5, text = \"two\\n\")\n"
    "  0.001000  client <- server  Sample.add(sum = 7)\n"
    "  0.001500  client -> server  Sample.add(first = 0, second = 5)\n"
    "  2.000000  client <- server  Sample.add fails: failed, \"no\"\n"
    "  3.000000  client ~> server  Sample.add(first = 0, second = 5) #0\n"
    "  3.000000  client <~ server  answers 0 requests from #0 on with ok\n";

/* What an address says; see idl/channel.capnp. */
struct address {
    uint64_t interface_id;
    uint32_t object;
    enum channel_target target;
    uint16_t path_length;
    uint64_t path;
};

/* A request with an address and without parameters. */
static void add_addressed(enum recording_kind kind, uint16_t method, uint32_t question,
                          struct address address)
{
    struct capnp_builder builder;
    struct recording_entry_builder root;
    struct capnp_list_builder list;
    capnp_builder_begin_framed(&builder, file_words + file_used, FILE_WORDS - file_used);
    recording_entry_init_root(&builder, &root);
    recording_entry_set_kind(root, kind);
    recording_entry_set_method(root, method);
    recording_entry_set_flags(root, CHANNEL_FLAG_ADDRESSED);
    recording_entry_set_question(root, question);
    recording_entry_set_ticks(root, 1);
    recording_entry_init_words(root, CHANNEL_ADDRESS_DATA_WORDS, &list);
    capnp_list_set_uint64(&list, 0, address.interface_id);
    capnp_list_set_uint64(&list, 1, address.object | (uint64_t)address.target << 32 |
                                        (uint64_t)address.path_length << 48);
    capnp_list_set_uint64(&list, 2, address.path);
    end_message(&builder);
}

/* Print bytes as a recording; what came out is ended by NUL in `text`. Returns its entries. */
static uint32_t print(const void *bytes, size_t size, char *text)
{
    struct output_buffer buffer = {text, TEXT_BYTES - 1, 0};
    struct output output;
    struct recording_item item;
    output_begin_buffer(&output, &buffer);
    text[0] = 0;
    if (!recording_open(&recording, (struct host_bytes){bytes, size}, &arena))
        return 0;
    CU_ASSERT_PTR_NULL_FATAL(speech_open(&speech, &recording, schemas, &arena));
    while (recording_next(&recording, &item) == RECORDING_ENTRY) {
        speech_print(&speech, &item, &output);
        output_byte(&output, '\n');
    }
    text[buffer.used] = 0;
    return recording.entry_count;
}

static void test_print(void)
{
    char text[TEXT_BYTES];
    make_file();
    CU_ASSERT_EQUAL(print(file_words, file_used * sizeof *file_words, text), 6);
    CU_ASSERT_STRING_EQUAL(text, expected);
    CU_ASSERT_STRING_EQUAL(recording.error, "");
}

/* Whose method a request is for, and by which fields of results that may not have come. */
static void test_targets(void)
{
    enum { OBJECT = 0x80000000 };
    uint64_t words[64];
    char text[TEXT_BYTES];
    struct capnp_builder builder;
    struct sample_shelf_shelf_results_builder results;
    const uint64_t shelf = SAMPLE_SHELF_TYPE_ID, book = SAMPLE_BOOK_TYPE_ID;
    file_used = 0;
    add_recording();
    add_addressed(RECORDING_KIND_REQUEST, 2, 0, (struct address){shelf, 0, 0, 0, 0});
    add_addressed(RECORDING_KIND_REQUEST, 1, 1,
                  (struct address){shelf, 0, CHANNEL_TARGET_ANSWER, 1, 0});
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){book, 1, CHANNEL_TARGET_ANSWER, 3, UINT64_C(1) << 32});
    capnp_builder_begin(&builder, words, 64);
    sample_shelf_shelf_results_init_root(&builder, &results);
    capnp_set_capability(results.words + SAMPLE_SHELF_SHELF_RESULTS_DATA_WORDS,
                         OBJECT + 5);
    add_entry(RECORDING_KIND_REPLY, 0, 0, 1, &builder);
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){SAMPLE_BASE_TYPE_ID, OBJECT + 5, CHANNEL_TARGET_OBJECT, 0, 0});
    add_addressed(RECORDING_KIND_REQUEST, 0, 2,
                  (struct address){0, OBJECT + 5, CHANNEL_TARGET_RELEASE, 0, 0});
    /* What no client sends: a path of pointers that are none, or too many; a question that was not
     * asked; a target that there is not. */
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){book, 1, CHANNEL_TARGET_ANSWER, 2, UINT64_C(0x70000)});
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){book, 0, CHANNEL_TARGET_ANSWER, UINT16_MAX, 0});
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){book, 77, CHANNEL_TARGET_ANSWER, 1, 0});
    add_addressed(RECORDING_KIND_CALL, 0, 0,
                  (struct address){book, 0, (enum channel_target)9, 0, 0});
    print(file_words, file_used * sizeof *file_words, text);
    CU_ASSERT_STRING_EQUAL(recording.error, "");
    CU_ASSERT_STRING_EQUAL(
        text,
        "  0.000000  client ~> server  Shelf.shelf(number = 0) #0\n"
        "  0.000000  client ~> server  Shelf.place(number = 0) #1 of #0.shelf\n"
        "  0.000000  client -> server  Book.page(number = 0) of #1.place.inner.book\n"
        "  0.000000  client <~ server  Shelf.shelf(shelf = <object 5>) #0\n"
        "  0.000000  client -> server  Base.who() of <object 5>\n"
        "  0.000000  client ~> server  release <object 5> #2\n"
        "  0.000000  client -> server  Book.page(number = 0) of #1.place.(pointer 7)\n"
        "  0.000000  client -> server  Book.page(number = 0) of #0.(pointer 0).(pointer 0)"
        ".(pointer 0).(pointer 0) (and 65531 pointers, which are too many)\n"
        "  0.000000  client -> server  Book.page(number = 0) of #77.(pointer 0)\n"
        "  0.000000  client -> server  Book.page(number = 0) of an unknown target\n");
}

/* Each beginning of it is cut off, but where a message ends. */
static void test_cut(void)
{
    char text[TEXT_BYTES];
    uint32_t whole = 0;
    make_file();
    for (size_t size = 0; size < file_used * sizeof *file_words; size++) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, file_words, size);
        uint32_t count = print(copy, size, text);
        CU_ASSERT_EQUAL(strncmp(text, expected, strlen(text)), 0);
        whole += recording.error[0] == 0;
        CU_ASSERT(recording.error[0] == 0 || count < 6);
        free(copy);
        arena_free(&arena);
    }
    CU_ASSERT_EQUAL(whole, 6);
}

/* Each word of it, changed in many ways: an error or not, but nothing is read outside. */
static void test_hostile(void)
{
    static const uint64_t changes[] = {1, 0x80, UINT32_MAX, UINT64_MAX, UINT64_C(1) << 63,
                                       UINT64_C(1) << 32, 0x4, 0xff00};
    char text[TEXT_BYTES];
    uint32_t refused = 0;
    make_file();
    for (uint32_t at = 0; at < file_used; at++) {
        for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
            memcpy(copy_words, file_words, file_used * sizeof *file_words);
            copy_words[at] ^= changes[i];
            print(copy_words, file_used * sizeof *file_words, text);
            refused += recording.error[0] != 0;
            arena_free(&arena);
        }
    }
    CU_ASSERT(refused > file_used);
}

/* What a recorder never writes, one at a time, and what is said of it. */
static void test_wrong(void)
{
    char text[TEXT_BYTES];
    struct capnp_message message;
    struct recording_recording_reader root;
    make_file();
    capnp_message_single(&message, file_words + 1, first_used - 1);
    recording_recording_read_root(&message, &root);
    uint64_t *data = (uint64_t *)(uintptr_t)root.raw.data;
    memcpy(copy_words, file_words, file_used * sizeof *file_words);
    data[0]++; /* the magic number */
    print(file_words, file_used * sizeof *file_words, text);
    CU_ASSERT_STRING_EQUAL(recording.error, "it is no recording");
    data[0]--;
    data[1] ^= 2; /* the version is 1 */
    print(file_words, file_used * sizeof *file_words, text);
    CU_ASSERT_STRING_EQUAL(recording.error, "it is of version 3, and this program reads version 1");
    data[1] ^= 2;
    struct capnp_builder none = {.word_count = 0};
    add_entry((enum recording_kind)4, 0, 0, 0, &none);
    print(file_words, file_used * sizeof *file_words, text);
    CU_ASSERT_STRING_EQUAL(recording.error, "entry 7 is of an unknown kind");
    print(file_words, 0, text);
    CU_ASSERT_STRING_EQUAL(recording.error,
                           "it is empty: the machine ended before the recorder began");
}

int main(int count, char **arguments)
{
    struct arena kept = {NULL};
    char *slash = strrchr(arguments[0], '/');
    (void)count;
    const char *path = arena_text(&kept, "%.*s/../../../idl.schema",
                                  (int)(slash ? slash - arguments[0] : 0), arguments[0]);
    if (!host_read(&kept, path, &schemas)) {
        perror(path);
        return 1;
    }
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("traffic", NULL, NULL);
    CU_add_test(suite, "a recording is printed", test_print);
    CU_add_test(suite, "whose method is called", test_targets);
    CU_add_test(suite, "a recording that is cut off", test_cut);
    CU_add_test(suite, "a recording that was changed", test_hostile);
    CU_add_test(suite, "what is said of a wrong one", test_wrong);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    arena_free(&arena);
    arena_free(&kept);
    return failures == 0 ? 0 : 1;
}
