/* SPDX-License-Identifier: MIT */
/*
 * A component that is trusted with two levels may talk to a server of the low level, and passes it
 * memory at run time: what is labelled low arrives, what is labelled high is refused by the kernel,
 * though the composition allowed the connection.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"

enum { BYTES = CHILD_PAGE_BYTES };

/* A capability to one frozen frame under a label. */
static uint32_t make_memory(uint64_t level)
{
    uint64_t label[2] = {level, level};
    uint32_t slots = scenario_slots(2);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slots, scenario_frames(1), 1,
                                 READ_WRITE, (uint64_t)(uintptr_t)label), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(slots, EXO_SELF, slots + 1, 0, 1,
                                 EXO_RIGHT_READ | EXO_RIGHT_FROZEN,
                                 0), EXO_STATUS_OK);
    return slots + 1;
}

int component_main(void)
{
    static struct relay_client client;
    struct relay_sum_params params = {.bytes = BYTES};
    struct relay_sum_results results = {0};
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    params.memory = make_memory(0);
    EXPECT(relay_sum(&client, &params, &results), EXO_STATUS_OK);
    params.memory = make_memory(EXO_LABEL_TOP);
    EXPECT(relay_sum(&client, &params, &results), EXO_STATUS_DENIED);
    params.memory = make_memory(0);
    EXPECT(relay_sum(&client, &params, &results), EXO_STATUS_OK);
    print("label_refused: low arrived, high was denied by the kernel\n");
    return 0;
}
