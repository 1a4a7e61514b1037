/* SPDX-License-Identifier: MIT */
/* file: what is done with the bytes of an open file. */
#include "bulk.h"
#include "serving.h"

/* Is a node open for this, and does it have bytes. */
static enum node_result may_use(struct files_open *open, uint32_t how)
{
    serving_refresh(open);
    return !(open->how & how)                ? NODE_RESULT_NOT_OPEN
           : open->node.kind != NODE_KIND_FILE ? NODE_RESULT_WRONG_KIND
                                             : NODE_RESULT_DONE;
}

/* How many bytes there are to read from an offset on, of so many that are wanted. */
static uint64_t bytes_at(const struct files_open *open, uint64_t offset, uint64_t wanted)
{
    uint64_t left = offset < open->node.size ? open->node.size - offset : 0;
    return left < wanted ? left : wanted;
}

/* Read bytes that are there; the position moves if it was asked for. */
static enum node_result read_bytes(struct files_open *open, uint64_t offset, uint8_t *to,
                                   uint64_t length, bool moves)
{
    size_t got = 0;
    enum node_result result =
        serving.core->read(serving.state, &open->node, offset, to, length, &got);
    if (result == NODE_RESULT_DONE && got < length)
        return NODE_RESULT_DEVICE_ERROR;
    if (result == NODE_RESULT_DONE && moves)
        open->position += got;
    return result;
}

static enum exo_status handle_read(struct rpc_call *call,
                                   const struct file_service_read_params *params,
                                   struct file_service_read_results *results)
{
    struct file_service_read_results_builder reply;
    struct files_open *open = serving_enter(call);
    bool moves = params->offset == FILE_POSITION;
    enum node_result result = may_use(open, FILE_MODE_READ);
    uint64_t offset = moves ? open->position : params->offset, length = 0;
    uint8_t *to;
    (void)results;
    file_service_read_reply(call, &reply);
    uint64_t room = (uint64_t)(call->builder.word_max - call->builder.word_count) * 8;
    if (result == NODE_RESULT_DONE)
        length = bytes_at(open, offset, params->length < room ? params->length : room);
    if (length > 0 &&
        file_service_read_results_init_data(reply, (uint32_t)length, &to) == CAPNP_OK)
        result = read_bytes(open, offset, to, length, moves);
    file_service_read_results_set_result(reply, result);
    serving_leave();
    return EXO_STATUS_OK;
}

/* Find what a Buffer names in the pool of the caller's channel, which the caller may change at any
 * time. */
static enum exo_status find_buffer(const struct rpc_call *call, struct bulk_buffer_reader buffer,
                                   uint8_t **bytes, uint64_t *length)
{
    const struct channel_place *place = &call->server->binding->places[(uint32_t)call->badge];
    uint8_t *pool = channel_pool(place);
    struct bulk_view view;
    enum exo_status status = bulk_buffer(buffer, pool, place->pool_bytes, &view);
    if (status == EXO_STATUS_OK) {
        *bytes = pool + (view.bytes - pool);
        *length = view.length < FILE_BYTES_MAX ? view.length : FILE_BYTES_MAX;
    }
    return status;
}

static enum exo_status handle_read_into(struct rpc_call *call,
                                        const struct file_service_read_into_params *params,
                                        struct file_service_read_into_results *results)
{
    uint8_t *to;
    uint64_t length;
    enum exo_status status = find_buffer(call, params->buffer, &to, &length);
    if (status != EXO_STATUS_OK)
        return status;
    struct files_open *open = serving_enter(call);
    bool moves = params->offset == FILE_POSITION;
    uint64_t offset = moves ? open->position : params->offset;
    results->result = may_use(open, FILE_MODE_READ);
    length = results->result == NODE_RESULT_DONE ? bytes_at(open, offset, length) : 0;
    if (length > 0)
        results->result = read_bytes(open, offset, to, length, moves);
    results->length = results->result == NODE_RESULT_DONE ? length : 0;
    serving_leave();
    return EXO_STATUS_OK;
}

/* Who writes to a file takes away the rights that it lends (POSIX.1-2024, write). */
static void drop_rights(struct files_open *open)
{
    uint16_t lent = open->node.mode & (NODE_MODE_SET_USER | NODE_MODE_SET_GROUP);
    if (lent != 0 && serving_who(open)->user != FILES_SUPERUSER && serving.core->change) {
        const struct files_change change = {.which = FILES_MODE,
                                            .mode = open->node.mode & (uint16_t)~lent};
        serving.core->change(serving.state, &open->node, &change);
    }
}

static enum node_result write_bytes(struct files_open *open, uint64_t offset, const uint8_t *bytes,
                                    uint64_t length, size_t *got, uint64_t *end)
{
    enum node_result result = may_use(open, FILE_MODE_WRITE);
    bool moves = offset == FILE_POSITION;
    offset = open->how & FILE_MODE_APPEND ? open->node.size : moves ? open->position : offset;
    *got = 0;
    if (result == NODE_RESULT_DONE) {
        drop_rights(open);
        result = serving.core->write(serving.state, &open->node, offset, bytes, length, got);
    }
    *end = offset + *got;
    if (result == NODE_RESULT_DONE && moves)
        open->position = *end;
    return result;
}

