/* SPDX-License-Identifier: MIT */
#include "copy.h"

#include <assert.h>

#include "first.h"
#include "kernel_stubs.h"
#include "node.h"

enum { KIB = 1024 };

/* By place in node_describe's list. */
static struct copy_state states[NODES_MAX];

static uint32_t place_of(uint32_t node)
{
    for (uint32_t i = 0; i < node_count(); i++)
        if (node_describe(i).number == node)
            return i;
    return 0;
}

/* So many bytes of a node's memory were read or written by the core that init runs on. */
static void charge(uint32_t account, uint32_t node, uint64_t bytes)
{
    struct copy_state *state = &states[place_of(node)];
    bool is_local = node == node_of_core(0);
    uint64_t amount = bytes / KIB * (is_local ? COPY_PRICE_LOCAL : COPY_PRICE_REMOTE);
    assert(bytes % KIB == 0);
    if (is_local)
        state->local_bytes += bytes;
    else
        state->remote_bytes += bytes;
    if (exo_gas_debit(account, amount) == EXO_STATUS_OK)
        state->charged += amount;
    else
        state->refused += amount;
}

void copy_charge(const struct component *component)
{
    uint64_t read_pages = 0, written_pages = component->make.front_pages;
    for (uint32_t i = 0; i < component->make.segment_count; i++) {
        const struct child_segment *segment = &component->make.segments[i];
        if (segment->slot != 0)
            continue; /* mapped where it is */
        read_pages += segment->source_pages;
        written_pages += segment->pages;
    }
    charge(component->gas, node_of_image(), read_pages * CHILD_PAGE_BYTES);
    charge(component->gas, component->node, written_pages * CHILD_PAGE_BYTES);
}

struct copy_state copy_of_node(uint32_t node)
{
    return states[place_of(node)];
}
