/* SPDX-License-Identifier: MIT */
/* schedule: the slice vector that is played while no scheduler component supplies one. */
#ifndef INIT_SCHEDULE_H
#define INIT_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/*
 * Fill a vector with all threads of the plan that run on the core, each component's first thread by
 * its share, the others with one slot a round, and let the core play it. Returns false when that
 * fails.
 */
bool schedule_play(uint32_t core);
/* The same for all cores. */
bool schedule_play_all(void);

/*
 * Mark the threads that run on a core, or not any more: when a marked one becomes ready, whoever
 * supplies the vector runs at once. Those of the Cpu's holder are never marked.
 */
void schedule_mark(uint32_t core, bool marks);
/* Is a component's thread on this core to be marked now? */
bool schedule_marks(const struct component *component, uint32_t core);
/* Look what a running component wants of that, if it holds a Cpu. */
void schedule_look(uint32_t component);

/* Does the thread at `index` of the cores' tables run on this core? */
bool schedule_is_on(uint32_t index, uint32_t core);

/* The share of the thread at `index` of the core's table; 0 when the plan has none there. */
uint32_t schedule_share(uint32_t index);

/* The component of the thread at `index`; component_count for init's own. */
uint32_t schedule_component(uint32_t index);

#endif
