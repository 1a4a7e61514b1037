/* SPDX-License-Identifier: MIT */
/*
 * A client of objects. Three calls, each of what the one before will answer, are one call of the
 * portal, and two entries into the kernel: the call and its reply. When the objects are another
 * server's, each call that is for one of them is one more, made by the first server. The first
 * failure is what all that hang on it answer. Then inherited methods, and a stream.
 */
#include "kernel_stubs.h"
#include "library.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { CHUNK_BYTES = 512, CHUNKS = 40, WINDOW_BYTES = 4096, TORN_OUT = 13, TOO_MANY = 2000 };
enum { PICTURES = 2 };

static struct library_client client;

/* How often the kernel was entered, and a portal called, on this core. */
struct counts {
    uint64_t entries, calls;
};

static struct counts count(void)
{
    uint64_t values[6];
    EXPECT(exo_kernel_counters(EXO_COUNTER_KERNEL_ENTRIES, &values[0], &values[1], &values[2],
                               &values[3], &values[4], &values[5]), EXO_STATUS_OK);
    return (struct counts){values[EXO_COUNTER_KERNEL_ENTRIES], values[EXO_COUNTER_PORTAL_CALLS]};
}

/* Read a page of a book of a shelf, in three calls that are made at once. */
static enum exo_status read_page(bool is_far, uint32_t book, uint32_t page,
                                 struct library_book_page_results *results, struct counts *spent)
{
    struct library_open_params which = {.far = is_far};
    struct library_shelf_book_params number = {.number = book};
    struct library_book_page_params wanted = {.number = page};
    uint32_t first, second;
    struct counts before = count();
    EXPECT(library_open_send(&client, &which, &first), EXO_STATUS_OK);
    struct library_shelf_ref shelf = library_open_promise_shelf(&client.rpc, first);
    EXPECT(library_shelf_book_send_at(shelf, &number, &second), EXO_STATUS_OK);
    struct library_book_ref promised = library_shelf_book_promise_book(&client.rpc, second);
    enum exo_status status = library_book_page_at(promised, &wanted, results);
    struct counts after = count();
    *spent = (struct counts){after.entries - before.entries - 1, after.calls - before.calls};
    library_client_finish(&client, first);
    library_client_finish(&client, second);
    return status;
}

static void check_chains(void)
{
    struct library_book_page_results results = {0};
    struct counts spent;
    struct capnp_text reason;
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < 8; i++) { /* an interrupt may add an entry, now and then */
        EXPECT(read_page(false, 1, 7, &results, &spent), EXO_STATUS_OK);
        CHECK(capnp_text_is(results.text, "a near page"));
        CHECK(spent.calls == 1);
        if (spent.entries < least)
            least = spent.entries;
    }
    CHECK(least == 2);
    for (int i = 0; i < 4; i++) {
        EXPECT(read_page(true, 1, 7, &results, &spent), EXO_STATUS_OK);
        CHECK(capnp_text_is(results.text, "a far page"));
        CHECK(spent.calls == 3); /* and the library's two of the annex */
    }
    EXPECT(read_page(false, 1, TORN_OUT, &results, &spent), EXO_STATUS_FAILED);
    CHECK(rpc_client_why(&client.rpc, EXO_STATUS_FAILED, &reason) ==
              FAILURE_EXCEPTION_TYPE_FAILED && capnp_text_is(reason, "torn out"));
    EXPECT(read_page(true, 1, 0, &results, &spent), EXO_STATUS_FAILED);
    rpc_client_why(&client.rpc, EXO_STATUS_FAILED, &reason);
    CHECK(capnp_text_is(reason, "moths"));
    EXPECT(read_page(false, 9, 7, &results, &spent), EXO_STATUS_FULL);
    CHECK(spent.calls == 1);
}

/* An object that is kept, seen as what it inherits, and given back. */
static void check_objects(void)
{
    struct library_open_params which = {.far = false};
    struct library_open_results shelf;
    struct library_shelf_book_params number = {.number = 2};
    struct library_shelf_book_results book;
    struct library_named_name_results name;
    struct library_lent_results before, after;
    EXPECT(library_name(&client, &name), EXO_STATUS_OK);
    CHECK(capnp_text_is(name.name, "the library"));
    EXPECT(library_open(&client, &which, &shelf), EXO_STATUS_OK);
    EXPECT(library_lent(&client, &before), EXO_STATUS_OK);
    struct library_shelf_ref at = library_shelf_ref_of(&client.rpc, shelf.shelf);
    EXPECT(library_shelf_book_at(at, &number, &book), EXO_STATUS_OK);
    struct library_book_ref kept = library_book_ref_of(&client.rpc, book.book);
    EXPECT(library_named_name_at(library_book_ref_as_library_named(kept), &name), EXO_STATUS_OK);
    CHECK(capnp_text_is(name.name, "third"));
    EXPECT(library_lent(&client, &after), EXO_STATUS_OK);
    CHECK(after.books == before.books + 1);
    EXPECT(library_book_ref_release(kept), EXO_STATUS_OK);
    EXPECT(library_lent(&client, &after), EXO_STATUS_OK);
    CHECK(after.books == before.books);
    EXPECT(library_named_name_at(library_book_ref_as_library_named(kept), &name),
           EXO_STATUS_BAD_CAPABILITY);
}

/* Capabilities in a list of structs pass the library on their way to the annex and back; those of
 * the library's own objects do not. */
