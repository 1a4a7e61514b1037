/* SPDX-License-Identifier: MIT */
#include "measure.h"

#include "first.h"
#include "kernel_stubs.h"
#include "machine.h"
#include "print.h"
#include "text.h"

enum {
    CHILD_FRAMES = 64,
    CHILD_STACK_PAGES = 2,
    SHARE_SLOT = CHILD_SLOT_FREE, /* in the child */
    VECTOR_FRAMES = 2,
    VECTOR_WORDS = 512,
    FAILURE = 2,
};

static void read_counters(struct measure *measure)
{
    uint64_t unused[3];
    exo_kernel_counters(EXO_COUNTER_KERNEL_ENTRIES, &measure->entries, &measure->switches,
                        &measure->flushes, &unused[0], &unused[1], &unused[2]);
}

void measure_begin(struct measure *measure)
{
    read_counters(measure);
    measure_barrier();
    measure->instructions = processor_instructions();
}

void measure_end(struct measure *measure)
{
    struct measure end;
    end.instructions = processor_instructions();
    measure_barrier();
    read_counters(&end);
    measure->instructions = end.instructions - measure->instructions;
    measure->entries = end.entries - measure->entries - 1; /* the entry that reads the counters */
    measure->switches = end.switches - measure->switches;
    measure->flushes = end.flushes - measure->flushes;
}

void measure_print_value(const char *name, uint64_t value, const char *unit)
{
    print("bench %s %lu %s\n", name, value, unit);
}

static uint64_t per(uint64_t sum, uint64_t operations)
{
    return (sum + operations / 2) / operations;
}

static void print_part(const char *name, const char *part, uint64_t value)
{
    print("bench %s_privileged%s %lu operations\n", name, part, value);
}

void measure_print(const char *name, const struct measure *measure, uint64_t overhead,
                   uint64_t operations)
{
    uint64_t instructions = measure->instructions > overhead ? measure->instructions - overhead : 0;
    uint64_t entries = per(measure->entries, operations);
    uint64_t switches = per(measure->switches, operations);
    uint64_t flushes = per(measure->flushes, operations);
    measure_print_value(name, per(instructions, operations), "instructions");
    print_part(name, "", entries + switches + flushes);
    print_part(name, "_entries", entries);
    print_part(name, "_switches", switches);
    print_part(name, "_flushes", flushes);
}

void measure_check(enum exo_status status, const char *what)
{
    if (status == EXO_STATUS_OK)
        return;
    print("measure: %s answered status %d\n", what, (int)status);
    machine_end(FAILURE);
}

/* The same for every child. */
static struct child_plan child_plan(uint32_t portal_count)
{
    return (struct child_plan){
        .memory = FIRST_SLOT_RAM,
        .frames = CHILD_FRAMES,
        .gas = FIRST_SLOT_GAS,
        .domain_frames = 1,
        .thread_count = 1,
        .portal_count = portal_count,
        .stack_pages = CHILD_STACK_PAGES,
        .extra_pages = CHILD_FRAMES,
    };
}

void measure_child(struct child *child, void (*function)(uint64_t), uint64_t argument,
                   uint32_t index, uint32_t portal_count)
{
    measure_child_on(FIRST_SLOT_CPU, child, function, argument, index, portal_count);
}

void measure_child_on(uint32_t cpu, struct child *child, void (*function)(uint64_t),
                      uint64_t argument, uint32_t index, uint32_t portal_count)
{
    struct child_plan plan = child_plan(portal_count);
    uint64_t window;
    plan.segment_count = first_segments(plan.segments);
    plan.entry = plan.segments[0].address;
    space_take(first_frames(), plan.frames, 1, &plan.offset);
    plan.first_slot = slots_take(first_slots(), child_slots(&plan));
    space_take(first_space(), child_window(&plan), 1, &window);
    plan.window = window * CHILD_PAGE_BYTES;
    measure_check(child_make(&plan, child), "child_make");
    measure_check(child_close(&plan), "child_close");
    measure_check(child_call(&plan, child, 0, (uintptr_t)function, argument), "child_call");
    measure_check(exo_cpu_bind(cpu, child->thread, index, 0), "cpu_bind");
}

void *measure_share(const struct child *child, uint64_t pages)
{
    uint64_t frame, page, done;
    uint32_t slot = slots_take(first_slots(), 1);
    space_take(first_frames(), pages, 1, &frame);
    space_take(first_space(), pages, 1, &page);
    struct child_plan plan = child_plan(0);
    static uint64_t pages_shared;
    uint64_t address = child_extra_address(&plan) + pages_shared * CHILD_PAGE_BYTES;
    uint64_t rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE;
    pages_shared += pages;
    measure_check(exo_capability_derive(FIRST_SLOT_RAM, EXO_SELF, slot, frame, pages, rights, 0),
                  "derive");
    measure_check(exo_memory_map(EXO_SELF, slot, address, 0, pages, rights, &done), "map");
    memset((void *)address, 0, pages * CHILD_PAGE_BYTES);
    measure_check(exo_capability_derive(slot, child->domain, SHARE_SLOT, 0, pages, rights, 0),
                  "derive to the child");
    measure_check(exo_memory_map(child->domain, SHARE_SLOT, address, 0, pages, rights, &done),
                  "map in the child");
    return (void *)address;
}

void measure_play(const uint64_t *words, uint32_t count)
{
    uint64_t frame, page, done, index, rights = EXO_RIGHT_READ | EXO_RIGHT_WRITE;
    uint32_t slot = slots_take(first_slots(), 1);
    space_take(first_frames(), VECTOR_FRAMES, 1, &frame);
    space_take(first_space(), VECTOR_FRAMES, 1, &page);
    uint64_t *report = (uint64_t *)(page * CHILD_PAGE_BYTES);
    measure_check(exo_memory_map(EXO_SELF, FIRST_SLOT_RAM, (uintptr_t)report, frame, VECTOR_FRAMES,
                                 rights, &done), "map the vector");
    memset(report, 0, VECTOR_FRAMES * CHILD_PAGE_BYTES);
    for (uint32_t i = 0; i < VECTOR_WORDS; i++)
        report[VECTOR_WORDS + i] = words[i % count];
    measure_check(exo_cpu_play(FIRST_SLOT_CPU, FIRST_SLOT_RAM, frame, VECTOR_FRAMES, slot,
                               (uint64_t)EXO_NONE << 32, &index), "cpu_play");
}
