/* SPDX-License-Identifier: MIT */
/*
 * disk_check: a client of a disk that tries everything: requests in several ranges, and all that
 * must be refused. It writes on the disk. See README.md for the two roles.
 */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "text.h"
#include "ticks.h"

enum {
    PAGES = 32,
    PINS_TRIED = 64, /* more than any driver keeps */
    SCATTER_FIRST = 8, SCATTER_BLOCKS = 7,
    EXTENT_FIRST = 40, EXTENT_BLOCKS = 4,
    NARROW_FIRST = 100, NARROW_BLOCKS = 10,
    SIGNATURE = 0xa5,
    LOOK_MICROSECONDS = 2000,
};

static struct block_disk disk;
static uint8_t *memory;      /* what is pinned */
static uint32_t memory_slot;
static uint64_t size;        /* of a block */
static uint64_t blocks;

/* ---- helpers ---- */

static uint32_t own_memory(uint64_t offset, uint64_t pages, uint64_t rights)
{
    uint32_t slot = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, pages, rights, 0),
           EXO_STATUS_OK);
    return slot;
}

static struct block_answer read_from(uint64_t first, struct block_range range)
{
    struct block_answer answer;
    EXPECT(block_disk_read(&disk, first, &range, 1, &answer), EXO_STATUS_OK);
    return answer;
}

static struct block_answer write_to(uint64_t first, struct block_range range)
{
    struct block_answer answer;
    EXPECT(block_disk_write(&disk, first, &range, 1, &answer), EXO_STATUS_OK);
    return answer;
}

static bool failed(struct block_answer answer, enum block_failure failure, uint64_t block)
{
    return answer.failure == failure && answer.block == block;
}

/* A read or write of one range, by an object: another pin, another extent. */
static struct block_answer at_object(struct block_ref at, bool is_write, uint32_t pin,
                                     uint64_t first, struct block_range range)
{
    struct block_range_builder_list list;
    struct block_answer answer;
    if (is_write) {
        struct block_write_params_builder params;
        struct block_write_results results = {0};
        EXPECT(block_write_begin_at(at, &params), EXO_STATUS_OK);
        block_write_params_set_pin(params, pin);
        block_write_params_set_first(params, first);
        CHECK(block_write_params_init_ranges(params, 1, &list) == CAPNP_OK);
        block_range_set_offset(block_range_builder_list_at(list, 0), range.offset);
        block_range_set_length(block_range_builder_list_at(list, 0), range.length);
        EXPECT(block_write_finish_at(at, &results), EXO_STATUS_OK);
        answer = (struct block_answer){results.failure, results.block};
    } else {
        struct block_read_params_builder params;
        struct block_read_results results = {0};
        EXPECT(block_read_begin_at(at, &params), EXO_STATUS_OK);
        block_read_params_set_pin(params, pin);
        block_read_params_set_first(params, first);
        CHECK(block_read_params_init_ranges(params, 1, &list) == CAPNP_OK);
        block_range_set_offset(block_range_builder_list_at(list, 0), range.offset);
        block_range_set_length(block_range_builder_list_at(list, 0), range.length);
        EXPECT(block_read_finish_at(at, &results), EXO_STATUS_OK);
        answer = (struct block_answer){results.failure, results.block};
    }
    return answer;
}

static struct block_ref whole_disk(void)
{
    return (struct block_ref){&disk.client.rpc, {.kind = CHANNEL_TARGET_SELF}};
}

static bool bytes_are(const uint8_t *bytes, uint8_t value, uint64_t length)
{
    for (uint64_t i = 0; i < length; i++)
        if (bytes[i] != value)
            return false;
    return true;
}

/* ---- what must work ---- */

