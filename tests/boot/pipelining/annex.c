/* SPDX-License-Identifier: MIT */
/* A server in a domain of its own, that the library is the only client of. */
#include "library.capnp.h"
#include "scenario.h"

static struct library_book_methods books;
static struct library_named_methods names;
static uint32_t number;

enum { PICTURES_MAX = 4 };

static enum exo_status name(struct rpc_call *call, struct library_named_name_results *results)
{
    results->name = call->context ? CAPNP_TEXT_LITERAL("far book")
                                  : CAPNP_TEXT_LITERAL("the annex");
    return EXO_STATUS_OK;
}

static enum exo_status page(struct rpc_call *call, const struct library_book_page_params *params,
                            struct library_book_page_results *results)
{
    if (params->number == 0)
        return rpc_fail(call, FAILURE_EXCEPTION_TYPE_FAILED, CAPNP_TEXT_LITERAL("moths"));
    results->text = CAPNP_TEXT_LITERAL("a far page");
    return EXO_STATUS_OK;
}

static enum exo_status book(struct rpc_call *call, const struct library_shelf_book_params *params,
                            struct library_shelf_book_results *results)
{
    number = params->number;
    results->book = library_book_object(call, &books, &number, NULL);
    return EXO_STATUS_OK;
}

/* The memories come back as they came, each beside a new object. */
static enum exo_status illustrate(struct rpc_call *call,
                                  const struct library_shelf_illustrate_params *params,
                                  struct library_shelf_illustrate_results *results)
{
    struct library_shelf_illustrate_results_builder reply;
    struct library_picture_builder_list out;
    uint32_t count = library_picture_list_count(params->pictures);
    (void)results;
    if (count > PICTURES_MAX ||
        library_shelf_illustrate_reply(call, &reply) != EXO_STATUS_OK ||
        library_shelf_illustrate_results_init_pictures(reply, count, &out) != CAPNP_OK)
        return EXO_STATUS_FULL;
    for (uint32_t i = 0; i < count; i++) {
        struct library_picture_builder picture = library_picture_builder_list_at(out, i);
        uint32_t slot;
        if (library_picture_taken_memory(library_picture_list_at(params->pictures, i),
                                         call->received, &slot) != EXO_STATUS_OK ||
            slot == EXO_NONE)
            return EXO_STATUS_BAD_MESSAGE;
        EXPECT(library_picture_give_memory(picture, &call->given, slot), EXO_STATUS_OK);
        EXPECT(library_picture_give_book(picture, &call->given,
                                         library_book_object(call, &books, &number, NULL)),
               EXO_STATUS_OK);
    }
    return EXO_STATUS_OK;
}

static enum exo_status lend(struct rpc_call *call, const struct library_shelf_lend_params *params,
                            struct library_shelf_lend_results *results)
{
    uint32_t slot = scenario_slots(1);
    (void)call;
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, 0, params->pages,
                                 EXO_RIGHT_READ, 0), EXO_STATUS_OK);
    results->memory = slot;
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct library_named_methods named = {.name = name};
    static const struct library_book_methods book_handlers = {.page = page};
    static const struct library_shelf_methods methods = {.book = book, .illustrate = illustrate,
                                                  .lend = lend,
                                                  .library_named = &named};
    const struct binding *binding = binding_export("shelf");
    CHECK(binding != NULL);
    library_named_complete(&names, &named);
    library_book_complete(&books, &book_handlers);
    books.library_named = &names;
    library_shelf_serve(&methods, NULL, binding);
    return 1;
}