static enum exo_status handle_write(struct rpc_call *call,
                                    const struct file_service_write_params *params,
                                    struct file_service_write_results *results)
{
    size_t got;
    struct files_open *open = serving_enter(call);
    results->result = write_bytes(open, params->offset, params->data.bytes, params->data.length,
                                  &got, &results->end);
    results->length = (uint32_t)got;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_write_from(struct rpc_call *call,
                                         const struct file_service_write_from_params *params,
                                         struct file_service_write_from_results *results)
{
    uint8_t *from;
    uint64_t length;
    size_t got;
    enum exo_status status = find_buffer(call, params->buffer, &from, &length);
    if (status != EXO_STATUS_OK)
        return status;
    struct files_open *open = serving_enter(call);
    results->result = write_bytes(open, params->offset, from, length, &got, &results->end);
    results->length = got;
    serving_leave();
    return EXO_STATUS_OK;
}

/* Where a seek begins to count. */
static enum node_result seek_base(const struct files_open *open, enum file_from from,
                                  uint64_t offset, uint64_t *base)
{
    *base = 0;
    switch (from) {
    case FILE_FROM_START: return NODE_RESULT_DONE;
    case FILE_FROM_POSITION: *base = open->position; return NODE_RESULT_DONE;
    case FILE_FROM_END: *base = open->node.size; return NODE_RESULT_DONE;
    case FILE_FROM_DATA:
    case FILE_FROM_HOLE:
        if (!serving.core->seek)
            return NODE_RESULT_UNSUPPORTED;
        *base = offset;
        enum node_result result = serving.core->seek(serving.state, &open->node,
                                                     from == FILE_FROM_HOLE, base);
        *base -= offset; /* the offset is added again */
        return result;
    default: return NODE_RESULT_INVALID;
    }
}

static enum exo_status handle_seek(struct rpc_call *call,
                                   const struct file_service_seek_params *params,
                                   struct file_service_seek_results *results)
{
    struct files_open *open = serving_enter(call);
    uint64_t base, to;
    enum node_result result = may_use(open, UINT32_MAX);
    if (result == NODE_RESULT_DONE)
        result = seek_base(open, params->from, (uint64_t)params->offset, &base);
    if (result == NODE_RESULT_DONE) {
        to = base + (uint64_t)params->offset; /* below 2^63 is one, and any sum that is not wrong */
        if (base > INT64_MAX || to > INT64_MAX)
            result = NODE_RESULT_INVALID;
        else
            open->position = results->position = to;
    }
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_truncate(struct rpc_call *call,
                                       const struct file_service_truncate_params *params,
                                       struct file_service_truncate_results *results)
{
    struct files_open *open = serving_enter(call);
    enum node_result result = may_use(open, FILE_MODE_WRITE);
    if (result == NODE_RESULT_DONE)
        result = serving_may_change(serving.core->truncate != NULL);
    if (result == NODE_RESULT_DONE) {
        drop_rights(open);
        result = serving.core->truncate(serving.state, &open->node, params->size);
    }
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_allocate(struct rpc_call *call,
                                       const struct file_service_allocate_params *params,
                                       struct file_service_allocate_results *results)
{
    struct files_open *open = serving_enter(call);
    enum node_result result = may_use(open, FILE_MODE_WRITE);
    if (result == NODE_RESULT_DONE)
        result = serving_may_change(serving.core->allocate != NULL);
    if (result == NODE_RESULT_DONE)
        result = serving.core->allocate(serving.state, &open->node, params->flags, params->offset,
                                        params->length);
    results->result = result;
    serving_leave();
    return EXO_STATUS_OK;
}

enum { CHANGEABLE = FILE_MODE_APPEND | FILE_MODE_SYNC | FILE_MODE_DATA_SYNC |
                    FILE_MODE_NO_ACCESS_TIME };

static enum exo_status handle_mode(struct rpc_call *call, struct file_service_mode_results *results)
{
    const struct files_open *open = serving_enter(call);
    results->mode = open->how;
    serving_leave();
    return EXO_STATUS_OK;
}

static enum exo_status handle_set_mode(struct rpc_call *call,
                                       const struct file_service_set_mode_params *params,
                                       struct file_service_set_mode_results *results)
{
    struct files_open *open = serving_enter(call);
    open->how = (open->how & ~(uint32_t)CHANGEABLE) | (params->mode & CHANGEABLE);
    results->result = NODE_RESULT_DONE;
    serving_leave();
    return EXO_STATUS_OK;
}

/* Bytes of a file are always there. */
static enum exo_status handle_ready(struct rpc_call *call,
                                    struct file_service_ready_results *results)
{
    (void)call;
    results->ready = FILE_READY_READ | FILE_READY_WRITE;
    return EXO_STATUS_OK;
}

void serving_add_files(struct file_service_methods *methods)
{
    methods->read = handle_read;
    methods->write = handle_write;
    methods->read_into = handle_read_into;
    methods->write_from = handle_write_from;
    methods->seek = handle_seek;
    methods->truncate = handle_truncate;
    methods->allocate = handle_allocate;
    methods->mode = handle_mode;
    methods->set_mode = handle_set_mode;
    methods->ready = handle_ready;
}
