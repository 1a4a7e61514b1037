/* SPDX-License-Identifier: MIT */
/* date: a moment as ISO 8601 writes it, in UTC. Pure. */
#ifndef MONITOR_DATE_H
#define MONITOR_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { DATE_BYTES = 21 }; /* with the NUL */

/* Write "2026-11-27T15:58:12Z" of seconds since 1970-01-01 00:00:00 UTC. False, and nothing is
 * written, when the year has more than four digits. */
bool date_write(char to[DATE_BYTES], uint64_t seconds);

#endif
