/* SPDX-License-Identifier: MIT */
#include "block_bytes.h"

#include "kernel_names.h"
#include "kernel_stubs.h"
#include "print.h"
#include "startup.h"
#include "text.h"

static int failure(uint64_t block)
{
    return block < INT32_MAX ? (int)block + 1 : INT32_MAX;
}

int block_bytes_read(void *context, uint64_t offset, void *buffer, size_t count)
{
    struct block_bytes *bytes = context;
    uint64_t block_bytes = bytes->disk.geometry.block_bytes;
    uint8_t *to = buffer;
    while (count > 0) {
        struct block_answer answer;
        uint64_t first = offset / block_bytes, skip = offset % block_bytes;
        uint64_t wanted = (skip + count + block_bytes - 1) / block_bytes * block_bytes;
        struct block_range range = {
            .offset = 0,
            .length = wanted < bytes->buffer_bytes ? wanted : bytes->buffer_bytes,
        };
        if (block_disk_read(&bytes->disk, first, &range, 1, &answer) != EXO_STATUS_OK)
            return failure(first);
        if (answer.failure != BLOCK_FAILURE_NONE)
            return failure(answer.block);
        uint64_t part = range.length - skip < count ? range.length - skip : count;
        memcpy(to, bytes->buffer + skip, part);
        to += part;
        offset += part;
        count -= part;
    }
    return 0;
}

/* A buffer of whole blocks, and a capability of it alone. */
static enum exo_status take_buffer(struct block_bytes *bytes, uint64_t pages, uint32_t *slot)
{
    uint64_t frame;
    bytes->buffer = pages_take(pages, &frame);
    *slot = slots_take(slots_own(), 1);
    if (!bytes->buffer || *slot == SLOTS_NONE)
        return EXO_STATUS_FULL;
    return exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, *slot, frame, pages,
                                 EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0);
}

enum exo_status block_bytes_open(struct block_bytes *bytes, const struct binding *binding,
                                 uint64_t pages)
{
    uint32_t slot;
    enum exo_status status = take_buffer(bytes, pages, &slot);
    if (status == EXO_STATUS_OK)
        status = block_disk_open(&bytes->disk, binding, slot);
    if (status != EXO_STATUS_OK)
        return status;
    /* Checked, since the disk is another component's word. */
    const struct block_geometry_results *is = &bytes->disk.geometry;
    uint64_t most = pages * CHILD_PAGE_BYTES;
    most = most < is->bytes_max ? most : is->bytes_max;
    if (is->block_bytes == 0 || is->block_bytes > most ||
        is->blocks > UINT64_MAX / is->block_bytes)
        return EXO_STATUS_BAD_ARGUMENT;
    bytes->buffer_bytes = most / is->block_bytes * is->block_bytes;
    bytes->bytes = is->blocks * is->block_bytes;
    return EXO_STATUS_OK;
}

bool block_bytes_import(struct block_bytes *bytes, uint64_t pages)
{
    const struct binding *binding = binding_import("block");
    enum exo_status status =
        binding ? block_bytes_open(bytes, binding, pages) : EXO_STATUS_BAD_ARGUMENT;
    if (status != EXO_STATUS_OK)
        print("%s: the disk cannot be used. %s\n", startup_name(), exo_status_sentences[status]);
    return status == EXO_STATUS_OK;
}
