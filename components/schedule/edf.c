/* SPDX-License-Identifier: MIT */
/*
 * edf: the earliest deadline first (C. Liu, J. Layland, "Scheduling algorithms for multiprogramming
 * in a hard-real-time environment", Journal of the ACM 20 (1973) 46-61), with reserved budgets.
 *
 * A thread with a budget has so many slots in each of its periods, before their deadlines, and no
 * more. It is admitted while the sum of budget / deadline is at most 1, so no deadline is missed by
 * who is ready when its period begins. One that wakes within a period goes on with what is left of
 * the budget when that is no more than its share of the time left, and otherwise with a new period
 * (the constant bandwidth server: L. Abeni, G. Buttazzo, RTSS 1998). Threads without a budget take
 * turns in what is left.
 *
 * What remains of a budget is a window, from now on or from when the period begins, to the
 * deadline: see windows.h, whose slots are counted from 1. What is said about a thread while its
 * window stands there is found out when it comes first: so nothing is ever searched for.
 */
#include <assert.h>

#include "ring.h"
#include "rules.h"
#include "windows.h"

/* Loads are counted in this fraction of the core, which most periods divide: lcm(1..16) * 1000. */
#define WHOLE UINT64_C(720720000)

enum edf_kind { ABSENT, BACKGROUND, RESERVED };

struct edf_thread {
    struct window window; /* first of all, so that it is the thread */
    uint8_t kind;
    bool placed; /* its window stands there; it may be left from before it was taken out */
    bool ready;
    uint32_t budget, period, deadline; /* in slots; the deadline from the period's begin */
    uint32_t remaining;                /* of the budget in this period */
    uint64_t deadline_at;              /* of this period */
    uint64_t release;                  /* when the next period may begin */
    uint64_t load;                     /* what was promised, in parts of WHOLE */
};

struct edf {
    struct schedule schedule;
    struct windows *windows;
    uint32_t placed_count;
    uint64_t load;  /* the sum, at most WHOLE */
    uint32_t first; /* of the ring of those without budgets that are ready */
    struct ring_link *links;
    struct edf_thread *threads;
};

