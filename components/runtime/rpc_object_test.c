/* SPDX-License-Identifier: MIT */
/*
 * Objects that a server keeps for its client: calls of them, and of those that are still to come;
 * how failures go on; and streams.
 */
#include "sample.capnp.h"

#include "host/kernel.h"
#include "rpc_retry.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_BYTES 8192u
#define PORTAL 5u
#define BOOKS 4u
#define BAD_NUMBER 99u
#define LOST_BYTES 77u        /* of a stream whose server has lost what it writes to */
#define LENT 7000u            /* what a slot of the client holds, and how much was written before */
#define LENT_SLOT 40u
#define GIFT_NUMBER 96u       /* a capability deep in the results, from this slot of the server: */
#define GIFT_SLOT 44u
#define SILENT_NUMBER 98u     /* fails, and does not say why */
#define INCOMPLETE_NUMBER 97u /* an object without handlers */
#define AWAY_NUMBER 95u

static _Alignas(4096) uint8_t memory[MEMORY_BYTES];
static struct channel_place client_place = {.bytes = MEMORY_BYTES, .doorbell = 10, .wake = 11,
                                            .wake_bits = 1};
static struct channel_place server_place = {.bytes = MEMORY_BYTES, .doorbell = 11, .wake = 10,
                                            .wake_bits = 1};
static struct binding client_binding = {.portal = PORTAL, .place_count = 1,
                                        .places = &client_place, .thread = 2, .thread_count = 1,
                                        .receive_first = 20, .receive_count = 4,
                                        .interface_id = SAMPLE_SHELF_TYPE_ID};
static struct binding server_binding = {.place_count = 1, .places = &server_place, .thread = 20,
                                        .thread_count = 1, .receive_first = 30, .receive_count = 4,
                                        .interface_id = SAMPLE_SHELF_TYPE_ID};
static struct sample_shelf_client client;
static struct sample_book_methods book_methods;
static struct sample_base_methods base_methods;
static struct sample_shelf_methods shelf_methods;
static uint32_t books[BOOKS];
static int released, served;
static bool may_go_on;
static uint64_t written;

static enum exo_status serve_page(struct rpc_call *call,
                                  const struct sample_book_page_params *params,
                                  struct sample_book_page_results *results)
{
    const uint32_t *number = call->context;
    served++;
    if (params->number == BAD_NUMBER)
        return rpc_fail(call, FAILURE_EXCEPTION_TYPE_FAILED, CAPNP_TEXT_LITERAL("no such page"));
    results->text = *number == 0 ? CAPNP_TEXT_LITERAL("zero") : CAPNP_TEXT_LITERAL("other");
    return EXO_STATUS_OK;
}

static enum exo_status serve_slow(struct rpc_call *call)
{
    (void)call;
    host_await(&may_go_on);
    return EXO_STATUS_OK;
}

static enum exo_status serve_twice(struct rpc_call *call,
                                   const struct sample_base_twice_params *params,
                                   struct sample_base_twice_results *results)
{
    results->value = 2 * params->value + *(const uint32_t *)call->context;
    return EXO_STATUS_OK;
}

static void let_go(void *context)
{
    CU_ASSERT((uint32_t *)context >= books && (uint32_t *)context < books + BOOKS);
    released++;
}

static enum exo_status serve_book(struct rpc_call *call,
                                  const struct sample_shelf_book_params *params,
                                  struct sample_shelf_book_results *results)
{
    served++;
    if (params->number == BAD_NUMBER)
        return rpc_fail(call, FAILURE_EXCEPTION_TYPE_OVERLOADED, CAPNP_TEXT_LITERAL("all lent"));
    if (params->number == SILENT_NUMBER)
        return EXO_STATUS_CONFLICT;
    if (params->number == AWAY_NUMBER) /* somebody behind us is not there at the moment */
        return EXO_STATUS_DISCONNECTED;
    if (params->number == INCOMPLETE_NUMBER)
        results->book = sample_book_object(call, &(struct sample_book_methods){0}, 0, 0);
    results->name = CAPNP_TEXT_LITERAL("a book");
    if (params->number < BOOKS)
        results->book = sample_book_object(call, &book_methods, &books[params->number], let_go);
    return EXO_STATUS_OK;
}

