/* SPDX-License-Identifier: MIT */
/*
 * copy: what init copies into the memory of components, by node, and what that costs them.
 *
 * The kernel charges the time of a copy to whoever runs, which is init. What it takes of the memory
 * behind the caches the kernel does not see: so init debits it from the account of the component
 * that the copy is for, at a price for each KiB that is read or written, which is higher when the
 * memory is not on the node of the core that copies.
 */
#ifndef INIT_COPY_H
#define INIT_COPY_H

#include <stdint.h>

#include "plan.h"

/* Micro-units for a KiB that is read, and again for one that is written. */
enum { COPY_PRICE_LOCAL = 50, COPY_PRICE_REMOTE = 100 };

struct copy_state {
    uint64_t local_bytes;   /* of a node's memory, read or written by cores of that node */
    uint64_t remote_bytes;  /* ... and by those of others */
    uint64_t charged;       /* micro-units that accounts have paid for both */
    uint64_t refused;       /* ... and that were not paid, since the account had not so much */
};

/* Charge a component for the segments that were just copied and cleared for it. */
void copy_charge(const struct component *component);

/* What was copied from and to a node, by its number. */
struct copy_state copy_of_node(uint32_t node);

#endif