/* Seven blocks out of three ranges, and back into two others. */
static void check_scatter(void)
{
    const struct block_range out[] = {{2 * size, 3 * size}, {0, size}, {9 * size, 3 * size}};
    const struct block_range in[] = {{20 * size, 2 * size}, {14 * size, 5 * size}};
    struct block_answer answer;
    for (uint64_t i = 0; i < PAGES * CHILD_PAGE_BYTES; i++)
        memory[i] = (uint8_t)(i / size * 3 + i);
    EXPECT(block_disk_write(&disk, SCATTER_FIRST, out, 3, &answer), EXO_STATUS_OK);
    CHECK(failed(answer, BLOCK_FAILURE_NONE, 0));
    memset(memory + 14 * size, 0, 8 * size);
    EXPECT(block_disk_read(&disk, SCATTER_FIRST, in, 2, &answer), EXO_STATUS_OK);
    CHECK(failed(answer, BLOCK_FAILURE_NONE, 0));
    CHECK(memcmp(memory + 20 * size, memory + 2 * size, 2 * size) == 0);
    CHECK(memcmp(memory + 14 * size, memory + 4 * size, size) == 0);
    CHECK(memcmp(memory + 15 * size, memory, size) == 0);
    CHECK(memcmp(memory + 16 * size, memory + 9 * size, 3 * size) == 0);
    CHECK(bytes_are(memory + 19 * size, 0, size)); /* between the ranges */
    EXPECT(block_disk_flush(&disk, &answer), EXO_STATUS_OK);
    CHECK(failed(answer, BLOCK_FAILURE_NONE, 0));
}

/* The last block, and the largest request with the most ranges. */
static void check_ends(void)
{
    struct block_range ranges[BLOCK_RANGES_MAX];
    struct block_answer answer;
    uint32_t count = disk.geometry.ranges_max;
    CHECK(count > 0 && count <= BLOCK_RANGES_MAX);
    memset(memory, 0x77, size);
    CHECK(failed(write_to(blocks - 1, (struct block_range){0, size}), BLOCK_FAILURE_NONE, 0));
    memset(memory, 0, size);
    CHECK(failed(read_from(blocks - 1, (struct block_range){0, size}), BLOCK_FAILURE_NONE, 0));
    CHECK(bytes_are(memory, 0x77, size));
    for (uint32_t i = 0; i < count; i++)
        ranges[i] = (struct block_range){0, size};
    if (count <= blocks) {
        EXPECT(block_disk_read(&disk, 0, ranges, count, &answer), EXO_STATUS_OK);
        CHECK(failed(answer, BLOCK_FAILURE_NONE, 0));
    }
}

/* ---- what must be refused ---- */

static void check_bounds(void)
{
    const struct block_range one = {0, size}, two = {0, 2 * size};
    const uint64_t pin_bytes = PAGES * CHILD_PAGE_BYTES;
    const struct block_range bad[] = {
        {0, 0}, {1, size}, {0, size - 1}, {pin_bytes, size}, {pin_bytes - size, 2 * size},
        {UINT64_MAX - size + 1, size}, {size, UINT64_MAX - size + 1}, {0, pin_bytes + size},
    };
    struct block_range many[BLOCK_RANGES_MAX + 1];
    struct block_answer answer;
    CHECK(failed(read_from(blocks, one), BLOCK_FAILURE_OUT_OF_RANGE, blocks));
    CHECK(failed(write_to(blocks, one), BLOCK_FAILURE_OUT_OF_RANGE, blocks));
    CHECK(failed(write_to(blocks - 1, two), BLOCK_FAILURE_OUT_OF_RANGE, blocks));
    CHECK(failed(read_from(UINT64_MAX, two), BLOCK_FAILURE_OUT_OF_RANGE, UINT64_MAX));
    CHECK(failed(read_from(UINT64_MAX / size, one), BLOCK_FAILURE_OUT_OF_RANGE,
                 UINT64_MAX / size));
    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(failed(read_from(0, bad[i]), BLOCK_FAILURE_BAD_RANGE, 0));
        CHECK(failed(write_to(0, bad[i]), BLOCK_FAILURE_BAD_RANGE, 0));
    }
    EXPECT(block_disk_read(&disk, 0, bad, 0, &answer), EXO_STATUS_OK); /* no range */
    CHECK(failed(answer, BLOCK_FAILURE_BAD_RANGE, 0));
    for (uint32_t i = 0; i <= BLOCK_RANGES_MAX; i++)
        many[i] = one;
    EXPECT(block_disk_read(&disk, 0, many, disk.geometry.ranges_max + 1, &answer), EXO_STATUS_OK);
    CHECK(failed(answer, BLOCK_FAILURE_TOO_LARGE, 0));
}

