/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <assert.h>

#include "rules.h"

enum { DIGIT_BITS = 16 };

const struct schedule_rule *const schedule_rules[] = {
    &rule_round_robin,
    &rule_priority,
    &rule_beatty,
    &rule_edf,
    &rule_dag,
    &rule_beatty_dag,
    NULL,
};

const char *schedule_status_text(enum schedule_status status)
{
    static const char *const texts[SCHEDULE_STATUS_COUNT] = {
        [SCHEDULE_OK] = "it is done",
        [SCHEDULE_FULL] = "there is no room for it",
        [SCHEDULE_UNKNOWN] = "there is none of this number",
        [SCHEDULE_PRESENT] = "there is one of this number already",
        [SCHEDULE_UNSUPPORTED] = "this rule has no graphs",
        [SCHEDULE_WEIGHT_ZERO] = "the weight is 0; it must be 1 or more",
        [SCHEDULE_WEIGHT_NEGATIVE] = "the weight is negative; it must be 1 or more",
        [SCHEDULE_WEIGHT_OVERFLOW] = "the sum of the weights, times 2n - 2, must be below 2^48",
        [SCHEDULE_PRIORITY_RANGE] = "a priority is 0 to 63",
        [SCHEDULE_PERIOD_ZERO] = "the period is 0; it must be 1 slot or more",
        [SCHEDULE_BUDGET_LARGE] = "the budget is larger than the time until the deadline",
        [SCHEDULE_DEADLINE_RANGE] = "the deadline is after the end of the period",
        [SCHEDULE_DEADLINE_PAST] = "the first deadline is past, or too near for the budget",
        [SCHEDULE_OVERLOAD] = "the core has not so much time left to promise",
        [SCHEDULE_GRAPH_EMPTY] = "the graph has no task",
        [SCHEDULE_GRAPH_LARGE] = "the graph has more tasks or edges than there is room for",
        [SCHEDULE_GRAPH_CYCLE] = "the graph has a cycle, which could never begin",
        [SCHEDULE_GRAPH_EDGE] = "an edge of the graph names a task that is not in it",
        [SCHEDULE_GRAPH_COST] = "the cost of a task is 0; it must be 1 slot or more",
        [SCHEDULE_GRAPH_BUSY] = "a graph, or what comes before this task, is not finished",
    };
    assert(status < SCHEDULE_STATUS_COUNT);
    return texts[status];
}

const struct schedule_rule *schedule_rule_find(const char *name)
{
    for (const struct schedule_rule *const *rule = schedule_rules; *rule; rule++) {
        size_t at = 0;
        while (name[at] != '\0' && name[at] == (*rule)->name[at])
            at++;
        if (name[at] == (*rule)->name[at])
            return *rule;
    }
    return NULL;
}

/* --- Instances ------------------------------------------------------------------------------- */

size_t schedule_bytes(const struct schedule_rule *rule, const struct schedule_shape *shape)
{
    struct schedule_memory memory = {0};
    if (shape->threads == 0 || shape->threads > SCHEDULE_THREADS_MAX || shape->cores == 0 ||
        shape->cores > SCHEDULE_CORES_MAX || (shape->cores > 1 && !rule->shared) ||
        shape->tasks > SCHEDULE_TASKS_MAX || shape->edges > 4 * SCHEDULE_TASKS_MAX ||
        shape->families > SCHEDULE_THREADS_MAX - shape->threads)
        return 0;
    rule->start(&memory, shape);
    return memory.bytes;
}

struct schedule *schedule_start(const struct schedule_rule *rule,
                                const struct schedule_shape *shape, void *memory_start)
{
    struct schedule_memory memory = {.next = memory_start};
    assert(schedule_bytes(rule, shape) > 0);
    struct schedule *schedule = rule->start(&memory, shape);
    schedule->rule = rule;
    schedule->shape = *shape;
    return schedule;
}

enum schedule_status schedule_add(struct schedule *schedule, uint32_t index,
                                  const struct schedule_terms *terms, uint64_t now)
{
    if (index >= schedule->shape.threads || terms->core >= schedule->shape.cores)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->add(schedule, index, terms, now);
}

enum schedule_status schedule_change(struct schedule *schedule, uint32_t index,
                                     const struct schedule_terms *terms, uint64_t now)
{
    if (index >= schedule->shape.threads)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->change(schedule, index, terms, now);
}

enum schedule_status schedule_remove(struct schedule *schedule, uint32_t index, uint64_t now)
{
    if (index >= schedule->shape.threads)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->remove(schedule, index, now);
}

enum schedule_status schedule_ready(struct schedule *schedule, uint32_t index, bool ready,
                                    uint64_t now)
{
    if (index >= schedule->shape.threads)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->ready(schedule, index, ready, now);
}

enum schedule_status schedule_finished(struct schedule *schedule, uint32_t index, uint64_t now)
{
    if (index >= schedule->shape.threads)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->finished ? schedule->rule->finished(schedule, index, now) : SCHEDULE_OK;
}

enum schedule_status schedule_submit(struct schedule *schedule, const struct schedule_graph *graph,
                                     uint64_t now)
{
    if (!schedule->rule->submit)
        return SCHEDULE_UNSUPPORTED;
    return schedule->rule->submit(schedule, graph, now);
}

enum schedule_status schedule_claim(struct schedule *schedule, uint32_t index, uint32_t family,
                                    uint32_t *task)
{
    *task = SCHEDULE_NOBODY;
    if (!schedule->rule->claim)
        return SCHEDULE_UNSUPPORTED;
    if (index >= schedule->shape.threads)
        return SCHEDULE_UNKNOWN;
    return schedule->rule->claim(schedule, index, family, task);
}

bool schedule_check(const struct schedule *schedule)
{
    return schedule->rule->check(schedule);
}

/* --- For the rules --------------------------------------------------------------------------- */

void *schedule_take(struct schedule_memory *memory, size_t count, size_t bytes)
{
    size_t all = (count * bytes + 15) & ~(size_t)15;
    unsigned char *taken = memory->next;
    memory->bytes += all;
    if (!taken)
        return NULL;
    for (size_t i = 0; i < all; i++)
        taken[i] = 0;
    memory->next = taken + all;
    return taken;
}

/* Digit by digit, as by hand: the remainder is below 2^48, so one more digit fits in the word. */
uint64_t schedule_divide(uint64_t dividend, unsigned bits, uint64_t divisor, uint64_t *remainder)
{
    assert(divisor > 0 && divisor >> SCHEDULE_WEIGHT_BITS == 0);
    assert(dividend >> SCHEDULE_WEIGHT_BITS == 0);
    uint64_t quotient = dividend / divisor, rest = dividend % divisor;
    while (bits > 0) {
        unsigned digit = bits < DIGIT_BITS ? bits : DIGIT_BITS;
        assert(quotient >> (64 - digit) == 0);
        rest <<= digit;
        quotient = quotient << digit | rest / divisor;
        rest %= divisor;
        bits -= digit;
    }
    *remainder = rest;
    return quotient;
}

enum schedule_status schedule_weight_check(int64_t weight)
{
    if (weight <= 0)
        return weight == 0 ? SCHEDULE_WEIGHT_ZERO : SCHEDULE_WEIGHT_NEGATIVE;
    return weight >> SCHEDULE_WEIGHT_BITS != 0 ? SCHEDULE_WEIGHT_OVERFLOW : SCHEDULE_OK;
}
