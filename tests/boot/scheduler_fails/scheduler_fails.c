/* SPDX-License-Identifier: MIT */
/*
 * One scheduler crashes: what its vector holds is played, and init starts it again. One stalls: its
 * vector goes on in a circle, and the others on that core with it, until init is asked to start it
 * again. One writes anything into the pages that the kernel reads and writes meanwhile, slots of
 * hours among it: whatever that does to its own core, the others go on, and when it is started
 * again so does that one. A good scheduler answers all the time.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"
#include "watch.h"

enum { PAUSE_MICROSECONDS = 5000, LOOKS_MAX = 4000, BAD_MICROSECONDS = 300000 };

static struct scheduler_client scheduler;
static struct supervisor_client supervisor;

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits);
}

/* Wait until a component has got some ten slots more, by whoever says so. */
static void goes_on(const char *name)
{
    uint64_t enough = watch_ticks(name) + 10 * ticks_from_microseconds(1000);
    for (int i = 0; watch_ticks(name) < enough; i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
}

static void answers(void)
{
    struct scheduler_state_results results = {0};
    EXPECT(scheduler_state(&scheduler, &results), EXO_STATUS_OK);
    goes_on("beside_0");
}

/* How often a component was started again, and whether it runs. */
static uint32_t restarts(const char *name)
{
    struct supervisor_list_params params = {0};
    struct supervisor_list_results results = {0};
    EXPECT(supervisor_list(&supervisor, &params, &results), EXO_STATUS_OK);
    for (uint32_t i = 0; i < supervisor_component_list_count(results.components); i++) {
        struct supervisor_component_reader component =
            supervisor_component_list_at(results.components, i);
        struct capnp_text text;
        supervisor_component_get_name(component, &text);
        if (text_is(text.bytes, text.length, name))
            return supervisor_component_get_state(component) == SUPERVISOR_STATE_RUNNING
                       ? supervisor_component_get_restarts(component)
                       : 0;
    }
    CHECK(!"it is in the list");
    return 0;
}

static void start_again(const char *name)
{
    struct supervisor_restart_params params = {.name = {name, (uint32_t)strlen(name)}};
    struct supervisor_restart_results results = {0};
    CHECK(restarts(name) == 0);
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE && restarts(name) == 1);
}

int component_main(void)
{
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (int i = 0; restarts("crashes") == 0; i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    goes_on("beside_crash");
    answers();
    goes_on("beside_stall");
    goes_on("stalls"); /* it does nothing, with all that it gets */
    start_again("stalls");
    goes_on("beside_stall");
    pause(BAD_MICROSECONDS);
    answers();
    start_again("rewrites");
    goes_on("beside_rewrite");
    goes_on("beside_rewrite_2");
    answers();
    goes_on("beside_crash");
    CHECK(restarts("crashes") == 1);
    print("scheduler_fails: three bad schedulers were started again, and nothing else stopped\n");
    return 0;
}
