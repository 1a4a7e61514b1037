/* SPDX-License-Identifier: MIT */
/*
 * dag: the tasks of a graph, the longest way to the end first, on several cores.
 *
 * A task may begin when all those before it are finished. Of those that may, a core that is free
 * takes the one from which the way to the end costs most (the critical path), and keeps it until it
 * is finished or blocked. On m cores no such list takes more than 2 - 1/m times the shortest time:
 * R. Graham, "Bounds on multiprocessing timing anomalies", SIAM Journal on Applied Mathematics 17
 * (1969) 416-429. Ways are known when the graph is submitted, so tasks get ranks then, and those
 * that may begin are a set of ranks.
 */
#ifndef SCHEDULE_DAG_H
#define SCHEDULE_DAG_H

#include "bits.h"
#include "schedule.h"

#define DAG_NONE UINT32_MAX

enum dag_state { DAG_BEFORE, DAG_READY, DAG_RUNNING, DAG_DONE };

struct dag_task {
    uint32_t thread, cost;
    uint32_t missing;        /* tasks before it that are not finished */
    uint32_t edges, edge_count; /* where those after it begin in `after` */
    uint32_t rank;
    uint32_t core; /* while it runs */
    uint8_t state; /* enum dag_state */
    bool blocked;  /* not in the set, though it is ready */
};

struct dag {
    struct bits ready; /* ranks of tasks that no core has */
    uint32_t task_capacity, edge_capacity, cores;
    uint32_t task_count, unfinished;
    struct dag_task *tasks;
    uint32_t *after;   /* tasks, by the task before them */
    uint32_t *by_rank; /* tasks */
    uint32_t *running; /* by core: its task, or DAG_NONE */
    uint64_t *heap;    /* for sorting, when a graph is submitted */
};

/* Take the arrays of a graph that is empty. */
void dag_take(struct dag *dag, struct schedule_memory *memory, const struct schedule_shape *shape);

/*
 * Take a graph, which must not begin yet; the one before must be finished. Refuses with GRAPH_BUSY,
 * GRAPH_EMPTY, GRAPH_LARGE, GRAPH_EDGE, GRAPH_COST, GRAPH_CYCLE.
 */
enum schedule_status dag_prepare(struct dag *dag, const struct schedule_graph *graph);

/* Begin the graph that was taken. */
void dag_begin(struct dag *dag);

/* The task of a core's next slot, or DAG_NONE. */
uint32_t dag_next(struct dag *dag, uint32_t core);

/* May a task run, so that it can be finished? */
static inline bool dag_may_finish(const struct dag *dag, uint32_t task)
{
    return dag->tasks[task].state == DAG_READY || dag->tasks[task].state == DAG_RUNNING;
}

/* A task that may run is finished: those behind it may begin. Returns how many of these have nobody
   else to wait for. */
uint32_t dag_release(struct dag *dag, uint32_t task);

/* The thread of a task, which is not finished, is blocked, or ready again. */
void dag_block(struct dag *dag, uint32_t task, bool blocked);

/* Could the core run a task in its next slot? */
static inline bool dag_runnable(const struct dag *dag, uint32_t core)
{
    uint32_t task = dag->running[core];
    return (task != DAG_NONE && !dag->tasks[task].blocked) || dag->ready.top != 0;
}

bool dag_check(const struct dag *dag);

#endif
