/* SPDX-License-Identifier: MIT */
#include "scheduler.h"

#include "boot.capnp.h"
#include "kernel_names.h"
#include "kernel_stubs.h"
#include "print.h"
#include "scheduler.capnp.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum { NAME_BYTES = 32, TENTHS = 10, THOUSAND = 1000 };

static struct scheduler_client scheduler;

/* Open the channel at the first use; false, with a line, without one. */
static bool open_scheduler(void)
{
    static bool is_open;
    const struct binding *binding = binding_import("scheduler");
    if (!binding) {
        print("this composition has no scheduler\n");
        return false;
    }
    enum exo_status status = is_open ? EXO_STATUS_OK : scheduler_client_open(&scheduler, binding);
    is_open = status == EXO_STATUS_OK;
    if (!is_open)
        print("no answer. %s\n", exo_status_sentences[status]);
    return is_open;
}

/* The scheduler did not answer. One that was started again does so the next time. */
static void tell(enum exo_status status)
{
    print("no answer. %s\n", exo_status_sentences[status]);
    scheduler_reconnect(&scheduler);
}

/* The name of the component at a position of the composition, ended by NUL. */
static void find_name(struct supervisor_client *supervisor, uint32_t position, char *name)
{
    struct supervisor_list_params params = {.from = position};
    struct supervisor_list_results results;
    struct capnp_text text = CAPNP_TEXT_LITERAL("(other)");
    if (position == EXO_SERVER_INIT)
        text = (struct capnp_text)CAPNP_TEXT_LITERAL("(init or other)");
    else if (supervisor_list(supervisor, &params, &results) == EXO_STATUS_OK &&
             supervisor_component_list_count(results.components) > 0)
        supervisor_component_get_name(supervisor_component_list_at(results.components, 0), &text);
    capnp_text_copy(text, name, NAME_BYTES);
}

static const char *state_of(struct scheduler_thread_reader thread)
{
    if (scheduler_thread_get_result(thread) != SCHEDULER_RESULT_DONE)
        return "beside"; /* the rule refused it */
    if (scheduler_thread_get_task(thread))
        return "task";
    return scheduler_thread_get_ready(thread) ? "ready" : "blocked";
}

/* One line; the time that the kernel counted is shown in slots. */
static void print_thread(struct scheduler_thread_reader thread, const char *name,
                         uint64_t slot_ticks)
{
    uint64_t ticks = scheduler_thread_get_ticks(thread);
    uint64_t tenths = slot_ticks > 0 ? ticks / slot_ticks * TENTHS +
                                           ticks % slot_ticks * TENTHS / slot_ticks : 0;
    int64_t lag = scheduler_thread_get_lag(thread);
    uint64_t size = lag < 0 ? -(uint64_t)lag : (uint64_t)lag;
    print("%6u %-22s %-8s %8u %12ld %10lu %8lu.%lu %5s%lu.%03lu\n",
          scheduler_thread_get_index(thread), name, state_of(thread),
          scheduler_thread_get_priority(thread), scheduler_thread_get_weight(thread),
          scheduler_thread_get_slots(thread), tenths / TENTHS, tenths % TENTHS,
          lag < 0 ? "-" : "", size / THOUSAND, size % THOUSAND);
}

/* The threads from an index on; returns the next one, or 0 at the end. */
static uint32_t print_part(struct supervisor_client *supervisor, uint32_t from,
                           uint64_t slot_ticks, enum exo_status *status)
{
    struct scheduler_list_params params = {.from = from};
    struct scheduler_list_results results = {0};
    static uint32_t last = UINT32_MAX;
    static char name[NAME_BYTES];
    *status = scheduler_list(&scheduler, &params, &results);
    if (*status != EXO_STATUS_OK)
        return 0;
    for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
        struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
        uint32_t component = scheduler_thread_get_component(thread);
        if (component != last)
            find_name(supervisor, component, name);
        last = component;
        print_thread(thread, name, slot_ticks);
    }
    return results.next > from ? results.next : 0;
}

void scheduler_show(struct supervisor_client *supervisor)
{
    struct scheduler_state_results state = {0};
    enum exo_status status;
    uint32_t next = 0;
    if (!open_scheduler())
        return;
    status = scheduler_state(&scheduler, &state);
    if (status != EXO_STATUS_OK) {
        tell(status);
        return;
    }
    print("rule %.*s, slots of %lu microseconds; %u threads, weights %lu; slot %lu, filled %lu "
          "times%s\n", (int)state.rule.length, state.rule.bytes,
          ticks_to_microseconds(state.slice_ticks), state.threads, state.slots, state.now,
          state.refills, state.idle ? ", idle" : "");
    print("%6s %-22s %-8s %8s %12s %10s %10s %10s\n", "thread", "component", "state", "priority",
          "weight", "slots", "used", "lag");
    do
        next = print_part(supervisor, next, state.slice_ticks, &status);
    while (next != 0);
    if (status != EXO_STATUS_OK)
        tell(status);
}

void scheduler_change(const char *rule)
{
    struct scheduler_use_params params = {.rule = {rule, (uint32_t)strlen(rule)}};
    struct scheduler_use_results results = {0};
    if (!open_scheduler())
        return;
    enum exo_status status = scheduler_use(&scheduler, &params, &results);
    if (status != EXO_STATUS_OK)
        tell(status);
    else if (results.result == SCHEDULER_RESULT_DONE)
        print("the scheduler uses %s\n", rule);
    else
        print("%.*s; there are round_robin, priority, beatty, edf, dag, beatty_dag\n",
              (int)results.reason.length, results.reason.bytes);
}
