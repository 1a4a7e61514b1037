/* SPDX-License-Identifier: MIT */
/* missing: what the schemas have and this file server does not do: it says so. */
#include "serving.h"

#define MISSING(name)                                                                           \
    static enum exo_status name(struct rpc_call *call, const struct file_service_##name##_params \
                                *params, struct file_service_##name##_results *results)          \
    {                                                                                           \
        (void)call, (void)params;                                                               \
        results->result = NODE_RESULT_UNSUPPORTED;                                              \
        return EXO_STATUS_OK;                                                                   \
    }

MISSING(copy)
MISSING(subscribe)
MISSING(control)

static enum exo_status map(struct rpc_call *call, const struct file_service_map_params *params,
                           struct file_service_map_results *results)
{
    (void)call, (void)params;
    results->result = NODE_RESULT_UNSUPPORTED;
    results->memory = EXO_NONE;
    return EXO_STATUS_OK;
}

static enum exo_status watch(struct rpc_call *call, struct file_node_watch_results *results)
{
    (void)call;
    results->result = NODE_RESULT_UNSUPPORTED;
    results->watch = EXO_NONE;
    return EXO_STATUS_OK;
}

void serving_add_missing(struct file_service_methods *files, struct file_node_methods *nodes)
{
    files->map = map;
    files->copy = copy;
    files->subscribe = subscribe;
    files->control = control;
    nodes->watch = watch;
}
