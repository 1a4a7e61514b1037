/* SPDX-License-Identifier: MIT */
/* Starts both again at any moment. */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"
#include "worker.capnp.h"

int component_main(void)
{
    static struct worker_client witness;
    static struct supervisor_client supervisor;
    struct worker_look_results before = {0}, now = {0};
    uint64_t bits, seed = ticks_now();
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(worker_client_open(&witness, binding_import("witness")), EXO_STATUS_OK);
    for (int i = 0; i < 300; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline((seed >> 40) % 3000), &bits);
        uint32_t which = (seed >> 33) % 4;
        struct supervisor_restart_results done = {0};
        struct supervisor_restart_params params = {
            .name = which ? CAPNP_TEXT_LITERAL("worker") : CAPNP_TEXT_LITERAL("asker")};
        EXPECT(supervisor_restart(&supervisor, &params, &done), EXO_STATUS_OK);
        CHECK(done.result == SUPERVISOR_RESULT_DONE);
        if (i % 4 != 3)
            continue;
        EXPECT(worker_look(&witness, &before), EXO_STATUS_OK);
        int looks = 0;
        do {
            exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(1000), &bits);
            EXPECT(worker_look(&witness, &now), EXO_STATUS_OK);
        } while (now.notes == before.notes && ++looks < 1500);
        if (looks == 1500) {
            print("meet_stress: stuck after %d restarts, the last of %s\n", i + 1,
                  which ? "worker" : "asker");
            static struct supervisor_list_results list;
            struct supervisor_list_params from = {0};
            EXPECT(supervisor_list(&supervisor, &from, &list), EXO_STATUS_OK);
            for (uint32_t k = 0; k < list.count; k++) {
                struct supervisor_component_reader c =
                    supervisor_component_list_at(list.components, k);
                print("  %u: state %u restarts %u calls %lu ticks %lu\n", k,
                      (unsigned)supervisor_component_get_state(c),
                      supervisor_component_get_restarts(c), supervisor_component_get_calls(c),
                      supervisor_component_get_ticks(c));
            }
            CHECK(!"gets on");
        }
    }
    print("meet_stress: got on\n");
    return 0;
}
