/* SPDX-License-Identifier: MIT */
/*
 * Tells the relay on which node all memory lies that it may write, and whether it runs on the core
 * that its setting names. Which addresses belong to which node, the machine's options say (the file
 * qemu), and not what init found: each node has 256 MiB, and node 0 begins at an even multiple.
 */
#include "kernel_stubs.h"
#include "nodes.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "ticks.h"

enum { SLOTS = 96, PAUSE_MICROSECONDS = 1000000 };

static uint32_t node_at(uint64_t address)
{
    return (uint32_t)(address / NODE_BYTES % 2);
}

/* The memory in a slot, if it is some that we may write: both ends of it. */
static void look(uint32_t slot, struct node_probe *probe)
{
    uint64_t kind = 0, rights, base, frames, low, high;
    if (exo_capability_info(EXO_SELF, slot, &kind, &rights, &base, &frames, &low, &high) !=
            EXO_STATUS_OK ||
        (kind & 0xff) != EXO_OBJECT_KIND_MEMORY || !(rights & EXO_RIGHT_WRITE))
        return;
    probe->runs++;
    probe->on[node_at(base)] += 1;
    probe->on[node_at(base + frames * CHILD_PAGE_BYTES - 1)] += 1;
}

static uint64_t entries(uint64_t core)
{
    uint64_t value[6];
    EXPECT(exo_kernel_counters(EXO_COUNTER_KERNEL_ENTRIES | core << 32, &value[0], &value[1],
                               &value[2], &value[3], &value[4], &value[5]), EXO_STATUS_OK);
    return value[0];
}

/* Each look is one entry into the kernel, on the own core and on no other, so that core's count
 * stands between our own before and after, if the core is ours. */
static bool is_on(uint64_t core)
{
    uint64_t before = entries(0), asked = entries(core + 1), after = entries(0);
    return before < asked && asked < after;
}

int component_main(void)
{
    static struct relay_client relay;
    struct node_probe probe = {0};
    uint64_t bits;
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    for (uint32_t slot = 1; slot < SLOTS; slot++)
        look(slot, &probe);
    struct relay_note_params note = {.value = node_probe_word(&probe, startup_generation(),
                                                              is_on(startup_number("core", 99)))};
    EXPECT(relay_note(&relay, &note), EXO_STATUS_OK);
    for (;;)
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
}
