/* SPDX-License-Identifier: MIT */
/*
 * Children enter the kernel with every state of the processor that user code can make: flags, stack
 * pointers, segment bases, and instructions that are not theirs. Each either goes on or is stopped,
 * as the case says, and the rest of the system does not notice. Each case is also run in children
 * that have no upcall stack to put the fault's frame on.
 */
#include "hostile.h"
#include "scenario.h"

enum { STATES_MIN = 30 }; /* of each architecture */

struct notes {
    uint64_t number, passed;
};

static void run_case(uint64_t shared)
{
    volatile struct notes *notes = (volatile struct notes *)shared;
    uint32_t count;
    hostile_cases(&count)[notes->number].run();
    notes->passed = 1;
    scenario_stop();
}

static void run_child(const struct hostile_case *hostile, uint32_t number, bool with_stack)
{
    struct scenario_child child;
    uint64_t nowhere[2] = {CHILD_PAGE_BYTES, 2 * CHILD_PAGE_BYTES};
    scenario_child(&child, run_case, 0, 0, 0, NULL);
    struct notes *notes = scenario_share(&child, 1);
    notes->number = number;
    EXPECT(child_call(&child.plan, &child.child, 0, (uintptr_t)run_case, (uintptr_t)notes),
           EXO_STATUS_OK);
    if (!with_stack)
        EXPECT(exo_thread_write(child.child.thread, EXO_THREAD_REGISTER_UPCALL_STACK_LOW, 2,
                                (uint64_t)(uintptr_t)nowhere), EXO_STATUS_OK);
    uint64_t reason = scenario_run(&child);
    bool stopped = reason != EXO_STOP_REASON_NONE;
    bool right = hostile->end == HOSTILE_EITHER ||
                 (notes->passed != 0) == (hostile->end == HOSTILE_RETURNS);
    if (!stopped || !right)
        print("%s: reason %lu, passed %lu\n", hostile->name, reason, notes->passed);
    CHECK(stopped && right);
    scenario_end(&child);
}

int component_main(void)
{
    uint32_t count;
    const struct hostile_case *cases = hostile_cases(&count);
    for (uint32_t i = 0; i < count; i++) {
        run_child(&cases[i], i, true);
        run_child(&cases[i], i, false);
    }
    CHECK(count >= STATES_MIN);
    print("hostile_state: all states were tried, and the kernel stood\n");
    return 0;
}
