/* SPDX-License-Identifier: MIT */
/*
 * A scheduler within a domain: our one thread has a share of the core, and gives the rest of each
 * of its slots to one of three children, by the rule `beatty` of the same library that the core's
 * scheduler uses. They have no slots of their own. Together they get what the core's scheduler
 * gives us, half of the core, and of that what their weights say. A fourth one blocks whenever it
 * is its turn, for half a slot: what it leaves comes back, and the next one gets it. Time is
 * counted in turns of the children's loops, which are of the same length for all.
 */
#include "scenario.h"
#include "schedule.h"
#include "ticks.h"
#include "watch.h"

enum {
    CHILDREN = 4,
    BLOCKS = 3,  /* the child that does not run */
    SLOTS = 1200,
    WHOLE = 1000,
    BLOCKED_MICROSECONDS = 50, /* half a slot */
    OFF_MAX = 10, /* of WHOLE, by which a part may be off */
    WEIGHTS = 6,  /* of the others together: 1 + 2 + 3 */
};

static struct scenario_child children[CHILDREN];
static volatile uint64_t *turns[CHILDREN]; /* of each child, which it counts itself */

static void spin(uint64_t number)
{
    for (;;)
        ++*turns[number];
}

static void block(uint64_t number)
{
    uint64_t bits;
    for (;;) {
        ++*turns[number];
        exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(BLOCKED_MICROSECONDS), &bits);
    }
}

static struct schedule *start_rule(void)
{
    const struct schedule_rule *rule = schedule_rule_find("beatty");
    struct schedule_shape shape = {.threads = CHILDREN, .cores = 1};
    size_t bytes = schedule_bytes(rule, &shape);
    void *memory = pages_take((bytes + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES, NULL);
    CHECK(memory);
    struct schedule *schedule = schedule_start(rule, &shape, memory);
    for (uint32_t i = 0; i < CHILDREN; i++) {
        struct schedule_terms terms = {.weight = i == BLOCKS ? WEIGHTS : i + 1};
        CHECK(schedule_add(schedule, i, &terms, 0) == SCHEDULE_OK);
    }
    return schedule;
}

/* The children are copies of us, so what they count is shared before they are made: each has its
 * page at the address that it got here. */
static void make_children(void)
{
    for (uint32_t i = 0; i < CHILDREN; i++) {
        uint64_t frame = scenario_frames(1), address = scenario_addresses(1), done;
        uint32_t slot = scenario_slots(1);
        turns[i] = (volatile uint64_t *)address;
        EXPECT(exo_capability_derive(CHILD_SLOT_MEMORY, EXO_SELF, slot, frame, 1, READ_WRITE, 0),
               EXO_STATUS_OK);
        EXPECT(exo_memory_map(EXO_SELF, slot, address, 0, 1, READ_WRITE, &done), EXO_STATUS_OK);
        *turns[i] = 0;
        scenario_child(&children[i], i == BLOCKS ? block : spin, i, 0, 0, NULL);
        scenario_give(&children[i], slot, CHILD_SLOT_FREE + 1, READ_WRITE);
        EXPECT(exo_memory_map(children[i].child.domain, CHILD_SLOT_FREE + 1, address, 0, 1,
                              READ_WRITE, &done),
               EXO_STATUS_OK);
        EXPECT(exo_thread_start(children[i].child.thread), EXO_STATUS_OK);
    }
}

/*
 * Give away our next slots. A yield returns in our next slot, or in this one if the child blocks:
 * then, or if it is blocked already, the next child has the rest. Returns how often that was.
 */
static uint32_t divide(struct schedule *schedule)
{
    static uint64_t now;
    uint32_t back = 0;
    for (uint32_t slot = 0; slot < SLOTS;) {
        uint32_t child = schedule_next(schedule, 0, ++now);
        CHECK(child < CHILDREN);
        enum exo_status status = exo_thread_yield(children[child].child.thread);
        CHECK(status == EXO_STATUS_OK || (child == BLOCKS && status == EXO_STATUS_BUSY));
        back += child == BLOCKS && status == EXO_STATUS_OK;
        slot += child != BLOCKS;
    }
    return back;
}

int component_main(void)
{
    uint64_t ours, others, sum = 0;
    struct schedule *schedule = start_rule();
    make_children();
    ours = watch_ticks("subdivided");
    others = watch_ticks("beside");
    uint32_t back = divide(schedule);
    ours = watch_ticks("subdivided") - ours;
    others = watch_ticks("beside") - others;
    for (uint32_t i = 0; i < CHILDREN; i++)
        sum += i == BLOCKS ? 0 : *turns[i];
    print("subdivided: %lu of 1000 ticks, divided as %lu, %lu, %lu of 1000; %u slots came back\n",
          ours * WHOLE / (ours + others), *turns[0] * WHOLE / sum, *turns[1] * WHOLE / sum,
          *turns[2] * WHOLE / sum, back);
    CHECK(ours * WHOLE / (ours + others) - WHOLE / 2 + OFF_MAX <= 2 * OFF_MAX);
    for (uint32_t i = 0; i < BLOCKS; i++)
        CHECK(*turns[i] * WHOLE / sum - (i + 1) * WHOLE / WEIGHTS + OFF_MAX <= 2 * OFF_MAX);
    CHECK(back >= SLOTS / 2 && *turns[BLOCKS] >= back);
    print("subdivided: each child had its part of our part, and what one that blocks gave back\n");
    return 0;
}
