/* SPDX-License-Identifier: MIT */
/* Opened, then the server is started again, then it asks for the first time and waits. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"
#include "worker.capnp.h"

static struct worker_client client;
static struct supervisor_client supervisor;

int component_main(void)
{
    uint32_t question;
    struct supervisor_restart_params params = {.name = CAPNP_TEXT_LITERAL("worker")};
    struct supervisor_restart_results results = {0};
    struct worker_twice_params two = {.value = 2};
    struct worker_twice_results four = {0};
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    while (worker_twice(&client, &two, &four) != EXO_STATUS_OK) { /* it is starting */
        uint64_t bits;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2000), &bits);
    }
    print("late: met the second server\n");
    EXPECT(worker_block_send(&client, &question), EXO_STATUS_OK);
    EXPECT(worker_block_wait(&client, question, TICKS_NEVER), EXO_STATUS_DISCONNECTED);
    print("meet_notice: heard of it\n");
    return 0;
}
