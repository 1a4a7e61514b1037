/* SPDX-License-Identifier: MIT */
/*
 * levels: fixed priorities. Each level is a ring of the threads that are ready, of which one after
 * the other gets a slot; a level has its turn while those before it are empty. Round robin is the
 * same with one level. A decision and a change take constant time.
 */
#include <assert.h>

#include "ring.h"
#include "rules.h"

enum { NONE = SCHEDULE_PRIORITIES }; /* the level of a thread that is not there */

struct levels_thread {
    uint8_t level;
    bool ready; /* in the ring of its level */
};

struct levels {
    struct schedule schedule;
    uint64_t occupied; /* a bit for each level that is not empty */
    uint32_t first[SCHEDULE_PRIORITIES];
    struct ring_link *links;
    struct levels_thread *threads;
};

static struct levels *levels_of(struct schedule *schedule)
{
    return (struct levels *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct levels *levels = schedule_take(memory, 1, sizeof *levels);
    struct levels_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    struct ring_link *links = schedule_take(memory, shape->threads, sizeof *links);
    if (!levels)
        return NULL;
    levels->threads = threads;
    levels->links = links;
    for (uint32_t i = 0; i < shape->threads; i++)
        threads[i].level = NONE;
    for (uint32_t i = 0; i < SCHEDULE_PRIORITIES; i++)
        levels->first[i] = RING_NONE;
    return &levels->schedule;
}

static void link(struct levels *levels, uint32_t index)
{
    struct levels_thread *thread = &levels->threads[index];
    assert(!thread->ready);
    thread->ready = true;
    ring_push(levels->links, &levels->first[thread->level], index);
    levels->occupied |= UINT64_C(1) << thread->level;
}

static void unlink(struct levels *levels, uint32_t index)
{
    struct levels_thread *thread = &levels->threads[index];
    assert(thread->ready);
    thread->ready = false;
    ring_take(levels->links, &levels->first[thread->level], index);
    if (levels->first[thread->level] == RING_NONE)
        levels->occupied &= ~(UINT64_C(1) << thread->level);
}

/* The level that the terms ask for; NONE when there is no such. */
static uint8_t level_of(const struct levels *levels, const struct schedule_terms *terms)
{
    if (levels->schedule.rule == &rule_round_robin)
        return 0;
    return terms->priority < SCHEDULE_PRIORITIES ? (uint8_t)terms->priority : NONE;
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct levels *levels = levels_of(schedule);
    (void)now;
    if (levels->threads[index].level != NONE)
        return SCHEDULE_PRESENT;
    uint8_t level = level_of(levels, terms);
    if (level == NONE)
        return SCHEDULE_PRIORITY_RANGE;
    levels->threads[index].level = level;
    link(levels, index);
    return SCHEDULE_OK;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    struct levels *levels = levels_of(schedule);
    struct levels_thread *thread = &levels->threads[index];
    uint8_t level = level_of(levels, terms);
    (void)now;
    if (thread->level == NONE)
        return SCHEDULE_UNKNOWN;
    if (level == NONE)
        return SCHEDULE_PRIORITY_RANGE;
    bool ready = thread->ready;
    if (ready && level != thread->level) {
        unlink(levels, index);
        thread->level = level;
        link(levels, index);
    }
    thread->level = level;
    return SCHEDULE_OK;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct levels *levels = levels_of(schedule);
    struct levels_thread *thread = &levels->threads[index];
    (void)now;
    if (thread->level == NONE)
        return SCHEDULE_UNKNOWN;
    if (is_ready && !thread->ready)
        link(levels, index);
    if (!is_ready && thread->ready)
        unlink(levels, index);
    return SCHEDULE_OK;
}

static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    enum schedule_status status = ready(schedule, index, false, now);
    levels_of(schedule)->threads[index].level = NONE;
    return status;
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct levels *levels = levels_of(schedule);
    (void)core;
    (void)now;
    if (levels->occupied == 0)
        return SCHEDULE_NOBODY;
    unsigned level = (unsigned)__builtin_ctzll(levels->occupied);
    return ring_turn(levels->links, &levels->first[level]);
}

static uint64_t urgency(const struct schedule *schedule, uint32_t index)
{
    return ((const struct levels *)schedule)->threads[index].level;
}

/* Is each ready thread in the ring of its level, and nobody else? */
static bool check(const struct schedule *schedule)
{
    const struct levels *levels = (const struct levels *)schedule;
    uint32_t threads = schedule->shape.threads, ready_count = 0, counted = 0;
    for (uint32_t i = 0; i < threads; i++) {
        const struct levels_thread *thread = &levels->threads[i];
        ready_count += thread->ready;
        if (thread->ready && levels->threads[levels->links[i].next].level != thread->level)
            return false;
    }
    for (unsigned level = 0; level < SCHEDULE_PRIORITIES; level++) {
        uint32_t first = levels->first[level];
        if ((levels->occupied >> level & 1) != (first != RING_NONE) ||
            (first != RING_NONE && levels->threads[first].level != level))
            return false;
        counted += ring_count(levels->links, first, threads);
    }
    return counted == ready_count;
}

const struct schedule_rule rule_round_robin = {
    .name = "round_robin",
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .next = next,
    .check = check,
};

const struct schedule_rule rule_priority = {
    .name = "priority",
    .eager = true,
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .next = next,
    .urgency = urgency,
    .check = check,
};
