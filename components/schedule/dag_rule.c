/* SPDX-License-Identifier: MIT */
/*
 * The rule `dag`: one graph at a time, on all cores. Threads that were added get what it leaves, in
 * turns, each on the core that its index gives.
 */
#include "dag.h"
#include "ring.h"
#include "rules.h"

enum role { ABSENT, BESIDE, TASK };

struct dag_thread {
    uint32_t task; /* of one that does a task */
    uint8_t role;
    bool ready;
};

struct dag_rule {
    struct schedule schedule;
    struct dag dag;
    uint32_t *first; /* by core: the ring of those beside the graph */
    struct ring_link *links;
    struct dag_thread *threads;
};

static struct dag_rule *rule_of(struct schedule *schedule)
{
    return (struct dag_rule *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct dag_rule *rule = schedule_take(memory, 1, sizeof *rule);
    uint32_t *first = schedule_take(memory, shape->cores, sizeof *first);
    struct ring_link *links = schedule_take(memory, shape->threads, sizeof *links);
    struct dag_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    dag_take(rule ? &rule->dag : NULL, memory, shape);
    if (!rule)
        return NULL;
    rule->first = first;
    rule->links = links;
    rule->threads = threads;
    for (uint32_t core = 0; core < shape->cores; core++)
        first[core] = RING_NONE;
    return &rule->schedule;
}

static uint32_t *ring_of(struct dag_rule *rule, uint32_t index)
{
    return &rule->first[index % rule->schedule.shape.cores];
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    (void)terms;
    (void)now;
    if (rule->threads[index].role != ABSENT)
        return SCHEDULE_PRESENT;
    rule->threads[index] = (struct dag_thread){.role = BESIDE, .ready = true};
    ring_push(rule->links, ring_of(rule, index), index);
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    (void)terms;
    (void)now;
    return rule_of(schedule)->threads[index].role == ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    struct dag_thread *thread = &rule->threads[index];
    (void)now;
    if (thread->role == ABSENT)
        return SCHEDULE_UNKNOWN;
    if (thread->role == TASK)
        dag_block(&rule->dag, thread->task, !is_ready);
    else if (is_ready && !thread->ready)
        ring_push(rule->links, ring_of(rule, index), index);
    else if (!is_ready && thread->ready)
        ring_take(rule->links, ring_of(rule, index), index);
    thread->ready = is_ready;
    return SCHEDULE_OK;
}

static enum schedule_status finished(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    struct dag_thread *thread = &rule->threads[index];
    (void)now;
    if (thread->role != TASK)
        return thread->role == ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
    if (!dag_may_finish(&rule->dag, thread->task))
        return SCHEDULE_GRAPH_BUSY;
    dag_release(&rule->dag, thread->task);
    thread->role = ABSENT;
    return SCHEDULE_OK;
}

/* One that does a task and is taken out has finished it, or nothing behind it would ever begin. */
static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    if (rule->threads[index].role == TASK)
        return finished(schedule, index, now);
    enum schedule_status status = ready(schedule, index, false, now);
    rule->threads[index].role = ABSENT;
    return status;
}

static enum schedule_status submit(struct schedule *schedule, const struct schedule_graph *graph,
                                   uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    (void)now;
    if (graph->family != 0)
        return SCHEDULE_UNKNOWN;
    enum schedule_status status = dag_prepare(&rule->dag, graph);
    /* Each task has a thread of its own, which has nothing else to do. */
    for (uint32_t task = 0; status == SCHEDULE_OK && task < graph->task_count; task++) {
        uint32_t index = graph->tasks[task].thread;
        if (index >= schedule->shape.threads)
            status = SCHEDULE_UNKNOWN;
        else if (rule->threads[index].role != ABSENT)
            status = SCHEDULE_PRESENT;
        else
            rule->threads[index] =
                (struct dag_thread){.role = TASK, .task = task, .ready = true};
        while (status != SCHEDULE_OK && task-- > 0)
            rule->threads[graph->tasks[task].thread].role = ABSENT;
    }
    if (status == SCHEDULE_OK)
        dag_begin(&rule->dag);
    return status;
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct dag_rule *rule = rule_of(schedule);
    (void)now;
    uint32_t task = dag_next(&rule->dag, core);
    if (task != DAG_NONE)
        return rule->dag.tasks[task].thread;
    if (rule->first[core] == RING_NONE)
        return SCHEDULE_NOBODY;
    return ring_turn(rule->links, &rule->first[core]);
}

static bool check(const struct schedule *schedule)
{
    const struct dag_rule *rule = (const struct dag_rule *)schedule;
    uint32_t threads = schedule->shape.threads, tasks = 0, beside = 0, found = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct dag_thread *thread = &rule->threads[i];
        tasks += thread->role == TASK;
        beside += thread->role == BESIDE && thread->ready;
        if (thread->role == TASK && rule->dag.tasks[thread->task].thread != i)
            return false;
    }
    for (uint32_t core = 0; core < schedule->shape.cores; core++)
        found += ring_count(rule->links, rule->first[core], threads);
    return tasks == rule->dag.unfinished && found == beside && dag_check(&rule->dag);
}

const struct schedule_rule rule_dag = {
    .name = "dag",
    .shared = true,
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .finished = finished,
    .submit = submit,
    .next = next,
    .check = check,
};
