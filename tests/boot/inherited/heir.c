/* SPDX-License-Identifier: MIT */
/* The server: what it serves, it has from `Left`, `Right`, both of which have it from `Base`. */
#include "sample.capnp.h"
#include "startup.h"

static enum exo_status who(struct rpc_call *call, struct sample_base_who_results *results)
{
    (void)call;
    results->name = CAPNP_TEXT_LITERAL("heir");
    return EXO_STATUS_OK;
}

static enum exo_status twice(struct rpc_call *call, const struct sample_base_twice_params *params,
                             struct sample_base_twice_results *results)
{
    (void)call;
    results->value = 2 * params->value;
    return EXO_STATUS_OK;
}

static enum exo_status left(struct rpc_call *call, const struct sample_left_left_params *params,
                            struct sample_left_left_results *results)
{
    (void)call;
    results->length = params->text.length;
    return EXO_STATUS_OK;
}

static enum exo_status right(struct rpc_call *call, const struct sample_right_right_params *params)
{
    (void)call, (void)params;
    return EXO_STATUS_OK;
}

static enum exo_status both(struct rpc_call *call, const struct sample_both_both_params *params,
                            struct sample_both_both_results *results)
{
    (void)call;
    results->sum = params->value + 1;
    return EXO_STATUS_OK;
}

int component_main(void)
{
    static const struct sample_base_methods base = {.who = who, .twice = twice};
    static const struct sample_left_methods left_methods = {.left = left};
    static const struct sample_right_methods right_methods = {.right = right};
    static const struct sample_both_methods methods = {
        .both = both, .sample_base = &base, .sample_left = &left_methods,
        .sample_right = &right_methods};
    return (int)sample_both_serve(&methods, 0, binding_export("both"));
}
