/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads, and knows of each block which version it must have, while the disk's driver is
 * killed again and again. Requests are slow here (the file "disk"), so the device has some that are
 * not done whenever it happens. Were it not reset, a late one would bring an old version into a
 * buffer that was used again; and without a new request nothing would come.
 */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "watch.h"

enum {
    BLOCKS = 48, BLOCK = 512, REQUEST_BLOCKS_MAX = 8,
    PAGES = 3, READ_PAGE = 1, GUARD_PAGE = 2, /* the first page is what is written */
    KILLS = 10,
    ROUNDS_MAX = 100000,
    GUARD = 0x5a,
    LOOK_MICROSECONDS = 2000,
};

static struct block_disk disk;
static uint8_t *memory;
static uint32_t versions[BLOCKS]; /* 0: zeros */
static uint32_t random_state = 1;

static uint32_t random_below(uint32_t bound)
{
    random_state = random_state * 1664525 + 1013904223; /* Numerical Recipes, 7.1 */
    return (random_state >> 8) % bound;
}

static uint8_t byte_of(uint32_t block, uint32_t version, uint32_t at)
{
    return version == 0 ? 0 : (uint8_t)(version * 31 + block * 7 + at);
}

static void check_answer(enum exo_status status, struct block_answer answer)
{
    EXPECT(status, EXO_STATUS_OK);
    CHECK(answer.failure == BLOCK_FAILURE_NONE);
}

static void write_some(uint32_t version)
{
    uint32_t count = 1 + random_below(REQUEST_BLOCKS_MAX), first = random_below(BLOCKS - count);
    struct block_range range = {0, (uint64_t)count * BLOCK};
    struct block_answer answer;
    for (uint32_t i = 0; i < count; i++) {
        versions[first + i] = version;
        for (uint32_t at = 0; at < BLOCK; at++)
            memory[i * BLOCK + at] = byte_of(first + i, version, at);
    }
    check_answer(block_disk_write(&disk, first, &range, 1, &answer), answer);
}

static void read_some(void)
{
    uint32_t count = 1 + random_below(REQUEST_BLOCKS_MAX), first = random_below(BLOCKS - count);
    struct block_range range = {READ_PAGE * CHILD_PAGE_BYTES, (uint64_t)count * BLOCK};
    struct block_answer answer;
    const uint8_t *bytes = memory + READ_PAGE * CHILD_PAGE_BYTES;
    check_answer(block_disk_read(&disk, first, &range, 1, &answer), answer);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t at = 0; at < BLOCK; at++)
            CHECK(bytes[i * BLOCK + at] == byte_of(first + i, versions[first + i], at));
}

int component_main(void)
{
    uint64_t offset, bits;
    uint32_t slot = scenario_slots(1), version = 0;
    struct block_answer answer;
    memory = pages_take(PAGES, &offset);
    CHECK(memory != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, PAGES, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    CHECK(disk.geometry.block_bytes == BLOCK && disk.geometry.blocks == BLOCKS);
    for (uint64_t i = 0; i < CHILD_PAGE_BYTES; i++)
        memory[GUARD_PAGE * CHILD_PAGE_BYTES + i] = GUARD;
    random_state += startup_position();
    while (disk.restarts < KILLS) {
        CHECK(version < ROUNDS_MAX);
        write_some(++version);
        read_some();
        check_answer(block_disk_flush(&disk, &answer), answer);
    }
    for (uint64_t i = 0; i < CHILD_PAGE_BYTES; i++)
        CHECK(memory[GUARD_PAGE * CHILD_PAGE_BYTES + i] == GUARD);
    const char *other = startup_setting("other", NULL);
    if (other) {
        uint32_t status;
        while (!watch_has_ended(other, &status))
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(LOOK_MICROSECONDS), &bits);
        CHECK(status == 0);
        print("disk_load: the driver ended %d times, and nothing was lost\n", KILLS);
    }
    return 0;
}
