/* SPDX-License-Identifier: MIT */
#include "processors.h"

/* The firmware's Hart State Management knows which of them there are, and says so to cpu_start. */
uint32_t processors_find(uint64_t *numbers, uint32_t room)
{
    uint32_t count = room < PROCESSORS_MAX ? room : PROCESSORS_MAX;
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = i;
    return count;
}
