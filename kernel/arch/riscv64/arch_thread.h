/* SPDX-License-Identifier: MIT */
/* The part of the contract of kernel/arch.h that is inline and needs struct thread. */
#pragma once

#include "processor.h"

#define ARCH_UPCALL_FRAME_BYTES 64ull
/* None is needed; but frames that fault again and again must not end just where the stack does. */
#define ARCH_RED_ZONE 16ull

/* The address space that is loaded is the thread's. A missing page continues at `9`, where stvec
   points meanwhile: in kernel mode still, as if by a jump. All registers were stored before. */
static inline bool arch_upcall_push(const struct thread *thread, uint64_t at, uint64_t cause,
                                    uint64_t address, uint64_t error) {
    const struct registers *registers = &thread->registers;
    __asm__ goto(USER_ACCESS_BEGIN
                 "sd %z[cause], 0(%[at])\n"
                 "sd %[address], 8(%[at])\n"
                 "sd %[error], 16(%[at])\n"
                 "ld t0, %[instruction]\n"
                 "sd t0, 24(%[at])\n"
                 "ld t0, %[stack]\n"
                 "sd t0, 48(%[at])\n"
                 USER_ACCESS_END
                 ".pushsection .text.failed, \"ax\"\n"
                 ".balign 4\n"
                 "9:\n"
                 USER_ACCESS_FAILED
                 "j %l[failed]\n"
                 ".popsection"
                 :
                 : [at] "r"(at), [trap] "i"(offsetof(struct core, arch.entry_trap)),
                   [cause] "rJ"(cause), [address] "r"(address), [error] "r"(error),
                   [instruction] "m"(registers->instruction), [stack] "m"(registers->stack)
                 : "t0", "memory"
                 : failed);
    return true;
failed:
    return false;
}

static inline void arch_upcall_enter(struct thread *thread, uint64_t entry, uint64_t stack) {
    thread->registers.instruction = entry;
    thread->registers.stack = stack;
}

static inline void arch_timer_set(struct core *core, uint64_t deadline, uint64_t now) {
    (void)now;
    timer_set(core->arch.timer_is_own, deadline);
}

/* No address-space numbers are used, so what the processor keeps of the last one goes, but for the
   kernel's own entries. */
static inline void arch_space_switch(struct core *core, uint64_t root) {
    core->arch.root_current = root;
    __asm__ volatile("csrw satp, %0\n"
                     "sfence.vma zero, %1"
                     :
                     : "r"(root), "r"(0)
                     : "memory");
    core->counters[EXO_COUNTER_SPACE_SWITCHES]++;
}

/* The way back to user mode names the thread to the next entry. */
static inline void arch_core_thread(struct core *core, struct thread *thread) {
    (void)core;
    (void)thread;
}

/* The registers of floating point are stored if they were written; who comes next loads its own
   when it uses them. */
static inline void arch_thread_switch(struct arch_thread *from, const struct arch_thread *to) {
    uint64_t status;
    (void)to;
    __asm__ volatile("csrrc %0, sstatus, %1" : "=r"(status) : "r"(STATUS_FLOAT));
    if (__builtin_expect(status >> 63, 0)) /* something is dirty */
        float_store(from);
}
