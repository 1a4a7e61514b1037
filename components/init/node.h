/* SPDX-License-Identifier: MIT */
/*
 * node: the machine's memory by nodes, and the cores that lie next to it.
 *
 * All RAM that the kernel hands out stands in areas, each on one node, from whose front init takes
 * what it gives away. It gives nothing back: a component's frames are its own over all restarts. A
 * machine that tells of no nodes has node 0 only; so has every machine where the composition has
 * one core and names no node, since nothing depends on it then.
 */
#ifndef INIT_NODE_H
#define INIT_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "boot.capnp.h"

enum { NODE_ANY = EXO_NODE_ANY, NODES_MAX = 16 };

/* Frames that were taken: a run of one Memory of init's, all on one node. */
struct node_run {
    uint32_t memory; /* init's slot */
    uint32_t node;
    uint64_t offset; /* in frames */
};

/* What node_describe tells. */
struct node_state {
    uint32_t number; /* the firmware's */
    uint64_t frames; /* that init got, in all */
    uint64_t free;
};

/* Find the RAM, and its nodes where the plan has more than one core or names a node. */
void node_start(void);

/*
 * Take frames of a node (NODE_ANY: of any), which nobody has written to since the kernel started.
 * With `elsewhere` those of another one do as well, when none are left. False: there are none.
 */
bool node_take(uint64_t frames, uint32_t node, bool elsewhere, struct node_run *run);

/* Note which number the machine gives a core of init's, and ask which node that is on. */
void node_core_is(uint32_t core, uint64_t number);
uint32_t node_of_core(uint32_t core);
uint32_t node_of_number(uint64_t number);

/* The node of the boot image. */
uint32_t node_of_image(void);

/* How many nodes have memory; what the one in this place is like; whether one has this number. */
uint32_t node_count(void);
struct node_state node_describe(uint32_t place);
bool node_exists(uint32_t number);

/* Do the areas lie in their Memory, each behind the one before, with no node twice in the list? */
bool node_check(void);

#endif
