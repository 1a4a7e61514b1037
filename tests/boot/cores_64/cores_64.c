/* SPDX-License-Identifier: MIT */
/* Waits until all hands have ended, each with success and in slots of its own core. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { HANDS = 16, LOOKS_MAX = 20000, PAUSE_MICROSECONDS = 5000 };

static struct supervisor_client supervisor;

/* How many components have ended. */
static uint32_t ended(void)
{
    uint32_t count = 0, from = 0;
    struct supervisor_list_results results = {0};
    do {
        struct supervisor_list_params params = {.from = from};
        EXPECT(supervisor_list(&supervisor, &params, &results), EXO_STATUS_OK);
        uint32_t listed = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < listed; i++) {
            struct supervisor_component_reader component =
                supervisor_component_list_at(results.components, i);
            enum supervisor_state state = supervisor_component_get_state(component);
            CHECK(state != SUPERVISOR_STATE_CRASHED);
            if (state != SUPERVISOR_STATE_ENDED)
                continue;
            CHECK(supervisor_component_get_status(component) == 0);
            count++;
        }
        from += listed;
    } while (from < results.count);
    CHECK(results.count == HANDS + 2);
    return count;
}

int component_main(void)
{
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (int look = 0; ended() < HANDS; look++) {
        uint64_t bits;
        CHECK(look < LOOKS_MAX);
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    print("cores_64: 64 cores run, and on %u of them components slept\n", HANDS);
    return 0;
}
