/* SPDX-License-Identifier: MIT */
/*
 * Two components that would use all of the core get as much time as each other, until a client of
 * the scheduler gives one of them eight slots of a round: then that one gets more than three times
 * as much. A share that cannot be is refused, with the reason, and changes nothing.
 */
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "scheduler.capnp.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum { EQUAL = 0, FAVOURED = 1 }; /* channels of the relay */
enum { SHARE = 8, CALLS = 40000 };
#define SHARE_TOO_MUCH (INT64_C(1) << 47) /* the sum would overflow */
enum { ROUNDS_MAX = 4000, PAUSE_MICROSECONDS = 5000 };

static struct relay_client relay;

/* How many calls each of the two has made. */
static void look(uint64_t calls[2])
{
    struct relay_ticks_results results = {0};
    EXPECT(relay_ticks(&relay, &results), EXO_STATUS_OK);
    calls[0] = capnp_list_uint64(results.counts, EQUAL);
    calls[1] = capnp_list_uint64(results.counts, FAVOURED);
}

/*
 * Wait until the two have made so many calls, and answer how many each has. Calls and not time: a
 * machine that stands still for a while takes a slot from one of them, not more.
 */
static void run(uint64_t ran[2])
{
    uint64_t before[2], bits;
    look(before);
    for (int i = 0; i < ROUNDS_MAX; i++) {
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
        look(ran);
        ran[0] -= before[0];
        ran[1] -= before[1];
        if (ran[0] + ran[1] >= CALLS)
            return;
    }
    CHECK(!"both of them run");
}

/* The place of a component in the list. */
static uint32_t position_of(struct supervisor_client *client, const char *wanted)
{
    struct supervisor_list_params params = {0};
    struct supervisor_list_results results = {0};
    EXPECT(supervisor_list(client, &params, &results), EXO_STATUS_OK);
    for (uint32_t i = 0; i < supervisor_component_list_count(results.components); i++) {
        struct capnp_text name;
        supervisor_component_get_name(supervisor_component_list_at(results.components, i), &name);
        if (text_is(name.bytes, name.length, wanted))
            return i;
    }
    CHECK(!"it is in the list");
    return 0;
}

/* The index of the favoured one's thread in the core's table. */
static uint32_t find_thread(struct supervisor_client *client)
{
    struct supervisor_threads_params params = {0};
    struct supervisor_threads_results results = {0};
    uint32_t position = position_of(client, "favoured");
    do {
        EXPECT(supervisor_threads(client, &params, &results), EXO_STATUS_OK);
        for (uint32_t i = 0; i < supervisor_thread_list_count(results.threads); i++) {
            struct supervisor_thread_reader thread = supervisor_thread_list_at(results.threads, i);
            if (supervisor_thread_get_component(thread) == position)
                return supervisor_thread_get_index(thread);
        }
        params.from = results.next;
    } while (results.next != 0);
    CHECK(!"it has a thread");
    return 0;
}

static enum scheduler_result set_share(struct scheduler_client *client, uint32_t index,
                                       int64_t share)
{
    struct scheduler_set_share_params params = {.index = index, .share = share};
    struct scheduler_set_share_results results = {0};
    EXPECT(scheduler_set_share(client, &params, &results), EXO_STATUS_OK);
    CHECK(results.reason.length > 0);
    return results.result;
}

static uint64_t slots_of_round(struct scheduler_client *client)
{
    struct scheduler_state_results results = {0};
    EXPECT(scheduler_state(client, &results), EXO_STATUS_OK);
    return results.slots;
}

int component_main(void)
{
    static struct supervisor_client supervisor;
    static struct scheduler_client scheduler;
    uint64_t ran[2];
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    run(ran);
    CHECK(ran[0] < 2 * ran[1] && ran[1] < 2 * ran[0]);
    uint32_t index = find_thread(&supervisor);
    uint64_t slots = slots_of_round(&scheduler);
    CHECK(set_share(&scheduler, index, 0) == SCHEDULER_RESULT_WEIGHT_ZERO);
    CHECK(set_share(&scheduler, index, -1) == SCHEDULER_RESULT_WEIGHT_NEGATIVE);
    CHECK(set_share(&scheduler, index, SHARE_TOO_MUCH) == SCHEDULER_RESULT_WEIGHT_OVERFLOW);
    CHECK(set_share(&scheduler, UINT32_MAX, 1) == SCHEDULER_RESULT_UNKNOWN);
    CHECK(slots_of_round(&scheduler) == slots);
    CHECK(set_share(&scheduler, index, SHARE) == SCHEDULER_RESULT_DONE);
    CHECK(slots_of_round(&scheduler) == slots + SHARE - 1);
    run(ran);
    CHECK(ran[1] > 3 * ran[0]);
    CHECK(set_share(&scheduler, index, 1) == SCHEDULER_RESULT_DONE);
    CHECK(slots_of_round(&scheduler) == slots);
    print("share_change: the same for both, then more than three times as much for one\n");
    return 0;
}