static void check_pictures(void)
{
    struct library_open_params which = {.far = true};
    struct library_open_results shelf;
    struct library_shelf_illustrate_params_builder params;
    struct library_shelf_illustrate_results results;
    struct library_picture_builder_list pictures;
    struct library_book_page_params page = {.number = 1};
    struct library_book_page_results text;
    uint64_t kind, rights, mine, came, count, low, high;
    EXPECT(library_open(&client, &which, &shelf), EXO_STATUS_OK);
    struct library_shelf_ref at = library_shelf_ref_of(&client.rpc, shelf.shelf);
    for (uint32_t turn = 0; turn < 2; turn++) {
        uint32_t own = scenario_slots(PICTURES);
        EXPECT(library_shelf_illustrate_begin_at(at, &params), EXO_STATUS_OK);
        CHECK(library_shelf_illustrate_params_init_pictures(params, PICTURES, &pictures) ==
              CAPNP_OK);
        for (uint32_t i = 0; i < PICTURES; i++) {
            EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, own + i, i, 1,
                                         EXO_RIGHT_READ, 0), EXO_STATUS_OK);
            EXPECT(library_picture_give_memory(library_picture_builder_list_at(pictures, i),
                                               &client.rpc.given, own + i), EXO_STATUS_OK);
        }
        EXPECT(library_shelf_illustrate_finish_at(at, &results), EXO_STATUS_OK);
        CHECK(library_picture_list_count(results.pictures) == PICTURES);
        for (uint32_t i = 0; i < PICTURES; i++) {
            struct library_picture_reader picture = library_picture_list_at(results.pictures, i);
            uint32_t slot;
            EXPECT(library_picture_taken_memory(picture, client.rpc.received, &slot),
                   EXO_STATUS_OK);
            exo_capability_info(EXO_SELF, own + i, &kind, &rights, &mine, &count, &low, &high);
            exo_capability_info(EXO_SELF, slot, &kind, &rights, &came, &count, &low, &high);
            CHECK((kind & 0xff) == EXO_OBJECT_KIND_MEMORY && count == 1 && mine == came);
        }
        struct library_picture_reader last = library_picture_list_at(results.pictures, 1);
        uint32_t book;
        EXPECT(library_picture_taken_book(last, client.rpc.received, &book), EXO_STATUS_OK);
        EXPECT(library_book_page_at(library_book_ref_of(&client.rpc, book), &page, &text),
               EXO_STATUS_OK);
        CHECK(capnp_text_is(text.text, "a far page"));
    }
    EXPECT(library_shelf_illustrate_begin_at(at, &params), EXO_STATUS_OK);
    CHECK(library_shelf_illustrate_params_init_pictures(params, 1, &pictures) == CAPNP_OK);
    EXPECT(library_picture_give_book(library_picture_builder_list_at(pictures, 0),
                                     &client.rpc.given, RPC_OBJECT | 50), EXO_STATUS_OK);
    EXPECT(library_shelf_illustrate_finish_at(at, &results), EXO_STATUS_BAD_CAPABILITY);
}

/* What came for the first of two calls is not what the second of them emptied its slots for. */
static void check_lent_memory(void)
{
    struct library_open_params which = {.far = true};
    struct library_open_results shelf;
    uint32_t questions[PICTURES];
    uint64_t kind, rights, value, count, low, high;
    EXPECT(library_open(&client, &which, &shelf), EXO_STATUS_OK);
    struct library_shelf_ref at = library_shelf_ref_of(&client.rpc, shelf.shelf);
    for (uint32_t i = 0; i < PICTURES; i++) {
        struct library_shelf_lend_params pages = {.pages = i + 1};
        EXPECT(library_shelf_lend_send_at(at, &pages, &questions[i]), EXO_STATUS_OK);
    }
    for (uint32_t i = 0; i < PICTURES; i++) {
        struct library_shelf_lend_results lent;
        EXPECT(library_shelf_lend_wait_at(at, questions[i], TICKS_NEVER, &lent), EXO_STATUS_OK);
        EXPECT(exo_capability_info(EXO_SELF, lent.memory, &kind, &rights, &value, &count, &low,
                                   &high), EXO_STATUS_OK);
        CHECK((kind & 0xff) == EXO_OBJECT_KIND_MEMORY && count == i + 1);
        library_client_finish(&client, questions[i]);
    }
    EXPECT(library_shelf_ref_release(at), EXO_STATUS_OK);
}

static void check_stream(void)
{
    static uint8_t bytes[TOO_MANY];
    struct library_upload_params chunk = {.bytes = {bytes, CHUNK_BYTES}};
    struct library_done_results done;
    library_client_window(&client, WINDOW_BYTES);
    struct counts before = count();
    for (int i = 0; i < CHUNKS; i++)
        EXPECT(library_upload(&client, &chunk), EXO_STATUS_OK);
    EXPECT(library_done(&client, &done), EXO_STATUS_OK);
    CHECK(done.bytes == CHUNKS * CHUNK_BYTES);
    CHECK(count().calls - before.calls < CHUNKS); /* several went with one call */
    chunk.bytes.length = TOO_MANY;
    EXPECT(library_upload(&client, &chunk), EXO_STATUS_OK);
    EXPECT(library_done(&client, &done), EXO_STATUS_DENIED);
    EXPECT(library_done(&client, &done), EXO_STATUS_OK);
    CHECK(done.bytes == 0);
}

int component_main(void)
{
    EXPECT(library_client_open(&client, binding_import("library")), EXO_STATUS_OK);
    check_chains();
    check_objects();
    check_pictures();
    check_lent_memory();
    check_stream();
    print("pipelining: three calls were one, near and far, and the first failure went on\n");
    return 0;
}
