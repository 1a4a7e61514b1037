/* SPDX-License-Identifier: MIT */
/* Memory: page-table entries and the frame counts behind them. Every entry that is set counts its
   frame as mapped (and as written when it is writable); every entry that is cleared is flushed
   before the counts fall. A slot remembers the lowest and highest address mapped through it, and in
   a word, by number modulo 64, the page tables in which: only there its mappings are looked for
   when it goes. */
#include "kernel.h"

#define MAP_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE)
#define UNCACHED ((uint64_t)EXO_RIGHT_UNCACHED)

static bool range_is_user(uint64_t address, uint64_t count) {
    return address % PAGE_SIZE == 0 && address >= USER_LOW && address < USER_HIGH && count > 0 &&
           count <= (USER_HIGH - address) / PAGE_SIZE;
}

/* Entries were cleared or weakened: whoever else has loaded the address space forgets them before
   the tree lock is released, and before the frames are used otherwise. */
static void flush_others(const struct domain *domain) {
    if (core_count > 1 && domain->root != 0)
        core_own_space(domain->root);
}

/* The bit of a slot's `map_tables` for the page table of an address. */
static uint64_t table_number(uint64_t address) {
    return address / (TABLE_SPAN_MASK + 1) % 64;
}

/* Budget units for table_clear(), which looks at each entry and flushes those that it clears. */
static uint32_t table_cost(const uint64_t *table, uint64_t address, uint64_t end) {
    return 1 + (uint32_t)((end - address) / PAGE_SIZE / 16) + frame_of(table)->mapped / 4;
}

/* Clear the entries of [address, end), all in one page table, whose frames lie in the run: flush
   first, then let the counts fall. A table that becomes empty goes back to the pool. */
static void table_clear(struct domain *domain, uint64_t *table, uint64_t address, uint64_t end,
                        uint64_t base, uint64_t count) {
    uint32_t left = frame_of(table)->mapped;
    uint64_t *entry = &table[(address >> PAGE_SHIFT) % TABLE_ENTRIES];
    for (uint64_t at = address; at < end && left > 0; at += PAGE_SIZE, entry++) {
        uint64_t old = *entry;
        uint64_t number = arch_entry_frame(old);
        if (old == 0 || number - base >= count)
            continue;
        *entry = 0;
        page_table_flush(domain, at);
        if (number < frame_limit)
            frame_unmap(frame_at(number), (old & ENTRY_WRITE) != 0);
        left--;
    }
    frame_of(table)->mapped = left;
    if (left == 0)
        page_table_release(domain, address);
}

