/* SPDX-License-Identifier: MIT */
/*
 * The rule `beatty_dag`: families share each core by weight, and each family runs its graph, the
 * critical path first. A thread that was added is a family of its own, on the core that its index
 * gives. A family leaves when its graph is finished. What a family cannot use, because all its
 * tasks that may run do so on other cores, the next one gets that can.
 */
#include "bits.h"
#include "dag.h"
#include "ring.h"
#include "rules.h"
#include "tijdeman.h"

enum role { ABSENT, ALONE, TASK };

struct member {
    uint8_t role;
    bool ready;
    uint32_t family, task; /* of one that does a task */
    int64_t weight;        /* of one that is a family of its own */
};

struct family_core {
    struct tijdeman *set; /* threads by index, families behind them */
    struct bits running;  /* families whose task on this core may go on */
    uint32_t first;       /* the ring of threads that are families of their own, and ready */
};

struct beatty_dag {
    struct schedule schedule;
    struct family_core *cores;
    struct dag *families;
    struct bits ready; /* families with tasks that any core may take */
    struct ring_link *links;
    struct member *members;
};

static struct beatty_dag *rule_of(struct schedule *schedule)
{
    return (struct beatty_dag *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct beatty_dag *rule = schedule_take(memory, 1, sizeof *rule);
    struct family_core *cores = schedule_take(memory, shape->cores, sizeof *cores);
    struct dag *families = schedule_take(memory, shape->families, sizeof *families);
    struct ring_link *links = schedule_take(memory, shape->threads, sizeof *links);
    struct member *members = schedule_take(memory, shape->threads, sizeof *members);
    struct bits ready = bits_take(memory, shape->families);
    for (uint32_t i = 0; i < shape->families; i++)
        dag_take(rule ? &families[i] : NULL, memory, shape);
    for (uint32_t i = 0; i < shape->cores; i++) {
        struct family_core core = {
            .set = tijdeman_take(memory, shape->threads + shape->families),
            .running = bits_take(memory, shape->families),
            .first = RING_NONE,
        };
        if (rule)
            cores[i] = core;
    }
    if (!rule)
        return NULL;
    rule->cores = cores;
    rule->families = families;
    rule->links = links;
    rule->members = members;
    rule->ready = ready;
    return &rule->schedule;
}

static struct family_core *core_of(struct beatty_dag *rule, uint32_t index)
{
    return &rule->cores[index % rule->schedule.shape.cores];
}

/* Something about a family has changed, and about its task on a core. */
static void note(struct beatty_dag *rule, uint32_t family, uint32_t core)
{
    const struct dag *dag = &rule->families[family];
    uint32_t task = dag->running[core];
    if (dag->ready.top != 0)
        bits_add(&rule->ready, family);
    else
        bits_remove(&rule->ready, family);
    if (task != DAG_NONE && !dag->tasks[task].blocked)
        bits_add(&rule->cores[core].running, family);
    else
        bits_remove(&rule->cores[core].running, family);
}

/* --- Threads that are families of their own -------------------------------------------------- */

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct family_core *core = core_of(rule, index);
    (void)now;
    if (rule->members[index].role != ABSENT)
        return SCHEDULE_PRESENT;
    enum schedule_status status = tijdeman_join(core->set, index, terms->weight);
    if (status != SCHEDULE_OK)
        return status;
    rule->members[index] =
        (struct member){.role = ALONE, .ready = true, .weight = terms->weight};
    ring_push(rule->links, &core->first, index);
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct member *member = &rule->members[index];
    (void)now;
    if (member->role != ALONE)
        return member->role == ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
    enum schedule_status status = schedule_weight_check(terms->weight);
    if (status == SCHEDULE_OK && member->ready)
        status = tijdeman_weigh(core_of(rule, index)->set, index, terms->weight);
    if (status == SCHEDULE_OK)
        member->weight = terms->weight;
    return status;
}

static enum schedule_status ready_alone(struct beatty_dag *rule, uint32_t index, bool ready)
{
    struct family_core *core = core_of(rule, index);
    enum schedule_status status = ready ? tijdeman_join(core->set, index,
                                                        rule->members[index].weight)
                                        : tijdeman_leave(core->set, index);
    if (status == SCHEDULE_OK && ready)
        ring_push(rule->links, &core->first, index);
    else if (status == SCHEDULE_OK)
        ring_take(rule->links, &core->first, index);
    return status;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct member *member = &rule->members[index];
    enum schedule_status status = SCHEDULE_OK;
    (void)now;
    if (member->role == ABSENT)
        return SCHEDULE_UNKNOWN;
    if (member->ready == is_ready)
        return SCHEDULE_OK;
    if (member->role == ALONE) {
        status = ready_alone(rule, index, is_ready);
    } else {
        struct dag *dag = &rule->families[member->family];
        dag_block(dag, member->task, !is_ready);
        note(rule, member->family, dag->tasks[member->task].core);
    }
    if (status == SCHEDULE_OK)
        member->ready = is_ready;
    return status;
}

/* --- Families with graphs -------------------------------------------------------------------- */

static void leave_all(struct beatty_dag *rule, uint32_t family, uint32_t cores)
{
    for (uint32_t core = 0; core < cores; core++)
        tijdeman_leave(rule->cores[core].set, rule->schedule.shape.threads + family);
}

