/* SPDX-License-Identifier: MIT */
/*
 * schedule: what all rules have in common, so that one program can run any of them, and put another
 * in its place while it runs.
 *
 * A rule says who gets the next slot of a core. It takes no memory but what it is given, keeps no
 * global state, calls nobody, and computes with integers alone. Threads are named by numbers below
 * the shape's `threads`: a component takes the indices of the core's table. Time is counted in
 * slots; `now` is the number of the slot that is decided or has begun, and never goes back.
 *
 * An instance serves one core; those of rules that are `shared` may serve several. A thread stays
 * on its core. What is refused changes nothing.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCHEDULE_THREADS_MAX = 16384, /* as many as a core's table has places */
    SCHEDULE_TASKS_MAX = 65536,   /* in a graph, as well as edges times 1/4 */
    SCHEDULE_CORES_MAX = 64,
    SCHEDULE_PRIORITIES = 64,     /* 0 is the most urgent */
    SCHEDULE_WEIGHT_BITS = 48,    /* the sum of n weights, times 2n - 2, is below 2^48 */
    SCHEDULE_SLOTS_BITS = 48,     /* a slot's number is below 2^48: 8 years of microseconds */
};
#define SCHEDULE_NOBODY UINT32_MAX /* the slot stays free */

/* Why something was refused. */
enum schedule_status {
    SCHEDULE_OK,
    SCHEDULE_FULL,
    SCHEDULE_UNKNOWN,
    SCHEDULE_PRESENT,
    SCHEDULE_UNSUPPORTED,
    SCHEDULE_WEIGHT_ZERO,
    SCHEDULE_WEIGHT_NEGATIVE,
    SCHEDULE_WEIGHT_OVERFLOW,
    SCHEDULE_PRIORITY_RANGE,
    SCHEDULE_PERIOD_ZERO,
    SCHEDULE_BUDGET_LARGE,
    SCHEDULE_DEADLINE_RANGE,
    SCHEDULE_DEADLINE_PAST,
    SCHEDULE_OVERLOAD,
    SCHEDULE_GRAPH_EMPTY,
    SCHEDULE_GRAPH_LARGE,
    SCHEDULE_GRAPH_CYCLE,
    SCHEDULE_GRAPH_EDGE,
    SCHEDULE_GRAPH_COST,
    SCHEDULE_GRAPH_BUSY,
    SCHEDULE_STATUS_COUNT,
};

/* One sentence on a status, for people. */
const char *schedule_status_text(enum schedule_status status);

/* What a thread asks for. Each rule looks at what it knows, and at nothing else. */
struct schedule_terms {
    int64_t weight;    /* beatty, beatty_dag: its share is weight / sum of the weights */
    uint32_t priority; /* priority: below SCHEDULE_PRIORITIES, 0 first */
    /* edf: `budget` slots in each period, until `deadline` slots after its begin; 0: the period's
       end. Without a budget it gets what the others leave. */
    uint32_t budget, period, deadline;
    uint64_t first; /* edf: the slot at which the first deadline is; 0: as soon as can be */
    uint32_t core;  /* rules that are shared: where it is, below the shape's `cores`; it stays */
};

/* A task of a graph: what a thread does once. */
struct schedule_task {
    uint32_t thread; /* who does it; SCHEDULE_NOBODY: whoever claims it */
    uint32_t cost;   /* slots that it is expected to take, at least 1 */
    uint32_t core;   /* of the thread */
};

/* Task `after` begins when task `before` is finished; places in the graph's array. */
struct schedule_edge {
    uint32_t before, after;
};

struct schedule_graph {
    const struct schedule_task *tasks;
    const struct schedule_edge *edges;
    uint64_t task_count, edge_count;
    uint32_t family; /* beatty_dag: below the shape's `families`; dag: 0 */
    int64_t weight;  /* beatty_dag: the family's */
};

/* How much an instance has room for. The last three matter to graphs alone and may be 0. */
struct schedule_shape {
    uint32_t threads, cores, tasks, edges, families;
};

/* A run of memory from which a rule takes its arrays when it starts. */
struct schedule_memory {
    unsigned char *next; /* null: only count */
    size_t bytes;        /* taken so far */
};

/* An instance; each rule has more behind it. */
struct schedule {
    const struct schedule_rule *rule;
    struct schedule_shape shape;
};

