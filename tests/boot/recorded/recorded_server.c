/* SPDX-License-Identifier: MIT */
/* Serves calls and rings, each by a Thread of its own, so what they share is atomic. */
#include "sample.capnp.h"
#include "scenario.h"
#include "text.h"

static uint32_t last_value, done_clients;

static enum exo_status serve_both(struct rpc_call *call,
                                  const struct sample_both_both_params *params,
                                  struct sample_both_both_results *results)
{
    (void)call;
    __atomic_store_n(&last_value, params->value, __ATOMIC_RELAXED);
    results->sum = params->value + 100;
    return EXO_STATUS_OK;
}

static enum exo_status serve_fail(struct rpc_call *call,
                                  const struct sample_both_fail_params *params,
                                  struct sample_both_fail_results *results)
{
    const char *reason = startup_setting("reason", "");
    (void)results;
    return rpc_fail(call, (enum failure_exception_type)params->type,
                    (struct capnp_text){reason, (uint32_t)strlen(reason)});
}

static enum exo_status serve_left(struct rpc_call *call,
                                  const struct sample_left_left_params *params,
                                  struct sample_left_left_results *results)
{
    (void)call;
    results->length = params->text.length;
    return EXO_STATUS_OK;
}

static enum exo_status serve_who(struct rpc_call *call, struct sample_base_who_results *results)
{
    (void)call;
    print("somebody asks who\n"); /* a call of the console, while this one waits */
    results->name = CAPNP_TEXT_LITERAL("recorded");
    return EXO_STATUS_OK;
}

/* With 0: how many clients are done; with another number one more is. */
static enum exo_status serve_twice(struct rpc_call *call,
                                   const struct sample_base_twice_params *params,
                                   struct sample_base_twice_results *results)
{
    (void)call;
    results->value = __atomic_add_fetch(&done_clients, params->value, __ATOMIC_RELAXED);
    return EXO_STATUS_OK;
}

static const struct sample_left_methods left = {.left = serve_left};
static const struct sample_base_methods base = {.who = serve_who, .twice = serve_twice};
static const struct sample_both_methods methods = {.both = serve_both, .fail = serve_fail,
                                                   .sample_left = &left, .sample_base = &base};

static void serve_events(void *binding)
{
    sample_both_serve_events(&methods, NULL, binding);
}

int component_main(void)
{
    const struct binding *binding = binding_export("sample");
    CHECK(binding != NULL && binding->thread_count == 2);
    CHECK(thread_run(binding->thread + 1, serve_events, (void *)binding));
    return (int)sample_both_serve(&methods, NULL, binding);
}
