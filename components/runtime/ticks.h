/* SPDX-License-Identifier: MIT */
/*
 * ticks: the processor's time-stamp counter, whose ticks are the unit of time of the kernel, and
 * microseconds. Deadlines are absolute ticks.
 */
#ifndef RUNTIME_TICKS_H
#define RUNTIME_TICKS_H

#include <stdint.h>

#define TICKS_NEVER UINT64_MAX /* a deadline that never passes */

/* Ticks since the processor was reset. */
uint64_t ticks_now(void);

/* Ticks per second, as the kernel measured them; 1 until ticks_start was called. */
uint64_t ticks_rate(void);

/* Say how many ticks a second has; start code does it. 0 is refused and leaves the old rate. */
void ticks_start(uint64_t ticks_per_second);

/* Convert; the result is rounded down, and the largest value stands for all that is larger. */
uint64_t ticks_to_microseconds(uint64_t ticks);
uint64_t ticks_from_microseconds(uint64_t microseconds);

/* The deadline that passes `microseconds` from now; TICKS_NEVER when that cannot be expressed. */
uint64_t ticks_deadline(uint64_t microseconds);

#endif
