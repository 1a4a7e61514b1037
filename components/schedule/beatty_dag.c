/* SPDX-License-Identifier: MIT */
/*
 * The rule `beatty_dag`: families share each core by weight, and each runs its graph, the
 * critical path first. A thread that was added is a family of its own, on its core. A family leaves
 * when its graph is finished. What a family cannot use of a core, because none of its tasks may run
 * there, the next one gets that can.
 */
#include "families.h"
#include "rules.h"
#include "tijdeman.h"

struct family_core {
    struct tijdeman *set; /* threads by index, families behind them */
    struct bits usable;   /* families with a task that may run here */
};

struct beatty_dag {
    struct families families;
    struct family_core *cores;
    int64_t *weights; /* of threads that are families of their own */
};

static struct beatty_dag *rule_of(struct schedule *schedule)
{
    return (struct beatty_dag *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct beatty_dag *rule = (void *)families_take(memory, shape, sizeof *rule, shape->families);
    struct family_core *cores = schedule_take(memory, shape->cores, sizeof *cores);
    int64_t *weights = schedule_take(memory, shape->threads, sizeof *weights);
    for (uint32_t i = 0; i < shape->cores; i++) {
        struct family_core core = {
            .set = tijdeman_take(memory, shape->threads + shape->families),
            .usable = bits_take(memory, shape->families),
        };
        if (rule)
            cores[i] = core;
    }
    if (!rule)
        return NULL;
    rule->cores = cores;
    rule->weights = weights;
    return &rule->families.schedule;
}

static struct tijdeman *set_of(struct beatty_dag *rule, uint32_t index)
{
    return rule->cores[rule->families.threads[index].core].set;
}

/* Something about a family has changed. */
static void note(struct beatty_dag *rule, uint32_t family)
{
    for (uint32_t core = 0; core < rule->families.schedule.shape.cores; core++) {
        if (dag_runnable(&rule->families.dags[family], core))
            bits_add(&rule->cores[core].usable, family);
        else
            bits_remove(&rule->cores[core].usable, family);
    }
}

/* --- Threads that are families of their own -------------------------------------------------- */

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    (void)now;
    if (rule->families.threads[index].role != FAMILY_ABSENT)
        return SCHEDULE_PRESENT;
    enum schedule_status status =
        tijdeman_join(rule->cores[terms->core].set, index, terms->weight);
    if (status != SCHEDULE_OK)
        return status;
    rule->weights[index] = terms->weight;
    families_add(&rule->families, index, terms->core);
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    const struct family_thread *thread = &rule->families.threads[index];
    (void)now;
    if (thread->role != FAMILY_BESIDE)
        return thread->role == FAMILY_ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
    enum schedule_status status = schedule_weight_check(terms->weight);
    if (status == SCHEDULE_OK && thread->ready)
        status = tijdeman_weigh(set_of(rule, index), index, terms->weight);
    if (status == SCHEDULE_OK)
        rule->weights[index] = terms->weight;
    return status;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    const struct family_thread *thread = &rule->families.threads[index];
    enum schedule_status status = SCHEDULE_OK;
    (void)now;
    if (thread->role == FAMILY_ABSENT)
        return SCHEDULE_UNKNOWN;
    if (thread->ready == is_ready)
        return SCHEDULE_OK;
    if (thread->role == FAMILY_BESIDE)
        status = is_ready ? tijdeman_join(set_of(rule, index), index, rule->weights[index])
                          : tijdeman_leave(set_of(rule, index), index);
    if (status != SCHEDULE_OK)
        return status;
    families_ready(&rule->families, index, is_ready);
    if (thread->role == FAMILY_TASK)
        note(rule, thread->family);
    return SCHEDULE_OK;
}

/* --- Families with graphs -------------------------------------------------------------------- */

static void leave_all(struct beatty_dag *rule, uint32_t family, uint32_t cores)
{
    for (uint32_t core = 0; core < cores; core++)
        tijdeman_leave(rule->cores[core].set, rule->families.schedule.shape.threads + family);
}