/* Pin a Memory, or what is none. */
static enum block_failure try_pin(uint32_t slot, uint32_t *pin)
{
    struct block_pin_params params = {.memory = slot};
    struct block_pin_results results = {0};
    EXPECT(block_pin(&disk.client, &params, &results), EXO_STATUS_OK);
    *pin = results.pin;
    return results.failure;
}

static void check_pins(void)
{
    const struct block_range one = {0, size}, beyond = {CHILD_PAGE_BYTES, size};
    uint32_t pin, read_only = scenario_slots(1);
    CHECK(try_pin(EXO_NONE, &pin) == BLOCK_FAILURE_BAD_PIN && pin == EXO_NONE);
    CHECK(try_pin(CHILD_SLOT_WAKE, &pin) == BLOCK_FAILURE_BAD_PIN && pin == EXO_NONE);
    CHECK(try_pin(disk.pin, &pin) == BLOCK_FAILURE_BAD_PIN && pin == EXO_NONE);
    /* No object, an object that is not there, and nothing at all in the place of a pin. */
    CHECK(failed(at_object(whole_disk(), false, 0, 0, one), BLOCK_FAILURE_BAD_PIN, 0));
    CHECK(failed(at_object(whole_disk(), true, RPC_OBJECT + 60, 0, one), BLOCK_FAILURE_BAD_PIN, 0));
    CHECK(failed(at_object(whole_disk(), true, EXO_NONE, 3, one), BLOCK_FAILURE_BAD_PIN, 3));
    /* What is only to be read can be written to the disk, if the disk has it at all. */
    EXPECT(exo_capability_derive(memory_slot, EXO_SELF, read_only, 0, 1, EXO_RIGHT_READ, 0),
           EXO_STATUS_OK);
    if (try_pin(read_only, &pin) != BLOCK_FAILURE_NONE)
        return;
    CHECK(failed(at_object(whole_disk(), false, pin, 1, one), BLOCK_FAILURE_BAD_PIN, 1));
    CHECK(failed(at_object(whole_disk(), true, pin, 1, one), BLOCK_FAILURE_NONE, 0));
    CHECK(failed(at_object(whole_disk(), true, pin, 1, beyond), BLOCK_FAILURE_BAD_RANGE, 1));
    block_pin_ref_release(block_pin_ref_of(&disk.client.rpc, pin));
    CHECK(failed(at_object(whole_disk(), true, pin, 1, one), BLOCK_FAILURE_BAD_PIN, 1));
}

/* As many pins as a client's share, whatever the others have; afterwards all are free again. */
static void check_pins_many(void)
{
    uint32_t pins[PINS_TRIED], first_count = 0;
    for (int round = 0; round < 3; round++) {
        uint32_t count = 0;
        for (; count < PINS_TRIED; count++) {
            struct block_pin_params params = {.memory = memory_slot};
            struct block_pin_results results = {0};
            enum exo_status status = block_pin(&disk.client, &params, &results);
            if (status == EXO_STATUS_FULL)
                break;
            EXPECT(status, EXO_STATUS_OK);
            if (results.failure != BLOCK_FAILURE_NONE)
                break;
            pins[count] = results.pin;
        }
        CHECK(count > 0 && count < PINS_TRIED);
        CHECK(round == 0 || count == first_count);
        first_count = count;
        while (count-- > 0)
            block_pin_ref_release(block_pin_ref_of(&disk.client.rpc, pins[count]));
    }
}

/* Memory that is taken back while it is pinned: either the disk does not reach it any more, or it
 * is pinned for a device, and cannot be taken back before that is over. */
