/* SPDX-License-Identifier: MIT */
/*
 * Two components on cores of their own and this one, on a third, call a server that is at home on a
 * fourth: its handlers stand on each. All three get on. Then one of them is stopped and started
 * again from here, which takes its domain apart while it runs on another core.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { SECOND = 0, THIRD = 1, CALLS = 1000, ROUNDS_MAX = 20000, PAUSE_MICROSECONDS = 1000 };
enum { RESTARTS = 10 };

static struct relay_client relay;

/* How many calls each of the two has made. */
static void look(uint64_t calls[2])
{
    struct relay_ticks_results results = {0};
    EXPECT(relay_ticks(&relay, &results), EXO_STATUS_OK);
    calls[SECOND] = capnp_list_uint64(results.counts, SECOND);
    calls[THIRD] = capnp_list_uint64(results.counts, THIRD);
}

/* Wait until both have made so many calls more. */
static void wait_for_both(void)
{
    uint64_t before[2], now[2], bits;
    look(before);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        look(now);
        if (now[SECOND] - before[SECOND] >= CALLS && now[THIRD] - before[THIRD] >= CALLS)
            return;
    }
    CHECK(!"both get on");
}

int component_main(void)
{
    static struct supervisor_client supervisor;
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    wait_for_both();
    for (int i = 0; i < RESTARTS; i++) {
        struct supervisor_restart_params params = {

            .name = i % 2 == 0 ? CAPNP_TEXT_LITERAL("second") : CAPNP_TEXT_LITERAL("third")};
        struct supervisor_restart_results results = {0};
        EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == SUPERVISOR_RESULT_DONE);
        wait_for_both();
    }
    print("cores: calls on four cores, and ten domains taken apart on other ones\n");
    return 0;
}
