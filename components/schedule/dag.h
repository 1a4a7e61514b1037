/* SPDX-License-Identifier: MIT */
/*
 * dag: the tasks of a graph, the longest way to the end first, on several cores.
 *
 * A task may begin when all those before it are finished. Of those that may, a thread that is free
 * claims the one from which the way to the end costs most (the critical path), and its core keeps
 * it until it is finished or blocked. On m cores no such list takes more than 2 - 1/m times the
 * shortest time: R. Graham, "Bounds on multiprocessing timing anomalies", SIAM Journal on Applied
 * Mathematics 17 (1969) 416-429. A task with a thread of its own from the beginning waits for the
 * core of that, so there the bound holds on one core only. Ways are known when the graph is
 * submitted, so tasks get ranks then, and those that may begin are sets of ranks.
 */
#ifndef SCHEDULE_DAG_H
#define SCHEDULE_DAG_H

#include "bits.h"
#include "schedule.h"

#define DAG_NONE UINT32_MAX

enum dag_state { DAG_BEFORE, DAG_READY, DAG_RUNNING, DAG_DONE };

struct dag_task {
    uint32_t thread, cost; /* the thread: SCHEDULE_NOBODY until it is claimed */
    uint32_t missing;        /* tasks before it that are not finished */
    uint32_t edges, edge_count; /* where those after it begin in `after` */
    uint32_t rank;
    uint32_t core; /* of its thread; dag.cores as long as that is nobody */
    uint8_t state; /* enum dag_state */
    bool blocked;  /* not in a set, though it is ready */
};

struct dag {
    /* Ranks of tasks that no core has: by the core that they are for, and at last those that are
       to be claimed. */
    struct bits *ready;
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

/* A thread on a core does the first task that is to be claimed. Returns it, or DAG_NONE: there is
   none. */
uint32_t dag_claim(struct dag *dag, uint32_t thread, uint32_t core);

/* How many unfinished tasks have a thread? For checks. */
uint32_t dag_owned(const struct dag *dag);

/* A task is finished: those behind it that have nobody else to wait for may begin. Returns false if
   it may not run, so that it cannot be. */
bool dag_release(struct dag *dag, uint32_t task);

/* The thread of a task, which is not finished, is blocked, or ready again. */
void dag_block(struct dag *dag, uint32_t task, bool blocked);

/* Could the core run a task in its next slot? */
static inline bool dag_runnable(const struct dag *dag, uint32_t core)
{
    uint32_t task = dag->running[core];
    return (task != DAG_NONE && !dag->tasks[task].blocked) || dag->ready[core].top != 0;
}

bool dag_check(const struct dag *dag);

#endif
