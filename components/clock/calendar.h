/* SPDX-License-Identifier: MIT */
/* calendar: seconds since 1970 of what a PC's clock chip says. Pure. */
#ifndef CLOCK_CALENDAR_H
#define CLOCK_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* The chip's registers (Motorola MC146818A), as they were read. */
struct calendar_registers {
    uint8_t second, minute, hour, day, month, year, century;
    uint8_t control; /* register B: bit 1 says 24 hours, bit 2 says binary */
};

/*
 * Seconds since 1970-01-01 00:00:00 UTC. Years without a century count from 2000. Returns false
 * when a register is out of its range.
 */
bool calendar_seconds(const struct calendar_registers *registers, uint64_t *seconds);

#endif
