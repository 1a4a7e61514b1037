/* SPDX-License-Identifier: MIT */
/* Page tables of three or four levels (The RISC-V Instruction Set Manual, volume II, 4.4). Only
   4 KiB pages in the user's half. The frame record of each table counts its present entries, so an
   empty table goes back to the Domain's pool at once. */
#include "kernel.h"
#include "processor.h"

#define LEVELS_MAX 4
#define SKIP_ENTRIES 16 /* missing ones that one look skips: the caller counts the looks */
#define INDEX(address, level) ((address) >> (12 + 9 * (level)) & 511)

uint32_t table_levels;

static uint64_t table_physical(uint64_t entry) {
    return arch_entry_frame(entry) << PAGE_SHIFT;
}

static struct frame *table_frame(uint64_t entry) {
    return frame_at(arch_entry_frame(entry));
}

uint64_t *arch_table_walk(struct domain *domain, uint64_t address, bool make) {
    if (domain->root == 0) {
        uint64_t frame = make ? domain_pool_take(domain) : 0;
        if (frame == 0)
            return NULL;
        domain->root = machine.satp_mode | frame >> PAGE_SHIFT;
        arch_root_prepare(domain->root);
    }
    uint64_t *table = root_table(domain->root);
    uint64_t parent = arch_root_frame(domain->root) << PAGE_SHIFT;
    for (int level = (int)table_levels - 1; level > 0; level--) {
        uint64_t *entry = &table[INDEX(address, level)];
        if (*entry == 0) {
            uint64_t fresh = make ? domain_pool_take(domain) : 0;
            if (fresh == 0)
                return NULL;
            *entry = fresh >> PAGE_SHIFT << ARCH_ENTRY_FRAME_SHIFT | ENTRY_VALID;
            frame_at(parent >> PAGE_SHIFT)->mapped++;
        }
        parent = table_physical(*entry);
        table = physical_pointer(parent);
    }
    domain->table = table;
    domain->table_frame = frame_at(parent >> PAGE_SHIFT);
    domain->table_address = address & ~TABLE_SPAN_MASK;
    /* All addresses that the remembered table covers are users'; not so in the first and last. */
    if (domain->table_address < USER_LOW || (address | TABLE_SPAN_MASK) >= USER_HIGH)
        domain->table_address = TABLE_NONE;
    return table;
}

void arch_table_release(struct domain *domain, uint64_t address) {
    uint64_t *entries[LEVELS_MAX]; /* of level 3 down to 1: what points to the next table */
    uint64_t *table = domain->root == 0 ? NULL : root_table(domain->root);
    int level;
    for (level = (int)table_levels - 1; table != NULL && level > 0; level--) {
        entries[level] = &table[INDEX(address, level)];
        if (*entries[level] == 0)
            break;
        table = physical_pointer(table_physical(*entries[level]));
    }
    for (level++; level < (int)table_levels; level++) {
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
        domain_pool_give(domain, table_physical(entry));
    }
}

uint64_t arch_table_next(struct domain *domain, uint64_t address, uint64_t end) {
    if (domain->root == 0)
        return end;
    const uint64_t *table = root_table(domain->root);
    int level = (int)table_levels - 1;
    while (level > 0 && table[INDEX(address, level)] != 0) {
        table = physical_pointer(table_physical(table[INDEX(address, level)]));
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
