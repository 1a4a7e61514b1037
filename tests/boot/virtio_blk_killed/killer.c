/* SPDX-License-Identifier: MIT */
/* Kills the disk's driver at ever other times, until the machine ends. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { PAUSE_MICROSECONDS = 20000, STEP_MICROSECONDS = 1700, STEPS = 7 };

int component_main(void)
{
    static struct supervisor_client client;
    struct supervisor_restart_params params = {.name = CAPNP_TEXT_LITERAL("virtio_blk")};
    EXPECT(supervisor_client_open(&client, binding_import("supervisor")), EXO_STATUS_OK);
    for (uint32_t i = 0;; i++) {
        struct supervisor_restart_results results = {0};
        uint64_t bits, pause = PAUSE_MICROSECONDS + i % STEPS * STEP_MICROSECONDS;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(pause), &bits);
        EXPECT(supervisor_restart(&client, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == SUPERVISOR_RESULT_DONE);
    }
}
