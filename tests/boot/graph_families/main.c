/* SPDX-License-Identifier: MIT */
/*
 * Two families of tasks that never end, of weights 1 and 3, each with a thread on each core that
 * has claimed one: of the slots of each core that they get, the first family gets a quarter. Then
 * one family loses its task on one core, which the other one gets, and nothing changes elsewhere.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "ticks.h"

enum {
    CORES = 4,
    FAMILIES = 2,
    WORKERS = CORES * FAMILIES, /* those of a core follow each other */
    SLOTS = 1000, /* of the families on each core, that are looked at */
    PAUSE_MICROSECONDS = 2000,
    WHOLE = 1000,
    OFF_MAX = 20, /* of WHOLE, by which a part may be off */
    LEAVES = 2,   /* the core on which the second family loses its task */
};

static const int64_t weights[FAMILIES] = {1, 3};
static struct scheduler_client scheduler;
static struct worker {
    struct scheduler_client scheduler;
    uint32_t index, family;
    uint64_t played;
} workers[WORKERS];
static uint32_t claimed;

static void work(void *argument)
{
    struct worker *worker = argument;
    static volatile uint64_t turns;
    struct scheduler_claim_params params = {.index = worker->index, .family = worker->family};
    struct scheduler_claim_results results = {0};
    enum exo_status status = scheduler_claim(&worker->scheduler, &params, &results);
    if (status == EXO_STATUS_OK && results.result == SCHEDULER_RESULT_DONE)
        __atomic_add_fetch(&claimed, 1, __ATOMIC_RELAXED);
    for (;;)
        turns++;
}

/* On each core the last of our threads are workers. */
static void start_workers(void)
{
    char name[] = "scheduler_0";
    struct startup_thread thread;
    const struct binding *threads = binding_export("worker");
    uint32_t first = 0, of_core[CORES] = {0};
    CHECK(threads && threads->thread_count == CORES * (1 + FAMILIES));
    for (uint32_t i = 0; startup_thread(i, &thread); i++) {
        if (thread.component != startup_position())
            continue;
        first = first == 0 ? thread.index : first;
        CHECK(thread.core < CORES && of_core[thread.core] <= FAMILIES);
        uint32_t place = of_core[thread.core]++;
        if (place == 0)
            continue;
        struct worker *worker = &workers[thread.core * FAMILIES + place - 1];
        *worker = (struct worker){.index = thread.index, .family = place - 1};
        EXPECT(scheduler_client_open(&worker->scheduler, binding_import(name)), EXO_STATUS_OK);
        name[sizeof name - 2]++;
        CHECK(thread_run(threads->thread + thread.index - first, work, worker));
    }
}

/* A task for each core. */
static void submit(uint32_t family)
{
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_submit_params_set_family(params, family);
    scheduler_submit_params_set_weight(params, weights[family]);
    CHECK(scheduler_submit_params_init_tasks(params, CORES, &tasks) == CAPNP_OK);
    for (uint32_t i = 0; i < CORES; i++)
        scheduler_task_set_thread(scheduler_task_builder_list_at(tasks, i), SCHEDULER_ANYONE);
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

/* The slots that each worker got since `played`; returns the fewest of a core. */
static uint64_t look(uint64_t slots[WORKERS])
{
    struct scheduler_list_params params = {0};
    struct scheduler_list_results results = {0};
    uint64_t fewest = UINT64_MAX;
    do {
        EXPECT(scheduler_list(&scheduler, &params, &results), EXO_STATUS_OK);
        for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
            struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
            for (uint32_t at = 0; at < WORKERS; at++)
                if (workers[at].index == scheduler_thread_get_index(thread))
                    slots[at] = scheduler_thread_get_played(thread) - workers[at].played;
        }
        params.from = results.next;
    } while (results.next != 0);
    for (uint32_t at = 0; at < WORKERS; at += FAMILIES)
        if (slots[at] + slots[at + 1] < fewest)
            fewest = slots[at] + slots[at + 1];
    return fewest;
}

/* See that on each core the first family gets its part of WHOLE. */
static void check(const uint64_t parts[CORES])
{
    uint64_t slots[WORKERS] = {0}, bits;
    look(slots);
    for (uint32_t at = 0; at < WORKERS; at++)
        workers[at].played += slots[at];
    while (look(slots) < SLOTS)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    for (uint32_t core = 0; core < CORES; core++) {
        const uint64_t *got = &slots[core * FAMILIES];
        uint64_t part = got[0] * WHOLE / (got[0] + got[1]);
        print("graph_families: core %u: %lu and %lu slots\n", core, got[0], got[1]);
        CHECK(part <= parts[core] + OFF_MAX && part + OFF_MAX >= parts[core]);
    }
}

int component_main(void)
{
    struct scheduler_finished_params params;
    struct scheduler_finished_results results = {0};
    uint64_t bits;
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    start_workers();
    for (uint32_t family = 0; family < FAMILIES; family++)
        submit(family);
    while (__atomic_load_n(&claimed, __ATOMIC_RELAXED) < WORKERS)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    check((uint64_t[CORES]){250, 250, 250, 250});
    /* Whose task has ended is a family of its own, which is to get nothing beside the others. */
    params.index = workers[LEAVES * FAMILIES + 1].index;
    EXPECT(scheduler_finished(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
    struct scheduler_remove_params removed = {.index = params.index};
    struct scheduler_remove_results removal = {0};
    EXPECT(scheduler_remove(&scheduler, &removed, &removal), EXO_STATUS_OK);
    CHECK(removal.result == SCHEDULER_RESULT_DONE);
    check((uint64_t[CORES]){250, 250, WHOLE, 250});
    print("graph_families: on each of %u cores the families got what their weights say\n", CORES);
    return 0;
}