static enum exo_status serve_place(struct rpc_call *call,
                                   const struct sample_shelf_place_params *params,
                                   struct sample_shelf_place_results *results)
{
    struct sample_shelf_place_results_builder built;
    struct sample_shelf_place_builder place;
    struct sample_shelf_inner_builder inner;
    (void)results;
    if (sample_shelf_place_reply(call, &built) != EXO_STATUS_OK ||
        sample_shelf_place_results_init_place(built, &place) != CAPNP_OK ||
        sample_shelf_place_init_inner(place, &inner) != CAPNP_OK)
        return EXO_STATUS_OK;
    uint32_t slot = params->number == GIFT_NUMBER
                        ? GIFT_SLOT
                        : sample_book_object(call, &book_methods, &books[params->number], let_go);
    return sample_shelf_inner_give_book(inner, &call->given, slot);
}

static enum exo_status serve_shelf(struct rpc_call *call,
                                   const struct sample_shelf_shelf_params *params,
                                   struct sample_shelf_shelf_results *results)
{
    (void)params;
    results->shelf = sample_shelf_object(call, &shelf_methods, call->context, 0);
    return EXO_STATUS_OK;
}

static enum exo_status serve_write(struct rpc_call *call,
                                   const struct sample_shelf_write_params *params)
{
    CU_ASSERT(call->is_asynchronous);
    written += params->bytes.length;
    if (params->bytes.length == LOST_BYTES)
        return EXO_STATUS_DISCONNECTED;
    return params->bytes.length == BAD_NUMBER ? EXO_STATUS_DENIED : EXO_STATUS_OK;
}

/* What is lent comes in the order of the stream, beside what has no capability. */
static enum exo_status serve_lend(struct rpc_call *call,
                                  const struct sample_shelf_lend_params *params)
{
    CU_ASSERT(call->is_asynchronous);
    CU_ASSERT_FATAL(params->book < HOST_SLOTS);
    CU_ASSERT_EQUAL(host_slots[HOST_SERVER][params->book], LENT + written);
    written += params->bytes.length;
    return params->bytes.length == BAD_NUMBER ? EXO_STATUS_DENIED : EXO_STATUS_OK;
}

static enum exo_status serve_done(struct rpc_call *call, struct sample_shelf_done_results *results)
{
    (void)call;
    results->bytes = written;
    written = 0;
    return EXO_STATUS_OK;
}

static enum exo_status serve_same(struct rpc_call *call,
                                  const struct sample_shelf_same_params *params,
                                  struct sample_shelf_same_results *results)
{
    const uint32_t *book = rpc_object_context(call, params->book, &sample_book_service);
    if (!book)
        return EXO_STATUS_BAD_ARGUMENT;
    results->number = *book;
    return EXO_STATUS_OK;
}

static void *handler_thread(void *argument)
{
    static const struct sample_base_methods base = {.twice = serve_twice};
    static const struct sample_book_methods book = {.page = serve_page, .slow = serve_slow};
    static const struct sample_shelf_methods shelf = {
        .book = serve_book, .place = serve_place, .shelf = serve_shelf, .write = serve_write,
        .done = serve_done, .same = serve_same, .lend = serve_lend};
    sample_base_complete(&base_methods, &base);
    sample_book_complete(&book_methods, &book);
    sample_shelf_complete(&shelf_methods, &shelf);
    book_methods.sample_base = &base_methods;
    sample_shelf_serve(&shelf_methods, argument, &server_binding);
    return 0;
}

