/* SPDX-License-Identifier: MIT */
/* component: starting and ending the components of the plan. */
#ifndef INIT_COMPONENT_H
#define INIT_COMPONENT_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/*
 * Give every component of the plan its pool of frames, its slots in init's table, its account and
 * its addresses. Returns false, with a line printed, when the machine is too small.
 */
bool component_place_all(void);

/* Start one. On failure a line is printed, nothing is left of it, and its state is crashed. */
bool component_start(uint32_t index);

/*
 * End one that runs: take its memory back, whereupon its clients get `disconnected`. `state` is
 * what it is from then on.
 */
void component_end(uint32_t index, enum supervisor_state state);

/* Why it ended, if it did: looks at its threads and its status page. */
enum component_look { COMPONENT_RUNS, COMPONENT_RETURNED, COMPONENT_CRASHED };
enum component_look component_look(uint32_t index);

/* A word of a running one's status page: EXO_PROGRAM_ALIVE or EXO_PROGRAM_MARKS. It may say
 * anything there. */
uint64_t component_status(uint32_t index, uint32_t word);

/* Ticks that its threads ran and kernel calls that they made, over all its incarnations. */
void component_consumption(uint32_t index, uint64_t *ticks, uint64_t *calls);

/* Frames of its pool and of its channels: on the node of its core, and on others. */
void component_frames(uint32_t index, uint64_t *local, uint64_t *remote);

#endif
