/* SPDX-License-Identifier: MIT */
#include "families.h"

#include <assert.h>

struct families *families_take(struct schedule_memory *memory, const struct schedule_shape *shape,
                               size_t bytes, uint32_t count)
{
    struct families *families = schedule_take(memory, 1, bytes);
    struct families taken = {
        .count = count,
        .dags = schedule_take(memory, count, sizeof *families->dags),
        .first = schedule_take(memory, shape->cores, sizeof *families->first),
        .links = schedule_take(memory, shape->threads, sizeof *families->links),
        .threads = schedule_take(memory, shape->threads, sizeof *families->threads),
    };
    for (uint32_t i = 0; i < count; i++)
        dag_take(families ? &taken.dags[i] : NULL, memory, shape);
    if (!families)
        return NULL;
    for (uint32_t core = 0; core < shape->cores; core++)
        taken.first[core] = RING_NONE;
    *families = taken;
    return families;
}

void families_add(struct families *families, uint32_t index, uint32_t core)
{
    assert(families->threads[index].role == FAMILY_ABSENT);
    families->threads[index] =
        (struct family_thread){.role = FAMILY_BESIDE, .ready = true, .core = core};
    ring_push(families->links, &families->first[core], index);
}

void families_ready(struct families *families, uint32_t index, bool ready)
{
    struct family_thread *thread = &families->threads[index];
    assert(thread->role != FAMILY_ABSENT && thread->ready != ready);
    thread->ready = ready;
    if (thread->role == FAMILY_TASK)
        dag_block(&families->dags[thread->family], thread->task, !ready);
    else if (ready)
        ring_push(families->links, &families->first[thread->core], index);
    else
        ring_take(families->links, &families->first[thread->core], index);
}

void families_remove(struct families *families, uint32_t index)
{
    struct family_thread *thread = &families->threads[index];
    assert(thread->role == FAMILY_BESIDE);
    if (thread->ready)
        families_ready(families, index, false);
    thread->role = FAMILY_ABSENT;
}

/* --- Graphs ---------------------------------------------------------------------------------- */

void families_forget(struct families *families, const struct schedule_graph *graph,
                     uint64_t count)
{
    for (uint64_t task = 0; task < count; task++)
        if (graph->tasks[task].thread != SCHEDULE_NOBODY)
            families->threads[graph->tasks[task].thread].role = FAMILY_ABSENT;
}

enum schedule_status families_prepare(struct families *families,
                                      const struct schedule_graph *graph)
{
    if (graph->family >= families->count)
        return SCHEDULE_UNKNOWN;
    enum schedule_status status = dag_prepare(&families->dags[graph->family], graph);
    /* A thread of a task's own has nothing else to do. */
    for (uint32_t task = 0; status == SCHEDULE_OK && task < graph->task_count; task++) {
        uint32_t index = graph->tasks[task].thread;
        if (index == SCHEDULE_NOBODY)
            continue;
        if (index >= families->schedule.shape.threads)
            status = SCHEDULE_UNKNOWN;
        else if (families->threads[index].role != FAMILY_ABSENT)
            status = SCHEDULE_PRESENT;
        else
            families->threads[index] = (struct family_thread){
                .role = FAMILY_TASK, .ready = true, .family = graph->family, .task = task};
        if (status != SCHEDULE_OK)
            families_forget(families, graph, task);
    }
    return status;
}

enum schedule_status families_claim(struct families *families, uint32_t index, uint32_t family,
                                    uint32_t *task)
{
    struct family_thread *thread = &families->threads[index];
    *task = DAG_NONE;
    if (thread->role != FAMILY_BESIDE || family >= families->count)
        return SCHEDULE_UNKNOWN;
    *task = dag_claim(&families->dags[family], index, thread->core);
    if (*task == DAG_NONE)
        return SCHEDULE_OK;
    families_remove(families, index);
    *thread = (struct family_thread){
        .role = FAMILY_TASK, .ready = true, .family = family, .task = *task};
    return SCHEDULE_OK;
}

enum schedule_status families_finished(struct families *families, uint32_t index)
{
    struct family_thread *thread = &families->threads[index];
    if (thread->role != FAMILY_TASK)
        return thread->role == FAMILY_ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
    if (!dag_release(&families->dags[thread->family], thread->task))
        return SCHEDULE_GRAPH_BUSY;
    thread->role = FAMILY_ABSENT;
    return SCHEDULE_OK;
}

bool families_check(const struct families *families)
{
    uint32_t threads = families->schedule.shape.threads, tasks = 0, beside = 0, found = 0;
    uint32_t owned = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct family_thread *thread = &families->threads[i];
        tasks += thread->role == FAMILY_TASK;
        beside += thread->role == FAMILY_BESIDE && thread->ready;
        if (thread->role == FAMILY_TASK &&
            families->dags[thread->family].tasks[thread->task].thread != i)
            return false;
    }
    for (uint32_t family = 0; family < families->count; family++) {
        owned += dag_owned(&families->dags[family]);
        if (!dag_check(&families->dags[family]))
            return false;
    }
    for (uint32_t core = 0; core < families->schedule.shape.cores; core++)
        found += ring_count(families->links, families->first[core], threads);
    return tasks == owned && found == beside;
}
