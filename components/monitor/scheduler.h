/* SPDX-License-Identifier: MIT */
/* scheduler: what the scheduler of a core gives to whom, where the composition connects one. */
#ifndef MONITOR_SCHEDULER_H
#define MONITOR_SCHEDULER_H

#include "supervisor.capnp.h"

/* Print the rule and the threads with their weights and lags. The supervisor knows their names. */
void scheduler_show(struct supervisor_client *supervisor);

/* Let the scheduler go on by another rule, and print its answer. */
void scheduler_change(const char *rule);

#endif
