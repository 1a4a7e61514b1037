/* SPDX-License-Identifier: MIT */
/* The part of the contract of kernel/arch.h that is inline and needs struct thread. */
#ifndef ARCH_THREAD_H
#define ARCH_THREAD_H

#include "thread.h"

#define ARCH_UPCALL_FRAME_BYTES 64ull
#define ARCH_RED_ZONE 128ull
#define FLAGS_FRESH 0x202ull /* interrupts on, and the bit that is always set */

/* Eight words; a fault in any of the stores continues behind them with `failed` set. */
static inline bool arch_upcall_push(const struct thread *thread, uint64_t at, uint64_t cause,
                                    uint64_t address, uint64_t error) {
    const struct registers *registers = &thread->registers;
    uint64_t failed = 1;
    __asm__ volatile("stac\n"
                     "1: mov %[cause], (%[at])\n"
                     "mov %[address], 8(%[at])\n"
                     "mov %[error], 16(%[at])\n"
                     "mov %[instruction], 24(%[at])\n"
                     "movq %[code], 32(%[at])\n"
                     "mov %[flags], 40(%[at])\n"
                     "mov %[stack], 48(%[at])\n"
                     "movq %[data], 56(%[at])\n"
                     "xor %k[failed], %k[failed]\n"
                     "2: clac\n"
                     ".pushsection .fixups, \"a\"\n"
                     ".quad 1b, 2b, 2b\n"
                     ".popsection"
                     : [failed] "+r"(failed)
                     : [at] "r"(at), [cause] "r"(cause), [address] "r"(address),
                       [error] "r"(error), [instruction] "r"(registers->instruction),
                       [flags] "r"(registers->flags), [stack] "r"(registers->stack),
                       [code] "i"(SELECTOR_USER_CODE), [data] "i"(SELECTOR_USER_DATA)
                     : "memory");
    return !failed;
}

static inline void arch_upcall_enter(struct thread *thread, uint64_t entry, uint64_t stack) {
    thread->registers.instruction = entry;
    thread->registers.stack = stack;
    thread->registers.flags = FLAGS_FRESH;
}

#endif
