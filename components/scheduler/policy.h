/* SPDX-License-Identifier: MIT */
/*
 * policy: the threads of one or more cores with their terms, and the rule that decides among them
 * now.
 *
 * The terms belong to the policy, so that another rule can go on with them. A thread that the rule
 * refuses is still known: the player gives it turns beside. So are those whose tasks wait in a
 * graph not: they run when the rule says so.
 */
#ifndef SCHEDULER_POLICY_H
#define SCHEDULER_POLICY_H

#include "schedule.h"

enum { POLICY_PRIORITY = 32 }; /* of a thread for which nobody said another */

__extension__ typedef unsigned __int128 policy_time; /* in slots by weight, times 2^64 */

struct policy_thread {
    struct schedule_terms terms;
    bool known;
    bool ready;
    bool task;                    /* of a graph, and not finished */
    bool begun;                   /* it has claimed the task, or the rule has named it since */
    uint32_t number;              /* the task's place in the graph */
    enum schedule_status refused; /* by the rule; OK: it has the thread */
    uint64_t slots;               /* that the rule gave it since it is used */
    policy_time begin;            /* when its lag was `lag`; */
    int64_t lag;                  /* in 1/1000 slot */
    uint64_t lag_slots;           /* what `slots` was then */
};

/* Sets of threads, a bit for each. */
enum policy_set_name {
    POLICY_KNOWN,
    POLICY_READY, /* known and ready */
    POLICY_TURN,  /* known, but no task that has not begun: tasks begin when the rule says so */
    POLICY_LEFT,  /* of these, whom the rule leaves out, since it is not ready or refused */
    POLICY_APART, /* of these, who is not ready or has no task: left out while there is a graph */
    POLICY_SETS,
};

/* Of the threads on one core. */
struct policy_core {
    uint64_t *sets[POLICY_SETS];
    uint64_t now;     /* the slot that is decided next */
    policy_time time; /* what a weight of 1 would have got */
    uint64_t weights; /* of those who are ready and whom the rule has */
    uint32_t number;
    uint32_t tasks; /* threads with a task that is not finished */
    uint32_t last;  /* who has the slot that was decided last, or SCHEDULE_NOBODY */
};

struct policy {
    struct schedule *schedule;
    struct schedule_shape shape;
    struct policy_thread *threads;
    struct policy_core *cores;
    void *instance;       /* memory for the instance of any rule */
    uint64_t weights_all; /* of all threads that are known */
    uint32_t count;       /* of threads that are known */
};

/* Words of a set of so many threads. */
static inline uint32_t policy_words(uint32_t threads)
{
    return (threads + 63) / 64;
}

/* Can the rule have so many cores? */
static inline bool policy_may_use(const struct schedule_rule *rule, uint32_t cores)
{
    return rule->shared || cores == 1;
}

/* The bytes that a policy needs, whatever its rule; 0 when the shape is none. */
size_t policy_bytes(const struct schedule_shape *shape);

/* Start without threads in `memory`: policy_bytes() bytes of zeros, aligned to 16. */
void policy_start(struct policy *policy, const struct schedule_shape *shape,
                  const struct schedule_rule *rule, void *memory);

/*
 * Go on by another rule, which may be used. Threads keep their terms; what counts by slots begins
 * anew; tasks that were not finished are dropped, and their threads are as all others.
 */
void policy_use(struct policy *policy, const struct schedule_rule *rule);

/* Give a thread terms; it comes when it is not known yet, and then stays on its core. What is
 * refused changes nothing. */
enum schedule_status policy_set(struct policy *policy, uint32_t index,
                                const struct schedule_terms *terms);

/* The thread is not known any more. */
enum schedule_status policy_remove(struct policy *policy, uint32_t index);

/* Run a graph. Its threads are in it, and nowhere else, until their tasks are finished. */
enum schedule_status policy_submit(struct policy *policy, const struct schedule_graph *graph);

/* See schedule_claim(). A thread that has a task is told which. */
enum schedule_status policy_claim(struct policy *policy, uint32_t index, uint32_t family,
                                  uint32_t *task);

/* See schedule_finished(). A thread whose task is finished is as all others again. */
enum schedule_status policy_finished(struct policy *policy, uint32_t index);

/* A thread is ready to run, or not. */
void policy_ready(struct policy *policy, uint32_t index, bool ready);

/* Who gets the next slot of a core, at the earliest slot number `at`, or SCHEDULE_NOBODY. */
uint32_t policy_next(struct policy *policy, struct policy_core *core, uint64_t at);

/* Is the slot of the core that was decided last for a task? */
static inline bool policy_works(const struct policy *policy, const struct policy_core *core)
{
    return core->last != SCHEDULE_NOBODY && policy->threads[core->last].task;
}

/* The next thread of a set of a core behind `after`, in a circle; SCHEDULE_NOBODY when it is
 * empty. */
uint32_t policy_behind(const struct policy *policy, const uint64_t *set, uint32_t after);

/* What the thread's weight would have given it while it was ready, less what it got; in 1/1000. */
int64_t policy_lag(const struct policy *policy, uint32_t index);

/* Is what is counted right, and the rule's instance in order? Long: for tests and debug builds. */
bool policy_check(const struct policy *policy);

#endif
