/* SPDX-License-Identifier: MIT */
#include "transfer.h"

#include "text.h"

enum exo_status files_read(struct file_service_ref file, const struct channel_place *place,
                           uint64_t offset, void *buffer, uint64_t bytes, uint64_t *got,
                           enum node_result *result)
{
    uint64_t part, most = place->pool_bytes;
    *got = 0;
    *result = NODE_RESULT_DONE;
    if (most == 0)
        return EXO_STATUS_BAD_ARGUMENT;
    do {
        struct file_service_read_into_params_builder params;
        struct file_service_read_into_results results = {0};
        struct bulk_buffer_builder range;
        part = bytes - *got < most ? bytes - *got : most;
        enum exo_status status = file_service_read_into_begin_at(file, &params);
        if (status != EXO_STATUS_OK)
            return status;
        file_service_read_into_params_set_offset(params, offset + *got);
        if (file_service_read_into_params_init_buffer(params, &range) == CAPNP_OK)
            bulk_buffer_set_length(range, part);
        status = file_service_read_into_finish_at(file, &results);
        if (status != EXO_STATUS_OK)
            return status;
        *result = results.result;
        uint64_t length = results.length < part ? results.length : part; /* a server's word */
        memcpy((uint8_t *)buffer + *got, channel_pool(place), length);
        *got += length;
        if (*result != NODE_RESULT_DONE || length < part)
            break;
    } while (*got < bytes);
    return EXO_STATUS_OK;
}

enum exo_status files_write(struct file_service_ref file, const struct channel_place *place,
                            uint64_t offset, const void *buffer, uint64_t bytes, uint64_t *got,
                            enum node_result *result)
{
    uint64_t part, most = place->pool_bytes;
    *got = 0;
    *result = NODE_RESULT_DONE;
    if (most == 0)
        return EXO_STATUS_BAD_ARGUMENT;
    do {
        struct file_service_write_from_params_builder params;
        struct file_service_write_from_results results = {0};
        struct bulk_buffer_builder range;
        part = bytes - *got < most ? bytes - *got : most;
        enum exo_status status = file_service_write_from_begin_at(file, &params);
        if (status != EXO_STATUS_OK)
            return status;
        memcpy(channel_pool(place), (const uint8_t *)buffer + *got, part);
        file_service_write_from_params_set_offset(params, offset + *got);
        if (file_service_write_from_params_init_buffer(params, &range) == CAPNP_OK)
            bulk_buffer_set_length(range, part);
        status = file_service_write_from_finish_at(file, &results);
        if (status != EXO_STATUS_OK)
            return status;
        *result = results.result;
        uint64_t length = results.length < part ? results.length : part;
        *got += length;
        if (*result != NODE_RESULT_DONE || length < part)
            break;
    } while (*got < bytes);
    return EXO_STATUS_OK;
}
