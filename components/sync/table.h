/* SPDX-License-Identifier: MIT */
/*
 * table: a hash table that Threads look up without a lock while one changes it. Chains of nodes,
 * which lie in what the caller keeps; the number of chains stays as it was made.
 *
 * Look-ups are sections of rcu.h: what is found stays until the reader is quiescent. Whoever
 * removes a node retires it. A node that was removed still leads on, so a reader that stands on it
 * loses nothing. Writers keep each other out.
 */
#ifndef SYNC_TABLE_H
#define SYNC_TABLE_H
#include "rcu.h"

struct table_node {
    struct table_node *next;
    uint64_t hash;
};

struct table {
    struct table_node **chains; /* the caller's */
    uint32_t mask;
};

/* Begin empty, with a power of two of chains. */
void table_start(struct table *table, struct table_node **chains, uint32_t count);

/* The node itself, or the first one behind it, that has a hash; null: there is none. */
static inline struct table_node *table_same(struct table_node *node, uint64_t hash)
{
    while (node && node->hash != hash)
        node = RCU_READ(node->next);
    return node;
}

/* The first node with a hash; null: there is none. Others may have the same one: the caller
 * compares keys, and goes on by table_next(). */
static inline struct table_node *table_first(const struct table *table, uint64_t hash)
{
    return table_same(RCU_READ(table->chains[hash & table->mask]), hash);
}

/* The next node with the same hash; null: there is none. */
static inline struct table_node *table_next(const struct table_node *node)
{
    return table_same(RCU_READ(node->next), node->hash);
}

/* Add a node, whose content is ready. Of two with the same hash the newer one comes first. */
void table_add(struct table *table, struct table_node *node, uint64_t hash);

/* Take a node out. Returns false if it is not there. */
bool table_remove(struct table *table, struct table_node *node);

/* Does each node stand in the chain of its hash; for asserts of the writer. */
bool table_check(const struct table *table);
#endif
