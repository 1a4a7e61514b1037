/* SPDX-License-Identifier: MIT */
/*
 * One scheduler crashes: what its vector holds is played, and init starts it again; then it spends
 * all that its account has, which is no stall. One stalls on init's own core, first in a loop and
 * then in a wait without end: its vector goes on in a circle, and the others on that core with it,
 * until init sees that and starts it again; in its third life it only plays the same vector for
 * ever, which is no stall either. One writes anything into the pages that the kernel reads and
 * writes meanwhile, slots of hours among it: whatever that does to its own core, the others go on,
 * and when init is asked to start it again so does that one. A good scheduler answers all the time.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"
#include "watch.h"

enum { PAUSE_MICROSECONDS = 5000, LOOKS_MAX = 4000, BAD_MICROSECONDS = 300000 };
/* For init to find a stall, were there one: three times what it waits for. */
enum { SLOTS_ENOUGH = 3072, CORES_LOOKED_AT = 3 };

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
    goes_on("beside_good");
}

/* Wait until a component was started again so often, and runs. */
static void is_started(const char *name, uint32_t times)
{
    for (int i = 0; watch_restarts(name) < times; i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    CHECK(watch_restarts(name) == times);
}

/* Slots that a core has begun. */
static uint64_t slots(uint32_t core)
{
    uint64_t count = 0, unused;
    EXPECT(exo_kernel_counters(EXO_COUNTER_CONTEXT_SWITCHES | (core + UINT64_C(1)) << 32, &count,
                               &unused, &unused, &unused, &unused, &unused), EXO_STATUS_OK);
    return count;
}

/* The good one, the one without credit, and the one that never promised anything are no stall. */
static void nobody_stalls(void)
{
    uint64_t enough[CORES_LOOKED_AT];
    for (int i = 0; !watch_is_dry("crashes"); i++) {
        CHECK(i < LOOKS_MAX);
        pause(PAUSE_MICROSECONDS);
    }
    for (uint32_t core = 0; core < CORES_LOOKED_AT; core++)
        enough[core] = slots(core) + SLOTS_ENOUGH;
    for (uint32_t core = 0; core < CORES_LOOKED_AT; core++)
        for (int i = 0; slots(core) < enough[core]; i++) {
            CHECK(i < LOOKS_MAX);
            pause(PAUSE_MICROSECONDS);
        }
    CHECK(watch_restarts("scheduler") == 0);
    CHECK(watch_restarts("crashes") == 1 && watch_restarts("stalls") == 2);
}

static void start_again(const char *name)
{
    struct supervisor_restart_params params = {.name = {name, (uint32_t)strlen(name)}};
    struct supervisor_restart_results results = {0};
    CHECK(watch_restarts(name) == 0);
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE && watch_restarts(name) == 1);
}

int component_main(void)
{
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    is_started("crashes", 1);
    goes_on("beside_crash");
    answers();
    goes_on("beside_stall");
    is_started("stalls", 2);
    goes_on("beside_stall");
    pause(BAD_MICROSECONDS);
    answers();
    start_again("rewrites");
    goes_on("beside_rewrite");
    goes_on("beside_rewrite_2");
    answers();
    goes_on("beside_crash");
    nobody_stalls();
    print("scheduler_fails: three bad schedulers were started again, and nothing else stopped\n");
    return 0;
}
