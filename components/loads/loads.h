/* SPDX-License-Identifier: MIT */
/*
 * loads: sets of tasks, to compare rules of scheduling by. All times are in slots. Nothing here
 * depends on what a rule decides: the n-th sleep and the n-th job of a thread are always the same.
 */
#ifndef LOADS_H
#define LOADS_H

#include <stdbool.h>
#include <stdint.h>

#include "random.h"
#include "schedule.h"

enum load_kind { LOAD_CPU, LOAD_INTERACTIVE, LOAD_PERIODIC, LOAD_GRAPH, LOADS };

enum {
    LOAD_THREADS = 300,
    LOAD_FAMILIES = 2,
    LOAD_TASKS = LOAD_THREADS / LOAD_FAMILIES, /* of each family */
    LOAD_EDGES = 2 * LOAD_TASKS,
};

extern const char *const load_names[LOADS];

struct load_thread {
    struct schedule_terms terms;
    bool bound;      /* it always wants to run; otherwise it has jobs, and sleeps between them */
    uint32_t job;    /* slots of its job in each period, or of its task; 0: they vary */
    uint32_t period; /* from the start on; 0: it sleeps for a time that varies */
    struct random numbers;
};

struct load {
    enum load_kind kind;
    uint32_t count; /* of threads */
    struct load_thread threads[LOAD_THREADS];
    /* The graph, if it is one: task i is thread i's, and an edge names the tasks by these. */
    struct schedule_task tasks[LOAD_THREADS];
    struct schedule_edge edges[LOAD_FAMILIES * LOAD_EDGES];
};

/* Make a load, from the start. */
void load_make(struct load *load, enum load_kind kind);

/* Of a thread without a period: the slots that it sleeps for before its next job, and before its
 * first one; and those of its next job. To be asked in turn. */
uint32_t load_sleep_first(struct load_thread *thread);
uint32_t load_sleep(struct load_thread *thread);
uint32_t load_burst(struct load_thread *thread);

/*
 * The graph as a rule takes it: that of one family, or, where `family` is LOAD_FAMILIES, both as
 * one. `edges` is room for those of the result, LOAD_FAMILIES * LOAD_EDGES; the tasks are the
 * load's.
 */
struct schedule_graph load_graph(const struct load *load, uint32_t family,
                                 struct schedule_edge *edges);

/* The fewest slots in which so many cores can do the graph: the longest way through it, or all its
 * cost divided by them. */
uint64_t load_graph_least(const struct load *load, uint32_t cores);

#endif
