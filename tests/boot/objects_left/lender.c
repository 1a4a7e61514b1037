/* SPDX-License-Identifier: MIT */
/* Lends shelves, its own and the keeper's, and counts of its own those that are lent, and that ever
 * were. Some take it longer than the borrower waits. */
#include "library.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { SHELVES = 3, EACH_TWO = SHELVES + 2, SEARCH_MICROSECONDS = 50000 };

static struct library_shelf_client keeper;
static struct library_shelf_methods shelves;
static uint32_t lent;
static uint64_t ever;

static void come_back(void *context)
{
    (void)context;
    __atomic_sub_fetch(&lent, 1, __ATOMIC_RELAXED);
}

static enum exo_status book(struct rpc_call *call, const struct library_shelf_book_params *params,
                            struct library_shelf_book_results *results)
{
    (void)call, (void)params, (void)results;
    return EXO_STATUS_DENIED;
}

static enum exo_status illustrate(struct rpc_call *call,
                                  const struct library_shelf_illustrate_params *params,
                                  struct library_shelf_illustrate_results *results)
{
    (void)call, (void)params, (void)results;
    return EXO_STATUS_DENIED;
}

static enum exo_status name(struct rpc_call *call, struct library_named_name_results *results)
{
    (void)call;
    results->name = CAPNP_TEXT_LITERAL("shelf");
    return EXO_STATUS_OK;
}

static enum exo_status open(struct rpc_call *call, const struct library_open_params *params,
                            struct library_open_results *results)
{
    const struct rpc_target whole = {.kind = CHANNEL_TARGET_SELF};
    if (params->far) {
        results->shelf = rpc_object_forward(call, &keeper.rpc, whole);
        return EXO_STATUS_OK;
    }
    if (ever % EACH_TWO >= SHELVES) {
        uint64_t until = ticks_deadline(SEARCH_MICROSECONDS), bits;
        while (ticks_now() < until)
            exo_event_wait(CHILD_SLOT_LOCK, until, &bits);
    }
    results->shelf = library_shelf_object(call, &shelves, NULL, come_back);
    __atomic_add_fetch(&lent, results->shelf != EXO_NONE, __ATOMIC_RELAXED);
    ever += results->shelf != EXO_NONE;
    return EXO_STATUS_OK;
}

static enum exo_status done(struct rpc_call *call, struct library_done_results *results)
{
    (void)call;
    results->bytes = ever;
    return EXO_STATUS_OK;
}

static enum exo_status count_lent(struct rpc_call *call, struct library_lent_results *results)
{
    (void)call;
    results->books = __atomic_load_n(&lent, __ATOMIC_RELAXED);
    return EXO_STATUS_OK;
}

static const struct library_methods methods = {.open = open, .done = done, .lent = count_lent};

static void serve_events(void *binding)
{
    library_serve_events(&methods, NULL, binding);
}

int component_main(void)
{
    static struct library_named_methods names;
    static const struct library_named_methods named = {.name = name};
    static const struct library_shelf_methods handlers = {.book = book, .illustrate = illustrate};
    const struct binding *binding = binding_export("library");
    CHECK(binding != NULL && binding->thread_count == 2);
    EXPECT(library_shelf_client_open(&keeper, binding_import("shelf")), EXO_STATUS_OK);
    library_named_complete(&names, &named);
    library_shelf_complete(&shelves, &handlers);
    shelves.library_named = &names;
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    library_serve(&methods, NULL, binding);
    return 1;
}