static enum schedule_status join_all(struct beatty_dag *rule, uint32_t family, int64_t weight)
{
    const struct schedule_shape *shape = &rule->families.schedule.shape;
    for (uint32_t core = 0; core < shape->cores; core++) {
        enum schedule_status status =
            tijdeman_join(rule->cores[core].set, shape->threads + family, weight);
        if (status != SCHEDULE_OK) {
            leave_all(rule, family, core);
            return status;
        }
    }
    return SCHEDULE_OK;
}

static enum schedule_status finished(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct family_thread before = rule->families.threads[index];
    enum schedule_status status = families_finished(&rule->families, index);
    (void)now;
    if (status != SCHEDULE_OK || before.role != FAMILY_TASK)
        return status;
    note(rule, before.family);
    if (rule->families.dags[before.family].unfinished == 0)
        leave_all(rule, before.family, schedule->shape.cores);
    return SCHEDULE_OK;
}

/* One that does a task and is taken out has finished it, or nothing behind it would ever begin. */
static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    if (rule->families.threads[index].role != FAMILY_BESIDE)
        return finished(schedule, index, now);
    enum schedule_status status = ready(schedule, index, false, now);
    families_remove(&rule->families, index);
    return status;
}

static enum schedule_status submit(struct schedule *schedule, const struct schedule_graph *graph,
                                   uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    (void)now;
    enum schedule_status status = families_prepare(&rule->families, graph);
    if (status != SCHEDULE_OK)
        return status;
    status = join_all(rule, graph->family, graph->weight);
    if (status != SCHEDULE_OK) {
        families_forget(&rule->families, graph, graph->task_count);
        return status;
    }
    dag_begin(&rule->families.dags[graph->family]);
    note(rule, graph->family);
    return SCHEDULE_OK;
}

static enum schedule_status claim(struct schedule *schedule, uint32_t index, uint32_t family,
                                  uint32_t *task)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct family_thread before = rule->families.threads[index];
    enum schedule_status status = families_claim(&rule->families, index, family, task);
    if (*task == DAG_NONE)
        return status;
    if (before.ready)
        tijdeman_leave(rule->cores[before.core].set, index);
    note(rule, family);
    return SCHEDULE_OK;
}

/* --- The next slot --------------------------------------------------------------------------- */

/* The family from `family` on, round, that can use a slot of the core; BITS_NONE: none can. */
static uint32_t usable(const struct beatty_dag *rule, uint32_t family, uint32_t core)
{
    uint32_t found = bits_from(&rule->cores[core].usable, family);
    return found == BITS_NONE && family != 0 ? bits_from(&rule->cores[core].usable, 0) : found;
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    uint32_t answer = tijdeman_next(rule->cores[core].set), threads = schedule->shape.threads;
    uint32_t family = BITS_NONE;
    (void)now;
    if (answer < threads)
        return answer;
    if (schedule->shape.families > 0)
        family = usable(rule, answer == SCHEDULE_NOBODY ? 0 : answer - threads, core);
    if (family == BITS_NONE)
        return families_turn(&rule->families, core);
    struct dag *dag = &rule->families.dags[family];
    return dag->tasks[dag_next(dag, core)].thread;
}

static bool check(const struct schedule *schedule)
{
    const struct beatty_dag *rule = (const struct beatty_dag *)schedule;
    for (uint32_t core = 0; core < schedule->shape.cores; core++) {
        if (!tijdeman_check(rule->cores[core].set))
            return false;
        for (uint32_t family = 0; family < schedule->shape.families; family++)
            if (bits_has(&rule->cores[core].usable, family) !=
                dag_runnable(&rule->families.dags[family], core))
                return false;
    }
    return families_check(&rule->families);
}

const struct schedule_rule rule_beatty_dag = {
    .name = "beatty_dag",
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
