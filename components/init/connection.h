/* SPDX-License-Identifier: MIT */
/* connection: the channels of the plan: their memory, and the capabilities at both ends. */
#ifndef INIT_CONNECTION_H
#define INIT_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* Make the memory of all channels. Returns false, with a line printed, when that fails. */
bool connection_make_all(void);

/*
 * Connect a component that was just made, before it runs, to those of its peers that run: its end
 * of every channel, and what its peers need to reach it. The memory of its channels is cleared.
 */
enum exo_status connection_open(uint32_t component);

#endif
