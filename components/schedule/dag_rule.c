/* SPDX-License-Identifier: MIT */
/*
 * The rule `dag`: one graph at a time, on all cores. Threads that were added get what it leaves, in
 * turns, each on its core.
 */
#include "families.h"
#include "rules.h"

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct families *families = families_take(memory, shape, sizeof *families, 1);
    return families ? &families->schedule : NULL;
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    (void)now;
    if (families_of(schedule)->threads[index].role != FAMILY_ABSENT)
        return SCHEDULE_PRESENT;
    families_add(families_of(schedule), index, terms->core);
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    (void)terms;
    (void)now;
    return families_of(schedule)->threads[index].role == FAMILY_ABSENT ? SCHEDULE_UNKNOWN
                                                                       : SCHEDULE_OK;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    const struct family_thread *thread = &families_of(schedule)->threads[index];
    (void)now;
    if (thread->role == FAMILY_ABSENT)
        return SCHEDULE_UNKNOWN;
    if (thread->ready != is_ready)
        families_ready(families_of(schedule), index, is_ready);
    return SCHEDULE_OK;
}

static enum schedule_status finished(struct schedule *schedule, uint32_t index, uint64_t now)
{
    (void)now;
    return families_finished(families_of(schedule), index);
}

/* One that does a task and is taken out has finished it, or nothing behind it would ever begin. */
static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    if (families_of(schedule)->threads[index].role != FAMILY_BESIDE)
        return finished(schedule, index, now);
    families_remove(families_of(schedule), index);
    return SCHEDULE_OK;
}

static enum schedule_status submit(struct schedule *schedule, const struct schedule_graph *graph,
                                   uint64_t now)
{
    enum schedule_status status = families_prepare(families_of(schedule), graph);
    (void)now;
    if (status == SCHEDULE_OK)
        dag_begin(families_of(schedule)->dags);
    return status;
}

static enum schedule_status claim(struct schedule *schedule, uint32_t index, uint32_t family,
                                  uint32_t *task)
{
    return families_claim(families_of(schedule), index, family, task);
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct families *families = families_of(schedule);
    (void)now;
    uint32_t task = dag_next(families->dags, core);
    return task != DAG_NONE ? families->dags->tasks[task].thread : families_turn(families, core);
}

static bool check(const struct schedule *schedule)
{
    return families_check((const struct families *)schedule);
}

const struct schedule_rule rule_dag = {
    .name = "dag",
    .shared = true,
    .eager = true,
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .finished = finished,
    .submit = submit,
    .claim = claim,
    .next = next,
    .check = check,
};
