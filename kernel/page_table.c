/* SPDX-License-Identifier: MIT */
#include "kernel.h"

#define LEVELS_MAX 4
#define SKIP_ENTRIES 16 /* missing ones that one look skips: the caller counts the looks */
#define INDEX(address, level) ((address) >> (PAGE_SHIFT + 9 * (level)) & (TABLE_ENTRIES - 1))

/* The last table that is there on the way to the entry of `address`. `level` becomes the number of
   those that are missing below it; `entries`, by level, what points to those on the way. */
static inline uint64_t *descend(const struct domain *domain, uint64_t address, int *level,
                                uint64_t *entries[LEVELS_MAX]) {
    uint64_t *table = physical_pointer(arch_root_frame(domain->root) << PAGE_SHIFT);
    int at;
    for (at = ARCH_TABLE_LEVELS - 1; at > 0; at--) {
        uint64_t *entry = &table[INDEX(address, at)];
        if (*entry == 0)
            break;
        entries[at - 1] = entry;
        table = physical_pointer(arch_entry_frame(*entry) << PAGE_SHIFT);
    }
    *level = at;
    return table;
}

static void remember(struct domain *domain, uint64_t address, uint64_t *table) {
    domain->table = table;
    domain->table_frame = frame_of(table);
    domain->table_address = address & ~TABLE_SPAN_MASK;
    /* All addresses that the remembered table covers are users'; not so in the first and last. */
    if (domain->table_address < USER_LOW || (address | TABLE_SPAN_MASK) >= USER_HIGH)
        domain->table_address = TABLE_NONE;
}

uint64_t *page_table_walk(struct domain *domain, uint64_t address, bool make) {
    int level;
    uint64_t *entries[LEVELS_MAX], fresh;
    if (domain->root == 0) {
        if (!make || (fresh = domain_pool_take(domain)) == 0)
            return NULL;
        domain->root = arch_root_prepare(fresh >> PAGE_SHIFT);
    }
    uint64_t *table = descend(domain, address, &level, entries);
    for (; level > 0; level--) {
        if (!make || (fresh = domain_pool_take(domain)) == 0)
            return NULL;
        table[INDEX(address, level)] = arch_entry_table(fresh >> PAGE_SHIFT);
        frame_of(table)->mapped++;
        table = physical_pointer(fresh);
    }
    remember(domain, address, table);
    return table;
}

uint64_t *page_table_part(struct domain *domain, uint64_t address, uint64_t end, uint64_t *next) {
    int level = 0;
    uint64_t *table = domain->table, *entries[LEVELS_MAX];
    if (domain->table_address != (address & ~TABLE_SPAN_MASK)) {
        *next = end;
        if (domain->root == 0)
            return NULL;
        table = descend(domain, address, &level, entries);
        if (level == 0)
            remember(domain, address, table);
    }
    uint64_t span = level == 0 ? TABLE_SPAN_MASK + 1 : PAGE_SIZE << 9 * level;
    /* Skip what a missing entry covers, and a few empty neighbours in the same table. */
    do {
        address = (address | (span - 1)) + 1;
    } while (level > 0 && address < end && INDEX(address, level) % SKIP_ENTRIES != 0 &&
             table[INDEX(address, level)] == 0);
    *next = address < end ? address : end;
    return level == 0 ? table : NULL;
}

void page_table_release(struct domain *domain, uint64_t address) {
    int level;
    uint64_t *entries[LEVELS_MAX];
    if (domain->root == 0)
        return;
    for (descend(domain, address, &level, entries); level < ARCH_TABLE_LEVELS - 1; level++) {
        uint64_t frame = arch_entry_frame(*entries[level]);
        if (frame_at(frame)->mapped != 0)
            return;
        *entries[level] = 0;
        domain->table_address = TABLE_NONE;
        page_table_flush(domain, address); /* the processor may hold the way through this table */
        frame_of(entries[level])->mapped--;
        domain_pool_give(domain, frame << PAGE_SHIFT);
    }
}
