/* SPDX-License-Identifier: MIT */
/* Claims tasks of another component's graphs. It waits for ever, since they are not for it. */
#include "scenario.h"
#include "scheduler.capnp.h"

int component_main(void)
{
    static struct scheduler_client scheduler;
    struct scheduler_claim_params params = {0};
    struct scheduler_claim_results results = {0};
    struct scheduler_list_params from = {0};
    struct scheduler_list_results list = {0};
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    EXPECT(scheduler_list(&scheduler, &from, &list), EXO_STATUS_OK);
    for (uint32_t i = 0; i < scheduler_thread_list_count(list.threads); i++) {
        struct scheduler_thread_reader thread = scheduler_thread_list_at(list.threads, i);
        if (scheduler_thread_get_component(thread) == startup_position())
            params.index = scheduler_thread_get_index(thread);
    }
    if (scheduler_claim(&scheduler, &params, &results) == EXO_STATUS_DISCONNECTED)
        return 0; /* the others have ended */
    print("thief: it was given task %u\n", results.task);
    return 1;
}
