/* SPDX-License-Identifier: MIT */
/*
 * Four-level page tables (AMD64 Architecture Programmer's Manual, volume 2, 5.3). Only 4 KiB pages
 * in the user's half. The frame record of each table counts its present entries, so an empty table
 * goes back to the Domain's pool at once.
 */
#include "arch.h"
#include "assert.h"
#include "capability.h"
#include "core.h"
#include "domain.h"
#include "frame.h"

#define ENTRY_PRESENT 0x001ull
#define ENTRY_WRITE 0x002ull
#define ENTRY_USER 0x004ull
#define ENTRY_UNCACHED 0x018ull /* write-through and cache-disable */
#define ENTRY_ACCESSED 0x020ull
#define ENTRY_DIRTY 0x040ull
#define ENTRY_NO_EXECUTE (1ull << 63)
#define ENTRY_FRAME 0x000ffffffffff000ull
#define LEVELS 4
#define INDEX(address, level) ((address) >> (12 + 9 * (level)) & 511)

static struct frame *table_frame(uint64_t entry) {
    return frame_at((entry & ENTRY_FRAME) >> PAGE_SHIFT);
}

uint64_t *arch_table_find(struct domain *domain, uint64_t address, bool make) {
    if (domain->root == 0) {
        uint64_t root = make ? domain_pool_take(domain) : 0;
        if (root == 0) {
            return NULL;
        }
        arch_root_prepare(root);
        domain->root = root;
    }
    uint64_t *table = physical_pointer(domain->root);
    uint64_t parent = domain->root;
    for (int level = LEVELS - 1; level > 0; level--) {
        uint64_t *entry = &table[INDEX(address, level)];
        if (*entry == 0) {
            uint64_t fresh = make ? domain_pool_take(domain) : 0;
            if (fresh == 0) {
                return NULL;
            }
            *entry = fresh | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;
            table_frame(parent)->mapped++;
        }
        parent = *entry & ENTRY_FRAME;
        table = physical_pointer(parent);
    }
    return table;
}

void arch_table_release(struct domain *domain, uint64_t address) {
    uint64_t *entries[LEVELS]; /* of level 3 down to 1: what points to the next table */
    uint64_t *table = domain->root == 0 ? NULL : physical_pointer(domain->root);
    int level;
    for (level = LEVELS - 1; table != NULL && level > 0; level--) {
        entries[level] = &table[INDEX(address, level)];
        if (*entries[level] == 0) {
            break;
        }
        table = physical_pointer(*entries[level] & ENTRY_FRAME);
    }
    for (level++; level < LEVELS; level++) {
        uint64_t entry = *entries[level];
        if (table_frame(entry)->mapped != 0) {
            return;
        }
        *entries[level] = 0;
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
    while (address < end && domain->root != 0) {
        const uint64_t *table = physical_pointer(domain->root);
        int level = LEVELS - 1;
        for (; level > 0; level--) {
            uint64_t entry = table[INDEX(address, level)];
            if (entry == 0) {
                break;
            }
            table = physical_pointer(entry & ENTRY_FRAME);
        }
        if (level == 0) {
            return address;
        }
        /* Skip what this missing entry covers, and its empty neighbours in the same table. */
        uint64_t span = 1ull << (12 + 9 * level);
        do {
            address = (address | (span - 1)) + 1;
        } while (address < end && INDEX(address, level) != 0 &&
                 table[INDEX(address, level)] == 0);
    }
    return address < end && domain->root != 0 ? address : end;
}

uint64_t arch_entry_make(uint64_t frame, uint64_t rights) {
    uint64_t entry = frame << PAGE_SHIFT | ENTRY_PRESENT | ENTRY_USER;
    entry |= rights & EXO_RIGHT_WRITE ? ENTRY_WRITE : 0;
    entry |= rights & EXO_RIGHT_EXECUTE ? 0 : ENTRY_NO_EXECUTE;
    entry |= rights & EXO_RIGHT_UNCACHED ? ENTRY_UNCACHED : 0;
    return entry;
}

uint64_t arch_entry_frame(uint64_t entry) {
    return (entry & ENTRY_FRAME) >> PAGE_SHIFT;
}

bool arch_entry_writable(uint64_t entry) {
    return (entry & ENTRY_WRITE) != 0;
}

uint64_t arch_entry_weaken(uint64_t entry, uint64_t rights) {
    if (!(rights & EXO_RIGHT_WRITE)) {
        entry &= ~ENTRY_WRITE;
    }
    return rights & EXO_RIGHT_EXECUTE ? entry : entry | ENTRY_NO_EXECUTE;
}

bool arch_entry_accessed(uint64_t entry) {
    return (entry & ENTRY_ACCESSED) != 0;
}

bool arch_entry_dirty(uint64_t entry) {
    return (entry & ENTRY_DIRTY) != 0;
}

uint64_t arch_entry_clean(uint64_t entry) {
    return entry & ~(ENTRY_ACCESSED | ENTRY_DIRTY);
}
