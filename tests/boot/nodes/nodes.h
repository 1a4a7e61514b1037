/* SPDX-License-Identifier: MIT */
/* nodes: what a prober tells, in one word. */
#ifndef NODES_H
#define NODES_H

#include <stdbool.h>
#include <stdint.h>

#define NODE_BYTES UINT64_C(0x10000000) /* of a node: see the file qemu */

struct node_probe {
    uint32_t runs;  /* of memory that it may write: its own, and those of its channels */
    uint32_t on[2]; /* ends of runs on each node */
};

/* Never 0, which is what the relay says before. */
static inline uint64_t node_probe_word(const struct node_probe *probe, uint32_t starts,
                                       bool is_on_core)
{
    return UINT64_C(1) << 63 | (uint64_t)is_on_core << 62 | (uint64_t)(starts & 0xff) << 48 |
           (uint64_t)(probe->runs & 0xff) << 32 | (probe->on[1] & 0xff) << 8 |
           (probe->on[0] & 0xff);
}

#endif
