/* SPDX-License-Identifier: MIT */
/*
 * scheduler_round_robin: says what runs on a core. It learns the threads and their shares from the
 * supervisor, fills a slice vector in an order of rounds, and serves those who want to change a
 * share. The kernel plays the vector in a circle, so nothing is left to do while nothing changes.
 */
#include "kernel_stubs.h"
#include "rounds.h"
#include "scheduler.capnp.h"
#include "startup.h"
#include "supervisor.capnp.h"
#include "text.h"

enum {
    VECTOR_FRAMES = 3, /* the report, the vector, the time consumed by each thread */
    VECTOR_WORDS = 512,
    LENGTH_SHIFT = 16,
    FALLBACK_INDEX = 0, /* init's own thread: played when nobody else can run */
    MISSING_BINDING = 1,
    NO_THREADS = 2,
    NO_MEMORY = 3,
    REFUSED = 4,
};

static struct rounds rounds;
static uint64_t *vector;
static uint64_t slice_ticks, refills;

/* Fill the vector from its start: the kernel reads each word once, so it may go on playing. */
static void refill(void)
{
    for (uint32_t i = 0; i < VECTOR_WORDS; i++)
        __atomic_store_n(&vector[i], rounds_next(&rounds) | slice_ticks << LENGTH_SHIFT,
                         __ATOMIC_RELAXED);
    refills++;
}

static bool learn_threads(const struct binding *binding)
{
    static struct supervisor_client client;
    uint32_t next = 0;
    if (supervisor_client_open(&client, binding) != EXO_STATUS_OK)
        return false;
    do {
        struct supervisor_threads_params params = {.from = next};
        struct supervisor_threads_results results;
        if (supervisor_threads(&client, &params, &results) != EXO_STATUS_OK)
            return false;
        for (uint32_t i = 0; i < supervisor_thread_list_count(results.threads); i++) {
            struct supervisor_thread_reader thread = supervisor_thread_list_at(results.threads, i);
            uint32_t share = supervisor_thread_get_share(thread);
            if (share > 0)
                rounds_add(&rounds, supervisor_thread_get_index(thread), share);
        }
        slice_ticks = results.slice_ticks;
        next = results.next;
    } while (next != 0);
    return rounds.count > 0;
}

static enum exo_status handle_set_share(struct rpc_call *call,
                                        const struct scheduler_set_share_params *params,
                                        struct scheduler_set_share_results *results)
{
    (void)call;
    results->accepted = rounds_set(&rounds, params->index, params->share);
    if (results->accepted)
        refill();
    return EXO_STATUS_OK;
}

static enum exo_status handle_state(struct rpc_call *call, struct scheduler_state_results *results)
{
    (void)call;
    results->threads = rounds.count;
    results->slots = rounds.total;
    results->refills = refills;
    return EXO_STATUS_OK;
}

/* Wait for ever, for a composition that connects nobody. */
static void rest(void)
{
    uint64_t bits;
    for (;;)
        exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
}

int component_main(void)
{
    static const struct scheduler_methods methods = {
        .set_share = handle_set_share,
        .state = handle_state,
    };
    struct startup_device cpu;
    uint64_t offset, index;
    const struct binding *supervisor = binding_import("supervisor");
    const struct binding *binding = binding_export("scheduler");
    if (!supervisor || !startup_device("cpu", &cpu))
        return MISSING_BINDING;
    rounds_start(&rounds);
    if (!learn_threads(supervisor))
        return NO_THREADS;
    uint64_t *report = pages_take(VECTOR_FRAMES, &offset);
    if (!report)
        return NO_MEMORY;
    vector = report + VECTOR_WORDS;
    refill();
    uint32_t slot = slots_take(slots_own(), 1);
    if (exo_cpu_play(cpu.slot, CHILD_SLOT_MEMORY, offset, VECTOR_FRAMES, slot,
                     FALLBACK_INDEX | (uint64_t)EXO_NONE << 32, &index) != EXO_STATUS_OK)
        return REFUSED;
    if (binding)
        scheduler_serve(&methods, NULL, binding);
    rest();
    return 0;
}
