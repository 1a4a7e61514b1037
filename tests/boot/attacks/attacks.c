/* SPDX-License-Identifier: MIT */
/*
 * One component after the other attacks, while we do the same piece of work again and again, which
 * has nothing to do with any of them. It must take no more of our own slots than beside a component
 * that just uses the time that it is due, and be done no later: one twentieth is allowed. Ticks are
 * instructions here, so the comparison is exact.
 */
#include "kernel_stubs.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"
#include "watch.h"

enum {
    WORK = 20000000,
    SETTLE_MICROSECONDS = 3000,
    QUIET_MICROSECONDS = 200000, /* in which a server has done what nobody waits for any more */
    PERCENT_MAX = 105,
    BESIDE_PERCENT_MIN = 90,
};

/* What the work took: time, ticks of our slots, and of those of the component beside us; and how
 * often somebody has entered the kernel. */
struct cost { uint64_t elapsed, consumed, beside, entries; };

/* The attacks: how often they enter the kernel at least in that time; whether they take all the
 * time that they are due; and whether slots of two are due, since a server goes on in its own with
 * what nobody waits for any more. */
static const struct { const char *name; uint64_t entries; bool busy, pair; } attacks[] = {
    {"flooder", 50000, true, false}, {"burner", 1000, false, true},
    {"forker", 5000, true, false},   {"ringer", 50000, true, false},
    {"filler", 10000, true, false},  {"mapper", 500, true, false},
    {"leaver", 100, true, false},    {"napper", 1000, false, false},
    {"alarmer", 10000, true, false},
};
enum { ATTACKS = sizeof attacks / sizeof *attacks };

static struct supervisor_client supervisor;

static struct capnp_text text_of(const char *name)
{
    return (struct capnp_text){name, (uint32_t)strlen(name)};
}

static void stop(const char *name)
{
    struct supervisor_stop_params params = {.name = text_of(name)};
    struct supervisor_stop_results results = {0};
    EXPECT(supervisor_stop(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

static void restart(const char *name)
{
    struct supervisor_restart_params params = {.name = text_of(name)};
    struct supervisor_restart_results results = {0};
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
}

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits);
}

/* What our slots took up to now: we go on at the begin of one. */
static uint64_t consumed(void)
{
    uint64_t kind, rights, ticks, count, low, high;
    pause(SETTLE_MICROSECONDS);
    EXPECT(exo_capability_info(EXO_SELF, CHILD_SLOT_THREAD, &kind, &rights, &ticks, &count, &low,
                               &high), EXO_STATUS_OK);
    return ticks;
}

static uint64_t entries(void)
{
    uint64_t value[6];
    EXPECT(exo_kernel_counters(EXO_COUNTER_KERNEL_ENTRIES, &value[0], &value[1], &value[2],
                               &value[3], &value[4], &value[5]), EXO_STATUS_OK);
    return value[0];
}

static struct cost work(void)
{
    struct cost cost = {.consumed = consumed(), .entries = entries()};
    uint64_t begin = ticks_now();
    for (uint64_t i = 0; i < WORK; i++)
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    cost.elapsed = ticks_now() - begin;
    cost.entries = entries() - cost.entries;
    cost.consumed = consumed() - cost.consumed;
    return cost;
}

static struct cost beside(const char *name)
{
    restart(name);
    uint64_t ticks = watch_ticks(name);
    struct cost cost = work();
    cost.beside = watch_ticks(name) - ticks;
    stop(name);
    pause(QUIET_MICROSECONDS);
    return cost;
}

static void check(uint32_t attack, struct cost fair)
{
    const char *name = attacks[attack].name;
    struct cost cost = beside(name);
    print("attacks: %s: %lu of 1000 ticks of our own slots, %lu of the time, %lu entries\n", name,
          cost.consumed * 1000 / fair.consumed, cost.elapsed * 1000 / fair.elapsed, cost.entries);
    CHECK(cost.consumed * 100 <= fair.consumed * PERCENT_MAX);
    CHECK(cost.elapsed * 100 <= fair.elapsed * PERCENT_MAX);
    CHECK(cost.entries >= attacks[attack].entries);
    if (attacks[attack].busy) /* whoever took the time has it on his bill */
        CHECK(cost.beside >= (cost.elapsed - cost.consumed) / 100 * BESIDE_PERCENT_MIN);
}

int component_main(void)
{
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    stop("spinner");
    stop("pair");
    for (uint32_t i = 0; i < ATTACKS; i++)
        stop(attacks[i].name);
    pause(QUIET_MICROSECONDS);
    struct cost alone = work(), fair = beside("spinner"), pair = beside("pair");
    print("attacks: alone %lu, beside one %lu, beside two %lu\n", alone.elapsed, fair.elapsed,
          pair.elapsed);
    CHECK(fair.elapsed > alone.elapsed * 3 / 2 && pair.elapsed > fair.elapsed * 5 / 4);
    for (uint32_t i = 0; i < ATTACKS; i++)
        check(i, attacks[i].pair ? pair : fair);
    print("attacks: none of them delayed our work by more than one twentieth\n");
    return 0;
}
