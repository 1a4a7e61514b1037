/* SPDX-License-Identifier: MIT */
/* Takes the place of components/runtime/arch/.../processor.h in a replay. */
#ifndef RUNTIME_PROCESSOR_H
#define RUNTIME_PROCESSOR_H

#include <stdint.h>

/* The time of the recording; a tick later at each look. */
uint64_t world_ticks(void);

/* End the calling Thread. */
_Noreturn void world_stop(void);

/* As the processor's functions of these names. */
static inline uint64_t processor_ticks(void)
{
    return world_ticks();
}

static inline void processor_pause(void)
{
}

static inline _Noreturn void processor_stop(void)
{
    world_stop();
}

#endif
