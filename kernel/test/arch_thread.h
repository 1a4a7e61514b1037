/* SPDX-License-Identifier: MIT */
/* The inline part of kernel/arch.h that needs struct thread, for host tests. */
#ifndef ARCH_THREAD_H
#define ARCH_THREAD_H

#include "thread.h"

#define ARCH_UPCALL_FRAME_BYTES 64ull
#define ARCH_RED_ZONE 128ull
#define FLAGS_FRESH 0x202ull

/* The frame as on x86_64, into the user buffer; false outside of it, like a missing page. */
static inline bool arch_upcall_push(const struct thread *thread, uint64_t at, uint64_t cause,
                                    uint64_t address, uint64_t error) {
    const struct registers *registers = &thread->registers;
    uint64_t frame[ARCH_UPCALL_FRAME_BYTES / 8] = {
        cause, address, error, registers->instruction, 0, registers->flags, registers->stack, 0};
    return arch_copy_to_user(at, frame, sizeof frame);
}

static inline void arch_upcall_enter(struct thread *thread, uint64_t entry, uint64_t stack) {
    thread->registers.instruction = entry;
    thread->registers.stack = stack;
    thread->registers.flags = FLAGS_FRESH;
}

#endif
