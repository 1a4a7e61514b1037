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
 * A thread is in one heap at most. What is said about it while it is there is found out when it
 * comes first: so no heap is ever searched.
 */
#include <assert.h>

#include "key_heap.h"
#include "ring.h"
#include "rules.h"

enum { INDEX_BITS = 14 };
_Static_assert(SCHEDULE_THREADS_MAX <= 1 << INDEX_BITS, "an index has its bits");
_Static_assert(SCHEDULE_SLOTS_BITS + INDEX_BITS + 1 < 64, "a key has all of a time");
/* Loads are counted in this fraction of the core, which most periods divide: lcm(1..16) * 1000. */
#define WHOLE UINT64_C(720720000)

enum edf_kind { ABSENT, BACKGROUND, RESERVED };
enum edf_place { NOWHERE, URGENT, WAITING };

struct edf_thread {
    uint8_t kind, place; /* the place may be left from before it was taken out */
    bool ready;
    uint32_t budget, period, deadline; /* in slots; the deadline from the period's begin */
    uint32_t remaining;                /* of the budget in this period */
    uint64_t deadline_at;              /* of this period */
    uint64_t release;                  /* when the next period may begin */
    uint64_t load;                     /* what was promised, in parts of WHOLE */
};

struct edf {
    struct schedule schedule;
    uint64_t *urgent;  /* heap of deadlines */
    uint64_t *waiting; /* heap of releases */
    uint32_t urgent_count, waiting_count;
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
    uint64_t *urgent = schedule_take(memory, key_heap_words(shape->threads), sizeof *urgent);
    uint64_t *waiting = schedule_take(memory, key_heap_words(shape->threads), sizeof *waiting);
    struct edf_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    struct ring_link *links = schedule_take(memory, shape->threads, sizeof *links);
    if (!edf)
        return NULL;
    key_heap_clear(urgent, shape->threads);
    key_heap_clear(waiting, shape->threads);
    edf->urgent = urgent;
    edf->waiting = waiting;
    edf->threads = threads;
    edf->links = links;
    edf->first = RING_NONE;
    return &edf->schedule;
}

static inline uint64_t key_of(uint64_t time, uint32_t index)
{
    return time << INDEX_BITS | index;
}

static inline uint32_t index_of(uint64_t key)
{
    return key % (1u << INDEX_BITS);
}

static void put_urgent(struct edf *edf, uint32_t index)
{
    struct edf_thread *thread = &edf->threads[index];
    thread->place = URGENT;
    key_heap_push(edf->urgent, ++edf->urgent_count, key_of(thread->deadline_at, index));
}

static void put_waiting(struct edf *edf, uint32_t index)
{
    struct edf_thread *thread = &edf->threads[index];
    thread->place = WAITING;
    key_heap_push(edf->waiting, ++edf->waiting_count, key_of(thread->release, index));
}

/* --- Threads --------------------------------------------------------------------------------- */

/*
 * May a thread have these terms? Stores what is to be promised, and when the first period begins:
 * not before the end of the one that it has had, so that nobody has two budgets by coming anew.
 */
static enum schedule_status admit(const struct edf *edf, const struct edf_thread *thread,
                                  const struct schedule_terms *terms, uint64_t now, uint64_t *load,
                                  uint64_t *begin)
{
    uint32_t deadline = terms->deadline != 0 ? terms->deadline : terms->period;
    uint64_t earliest = now > thread->release ? now : thread->release;
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
    if (thread->place == NOWHERE)
        put_waiting(edf, index);
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

static void begin_period(struct edf_thread *thread, uint64_t now)
{
    /* One that is late does not ask for what is past. */
    if (thread->release < now)
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
    if (thread->remaining > 0 && !may_go_on(thread, now)) {
        thread->release = now;
        begin_period(thread, now);
    } else if (thread->remaining == 0 && thread->release < now) {
        thread->release = now;
    }
    if (thread->place == NOWHERE && thread->remaining > 0)
        put_urgent(edf, index);
    else if (thread->place == NOWHERE)
        put_waiting(edf, index);
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

/* Periods begin, of those whose time has come. */
static void release_all(struct edf *edf, uint64_t now)
{
    while (edf->waiting[1] < key_of(now + 1, 0)) {
        uint32_t index = index_of(edf->waiting[1]);
        struct edf_thread *thread = &edf->threads[index];
        key_heap_pop(edf->waiting, edf->waiting_count--);
        thread->place = NOWHERE;
        if (thread->kind != RESERVED)
            continue;
        if (thread->release > now) {
            put_waiting(edf, index); /* it came anew, to begin later */
        } else if (thread->ready) {
            begin_period(thread, now);
            put_urgent(edf, index);
        }
    }
}

/* The first one in `urgent` does not get the slot: it is no more what it was. */
static void put_right(struct edf *edf, uint32_t index)
{
    struct edf_thread *thread = &edf->threads[index];
    if (thread->kind == RESERVED && thread->ready && thread->remaining > 0) {
        key_heap_replace(edf->urgent, key_of(thread->deadline_at, index));
        return;
    }
    key_heap_pop(edf->urgent, edf->urgent_count--);
    thread->place = NOWHERE;
    if (thread->kind == RESERVED && thread->remaining == 0)
        put_waiting(edf, index);
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct edf *edf = edf_of(schedule);
    (void)core;
    assert(now >> SCHEDULE_SLOTS_BITS == 0);
    if (edf->waiting[1] < key_of(now + 1, 0))
        release_all(edf, now);
    while (edf->urgent_count > 0) {
        uint32_t index = index_of(edf->urgent[1]);
        struct edf_thread *thread = &edf->threads[index];
        if (thread->remaining == 0 || !thread->ready || thread->kind != RESERVED ||
            edf->urgent[1] != key_of(thread->deadline_at, index)) {
            put_right(edf, index);
            continue;
        }
        if (--thread->remaining == 0)
            put_right(edf, index);
        return index;
    }
    return edf->first == RING_NONE ? SCHEDULE_NOBODY : ring_turn(edf->links, &edf->first);
}

static bool thread_check(const struct edf_thread *thread)
{
    if (thread->kind != RESERVED)
        return thread->load == 0 && thread->remaining == 0;
    return thread->load > 0 && thread->remaining <= thread->budget &&
           (thread->place != NOWHERE || !thread->ready);
}

static bool check(const struct schedule *schedule)
{
    const struct edf *edf = (const struct edf *)schedule;
    uint32_t threads = schedule->shape.threads, urgent = 0, waiting = 0, background = 0;
    uint64_t load = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct edf_thread *thread = &edf->threads[i];
        if (!thread_check(thread))
            return false;
        urgent += thread->place == URGENT;
        waiting += thread->place == WAITING;
        background += thread->kind == BACKGROUND && thread->ready;
        load += thread->load;
    }
    return load == edf->load && load <= WHOLE && urgent == edf->urgent_count &&
           waiting == edf->waiting_count &&
           key_heap_check(edf->urgent, edf->urgent_count, threads) &&
           key_heap_check(edf->waiting, edf->waiting_count, threads) &&
           ring_count(edf->links, edf->first, threads) == background;
}

const struct schedule_rule rule_edf = {
    .name = "edf",
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .finished = finished,
    .next = next,
    .check = check,
};
