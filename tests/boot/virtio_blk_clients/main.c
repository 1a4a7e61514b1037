/* SPDX-License-Identifier: MIT */
/*
 * Kills another client of the disk again and again, mostly while the device reads into its memory.
 * Each time init gets all of that memory back, as soon as the device is done with it, and starts
 * the client again in it; and the driver serves us as before.
 */
#include "block_disk.h"
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { KILLS = 12, PAUSE_MICROSECONDS = 9000, STEP_MICROSECONDS = 1300, STEPS = 5 };

int component_main(void)
{
    static struct block_disk disk;
    static struct supervisor_client supervisor;
    const struct block_range page = {0, CHILD_PAGE_BYTES};
    struct supervisor_restart_params name = {.name = CAPNP_TEXT_LITERAL("disk_reader")};
    struct block_answer answer;
    uint64_t offset, bits;
    uint32_t slot = scenario_slots(1);
    CHECK(pages_take(1, &offset) != NULL);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, offset, 1, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(block_disk_open(&disk, binding_import("block"), slot), EXO_STATUS_OK);
    for (uint32_t i = 0; i < KILLS; i++) {
        struct supervisor_restart_results results = {0};
        uint64_t pause = PAUSE_MICROSECONDS + i % STEPS * STEP_MICROSECONDS;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(pause), &bits);
        EXPECT(supervisor_restart(&supervisor, &name, &results), EXO_STATUS_OK);
        CHECK(results.result == SUPERVISOR_RESULT_DONE);
        EXPECT(block_disk_read(&disk, 0, &page, 1, &answer), EXO_STATUS_OK);
        CHECK(answer.failure == BLOCK_FAILURE_NONE);
    }
    CHECK(disk.restarts == 0);
    print("virtio_blk_clients: %d were killed, and their memory came back\n", KILLS);
    return 0;
}
