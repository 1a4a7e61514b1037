/* SPDX-License-Identifier: MIT */
/*
 * Mapping against a model page table: batches of map, unmap, protect and scan at scattered
 * addresses (the first and the last page table, a batch over the edge of one), through
 * overlapping, frozen and device capabilities; the short way of memory_map against the general
 * one; pools that run empty; deletion. A model of the TLB sees to it that no stale entry survives.
 *
 * Seen to fail: page_table_flush() left out of protect; page_table_release() that keeps the
 * remembered table; page_table_part() that skips a table behind missing ones; the short way without
 * its tests of the remembered table and of frozen frames; memory_unmap() that skips the first page
 * of a table; map_run() that leaves empty tables when the pool is.
 */
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define REGIONS 5
#define REGION_PAGES 24
#define PAGES (REGIONS * REGION_PAGES)
#define SLOTS 5
#define RW (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
#define RWX (RW | EXO_RIGHT_EXECUTE)
#define TABLE (TABLE_ENTRIES * PAGE_SIZE)

static const uint64_t regions[REGIONS] = {
    USER_LOW, 0x40000000, 0x80000000 - 12 * PAGE_SIZE, 0x123456789000,
    USER_HIGH - REGION_PAGES * PAGE_SIZE};
static const struct {
    uint64_t offset, count, rights;
} runs[SLOTS] = {{40, 32, RWX}, {52, 20, RW}, {60, 8, EXO_RIGHT_READ | EXO_RIGHT_FROZEN},
                 {30, 100, EXO_RIGHT_READ}, {0, MACHINE_DEVICE_FRAMES, RW}};

static uint64_t model[PAGES];  /* the entries that should be there, without the use bits */
static uint64_t cached[PAGES]; /* what the processor may remember */
static uint64_t limit[SLOTS][2];
static uint64_t tables[SLOTS]; /* by number modulo 64: the page tables in which a slot mapped */

static uint64_t address_of(unsigned page) {
    return regions[page / REGION_PAGES] + page % REGION_PAGES * PAGE_SIZE;
}

/* The entry of an address, NULL when a table is missing: our own walk. */
static uint64_t *entry_at(uint64_t address) {
    uint64_t at = machine_domain->root;
    for (int shift = 39; shift > 12; shift -= 9) {
        at = ((uint64_t *)physical_pointer(at))[address >> shift & 511] & ENTRY_FRAME;
        if (at == 0) {
            return NULL;
        }
    }
    return &((uint64_t *)physical_pointer(at))[address >> 12 & 511];
}

static uint64_t table_bit(unsigned page) {
    return 1ull << (address_of(page) >> 21) % 64;
}

static uint64_t entry_of(unsigned page) {
    const uint64_t *entry = entry_at(address_of(page));
    return entry == NULL ? 0 : *entry;
}

static void on_flush(uint64_t address) {
    for (unsigned i = 0; i < PAGES; i++) {
        cached[i] = address_of(i) == address ? 0 : cached[i];
    }
}

static void compare(void) {
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t entry = entry_of(i);
        CU_ASSERT_EQUAL_FATAL(entry & ~(ENTRY_ACCESSED | ENTRY_DIRTY), model[i]);
        /* What the processor remembers is what is there. */
        CU_ASSERT_FATAL(cached[i] == 0 || cached[i] == entry);
        cached[i] = entry;
    }
    const char *broken = machine_check();
    CU_ASSERT_PTR_NULL_FATAL(broken);
}

static uint64_t first_frame(unsigned slot) {
    return slot == SLOTS - 1 ? MACHINE_DEVICE_FRAME : machine_ram() + runs[slot].offset;
}

static void start(uint64_t pool) {
    machine_start(200, 3, pool);
    for (unsigned i = 0; i < SLOTS; i++) {
        CALL_OK(machine_thread, CAPABILITY_DERIVE, i == SLOTS - 1 ? MACHINE_DEVICES : MACHINE_RAM,
                EXO_SELF, MACHINE_FREE + i, runs[i].offset, runs[i].count, runs[i].rights, 0);
        limit[i][0] = limit[i][1] = tables[i] = 0;
    }
    memset(model, 0, sizeof model);
    memset(cached, 0, sizeof cached);
    machine_flush_hook = on_flush;
}

