/* SPDX-License-Identifier: MIT */
/*
 * Memory that was lent is asked back first: the borrower hears of it by an Event and keeps it; then
 * it is taken, and the borrower's mapping and capability are gone, with the reason in its slot.
 */
#include "scenario.h"
#include "upcall.h"

enum { BORROWED = 30, NOTICE = 31 };

struct notes {
    uint64_t address, asked, still_mapped, taken, kind;
};

static uint8_t reason_of(uint64_t *kind)
{
    uint64_t rights, value, count, low, high;
    exo_capability_info(EXO_SELF, BORROWED, kind, &rights, &value, &count, &low, &high);
    return *kind >> 8 & 0xff;
}

static void borrow(uint64_t shared)
{
    struct notes *notes = (struct notes *)shared;
    uint64_t bits;
    exo_event_wait(NOTICE, UINT64_MAX, &bits);
    notes->asked = reason_of(&notes->kind) == EXO_NOTICE_REASON_ASKED && bits != 0;
    notes->still_mapped = *(volatile uint64_t *)notes->address == 42;
    exo_event_wait(NOTICE, UINT64_MAX, &bits);
    notes->taken = reason_of(&notes->kind) == EXO_NOTICE_REASON_TAKEN && bits != 0;
    notes->kind &= 0xff;
    (void)*(volatile uint64_t *)notes->address; /* faults: this child stops here */
    notes->taken = 0;
    scenario_stop();
}

int component_main(void)
{
    struct scenario_child child;
    uint64_t done;
    uint32_t lent = scenario_slots(1);
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, lent, scenario_frames(1), 1,
                                 READ_WRITE, 0), EXO_STATUS_OK);
    uint64_t here = scenario_addresses(1), there = scenario_addresses(1);
    EXPECT(exo_memory_map(EXO_SELF, lent, here, 0, 1, READ_WRITE, &done), EXO_STATUS_OK);
    *(volatile uint64_t *)here = 42;
    scenario_child(&child, borrow, 0, 0, 0, NULL);
    struct notes *notes = scenario_share(&child, 1);
    notes->address = there;
    EXPECT(child_call(&child.plan, &child.child, 0, (uintptr_t)borrow, (uintptr_t)notes),
           EXO_STATUS_OK);
    scenario_give(&child, lent, BORROWED, EXO_RIGHT_READ);
    scenario_give(&child, child.child.event, NOTICE, EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT);
    EXPECT(exo_memory_map(child.child.domain, BORROWED, there, 0, 1, EXO_RIGHT_READ, &done),
           EXO_STATUS_OK);
    EXPECT(exo_capability_notify(child.child.domain, BORROWED, NOTICE), EXO_STATUS_OK);
    EXPECT(exo_thread_start(child.child.thread), EXO_STATUS_OK);
    scenario_step(&child);
    EXPECT(exo_capability_revoke(lent, 1), EXO_STATUS_OK);
    scenario_step(&child);
    CHECK(notes->asked && notes->still_mapped);
    EXPECT(exo_capability_revoke(lent, 0), EXO_STATUS_OK);
    scenario_step(&child);
    CHECK(notes->taken && notes->kind == EXO_OBJECT_KIND_EMPTY);
    CHECK(scenario_stop_reason(&child) != EXO_STOP_REASON_NONE);
    CHECK(*(volatile uint64_t *)here == 42);
    print("revoke: asked, kept; taken, gone\n");
    return 0;
}
