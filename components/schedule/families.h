/* SPDX-License-Identifier: MIT */
/*
 * families: what `dag` and `beatty_dag` have in common: families of tasks, each with its graph, the
 * threads that do them, and the threads beside, which take turns on their cores.
 *
 * A thread stays on its core. A task has a thread of its own from the beginning, or gets the one
 * that claims it, for as long as it takes.
 */
#ifndef SCHEDULE_FAMILIES_H
#define SCHEDULE_FAMILIES_H

#include "dag.h"
#include "ring.h"

enum family_role { FAMILY_ABSENT, FAMILY_BESIDE, FAMILY_TASK };

struct family_thread {
    uint8_t role;
    bool ready;
    uint32_t core;         /* of one that is beside */
    uint32_t family, task; /* of one that does a task */
};

/* What the instances of both rules begin with. */
struct families {
    struct schedule schedule;
    uint32_t count;
    struct dag *dags;
    uint32_t *first; /* by core: the ring of those beside who are ready */
    struct ring_link *links;
    struct family_thread *threads;
};

static inline struct families *families_of(struct schedule *schedule)
{
    return (struct families *)schedule;
}

/* Take an instance of `bytes` bytes for so many families, and what the families need. Returns null
 * when the memory only counts. */
struct families *families_take(struct schedule_memory *memory, const struct schedule_shape *shape,
                               size_t bytes, uint32_t count);

/* A thread comes, beside, or goes; it was not there, or is beside. */
void families_add(struct families *families, uint32_t index, uint32_t core);
void families_remove(struct families *families, uint32_t index);

/* A thread that is there is ready, or not, which it was not said to be before. */
void families_ready(struct families *families, uint32_t index, bool ready);

/*
 * Take a graph, which must not begin yet, and its threads, which must not be there yet. Refuses
 * with UNKNOWN, PRESENT and what dag_prepare() refuses with.
 */
enum schedule_status families_prepare(struct families *families,
                                      const struct schedule_graph *graph);

/* Its threads are not there any more. */
void families_forget(struct families *families, const struct schedule_graph *graph,
                     uint64_t count);

/* See schedule_claim() and schedule_finished(). */
enum schedule_status families_claim(struct families *families, uint32_t index, uint32_t family,
                                    uint32_t *task);
enum schedule_status families_finished(struct families *families, uint32_t index);

/* The next one beside on a core, or SCHEDULE_NOBODY. */
static inline uint32_t families_turn(const struct families *families, uint32_t core)
{
    return families->first[core] == RING_NONE
               ? SCHEDULE_NOBODY
               : ring_turn(families->links, &families->first[core]);
}

bool families_check(const struct families *families);

#endif
