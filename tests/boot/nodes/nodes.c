/* SPDX-License-Identifier: MIT */
/* Compares what the probers say with the composition, and once more after each was restarted. */
#include "nodes.h"
#include "relay.capnp.h"
#include "scenario.h"
#include "supervisor.capnp.h"
#include "text.h"
#include "ticks.h"

enum { LOOKS_MAX = 4000, PAUSE_MICROSECONDS = 1000 };
enum { CHANNELS = 2, CHANNEL_PAGES = 8, RUNS = 1 + CHANNELS, KIB = 1024 }; /* of a prober */

static struct relay_client relay;
static struct supervisor_client supervisor;

enum { OF_FIRST_CORE = -1, OF_SECOND_CORE = -2 };

/* The probers, in the order of the composition, and on which node each is to be. */
static const struct {
    struct capnp_text name;
    int node, core;
} probers[] = {
    {CAPNP_TEXT_LITERAL("near"), 1, 1},
    {CAPNP_TEXT_LITERAL("far"), 0, 1},
    {CAPNP_TEXT_LITERAL("home"), OF_FIRST_CORE, 0},
    {CAPNP_TEXT_LITERAL("beside"), OF_SECOND_CORE, 1},
    {CAPNP_TEXT_LITERAL("away"), 1, 0},
    {CAPNP_TEXT_LITERAL("crowd_0"), OF_FIRST_CORE, 0},
    {CAPNP_TEXT_LITERAL("crowd_1"), OF_FIRST_CORE, 0},
    {CAPNP_TEXT_LITERAL("crowd_2"), OF_SECOND_CORE, 0}, /* no room is left on the first */
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

/* The supervisor tells the same, and with the node of the core it knows what is near. */
static void expect_listed(uint32_t index, int core_node)
{
    struct supervisor_list_results results = {0};
    for (uint32_t from = 0; from == 0 || from < results.count;) {
        struct supervisor_list_params params = {.from = from};
        EXPECT(supervisor_list(&supervisor, &params, &results), EXO_STATUS_OK);
        uint32_t part = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < part; i++) {
            struct supervisor_component_reader listed =
                supervisor_component_list_at(results.components, i);
            struct capnp_text name;
            supervisor_component_get_name(listed, &name);
            if (!text_equal(name.bytes, name.length, probers[index].name.bytes,
                            probers[index].name.length))
                continue;
            uint64_t near = supervisor_component_get_local(listed);
            uint64_t far = supervisor_component_get_remote(listed);
            uint64_t frames = supervisor_component_get_frames(listed) + CHANNELS * CHANNEL_PAGES;
            CHECK((int)supervisor_component_get_node(listed) == node_of(index));
            CHECK(core_node == node_of(index) ? near == frames && far == 0
                                              : near == 0 && far == frames);
            return;
        }
        CHECK(part > 0);
        from += part;
    }
    CHECK(!"every prober is listed");
}

/* What the machine's nodes have, and what was copied from and to each. */
struct traffic {
    uint64_t local[2], remote[2], charged;
};

static struct traffic look_at_nodes(void)
{
    struct supervisor_nodes_results results = {0};
    struct traffic traffic = {0};
    EXPECT(supervisor_nodes(&supervisor, &results), EXO_STATUS_OK);
    CHECK(supervisor_node_list_count(results.nodes) == 2);
    for (uint32_t i = 0; i < 2; i++) {
        struct supervisor_node_reader node = supervisor_node_list_at(results.nodes, i);
        uint32_t number = supervisor_node_get_number(node);
        CHECK(number < 2 && supervisor_node_get_cores(node) == 1);
        CHECK(supervisor_node_get_frames(node) > NODE_BYTES / CHILD_PAGE_BYTES * 4 / 5);
        CHECK(supervisor_node_get_frames(node) <= NODE_BYTES / CHILD_PAGE_BYTES);
        traffic.local[number] = supervisor_node_get_local_bytes(node);
        traffic.remote[number] = supervisor_node_get_remote_bytes(node);
        traffic.charged += supervisor_node_get_charged(node);
        CHECK(supervisor_node_get_refused(node) == 0);
    }
    /* All was paid that was moved. */
    CHECK(traffic.charged == (traffic.local[0] + traffic.local[1]) / KIB * results.local_price +
                                 (traffic.remote[0] + traffic.remote[1]) / KIB *
                                     results.remote_price);
    CHECK(traffic.local[1 - first_node] == 0 && traffic.remote[first_node] == 0);
    return traffic;
}

static void restart(uint32_t index)
{
    struct supervisor_restart_params params = {.name = probers[index].name};
    struct supervisor_restart_results results = {0};
    struct traffic before = look_at_nodes();
    EXPECT(supervisor_restart(&supervisor, &params, &results), EXO_STATUS_OK);
    CHECK(results.result == SUPERVISOR_RESULT_DONE);
    struct traffic after = look_at_nodes();
    int node = node_of(index);
    /* At the least, its writable pages were written. */
    CHECK(after.local[node] + after.remote[node] >=
          before.local[node] + before.remote[node] + 2 * CHILD_PAGE_BYTES);
}

int component_main(void)
{
    uint32_t count = sizeof probers / sizeof *probers;
    EXPECT(relay_client_open(&relay, binding_import("relay")), EXO_STATUS_OK);
    EXPECT(supervisor_client_open(&supervisor, binding_import("supervisor")), EXO_STATUS_OK);
    for (uint32_t i = 0; i < count; i++)
        expect_probe(i, 0);
    for (uint32_t i = 0; i < count; i++) {
        restart(i);
        expect_probe(i, 1);
        expect_listed(i, probers[i].core == 0 ? first_node : 1 - first_node);
    }
    print("nodes: all memory and all threads of eight components are where they are to be\n");
    return 0;
}
