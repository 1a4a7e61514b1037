/* SPDX-License-Identifier: MIT */
/* The page tables of a Domain. Only 4 KiB pages in the user's half. The frame record of each table
   counts its present entries, so an empty table goes back to the Domain's pool at once. */
#pragma once

/* The page table that holds the entry of `address`, NULL when a level is missing; with `make`
   missing levels are made of the Domain's pool, NULL when that is empty. */
uint64_t *page_table_walk(struct domain *domain, uint64_t address, bool make);
/* The same, but the one found last without a walk. */
static inline uint64_t *page_table_find(struct domain *domain, uint64_t address, bool make) {
    if (__builtin_expect(domain->table_address != (address & ~TABLE_SPAN_MASK), 0))
        return page_table_walk(domain, address, make);
    return domain->table;
}
/* Give back to the pool the tables above `address` that have become empty. */
void page_table_release(struct domain *domain, uint64_t address);
/* The page table of `address`, or NULL. `next` becomes the end of what it covers, or an address
   below which there is none, at most `end`. Looks at few entries: the caller asks again. */
uint64_t *page_table_part(struct domain *domain, uint64_t address, uint64_t end, uint64_t *next);
/* An entry of the page `address` has changed. */
static inline void page_table_flush(const struct domain *domain, uint64_t address) {
    struct core *core = core_self();
    if (core->arch.root_current == domain->root) {
        arch_flush_page(address);
        core->counters[EXO_COUNTER_FLUSHES]++;
    }
}
