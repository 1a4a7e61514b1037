/* SPDX-License-Identifier: MIT */
/* Leaves the server at work, and comes back. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client client;
    static volatile uintptr_t nowhere = 8;
    uint32_t question;
    uint64_t bits;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    /* The server's Thread for the rings is there, or the portal would serve this question. */
    while (channel_peer_attention(&client.rpc.channel) == CHANNEL_ATTENTION_ABSENT)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(1000), &bits);
    if (startup_generation() == 0) {
        EXPECT(worker_block_send(&client, &question), EXO_STATUS_OK);
        EXPECT(worker_client_flush(&client), EXO_STATUS_OK);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(100000), &bits);
        *(volatile uint64_t *)nowhere = 0;
    }
    enum exo_status status = worker_open(&client);
    print("status %u\n", (unsigned)status);
    print("meet_former: was answered\n");
    static struct supervisor_client supervisor;
    struct supervisor_end_params success = {0};
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    supervisor_end(&supervisor, &success);
    return 0;
}
