/* SPDX-License-Identifier: MIT */
/* processors: which cores the machine has, and which memory lies next to which of them. */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include <stdbool.h>
#include <stdint.h>

enum { PROCESSORS_MAX = 64, PROCESSORS_RANGES_MAX = 32 };

/*
 * The numbers by which cpu_start knows the machine's cores, the running one among them, in the
 * order of the machine; at most `room`. On riscv64 some may belong to no hart, which cpu_start then
 * says. Returns how many there are; 0: the machine does not tell.
 */
uint32_t processors_find(uint64_t *numbers, uint32_t room);

/* Memory of one node: physical addresses [base, base + bytes), which do not wrap around. */
struct processors_range {
    uint64_t base, bytes;
    uint32_t node;
};

/* The nodes of a machine, by the firmware's own numbers, which need not follow each other. */
struct processors_nodes {
    uint32_t range_count;
    struct processors_range range[PROCESSORS_RANGES_MAX];
    uint32_t core_count;
    struct {
        uint64_t number; /* as cpu_start knows it */
        uint32_t node;
    } core[PROCESSORS_MAX];
};

/*
 * Which memory and which cores are of which node. What the machine does not tell stays out, and
 * belongs to node 0 by the two functions below; so a machine without nodes has node 0 only.
 */
void processors_nodes_find(struct processors_nodes *nodes);

/* The node of a core, by its number. */
uint32_t processors_node_of_core(const struct processors_nodes *nodes, uint64_t number);

/*
 * The node of a physical address, and in `*end` the first address behind it, at most `*end`, that
 * may belong to another node.
 */
uint32_t processors_node_of_memory(const struct processors_nodes *nodes, uint64_t address,
                                   uint64_t *end);

/* Note one range, or one core; false when there is no room, or the range is empty or wraps. */
bool processors_add_range(struct processors_nodes *nodes, uint64_t base, uint64_t bytes,
                          uint32_t node);
bool processors_add_core(struct processors_nodes *nodes, uint64_t number, uint32_t node);

/*
 * What x86_64 does with the ACPI tables, `bytes` of them one behind the other: the local
 * controllers' numbers from the Multiple APIC Description Table (ACPI 6.4, 5.2.12), and the nodes
 * from the System Resource Affinity Table (5.2.16). Broken lengths end it early.
 */
uint32_t processors_in_tables(const uint8_t *tables, uint32_t bytes, uint64_t *numbers,
                              uint32_t room);
void processors_nodes_in_tables(const uint8_t *tables, uint32_t bytes,
                                struct processors_nodes *nodes);

#endif