static enum schedule_status join_all(struct beatty_dag *rule, uint32_t family, int64_t weight)
{
    for (uint32_t core = 0; core < rule->schedule.shape.cores; core++) {
        enum schedule_status status = tijdeman_join(
            rule->cores[core].set, rule->schedule.shape.threads + family, weight);
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
    struct member *member = &rule->members[index];
    (void)now;
    if (member->role != TASK)
        return member->role == ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
    struct dag *dag = &rule->families[member->family];
    if (!dag_may_finish(dag, member->task))
        return SCHEDULE_GRAPH_BUSY;
    dag_release(dag, member->task);
    note(rule, member->family, dag->tasks[member->task].core);
    if (dag->unfinished == 0)
        leave_all(rule, member->family, schedule->shape.cores);
    member->role = ABSENT;
    return SCHEDULE_OK;
}

/* One that does a task and is taken out has finished it, or nothing behind it would ever begin. */
static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    if (rule->members[index].role == TASK)
        return finished(schedule, index, now);
    enum schedule_status status = ready(schedule, index, false, now);
    rule->members[index].role = ABSENT;
    return status;
}

static void forget(struct beatty_dag *rule, const struct schedule_graph *graph, uint32_t count)
{
    for (uint32_t task = 0; task < count; task++)
        rule->members[graph->tasks[task].thread].role = ABSENT;
}

static enum schedule_status submit(struct schedule *schedule, const struct schedule_graph *graph,
                                   uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    (void)now;
    if (graph->family >= schedule->shape.families)
        return SCHEDULE_UNKNOWN;
    struct dag *dag = &rule->families[graph->family];
    enum schedule_status status = dag_prepare(dag, graph);
    uint32_t named = 0;
    for (; status == SCHEDULE_OK && named < graph->task_count; named++) {
        uint32_t index = graph->tasks[named].thread;
        if (index >= schedule->shape.threads)
            status = SCHEDULE_UNKNOWN;
        else if (rule->members[index].role != ABSENT)
            status = SCHEDULE_PRESENT;
        else
            rule->members[index] = (struct member){
                .role = TASK, .ready = true, .family = graph->family, .task = named};
    }
    if (status == SCHEDULE_OK)
        status = join_all(rule, graph->family, graph->weight);
    else if (named > 0)
        named--; /* the last one was refused */
    if (status != SCHEDULE_OK) {
        forget(rule, graph, named);
        return status;
    }
    dag_begin(dag);
    bits_add(&rule->ready, graph->family);
    return SCHEDULE_OK;
}

/* --- The next slot --------------------------------------------------------------------------- */

static uint32_t run(struct beatty_dag *rule, uint32_t family, uint32_t core)
{
    uint32_t task = dag_next(&rule->families[family], core);
    note(rule, family, core);
    return rule->families[family].tasks[task].thread;
}

/* The family from `family` on, round, that can use a slot of the core; BITS_NONE: none can. */
static uint32_t usable(const struct beatty_dag *rule, uint32_t family, uint32_t core)
{
    uint32_t ready = bits_from(&rule->ready, family);
    uint32_t running = bits_from(&rule->cores[core].running, family);
    if (ready == BITS_NONE && running == BITS_NONE && family != 0)
        return usable(rule, 0, core);
    return ready < running ? ready : running;
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct beatty_dag *rule = rule_of(schedule);
    struct family_core *here = &rule->cores[core];
    uint32_t answer = tijdeman_next(here->set), threads = schedule->shape.threads;
    (void)now;
    if (answer < threads)
        return answer;
    uint32_t family = answer == SCHEDULE_NOBODY ? 0 : answer - threads;
    if (schedule->shape.families > 0)
        family = usable(rule, family, core);
    else
        family = BITS_NONE;
    if (family != BITS_NONE)
        return run(rule, family, core);
    return here->first == RING_NONE ? SCHEDULE_NOBODY : ring_turn(rule->links, &here->first);
}

static bool family_check(const struct beatty_dag *rule, uint32_t family)
{
    const struct dag *dag = &rule->families[family];
    if (!dag_check(dag) || bits_has(&rule->ready, family) != (dag->ready.top != 0))
        return false;
    for (uint32_t core = 0; core < rule->schedule.shape.cores; core++) {
        uint32_t task = dag->running[core];
        if (bits_has(&rule->cores[core].running, family) !=
            (task != DAG_NONE && !dag->tasks[task].blocked))
            return false;
    }
    return true;
}

static bool check(const struct schedule *schedule)
{
    const struct beatty_dag *rule = (const struct beatty_dag *)schedule;
    uint32_t alone = 0, found = 0, tasks = 0, unfinished = 0;
    for (uint32_t family = 0; family < schedule->shape.families; family++) {
        unfinished += rule->families[family].unfinished;
        if (!family_check(rule, family))
            return false;
    }
    for (uint32_t i = 0; i < schedule->shape.threads; i++) {
        alone += rule->members[i].role == ALONE && rule->members[i].ready;
        tasks += rule->members[i].role == TASK;
    }
    for (uint32_t core = 0; core < schedule->shape.cores; core++) {
        found += ring_count(rule->links, rule->cores[core].first, schedule->shape.threads);
        if (!tijdeman_check(rule->cores[core].set))
            return false;
    }
    return alone == found && tasks == unfinished;
}

const struct schedule_rule rule_beatty_dag = {
    .name = "beatty_dag",
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
