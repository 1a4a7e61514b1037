/* SPDX-License-Identifier: MIT */
/* processor: the instructions that user code may use and C cannot say. */
#ifndef RUNTIME_PROCESSOR_H
#define RUNTIME_PROCESSOR_H

#include <stdint.h>

/* The time-stamp counter. Not ordered against other instructions. */
static inline uint64_t processor_ticks(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Say that this is a loop that waits for another processor. */
static inline void processor_pause(void)
{
    __asm__ volatile("pause");
}

/* Stop this thread by an instruction that no processor has; the kernel sees a fault. */
static inline _Noreturn void processor_trap(void)
{
    __asm__ volatile("ud2");
    __builtin_unreachable();
}

#endif
