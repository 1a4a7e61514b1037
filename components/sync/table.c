/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <assert.h>
#include <stddef.h>

void table_start(struct table *table, struct table_node **chains, uint32_t count)
{
    assert(count > 0 && (count & (count - 1)) == 0);
    *table = (struct table){.chains = chains, .mask = count - 1};
    for (uint32_t i = 0; i < count; i++)
        RCU_WRITE(chains[i], NULL);
}

void table_add(struct table *table, struct table_node *node, uint64_t hash)
{
    struct table_node **chain = &table->chains[hash & table->mask];
    node->hash = hash;
    __atomic_store_n(&node->next, *chain, __ATOMIC_RELAXED);
    RCU_WRITE(*chain, node);
}

bool table_remove(struct table *table, struct table_node *node)
{
    struct table_node **at = &table->chains[node->hash & table->mask];
    while (*at && *at != node)
        at = &(*at)->next;
    if (!*at)
        return false;
    RCU_WRITE(*at, node->next);
    return true;
}

bool table_check(const struct table *table)
{
    for (uint32_t i = 0; i <= table->mask; i++)
        for (const struct table_node *node = table->chains[i]; node; node = node->next)
            if ((node->hash & table->mask) != i)
                return false;
    return true;
}