/* Begin anew, as a client that was started again: what it held is let go at its first call. */
static void refresh(void)
{
    struct sample_shelf_done_results done;
    host_badge += UINT64_C(1) << 32;
    memset(memory, 0, sizeof memory);
    CU_ASSERT_EQUAL(sample_shelf_client_open(&client, &client_binding), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
    released = served = 0;
}

static void test_objects(void)
{
    struct sample_shelf_book_params number = {1};
    struct sample_shelf_book_results book;
    struct sample_book_page_params page = {0};
    struct sample_book_page_results text;
    struct sample_base_twice_params value = {5};
    struct sample_base_twice_results twice;
    struct sample_shelf_same_results same;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    CU_ASSERT_FATAL(rpc_is_object(book.book));
    struct sample_book_ref at = sample_book_ref_of(&client.rpc, book.book);
    CU_ASSERT_EQUAL(sample_book_page_at(at, &page, &text), EXO_STATUS_OK);
    CU_ASSERT(capnp_text_is(text.text, "other"));
    CU_ASSERT_EQUAL(sample_base_twice_at(sample_book_ref_as_sample_base(at), &value, &twice),
                    EXO_STATUS_OK);
    CU_ASSERT_EQUAL(twice.value, 11); /* it is book 1 that answers */
    struct sample_base_ref who = sample_book_ref_as_sample_base(at);
    struct sample_base_who_results name;
    CU_ASSERT_EQUAL(sample_base_who_at(who, &name), EXO_STATUS_BAD_CALL); /* has no handler */
    struct sample_shelf_ref wrong = sample_shelf_ref_of(&client.rpc, book.book);
    CU_ASSERT_EQUAL(sample_shelf_book_at(wrong, &number, &book), EXO_STATUS_BAD_CALL);
    /* It comes back as a parameter, and goes. */
    struct sample_shelf_same_params back = {at.target.object};
    CU_ASSERT_EQUAL(sample_shelf_same(&client, &back, &same), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(same.number, 1);
    CU_ASSERT_EQUAL(sample_book_ref_release(at), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_book_page_at(at, &page, &text), EXO_STATUS_BAD_CAPABILITY);
    CU_ASSERT_EQUAL(released, 1);
    CU_ASSERT_EQUAL(sample_shelf_same(&client, &back, &same), EXO_STATUS_BAD_ARGUMENT);
    number.number = INCOMPLETE_NUMBER;
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(book.book, EXO_NONE);
    number.number = 1;
    /* Another client of the same place has none of them. */
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    refresh();
    at = sample_book_ref_of(&client.rpc, book.book);
    CU_ASSERT_EQUAL(sample_book_page_at(at, &page, &text), EXO_STATUS_BAD_CAPABILITY);
}

/* A server that goes on and says `disconnected` is only asked again, so what it gave stays; and
 * what was let go of is reached by nobody who still has its number. */
static void test_stale_reference(void)
{
    struct sample_shelf_book_params number = {1};
    struct sample_shelf_book_results book;
    struct sample_base_twice_params value = {5};
    struct sample_base_twice_results twice;
    struct rpc_retry retry;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    struct sample_book_ref at = sample_book_ref_of(&client.rpc, book.book);
    struct sample_base_ref base = sample_book_ref_as_sample_base(at);
    number.number = AWAY_NUMBER;
    rpc_retry_begin(&retry, &client.rpc, 0); /* as the generated call of an idempotent method */
    enum exo_status status = sample_shelf_book(&client, &number, &book);
    CU_ASSERT_EQUAL(status, EXO_STATUS_DISCONNECTED);
    while (rpc_retry_again(&retry, &status)) {
        number.number = 0; /* it works this time */
        status = sample_shelf_book(&client, &number, &book);
    }
    CU_ASSERT_EQUAL(rpc_retry_end(&retry, status), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(released, 0);
    CU_ASSERT_EQUAL(sample_base_twice_at(base, &value, &twice), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(twice.value, 11); /* it is book 1 that answers */
    CU_ASSERT_EQUAL(sample_book_ref_release(at), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_base_twice_at(base, &value, &twice), EXO_STATUS_BAD_CAPABILITY);
}

static void test_many(void)
{
    struct sample_shelf_book_params number = {2};
    struct sample_shelf_book_results book;
    uint32_t count = 0;
    refresh();
    while (sample_shelf_book(&client, &number, &book) == EXO_STATUS_OK && book.book != EXO_NONE)
        count++;
    CU_ASSERT_EQUAL(count, RPC_OBJECTS_MAX);
    host_badge += UINT64_C(1) << 32;
    memset(memory, 0, sizeof memory);
    CU_ASSERT_EQUAL(sample_shelf_client_open(&client, &client_binding), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(released, (int)RPC_OBJECTS_MAX);
    CU_ASSERT(rpc_is_object(book.book));
}

/* A release is a message: the call behind it serves the ring, the next is a quick one again. */
static void test_quick_again(void)
{
    struct sample_shelf_book_params number = {1};
    struct sample_shelf_book_results book, other;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_book_ref_release(sample_book_ref_of(&client.rpc, book.book)),
                    EXO_STATUS_OK);
    CU_ASSERT_PTR_NULL(client.rpc.quick);
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &other), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &other), EXO_STATUS_OK);
    CU_ASSERT_PTR_NOT_NULL(client.rpc.quick);
}

static void test_pipelined(void)
{
    struct sample_shelf_shelf_params which = {0};
    struct sample_shelf_book_params number = {0};
    struct sample_shelf_book_results book;
    struct sample_book_page_params page = {7};
    struct sample_book_page_results text;
    uint32_t first, second;
    refresh();
    unsigned calls = host_calls;
    CU_ASSERT_EQUAL(sample_shelf_shelf_send(&client, &which, &first), EXO_STATUS_OK);
    struct sample_shelf_ref shelf = sample_shelf_shelf_promise_shelf(&client.rpc, first);
    CU_ASSERT_EQUAL(sample_shelf_book_send_at(shelf, &number, &second), EXO_STATUS_OK);
    struct sample_book_ref promised = sample_shelf_book_promise_book(&client.rpc, second);
    CU_ASSERT_EQUAL(host_calls, calls); /* nothing went yet */
    CU_ASSERT_EQUAL(sample_book_page_at(promised, &page, &text), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(host_calls, calls + 1);
    CU_ASSERT(capnp_text_is(text.text, "zero"));
    /* The results in between are there as well. */
    CU_ASSERT_EQUAL(sample_shelf_book_wait_at(shelf, second, RPC_FOR_EVER, &book), EXO_STATUS_OK);
    CU_ASSERT(capnp_text_is(book.name, "a book"));
    CU_ASSERT_EQUAL(host_calls, calls + 1);
    struct sample_book_ref at = sample_book_ref_of(&client.rpc, book.book);
    sample_shelf_client_finish(&client, first);
    sample_shelf_client_finish(&client, second);
    CU_ASSERT_EQUAL(sample_book_page_at(at, &page, &text), EXO_STATUS_OK);
    CU_ASSERT(capnp_text_is(text.text, "zero"));
    CU_ASSERT_EQUAL(sample_book_page_at(promised, &page, &text), EXO_STATUS_BAD_ARGUMENT);
}

/* The deadline of the schema holds for calls of objects, made and sent, and for that call only. */
static void test_deadline(void)
{
    struct sample_shelf_book_params number = {0};
    struct sample_shelf_book_results book;
    uint32_t question;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_book(&client, &number, &book), EXO_STATUS_OK);
    struct sample_book_ref at = sample_book_ref_of(&client.rpc, book.book);
    host_set(&may_go_on, true);
    CU_ASSERT_EQUAL(sample_book_slow_at(at), EXO_STATUS_OK);
    host_set(&may_go_on, false);
    CU_ASSERT_EQUAL(sample_book_slow_at(at), EXO_STATUS_DEADLINE);
    CU_ASSERT_EQUAL(client.rpc.timeout_ticks, 0);
    host_set(&may_go_on, true);
    host_wait_idle(1);
    CU_ASSERT_EQUAL(sample_book_slow_send_at(at, &question), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_book_slow_wait_at(at, question, RPC_FOR_EVER), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_book_ref_release(at), EXO_STATUS_OK);
}

/* A capability, an object, and nothing, deep in the results, taken from there by their names. */
static void test_deep_capabilities(void)
{
    struct sample_shelf_place_params numbers[] = {{GIFT_NUMBER}, {3}};
    refresh();
    host_slots[HOST_SERVER][GIFT_SLOT] = LENT;
    for (int i = 0; i < 2; i++) {
        struct sample_shelf_place_results results;
        struct sample_shelf_inner_reader inner;
        uint32_t slot, position;
        CU_ASSERT_EQUAL(sample_shelf_place(&client, &numbers[i], &results), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_shelf_place_get_inner(results.place, &inner), CAPNP_OK);
        CU_ASSERT_EQUAL(sample_shelf_inner_taken_book(inner, client.rpc.received, &slot),
                        EXO_STATUS_OK);
        CU_ASSERT_EQUAL(sample_shelf_inner_get_book(inner, &position), CAPNP_OK);
        CU_ASSERT(i == 0 ? position == 0 && host_slots[HOST_CLIENT][slot] == LENT
                         : rpc_is_object(slot) && position == slot);
        /* A position that nothing came for, as a hostile peer may write it. */
        struct rpc_received none = {client.rpc.received.first, 0};
        CU_ASSERT_EQUAL(sample_shelf_inner_taken_book(inner, none, &slot), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(slot, i == 0 ? EXO_NONE : position);
    }
    host_slots[HOST_SERVER][GIFT_SLOT] = 0;
}

static void test_deep(void)
{
    struct sample_shelf_place_params number = {3};
    struct sample_base_twice_params value = {5};
    struct sample_base_twice_results twice;
    uint32_t question, other;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_place_send(&client, &number, &question), EXO_STATUS_OK);
    struct rpc_target place = rpc_promise(question, 0);
    struct rpc_target inner = rpc_promise_in(place, 0);
    struct sample_base_ref book = {&client.rpc, rpc_promise_in(inner, 1)};
    CU_ASSERT_EQUAL(sample_base_twice_send_at(book, &value, &other), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_base_twice_at(book, &value, &twice), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(twice.value, 13);
    CU_ASSERT_EQUAL(sample_base_twice_wait_at(book, other, RPC_FOR_EVER, &twice), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(twice.value, 13);
    sample_shelf_client_finish(&client, other);
    /* Ways that lead to none: a struct, a text, nothing, too far. */
    struct sample_base_ref bad = {&client.rpc, inner};
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_MESSAGE);
    bad.target = rpc_promise_in(inner, 0);
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_CAPABILITY);
    bad.target = rpc_promise_in(inner, 9);
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_CAPABILITY);
    bad.target = rpc_promise_in(rpc_promise_in(inner, 1), 0);
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_MESSAGE);
    bad.target.path_length = 5;
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_ARGUMENT);
    bad.target = rpc_promise(question + 1000, 0);
    CU_ASSERT_EQUAL(sample_base_twice_at(bad, &value, &twice), EXO_STATUS_BAD_ARGUMENT);
    sample_shelf_client_finish(&client, question);
}

