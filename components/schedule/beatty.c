/* SPDX-License-Identifier: MIT */
/*
 * The rule `beatty`: slots by weight, spread as evenly as can be (see tijdeman.h). Who is blocked
 * leaves, and comes when it is ready again; so does who is taken out. Whoever comes while it is
 * still leaving goes on with the lag that it has.
 */
#include "rules.h"
#include "tijdeman.h"

struct beatty_thread {
    int64_t weight; /* 0: it is not there */
    bool ready;
};

struct beatty {
    struct schedule schedule;
    struct tijdeman *set;
    struct beatty_thread *threads;
};

static struct beatty *beatty_of(struct schedule *schedule)
{
    return (struct beatty *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct beatty *beatty = schedule_take(memory, 1, sizeof *beatty);
    struct beatty_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    struct tijdeman *set = tijdeman_take(memory, shape->threads);
    if (!beatty)
        return NULL;
    beatty->threads = threads;
    beatty->set = set;
    return &beatty->schedule;
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct beatty *beatty = beatty_of(schedule);
    (void)now;
    if (beatty->threads[index].weight != 0)
        return SCHEDULE_PRESENT;
    enum schedule_status status = tijdeman_join(beatty->set, index, terms->weight);
    if (status == SCHEDULE_OK)
        beatty->threads[index] = (struct beatty_thread){terms->weight, true};
    return status;
}

static enum schedule_status change(struct schedule *schedule, uint32_t index,
                                   const struct schedule_terms *terms, uint64_t now)
{
    struct beatty_thread *thread = &beatty_of(schedule)->threads[index];
    (void)now;
    if (thread->weight == 0)
        return SCHEDULE_UNKNOWN;
    enum schedule_status status = schedule_weight_check(terms->weight);
    if (status == SCHEDULE_OK && thread->ready)
        status = tijdeman_weigh(beatty_of(schedule)->set, index, terms->weight);
    if (status == SCHEDULE_OK)
        thread->weight = terms->weight;
    return status;
}

/* To be ready again is refused with WEIGHT_OVERFLOW while others have taken all that there is. */
static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct beatty *beatty = beatty_of(schedule);
    struct beatty_thread *thread = &beatty->threads[index];
    enum schedule_status status = SCHEDULE_OK;
    (void)now;
    if (thread->weight == 0)
        return SCHEDULE_UNKNOWN;
    if (is_ready && !thread->ready)
        status = tijdeman_join(beatty->set, index, thread->weight);
    else if (!is_ready && thread->ready)
        status = tijdeman_leave(beatty->set, index);
    if (status == SCHEDULE_OK)
        thread->ready = is_ready;
    return status;
}

static enum schedule_status take_out(struct schedule *schedule, uint32_t index, uint64_t now)
{
    enum schedule_status status = ready(schedule, index, false, now);
    beatty_of(schedule)->threads[index].weight = 0;
    return status;
}

static uint32_t next(struct schedule *schedule, uint32_t core, uint64_t now)
{
    (void)core;
    (void)now;
    return tijdeman_next(beatty_of(schedule)->set);
}

static bool check(const struct schedule *schedule)
{
    return tijdeman_check(((const struct beatty *)schedule)->set);
}

const struct schedule_rule rule_beatty = {
    .name = "beatty",
    .start = start,
    .add = add,
    .change = change,
    .remove = take_out,
    .ready = ready,
    .next = next,
    .check = check,
};
