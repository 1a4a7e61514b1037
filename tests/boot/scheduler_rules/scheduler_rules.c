/* SPDX-License-Identifier: MIT */
/*
 * Another rule is put in place while three components use all time that they get, and each gets
 * what the new rule says, by the ticks that the kernel counted: equal parts, all for the most
 * urgent one, parts by weight, reserved budgets, one task of a graph after the other, families by
 * weight. What no rule can do is refused, each with its own result, and changes nothing. Ticks are
 * instructions here.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "text.h"
#include "ticks.h"

enum {
    LOADS = 3,
    FIRST_POSITION = 2, /* of the loads in the composition */
    WINDOW_MICROSECONDS = 100000,
    SETTLE_MICROSECONDS = 20000,
    WHOLE = 1000,
    OFF_MAX = 30, /* of WHOLE, by which a part may be off; debug builds take more themselves */
    TASKS = 2,
    MOST = 100000, /* tasks, more than any graph may have, for which the channel is so large */
    MILLION = 1000000,
};

static struct scheduler_client scheduler;
static uint32_t load[LOADS]; /* indices in the core's table */

static void pause(uint64_t microseconds)
{
    uint64_t bits;
    exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(microseconds), &bits);
}

/* The loads' indices, and the ticks that they used. */
static void look(uint64_t ticks[LOADS])
{
    struct scheduler_list_params params = {0};
    struct scheduler_list_results results = {0};
    EXPECT(scheduler_list(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.next == 0);
    for (uint32_t i = 0; i < scheduler_thread_list_count(results.threads); i++) {
        struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
        uint32_t number = scheduler_thread_get_component(thread) - FIRST_POSITION;
        if (number >= LOADS)
            continue;
        load[number] = scheduler_thread_get_index(thread);
        ticks[number] = scheduler_thread_get_ticks(thread);
    }
}

/* See that of what all loads get each has its part of WHOLE. */
static void check(const char *rule, const uint64_t part[LOADS])
{
    uint64_t before[LOADS], ticks[LOADS], sum = 0;
    pause(SETTLE_MICROSECONDS);
    look(before);
    pause(WINDOW_MICROSECONDS);
    look(ticks);
    for (uint32_t i = 0; i < LOADS; i++) {
        ticks[i] -= before[i];
        sum += ticks[i];
    }
    CHECK(sum > 0);
    print("scheduler_rules: %s: of 1000 ticks %lu, %lu, %lu\n", rule, ticks[0] * WHOLE / sum,
          ticks[1] * WHOLE / sum, ticks[2] * WHOLE / sum);
    for (uint32_t i = 0; i < LOADS; i++) {
        uint64_t got = ticks[i] * WHOLE / sum;
        CHECK(got <= part[i] + OFF_MAX && got + OFF_MAX >= part[i]);
    }
}

static enum scheduler_result use(const char *rule)
{
    struct scheduler_use_params params = {.rule = {rule, (uint32_t)strlen(rule)}};
    struct scheduler_use_results results = {0};
    struct scheduler_state_results state = {0};
    EXPECT(scheduler_use(&scheduler, &params, &results), EXO_STATUS_OK);
    EXPECT(scheduler_state(&scheduler, &state), EXO_STATUS_OK);
    CHECK(text_is(state.rule.bytes, state.rule.length, rule) ==
          (results.result == SCHEDULER_RESULT_DONE));
    return results.result;
}

static enum scheduler_result set(uint32_t number, struct scheduler_terms_plain terms)
{
    struct scheduler_set_terms_params_builder params;
    struct scheduler_terms_builder builder;
    struct scheduler_set_terms_results results = {0};
    EXPECT(scheduler_set_terms_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_set_terms_params_set_index(params, load[number]);
    CHECK(scheduler_set_terms_params_init_terms(params, &builder) == CAPNP_OK);
    scheduler_terms_set_weight(builder, terms.weight);
    scheduler_terms_set_priority(builder, terms.priority);
    scheduler_terms_set_budget(builder, terms.budget);
    scheduler_terms_set_period(builder, terms.period);
    scheduler_terms_set_deadline(builder, terms.deadline);
    scheduler_terms_set_first(builder, terms.first);
    EXPECT(scheduler_set_terms_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.reason.length > 0);
    return results.result;
}

/* Submit a graph of `count` of the loads from `first` on; `edges` are pairs. */
static enum scheduler_result submit(uint32_t family, int64_t weight, uint32_t first,
                                    uint32_t count, uint32_t cost, const uint32_t *edges,
                                    uint32_t edge_count)
{
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_edge_builder_list list;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_submit_params_set_family(params, family);
    scheduler_submit_params_set_weight(params, weight);
    CHECK(scheduler_submit_params_init_tasks(params, count, &tasks) == CAPNP_OK);
    CHECK(scheduler_submit_params_init_edges(params, edge_count, &list) == CAPNP_OK);
    for (uint32_t i = 0; i < count; i++) {
        struct scheduler_task_builder task = scheduler_task_builder_list_at(tasks, i);
        scheduler_task_set_thread(task, load[(first + i) % LOADS]);
        scheduler_task_set_cost(task, cost);
    }
    for (uint32_t i = 0; i < edge_count; i++) {
        struct scheduler_edge_builder edge = scheduler_edge_builder_list_at(list, i);
        scheduler_edge_set_before(edge, edges[2 * i]);
        scheduler_edge_set_after(edge, edges[2 * i + 1]);
    }
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_OK);
    CHECK(results.reason.length > 0);
    return results.result;
}

/* A million tasks are more than any channel holds: the client's own builder says so. */
static void check_million(void)
{
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    CHECK(scheduler_submit_params_init_tasks(params, MILLION, &tasks) != CAPNP_OK);
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_FULL);
}

