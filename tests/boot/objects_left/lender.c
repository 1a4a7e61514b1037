/* SPDX-License-Identifier: MIT */
/* Lends shelves, and counts those that are lent, and that ever were. */
#include "library.capnp.h"
#include "scenario.h"

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
    (void)params;
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
    library_named_complete(&names, &named);
    library_shelf_complete(&shelves, &handlers);
    shelves.library_named = &names;
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    library_serve(&methods, NULL, binding);
    return 1;
}
