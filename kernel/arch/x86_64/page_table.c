/* SPDX-License-Identifier: MIT */
/* Four-level page tables (AMD64 Architecture Programmer's Manual, volume 2, 5.3). Only 4 KiB pages
   in the user's half. The frame record of each table counts its present entries, so an empty table
   goes back to the Domain's pool at once. */
#include "kernel.h"

#define LEVELS 4
#define SKIP_ENTRIES 16 /* missing ones that one look skips: the caller counts the looks */
#define INDEX(address, level) ((address) >> (12 + 9 * (level)) & 511)

static struct frame *table_frame(uint64_t entry) {
    return frame_at((entry & ENTRY_FRAME) >> PAGE_SHIFT);
}

uint64_t *arch_table_walk(struct domain *domain, uint64_t address, bool make) {
    if (domain->root == 0) {
        uint64_t root = make ? domain_pool_take(domain) : 0;
        if (root == 0)
            return NULL;
        arch_root_prepare(root);
        domain->root = root;
    }
    uint64_t *table = physical_pointer(domain->root);
    uint64_t parent = domain->root;
    for (int level = LEVELS - 1; level > 0; level--) {
        uint64_t *entry = &table[INDEX(address, level)];
        if (*entry == 0) {
            uint64_t fresh = make ? domain_pool_take(domain) : 0;
            if (fresh == 0)
                return NULL;
            *entry = fresh | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;
            table_frame(parent)->mapped++;
        }
        parent = *entry & ENTRY_FRAME;
        table = physical_pointer(parent);
    }
    domain->table = table;
    domain->table_frame = frame_at(parent >> PAGE_SHIFT);
    domain->table_address = address & ~TABLE_SPAN_MASK;
    /*
     * Every address that the remembered table covers is the user's; not so in the first and last.
     */
    if (domain->table_address < USER_LOW || (address | TABLE_SPAN_MASK) >= USER_HIGH) {
        domain->table_address = TABLE_NONE;
    }
    return table;
}

void arch_table_release(struct domain *domain, uint64_t address) {
    uint64_t *entries[LEVELS]; /* of level 3 down to 1: what points to the next table */
    uint64_t *table = domain->root == 0 ? NULL : physical_pointer(domain->root);
    int level;
    for (level = LEVELS - 1; table != NULL && level > 0; level--) {
        entries[level] = &table[INDEX(address, level)];
        if (*entries[level] == 0)
            break;
        table = physical_pointer(*entries[level] & ENTRY_FRAME);
    }
    for (level++; level < LEVELS; level++) {
        uint64_t entry = *entries[level];
        if (table_frame(entry)->mapped != 0)
            return;
        *entries[level] = 0;
        domain->table_address = TABLE_NONE;
        /* The processor may hold the way through this table. */
        if (core_self()->arch.root_current == domain->root) {
            arch_flush_page(address);
            core_self()->counters[EXO_COUNTER_FLUSHES]++;
        }
        uint64_t parent = pointer_physical(entries[level]) & ~(PAGE_SIZE - 1);
        frame_at(parent >> PAGE_SHIFT)->mapped--;
        domain_pool_give(domain, entry & ENTRY_FRAME);
    }
}

uint64_t arch_table_next(struct domain *domain, uint64_t address, uint64_t end) {
    if (domain->root == 0)
        return end;
    const uint64_t *table = physical_pointer(domain->root);
    int level = LEVELS - 1;
    while (level > 0 && table[INDEX(address, level)] != 0) {
        table = physical_pointer(table[INDEX(address, level)] & ENTRY_FRAME);
        level--;
    }
    if (level == 0)
        return address;
    /* Skip what this missing entry covers, and a few empty neighbours in the same table. */
    uint64_t span = 1ull << (12 + 9 * level);
    do {
        address = (address | (span - 1)) + 1;
    } while (address < end && INDEX(address, level) % SKIP_ENTRIES != 0 &&
             table[INDEX(address, level)] == 0);
    return address < end ? address : end;
}
