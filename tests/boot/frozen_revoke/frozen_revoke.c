/* SPDX-License-Identifier: MIT */
/*
 * A receiver that keeps a frozen capability can trust what it reads: the giver cannot write while
 * it exists. The giver can take it back, though: then the receiver's next read faults, which it
 * sees as its own fault handler sees it, and the giver writes again.
 */
#include "general_registers.h"

#include "fault.h"
#include "scenario.h"

enum { FROZEN_PAGE = 30 };

struct receiver {
    uint64_t page, read, faulted;
};

static struct receiver *self;

static bool note_loss(struct upcall_frame *frame, uint64_t address, void *context)
{
    (void)frame;
    (void)address;
    (void)context;
    self->faulted = 1;
    return false;
}

static void receive(uint64_t shared)
{
    uint64_t bits;
    self = (struct receiver *)shared;
    fault_region_add(self->page, self->page + CHILD_PAGE_BYTES, note_loss, 0);
    self->read = *(volatile uint64_t *)self->page;
    exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
    self->read = *(volatile uint64_t *)self->page;
    scenario_stop();
}

int component_main(void)
{
    struct scenario_child child;
    uint64_t done, here = scenario_addresses(1), there = scenario_addresses(1);
    uint32_t slot = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, scenario_frames(1), 1,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, slot, here, 0, 1, READ_WRITE, &done), EXO_STATUS_OK);
    *(volatile uint64_t *)here = 7;
    scenario_child(&child, receive, 0, 0, 0, 0);
    struct receiver *receiver = scenario_share(&child, 1);
    receiver->page = there;
    EXPECT(child_call(&child.plan, &child.child, 0, (uintptr_t)receive, (uintptr_t)receiver),
           EXO_STATUS_OK);
    EXPECT(exo_capability_derive(slot, child.child.domain, FROZEN_PAGE, 0, 1,
                                 EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0), EXO_STATUS_CONFLICT);
    EXPECT(exo_memory_unmap(EXO_SELF, here, 1), EXO_STATUS_OK);
    EXPECT(exo_capability_derive(slot, child.child.domain, FROZEN_PAGE, 0, 1,
                                 EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0), EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, slot, here, 0, 1, READ_WRITE, &done), EXO_STATUS_CONFLICT);
    EXPECT(exo_memory_map(child.child.domain, FROZEN_PAGE, there, 0, 1, EXO_RIGHT_READ, &done),
           EXO_STATUS_OK);
    CHECK(scenario_run(&child) == EXO_STOP_REASON_NONE);
    CHECK(receiver->read == 7 && !receiver->faulted);
    EXPECT(exo_capability_revoke(slot, 0), EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, slot, here, 0, 1, READ_WRITE, &done), EXO_STATUS_OK);
    *(volatile uint64_t *)here = 8;
    EXPECT(exo_event_signal(child.child.event), EXO_STATUS_OK);
    scenario_step(&child);
    CHECK(receiver->faulted && receiver->read == 7);
    CHECK(scenario_stop_reason(&child) != EXO_STOP_REASON_NONE);
    print("frozen_revoke: trusted while kept, lost when taken\n");
    return 0;
}