/* The functions of a rule; what they do is said with those below that call them. */
struct schedule_rule {
    const char *name;
    bool shared; /* one instance may serve several cores */
    bool eager;  /* it gives all slots to few threads at a time, so it matters who is ready now */
    struct schedule *(*start)(struct schedule_memory *memory, const struct schedule_shape *shape);
    enum schedule_status (*add)(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now);
    enum schedule_status (*change)(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now);
    enum schedule_status (*remove)(struct schedule *schedule, uint32_t index, uint64_t now);
    enum schedule_status (*ready)(struct schedule *schedule, uint32_t index, bool ready,
                                  uint64_t now);
    enum schedule_status (*finished)(struct schedule *schedule, uint32_t index, uint64_t now);
    enum schedule_status (*submit)(struct schedule *schedule, const struct schedule_graph *graph,
                                   uint64_t now);
    enum schedule_status (*claim)(struct schedule *schedule, uint32_t index, uint32_t family,
                                  uint32_t *task);
    uint32_t (*next)(struct schedule *schedule, uint32_t core, uint64_t now);
    uint64_t (*urgency)(const struct schedule *schedule, uint32_t index);
    bool (*check)(const struct schedule *schedule);
};

/* Every rule; the list ends with null. */
extern const struct schedule_rule *const schedule_rules[];

/* The rule of a name, or null. */
const struct schedule_rule *schedule_rule_find(const char *name);

/*
 * The bytes that an instance needs; 0 when the shape has no thread, no core, or more than the
 * maxima above; threads and families together are at most SCHEDULE_THREADS_MAX.
 */
size_t schedule_bytes(const struct schedule_rule *rule, const struct schedule_shape *shape);

/* Make an instance without threads in `memory`: schedule_bytes() bytes, aligned to 16. */
struct schedule *schedule_start(const struct schedule_rule *rule,
                                const struct schedule_shape *shape, void *memory);

/* Add a thread, which is ready. UNKNOWN: its index is not below the shape's `threads`, or its core
   not below `cores`. */
enum schedule_status schedule_add(struct schedule *schedule, uint32_t index,
                                  const struct schedule_terms *terms, uint64_t now);

/* Give a thread other terms. */
enum schedule_status schedule_change(struct schedule *schedule, uint32_t index,
                                     const struct schedule_terms *terms, uint64_t now);

/*
 * Take a thread out. With beatty it leaves when its lag is zero: until then it may still be named,
 * and can be added again as who it was.
 */
enum schedule_status schedule_remove(struct schedule *schedule, uint32_t index, uint64_t now);

/* A thread is blocked, and not to be named, or is ready again. May say what is known already. With
   beatty it leaves and comes, as for schedule_remove(). */
enum schedule_status schedule_ready(struct schedule *schedule, uint32_t index, bool ready,
                                    uint64_t now);

/*
 * A thread has done its task, so that the tasks behind it may begin, or its job, so that it needs
 * no more of its budget in this period. Other rules take no notice. GRAPH_BUSY: a task that may not
 * begin yet.
 */
enum schedule_status schedule_finished(struct schedule *schedule, uint32_t index, uint64_t now);

/*
 * Run a graph, of which a copy is made. A task that does not wait to be claimed has a thread of its
 * own, which was not added (PRESENT) and is unknown again when its task is finished. A family has
 * one graph at a time: GRAPH_BUSY.
 */
enum schedule_status schedule_submit(struct schedule *schedule, const struct schedule_graph *graph,
                                     uint64_t now);

/*
 * A thread that was added (UNKNOWN) claims a task of a family: the first that may begin becomes its
 * own. `task` is then that one's place in the graph; or SCHEDULE_NOBODY: there is none.
 */
enum schedule_status schedule_claim(struct schedule *schedule, uint32_t index, uint32_t family,
                                    uint32_t *task);

/* Who gets the slot `now` of a core, or SCHEDULE_NOBODY. */
static inline uint32_t schedule_next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    return schedule->rule->next(schedule, core, now);
}

/*
 * How urgent the slot is that a thread was given last: less is sooner. So whoever decides ahead can
 * put the slots of a thread that woke meanwhile before those that were decided already. Only of
 * rules that have this function: those by which a thread that wakes may be the next one at once.
 */
static inline uint64_t schedule_urgency(const struct schedule *schedule, uint32_t index)
{
    return schedule->rule->urgency(schedule, index);
}

/* Is the instance in order? Long: for tests and debug builds. */
bool schedule_check(const struct schedule *schedule);

/* --- For the rules --------------------------------------------------------------------------- */

/*
 * Take `count` elements of `bytes` bytes each, aligned for any of them and filled with zeros.
 * Returns null when the memory only counts.
 */
void *schedule_take(struct schedule_memory *memory, size_t count, size_t bytes);

/*
 * Divide `dividend` times 2^bits by `divisor`, both below 2^48, the divisor above 0. The quotient
 * must fit in 64 bits. Stores the remainder and returns the quotient.
 */
uint64_t schedule_divide(uint64_t dividend, unsigned bits, uint64_t divisor, uint64_t *remainder);

/* Is a weight one? OK, WEIGHT_ZERO, WEIGHT_NEGATIVE or WEIGHT_OVERFLOW. */
enum schedule_status schedule_weight_check(int64_t weight);

#endif
