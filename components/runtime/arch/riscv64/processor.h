/* SPDX-License-Identifier: MIT */
/* processor: the instructions that user code may use and C cannot say. */
#ifndef RUNTIME_PROCESSOR_H
#define RUNTIME_PROCESSOR_H

#include <stdint.h>

/* The time counter, whose ticks are the kernel's. Not ordered against other instructions. Tests on
 * the host may put a time of their own in its place (host/processor.h). */
static inline uint64_t processor_ticks(void)
{
    uint64_t ticks;
    __asm__ volatile("rdtime %0" : "=r"(ticks));
    return ticks;
}

/* Instructions that the processor has executed, where an emulator counts them exactly. */
static inline uint64_t processor_instructions(void)
{
    uint64_t instructions;
    __asm__ volatile("rdinstret %0" : "=r"(instructions));
    return instructions;
}

/* Say that this is a loop that waits for another processor: the hint of Zihintpause, which others
 * take for a fence of nothing. */
static inline void processor_pause(void)
{
    __asm__ volatile(".insn i 0x0f, 0, x0, x0, 0x010");
}

/*
 * Stop this thread: an instruction that no processor has, with the stack pointer so low in its page
 * that no upcall frame fits there. Away from the upcall stack this enters the fault upcall, whose
 * handler does the same; the second or third time the frame would lie below the upcall stack, where
 * nothing is mapped, and the kernel stops the thread.
 */
static inline _Noreturn void processor_stop(void)
{
    __asm__ volatile("li t0, -4096; and sp, sp, t0; addi sp, sp, 16; unimp" : : : "t0", "memory");
    __builtin_unreachable();
}

#endif
