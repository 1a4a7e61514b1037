/* SPDX-License-Identifier: MIT */
/* Compares what the probers say with the composition, and once more after each was restarted. */
#include "nodes.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "ticks.h"

enum { LOOKS_MAX = 4000, PAUSE_MICROSECONDS = 1000 };
enum { RUNS = 3 }; /* a prober's: its own memory and its two channels */

static struct relay_client relay;
static struct supervisor_client supervisor;

enum { OF_FIRST_CORE = -1, OF_SECOND_CORE = -2 };

/* The probers, in the order of the composition, and on which node each is to be. */
static const struct {
    struct capnp_text name;
    int node;
} probers[] = {
    {CAPNP_TEXT_LITERAL("near"), 1}, {CAPNP_TEXT_LITERAL("far"), 0},
    {CAPNP_TEXT_LITERAL("home"), OF_FIRST_CORE}, {CAPNP_TEXT_LITERAL("beside"), OF_SECOND_CORE},
    {CAPNP_TEXT_LITERAL("away"), 1},
};

/* The node of the first core, as the first prober without a node has it: on riscv64 it is by chance
 * which hart boots. The second core's is the other one. */
static int first_node = -1;

static int node_of(uint32_t index)
{
    int node = probers[index].node;
    return node == OF_FIRST_CORE ? first_node : node == OF_SECOND_CORE ? 1 - first_node : node;
}

static uint64_t right_word(int node, uint32_t starts)
{
    struct node_probe right = {.runs = RUNS};
    right.on[node] = 2 * RUNS;
    return node_probe_word(&right, starts, true);
}

static void expect_probe(uint32_t index, uint32_t starts)
{
    struct relay_noted_params params = {.client = index};
    struct relay_noted_results results = {0};
    uint64_t bits;
    for (int i = 0; i < LOOKS_MAX; i++) {
        EXPECT(relay_noted(&relay, &params, &results), EXO_STATUS_OK);
        for (int node = 0; probers[index].node == OF_FIRST_CORE && starts == 0 && node < 2; node++)
            if (results.value == right_word(node, 0))
                first_node = node;
        if (node_of(index) >= 0 && results.value == right_word(node_of(index), starts))
            return;
        exo_event_wait(CHILD_SLOT_LOCK, ticks_deadline(PAUSE_MICROSECONDS), &bits);
    }
    print("nodes: %.*s says %lx, and is to be on node %d\n", (int)probers[index].name.length,
          probers[index].name.bytes, results.value, node_of(index));
    component_exit(1);
}

int component_main(void)
{
    uint32_t count = sizeof probers / sizeof *probers;
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < count; i++)
        expect_probe(i, 0);
    for (uint32_t i = 0; i < count; i++) {
        struct supervisor_restart_params params = {.name = probers[i].name};
        struct supervisor_restart_results results = {0};
        EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
        CHECK(results.result == SUPERVISOR_RESULT_DONE);
        expect_probe(i, 1);
    }
    print("nodes: all memory and all threads of five components are where they are to be\n");
    return 0;
}