static struct edf *edf_of(struct schedule *schedule)
{
    return (struct edf *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct edf *edf = schedule_take(memory, 1, sizeof *edf);
    struct edf_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    struct ring_link *links = schedule_take(memory, shape->threads, sizeof *links);
    struct windows *windows = windows_take_memory(memory, shape->threads);
    if (!edf)
        return NULL;
    for (uint32_t i = 0; i < shape->threads; i++)
        window_begin(&threads[i].window, i);
    edf->windows = windows;
    edf->threads = threads;
    edf->links = links;
    edf->first = RING_NONE;
    return &edf->schedule;
}

/* Slot 0 is the first one in windows, too, which count from 1. */
static inline uint64_t last_of(const struct edf_thread *thread)
{
    return thread->remaining > 0 ? thread->deadline_at : thread->release + thread->deadline;
}

static inline __attribute__((always_inline)) uint32_t put(struct edf *edf,
                                                          struct edf_thread *thread)
{
    thread->window.first = thread->remaining > 0 ? 0 : thread->release + 1;
    thread->window.last = last_of(thread);
    return windows_put(edf->windows, &thread->window);
}

static void place(struct edf *edf, struct edf_thread *thread)
{
    if (thread->placed)
        return;
    thread->placed = true;
    edf->placed_count++;
    put(edf, thread);
}

/* --- Threads --------------------------------------------------------------------------------- */

/* The slot from which on something can begin: `now`, unless that is given already. */
static uint64_t undecided(const struct edf *edf, uint64_t now)
{
    return now > edf->windows->slot ? now : edf->windows->slot;
}

/*
 * May a thread have these terms? Stores what is to be promised, and when the first period begins:
 * not before the end of the one that it has had, so that nobody has two budgets by coming anew.
 */
static enum schedule_status admit(const struct edf *edf, const struct edf_thread *thread,
                                  const struct schedule_terms *terms, uint64_t now, uint64_t *load,
                                  uint64_t *begin)
{
    uint32_t deadline = terms->deadline != 0 ? terms->deadline : terms->period;
    uint64_t earliest = undecided(edf, now);
    earliest = earliest > thread->release ? earliest : thread->release;
    *load = 0;
    *begin = earliest;
    if (terms->budget == 0)
        return SCHEDULE_OK;
    if (terms->period == 0)
        return SCHEDULE_PERIOD_ZERO;
    if (deadline > terms->period)
        return SCHEDULE_DEADLINE_RANGE;
    if (terms->budget > deadline)
        return SCHEDULE_BUDGET_LARGE;
    if (terms->first != 0) {
        if (terms->first >> SCHEDULE_SLOTS_BITS != 0)
            return SCHEDULE_DEADLINE_RANGE;
        if (terms->first < earliest + deadline)
            return SCHEDULE_DEADLINE_PAST;
        *begin = terms->first - deadline;
    }
    *load = (terms->budget * WHOLE + deadline - 1) / deadline;
    return *load > WHOLE - (edf->load - thread->load) ? SCHEDULE_OVERLOAD : SCHEDULE_OK;
}

static void settle(struct edf *edf, uint32_t index, const struct schedule_terms *terms,
                   uint64_t load, uint64_t begin)
{
    struct edf_thread *thread = &edf->threads[index];
    thread->kind = terms->budget == 0 ? BACKGROUND : RESERVED;
    if (thread->kind == BACKGROUND) {
        if (thread->ready)
            ring_push(edf->links, &edf->first, index);
        return;
    }
    thread->budget = terms->budget;
    thread->period = terms->period;
    thread->deadline = terms->deadline != 0 ? terms->deadline : terms->period;
    thread->release = begin;
    thread->load = load;
    edf->load += load;
    place(edf, thread);
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    uint64_t load, begin;
    if (edf->threads[index].kind != ABSENT)
        return SCHEDULE_PRESENT;
    enum schedule_status status = admit(edf, &edf->threads[index], terms, now, &load, &begin);
    if (status != SCHEDULE_OK)
        return status;
    edf->threads[index].ready = true;
    settle(edf, index, terms, load, begin);
    return SCHEDULE_OK;
}

static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    struct edf_thread *thread = &edf->threads[index];
    (void)now;
    if (thread->kind == ABSENT)
        return SCHEDULE_UNKNOWN;
    if (thread->kind == BACKGROUND && thread->ready)
        ring_take(edf->links, &edf->first, index);
    thread->kind = ABSENT;
    thread->remaining = 0;
    edf->load -= thread->load;
    thread->load = 0;
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    struct edf_thread *thread = &edf->threads[index];
    uint64_t load, begin;
    if (thread->kind == ABSENT)
        return SCHEDULE_UNKNOWN;
    enum schedule_status status = admit(edf, thread, terms, now, &load, &begin);
    if (status != SCHEDULE_OK)
        return status;
    take_out(schedule, index, now);
    settle(edf, index, terms, load, begin);
    return SCHEDULE_OK;
}

/* A period begins, as late as its thread came first; a window that is past is not asked for. */
static void begin_period(struct edf_thread *thread, uint64_t now)
{
    if (thread->release + thread->deadline <= now)
        thread->release = now;
    thread->deadline_at = thread->release + thread->deadline;
    thread->release += thread->period;
    thread->remaining = thread->budget;
}

/* May what remains of the budget be used until the deadline, or is that more than its share? */
static bool may_go_on(const struct edf_thread *thread, uint64_t now)
{
    return now < thread->deadline_at && (uint64_t)thread->remaining * thread->deadline <=
                                            (thread->deadline_at - now) * thread->budget;
}

