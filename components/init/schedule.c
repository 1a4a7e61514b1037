/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include "component.h"
#include "first.h"
#include "kernel_stubs.h"
#include "node.h"
#include "own.h"
#include "startup.capnp.h"
#include "text.h"

enum { VECTOR_FRAMES = 3, VECTOR_WORDS = 512, LENGTH_SHIFT = 16, SCHEDULER_INDEX = 0 };

uint32_t schedule_component(uint32_t index)
{
    uint32_t i = 0;
    while (i < plan.component_count &&
           (index < plan.component[i].cpu_index ||
            index >= plan.component[i].cpu_index + plan.component[i].thread_count))
        i++;
    return i;
}

uint32_t schedule_share(uint32_t index)
{
    if (index >= plan.thread_count)
        return 0;
    uint32_t component = schedule_component(index);
    if (component == plan.component_count || plan.component[component].cpu_index != index)
        return 1;
    uint32_t share = exo_planned_component_get_share(plan.component[component].plan);
    return share > 0 ? share : 1;
}

bool schedule_is_on(uint32_t index, uint32_t core)
{
    uint32_t component = schedule_component(index);
    if (component == plan.component_count) /* init itself: its main thread, then its handlers */
        return core == (index > 0 ? index - 1 : 0);
    return plan_thread_core(&plan.component[component],
                            index - plan.component[component].cpu_index) == core;
}

/*
 * One round after another: in each, a thread gets a slot in the first `share` of as many passes as
 * the largest share needs.
 */
static void fill(uint64_t *vector, uint32_t core)
{
    uint32_t used = 0;
    for (uint32_t pass = 0; used < VECTOR_WORDS; pass++) {
        uint32_t before = used;
        for (uint32_t i = 0; i < plan.thread_count && used < VECTOR_WORDS; i++)
            if (schedule_share(i) > pass && schedule_is_on(i, core))
                vector[used++] = i | plan.slice_ticks << LENGTH_SHIFT;
        if (used == before)
            pass = UINT32_MAX; /* the round is over: begin the next */
    }
}

bool schedule_play(uint32_t core)
{
    static struct {
        struct node_run run;
        uint64_t *report;
        uint32_t slot;
    } played[OWN_CORES_MAX];
    uint64_t done, index, page;
    const struct node_run *run = &played[core].run;
    if (!played[core].report) {
        played[core].slot = slots_take(first_slots(), 1);
        if (played[core].slot == SLOTS_NONE ||
            !node_take(VECTOR_FRAMES, node_of_core(core), true, &played[core].run) ||
            !space_take(first_space(), VECTOR_FRAMES, 1, &page) ||
            exo_memory_map(EXO_SELF, run->memory, page * CHILD_PAGE_BYTES, run->offset,
                           VECTOR_FRAMES, EXO_RIGHT_READ | EXO_RIGHT_WRITE,
                           &done) != EXO_STATUS_OK)
            return false;
        played[core].report = (uint64_t *)(page * CHILD_PAGE_BYTES);
        memset(played[core].report, 0, VECTOR_FRAMES * CHILD_PAGE_BYTES);
        fill(played[core].report + VECTOR_WORDS, core);
    } else {
        exo_capability_delete(played[core].slot);
    }
    return exo_cpu_play(own.core[core], run->memory, run->offset, VECTOR_FRAMES,
                        played[core].slot, SCHEDULER_INDEX | (uint64_t)EXO_NONE << 32,
                        &index) == EXO_STATUS_OK;
}

bool schedule_play_all(void)
{
    for (uint32_t i = 0; i < own.core_count; i++)
        if (!schedule_play(i))
            return false;
    return true;
}

static bool marks_of_core[OWN_CORES_MAX];

bool schedule_marks(const struct component *component, uint32_t core)
{
    return marks_of_core[core] && !plan_owns_core(component, core);
}

void schedule_mark(uint32_t core, bool marks)
{
    if (marks_of_core[core] == marks)
        return;
    marks_of_core[core] = marks;
    for (uint32_t i = 0; i < plan.component_count; i++) {
        const struct component *component = &plan.component[i];
        if (component->state != SUPERVISOR_STATE_RUNNING)
            continue;
        for (uint32_t j = 0; j < component->thread_count; j++)
            if (plan_thread_core(component, j) == core && !plan_owns_core(component, core))
                exo_cpu_bind(own.core[core], component->child.thread + j,
                             component->cpu_index + j, marks);
    }
}

void schedule_look(uint32_t component)
{
    for (uint32_t core = 0; core < plan.core_count; core++)
        if (plan_owns_core(&plan.component[component], core))
            schedule_mark(core, component_status(component, EXO_PROGRAM_MARKS) == 1);
}
