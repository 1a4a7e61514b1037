/* SPDX-License-Identifier: MIT */
/* processor: the instructions that user code may use and C cannot say. */
#ifndef RUNTIME_PROCESSOR_H
#define RUNTIME_PROCESSOR_H

#include <stdint.h>

/* The time-stamp counter. Not ordered against other instructions. Tests on the host may put a time
 * of their own in its place (host/processor.h). */
static inline uint64_t processor_ticks(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* Instructions that the processor has executed, where an emulator counts them exactly: there the
 * time-stamp counter does. */
static inline uint64_t processor_instructions(void)
{
    return processor_ticks();
}

/* Say that this is a loop that waits for another processor. */
static inline void processor_pause(void)
{
    __asm__ volatile("pause");
}

/*
 * Stop this thread: an instruction that no processor has, with the stack pointer so low in its page
 * that no upcall frame fits there. Away from the upcall stack this enters the fault upcall, whose
 * handler does the same; the second or third time the frame would lie below the upcall stack, where
 * nothing is mapped, and the kernel stops the thread.
 */
static inline _Noreturn void processor_stop(void)
{
    __asm__ volatile("andq $-4096, %%rsp; addq $16, %%rsp; ud2" : : : "memory");
    __builtin_unreachable();
}

#endif
