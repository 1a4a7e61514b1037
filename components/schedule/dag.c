/* SPDX-License-Identifier: MIT */
#include "dag.h"

#include <assert.h>

#include "key_heap.h"

enum { TASK_BITS = 16, WAY_BITS = 64 - TASK_BITS };
_Static_assert(SCHEDULE_TASKS_MAX <= 1 << TASK_BITS, "a task's number has its bits");
_Static_assert((int)SCHEDULE_TASKS_MAX <= (int)BITS_MAX, "a set holds all ranks");

void dag_take(struct dag *dag, struct schedule_memory *memory, const struct schedule_shape *shape)
{
    /* Only counted, or taken for good. */
    struct dag taken = {
        .ready = schedule_take(memory, shape->cores + 1, sizeof *dag->ready),
        .task_capacity = shape->tasks,
        .edge_capacity = shape->edges,
        .cores = shape->cores,
        .tasks = schedule_take(memory, shape->tasks, sizeof *dag->tasks),
        .after = schedule_take(memory, shape->edges, sizeof *dag->after),
        .by_rank = schedule_take(memory, shape->tasks, sizeof *dag->by_rank),
        .running = schedule_take(memory, shape->cores, sizeof *dag->running),
        .heap = schedule_take(memory, key_heap_words(shape->tasks), sizeof *dag->heap),
    };
    for (uint32_t core = 0; core <= shape->cores; core++) {
        struct bits ready = bits_take(memory, shape->tasks);
        if (dag)
            taken.ready[core] = ready;
    }
    if (!dag)
        return;
    *dag = taken;
    for (uint32_t core = 0; core < dag->cores; core++)
        dag->running[core] = DAG_NONE;
    key_heap_clear(dag->heap, dag->task_capacity);
}

/* --- A new graph ----------------------------------------------------------------------------- */

static enum schedule_status shape_check(const struct dag *dag, const struct schedule_graph *graph)
{
    if (dag->unfinished > 0)
        return SCHEDULE_GRAPH_BUSY;
    if (graph->task_count == 0)
        return SCHEDULE_GRAPH_EMPTY;
    if (graph->task_count > dag->task_capacity || graph->edge_count > dag->edge_capacity)
        return SCHEDULE_GRAPH_LARGE;
    for (uint64_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].before >= graph->task_count ||
            graph->edges[i].after >= graph->task_count)
            return SCHEDULE_GRAPH_EDGE;
    for (uint64_t i = 0; i < graph->task_count; i++) {
        if (graph->tasks[i].cost == 0)
            return SCHEDULE_GRAPH_COST;
        if (graph->tasks[i].thread != SCHEDULE_NOBODY && graph->tasks[i].core >= dag->cores)
            return SCHEDULE_UNKNOWN;
    }
    return SCHEDULE_OK;
}

/* Copy the graph, the edges sorted by the task before them. */
static void copy(struct dag *dag, const struct schedule_graph *graph)
{
    uint32_t at = 0;
    dag->task_count = (uint32_t)graph->task_count;
    for (uint32_t i = 0; i < dag->task_count; i++) {
        struct schedule_task from = graph->tasks[i];
        uint32_t core = from.thread == SCHEDULE_NOBODY ? dag->cores : from.core;
        dag->tasks[i] =
            (struct dag_task){.thread = from.thread, .cost = from.cost, .core = core};
    }
    for (uint64_t i = 0; i < graph->edge_count; i++)
        dag->tasks[graph->edges[i].before].edge_count++;
    for (uint32_t i = 0; i < dag->task_count; i++) {
        dag->tasks[i].edges = at;
        at += dag->tasks[i].edge_count;
        dag->tasks[i].edge_count = 0;
    }
    for (uint64_t i = 0; i < graph->edge_count; i++) {
        struct dag_task *before = &dag->tasks[graph->edges[i].before];
        dag->after[before->edges + before->edge_count++] = graph->edges[i].after;
        dag->tasks[graph->edges[i].after].missing++;
    }
}

