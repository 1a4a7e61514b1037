/* SPDX-License-Identifier: MIT */
/* Tells the relay what the kernel has counted on this core: frames and capabilities, of which some
 * were taken here and given back elsewhere. */
#include "count_note.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

static uint64_t count(uint64_t counter)
{
    uint64_t value[6];
    EXPECT(exo_kernel_counters(counter, &value[0], &value[1], &value[2], &value[3], &value[4],
                               &value[5]), EXO_STATUS_OK);
    return value[0];
}

int component_main(void)
{
    static struct relay_client client;
    uint64_t bits;
    EXPECT(relay_client_open(&client, binding_import("relay")), EXO_STATUS_OK);
    for (uint64_t turn = 0;; turn++) {
        struct relay_note_params note = {.value = COUNT_NOTE(turn, count(EXO_COUNTER_KERNEL_FRAMES),
                                                             count(EXO_COUNTER_CAPABILITIES))};
        EXPECT(relay_note(&client, &note), EXO_STATUS_OK);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(2000), &bits);
    }
}
