/* SPDX-License-Identifier: MIT */
/*
 * Lets eight nurseries run, one on each core, ends and restarts some of them while they do, and
 * stops them all: then the kernel holds as many frames and capabilities as before, counted over all
 * cores. So it goes on with other random numbers.
 */
#include "count_note.h"
#include "kernel_stubs.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum { CORES = 8, RESTARTS = 6, LOOKS_MAX = 40000, SETTLED = 5, PAUSE_MICROSECONDS = 1000 };
enum { TELL = 10 }; /* seeds between two lines */
enum { FIRST_NURSERY = 0, FIRST_COUNTER = CORES }; /* channels of the relay */

static struct relay_client relay;
static struct supervisor_client supervisor;
static uint64_t state;

static uint64_t noise(uint64_t below)
{
    state = state * 6364136223846793005 + 1442695040888963407; /* Knuth's MMIX */
    return (state >> 33) % below;
}

static void pause(void)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

static uint64_t noted(uint64_t client)
{
    struct relay_noted_params params = {.client = client};
    struct relay_noted_results results = {0};
    EXPECT(relay_noted(&relay, &params, &results), EXO_STATUS_OK);
    return results.value;
}

static struct capnp_text nursery(uint64_t number)
{
    static char name[] = "nursery_0";
    name[sizeof name - 2] = (char)('0' + number);
    return (struct capnp_text){name, sizeof name - 1};
}

static void stop(uint64_t number)
{
    struct supervisor_stop_params params = {.name = nursery(number)};
    struct supervisor_stop_results results = {0};
    EXPECT(supervisor_stop(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

static void restart(uint64_t number)
{
    struct supervisor_restart_params params = {.name = nursery(number)};
    struct supervisor_restart_results results = {0};
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

/* What the kernel holds, once it has not changed while each counter has looked some times. */
static uint64_t held(void)
{
    uint64_t before = 0, turns[CORES] = {0}, looked[CORES] = {0};
    for (int look = 0; look < LOOKS_MAX; look++) {
        uint64_t frames = 0, capabilities = 0, least = SETTLED;
        for (uint64_t i = 0; i < CORES; i++) {
            uint64_t note = noted(FIRST_COUNTER + i);
            looked[i] += note >> 2 * COUNT_BITS != turns[i];
            turns[i] = note >> 2 * COUNT_BITS;
            least = looked[i] < least ? looked[i] : least;
            frames += note >> COUNT_BITS & COUNT_MASK;
            capabilities += note & COUNT_MASK;
        }
        uint64_t now = COUNT_NOTE(UINT64_C(0), frames, capabilities);
        if (now == before && least == SETTLED)
            return now;
        for (uint64_t i = 0; i < CORES && now != before; i++)
            looked[i] = 0;
        before = now;
        pause();
    }
    CHECK(!"it settles");
    return 0;
}

static uint64_t nurseries_done(void)
{
    uint64_t done = 0;
    for (uint64_t i = 0; i < CORES; i++)
        done += noted(FIRST_NURSERY + i) == 1;
    return done;
}

static void run(uint64_t seed, uint64_t before)
{
    struct relay_note_params note = {.value = seed};
    state = seed;
    EXPECT(relay_note(&relay, &note), EXO_STATUS_OK); /* the nurseries read it */
    for (uint64_t i = 0; i < CORES; i++)
        restart(i);
    for (int i = 0; i < RESTARTS; i++) {
        for (uint64_t pauses = noise(20); pauses > 0; pauses--)
            pause();
        restart(noise(CORES));
    }
    for (int look = 0; nurseries_done() < CORES; look++) {
        CHECK(look < LOOKS_MAX);
        pause();
    }
    for (uint64_t i = 0; i < CORES; i++)
        stop(i);
    CHECK(held() == before);
}

int component_main(void)
{
    uint64_t seeds = startup_number("seeds", 1);
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (uint64_t i = 0; i < CORES; i++)
        stop(i);
    uint64_t before = held();
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        run(seed, before);
        if (seed % TELL == 0)
            print("many_cores: %lu times so far\n", seed);
    }
    print("many_cores: %lu times 64 domains on 8 cores, and nothing was left behind\n", seeds);
    return 0;
}