/* What the rule says of a frame, from the model entries and the one frozen run. */
static bool allowed(uint64_t frame, bool writable) {
    uint64_t frozen = machine_ram() + runs[2].offset;
    return !writable || frame < frozen || frame >= frozen + runs[2].count;
}

static void map(unsigned slot, unsigned page, unsigned offset, unsigned count, uint64_t rights) {
    uint64_t status = CALL(machine_thread, MEMORY_MAP, EXO_SELF, MACHINE_FREE + slot,
                           address_of(page), offset, count, rights);
    uint64_t done = machine_thread->registers.words[0];
    unsigned wanted = EXO_STATUS_OK;
    if (rights & ~(runs[slot].rights | EXO_RIGHT_UNCACHED) & RWX) {
        wanted = EXO_STATUS_DENIED;
    } else if (offset + count > runs[slot].count || count == 0) {
        wanted = EXO_STATUS_BAD_ARGUMENT;
    }
    if (wanted != EXO_STATUS_OK) {
        CU_ASSERT_EQUAL_FATAL(status, wanted);
        return;
    }
    unsigned i = 0;
    for (; i < count && wanted == EXO_STATUS_OK; i++) {
        uint64_t frame = first_frame(slot) + offset + i;
        if (status == EXO_STATUS_FULL && i == done) {
            CU_ASSERT_PTR_NULL(entry_at(address_of(page + i)));
            wanted = EXO_STATUS_FULL;
        } else if (model[page + i] != 0 || !allowed(frame, rights & EXO_RIGHT_WRITE)) {
            wanted = EXO_STATUS_CONFLICT;
        } else {
            model[page + i] = arch_entry_make(frame, rights);
            tables[slot] |= table_bit(page + i);
        }
    }
    i -= wanted != EXO_STATUS_OK;
    CU_ASSERT_EQUAL_FATAL(status, wanted);
    CU_ASSERT_EQUAL_FATAL(done, i);
    if (i > 0) {
        uint64_t low = address_of(page), high = low + i * PAGE_SIZE;
        limit[slot][0] = limit[slot][1] == 0 || low < limit[slot][0] ? low : limit[slot][0];
        limit[slot][1] = high > limit[slot][1] ? high : limit[slot][1];
    }
}

static void protect(unsigned page, unsigned count, uint64_t rights) {
    CALL_OK(machine_thread, MEMORY_PROTECT, EXO_SELF, address_of(page), count, rights);
    for (unsigned i = 0; i < count; i++) {
        if (model[page + i] != 0) {
            model[page + i] = arch_entry_weaken(model[page + i], rights);
        }
    }
}

/* The processor uses some pages, then the bits are read and cleared. */
static void scan(unsigned page, unsigned count) {
    uint64_t accessed = 0, dirty = 0;
    for (unsigned i = 0; i < count; i++) {
        if (model[page + i] != 0) {
            uint64_t bits = machine_random(4);
            *entry_at(address_of(page + i)) |= bits << 5;
            cached[page + i] = entry_of(page + i);
            accessed |= (bits & 1) << i;
            dirty |= (bits >> 1) << i;
        }
    }
    CALL_OK(machine_thread, MEMORY_SCAN, EXO_SELF, address_of(page), count);
    CU_ASSERT_EQUAL_FATAL(machine_thread->registers.words[0], accessed);
    CU_ASSERT_EQUAL_FATAL(machine_thread->registers.words[1], dirty);
}