/*
 * Put the tasks into `by_rank` so that each comes behind those before it (A. Kahn 1962). Returns
 * how many that works for: not those of a cycle, or behind one. `missing` is used up.
 */
static uint32_t order(struct dag *dag)
{
    uint32_t ordered = 0;
    for (uint32_t i = 0; i < dag->task_count; i++)
        if (dag->tasks[i].missing == 0)
            dag->by_rank[ordered++] = i;
    for (uint32_t at = 0; at < ordered; at++) {
        const struct dag_task *task = &dag->tasks[dag->by_rank[at]];
        for (uint32_t i = 0; i < task->edge_count; i++) {
            uint32_t after = dag->after[task->edges + i];
            if (--dag->tasks[after].missing == 0)
                dag->by_rank[ordered++] = after;
        }
    }
    return ordered;
}

/* The cost of the dearest way from each task to the end, the last ones first; into `heap`. Costs
   are below 2^32, and tasks at most 2^16, so a way is below 2^48. */
static void measure_ways(struct dag *dag)
{
    uint64_t *ways = dag->heap;
    for (uint32_t at = dag->task_count; at-- > 0;) {
        const struct dag_task *task = &dag->tasks[dag->by_rank[at]];
        uint64_t longest = 0;
        for (uint32_t i = 0; i < task->edge_count; i++) {
            uint32_t after = dag->after[task->edges + i];
            dag->tasks[after].missing++;
            if (ways[after] > longest)
                longest = ways[after];
        }
        ways[dag->by_rank[at]] = longest + task->cost;
    }
}

/* Sort the tasks by their ways, the dearest first, those of one cost by their numbers. */
static void rank(struct dag *dag)
{
    uint32_t count = dag->task_count;
    uint64_t *keys = dag->heap;
    /* The upper half of the array holds the keys while the heap grows in the lower one. */
    uint64_t *upper = dag->heap + count + 1;
    for (uint32_t i = count; i-- > 0;)
        upper[i] = ((UINT64_C(1) << WAY_BITS) - keys[i]) << TASK_BITS | i;
    for (uint32_t i = 0; i <= count; i++)
        keys[i] = KEY_HEAP_END;
    for (uint32_t i = 0; i < count; i++)
        key_heap_push(dag->heap, i + 1, upper[i]);
    for (size_t i = count + 1; i < key_heap_words(dag->task_capacity); i++)
        dag->heap[i] = KEY_HEAP_END;
    for (uint32_t i = 0; i < count; i++) {
        dag->by_rank[i] = dag->heap[1] % (1 << TASK_BITS);
        dag->tasks[dag->by_rank[i]].rank = i;
        key_heap_pop(dag->heap, count - i);
    }
}

enum schedule_status dag_prepare(struct dag *dag, const struct schedule_graph *graph)
{
    enum schedule_status status = shape_check(dag, graph);
    if (status != SCHEDULE_OK)
        return status;
    copy(dag, graph);
    if (order(dag) != dag->task_count)
        return SCHEDULE_GRAPH_CYCLE;
    measure_ways(dag);
    rank(dag);
    return SCHEDULE_OK;
}

void dag_begin(struct dag *dag)
{
    assert(dag->unfinished == 0 && dag->task_count > 0);
    dag->unfinished = dag->task_count;
    for (uint32_t i = 0; i < dag->task_count; i++) {
        if (dag->tasks[i].missing == 0) {
            dag->tasks[i].state = DAG_READY;
            bits_add(&dag->ready[dag->tasks[i].core], dag->tasks[i].rank);
        }
    }
}

/* --- While it runs --------------------------------------------------------------------------- */

/* The first task of a set, which it leaves; DAG_NONE: there is none. */
static inline uint32_t take_first(const struct dag *dag, struct bits *ready)
{
    if (ready->top == 0)
        return DAG_NONE;
    uint32_t first = bits_first(ready);
    bits_remove(ready, first);
    return dag->by_rank[first];
}