static void check_revoke(void)
{
    const struct block_range one = {0, size};
    uint32_t pin;
    uint64_t offset;
    CHECK(pages_take(1, &offset) != NULL);
    uint32_t slot = own_memory(offset, 1, READ_WRITE);
    CHECK(try_pin(slot, &pin) == BLOCK_FAILURE_NONE);
    CHECK(failed(at_object(whole_disk(), true, pin, 0, one), BLOCK_FAILURE_NONE, 0));
    enum exo_status status = exo_capability_revoke(slot, 0);
    CHECK(status == EXO_STATUS_OK || status == EXO_STATUS_BUSY);
    enum block_failure wanted = status == EXO_STATUS_OK ? BLOCK_FAILURE_BAD_PIN
                                                        : BLOCK_FAILURE_NONE;
    CHECK(at_object(whole_disk(), false, pin, 0, one).failure == wanted);
    block_pin_ref_release(block_pin_ref_of(&disk.client.rpc, pin));
    EXPECT(block_disk_flush(&disk, &(struct block_answer){0}), EXO_STATUS_OK);
    EXPECT(exo_capability_revoke(slot, 0), EXO_STATUS_OK);
}

static struct block_ref extent(struct block_ref of, uint64_t first, uint64_t count, bool read_only)
{
    struct block_extent_params params = {.first = first, .count = count, .read_only = read_only};
    struct block_extent_results results = {0};
    EXPECT(block_extent_at(of, &params, &results), EXO_STATUS_OK);
    CHECK(results.failure == BLOCK_FAILURE_NONE && results.block != EXO_NONE);
    return block_ref_of(&disk.client.rpc, results.block);
}

static void refuse_extent(struct block_ref of, uint64_t first, uint64_t count)
{
    struct block_extent_params params = {.first = first, .count = count};
    struct block_extent_results results = {0};
    EXPECT(block_extent_at(of, &params, &results), EXO_STATUS_OK);
    CHECK(results.failure == BLOCK_FAILURE_OUT_OF_RANGE && results.block == EXO_NONE);
}

/* An extent has its blocks and nothing else, and so have extents of it. */
static void check_extents(void)
{
    const struct block_range one = {0, size}, two = {0, 2 * size};
    struct block_geometry_results geometry = {0};
    struct block_ref four = extent(whole_disk(), EXTENT_FIRST, EXTENT_BLOCKS, false);
    struct block_ref last = extent(four, EXTENT_BLOCKS - 1, 1, true);
    EXPECT(block_geometry_at(four, &geometry), EXO_STATUS_OK);
    CHECK(geometry.blocks == EXTENT_BLOCKS && geometry.writable);
    EXPECT(block_geometry_at(last, &geometry), EXO_STATUS_OK);
    CHECK(geometry.blocks == 1 && !geometry.writable);
    memset(memory, 0x31, size);
    CHECK(failed(at_object(four, true, disk.pin, EXTENT_BLOCKS - 1, one), BLOCK_FAILURE_NONE, 0));
    memset(memory, 0, size);
    CHECK(failed(at_object(last, false, disk.pin, 0, one), BLOCK_FAILURE_NONE, 0));
    CHECK(bytes_are(memory, 0x31, size));
    CHECK(failed(read_from(EXTENT_FIRST + EXTENT_BLOCKS - 1, one), BLOCK_FAILURE_NONE, 0));
    CHECK(bytes_are(memory, 0x31, size));
    CHECK(failed(at_object(four, true, disk.pin, EXTENT_BLOCKS, one), BLOCK_FAILURE_OUT_OF_RANGE,
                 EXTENT_BLOCKS));
    CHECK(failed(at_object(four, false, disk.pin, EXTENT_BLOCKS - 1, two),
                 BLOCK_FAILURE_OUT_OF_RANGE, EXTENT_BLOCKS));
    /* Back before the extent's own first block, by an overflow. */
    CHECK(failed(at_object(four, false, disk.pin, UINT64_MAX, one), BLOCK_FAILURE_OUT_OF_RANGE,
                 UINT64_MAX));
    CHECK(failed(at_object(last, true, disk.pin, 0, one), BLOCK_FAILURE_READ_ONLY, 0));
    refuse_extent(four, 0, EXTENT_BLOCKS + 1);
    refuse_extent(four, EXTENT_BLOCKS, 1);
    refuse_extent(four, 1, UINT64_MAX);
    refuse_extent(four, UINT64_MAX, 2);
    refuse_extent(whole_disk(), 0, 0);
    refuse_extent(whole_disk(), 0, blocks + 1);
    /* An extent is no pin. */
    CHECK(failed(at_object(four, false, last.target.object, 0, one), BLOCK_FAILURE_BAD_PIN, 0));
    CHECK(failed(at_object(four, false, last.target.object | RPC_OBJECT, 0, one),
                 BLOCK_FAILURE_BAD_PIN, 0));
    block_ref_release(last);
    block_ref_release(four);
}

