/* SPDX-License-Identifier: MIT */
/*
 * Errors of the device reach the caller, with the number of the block, counted from the caller's
 * extent; what comes before that block is done. Afterwards all others work as before.
 */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "text.h"

enum { BLOCK = 512, PAGES = 4, EXTENT_FIRST = 50, BAD_READ = 77, BAD_WRITE = 150 };

static struct block_disk disk;
static uint8_t *memory;

static struct block_answer transfer(bool is_write, uint64_t first, const struct block_range *ranges,
                                    uint32_t count)
{
    struct block_answer answer;
    EXPECT(is_write ? block_disk_write(&disk, first - EXTENT_FIRST, ranges, count, &answer)
                    : block_disk_read(&disk, first - EXTENT_FIRST, ranges, count, &answer),
           EXO_STATUS_OK);
    return answer;
}

/* Transfer blocks [first, first + count) in ranges of odd sizes; it must fail at a block. */
static void must_fail(bool is_write, uint64_t first, uint64_t count, uint64_t bad)
{
    const struct block_range ranges[] = {
        {0, 3 * BLOCK}, {5 * BLOCK, BLOCK}, {8 * BLOCK, (count - 4) * BLOCK}};
    struct block_answer answer = transfer(is_write, first, ranges, 3);
    CHECK(answer.failure == BLOCK_FAILURE_DEVICE && answer.block == bad - EXTENT_FIRST);
}

/* A block in memory has the content that the test gave block `number`. */
static void fill(uint8_t *at, uint64_t number)
{
    for (uint32_t i = 0; i < BLOCK; i++)
        at[i] = (uint8_t)(number * 5 + i);
}

static bool is_filled(const uint8_t *at, uint64_t number)
{
    for (uint32_t i = 0; i < BLOCK; i++)
        if (at[i] != (uint8_t)(number * 5 + i))
            return false;
    return true;
}

int component_main(void)
{
    const struct block_range one = {0, BLOCK};
    struct block_answer answer;
    uint64_t offset;
    uint32_t slot = scenario_slots(1);
    memory = pages_take(PAGES, &offset);
    CHECK(memory != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, PAGES, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    for (uint64_t number = BAD_READ - 8; number < BAD_READ + 8; number++) {
        fill(memory, number);
        CHECK(transfer(true, number, &one, 1).failure == BLOCK_FAILURE_NONE);
    }
    for (uint64_t before = 0; before < 8; before++) {
        memset(memory, 0, PAGES * CHILD_PAGE_BYTES);
        must_fail(false, BAD_READ - before, 8, BAD_READ);
        for (uint64_t i = 0; i < before; i++) /* what was read before it is there */
            CHECK(is_filled(memory + (i < 3 ? i : i == 3 ? 5 : i + 4) * BLOCK,
                            BAD_READ - before + i));
    }
    must_fail(true, BAD_WRITE - 5, 10, BAD_WRITE);
    CHECK(transfer(false, BAD_WRITE, &one, 1).failure == BLOCK_FAILURE_NONE);
    CHECK(transfer(true, BAD_READ, &one, 1).failure == BLOCK_FAILURE_NONE);
    CHECK(transfer(false, BAD_READ - 1, &one, 1).failure == BLOCK_FAILURE_NONE);
    CHECK(is_filled(memory, BAD_READ - 1));
    EXPECT(block_disk_flush(&disk, &answer), EXO_STATUS_OK);
    CHECK(answer.failure == BLOCK_FAILURE_DEVICE);
    EXPECT(block_disk_flush(&disk, &answer), EXO_STATUS_OK);
    CHECK(answer.failure == BLOCK_FAILURE_NONE);
    print("virtio_blk_errors: each bad block was named\n");
    return 0;
}
