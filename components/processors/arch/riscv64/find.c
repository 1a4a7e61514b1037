/* SPDX-License-Identifier: MIT */
/* The device tree (Devicetree Specification 0.4; numa-node-id: Linux's binding numa.txt), which the
 * kernel has checked as a whole and hands on. */
#include <libfdt.h>

#include "first.h"
#include "kernel_stubs.h"
#include "processors.h"

enum { TREE_PAGES_MAX = 512, BEGIN_STEP = 8 };

/* The firmware's Hart State Management knows which of them there are, and says so to cpu_start. */
uint32_t processors_find(uint64_t *numbers, uint32_t room)
{
    uint32_t count = room < PROCESSORS_MAX ? room : PROCESSORS_MAX;
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = i;
    return count;
}

/* The tree, mapped to read for ever, wherever in its first page it begins. Null: there is none. */
static const void *map_tree(void)
{
    uint64_t kind, rights, base, pages = 0, low, high, page, done;
    exo_capability_info(EXO_SELF, FIRST_SLOT_TREE, &kind, &rights, &base, &pages, &low, &high);
    if (pages == 0 || pages > TREE_PAGES_MAX || !space_take(first_space(), pages, 1, &page) ||
        exo_memory_map(EXO_SELF, FIRST_SLOT_TREE, page * CHILD_PAGE_BYTES, 0, pages,
                       EXO_RIGHT_READ, &done) != EXO_STATUS_OK)
        return NULL;
    for (uint64_t at = 0; at < CHILD_PAGE_BYTES; at += BEGIN_STEP) {
        const void *tree = (const void *)(page * CHILD_PAGE_BYTES + at);
        if (fdt_magic(tree) == FDT_MAGIC)
            return fdt_totalsize(tree) <= pages * CHILD_PAGE_BYTES - at ? tree : NULL;
    }
    return NULL;
}

/* A property that is one number of 32 or 64 bits. */
static bool read_number(const void *tree, int node, const char *name, uint64_t *number)
{
    int bytes;
    const void *value = fdt_getprop(tree, node, name, &bytes);
    if (value == NULL || (bytes != 4 && bytes != 8))
        return false;
    *number = fdt_number(value, (size_t)bytes);
    return true;
}

/* All ranges of a memory node, whose numbers have as many cells as the root says. */
static void read_ranges(const void *tree, int node, uint32_t numa, struct processors_nodes *nodes)
{
    int bytes, address = 4 * fdt_address_cells(tree, 0), size = 4 * fdt_size_cells(tree, 0);
    const uint8_t *reg = fdt_getprop(tree, node, "reg", &bytes);
    if (reg == NULL || address < 4 || address > 8 || size < 4 || size > 8)
        return;
    for (; bytes >= address + size; bytes -= address + size, reg += address + size)
        processors_add_range(nodes, fdt_number(reg, (size_t)address),
                             fdt_number(reg + address, (size_t)size), numa);
}

void processors_nodes_find(struct processors_nodes *nodes)
{
    const void *tree = map_tree();
    uint64_t numa, hart;
    int node = -1;
    if (tree == NULL)
        return;
    while ((node = fdt_node_offset_by_prop_value(tree, node, "device_type", "memory", 7)) >= 0)
        if (read_number(tree, node, "numa-node-id", &numa))
            read_ranges(tree, node, (uint32_t)numa, nodes);
    node = -1;
    while ((node = fdt_node_offset_by_prop_value(tree, node, "device_type", "cpu", 4)) >= 0)
        if (read_number(tree, node, "numa-node-id", &numa) &&
            read_number(tree, node, "reg", &hart))
            processors_add_core(nodes, hart, (uint32_t)numa);
}
