/* SPDX-License-Identifier: MIT */
/* A client on a core of its own, whose calls the librarian's handler there serves. */
#include "scenario.h"
#include "worker.capnp.h"

enum { CALLS = 200 };

int component_main(void)
{
    static struct worker_client client;
    EXPECT(worker_client_open(&client, binding_import("worker")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CALLS; i++)
        EXPECT(worker_block(&client), EXO_STATUS_OK);
    return 0;
}
