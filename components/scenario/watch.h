/* SPDX-License-Identifier: MIT */
/* watch: what init tells about another component; needs `supervisor.Supervisor`, from `init`. */
#ifndef SCENARIO_WATCH_H
#define SCENARIO_WATCH_H

#include <stdbool.h>
#include <stdint.h>

/* Is the component still there, with nothing left in its gas account? */
bool watch_is_dry(const char *name);

/* What its threads' slots took. */
uint64_t watch_ticks(const char *name);

/* How often it was started again; 0 while it does not run. */
uint32_t watch_restarts(const char *name);

/* Did it end by itself; `*status` becomes its exit status. */
bool watch_has_ended(const char *name, uint32_t *status);

/* What is left in its gas account, in micro-units. */
int64_t watch_balance(const char *name);

#endif
