/* SPDX-License-Identifier: MIT */
#include "scenario.h"

#include "processor.h"
#include "text.h"

enum {
    FAILURE = 1,
    STACK_PAGES = 2,
    EXTRA_PAGES = 512,
    SHARE_SLOT = 20, /* in the child; one for each share */
    DOMAIN_FRAMES = 2,
};

void scenario_check(bool holds, const char *condition, const char *file, int line)
{
    if (holds)
        return;
    print("%s:%d: this does not hold: %s\n", file, line, condition);
    component_exit(FAILURE);
}

void scenario_expect(enum exo_status got, enum exo_status wanted, const char *call,
                     const char *file, int line)
{
    if (got == wanted)
        return;
    print("%s:%d: status %d instead of %d: %s\n", file, line, (int)got, (int)wanted, call);
    component_exit(FAILURE);
}

uint32_t scenario_slots(uint32_t number)
{
    uint32_t slot = slots_take(slots_own(), number);
    CHECK(slot != SLOTS_NONE);
    return slot;
}

uint64_t scenario_frames(uint64_t number)
{
    uint64_t frame = 0;
    CHECK(space_take(frames_own(), number, 1, &frame));
    return frame;
}

uint64_t scenario_addresses(uint64_t pages)
{
    uint64_t page = 0;
    CHECK(space_take(space_own(), pages, 1, &page));
    return page * CHILD_PAGE_BYTES;
}

void scenario_child(struct scenario_child *child, void (*function)(uint64_t), uint64_t argument,
                    uint64_t frames, uint32_t gas, const uint64_t *labels)
{
    struct child_plan *plan = &child->plan;
    struct startup_device cpu;
    *plan = (struct child_plan){.domain_frames = DOMAIN_FRAMES, .thread_count = 1,
                                .portal_count = 1, .stack_pages = STACK_PAGES,
                                .extra_pages = EXTRA_PAGES, .labels = labels};
    startup_child_plan(plan);
    CHECK(startup_device("cpu", &cpu));
    if (gas != 0)
        plan->gas = gas;
    plan->frames = frames > child_frames(plan) ? frames : child_frames(plan);
    plan->offset = scenario_frames(plan->frames);
    plan->first_slot = scenario_slots(child_slots(plan));
    plan->window = scenario_addresses(child_window(plan));
    EXPECT(child_make(plan, &child->child), EXO_STATUS_OK);
    EXPECT(child_close(plan), EXO_STATUS_OK);
    EXPECT(child_call(plan, &child->child, 0, (uintptr_t)function, argument), EXO_STATUS_OK);
    EXPECT(exo_cpu_bind(cpu.slot, child->child.thread, NO_CORE_INDEX, 0), EXO_STATUS_OK);
    child->shares = 0;
}

void *scenario_share(struct scenario_child *child, uint64_t pages)
{
    uint64_t frame = scenario_frames(pages), done;
    uint64_t address = scenario_addresses(pages);
    uint32_t slot = scenario_slots(1), child_slot = SHARE_SLOT + child->shares;
    CHECK(child->shares < SCENARIO_SHARES_MAX);
    child->share[child->shares++] = (struct scenario_share){slot, frame, address, pages};
    EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, frame, pages, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(exo_memory_map(EXO_SELF, slot, address, 0, pages, READ_WRITE, &done), EXO_STATUS_OK);
    memset((void *)address, 0, pages * CHILD_PAGE_BYTES);
    EXPECT(exo_capability_derive(slot, child->child.domain, child_slot, 0, pages, READ_WRITE, 0),
           EXO_STATUS_OK);
    EXPECT(exo_memory_map(child->child.domain, child_slot, address, 0, pages, READ_WRITE, &done),
           EXO_STATUS_OK);
    return (void *)address;
}

void scenario_give(const struct scenario_child *child, uint32_t slot, uint32_t child_slot,
                   uint64_t rights)
{
    EXPECT(exo_capability_derive(slot, child->child.domain, child_slot, 0, 1, rights, 0),
           EXO_STATUS_OK);
}

uint64_t scenario_stop_reason(const struct scenario_child *child)
{
    uint64_t kind, rights, consumed, count = 0, low, high;
    EXPECT(exo_capability_info(EXO_SELF, child->child.thread, &kind, &rights, &consumed, &count,
                               &low, &high),
           EXO_STATUS_OK);
    return count >> 8 & 0xff;
}

void scenario_step(const struct scenario_child *child)
{
    /* Busy: it cannot run. Our slice may end before that, then it goes on in our next. */
    while (exo_thread_yield(child->child.thread) == EXO_STATUS_OK)
        ;
}

uint64_t scenario_run(const struct scenario_child *child)
{
    EXPECT(exo_thread_start(child->child.thread), EXO_STATUS_OK);
    scenario_step(child);
    return scenario_stop_reason(child);
}

void scenario_end(struct scenario_child *child)
{
    const struct child_plan *plan = &child->plan;
    EXPECT(child_end(&child->child), EXO_STATUS_OK);
    for (uint32_t i = 0; i < child->shares; i++) {
        const struct scenario_share *share = &child->share[i];
        EXPECT(exo_capability_revoke(share->slot, 0), EXO_STATUS_OK);
        EXPECT(exo_capability_delete(share->slot), EXO_STATUS_OK);
        slots_give(slots_own(), share->slot, 1);
        CHECK(space_give(space_own(), share->address / CHILD_PAGE_BYTES, share->pages));
        CHECK(space_give(frames_own(), share->frame, share->pages));
    }
    slots_give(slots_own(), (uint32_t)plan->first_slot, child_slots(plan));
    CHECK(space_give(space_own(), plan->window / CHILD_PAGE_BYTES, child_window(plan)));
    CHECK(space_give(frames_own(), plan->offset, plan->frames));
}

_Noreturn void scenario_stop(void)
{
    processor_stop();
}