static void test_failure(void)
{
    struct sample_shelf_book_params number = {BAD_NUMBER};
    struct sample_shelf_book_results book;
    struct sample_book_page_params page = {0};
    struct sample_book_page_results text;
    struct capnp_text reason;
    uint32_t first, second;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_book_send(&client, &number, &first), EXO_STATUS_OK);
    struct sample_book_ref promised = sample_shelf_book_promise_book(&client.rpc, first);
    CU_ASSERT_EQUAL(sample_book_page_send_at(promised, &page, &second), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_book_page_at(promised, &page, &text), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(served, 1); /* of the three, only the first was begun */
    CU_ASSERT_EQUAL(sample_book_page_wait_at(promised, second, RPC_FOR_EVER, &text),
                    EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(sample_shelf_book_wait(&client, first, RPC_FOR_EVER, &book), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(rpc_client_why(&client.rpc, EXO_STATUS_FULL, &reason),
                    FAILURE_EXCEPTION_TYPE_OVERLOADED);
    CU_ASSERT(capnp_text_is(reason, "all lent"));
    sample_shelf_client_finish(&client, first);
    sample_shelf_client_finish(&client, second);
    number.number = SILENT_NUMBER;
    CU_ASSERT_EQUAL(sample_shelf_book_send(&client, &number, &first), EXO_STATUS_OK);
    promised = sample_shelf_book_promise_book(&client.rpc, first);
    CU_ASSERT_EQUAL(sample_book_page_at(promised, &page, &text), EXO_STATUS_CONFLICT);
    sample_shelf_client_finish(&client, first);
    /* One that is called off before it was begun takes those behind it along. */
    number.number = 0;
    CU_ASSERT_EQUAL(sample_shelf_book_send(&client, &number, &first), EXO_STATUS_OK);
    promised = sample_shelf_book_promise_book(&client.rpc, first);
    CU_ASSERT_EQUAL(sample_book_page_send_at(promised, &page, &second), EXO_STATUS_OK);
    sample_shelf_client_cancel(&client, first);
    served = 0;
    enum exo_status status =
        sample_book_page_wait_at(promised, second, RPC_FOR_EVER, &text);
    CU_ASSERT(status == EXO_STATUS_CANCELLED || status == EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(served, 0);
    sample_shelf_client_finish(&client, second);
}

static void test_streams(void)
{
    static uint8_t bytes[400];
    struct sample_shelf_write_params write = {{bytes, sizeof bytes}};
    struct sample_shelf_done_results done;
    refresh();
    for (uint32_t window = 64; window <= 4096; window *= 4) {
        sample_shelf_client_window(&client, window);
        unsigned calls = host_calls;
        for (int i = 0; i < 100; i++) {
            CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_OK);
            CU_ASSERT(client.rpc.stream_words <= window / 8 ||
                      client.rpc.stream_words <= sizeof bytes / 8 + 4);
            CU_ASSERT(channel_check(&client.rpc.channel));
        }
        CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
        CU_ASSERT_EQUAL(done.bytes, 100 * sizeof bytes);
        CU_ASSERT(host_calls - calls <= (window < 1024 ? 102 : 60));
        CU_ASSERT_EQUAL(client.rpc.stream_words, 0);
    }
    /* The first failure is what all calls say, until one that is no part of the stream has. */
    write.bytes.length = BAD_NUMBER;
    CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_OK);
    write.bytes.length = 1;
    enum exo_status status = EXO_STATUS_OK;
    for (int i = 0; i < 1000 && status == EXO_STATUS_OK; i++)
        status = sample_shelf_write(&client, &write);
    CU_ASSERT_EQUAL(status, EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_DENIED);
    uint64_t before = written;
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(written, before); /* the call was not made */
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(done.bytes, before);
    /* Also when nothing noticed it before. */
    write.bytes.length = BAD_NUMBER;
    CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
}

/* Capabilities go along with a stream, counted in its window, and the first failure is kept. */
static void test_streamed_capabilities(void)
{
    static const uint8_t bytes[BAD_NUMBER];
    struct sample_shelf_write_params write = {{bytes, 10}};
    struct sample_shelf_lend_params lend = {LENT_SLOT, {bytes, 20}};
    struct sample_shelf_done_results done;
    uint64_t expected = 0;
    refresh();
    for (int i = 0; i < 100; i++) {
        CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_OK);
        expected += 10;
        host_slots[HOST_CLIENT][LENT_SLOT] = LENT + expected;
        uint32_t words = client.rpc.stream_words;
        CU_ASSERT_EQUAL(sample_shelf_lend(&client, &lend), EXO_STATUS_OK);
        CU_ASSERT(client.rpc.stream_words > words);
        expected += 20;
    }
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(done.bytes, expected);
    CU_ASSERT(client.rpc.stream_words == 0 && host_slots[HOST_SERVER][30] == 0);
    host_slots[HOST_CLIENT][LENT_SLOT] = LENT;
    lend.bytes.length = BAD_NUMBER;
    CU_ASSERT_EQUAL(sample_shelf_lend(&client, &lend), EXO_STATUS_OK); /* it is not known yet */
    lend.bytes.length = 1;
    CU_ASSERT_EQUAL(sample_shelf_lend(&client, &lend), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(sample_shelf_done(&client, &done), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(done.bytes, BAD_NUMBER);
    /* What cannot be given was not sent. */
    host_slots[HOST_CLIENT][LENT_SLOT] = 0;
    host_portal_set(false);
    CU_ASSERT_EQUAL(sample_shelf_lend(&client, &lend), EXO_STATUS_DISCONNECTED);
    CU_ASSERT_EQUAL(client.rpc.stream_words, 0);
    host_portal_set(true);
}

/* A stream that was lost: the call that says so is not made again, whatever its schema allows: what
 * was streamed would be missing. */
static void test_lost_stream(void)
{
    static uint8_t bytes[LOST_BYTES];
    struct sample_shelf_write_params write = {{bytes, sizeof bytes}};
    struct sample_shelf_done_results done;
    struct rpc_retry retry;
    refresh();
    CU_ASSERT_EQUAL(sample_shelf_write(&client, &write), EXO_STATUS_OK);
    rpc_retry_begin(&retry, &client.rpc, 0);
    enum exo_status status = sample_shelf_done(&client, &done);
    CU_ASSERT_EQUAL(status, EXO_STATUS_DISCONNECTED);
    CU_ASSERT(!rpc_retry_again(&retry, &status));
    CU_ASSERT_EQUAL(rpc_retry_end(&retry, status), EXO_STATUS_DISCONNECTED);
    refresh();
}

int main(void)
{
    client_place.address = server_place.address = (uintptr_t)memory;
    for (uint32_t i = 0; i < BOOKS; i++)
        books[i] = i;
    host_slots[HOST_CLIENT][PORTAL] = 1;
    host_become(HOST_CLIENT, 2);
    host_thread(HOST_SERVER, 20, handler_thread, &written);
    host_wait_idle(1);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("objects", NULL, NULL);
    CU_add_test(suite, "objects in results", test_objects);
    CU_add_test(suite, "a stale reference", test_stale_reference);
    CU_add_test(suite, "as many as there may be", test_many);
    CU_add_test(suite, "quick after a release", test_quick_again);
    CU_add_test(suite, "calls of what has not come", test_pipelined);
    CU_add_test(suite, "deep in the results", test_deep);
    CU_add_test(suite, "capabilities deep in the results", test_deep_capabilities);
    CU_add_test(suite, "the deadline of an object's method", test_deadline);
    CU_add_test(suite, "the first failure goes on", test_failure);
    CU_add_test(suite, "streams", test_streams);
    CU_add_test(suite, "capabilities in a stream", test_streamed_capabilities);
    CU_add_test(suite, "a stream that was lost", test_lost_stream);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
