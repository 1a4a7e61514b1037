/* SPDX-License-Identifier: MIT */
#include "block_disk.h"

enum { RESTARTS_MAX = 16 }; /* that one request outlives */

static enum exo_status pin_memory(struct block_disk *disk)
{
    struct block_pin_params params = {.memory = disk->memory};
    struct block_pin_results results = {0};
    enum exo_status status = block_pin(&disk->client, &params, &results);
    if (status != EXO_STATUS_OK)
        return status;
    disk->pin = results.pin;
    return results.failure == BLOCK_FAILURE_NONE ? EXO_STATUS_OK : EXO_STATUS_DENIED;
}

/* The geometry is idempotent, so its stub waits until the driver is there. */
static enum exo_status begin(struct block_disk *disk)
{
    enum exo_status status = block_geometry(&disk->client, &disk->geometry);
    return status == EXO_STATUS_OK ? pin_memory(disk) : status;
}

/* The driver ended, and may do so again while this begins anew. */
static enum exo_status come_back(struct block_disk *disk)
{
    enum exo_status status = EXO_STATUS_DISCONNECTED;
    for (uint32_t i = 0; status == EXO_STATUS_DISCONNECTED && i < RESTARTS_MAX; i++) {
        disk->restarts++;
        status = begin(disk);
    }
    return status;
}

enum exo_status block_disk_open(struct block_disk *disk, const struct binding *binding,
                                uint32_t memory)
{
    disk->memory = memory;
    disk->restarts = 0;
    enum exo_status status = block_client_open(&disk->client, binding);
    if (status == EXO_STATUS_OK)
        status = begin(disk);
    return status == EXO_STATUS_DISCONNECTED ? come_back(disk) : status;
}

static void set_ranges(struct block_range_builder_list list, const struct block_range *ranges,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct block_range_builder range = block_range_builder_list_at(list, i);
        block_range_set_offset(range, ranges[i].offset);
        block_range_set_length(range, ranges[i].length);
    }
}

static enum exo_status try_read(struct block_disk *disk, uint64_t first,
                                const struct block_range *ranges, uint32_t count,
                                struct block_answer *answer)
{
    struct block_read_params_builder params;
    struct block_range_builder_list list;
    struct block_read_results results = {0};
    enum exo_status status = block_read_begin(&disk->client, &params);
    if (status != EXO_STATUS_OK)
        return status;
    block_read_params_set_pin(params, disk->pin);
    block_read_params_set_first(params, first);
    if (block_read_params_init_ranges(params, count, &list) == CAPNP_OK)
        set_ranges(list, ranges, count);
    status = block_read_finish(&disk->client, &results);
    *answer = (struct block_answer){results.failure, results.block};
    return status;
}

static enum exo_status try_write(struct block_disk *disk, uint64_t first,
                                 const struct block_range *ranges, uint32_t count,
                                 struct block_answer *answer)
{
    struct block_write_params_builder params;
    struct block_range_builder_list list;
    struct block_write_results results = {0};
    enum exo_status status = block_write_begin(&disk->client, &params);
    if (status != EXO_STATUS_OK)
        return status;
    block_write_params_set_pin(params, disk->pin);
    block_write_params_set_first(params, first);
    if (block_write_params_init_ranges(params, count, &list) == CAPNP_OK)
        set_ranges(list, ranges, count);
    status = block_write_finish(&disk->client, &results);
    *answer = (struct block_answer){results.failure, results.block};
    return status;
}

typedef enum exo_status attempt(struct block_disk *disk, uint64_t first,
                                const struct block_range *ranges, uint32_t count,
                                struct block_answer *answer);

static enum exo_status request(attempt *make, struct block_disk *disk, uint64_t first,
                               const struct block_range *ranges, uint32_t count,
                               struct block_answer *answer)
{
    enum exo_status status = make(disk, first, ranges, count, answer);
    for (uint32_t i = 0; status == EXO_STATUS_DISCONNECTED && i < RESTARTS_MAX; i++) {
        status = come_back(disk);
        if (status == EXO_STATUS_OK)
            status = make(disk, first, ranges, count, answer);
    }
    return status;
}

enum exo_status block_disk_read(struct block_disk *disk, uint64_t first,
                                const struct block_range *ranges, uint32_t count,
                                struct block_answer *answer)
{
    return request(try_read, disk, first, ranges, count, answer);
}

enum exo_status block_disk_write(struct block_disk *disk, uint64_t first,
                                 const struct block_range *ranges, uint32_t count,
                                 struct block_answer *answer)
{
    return request(try_write, disk, first, ranges, count, answer);
}

static enum exo_status try_flush(struct block_disk *disk, uint64_t first,
                                 const struct block_range *ranges, uint32_t count,
                                 struct block_answer *answer)
{
    struct block_flush_results results = {0};
    (void)first, (void)ranges, (void)count;
    enum exo_status status = block_flush(&disk->client, &results);
    *answer = (struct block_answer){results.failure, 0};
    return status;
}

enum exo_status block_disk_flush(struct block_disk *disk, struct block_answer *answer)
{
    return request(try_flush, disk, 0, NULL, 0, answer);
}
