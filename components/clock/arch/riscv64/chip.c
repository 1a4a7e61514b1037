/* SPDX-License-Identifier: MIT */
/* The clock of QEMU's `virt` (Goldfish RTC): nanoseconds since 1970. */
#include "chip.h"

enum { TIME_LOW = 0, TIME_HIGH = 4, WORD = 4, NANOSECONDS = 1000000000 };

/* Reading the low half holds the high half still. */
bool chip_read(const struct registers *registers, uint64_t *seconds)
{
    uint64_t low = registers_read(registers, TIME_LOW, WORD);
    uint64_t high = registers_read(registers, TIME_HIGH, WORD);
    *seconds = (high << 32 | low) / NANOSECONDS;
    return *seconds != 0;
}
