/* SPDX-License-Identifier: MIT */
#include "own.h"

#include "entries.h"
#include "first.h"
#include "kernel_stubs.h"
#include "node.h"
#include "print.h"
#include "processors.h"
#include "ticks.h"

enum {
    ACCOUNTS_PER_FRAME = 16,
    TABLE_FRAMES = 64, /* page tables for init's windows and channels */
    STACK_PAGES = 5, /* of a handler, the lowest for upcalls */
    START_MICROSECONDS = 10000000, /* in which a core that there is comes, on a busy host, too */
    START_LOOK_MICROSECONDS = 1000,
};

struct own own;

/* Frames next to one of its cores, or else others. */
static bool take(uint64_t frames, uint32_t node, struct node_run *run)
{
    return node_take(frames, node, true, run);
}

/* Retype fresh frames into `number` objects; returns the first slot, 0 when that fails. */
static uint32_t make(uint64_t frames, enum exo_object_kind kind, uint32_t number, uint64_t detail)
{
    struct node_run run;
    uint32_t slot = slots_take(first_slots(), number);
    if (slot == SLOTS_NONE || !take(frames, node_of_core(0), &run))
        return 0;
    return exo_memory_retype(run.memory, run.offset, frames, kind, slot, number, detail) ==
                   EXO_STATUS_OK
               ? slot
               : 0;
}

/* Ask for the core of this number until it runs, or for so long that it will not come. */
static enum exo_status start_core(uint64_t number, const struct node_run *run, uint32_t slot)
{
    uint64_t bits, end = ticks_deadline(START_MICROSECONDS);
    enum exo_status status;
    while ((status = exo_cpu_start(FIRST_SLOT_CPU, number, run->memory, run->offset, slot)) ==
               EXO_STATUS_BUSY &&
           ticks_now() < end)
        exo_event_wait(own.pause, ticks_deadline(START_LOOK_MICROSECONDS), &bits);
    return status;
}

/* What does not come leaves its slot to the next one, and its frames when that is on their node. */
static bool start_cores(uint32_t wanted)
{
    uint64_t numbers[PROCESSORS_MAX];
    struct node_run run = {.node = NODE_ANY};
    own.core[0] = FIRST_SLOT_CPU;
    own.core_count = 1;
    uint32_t count = wanted > 1 ? processors_find(numbers, PROCESSORS_MAX) : 0;
    for (uint32_t i = 0, slot = 0; i < count && own.core_count < wanted; i++) {
        uint32_t node = node_of_number(numbers[i]);
        if (slot == 0 && (slot = slots_take(first_slots(), 1)) == SLOTS_NONE)
            return false;
        if (run.node != node && !take(EXO_CORE_FRAMES, node, &run))
            return false;
        if (start_core(numbers[i], &run, slot) == EXO_STATUS_OK) {
            node_core_is(own.core_count, numbers[i]);
            own.core[own.core_count++] = slot;
            slot = 0;
            run.node = NODE_ANY;
        }
    }
    if (own.core_count == wanted)
        return true;
    print("init: the composition wants %u cores, and the machine has %u\n", wanted,
          own.core_count);
    return false;
}

bool own_make(uint32_t accounts, uint32_t cores)
{
    struct node_run run;
    uint64_t page;
    uint32_t feed = slots_take(first_slots(), 1);
    uint64_t frames = (accounts + ACCOUNTS_PER_FRAME - 1) / ACCOUNTS_PER_FRAME;
    own.event = make(1, EXO_OBJECT_KIND_EVENT, 3, 0);
    own.done = own.event + 1;
    own.pause = own.event + 2;
    own.portal = make(1, EXO_OBJECT_KIND_PORTAL, 1, EXO_SELF);
    own.threads = make((cores + 1) / 2, EXO_OBJECT_KIND_THREAD, cores, EXO_SELF);
    own.accounts = make(frames, EXO_OBJECT_KIND_GAS, accounts, FIRST_SLOT_GAS);
    bool fed = take(TABLE_FRAMES, node_of_core(0), &run) &&
               exo_domain_feed(EXO_SELF, run.memory, run.offset, TABLE_FRAMES, feed) ==
                   EXO_STATUS_OK;
    bool placed = space_take(first_space(), OWN_WINDOW_PAGES, 1, &page);
    own.window = page * CHILD_PAGE_BYTES;
    if (own.event && own.portal && own.threads && own.accounts && fed && placed)
        return start_cores(cores);
    print("init: there is not enough memory for its own objects\n");
    return false;
}

bool own_start_thread(uint32_t core, uint32_t index, void (*function)(void *), void *argument)
{
    extern void runtime_entry(void);
    uint64_t words[EXO_THREAD_REGISTER_UPCALL_STACK_HIGH + 1] = {0};
    uint64_t page, done;
    struct node_run run;
    uint32_t thread = own.threads + core;
    if (!take(STACK_PAGES, node_of_core(core), &run) ||
        !space_take(first_space(), STACK_PAGES, 1, &page) ||
        exo_memory_map(EXO_SELF, run.memory, page * CHILD_PAGE_BYTES, run.offset, STACK_PAGES,
                       EXO_RIGHT_READ | EXO_RIGHT_WRITE, &done) != EXO_STATUS_OK)
        return false;
    words[EXO_THREAD_REGISTER_ARG0] = (uintptr_t)function;
    words[EXO_THREAD_REGISTER_ARG1] = (uintptr_t)argument;
    words[EXO_THREAD_REGISTER_INSTRUCTION_POINTER] = (uintptr_t)runtime_entry + ENTRY_THREAD;
    words[EXO_THREAD_REGISTER_STACK_POINTER] = (page + STACK_PAGES) * CHILD_PAGE_BYTES;
    words[EXO_THREAD_REGISTER_FAULT_ENTRY] = (uintptr_t)runtime_entry + ENTRY_FAULT;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_LOW] = page * CHILD_PAGE_BYTES;
    words[EXO_THREAD_REGISTER_UPCALL_STACK_HIGH] = (page + 1) * CHILD_PAGE_BYTES;
    return exo_thread_write(thread, 0, sizeof words / 8, (uintptr_t)words) == EXO_STATUS_OK &&
           exo_cpu_bind(own.core[core], thread, index, 0) == EXO_STATUS_OK &&
           exo_portal_attach(own.portal, thread) == EXO_STATUS_OK &&
           exo_thread_start(thread) == EXO_STATUS_OK;
}
