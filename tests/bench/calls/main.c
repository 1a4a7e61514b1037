/* SPDX-License-Identifier: MIT */
/*
 * Kernel calls within one domain: the null call, the check of a capability, mapping, and a page
 * fault that the program handles itself. Loops are measured empty, too, and that is taken off.
 */
#include "general_registers.h"

#include <stddef.h>

#include "fault.h"
#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"

FIRST_PROGRAM

enum { CALLS = 1000, PAGES = 256, BATCH = 64, SCATTERED_TABLES = 512 };

#define TABLE_BYTES (UINT64_C(512) * CHILD_PAGE_BYTES)
#define SCATTERED (UINT64_C(160) << 30)

#define READ_WRITE (EXO_RIGHT_READ | EXO_RIGHT_WRITE)

static uint64_t area;  /* addresses of PAGES pages */
static uint64_t frame; /* as many frames of the RAM */

static uint64_t empty_loop(uint64_t turns)
{
    struct measure measure;
    measure_begin(&measure);
    for (uint64_t i = 0; i < turns; i++)
        measure_barrier();
    measure_end(&measure);
    return measure.instructions;
}

static void null_call(struct measure *measure)
{
    measure_begin(measure);
    for (uint64_t i = 0; i < CALLS; i++)
        exo_kernel_null();
    measure_end(measure);
}

/* portal_limit looks a capability up, checks kind and rights, and stores one word. */
static void checked_call(struct measure *measure, uint32_t portal)
{
    measure_begin(measure);
    for (uint64_t i = 0; i < CALLS; i++)
        exo_portal_limit(portal, 0);
    measure_end(measure);
}

static void measure_calls(void)
{
    struct measure null, checked;
    uint64_t loop = empty_loop(CALLS), portal_frame;
    uint32_t portal = slots_take(first_slots(), 1);
    space_take(first_frames(), 1, 1, &portal_frame);
    measure_check(exo_memory_retype(FIRST_SLOT_RAM, portal_frame, 1, EXO_OBJECT_KIND_PORTAL, portal,
                                    1, EXO_SELF), "retype a portal");
    null_call(&null); /* the first run warms up */
    null_call(&null);
    measure_print("kernel_call_null", &null, loop, CALLS);
    checked_call(&checked, portal);
    checked_call(&checked, portal);
    checked.entries -= null.entries;
    measure_print("capability_check", &checked, null.instructions, CALLS);
}

static void unmap_all(void)
{
    measure_check(exo_memory_unmap(EXO_SELF, area, PAGES), "unmap");
}

static void measure_map(void)
{
    struct measure measure;
    uint64_t done, loop = empty_loop(PAGES);
    for (int turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (uint64_t i = 0; i < PAGES; i++)
            exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, area + i * CHILD_PAGE_BYTES, frame + i, 1,
                           READ_WRITE, &done);
        measure_end(&measure);
        unmap_all();
    }
    measure_print("map_page", &measure, loop, PAGES);
    measure_begin(&measure);
    for (uint64_t i = 0; i < PAGES; i += BATCH)
        exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, area + i * CHILD_PAGE_BYTES, frame + i, BATCH,
                       READ_WRITE, &done);
    measure_end(&measure);
    unmap_all();
    measure_print("map_page_batch", &measure, empty_loop(PAGES / BATCH), PAGES);
    measure_begin(&measure);
    for (uint64_t i = 0; i < PAGES; i++)
        exo_memory_unmap(EXO_SELF, area + i * CHILD_PAGE_BYTES, 1);
    measure_end(&measure);
}

static bool map_at(struct upcall_frame *upcall, uint64_t address, void *context)
{
    (void)upcall;
    (void)context;
    uint64_t done, page = address & ~(uint64_t)(CHILD_PAGE_BYTES - 1);
    return exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, page,
                          frame + (page - area) / CHILD_PAGE_BYTES, 1, READ_WRITE,
                          &done) == EXO_STATUS_OK;
}

static void measure_fault(void)
{
    struct measure measure;
    uint64_t loop = empty_loop(PAGES);
    fault_region_add(area, area + PAGES * CHILD_PAGE_BYTES, map_at, NULL);
    for (int turn = 0; turn < 2; turn++) {
        measure_begin(&measure);
        for (uint64_t i = 0; i < PAGES; i++)
            (void)*(volatile uint8_t *)(area + i * CHILD_PAGE_BYTES);
        measure_end(&measure);
        unmap_all();
    }
    measure_print("upcall_fault", &measure, loop, PAGES);
}

/* Two pages at a distance of 1 GiB go with their capability; each page table between them is in use
   by another one. */
static void measure_scattered(void)
{
    struct measure measure;
    uint64_t tables, one, done;
    uint32_t slot = slots_take(first_slots(), 2);
    space_take(first_frames(), SCATTERED_TABLES + 8, 1, &tables);
    space_take(first_frames(), 1, 1, &one);
    measure_check(exo_domain_feed(EXO_SELF, FIRST_SLOT_RAM, tables, SCATTERED_TABLES + 8, slot),
                  "feed");
    measure_check(exo_capability_derive(FIRST_SLOT_RAM, EXO_SELF, slot + 1, one, 1, READ_WRITE, 0),
                  "derive");
    for (uint64_t i = 0; i <= SCATTERED_TABLES; i++)
        measure_check(exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, SCATTERED + i * TABLE_BYTES, frame,
                                     1, READ_WRITE, &done), "map between");
    for (uint64_t i = 0; i <= SCATTERED_TABLES; i += SCATTERED_TABLES)
        measure_check(exo_memory_map(EXO_SELF, slot + 1,
                                     SCATTERED + i * TABLE_BYTES + CHILD_PAGE_BYTES, 0, 1,
                                     READ_WRITE, &done), "map scattered");
    measure_begin(&measure);
    measure_check(exo_capability_delete(slot + 1), "delete");
    measure_end(&measure);
    measure_print("delete_scattered", &measure, 0, 1);
    for (uint64_t i = 0; i <= SCATTERED_TABLES; i++)
        measure_check(exo_memory_unmap(EXO_SELF, SCATTERED + i * TABLE_BYTES, 1), "unmap");
}

uint32_t first_main(void)
{
    uint64_t page;
    space_take(first_space(), PAGES + 1, 512, &page); /* all in one page table, which stays */
    space_take(first_frames(), PAGES + 1, 1, &frame);
    area = page * CHILD_PAGE_BYTES;
    measure_check(exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, area + PAGES * CHILD_PAGE_BYTES,
                                 frame + PAGES, 1, READ_WRITE, &page), "map");
    measure_calls();
    measure_map();
    measure_fault();
    measure_scattered();
    return 0;
}
