/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <assert.h>

enum { LAG_UNIT = 1000, TIME_BITS = 64, BITS = 64 };

/* Room for an instance of the rule that needs most, of those that may be used. */
static size_t instance_bytes(const struct schedule_shape *shape)
{
    size_t most = 0;
    for (const struct schedule_rule *const *rule = schedule_rules; *rule; rule++) {
        size_t bytes = schedule_bytes(*rule, shape);
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* Of the sets of one core. */
static size_t set_words(const struct schedule_shape *shape)
{
    return POLICY_SETS * policy_words(shape->threads);
}

size_t policy_bytes(const struct schedule_shape *shape)
{
    size_t bytes = instance_bytes(shape);
    return bytes == 0 ? 0
                      : bytes + shape->threads * sizeof(struct policy_thread) +
                            shape->cores * (sizeof(struct policy_core) +
                                            set_words(shape) * sizeof(uint64_t));
}

void policy_start(struct policy *policy, const struct schedule_shape *shape,
                  const struct schedule_rule *rule, void *memory)
{
    *policy = (struct policy){.shape = *shape, .instance = memory};
    policy->cores = (void *)((unsigned char *)memory + instance_bytes(shape));
    policy->threads = (void *)(policy->cores + shape->cores);
    uint64_t *sets = (void *)(policy->threads + shape->threads);
    for (uint32_t core = 0; core < shape->cores; core++, sets += set_words(shape)) {
        policy->cores[core].number = core;
        policy->cores[core].last = SCHEDULE_NOBODY;
        for (uint32_t i = 0; i < POLICY_SETS; i++)
            policy->cores[core].sets[i] = sets + i * policy_words(shape->threads);
    }
    policy->schedule = schedule_start(rule, shape, memory);
}

/* --- Sets ------------------------------------------------------------------------------------ */

static bool belongs(const struct policy_thread *thread, enum policy_set_name set)
{
    bool has_turn = thread->known && (!thread->task || thread->begun);
    switch (set) {
    case POLICY_KNOWN: return thread->known;
    case POLICY_READY: return thread->known && thread->ready;
    case POLICY_LEFT: return has_turn && (!thread->ready || thread->refused != SCHEDULE_OK);
    case POLICY_APART: return has_turn && (!thread->ready || !thread->task);
    default: return has_turn;
    }
}

static struct policy_core *core_of(const struct policy *policy, const struct policy_thread *thread)
{
    return &policy->cores[thread->terms.core];
}

/* Something about the thread has changed: put it where it belongs. */
static void note(struct policy *policy, const struct policy_thread *thread)
{
    uint32_t index = (uint32_t)(thread - policy->threads);
    uint64_t bit = UINT64_C(1) << index % BITS;
    for (enum policy_set_name set = 0; set < POLICY_SETS; set++) {
        uint64_t *word = &core_of(policy, thread)->sets[set][index / BITS];
        *word = belongs(thread, set) ? *word | bit : *word & ~bit;
    }
}

static bool sets_check(const struct policy *policy, uint32_t index)
{
    const struct policy_thread *thread = &policy->threads[index];
    for (uint32_t core = 0; core < policy->shape.cores; core++)
        for (enum policy_set_name set = 0; set < POLICY_SETS; set++)
            if ((policy->cores[core].sets[set][index / BITS] >> index % BITS & 1) !=
                (core == thread->terms.core && belongs(thread, set)))
                return false;
    return true;
}

uint32_t policy_behind(const struct policy *policy, const uint64_t *set, uint32_t after)
{
    uint32_t words = policy_words(policy->shape.threads);
    uint32_t from = after + 1 < policy->shape.threads ? after + 1 : 0;
    uint64_t seen = (UINT64_C(1) << from % BITS) - 1; /* of the first word, looked at last */
    for (uint32_t i = 0; i <= words; i++) {
        uint32_t at = (from / BITS + i) % words;
        uint64_t word = set[at];
        word = i == 0 ? word & ~seen : i == words ? word & seen : word;
        if (word != 0)
            return at * BITS + (uint32_t)__builtin_ctzll(word);
    }
    return SCHEDULE_NOBODY;
}

/* --- Lags ------------------------------------------------------------------------------------ */

/* Does the rule give the thread slots by its weight now? */
static bool counts(const struct policy_thread *thread)
{
    return thread->known && thread->ready && !thread->task && thread->refused == SCHEDULE_OK;
}

static int64_t lag_of(const struct policy *policy, const struct policy_thread *thread)
{
    policy_time due = counts(thread) ? (core_of(policy, thread)->time - thread->begin) *
                                           (uint64_t)thread->terms.weight
                                     : 0;
    uint64_t whole = (uint64_t)(due >> TIME_BITS) * LAG_UNIT;
    uint64_t part = (uint64_t)(((due & UINT64_MAX) * LAG_UNIT) >> TIME_BITS);
    return thread->lag + (int64_t)(whole + part) -
           (int64_t)((thread->slots - thread->lag_slots) * LAG_UNIT);
}

/* Something about the thread changes: what it was owed so far stays. */
static void settle(struct policy *policy, struct policy_thread *thread)
{
    thread->lag = lag_of(policy, thread);
    thread->lag_slots = thread->slots;
    thread->begin = core_of(policy, thread)->time;
    if (counts(thread))
        core_of(policy, thread)->weights -= (uint64_t)thread->terms.weight;
}

/* It has changed. */
static void resume(struct policy *policy, const struct policy_thread *thread)
{
    note(policy, thread);
    if (counts(thread))
        core_of(policy, thread)->weights += (uint64_t)thread->terms.weight;
}

int64_t policy_lag(const struct policy *policy, uint32_t index)
{
    return lag_of(policy, &policy->threads[index]);
}

/* --- Threads --------------------------------------------------------------------------------- */

/* Give the rule a thread that it does not have. */
static void give(struct policy *policy, uint32_t index)
{
    struct policy_thread *thread = &policy->threads[index];
    uint64_t now = core_of(policy, thread)->now;
    thread->refused = schedule_add(policy->schedule, index, &thread->terms, now);
    if (thread->refused == SCHEDULE_OK && !thread->ready)
        schedule_ready(policy->schedule, index, false, now);
}

void policy_use(struct policy *policy, const struct schedule_rule *rule)
{
    policy->schedule = schedule_start(rule, &policy->shape, policy->instance);
    for (uint32_t core = 0; core < policy->shape.cores; core++) {
        policy->cores[core].time = 0;
        policy->cores[core].weights = 0;
        policy->cores[core].tasks = 0;
    }
    for (uint32_t i = 0; i < policy->shape.threads; i++) {
        struct policy_thread *thread = &policy->threads[i];
        if (!thread->known)
            continue;
        thread->task = false;
        thread->terms.first = 0; /* it is past */
        thread->slots = thread->lag_slots = 0;
        thread->begin = 0;
        thread->lag = 0;
        give(policy, i);
        resume(policy, thread);
    }
}

/*
 * Terms that any rule would refuse are refused by all, so that one can take the other's place. The
 * sum is that of all threads that are known, so none is refused when it is ready again.
 */
static enum schedule_status terms_check(const struct policy *policy,
                                        const struct policy_thread *thread,
                                        const struct schedule_terms *terms)
{
    uint64_t others = policy->weights_all - (uint64_t)thread->terms.weight;
    uint64_t most = (UINT64_C(1) << SCHEDULE_WEIGHT_BITS) / (2 * (uint64_t)policy->count + 2);
    enum schedule_status status = schedule_weight_check(terms->weight);
    if (status == SCHEDULE_OK && (uint64_t)terms->weight + others >= most)
        status = SCHEDULE_WEIGHT_OVERFLOW;
    if (status == SCHEDULE_OK && terms->priority >= SCHEDULE_PRIORITIES)
        status = SCHEDULE_PRIORITY_RANGE;
    if (status == SCHEDULE_OK && terms->budget != 0 && terms->period == 0)
        status = SCHEDULE_PERIOD_ZERO;
    if (status == SCHEDULE_OK && terms->core >= policy->shape.cores)
        status = SCHEDULE_UNKNOWN;
    return status;
}

static enum schedule_status come(struct policy *policy, uint32_t index,
                                 const struct schedule_terms *terms)
{
    struct policy_thread *thread = &policy->threads[index];
    struct policy_core *core = &policy->cores[terms->core];
    enum schedule_status status = schedule_add(policy->schedule, index, terms, core->now);
    if (status != SCHEDULE_OK)
        return status;
    *thread = (struct policy_thread){
        .terms = *terms, .known = true, .ready = true, .begin = core->time};
    policy->count++;
    policy->weights_all += (uint64_t)terms->weight;
    resume(policy, thread);
    return SCHEDULE_OK;
}

enum schedule_status policy_set(struct policy *policy, uint32_t index,
                                const struct schedule_terms *terms)
{
    if (index >= policy->shape.threads)
        return SCHEDULE_UNKNOWN;
    struct policy_thread *thread = &policy->threads[index];
    enum schedule_status status = terms_check(policy, thread, terms);
    if (status != SCHEDULE_OK)
        return status;
    if (!thread->known)
        return come(policy, index, terms);
    if (thread->task)
        return SCHEDULE_GRAPH_BUSY;
    struct schedule_terms changed = *terms;
    uint64_t now = core_of(policy, thread)->now;
    changed.core = thread->terms.core;
    status = thread->refused == SCHEDULE_OK
                 ? schedule_change(policy->schedule, index, &changed, now)
                 : schedule_add(policy->schedule, index, &changed, now);
    if (status != SCHEDULE_OK)
        return status;
    settle(policy, thread);
    policy->weights_all += (uint64_t)terms->weight - (uint64_t)thread->terms.weight;
    thread->terms = changed;
    thread->refused = SCHEDULE_OK;
    resume(policy, thread);
    return SCHEDULE_OK;
}

enum schedule_status policy_remove(struct policy *policy, uint32_t index)
{
    if (index >= policy->shape.threads || !policy->threads[index].known)
        return SCHEDULE_UNKNOWN;
    struct policy_thread *thread = &policy->threads[index];
    struct policy_core *core = core_of(policy, thread);
    enum schedule_status status = SCHEDULE_OK;
    if (thread->task || thread->refused == SCHEDULE_OK)
        status = schedule_remove(policy->schedule, index, core->now);
    if (status != SCHEDULE_OK)
        return status;
    settle(policy, thread);
    policy->count--;
    core->tasks -= thread->task;
    policy->weights_all -= (uint64_t)thread->terms.weight;
    thread->known = false;
    note(policy, thread);
    *thread = (struct policy_thread){0};
    return SCHEDULE_OK;
}

/* --- Graphs ---------------------------------------------------------------------------------- */

/* A thread, which the rule has unless it refused it, has a task from now on, or none any more. */
static void set_task(struct policy *policy, struct policy_thread *thread, bool task)
{
    settle(policy, thread);
    thread->task = task;
    thread->begun = false;
    core_of(policy, thread)->tasks += task ? 1 : -1u;
    if (!task)
        give(policy, (uint32_t)(thread - policy->threads));
    resume(policy, thread);
}

/* The threads of a graph are out of the rule, to be in the graph, or are in it again. A thread that
 * stands twice is out once. */
static void take_threads(struct policy *policy, const struct schedule_graph *graph, bool out)
{
    for (uint32_t i = 0; i < graph->task_count; i++) {
        uint32_t index = graph->tasks[i].thread;
        if (index == SCHEDULE_NOBODY || policy->threads[index].task == out)
            continue;
        struct policy_thread *thread = &policy->threads[index];
        if (out && thread->refused == SCHEDULE_OK)
            schedule_remove(policy->schedule, index, core_of(policy, thread)->now);
        set_task(policy, thread, out);
        thread->number = i;
    }
}

/* Is each thread of the graph known, where the graph says, and without a task? */
static enum schedule_status threads_check(const struct policy *policy,
                                          const struct schedule_graph *graph)
{
    for (uint64_t i = 0; i < graph->task_count; i++) {
        uint32_t index = graph->tasks[i].thread;
        if (index == SCHEDULE_NOBODY)
            continue;
        if (index >= policy->shape.threads || !policy->threads[index].known ||
            policy->threads[index].terms.core != graph->tasks[i].core)
            return SCHEDULE_UNKNOWN;
        if (policy->threads[index].task)
            return SCHEDULE_GRAPH_BUSY;
    }
    return SCHEDULE_OK;
}

enum schedule_status policy_submit(struct policy *policy, const struct schedule_graph *graph)
{
    if (!policy->schedule->rule->submit)
        return SCHEDULE_UNSUPPORTED;
    if (graph->task_count > policy->shape.tasks || graph->edge_count > policy->shape.edges)
        return SCHEDULE_GRAPH_LARGE;
    enum schedule_status status = threads_check(policy, graph);
    if (status != SCHEDULE_OK)
        return status;
    take_threads(policy, graph, true);
    status = schedule_submit(policy->schedule, graph, 0);
    if (status != SCHEDULE_OK)
        take_threads(policy, graph, false);
    return status;
}

enum schedule_status policy_claim(struct policy *policy, uint32_t index, uint32_t family,
                                  uint32_t *task)
{
    *task = SCHEDULE_NOBODY;
    if (index >= policy->shape.threads || !policy->threads[index].known)
        return SCHEDULE_UNKNOWN;
    struct policy_thread *thread = &policy->threads[index];
    if (thread->task) {
        *task = thread->number;
        return SCHEDULE_OK;
    }
    enum schedule_status status = schedule_claim(policy->schedule, index, family, task);
    if (*task == SCHEDULE_NOBODY)
        return status;
    set_task(policy, thread, true);
    thread->number = *task;
    thread->begun = true;
    thread->ready = true;
    note(policy, thread);
    return SCHEDULE_OK;
}

enum schedule_status policy_finished(struct policy *policy, uint32_t index)
{
    if (index >= policy->shape.threads || !policy->threads[index].known)
        return SCHEDULE_UNKNOWN;
    struct policy_thread *thread = &policy->threads[index];
    enum schedule_status status =
        schedule_finished(policy->schedule, index, core_of(policy, thread)->now);
    if (status == SCHEDULE_OK && thread->task)
        set_task(policy, thread, false);
    return status;
}

/* --- Slots ----------------------------------------------------------------------------------- */

void policy_ready(struct policy *policy, uint32_t index, bool ready)
{
    assert(index < policy->shape.threads);
    struct policy_thread *thread = &policy->threads[index];
    if (!thread->known || thread->ready == ready)
        return;
    settle(policy, thread);
    thread->ready = ready;
    if (thread->task || thread->refused == SCHEDULE_OK) {
        uint64_t now = core_of(policy, thread)->now;
        enum schedule_status status = schedule_ready(policy->schedule, index, ready, now);
        if (status != SCHEDULE_OK && !thread->task) { /* others have taken all that there is */
            schedule_remove(policy->schedule, index, now);
            thread->refused = status;
        }
    }
    resume(policy, thread);
}

uint32_t policy_next(struct policy *policy, struct policy_core *core, uint64_t at)
{
    core->now = core->now + 1 > at ? core->now + 1 : at;
    uint32_t index = schedule_next(policy->schedule, core->number, core->now);
    core->last = index;
    if (index == SCHEDULE_NOBODY)
        return index;
    assert(index < policy->shape.threads);
    struct policy_thread *thread = &policy->threads[index];
    thread->slots++;
    if (thread->task && !thread->begun) {
        thread->begun = true;
        note(policy, thread);
    }
    if (core->weights > 0)
        core->time += UINT64_MAX / core->weights;
    return index;
}

static bool core_check(const struct policy *policy, uint32_t core)
{
    uint64_t weights = 0;
    uint32_t tasks = 0;
    for (uint32_t i = 0; i < policy->shape.threads; i++) {
        const struct policy_thread *thread = &policy->threads[i];
        if (thread->terms.core != core)
            continue;
        tasks += thread->task;
        if (counts(thread))
            weights += (uint64_t)thread->terms.weight;
    }
    return tasks == policy->cores[core].tasks && weights == policy->cores[core].weights;
}

bool policy_check(const struct policy *policy)
{
    uint64_t weights_all = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < policy->shape.threads; i++) {
        if (!sets_check(policy, i))
            return false;
        count += policy->threads[i].known;
        weights_all += (uint64_t)policy->threads[i].terms.weight;
    }
    for (uint32_t core = 0; core < policy->shape.cores; core++)
        if (!core_check(policy, core))
            return false;
    return count == policy->count && weights_all == policy->weights_all &&
           schedule_check(policy->schedule);
}