static void wake(struct edf *edf, uint32_t index, uint64_t now)
{
    struct edf_thread *thread = &edf->threads[index];
    now = undecided(edf, now);
    if (thread->remaining > 0 && !may_go_on(thread, now)) {
        thread->release = now;
        begin_period(thread, now);
    } else if (thread->remaining == 0 && thread->release < now) {
        thread->release = now;
    }
    place(edf, thread);
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    struct edf_thread *thread = &edf->threads[index];
    if (thread->kind == ABSENT)
        return SCHEDULE_UNKNOWN;
    if (thread->ready == is_ready)
        return SCHEDULE_OK;
    thread->ready = is_ready;
    if (thread->kind == RESERVED && is_ready)
        wake(edf, index, now);
    else if (thread->kind == BACKGROUND && is_ready)
        ring_push(edf->links, &edf->first, index);
    else if (thread->kind == BACKGROUND)
        ring_take(edf->links, &edf->first, index);
    return SCHEDULE_OK;
}

static enum schedule_status finished(struct schedule *schedule, uint32_t index, uint64_t now)
{
    struct edf_thread *thread = &edf_of(schedule)->threads[index];
    (void)now;
    thread->remaining = 0;
    return thread->kind == ABSENT ? SCHEDULE_UNKNOWN : SCHEDULE_OK;
}

/* --- The next slot --------------------------------------------------------------------------- */

/* The window that came first does not get the slot: its thread is not what it was. */
static void put_right(struct edf *edf, struct edf_thread *thread)
{
    if (thread->kind == RESERVED && (thread->ready || thread->remaining == 0) &&
        (thread->remaining > 0 || thread->release >= edf->windows->slot ||
         (thread->ready && thread->window.last != last_of(thread)))) {
        put(edf, thread);
        return;
    }
    thread->placed = false;
    edf->placed_count--;
}

/* Is the thread, whose window came first, to have this slot? */
static inline bool in_order(const struct edf *edf, const struct edf_thread *thread)
{
    return thread->kind == RESERVED && thread->ready && thread->window.last == last_of(thread) &&
           (thread->remaining > 0 || thread->release < edf->windows->slot);
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    (void)core;
    assert(now >> SCHEDULE_SLOTS_BITS == 0);
    if (edf->windows->slot != now)
        windows_skip(edf->windows, now);
    for (;;) {
        struct edf_thread *thread = (struct edf_thread *)windows_next_usual(edf->windows);
        if (!thread)
            thread = (struct edf_thread *)windows_next(edf->windows);
        if (!thread)
            break;
        if (__builtin_expect(!in_order(edf, thread), 0)) {
            put_right(edf, thread);
            edf->windows->slot--; /* the slot is not given yet */
            continue;
        }
        if (thread->remaining == 0)
            begin_period(thread, now);
        thread->remaining--;
        return put(edf, thread);
    }
    return edf->first == RING_NONE ? SCHEDULE_NOBODY : ring_turn(edf->links, &edf->first);
}

/* The deadline of its period, which has begun; those without a budget come last. */
static uint64_t urgency(const struct schedule *schedule, uint32_t index)
{
    const struct edf_thread *thread = &((const struct edf *)schedule)->threads[index];
    return thread->kind == RESERVED ? thread->deadline_at : UINT64_MAX;
}

static bool thread_check(const struct edf_thread *thread)
{
    if (thread->kind != RESERVED)
        return thread->load == 0 && thread->remaining == 0;
    return thread->load > 0 && thread->remaining <= thread->budget &&
           (thread->placed || !thread->ready);
}

static bool check(const struct schedule *schedule)
{
    const struct edf *edf = (const struct edf *)schedule;
    uint32_t threads = schedule->shape.threads, placed = 0, background = 0;
    uint64_t load = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct edf_thread *thread = &edf->threads[i];
        if (!thread_check(thread))
            return false;
        placed += thread->placed;
        background += thread->kind == BACKGROUND && thread->ready;
        load += thread->load;
    }
    return load == edf->load && load <= WHOLE && placed == edf->placed_count &&
           windows_check(edf->windows, placed) &&
           ring_count(edf->links, edf->first, threads) == background;
}

const struct schedule_rule rule_edf = {
    .name = "edf",
    .eager = true,
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .finished = finished,
    .next = next,
    .urgency = urgency,
    .check = check,
};
