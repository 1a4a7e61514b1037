/* SPDX-License-Identifier: MIT */
#include "node.h"

#include <assert.h>

#include "first.h"
#include "kernel_stubs.h"
#include "own.h"
#include "plan.h"
#include "processors.h"

enum { AREAS_MAX = 32 };

/* Frames [next, end) of a Memory are free; those from `first` on were it at the start. */
static struct area {
    uint32_t memory, node;
    uint64_t first, next, end;
} areas[AREAS_MAX];
static uint32_t area_count;

static struct processors_nodes nodes;
static uint32_t node_by_core[OWN_CORES_MAX];
static uint32_t known[NODES_MAX], known_count; /* nodes with memory, as they were found */

/* Note a node; one beyond the last place is taken for the first that was found. */
static uint32_t know(uint32_t node)
{
    for (uint32_t i = 0; i < known_count; i++)
        if (known[i] == node)
            return node;
    if (known_count == NODES_MAX)
        return known[0];
    known[known_count++] = node;
    return node;
}

/* Cut a run of RAM where its nodes change. What does not fill a frame goes to the node before. */
static void add_memory(uint32_t memory, uint64_t base, uint64_t frames)
{
    uint64_t at = base, limit = base + frames * CHILD_PAGE_BYTES;
    while (at < limit && area_count < AREAS_MAX) {
        uint64_t end = limit;
        uint32_t node = know(processors_node_of_memory(&nodes, at, &end));
        end = end == limit || area_count == AREAS_MAX - 1
                  ? limit
                  : (end + CHILD_PAGE_BYTES - 1) / CHILD_PAGE_BYTES * CHILD_PAGE_BYTES;
        uint64_t first = (at - base) / CHILD_PAGE_BYTES;
        areas[area_count++] = (struct area){memory, node, first, first,
                                            (end - base) / CHILD_PAGE_BYTES};
        at = end;
    }
}

/* Does it matter where memory lies? */
static bool is_asked(void)
{
    bool asked = plan.core_count > 1;
    for (uint32_t i = 0; i < plan.component_count; i++)
        asked = asked || exo_planned_component_get_node(plan.component[i].plan) != NODE_ANY;
    return asked;
}

/* The boot core: `start` answers ok for it alone while it is the only one, and starts none, since
 * the slot that it is to fill is not free. */
static void find_boot_core(void)
{
    uint64_t numbers[PROCESSORS_MAX];
    uint32_t count = processors_find(numbers, PROCESSORS_MAX);
    for (uint32_t i = 0; i < count; i++)
        if (exo_cpu_start(FIRST_SLOT_CPU, numbers[i], FIRST_SLOT_RAM, 0, FIRST_SLOT_CPU) ==
            EXO_STATUS_OK)
            node_core_is(0, numbers[i]);
}

void node_start(void)
{
    static const uint32_t slots[] = {FIRST_SLOT_RAM, FIRST_SLOT_RAM_SECOND, FIRST_SLOT_RAM_THIRD,
                                     FIRST_SLOT_RAM_FOURTH, FIRST_SLOT_RAM_FIFTH};
    if (is_asked()) {
        processors_nodes_find(&nodes);
        find_boot_core();
    }
    for (uint32_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        uint64_t kind = 0, rights, base, frames, low, high;
        if (exo_capability_info(EXO_SELF, slots[i], &kind, &rights, &base, &frames, &low, &high) ==
                EXO_STATUS_OK &&
            (kind & 0xff) == EXO_OBJECT_KIND_MEMORY)
            add_memory(slots[i], base, frames);
    }
    assert(known_count > 0);
    assert(node_check());
}

static bool take_there(uint64_t frames, uint32_t node, struct node_run *run)
{
    for (uint32_t i = 0; i < area_count; i++) {
        struct area *area = &areas[i];
        if ((node != NODE_ANY && area->node != node) || area->end - area->next < frames)
            continue;
        *run = (struct node_run){area->memory, area->node, area->next};
        area->next += frames;
        return true;
    }
    return false;
}

bool node_take(uint64_t frames, uint32_t node, bool elsewhere, struct node_run *run)
{
    return take_there(frames, node, run) || (elsewhere && take_there(frames, NODE_ANY, run));
}

void node_core_is(uint32_t core, uint64_t number)
{
    assert(core < OWN_CORES_MAX);
    node_by_core[core] = node_of_number(number);
}

uint32_t node_of_core(uint32_t core)
{
    assert(core < OWN_CORES_MAX);
    return node_by_core[core];
}

uint32_t node_of_number(uint64_t number)
{
    return processors_node_of_core(&nodes, number);
}

uint32_t node_of_image(void)
{
    uint64_t kind, rights, base = 0, frames, low, high, end = UINT64_MAX;
    exo_capability_info(EXO_SELF, FIRST_SLOT_IMAGE, &kind, &rights, &base, &frames, &low, &high);
    return processors_node_of_memory(&nodes, base, &end);
}

uint32_t node_count(void)
{
    return known_count;
}

struct node_state node_describe(uint32_t place)
{
    assert(place < known_count);
    struct node_state state = {.number = known[place]};
    for (uint32_t i = 0; i < area_count; i++) {
        if (areas[i].node != state.number)
            continue;
        state.frames += areas[i].end - areas[i].first;
        state.free += areas[i].end - areas[i].next;
    }
    return state;
}

bool node_exists(uint32_t number)
{
    for (uint32_t i = 0; i < known_count; i++)
        if (known[i] == number)
            return true;
    return false;
}

bool node_check(void)
{
    for (uint32_t i = 0; i < area_count; i++) {
        const struct area *area = &areas[i], *before = area - 1;
        if (area->first > area->next || area->next > area->end || !node_exists(area->node) ||
            (i > 0 && before->memory == area->memory && before->end != area->first))
            return false;
    }
    for (uint32_t i = 0; i < known_count; i++)
        for (uint32_t j = 0; j < i; j++)
            if (known[i] == known[j])
                return false;
    return true;
}
