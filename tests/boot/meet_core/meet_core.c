/* SPDX-License-Identifier: MIT */
/* Only asks by the rings. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "ticks.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client client;
    struct worker_twice_params params = {.value = 3};
    struct worker_twice_results results = {0};
    uint32_t question;
    enum exo_status status;
    uint64_t bits;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    while (channel_peer_attention(&client.rpc.channel) == CHANNEL_ATTENTION_ABSENT)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(1000), &bits);
    print("meet_core: asks\n");
    EXPECT(worker_twice_send(&client, &params, &question), EXO_STATUS_OK);
    status = worker_twice_wait(&client, question, TICKS_NEVER, &results);
    EXPECT(status, EXO_STATUS_OK);
    CHECK(results.doubled == 6);
    print("meet_core: answered\n");
    return 0;
}
