/* SPDX-License-Identifier: MIT */
#include "processors.h"

bool processors_add_range(struct processors_nodes *nodes, uint64_t base, uint64_t bytes,
                          uint32_t node)
{
    if (bytes == 0 || base + bytes < base || nodes->range_count == PROCESSORS_RANGES_MAX)
        return false;
    nodes->range[nodes->range_count++] = (struct processors_range){base, bytes, node};
    return true;
}

bool processors_add_core(struct processors_nodes *nodes, uint64_t number, uint32_t node)
{
    if (nodes->core_count == PROCESSORS_MAX)
        return false;
    nodes->core[nodes->core_count].number = number;
    nodes->core[nodes->core_count++].node = node;
    return true;
}

uint32_t processors_node_of_core(const struct processors_nodes *nodes, uint64_t number)
{
    for (uint32_t i = 0; i < nodes->core_count; i++)
        if (nodes->core[i].number == number)
            return nodes->core[i].node;
    return 0;
}

uint32_t processors_node_of_memory(const struct processors_nodes *nodes, uint64_t address,
                                   uint64_t *end)
{
    for (uint32_t i = 0; i < nodes->range_count; i++) {
        const struct processors_range *range = &nodes->range[i];
        if (address >= range->base && address - range->base < range->bytes) {
            if (*end > range->base + range->bytes)
                *end = range->base + range->bytes;
            return range->node;
        }
    }
    /* Of no range, up to where one begins. */
    for (uint32_t i = 0; i < nodes->range_count; i++)
        if (nodes->range[i].base > address && nodes->range[i].base < *end)
            *end = nodes->range[i].base;
    return 0;
}
