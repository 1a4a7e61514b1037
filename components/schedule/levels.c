/* SPDX-License-Identifier: MIT */
/*
 * levels: fixed priorities. Each level is a ring of the threads that are ready, of which one after
 * the other gets a slot; a level has its turn while those before it are empty. Round robin is the
 * same with one level. A decision and a change take constant time.
 */
#include <assert.h>

#include "rules.h"

enum { NONE = SCHEDULE_PRIORITIES }; /* the level of a thread that is not there */

struct levels_thread {
    uint32_t next, previous; /* round the ring, while it is ready */
    uint8_t level;
    bool ready;
};

struct levels {
    struct schedule schedule;
    uint64_t occupied; /* a bit for each level that is not empty */
    uint32_t first[SCHEDULE_PRIORITIES]; /* who is next */
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
    if (!levels)
        return NULL;
    levels->threads = threads;
    for (uint32_t i = 0; i < shape->threads; i++)
        threads[i].level = NONE;
    return &levels->schedule;
}

/* Put a thread at the end of its ring: before who is next. */
static void link(struct levels *levels, uint32_t index)
{
    struct levels_thread *thread = &levels->threads[index];
    uint64_t bit = UINT64_C(1) << thread->level;
    assert(!thread->ready);
    thread->ready = true;
    if (!(levels->occupied & bit)) {
        levels->occupied |= bit;
        levels->first[thread->level] = thread->next = thread->previous = index;
        return;
    }
    thread->next = levels->first[thread->level];
    thread->previous = levels->threads[thread->next].previous;
    levels->threads[thread->previous].next = index;
    levels->threads[thread->next].previous = index;
}

static void unlink(struct levels *levels, uint32_t index)
{
    struct levels_thread *thread = &levels->threads[index];
    assert(thread->ready);
    thread->ready = false;
    if (thread->next == index) {
        levels->occupied &= ~(UINT64_C(1) << thread->level);
        return;
    }
    levels->threads[thread->previous].next = thread->next;
    levels->threads[thread->next].previous = thread->previous;
    if (levels->first[thread->level] == index)
        levels->first[thread->level] = thread->next;
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
    uint32_t answer = levels->first[level];
    levels->first[level] = levels->threads[answer].next;
    return answer;
}

/* Is each ready thread in the ring of its level, and nobody else? */
static bool check(const struct schedule *schedule)
{
    const struct levels *levels = (const struct levels *)schedule;
    uint32_t linked = 0, counted = 0;
    for (uint32_t i = 0; i < schedule->shape.threads; i++) {
        const struct levels_thread *thread = &levels->threads[i];
        if (thread->ready && (thread->level == NONE || levels->threads[thread->next].previous != i))
            return false;
        linked += thread->ready;
    }
    for (unsigned level = 0; level < SCHEDULE_PRIORITIES; level++) {
        uint32_t at = levels->first[level];
        if (levels->occupied >> level & 1)
            do {
                const struct levels_thread *thread = &levels->threads[at];
                if (!thread->ready || thread->level != level || counted++ == linked)
                    return false;
                at = thread->next;
            } while (at != levels->first[level]);
    }
    return counted == linked;
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
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .next = next,
    .check = check,
};
