/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "simulator.h"

/* One kind of thread for all three; a decision looks at each. */
struct reference_thread {
    bool present, ready;
    double weight, pass; /* pass: stride's; of EEVDF the virtual time when it is eligible */
};

struct reference {
    struct schedule schedule;
    double virtual_time; /* EEVDF: slots divided by the weights of those who are ready */
    uint64_t random;
    struct reference_thread *threads;
};

static struct reference *reference_of(struct schedule *schedule)
{
    return (struct reference *)schedule;
}

static struct schedule *start(struct schedule_memory *memory, const struct schedule_shape *shape)
{
    struct reference *reference = schedule_take(memory, 1, sizeof *reference);
    struct reference_thread *threads = schedule_take(memory, shape->threads, sizeof *threads);
    if (!reference)
        return NULL;
    reference->threads = threads;
    reference->random = 1;
    return &reference->schedule;
}

static double weight_sum(const struct reference *reference)
{
    double sum = 0;
    for (uint32_t i = 0; i < reference->schedule.shape.threads; i++)
        if (reference->threads[i].ready)
            sum += reference->threads[i].weight;
    return sum;
}

/* Who becomes ready begins with the smallest pass of all, or in EEVDF with lag 0. */
static void wake(struct reference *reference, struct reference_thread *thread)
{
    double least = -1;
    for (uint32_t i = 0; i < reference->schedule.shape.threads; i++) {
        const struct reference_thread *other = &reference->threads[i];
        if (other->ready && (least < 0 || other->pass < least))
            least = other->pass;
    }
    if (reference->schedule.rule == &reference_eevdf)
        least = reference->virtual_time;
    if (thread->pass < least)
        thread->pass = least;
    thread->ready = true;
}

static enum schedule_status add(struct schedule *schedule, uint32_t index,
                                const struct schedule_terms *terms, uint64_t now)
{
    struct reference_thread *thread = &reference_of(schedule)->threads[index];
    (void)now;
    *thread = (struct reference_thread){.present = true, .weight = (double)terms->weight};
    wake(reference_of(schedule), thread);
    return SCHEDULE_OK;
}

static enum schedule_status ready(struct schedule *schedule, uint32_t index, bool is_ready,
                                  uint64_t now)
{
    struct reference_thread *thread = &reference_of(schedule)->threads[index];
    (void)now;
    if (is_ready && !thread->ready)
        wake(reference_of(schedule), thread);
    thread->ready = is_ready;
    return SCHEDULE_OK;
}

static bool check(const struct schedule *schedule)
{
    (void)schedule;
    return true;
}

static uint32_t next_lottery(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct reference *reference = reference_of(schedule);
    double sum = weight_sum(reference);
    (void)core;
    (void)now;
    reference->random = reference->random * UINT64_C(6364136223846793005) + 1442695040888963407;
    double ticket = (double)(reference->random >> 11) / 9007199254740992.0 * sum;
    uint32_t last = SCHEDULE_NOBODY;
    for (uint32_t i = 0; i < schedule->shape.threads && ticket >= 0; i++) {
        if (!reference->threads[i].ready)
            continue;
        last = i;
        ticket -= reference->threads[i].weight;
    }
    return last;
}

static uint32_t next_stride(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct reference *reference = reference_of(schedule);
    uint32_t best = SCHEDULE_NOBODY;
    (void)core;
    (void)now;
    for (uint32_t i = 0; i < schedule->shape.threads; i++)
        if (reference->threads[i].ready &&
            (best == SCHEDULE_NOBODY || reference->threads[i].pass < reference->threads[best].pass))
            best = i;
    if (best != SCHEDULE_NOBODY)
        reference->threads[best].pass += 1 / reference->threads[best].weight;
    return best;
}

static uint32_t next_eevdf(struct schedule *schedule, uint32_t core, uint64_t now)
{
    struct reference *reference = reference_of(schedule);
    uint32_t best = SCHEDULE_NOBODY;
    double best_deadline = 0, sum = weight_sum(reference);
    (void)core;
    (void)now;
    for (uint32_t i = 0; i < schedule->shape.threads; i++) {
        const struct reference_thread *thread = &reference->threads[i];
        double deadline = thread->pass + 1 / (thread->weight > 0 ? thread->weight : 1);
        if (thread->ready && thread->pass <= reference->virtual_time + 1e-9 &&
            (best == SCHEDULE_NOBODY || deadline < best_deadline)) {
            best = i;
            best_deadline = deadline;
        }
    }
    if (best != SCHEDULE_NOBODY)
        reference->threads[best].pass = best_deadline;
    /* When nobody is eligible, who blocked has taken its lag along: time goes on. */
    if (sum > 0)
        reference->virtual_time += 1 / sum;
    return best;
}

#define REFERENCE(rule_name, rule_next)                                                        \
    {                                                                                          \
        .name = rule_name, .start = start, .add = add, .ready = ready, .next = rule_next,      \
        .check = check,                                                                        \
    }

const struct schedule_rule reference_lottery = REFERENCE("lottery", next_lottery);
const struct schedule_rule reference_stride = REFERENCE("stride", next_stride);
const struct schedule_rule reference_eevdf = REFERENCE("eevdf", next_eevdf);
