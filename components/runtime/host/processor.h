/* SPDX-License-Identifier: MIT */
/*
 * The double of arch/<arch>/processor.h for tests on the host: the processor's own, but that time
 * is what the test program's function host_ticks says, if it has one.
 */
#ifndef HOST_PROCESSOR_H
#define HOST_PROCESSOR_H

#define processor_ticks processor_ticks_real
#include_next "processor.h"
#undef processor_ticks

/* Defined by a test that needs time of its own, as mock.c does. */
uint64_t host_ticks(void) __attribute__((weak));

/* As in arch/<arch>/processor.h. */
static inline uint64_t processor_ticks(void)
{
    return host_ticks ? host_ticks() : processor_ticks_real();
}
#endif