static void delete_slot(unsigned slot) {
    CALL_OK(machine_thread, CAPABILITY_DELETE, MACHINE_FREE + slot, 0);
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t frame = arch_entry_frame(model[i]);
        if (address_of(i) >= limit[slot][0] && address_of(i) < limit[slot][1] && model[i] != 0 &&
            (tables[slot] & table_bit(i)) &&
            frame >= first_frame(slot) && frame < first_frame(slot) + runs[slot].count) {
            model[i] = 0;
        }
    }
    limit[slot][0] = limit[slot][1] = tables[slot] = 0;
    compare();
    CALL_OK(machine_thread, CAPABILITY_DERIVE, slot == SLOTS - 1 ? MACHINE_DEVICES : MACHINE_RAM,
            EXO_SELF, MACHINE_FREE + slot, runs[slot].offset, runs[slot].count, runs[slot].rights,
            0);
}

static void step(void) {
    static const uint64_t rights[] = {RW, EXO_RIGHT_READ, RWX, EXO_RIGHT_READ | EXO_RIGHT_EXECUTE,
                                      RW | EXO_RIGHT_UNCACHED, EXO_RIGHT_READ};
    unsigned slot = (unsigned)machine_random(SLOTS);
    unsigned page = (unsigned)machine_random(PAGES);
    unsigned room = REGION_PAGES - page % REGION_PAGES;
    unsigned count = 1 + (unsigned)machine_random(machine_random(2) ? 1 : room);
    switch (machine_random(10)) {
    case 0:
    case 1:
        CALL_OK(machine_thread, MEMORY_UNMAP, EXO_SELF, address_of(page), count);
        memset(&model[page], 0, count * sizeof model[0]);
        break;
    case 2:
        protect(page, count, EXO_RIGHT_READ | machine_random(8));
        break;
    case 3:
        scan(page, count);
        break;
    case 4:
        if (slot != 2 && machine_random(4) == 0) {
            delete_slot(slot);
        }
        break;
    default:
        map(slot, page, (unsigned)machine_random(10), count, rights[machine_random(6)]);
        break;
    }
    compare();
}

static void test_batches(void) {
    for (unsigned run = 0; run < (machine_long() ? 400u : 12u); run++) {
        /* Enough tables for everything, then too few. */
        start(run % 3 == 0 ? 24 : 2 + machine_random(12));
        uint64_t pool = machine_domain->pool_count;
        for (unsigned i = 0; i < 400; i++) {
            step();
        }
        for (unsigned i = 0; i < REGIONS; i++) {
            CALL_OK(machine_thread, MEMORY_UNMAP, EXO_SELF, regions[i], REGION_PAGES);
        }
        memset(model, 0, sizeof model);
        compare();
        /* Every table but the root is back. */
        CU_ASSERT_EQUAL(machine_domain->pool_count, pool);
    }
}

/* The only thing by which one can see which way it was. */
static void forget_table(void) {
    machine_domain->table = NULL;
    machine_domain->table_frame = NULL;
    machine_domain->table_address = TABLE_NONE;
}

/* The same call by the short way and, with the remembered table forgotten, by the general one. */
static void test_short_way(void) {
    static struct machine_snapshot before, quick, general;
    unsigned different = 0, remembered = 0;
    start(24);
    for (unsigned i = 0; i < (machine_long() ? 20000u : 1200u); i++) {
        const uint64_t words[6] = {
            MACHINE_FREE + machine_random(SLOTS),
            address_of((unsigned)machine_random(PAGES)) + (machine_random(40) == 0),
            machine_random(machine_random(20) ? 20 : 200), machine_random(20) != 0,
            machine_random(machine_random(10) ? 8 : 256), 0};
        if (i % 50 == 0) {
            CALL_OK(machine_thread, MEMORY_UNMAP, EXO_SELF,
                    regions[machine_random(REGIONS)], REGION_PAGES);
        }
        page_table_find(machine_domain, words[1] & ~(PAGE_SIZE - 1), false);
        const struct slot *slot = slot_at(machine_domain, words[0]);
        remembered += machine_domain->table_address != TABLE_NONE && words[1] >= slot->map_low &&
                      words[1] < slot->map_high && (slot->map_tables >> (words[1] >> 21) % 64 & 1);
        machine_save(&before);
        uint64_t status = machine_call(machine_thread, EXO_CALL_MEMORY_MAP, EXO_SELF, words);
        forget_table();
        machine_save(&quick);
        machine_load(&before);
        forget_table();
        uint64_t other = machine_call(machine_thread, EXO_CALL_MEMORY_MAP, EXO_SELF, words);
        forget_table();
        machine_save(&general);
        CU_ASSERT_EQUAL_FATAL(status, other);
        different += memcmp(quick.data, general.data, quick.bytes) != 0;
    }
    CU_ASSERT_EQUAL(different, 0);
    CU_ASSERT(remembered > 300);
    machine_forget(&before);
    machine_forget(&quick);
    machine_forget(&general);
}