static enum scheduler_result finished(uint32_t number)
{
    struct scheduler_finished_params params = {.index = load[number]};
    struct scheduler_finished_results results = {0};
    EXPECT(scheduler_finished(&scheduler, &params, &results), EXO_STATUS_OK);
    return results.result;
}

/* --- The rules ------------------------------------------------------------------------------- */

static void check_weights(void)
{
    CHECK(use("tijdeman") == SCHEDULER_RESULT_UNKNOWN_RULE);
    check("round_robin", (uint64_t[]){333, 333, 333});
    for (uint32_t i = 0; i < LOADS; i++)
        CHECK(set(i, (struct scheduler_terms_plain){.weight = 1 << i, .priority = 40 + i}) ==
              SCHEDULER_RESULT_DONE);
    check("round_robin", (uint64_t[]){333, 333, 333});
    CHECK(use("priority") == SCHEDULER_RESULT_DONE);
    check("priority", (uint64_t[]){1000, 0, 0});
    CHECK(set(2, (struct scheduler_terms_plain){.weight = 4, .priority = 64}) ==
          SCHEDULER_RESULT_PRIORITY_RANGE);
    CHECK(set(2, (struct scheduler_terms_plain){.weight = 4, .priority = 39}) ==
          SCHEDULER_RESULT_DONE);
    check("priority", (uint64_t[]){0, 0, 1000});
    CHECK(use("beatty") == SCHEDULER_RESULT_DONE);
    check("beatty", (uint64_t[]){143, 286, 571});
    CHECK(set(2, (struct scheduler_terms_plain){0}) == SCHEDULER_RESULT_WEIGHT_ZERO);
    CHECK(set(2, (struct scheduler_terms_plain){.weight = -4}) ==
          SCHEDULER_RESULT_WEIGHT_NEGATIVE);
    CHECK(set(2, (struct scheduler_terms_plain){.weight = INT64_MAX}) ==
          SCHEDULER_RESULT_WEIGHT_OVERFLOW);
    CHECK(submit(0, 1, 0, 1, 1, NULL, 0) == SCHEDULER_RESULT_UNSUPPORTED);
}

