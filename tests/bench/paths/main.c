/* SPDX-License-Identifier: MIT */
/*
 * The longest ways through the kernel, in the worst cases that its bounds allow: a call that does
 * its work at once is measured whole; of one that takes steps, the average of them. The longest of
 * all is the figure: nothing, an interrupt neither, waits longer than that for the kernel.
 */
#include <stddef.h>

#include "first.h"
#include "kernel_stubs.h"
#include "measure.h"

FIRST_PROGRAM

enum { PAGES = 1024, OBJECT_FRAMES = 64, OBJECTS = 64, LEAVES = 768, DEPTH = 60, RUN = 1024 };

#define READ_WRITE (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
#define TRY(call) measure_check(call, #call)
/* So that each level of page tables ends in the middle of the pages: four levels, or three. */
#define EDGE ((UINT64_C(200) << 39) - PAGES / 2 * CHILD_PAGE_BYTES)
#define EDGE_OF_THREE ((UINT64_C(160) << 30) - PAGES / 2 * CHILD_PAGE_BYTES)

static uint64_t longest;
static struct measure measure;

/* The kernel's own count of steps after which a call was entered again. */
static uint64_t steps(void)
{
    uint64_t count, unused;
    TRY(exo_kernel_counters(EXO_COUNTER_STEPS, &count, &unused, &unused, &unused, &unused,
                            &unused));
    return count;
}

static uint64_t steps_before;

static void begin(void)
{
    steps_before = steps();
    measure_begin(&measure);
}

static void end(const char *name)
{
    measure_end(&measure);
    uint64_t again = steps() - steps_before;
    uint64_t path = measure.instructions / (again > 0 ? again : 1);
    measure_print_value(name, path, "instructions");
    longest = path > longest ? path : longest;
}

static void map_pages(uint64_t frame)
{
    uint64_t done, edge = EDGE;
    if (exo_memory_unmap(EXO_SELF, edge, 1) == EXO_STATUS_BAD_ARGUMENT)
        edge = EDGE_OF_THREE;
    begin();
    TRY(exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, edge, frame, PAGES, READ_WRITE, &done));
    end("path_map");
    begin();
    TRY(exo_memory_protect(EXO_SELF, edge, PAGES, EXO_RIGHT_READ));
    end("path_protect");
    begin();
    TRY(exo_memory_unmap(EXO_SELF, edge + 2 * PAGES * CHILD_PAGE_BYTES, PAGES));
    end("path_unmap_nothing");
    begin();
    TRY(exo_memory_protect(EXO_SELF, edge + 2 * PAGES * CHILD_PAGE_BYTES, PAGES, EXO_RIGHT_READ));
    end("path_protect_nothing");
    begin();
    TRY(exo_memory_unmap(EXO_SELF, edge, PAGES));
    end("path_unmap");
}

static void make_objects(uint64_t frame)
{
    uint32_t pool = slots_take(first_slots(), 1), slot = slots_take(first_slots(), OBJECTS);
    uint64_t rights = READ_WRITE | EXO_RIGHT_RETYPE;
    TRY(exo_capability_derive(FIRST_SLOT_RAM, EXO_SELF, pool, frame, RUN, rights, 0));
    begin();
    TRY(exo_memory_retype(pool, 0, OBJECT_FRAMES, EXO_OBJECT_KIND_THREAD, slot, OBJECTS, EXO_SELF));
    end("path_retype");
    begin();
    TRY(exo_capability_revoke(pool, 0));
    end("path_revoke_threads");
    TRY(exo_memory_retype(pool, 0, OBJECT_FRAMES, EXO_OBJECT_KIND_GAS, slot, OBJECTS,
                          FIRST_SLOT_GAS));
    begin();
    TRY(exo_capability_revoke(pool, 0));
    end("path_revoke_accounts");
    TRY(exo_memory_retype(pool, 0, 2, EXO_OBJECT_KIND_DOMAIN, slot, 1, FIRST_SLOT_GAS));
    begin();
    TRY(exo_domain_feed(slot, pool, 2, RUN - 2, 1));
    end("path_feed");
    begin();
    TRY(exo_capability_revoke(pool, 0));
    end("path_revoke_domain");
    TRY(exo_capability_delete(pool));
}

/* Leaves that are taken back; without a name they are asked first, each hearing of itself. */
static void revoke_leaves(uint32_t source, uint64_t rights, const char *name)
{
    uint32_t top = slots_take(first_slots(), 1), leaf = slots_take(first_slots(), LEAVES);
    TRY(exo_capability_derive(source, EXO_SELF, top, 0, 1, rights, 0));
    for (uint32_t i = 0; i < LEAVES; i++)
        TRY(exo_capability_derive(top, EXO_SELF, leaf + i, 0, 1, rights, 0));
    for (uint32_t i = 0; name == NULL && i < LEAVES; i++)
        TRY(exo_capability_notify(EXO_SELF, leaf + i, leaf + i));
    begin();
    TRY(exo_capability_revoke(top, name == NULL));
    end(name == NULL ? "path_ask" : name);
    if (name == NULL)
        TRY(exo_capability_revoke(top, 0));
    TRY(exo_capability_delete(top));
    slots_give(first_slots(), leaf, LEAVES);
    slots_give(first_slots(), top, 1);
}

/* A run that each of a chain of capabilities charges to its account. */
static void charged_chain(uint64_t frame)
{
    uint32_t slot = slots_take(first_slots(), DEPTH + 1);
    uint64_t rights = READ_WRITE;
    for (uint32_t i = 0; i < DEPTH; i++)
        TRY(exo_capability_derive(i == 0 ? FIRST_SLOT_RAM : slot + i - 1, EXO_SELF, slot + i,
                                  i == 0 ? frame : 0, RUN, rights, 0));
    rights |= (uint64_t)FIRST_SLOT_GAS << 32;
    begin();
    TRY(exo_capability_derive(slot + DEPTH - 1, EXO_SELF, slot + DEPTH, 0, RUN, rights, 0));
    end("path_charge");
    begin();
    TRY(exo_capability_delete(slot + DEPTH));
    end("path_return");
    TRY(exo_capability_revoke(slot, 0));
    TRY(exo_capability_derive(slot, EXO_SELF, slot + 1, 0, RUN,
                              EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0));
    begin();
    TRY(exo_capability_delete(slot + 1));
    end("path_thaw");
    TRY(exo_capability_delete(slot));
}

uint32_t first_main(void)
{
    uint64_t frame;
    space_take(first_frames(), RUN, 1, &frame);
    map_pages(frame);
    make_objects(frame);
    revoke_leaves(FIRST_SLOT_RAM, READ_WRITE, "path_revoke_memory");
    revoke_leaves(FIRST_SLOT_IRQ, 1, "path_revoke_lines");
    uint32_t event = slots_take(first_slots(), 1);
    TRY(exo_memory_retype(FIRST_SLOT_RAM, frame, 1, EXO_OBJECT_KIND_EVENT, event, 1, 0));
    revoke_leaves(event, EXO_RIGHT_SIGNAL, NULL);
    TRY(exo_capability_delete(event));
    charged_chain(frame);
    measure_print_value("path_longest", longest, "instructions");
    return 0;
}