static void check_discard(void)
{
    struct block_discard_params beyond = {.first = blocks - 1, .count = 2};
    struct block_discard_params some = {.first = 2, .count = 2};
    struct block_discard_results results = {0};
    EXPECT(block_discard(&disk.client, &beyond, &results), EXO_STATUS_OK);
    CHECK(results.failure == (disk.geometry.discards ? BLOCK_FAILURE_OUT_OF_RANGE
                                                     : BLOCK_FAILURE_UNSUPPORTED));
    EXPECT(block_discard(&disk.client, &some, &results), EXO_STATUS_OK);
    CHECK(results.failure == (disk.geometry.discards ? BLOCK_FAILURE_NONE
                                                     : BLOCK_FAILURE_UNSUPPORTED));
}

/* ---- the two roles ---- */

/* Fill the whole extent that the composition gives. */
static void play_narrow(void)
{
    CHECK(blocks == NARROW_BLOCKS);
    check_bounds();
    memset(memory, SIGNATURE, NARROW_BLOCKS * size);
    CHECK(failed(write_to(0, (struct block_range){0, NARROW_BLOCKS * size}), BLOCK_FAILURE_NONE,
                 0));
}

/* Wait until the other one has filled its extent, and see that it did not go beyond. */
static void look_at_narrow(void)
{
    const struct block_range around = {0, (NARROW_BLOCKS + 2) * size};
    uint64_t bits;
    do {
        exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(LOOK_MICROSECONDS), &bits);
        CHECK(failed(read_from(NARROW_FIRST - 1, around), BLOCK_FAILURE_NONE, 0));
    } while (memory[NARROW_BLOCKS * size] != SIGNATURE);
    CHECK(bytes_are(memory, 0, size));
    CHECK(bytes_are(memory + size, SIGNATURE, NARROW_BLOCKS * size));
    CHECK(bytes_are(memory + (NARROW_BLOCKS + 1) * size, 0, size));
}

int component_main(void)
{
    uint64_t offset;
    memory = pages_take(PAGES, &offset);
    CHECK(memory != NULL);
    memory_slot = own_memory(offset, PAGES, READ_WRITE);
    EXPECT(block_disk_open(&disk, binding_import("block"), memory_slot), EXO_STATUS_OK);
    size = disk.geometry.block_bytes;
    blocks = disk.geometry.blocks;
    CHECK(size >= BLOCK_BYTES_MIN && size * 32 <= PAGES * CHILD_PAGE_BYTES);
    if (startup_number("narrow", 0) != 0) {
        play_narrow();
        return 0;
    }
    CHECK(blocks > 2 * NARROW_FIRST && disk.geometry.writable);
    check_scatter();
    check_ends();
    check_bounds();
    check_pins();
    check_pins_many();
    check_revoke();
    check_extents();
    check_discard();
    look_at_narrow();
    print("%s: %lu blocks of %lu bytes, and no way beyond\n", startup_name(), blocks, size);
    return 0;
}
