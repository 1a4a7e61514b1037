/* SPDX-License-Identifier: MIT */
#include "rcu.h"

#include <assert.h>
#include <stddef.h>

void rcu_start(struct rcu *rcu, struct rcu_reader *readers, uint32_t reader_count)
{
    *rcu = (struct rcu){.grace = 1, .readers = readers, .reader_count = reader_count};
    for (uint32_t i = 0; i < reader_count; i++)
        readers[i].seen = 0;
}

uint64_t rcu_grace_begin(struct rcu *rcu)
{
    return __atomic_add_fetch(&rcu->grace, 1, __ATOMIC_SEQ_CST);
}

/* The newest grace period that is over for all readers. A fence goes before: see the head of
 * rcu.h. */
static uint64_t oldest_seen(const struct rcu *rcu)
{
#ifndef __SANITIZE_THREAD__ /* which knows no fences, and makes this load one */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
    uint64_t oldest = UINT64_MAX;
    for (uint32_t i = 0; i < rcu->reader_count; i++) {
        uint64_t seen = __atomic_load_n(&rcu->readers[i].seen, __ATOMIC_SEQ_CST);
        if (seen != 0 && seen < oldest)
            oldest = seen;
    }
    return oldest;
}

bool rcu_grace_is_over(const struct rcu *rcu, uint64_t grace)
{
    return oldest_seen(rcu) >= grace;
}

void rcu_synchronize(struct rcu *rcu, void (*rest)(void *context), void *context)
{
    uint64_t grace = rcu_grace_begin(rcu);
    while (!rcu_grace_is_over(rcu, grace))
        rest(context);
}

void rcu_retire(struct rcu *rcu, struct rcu_limbo *limbo, struct rcu_retired *node)
{
    node->next = NULL;
    node->grace = rcu_grace_begin(rcu);
    if (limbo->last)
        limbo->last->next = node;
    else
        limbo->first = node;
    limbo->last = node;
}

uint32_t rcu_reclaim(const struct rcu *rcu, struct rcu_limbo *limbo,
                     void (*free_node)(struct rcu_retired *node, void *context), void *context)
{
    uint64_t oldest = limbo->first ? oldest_seen(rcu) : 0;
    uint32_t count = 0;
    for (; limbo->first && limbo->first->grace <= oldest; count++) {
        struct rcu_retired *node = limbo->first;
        limbo->first = node->next;
        free_node(node, context);
    }
    if (!limbo->first)
        limbo->last = NULL;
    return count;
}

bool rcu_check(const struct rcu *rcu)
{
    for (uint32_t i = 0; i < rcu->reader_count; i++) {
        /* In this order: the count grows meanwhile. */
        uint64_t seen = __atomic_load_n(&rcu->readers[i].seen, __ATOMIC_ACQUIRE);
        if (seen > __atomic_load_n(&rcu->grace, __ATOMIC_ACQUIRE))
            return false;
    }
    return true;
}

bool rcu_limbo_check(const struct rcu_limbo *limbo)
{
    uint64_t before = 0;
    for (const struct rcu_retired *node = limbo->first; node; node = node->next) {
        if (node->grace <= before || (!node->next && node != limbo->last))
            return false;
        before = node->grace;
    }
    return limbo->first || !limbo->last;
}
