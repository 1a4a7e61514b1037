/* SPDX-License-Identifier: MIT */
/*
 * The disk is so slow (the file "disk") that a read is under way for long. Its driver is stopped
 * meanwhile. Before that, the memory cannot be taken back; afterwards it can, and is used for
 * something else at once: the device must not write there any more.
 */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    WORDS = 32,
    ATTEMPTS_MAX = 20,
    QUICK_READS = 3, /* so that the next one is slow */
    BEGIN_MICROSECONDS = 30000,
    LATE_MICROSECONDS = 800000,
    BEFORE = 0x11, ELSE = 0x3c,
};

static struct block_disk disk;
static struct supervisor_client supervisor;
static const struct block_range page_range = {0, CHILD_PAGE_BYTES};

/* Begin to read a page, without waiting for it. */
static void begin_read(void)
{
    uint64_t words[WORDS];
    uint32_t question;
    struct capnp_builder builder;
    struct capnp_message view;
    struct block_read_params_builder params;
    struct block_range_builder_list list;
    struct block_read_params request = {.pin = disk.pin, .first = 0};
    capnp_builder_begin(&builder, words, WORDS);
    CHECK(block_read_params_init_root(&builder, &params) == CAPNP_OK);
    CHECK(block_read_params_init_ranges(params, 1, &list) == CAPNP_OK);
    block_range_set_length(block_range_builder_list_at(list, 0), page_range.length);
    CHECK(block_read_params_get_ranges(block_read_params_as_reader(params, &view),
                                       &request.ranges) == CAPNP_OK);
    EXPECT(block_read_send(&disk.client, &request, &question), EXO_STATUS_OK);
    EXPECT(rpc_client_flush(&disk.client.rpc), EXO_STATUS_OK);
}

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits);
}

static bool page_is(const uint8_t *page, uint8_t value)
{
    for (uint32_t i = 0; i < CHILD_PAGE_BYTES; i++)
        if (((const volatile uint8_t *)page)[i] != value)
            return false;
    return true;
}

static void stop_driver(void)
{
    struct supervisor_stop_params stop = {.name = CAPNP_TEXT_LITERAL("virtio_blk")};
    struct supervisor_stop_results results = {0};
    EXPECT(supervisor_stop(&supervisor, &stop, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

int component_main(void)
{
    uint64_t offset;
    uint32_t slot = scenario_slots(1), attempts = 0;
    struct block_answer answer;
    uint8_t *page = pages_take(1, &offset);
    CHECK(page != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, 1, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    do { /* until it is under way: on a busy host the read may be done already */
        CHECK(attempts++ < ATTEMPTS_MAX);
        for (int i = 0; i < QUICK_READS; i++)
            EXPECT(block_disk_read(&disk, 0, &page_range, 1, &answer), EXO_STATUS_OK);
        memset(page, BEFORE, CHILD_PAGE_BYTES);
        begin_read();
        pause(BEGIN_MICROSECONDS);
    } while (!page_is(page, BEFORE));
    EXPECT(exo_capability_revoke(slot, 0), EXO_STATUS_BUSY);
    stop_driver();
    EXPECT(exo_capability_revoke(slot, 0), EXO_STATUS_OK);
    memset(page, ELSE, CHILD_PAGE_BYTES);
    pause(LATE_MICROSECONDS);
    CHECK(page_is(page, ELSE));
    print("virtio_blk_reset: the device let go before the memory was used again\n");
    return 0;
}
