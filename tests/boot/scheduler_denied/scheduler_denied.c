/* SPDX-License-Identifier: MIT */
/*
 * Whoever is no administrator of a scheduler changes the terms of its own component's threads, and
 * runs graphs of these. Everything else is denied, whatever the call, and changes nothing: other
 * components' threads, init's, the scheduler's own, places of the table that belong to nobody or do
 * not exist, and the rule. Its own threads are those of an export that nobody calls.
 */
#include "scenario.h"
#include "scheduler.capnp.h"
#include "text.h"

enum { THREADS_MAX = 16, NOBODYS = 200, BEYOND = 100000, WEIGHT = 7, TASKS_MAX = 2 };

static struct scheduler_client scheduler;

/* What the scheduler says of its threads. */
struct picture {
    uint32_t count;
    uint32_t index[THREADS_MAX], component[THREADS_MAX], priority[THREADS_MAX];
    int64_t weight[THREADS_MAX];
    bool task[THREADS_MAX];
};

static void look(struct picture *picture)
{
    struct scheduler_list_params params = {0};
    struct scheduler_list_results results = {0};
    EXPECT(scheduler_list(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.next == 0);
    memset(picture, 0, sizeof *picture); /* what is between, too */
    picture->count = scheduler_thread_list_count(results.threads);
    CHECK(picture->count <= THREADS_MAX);
    for (uint32_t i = 0; i < picture->count; i++) {
        struct scheduler_thread_reader thread = scheduler_thread_list_at(results.threads, i);
        picture->index[i] = scheduler_thread_get_index(thread);
        picture->component[i] = scheduler_thread_get_component(thread);
        picture->priority[i] = scheduler_thread_get_priority(thread);
        picture->weight[i] = scheduler_thread_get_weight(thread);
        picture->task[i] = scheduler_thread_get_task(thread);
    }
}

/* --- The calls ------------------------------------------------------------------------------- */

static enum scheduler_result set_share(uint32_t index, int64_t share)
{
    struct scheduler_set_share_params params = {index, share};
    struct scheduler_set_share_results results = {0};
    EXPECT(scheduler_set_share(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.reason.length > 0);
    return results.result;
}

static enum scheduler_result set_terms(uint32_t index, int64_t weight, uint32_t priority)
{
    struct scheduler_set_terms_params_builder params;
    struct scheduler_terms_builder terms;
    struct scheduler_set_terms_results results = {0};
    EXPECT(scheduler_set_terms_begin(&scheduler, &params), EXO_STATUS_OK);
    scheduler_set_terms_params_set_index(params, index);
    CHECK(scheduler_set_terms_params_init_terms(params, &terms) == CAPNP_OK);
    scheduler_terms_set_weight(terms, weight);
    scheduler_terms_set_priority(terms, priority);
    EXPECT(scheduler_set_terms_finish(&scheduler, &results), EXO_STATUS_OK);
    return results.result;
}

static enum scheduler_result take_out(uint32_t index)
{
    struct scheduler_remove_params params = {index};
    struct scheduler_remove_results results = {0};
    EXPECT(scheduler_remove(&scheduler, &params, &results), EXO_STATUS_OK);
    return results.result;
}

/* A graph of so many threads, each a task of its own. */
static enum scheduler_result submit(const uint32_t *index, uint32_t count)
{
    struct scheduler_submit_params_builder params;
    struct scheduler_task_builder_list tasks;
    struct scheduler_submit_results results = {0};
    EXPECT(scheduler_submit_begin(&scheduler, &params), EXO_STATUS_OK);
    CHECK(scheduler_submit_params_init_tasks(params, count, &tasks) == CAPNP_OK);
    for (uint32_t i = 0; i < count; i++)
        scheduler_task_set_thread(scheduler_task_builder_list_at(tasks, i), index[i]);
    EXPECT(scheduler_submit_finish(&scheduler, &results), EXO_STATUS_OK);
    return results.result;
}

static enum scheduler_result finished(uint32_t index)
{
    struct scheduler_finished_params params = {index};
    struct scheduler_finished_results results = {0};
    EXPECT(scheduler_finished(&scheduler, &params, &results), EXO_STATUS_OK);
    return results.result;
}

static enum scheduler_result claim(uint32_t index, uint32_t *task)
{
    struct scheduler_claim_params params = {.index = index};
    struct scheduler_claim_results results = {0};
    EXPECT(scheduler_claim(&scheduler, &params, &results), EXO_STATUS_OK);
    *task = results.task;
    return results.result;
}

static enum scheduler_result use(const char *rule)
{
    struct scheduler_use_params params = {.rule = {rule, (uint32_t)strlen(rule)}};
    struct scheduler_use_results results = {0};
    EXPECT(scheduler_use(&scheduler, &params, &results), EXO_STATUS_OK);
    CHECK(results.reason.length > 0);
    return results.result;
}

/* --- What becomes of them -------------------------------------------------------------------- */

/* Every call about this thread is denied, also one that names it beside an own one. */
static void check_denied(uint32_t index, uint32_t mine)
{
    uint32_t task;
    CHECK(claim(index, &task) == SCHEDULER_RESULT_DENIED);
    CHECK(set_share(index, WEIGHT) == SCHEDULER_RESULT_DENIED);
    CHECK(set_terms(index, WEIGHT, 1) == SCHEDULER_RESULT_DENIED);
    CHECK(take_out(index) == SCHEDULER_RESULT_DENIED);
    CHECK(finished(index) == SCHEDULER_RESULT_DENIED);
    CHECK(submit(&index, 1) == SCHEDULER_RESULT_DENIED);
    CHECK(submit((uint32_t[TASKS_MAX]){mine, index}, TASKS_MAX) == SCHEDULER_RESULT_DENIED);
}

/* Whom the list names as others', and places that it does not name. */
static void check_others(const struct picture *before, uint32_t mine)
{
    struct picture after;
    struct scheduler_state_results state = {0};
    uint32_t others = 0;
    for (uint32_t i = 0; i < before->count; i++)
        if (before->component[i] != startup_position()) {
            check_denied(before->index[i], mine);
            others++;
        }
    CHECK(others >= 3); /* init's, the console's and the administrator's */
    check_denied(NOBODYS, mine);
    check_denied(BEYOND, mine);
    CHECK(use("priority") == SCHEDULER_RESULT_DENIED);
    CHECK(use("none") == SCHEDULER_RESULT_DENIED);
    look(&after);
    CHECK(memcmp(before, &after, sizeof after) == 0);
    EXPECT(scheduler_state(&scheduler, &state), EXO_STATUS_OK);
    CHECK(text_is(state.rule.bytes, state.rule.length, "dag"));
}

/* A thread of our own, which never runs. */
static void check_own(uint32_t mine)
{
    struct picture picture;
    uint32_t anyone = SCHEDULER_ANYONE, task;
    CHECK(set_share(mine, WEIGHT) == SCHEDULER_RESULT_DONE);
    CHECK(set_terms(mine, WEIGHT, 1) == SCHEDULER_RESULT_DONE);
    CHECK(submit(&mine, 1) == SCHEDULER_RESULT_DONE);
    CHECK(finished(mine) == SCHEDULER_RESULT_DONE);
    /* It could wait in the only handler, and then nobody would submit anything. */
    CHECK(claim(mine, &task) == SCHEDULER_RESULT_FULL);
    CHECK(submit(&anyone, 1) == SCHEDULER_RESULT_DONE);
    CHECK(claim(mine, &task) == SCHEDULER_RESULT_DONE && task == 0);
    CHECK(claim(mine, &task) == SCHEDULER_RESULT_DONE && task == 0);
    CHECK(finished(mine) == SCHEDULER_RESULT_DONE);
    CHECK(claim(mine, &task) == SCHEDULER_RESULT_FULL);
    look(&picture);
    for (uint32_t i = 0; i < picture.count; i++)
        CHECK((picture.index[i] == mine) == (picture.weight[i] == WEIGHT));
    CHECK(take_out(mine) == SCHEDULER_RESULT_DONE);
    CHECK(set_share(mine, 1) == SCHEDULER_RESULT_DONE);
}

int component_main(void)
{
    static struct picture before;
    uint32_t mine = 0;
    EXPECT(scheduler_client_open(&scheduler, binding_import("scheduler")), EXO_STATUS_OK);
    look(&before);
    for (uint32_t i = 0; i < before.count; i++)
        if (before.component[i] == startup_position())
            mine = before.index[i]; /* the last one: of the export */
    CHECK(mine != 0);
    check_others(&before, mine);
    check_own(mine);
    print("scheduler_denied: it changed what is its own, and nothing else\n");
    return 0;
}