/* Weaken the entries of [address, end), all in one page table. */
static void table_protect(struct domain *domain, uint64_t *table, uint64_t address, uint64_t end,
                          uint64_t rights) {
    uint64_t *entry = &table[(address >> PAGE_SHIFT) % TABLE_ENTRIES];
    for (uint64_t at = address; at < end; at += PAGE_SIZE, entry++) {
        uint64_t old = *entry;
        if (old == 0)
            continue;
        /* The processor may set its use bits meanwhile. */
        while (!__atomic_compare_exchange_n(entry, &old, arch_entry_weaken(old, rights), false,
                                            __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
        }
        page_table_flush(domain, at);
        uint64_t number = arch_entry_frame(old);
        if (number < frame_limit && (old & ENTRY_WRITE) && !(rights & EXO_RIGHT_WRITE))
            frame_write_remove(frame_at(number));
    }
}

/* What is wrong with a mapping that the checks of memory_map refused. */
static enum exo_status map_refused(const struct memory_map_args *args, const struct slot *slot) {
    if (slot == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    uint64_t unknown = args->rights & ~(MAP_RIGHTS | UNCACHED);
    bool right = unknown == 0 && (args->rights & MAP_RIGHTS & ~(uint64_t)slot->rights) != 0;
    return right ? EXO_STATUS_DENIED : EXO_STATUS_BAD_ARGUMENT;
}

/* The general case: any number of pages, any table. */
static __attribute__((noinline)) enum exo_status map_run(struct domain *domain,
                                                         const struct memory_map_args *args,
                                                         struct memory_map_results *results) {
    struct slot *slot = slot_find(domain, args->slot, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_READ);
    uint64_t at = args->address, count = args->count, rights = args->rights;
    if (__builtin_expect(slot == NULL || !range_is_user(at, count) ||
                         count > MEMORY_PAGES_MAX || !slot_holds(slot, args->offset, count) ||
                         (rights & ~((uint64_t)slot->rights & MAP_RIGHTS) & ~UNCACHED) != 0,
                         0)) {
        return map_refused(args, slot);
    }
    enum exo_status status = EXO_STATUS_OK;
    uint64_t end = at + count * PAGE_SIZE;
    uint64_t number = slot->base + args->offset, template = arch_entry_make(0, rights);
    do {
        uint64_t *table = page_table_find(domain, at, true);
        if (__builtin_expect(table == NULL, 0)) {
            status = EXO_STATUS_FULL;
            break;
        }
        uint64_t *entry = &table[(at >> PAGE_SHIFT) % TABLE_ENTRIES];
        if (__builtin_expect(*entry != 0, 0) ||
            (number < frame_limit &&
             !frame_map(frame_at(number), (template & ENTRY_WRITE) != 0))) {
            status = EXO_STATUS_CONFLICT;
            break;
        }
        *entry = template | number << ARCH_ENTRY_FRAME_SHIFT;
        frame_of(table)->mapped++;
        at += PAGE_SIZE;
        number++;
    } while (at < end);
    if (status != EXO_STATUS_OK) {
        page_table_release(domain, at); /* what was made on the way */
        flush_others(domain);
    }
    uint64_t first = args->address;
    results->done = (at - first) >> PAGE_SHIFT;
    if (at == first)
        return status;
    /* Remember where to look when the capability goes. */
    if (slot->map_high == 0 || first < slot->map_low)
        slot->map_low = first;
    if (at > slot->map_high)
        slot->map_high = at;
    for (; first < at; first = (first | TABLE_SPAN_MASK) + 1)
        slot->map_tables |= 1ull << table_number(first);
    return status;
}

/* The case of a page fault: one page, in the page table that was used last, within the addresses
   that the slot remembers, of a frame that nobody froze. Its checks are the general ones, in the
   order that decides soonest; whatever is different goes the general way (tests compare both). */
enum exo_status memory_map(struct thread *caller, struct domain *domain,
                           const struct memory_map_args *args,
                           struct memory_map_results *results) {
    (void)caller;
    if (__builtin_expect(args->slot >= domain->slot_count, 0))
        return map_run(domain, args, results);
    struct slot *slot = &domain->slots[args->slot];
    uint64_t address = args->address;
    uint64_t rights = args->rights;
    if (slot->kind != EXO_OBJECT_KIND_MEMORY ||
        args->count != 1 || args->offset >= slot->count ||
        (rights & ~((uint64_t)slot->rights & ARCH_TEMPLATE_RIGHTS)) != 0 ||
        !(rights & EXO_RIGHT_READ) ||
        domain->table_address != (address & ~(TABLE_SPAN_MASK & ~(PAGE_SIZE - 1))) ||
        address < slot->map_low || address >= slot->map_high ||
        (slot->map_tables >> table_number(address) & 1) == 0) {
        return map_run(domain, args, results);
    }
    uint64_t number = slot->base + args->offset;
    uint64_t *entry = &domain->table[(address >> PAGE_SHIFT) % TABLE_ENTRIES];
    struct frame *frame = frame_at(number);
    if (number >= frame_limit || *entry != 0 || frame->writers < 0)
        return map_run(domain, args, results);
    frame->writers += (rights & EXO_RIGHT_WRITE) != 0;
    frame->mapped++;
    *entry = arch_entry_quick(rights) | number << ARCH_ENTRY_FRAME_SHIFT;
    domain->table_frame->mapped++;
    results->done = 1;
    return EXO_STATUS_OK;
}

/* Leave no more than `rights` to the pages of a range; with none, unmap them. */
static enum exo_status weaken(struct domain *domain, uint64_t address, uint64_t count,
                              uint64_t rights) {
    if (!range_is_user(address, count) || count > MEMORY_PAGES_MAX)
        return EXO_STATUS_BAD_ARGUMENT;
    uint64_t end = address + count * PAGE_SIZE;
    for (uint64_t next; address < end; address = next) {
        uint64_t *table = page_table_part(domain, address, end, &next);
        if (table != NULL && rights == 0) {
            table_clear(domain, table, address, next, 0, UINT64_MAX);
        } else if (table != NULL) {
            table_protect(domain, table, address, next, rights);
        }
    }
    flush_others(domain);
    return EXO_STATUS_OK;
}

enum exo_status memory_unmap(struct thread *caller, struct domain *domain,
                             const struct memory_unmap_args *args) {
    (void)caller;
    return weaken(domain, args->address, args->count, 0);
}

enum exo_status memory_protect(struct thread *caller, struct domain *domain,
                               const struct memory_protect_args *args) {
    (void)caller;
    if ((args->rights & ~(uint64_t)MAP_RIGHTS) != 0 || !(args->rights & EXO_RIGHT_READ))
        return EXO_STATUS_BAD_ARGUMENT;
    return weaken(domain, args->address, args->count, args->rights);
}

enum exo_status memory_scan(struct thread *caller, struct domain *domain,
                            const struct memory_scan_args *args,
                            struct memory_scan_results *results) {
    (void)caller;
    uint64_t address = args->address;
    uint64_t count = args->count;
    if (!range_is_user(address, count) || count > 64)
        return EXO_STATUS_BAD_ARGUMENT;
    results->accessed = 0;
    results->dirty = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = address + i * PAGE_SIZE;
        uint64_t *table = page_table_find(domain, at, false);
        uint64_t *entry = table == NULL ? NULL : &table[(at >> PAGE_SHIFT) % TABLE_ENTRIES];
        if (entry == NULL || *entry == 0)
            continue;
        uint64_t used = ENTRY_ACCESSED | ENTRY_DIRTY;
        uint64_t old = __atomic_fetch_and(entry, ~used, __ATOMIC_SEQ_CST);
        results->accessed |= (uint64_t)((old & ENTRY_ACCESSED) != 0) << i;
        results->dirty |= (uint64_t)((old & ENTRY_DIRTY) != 0) << i;
        page_table_flush(domain, at);
    }
    flush_others(domain);
    return EXO_STATUS_OK;
}

bool memory_unmap_slot(struct slot *slot, uint32_t *budget) {
    if (slot->map_low >= slot->map_high)
        return true;
    struct domain *domain = slot_domain(slot);
    while (slot->map_low < slot->map_high) {
        uint64_t at = slot->map_low, next = (at | TABLE_SPAN_MASK) + 1, *table = NULL;
        if (slot->map_tables >> table_number(at) & 1)
            table = page_table_part(domain, at, slot->map_high, &next);
        if (!budget_take(budget, table == NULL ? 1 : table_cost(table, at, next)))
            break;
        if (table != NULL)
            table_clear(domain, table, at, next, slot->base, slot->count);
        slot->map_low = next;
    }
    flush_others(domain);
    return slot->map_low >= slot->map_high;
}

bool memory_unmap_domain(struct domain *domain, uint32_t *budget) {
    /* The record of the root counts the tables below it: none is left, all is clear. */
    while (domain->root != 0 && domain->space_cursor < USER_HIGH &&
           frame_at(arch_root_frame(domain->root))->mapped != 0) {
        uint64_t next, at = domain->space_cursor;
        uint64_t *table = page_table_part(domain, at, USER_HIGH, &next);
        if (!budget_take(budget, table == NULL ? 4 : table_cost(table, at, next)))
            return false;
        if (table != NULL)
            table_clear(domain, table, at, next, 0, UINT64_MAX);
        domain->space_cursor = next;
    }
    return true;
}
