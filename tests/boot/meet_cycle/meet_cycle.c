/* SPDX-License-Identifier: MIT */
/* Calls `front`, which calls `back`, which posts to `front`. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client client;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    EXPECT(worker_open(&client), EXO_STATUS_OK);
    print("meet_cycle: came back\n");
    return 0;
}