/* With n tables in the pool: full exactly when a walk needs more, and nothing is lost. */
static void test_full(void) {
    for (uint64_t pool = 1; pool < 10; pool++) {
        start(pool);
        machine_flush_hook = NULL;
        uint64_t left = machine_domain->pool_count, mapped = 0;
        for (uint64_t i = 0; i < 12; i++) {
            /* Each in a table of its own; the first needs three, the fifth three again. */
            uint64_t address = 0x40000000 + i % 4 * TABLE + i / 4 * (1ull << 39);
            uint64_t needed = i % 4 == 0 ? 3 : 1;
            uint64_t status =
                CALL(machine_thread, MEMORY_MAP, EXO_SELF, MACHINE_FREE, address, i, 1, RW);
            bool missing = i % 4 != 0 && mapped / 4 < i / 4;
            needed = missing && mapped <= i / 4 * 4 && left < 3 ? 3 : needed;
            CU_ASSERT_EQUAL(status, needed <= left ? EXO_STATUS_OK : EXO_STATUS_FULL);
            if (status != EXO_STATUS_OK) {
                break;
            }
            left -= needed;
            mapped++;
            CU_ASSERT_EQUAL(machine_domain->pool_count, left);
        }
        /* A walk that failed half-way gave its tables back. */
        CU_ASSERT_EQUAL(machine_domain->pool_count, left);
        CU_ASSERT_PTR_NULL(machine_check());
        CALL_OK(machine_thread, CAPABILITY_DELETE, MACHINE_FREE, 0);
        CU_ASSERT_EQUAL(machine_domain->pool_count, pool - 1);
        CU_ASSERT_PTR_NULL(machine_check());
    }
}

static void test_arguments(void) {
    start(24);
    static const struct {
        uint64_t address, count;
    } wrong[] = {{0, 1},           {0x40000001, 1},          {0x40000000, 0},
                 {0x40000000, 1025}, {USER_HIGH, 1},          {USER_HIGH - PAGE_SIZE, 2},
                 {~0xfffull, 1},   {~0xfffull, 2},           {1ull << 63, 1},
                 {0x40000000, ~0ull}, {0x40000000, 1ull << 52}, {PAGE_SIZE - 1, 1}};
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t address = wrong[i].address, count = wrong[i].count;
        CU_ASSERT_EQUAL(
            CALL(machine_thread, MEMORY_MAP, EXO_SELF, MACHINE_RAM, address, 0, count, 1),
            EXO_STATUS_BAD_ARGUMENT);
        CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_UNMAP, EXO_SELF, address, count),
                        EXO_STATUS_BAD_ARGUMENT);
        CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_PROTECT, EXO_SELF, address, count, 1),
                        EXO_STATUS_BAD_ARGUMENT);
        CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_SCAN, EXO_SELF, address, count),
                        EXO_STATUS_BAD_ARGUMENT);
    }
    CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_SCAN, EXO_SELF, 0x40000000, 65),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_PTR_NULL(machine_check());
}

static const struct machine_test tests[] = {
    {"batches at scattered addresses, with a model of the TLB", test_batches},
    {"the short way and the general one are the same", test_short_way},
    {"page-table pools of every size run full", test_full},
    {"addresses and counts that are none", test_arguments},
};

MACHINE_MAIN("mapping", tests)
