/* SPDX-License-Identifier: MIT */
/* chip: what keeps the time of day while the machine is off, in arch/<arch>/. */
#ifndef CLOCK_CHIP_H
#define CLOCK_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "registers.h"

/* Seconds since 1970-01-01 00:00:00 UTC; false when the chip says nothing sensible. */
bool chip_read(const struct registers *registers, uint64_t *seconds);

#endif
