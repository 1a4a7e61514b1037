/* SPDX-License-Identifier: MIT */
/*
 * slots: which slots of a Domain's capability table are free, as one bit each.
 *
 * The kernel never chooses a slot; whoever makes a capability names a free one. The table's owner
 * keeps this map. It holds no capability itself and makes no kernel call. Threads may take and give
 * slots at the same time; only slots_start and slots_check want the map for themselves.
 */
#ifndef RUNTIME_SLOTS_H
#define RUNTIME_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

enum { SLOTS_MAX = 4096, SLOTS_NONE = 0 }; /* slot 0 is never given out: it means "no slot" */

struct slots {
    uint32_t count;                /* slots of the table, at most SLOTS_MAX */
    uint32_t used;                 /* how many are taken, those below the first free one included */
    uint64_t taken[SLOTS_MAX / 64];
};

/* Start with the slots from `first` to `count` - 1 free, all others taken. */
void slots_start(struct slots *slots, uint32_t first, uint32_t count);

/*
 * Take `number` slots that follow each other. Returns the first, or SLOTS_NONE when there is no
 * such run. Takes the lowest run that fits, so that a table which is never full stays dense.
 */
uint32_t slots_take(struct slots *slots, uint32_t number);

/* Take one given slot. Returns false when it is taken already or outside the table. */
bool slots_take_at(struct slots *slots, uint32_t slot);

/* Give back `number` slots from `first` on, which must all be taken. */
void slots_give(struct slots *slots, uint32_t first, uint32_t number);

/* Do the invariants hold: the count of taken bits is `used`, slot 0 is taken? For asserts. */
bool slots_check(const struct slots *slots);

#endif
