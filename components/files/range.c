/* SPDX-License-Identifier: MIT */
/* range: the methods of advisory locks. */
#include "serving.h"

/* What a request means; the lock ends with the open file that it is asked of. */
static enum node_result read_range(const struct rpc_call *call, struct files_open *open,
                                   struct file_range_reader range, struct files_lock *lock)
{
    uint64_t start = file_range_get_start(range), length = file_range_get_length(range);
    enum file_lock_kind kind = file_range_get_kind(range);
    uint32_t needed = kind == FILE_LOCK_KIND_SHARED      ? FILE_MODE_READ
                      : kind == FILE_LOCK_KIND_EXCLUSIVE ? FILE_MODE_WRITE
                                                         : UINT32_MAX;
    if (kind > FILE_LOCK_KIND_NONE || start > INT64_MAX ||
        (length > 0 && length - 1 > INT64_MAX - start))
        return NODE_RESULT_INVALID;
    if (open->node.kind != NODE_KIND_FILE)
        return NODE_RESULT_WRONG_KIND;
    *lock = (struct files_lock){
        .node = open->node.handle, .client = (uint32_t)call->badge,
        .owner = file_range_get_owner(range), .process = file_range_get_process(range),
        .start = start, .last = length == 0 ? INT64_MAX : start + length - 1,
        .open = open, .kind = (enum files_lock_kind)kind,
    };
    return open->how & needed ? NODE_RESULT_DONE : NODE_RESULT_NOT_OPEN;
}

static enum exo_status handle_lock(struct rpc_call *call,
                                   const struct file_service_lock_params *params,
                                   struct file_service_lock_results *results)
{
    struct files_open *open = serving_enter(call);
    struct files_lock lock;
    results->result = read_range(call, open, params->range, &lock);
    if (results->result == NODE_RESULT_DONE)
        results->result =
            files_locks_set(&serving.locks, &lock, params->wait, &results->ticket);
    serving_leave();
    return EXO_STATUS_OK;
}

static void write_range(struct file_range_builder range, const struct files_lock *lock)
{
    file_range_set_kind(range, lock ? (enum file_lock_kind)lock->kind : FILE_LOCK_KIND_NONE);
    if (!lock)
        return;
    file_range_set_start(range, lock->start);
    file_range_set_length(range, lock->last == INT64_MAX ? 0 : lock->last - lock->start + 1);
    file_range_set_process(range, lock->process);
}

static enum exo_status handle_conflict(struct rpc_call *call,
                                       const struct file_service_conflict_params *params,
                                       struct file_service_conflict_results *results)
{
    struct files_open *open = serving_enter(call);
    struct file_service_conflict_results_builder reply;
    struct file_range_builder range;
    struct files_lock lock;
    enum node_result result = read_range(call, open, params->range, &lock);
    (void)results;
    if (result == NODE_RESULT_NOT_OPEN)
        result = NODE_RESULT_DONE; /* it is only asked */
    file_service_conflict_reply(call, &reply);
    file_service_conflict_results_set_result(reply, result);
    if (result == NODE_RESULT_DONE &&
        file_service_conflict_results_init_range(reply, &range) == CAPNP_OK)
        write_range(range, files_locks_conflict(&serving.locks, &lock));
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_locked(struct rpc_call *call,
                                     const struct file_service_locked_params *params,
                                     struct file_service_locked_results *results)
{
    serving_enter(call);
    results->result =
        files_locks_waits(&serving.locks, (uint32_t)call->badge, params->ticket)
            ? NODE_RESULT_WOULD_BLOCK : NODE_RESULT_DONE;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_cancel(struct rpc_call *call,
                                     const struct file_service_cancel_params *params,
                                     struct file_service_cancel_results *results)
{
    serving_enter(call);
    results->result =
        files_locks_cancel(&serving.locks, (uint32_t)call->badge, params->ticket);
    serving_leave();
    return EXO_STATUS_OK;
}

void serving_add_ranges(struct file_service_methods *methods)
{
    methods->lock = handle_lock;
    methods->conflict = handle_conflict;
    methods->locked = handle_locked;
    methods->cancel = handle_cancel;
}
