/* SPDX-License-Identifier: MIT */
/* A server with objects of its own, and with those of the annex. */
#include "library.capnp.h"
#include "scenario.h"
#include "text.h"

enum { BOOKS = 3, UPLOAD_MAX = 1024, TORN_OUT = 13 };

static struct library_shelf_client annex;
static struct library_named_methods names;
static struct library_book_methods books;
static struct library_shelf_methods shelves;
static const char *const titles[BOOKS] = {"first", "second", "third"};
static uint64_t uploaded;
static uint32_t lent;

static enum exo_status name(struct rpc_call *call, struct library_named_name_results *results)
{
    const char *title = call->context ? *(const char *const *)call->context : "the library";
    results->name = (struct capnp_text){title, (uint32_t)strlen(title)};
    return EXO_STATUS_OK;
}

static enum exo_status page(struct rpc_call *call, const struct library_book_page_params *params,
                            struct library_book_page_results *results)
{
    if (params->number == TORN_OUT)
        return rpc_fail(call, FAILURE_EXCEPTION_TYPE_FAILED, CAPNP_TEXT_LITERAL("torn out"));
    results->text = CAPNP_TEXT_LITERAL("a near page");
    return EXO_STATUS_OK;
}

static void come_back(void *context)
{
    (void)context;
    lent--;
}

static enum exo_status book(struct rpc_call *call, const struct library_shelf_book_params *params,
                            struct library_shelf_book_results *results)
{
    if (params->number >= BOOKS)
        return rpc_fail(call, FAILURE_EXCEPTION_TYPE_OVERLOADED, CAPNP_TEXT_LITERAL("all lent"));
    results->book = library_book_object(call, &books, (void *)(uintptr_t)&titles[params->number],
                                        come_back);
    lent += results->book != EXO_NONE;
    return EXO_STATUS_OK;
}

static enum exo_status illustrate(struct rpc_call *call,
                                  const struct library_shelf_illustrate_params *params,
                                  struct library_shelf_illustrate_results *results)
{
    (void)params, (void)results;
    return rpc_fail(call, FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED, CAPNP_TEXT_LITERAL("no glue"));
}

static enum exo_status lend(struct rpc_call *call, const struct library_shelf_lend_params *params,
                            struct library_shelf_lend_results *results)
{
    (void)params, (void)results;
    return rpc_fail(call, FAILURE_EXCEPTION_TYPE_UNIMPLEMENTED, CAPNP_TEXT_LITERAL("no memory"));
}

static enum exo_status open(struct rpc_call *call,
                             const struct library_open_params *params,
                             struct library_open_results *results)
{
    const struct rpc_target whole = {.kind = CHANNEL_TARGET_SELF};
    results->shelf = params->far ? rpc_object_forward(call, &annex.rpc, whole)
                                 : library_shelf_object(call, &shelves, NULL, NULL);
    return EXO_STATUS_OK;
}

static enum exo_status upload(struct rpc_call *call,
                              const struct library_upload_params *params)
{
    CHECK(call->is_asynchronous);
    if (params->bytes.length > UPLOAD_MAX)
        return EXO_STATUS_DENIED;
    uploaded += params->bytes.length;
    return EXO_STATUS_OK;
}

static enum exo_status done(struct rpc_call *call, struct library_done_results *results)
{
    (void)call;
    results->bytes = uploaded;
    uploaded = 0;
    return EXO_STATUS_OK;
}

static enum exo_status count_lent(struct rpc_call *call, struct library_lent_results *results)
{
    (void)call;
    results->books = lent;
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct library_named_methods named = {.name = name};
    static const struct library_book_methods book_handlers = {.page = page};
    static const struct library_shelf_methods shelf_handlers = {.book = book,
                                                         .illustrate = illustrate, .lend = lend};
    static const struct library_methods methods = {
        .open = open, .upload = upload, .done = done, .lent = count_lent, .library_named = &named};
    const struct binding *binding = binding_export("library");
    CHECK(binding != NULL);
    EXPECT(library_shelf_client_open(&annex, binding_import("shelf")), EXO_STATUS_OK);
    library_named_complete(&names, &named);
    library_book_complete(&books, &book_handlers);
    library_shelf_complete(&shelves, &shelf_handlers);
    books.library_named = shelves.library_named = &names;
    library_serve(&methods, NULL, binding);
    return 1;
}
