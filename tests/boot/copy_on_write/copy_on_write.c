/* SPDX-License-Identifier: MIT */
/*
 * Copy on write between two children of a common pool, as a fork would have it: the pool's owner
 * gives both children the page to read; the parent process is ended, and the child lives on with
 * the page, and with a copy of its own once it writes.
 */
#include "general_registers.h"

#include "fault.h"
#include "scenario.h"
#include "text.h"

enum { SHARED_PAGE = 30, COPY_PAGE = 31 };

struct process {
    uint64_t page, spare, read, copied, done;
};

static struct process *self;

/* The child's own policy: a write to the shared page gets it a copy. */
static bool copy_page(struct upcall_frame *frame, uint64_t address, void *context)
{
    uint64_t done;
    (void)frame;
    (void)address;
    (void)context;
    if (exo_memory_map(EXO_SELF, COPY_PAGE, self->spare, 0, 1, READ_WRITE, &done) != EXO_STATUS_OK)
        return false;
    memcpy((void *)self->spare, (void *)self->page, CHILD_PAGE_BYTES);
    exo_memory_unmap(EXO_SELF, self->page, 1);
    self->copied++;
    return exo_memory_map(EXO_SELF, COPY_PAGE, self->page, 0, 1, READ_WRITE, &done) ==
           EXO_STATUS_OK;
}

static void live(uint64_t shared)
{
    uint64_t bits;
    self = (struct process *)shared;
    fault_region_add(self->page, self->page + CHILD_PAGE_BYTES, copy_page, 0);
    self->read = *(volatile uint64_t *)self->page;
    exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
    *(volatile uint64_t *)self->page += 1;
    self->read = *(volatile uint64_t *)self->page;
    self->done = 1;
    scenario_stop();
}

static void start(struct scenario_child *child, struct process **process, uint32_t pool,
                  uint64_t page)
{
    uint64_t done;
    scenario_child(child, live, 0, 0, 0, 0);
    *process = scenario_share(child, 1);
    (*process)->page = page;
    (*process)->spare = page + CHILD_PAGE_BYTES;
    EXPECT(child_call(&child->plan, &child->child, 0, (uintptr_t)live, (uintptr_t)*process),
           EXO_STATUS_OK);
    scenario_give(child, pool, SHARED_PAGE, EXO_RIGHT_READ);
    EXPECT(exo_memory_map(child->child.domain, SHARED_PAGE, page, 0, 1, EXO_RIGHT_READ, &done),
           EXO_STATUS_OK);
    uint32_t copy = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, copy, scenario_frames(1), 1,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    scenario_give(child, copy, COPY_PAGE, READ_WRITE);
    CHECK(scenario_run(child) == EXO_STOP_REASON_NONE);
    CHECK((*process)->read == 1000);
}

int component_main(void)
{
    struct scenario_child parent, child;
    struct process *parent_process, *child_process;
    uint64_t done, here = scenario_addresses(1), there = scenario_addresses(2);
    uint32_t pool = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, pool, scenario_frames(1), 1,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, pool, here, 0, 1, READ_WRITE, &done), EXO_STATUS_OK);
    *(volatile uint64_t *)here = 1000;
    EXPECT(exo_memory_protect(EXO_SELF, here, 1, EXO_RIGHT_READ), EXO_STATUS_OK);
    start(&parent, &parent_process, pool, there);
    start(&child, &child_process, pool, there);
    EXPECT(child_end(&parent.child), EXO_STATUS_OK);
    EXPECT(exo_event_signal(child.child.event), EXO_STATUS_OK);
    scenario_step(&child);
    CHECK(child_process->done && child_process->copied == 1 && child_process->read == 1001);
    CHECK(*(volatile uint64_t *)here == 1000);
    print("copy_on_write: the parent died, the child wrote to a copy of its own\n");
    return 0;
}
