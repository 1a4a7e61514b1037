/* SPDX-License-Identifier: MIT */
/* nodes: what the command of that name shows. */
#ifndef MONITOR_NODES_H
#define MONITOR_NODES_H

#include "kernel_calls.h"
#include "supervisor.capnp.h"

/*
 * Print the machine's nodes, what was copied from and to each, and which components have how many
 * frames near to the core that they run on and far from it. Returns what a call of the supervisor
 * answered that did not succeed.
 */
enum exo_status nodes_show(struct supervisor_client *supervisor);

#endif
