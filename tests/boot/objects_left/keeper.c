/* SPDX-License-Identifier: MIT */
/* Keeps the books that the lender only passes on, and says whether one is missing. */
#include "library.capnp.h"
#include "scenario.h"

static struct library_book_methods books;
static uint32_t missing;

static void come_back(void *context)
{
    (void)context;
    missing--;
}

static enum exo_status page(struct rpc_call *call, const struct library_book_page_params *params,
                            struct library_book_page_results *results)
{
    (void)call, (void)params;
    results->text = CAPNP_TEXT_LITERAL("a page");
    return EXO_STATUS_OK;
}

static enum exo_status book(struct rpc_call *call, const struct library_shelf_book_params *params,
                            struct library_shelf_book_results *results)
{
    (void)params;
    results->book = library_book_object(call, &books, NULL, come_back);
    missing += results->book != EXO_NONE;
    return EXO_STATUS_OK;
}

static enum exo_status name(struct rpc_call *call, struct library_named_name_results *results)
{
    (void)call;
    results->name = missing == 0 ? CAPNP_TEXT_LITERAL("whole") : CAPNP_TEXT_LITERAL("some lent");
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static struct library_named_methods names;
    static const struct library_named_methods named = {.name = name};
    static const struct library_book_methods handlers = {.page = page};
    static const struct library_shelf_methods methods = {.book = book, .library_named = &named};
    library_named_complete(&names, &named);
    library_book_complete(&books, &handlers);
    books.library_named = &names;
    library_shelf_serve(&methods, NULL, binding_export("shelf"));
    return 1;
}