static void check_deadlines(void)
{
    struct scheduler_state_results state = {0};
    struct scheduler_terms_plain terms = {.weight = 1, .priority = 40, .budget = 20};
    CHECK(use("edf") == SCHEDULER_RESULT_DONE);
    CHECK(set(0, terms) == SCHEDULER_RESULT_PERIOD_ZERO);
    terms.period = 10;
    CHECK(set(0, terms) == SCHEDULER_RESULT_BUDGET_LARGE);
    terms.period = 100;
    terms.deadline = 101;
    CHECK(set(0, terms) == SCHEDULER_RESULT_DEADLINE_RANGE);
    terms.deadline = 0;
    terms.first = 1;
    CHECK(set(0, terms) == SCHEDULER_RESULT_DEADLINE_PAST);
    EXPECT(scheduler_state(&scheduler, &state), EXO_STATUS_OK);
    terms.first = state.now + terms.period + 50;
    CHECK(set(0, terms) == SCHEDULER_RESULT_DONE);
    terms.budget = 10;
    terms.first = 0;
    CHECK(set(0, terms) == SCHEDULER_RESULT_DONE);
    terms.budget = 30;
    CHECK(set(1, terms) == SCHEDULER_RESULT_DONE);
    terms.budget = 61;
    CHECK(set(2, terms) == SCHEDULER_RESULT_OVERLOAD);
    check("edf", (uint64_t[]){100, 300, 600});
}

static void check_graphs(void)
{
    static const uint32_t chain[] = {0, 1}, cycle[] = {0, 1, 1, 0}, astray[] = {0, 9};
    CHECK(use("dag") == SCHEDULER_RESULT_DONE);
    CHECK(submit(0, 1, 0, TASKS, 9, cycle, 2) == SCHEDULER_RESULT_GRAPH_CYCLE);
    CHECK(submit(0, 1, 0, TASKS, 9, astray, 1) == SCHEDULER_RESULT_GRAPH_EDGE);
    CHECK(submit(0, 1, 0, TASKS, 0, chain, 1) == SCHEDULER_RESULT_GRAPH_COST);
    CHECK(submit(0, 1, 0, 0, 9, NULL, 0) == SCHEDULER_RESULT_GRAPH_EMPTY);
    CHECK(submit(0, 1, 0, 4, 9, NULL, 0) == SCHEDULER_RESULT_PRESENT);
    CHECK(submit(0, 1, 0, 65, 9, NULL, 0) == SCHEDULER_RESULT_GRAPH_LARGE);
    CHECK(submit(0, 1, 0, MOST, 9, NULL, 0) == SCHEDULER_RESULT_GRAPH_LARGE);
    check_million();
    CHECK(submit(0, 1, 0, TASKS, 9, chain, 1) == SCHEDULER_RESULT_DONE);
    CHECK(submit(0, 1, 2, 1, 9, NULL, 0) == SCHEDULER_RESULT_GRAPH_BUSY);
    CHECK(finished(1) == SCHEDULER_RESULT_GRAPH_BUSY);
    /* What is beside a graph gets one slot in eight in turn; one of the loads, the others sleep. */
    check("dag", (uint64_t[]){970, 0, 30});
    CHECK(finished(0) == SCHEDULER_RESULT_DONE);
    check("dag", (uint64_t[]){25, 950, 25});
    CHECK(finished(1) == SCHEDULER_RESULT_DONE);
    check("dag", (uint64_t[]){333, 333, 333});
    CHECK(use("beatty_dag") == SCHEDULER_RESULT_DONE);
    CHECK(submit(0, 1, 0, 1, 9, NULL, 0) == SCHEDULER_RESULT_DONE);
    CHECK(submit(1, 4, 1, TASKS, 9, chain, 1) == SCHEDULER_RESULT_DONE);
    check("beatty_dag", (uint64_t[]){200, 800, 0});
}

int component_main(void)
{
    uint64_t ticks[LOADS];
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    look(ticks);
    check_weights();
    check_deadlines();
    check_graphs();
    print("scheduler_rules: under each of six rules each got what the rule says\n");
    return 0;
}
