/* SPDX-License-Identifier: MIT */
/*
 * The main thread wakes a second one of this component, the Thread of an export that nobody calls,
 * and both note how many slots the core has begun. Under `priority` and `edf` the second one is the
 * most urgent of all, so it is to run at once: behind a slot of the scheduler's, which decides
 * that. Under `beatty` it waits for its turn, and the scheduler looks no more often for it.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "text.h"

enum {
    WAKES = 100,
    APART = 7,        /* slots between two of them: no whole group of the vector, */
    APART_EDF = 47,   /* and no more than the budget is for */
    DELAY_MAX = 2,    /* the scheduler's slot, and its own */
    SETTLE = 200,     /* slots */
    PRIORITY_FIRST = 1, PRIORITY_MAIN = 2,
    BUDGET = 4, PERIOD = 40,
};

#define BIT_WAKE (UINT64_C(1) << 60)

static struct scheduler_client scheduler;
static uint64_t woken_at; /* written by the main thread before it wakes the other */
static uint64_t ran_at;   /* and by the other when it runs; 0: not yet */

/* Slots that the core has begun. */
static uint64_t slots(void)
{
    uint64_t count = 0, unused;
    EXPECT(exo_kernel_counters(EXO_COUNTER_CONTEXT_SWITCHES, &count, &unused, &unused, &unused,
                               &unused, &unused), EXO_STATUS_OK);
    return count;
}

static void sleeper(void *unused)
{
    (void)unused;
    for (;;) {
        uint64_t bits;
        exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
        __atomic_store_n(&ran_at, slots(), __ATOMIC_RELEASE);
    }
}

static void let_pass(uint64_t count)
{
    for (uint64_t end = slots() + count; slots() < end;)
        ;
}

/* --- The scheduler --------------------------------------------------------------------------- */

static void use(const char *rule)
{
    struct scheduler_use_params params = {.rule = {rule, (uint32_t)strlen(rule)}};
    struct scheduler_use_results results = {0};
    EXPECT(scheduler_use(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

static void set(uint32_t index, struct scheduler_terms_plain plain)
{
    struct scheduler_set_terms_params_builder params;
    struct scheduler_terms_builder terms;
    struct scheduler_set_terms_results results = {0};
    EXPECT(scheduler_set_terms_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_set_terms_params_set_index(params, index);
    CHECK(scheduler_set_terms_params_init_terms(params, &terms) == CAPNP_OK);
    scheduler_terms_set_weight(terms, 1);
    scheduler_terms_set_priority(terms, plain.priority);
    scheduler_terms_set_budget(terms, plain.budget);
    scheduler_terms_set_period(terms, plain.period);
    EXPECT(scheduler_set_terms_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.result == SCHEDULER_RESULT_DONE);
}

static uint64_t looks(void)
{
    struct scheduler_state_results results = {0};
    EXPECT(scheduler_state(&scheduler, &results), EXO_STATUS_OK);
    return results.refills;
}

/* Our two threads, the main one first. */
static void find(uint32_t index[2])
{
    struct scheduler_list_params params = {0};
    struct scheduler_list_results results = {0};
    uint32_t found = 0;
    EXPECT(scheduler_list(&scheduler, &params, &results), EXO_STATUS_OK);
    for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
        struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
        if (scheduler_thread_get_component(thread) == startup_position() && found < 2)
            index[found++] = scheduler_thread_get_index(thread);
    }
    CHECK(found == 2);
}

/* --- Waking ---------------------------------------------------------------------------------- */

/* Wake it again and again; returns the longest that it took, in slots. */
static uint64_t wake(const char *rule, uint32_t apart)
{
    uint64_t most = 0, sum = 0, before = looks();
    for (uint32_t i = 0; i < WAKES; i++) {
        let_pass(apart);
        __atomic_store_n(&ran_at, 0, __ATOMIC_RELAXED);
        woken_at = slots();
        exo_event_signal(CHILD_SLOT_WAKE);
        while (__atomic_load_n(&ran_at, __ATOMIC_ACQUIRE) == 0)
            ;
        uint64_t delay = ran_at - woken_at;
        most = delay > most ? delay : most;
        sum += delay;
    }
    print("wake_delay: %s: %lu slots for %u wake-ups, at most %lu; %lu looks of the scheduler\n",
          rule, sum, WAKES, most, looks() - before);
    return most;
}

int component_main(void)
{
    uint32_t index[2] = {0};
    uint64_t before;
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    CHECK(thread_run(binding_export("relay")->thread + 1, sleeper, NULL));
    find(index);
    set(index[0], (struct scheduler_terms_plain){.priority = PRIORITY_MAIN});
    set(index[1], (struct scheduler_terms_plain){
                      .priority = PRIORITY_FIRST, .budget = BUDGET, .period = PERIOD});
    use("priority");
    let_pass(SETTLE);
    CHECK(wake("priority", APART) <= DELAY_MAX);
    use("edf");
    let_pass(SETTLE);
    CHECK(wake("edf", APART_EDF) <= DELAY_MAX);
    use("beatty");
    let_pass(SETTLE);
    before = looks();
    wake("beatty", APART);
    CHECK(looks() - before < WAKES * 9 / 10); /* it does not look for each of them */
    print("wake_delay: who woke was next under two rules, and the third was not disturbed\n");
    return 0;
}
