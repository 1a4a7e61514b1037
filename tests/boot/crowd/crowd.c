/* SPDX-License-Identifier: MIT */
/*
 * 10,000 threads in 1,000 domains use all time that they get, under Beatty, on four cores. After so
 * many slots that the one with the smallest weight had some 130, what the kernel played for each is
 * as its weight says, within 1 %, and so within the bound: one slot at each end of the window. In
 * slots, since a core's slots are longer while others have the host. While a list is read the slots
 * go on: so each part of it says how many there were until then.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "ticks.h"

enum {
    CORES = 4,
    FIRST = 256,
    THREADS = 2500, /* on each core */
    WEIGHT = 10,    /* as in farm.c */
    WEIGHTS = 8,
    DOMAIN_THREADS = 10,
    SLOTS = 450000, /* of each core */
    PAUSE_MICROSECONDS = 100000,
    LOOKS_MAX = 1500,
    OFF_MAX = 100,       /* of a share, in 1/10000 */
    SLOTS_OFF_MAX = 250, /* of a thread's slots, in 1/100: one at each end, and some to spare */
};

struct look {
    uint64_t played[THREADS]; /* for each thread, */
    uint64_t all[THREADS];    /* and for all until it was asked */
};

static struct scheduler_client schedulers[CORES];
static struct look before[CORES], after[CORES];

static void pause(void)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}

static struct scheduler_state_results state_of(uint32_t core)
{
    struct scheduler_state_results results = {0};
    EXPECT(scheduler_state(&schedulers[core], &results), EXO_STATUS_OK);
    return results;
}

static void look(uint32_t core, struct look *seen)
{
    struct scheduler_list_params params = {.from = FIRST};
    struct scheduler_list_results results = {0};
    uint32_t count = 0;
    do {
        EXPECT(scheduler_list(&schedulers[core], &params, &results), EXO_STATUS_OK);
        for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
            struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
            CHECK(scheduler_thread_get_index(thread) == FIRST + count && count < THREADS);
            seen->played[count] = scheduler_thread_get_played(thread);
            seen->all[count++] = results.played;
        }
        params.from = results.next;
    } while (results.next != 0);
    CHECK(count == THREADS);
}

/* Wait until all of a core's threads are there, or it has given so many slots more. */
static void wait_for_threads(uint32_t core)
{
    for (int i = 0; state_of(core).threads < THREADS; i++) {
        CHECK(i < LOOKS_MAX);
        pause();
    }
}

static void wait_for_slots(uint32_t core, uint64_t from)
{
    struct scheduler_list_params params = {.from = FIRST + THREADS};
    struct scheduler_list_results results = {0};
    for (int i = 0; results.played < from + SLOTS; i++) {
        CHECK(i < LOOKS_MAX);
        pause();
        EXPECT(scheduler_list(&schedulers[core], &params, &results), EXO_STATUS_OK);
    }
}

/* What a core gave, in the window, to its threads together, in parts of 2^32 of all its slots. */
static uint64_t parts_of(uint32_t core, uint32_t first, uint32_t count)
{
    const struct look *from = &before[core], *to = &after[core];
    uint64_t parts = 0;
    for (uint32_t i = first; i < first + count; i++)
        parts += ((to->played[i] - from->played[i]) << 32) / (to->all[i] - from->all[i]);
    return parts;
}

static uint64_t weights_of(uint32_t first, uint32_t count)
{
    uint64_t weights = 0;
    for (uint32_t i = first; i < first + count; i++)
        weights += WEIGHT + (FIRST + i) % WEIGHTS;
    return weights;
}

/* The largest error of the share of some threads together: in 1/10000 of it, and in 1/100 slot. */
struct error { uint64_t part, slot; };

static struct error largest_error(uint32_t core, uint32_t together)
{
    uint64_t weights = weights_of(0, THREADS), parts = parts_of(core, 0, THREADS);
    uint64_t slots = after[core].all[0] - before[core].all[0];
    struct error largest = {0};
    for (uint32_t i = 0; i < THREADS; i += together) {
        uint64_t part = parts_of(core, i, together);
        uint64_t due = parts * weights_of(i, together) / weights;
        uint64_t off = part > due ? part - due : due - part;
        uint64_t off_slot = (off * slots >> 16) * 100 >> 16;
        largest.part = off * 10000 / due > largest.part ? off * 10000 / due : largest.part;
        largest.slot = off_slot > largest.slot ? off_slot : largest.slot;
    }
    return largest;
}

int component_main(void)
{
    static const char *const names[CORES] = {"scheduler_0", "scheduler_1", "scheduler_2",
                                             "scheduler_3"};
    for (uint32_t i = 0; i < CORES; i++)
        EXPECT(scheduler_client_open(&schedulers[i], binding_import(names[i])), EXO_STATUS_OK);
    for (uint32_t i = 0; i < CORES; i++)
        wait_for_threads(i);
    print("crowd: all are there after %lu ms\n", ticks_to_microseconds(ticks_now()) / 1000);
    pause();
    for (uint32_t i = 0; i < CORES; i++)
        look(i, &before[i]);
    for (uint32_t i = 0; i < CORES; i++)
        wait_for_slots(i, before[i].all[THREADS - 1]);
    for (uint32_t i = 0; i < CORES; i++) {
        look(i, &after[i]);
        struct scheduler_state_results state = state_of(i);
        struct error domain = largest_error(i, DOMAIN_THREADS), thread = largest_error(i, 1);
        print("crowd: core %u: %lu slots; off by at most %lu/10000 of a domain's share, %lu of a "
              "thread's, which is %lu/100 slots; %lu times late\n", i,
              after[i].all[0] - before[i].all[0], domain.part, thread.part,
              thread.slot, state.late);
        CHECK(thread.part <= OFF_MAX && thread.slot <= SLOTS_OFF_MAX);
    }
    print("crowd: each of 10000 threads in 1000 domains had its share, within 1 %%\n");
    return 0;
}
