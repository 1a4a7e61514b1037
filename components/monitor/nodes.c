/* SPDX-License-Identifier: MIT */
#include "nodes.h"

#include "print.h"

enum { KIB = 1024 };

static void print_node(struct supervisor_node_reader node)
{
    print("%-22u %5u %8lu %8lu %11lu %11lu %12lu %8lu\n", supervisor_node_get_number(node),
          supervisor_node_get_cores(node), supervisor_node_get_frames(node),
          supervisor_node_get_free(node), supervisor_node_get_local_bytes(node) / KIB,
          supervisor_node_get_remote_bytes(node) / KIB, supervisor_node_get_charged(node),
          supervisor_node_get_refused(node));
}

static void print_component(struct supervisor_component_reader component)
{
    struct capnp_text name;
    supervisor_component_get_name(component, &name);
    print("%-22.*s %5u %8u %8lu %11lu\n", (int)name.length, name.bytes,
          supervisor_component_get_core(component), supervisor_component_get_node(component),
          supervisor_component_get_local(component), supervisor_component_get_remote(component));
}

enum exo_status nodes_show(struct supervisor_client *supervisor)
{
    struct supervisor_nodes_results nodes = {0};
    struct supervisor_list_results results = {0};
    enum exo_status status = supervisor_nodes(supervisor, &nodes);
    if (status != EXO_STATUS_OK)
        return status;
    print("%-22s %5s %8s %8s %11s %11s %12s %8s\n", "node", "cores", "frames", "free",
          "KiB, local", "remote", "micro-units", "refused");
    for (uint32_t i = 0; i < supervisor_node_list_count(nodes.nodes); i++)
        print_node(supervisor_node_list_at(nodes.nodes, i));
    print("a KiB read or written costs %u micro-units, or %u from another node's core\n",
          nodes.local_price, nodes.remote_price);
    print("%-22s %5s %8s %8s %11s\n", "component", "core", "node", "local", "remote");
    for (uint32_t shown = 0, part = 1; part > 0; shown += part) {
        struct supervisor_list_params params = {.from = shown};
        status = supervisor_list(supervisor, &params, &results);
        if (status != EXO_STATUS_OK)
            return status;
        part = supervisor_component_list_count(results.components);
        for (uint32_t i = 0; i < part; i++)
            print_component(supervisor_component_list_at(results.components, i));
    }
    return EXO_STATUS_OK;
}