uint32_t dag_claim(struct dag *dag, uint32_t thread, uint32_t core)
{
    uint32_t task = take_first(dag, &dag->ready[dag->cores]);
    if (task == DAG_NONE)
        return task;
    dag->tasks[task].thread = thread;
    dag->tasks[task].core = core;
    bits_add(&dag->ready[core], dag->tasks[task].rank);
    return task;
}

uint32_t dag_next(struct dag *dag, uint32_t core)
{
    uint32_t task = dag->running[core];
    if (task != DAG_NONE) {
        if (!dag->tasks[task].blocked)
            return task;
        dag->tasks[task].state = DAG_READY;
        dag->running[core] = DAG_NONE;
    }
    task = take_first(dag, &dag->ready[core]);
    if (task == DAG_NONE)
        return task;
    dag->tasks[task].state = DAG_RUNNING;
    dag->running[core] = task;
    return task;
}

bool dag_release(struct dag *dag, uint32_t task_number)
{
    struct dag_task *task = &dag->tasks[task_number];
    if (task->state == DAG_RUNNING)
        dag->running[task->core] = DAG_NONE;
    else if (task->state != DAG_READY)
        return false;
    else if (!task->blocked)
        bits_remove(&dag->ready[task->core], task->rank);
    task->state = DAG_DONE;
    dag->unfinished--;
    const uint32_t *after = &dag->after[task->edges], *end = after + task->edge_count;
    for (; after != end; after++) {
        struct dag_task *next = &dag->tasks[*after];
        if (--next->missing > 0)
            continue;
        next->state = DAG_READY;
        if (!next->blocked)
            bits_add(&dag->ready[next->core], next->rank);
    }
    return true;
}

void dag_block(struct dag *dag, uint32_t task_number, bool blocked)
{
    struct dag_task *task = &dag->tasks[task_number];
    if (task->blocked == blocked)
        return;
    task->blocked = blocked;
    if (task->state == DAG_READY && blocked)
        bits_remove(&dag->ready[task->core], task->rank);
    else if (task->state == DAG_READY)
        bits_add(&dag->ready[task->core], task->rank);
}

uint32_t dag_owned(const struct dag *dag)
{
    uint32_t owned = 0;
    for (uint32_t i = 0; i < dag->task_count && dag->unfinished > 0; i++)
        owned += dag->tasks[i].state != DAG_DONE && dag->tasks[i].thread != SCHEDULE_NOBODY;
    return owned;
}

/* Is the task in the set that it should be in, if any, and in no other? */
static bool in_place(const struct dag *dag, const struct dag_task *task)
{
    bool waits = task->state == DAG_READY && !task->blocked;
    for (uint32_t core = 0; core <= dag->cores; core++)
        if (bits_has(&dag->ready[core], task->rank) != (waits && core == task->core))
            return false;
    return true;
}

bool dag_check(const struct dag *dag)
{
    uint32_t unfinished = 0, running = 0, found = 0;
    for (uint32_t i = 0; i < dag->task_count && dag->unfinished > 0; i++) {
        const struct dag_task *task = &dag->tasks[i];
        if (dag->by_rank[task->rank] != i || !in_place(dag, task))
            return false;
        if ((task->thread == SCHEDULE_NOBODY) != (task->core == dag->cores))
            return false;
        if ((task->missing > 0) != (task->state == DAG_BEFORE))
            return false;
        if (task->state == DAG_RUNNING && dag->running[task->core] != i)
            return false;
        unfinished += task->state != DAG_DONE;
        running += task->state == DAG_RUNNING;
    }
    for (uint32_t core = 0; core < dag->cores; core++)
        found += dag->running[core] != DAG_NONE;
    return unfinished == dag->unfinished && running == found;
}
