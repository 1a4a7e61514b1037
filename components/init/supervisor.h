/* SPDX-License-Identifier: MIT */
/*
 * supervisor: what init answers to the monitor, as idl/supervisor.capnp says.
 *
 * A handler Thread of its own serves the calls. Only init's main thread changes components: a call
 * that changes something leaves a request, wakes the main thread and waits until it is carried out.
 */
#ifndef INIT_SUPERVISOR_H
#define INIT_SUPERVISOR_H

#include <stdbool.h>

/* Start to serve, if the plan connects anybody. Returns false when that fails. */
bool supervisor_start(void);

/* Carry out the request that waits, if there is one; main thread only. */
void supervisor_carry_out(void);

#endif
