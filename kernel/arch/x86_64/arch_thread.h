/* SPDX-License-Identifier: MIT */
/* The part of the contract of kernel/arch.h that is inline and needs struct thread. */
#pragma once

#define ARCH_UPCALL_FRAME_BYTES 64ull
#define ARCH_RED_ZONE 128ull
#define FLAGS_FRESH 0x202ull /* interrupts on, and the bit that is always set */

/* The frame's words 4 and 7 are left alone: an `iretq` would want selectors there, but QEMU's fails
   in user mode with SMAP on, so user code returns by `popfq; pop %rsp; ret` or by upcall_return. */
static inline bool arch_upcall_push(const struct thread *thread, uint64_t at, uint64_t cause,
                                    uint64_t address, uint64_t error) {
    const struct registers *registers = &thread->registers;
    __asm__ goto("stac\n"
                 "1: mov %[cause], (%[at])\n"
                 "mov %[address], 8(%[at])\n"
                 "mov %[error], 16(%[at])\n"
                 "mov %[instruction], 24(%[at])\n"
                 "mov %[flags], 40(%[at])\n"
                 "mov %[stack], 48(%[at])\n"
                 "2: clac\n"
                 ".pushsection .fixups, \"a\"\n"
                 ".quad 1b, 2b, %l[failed]\n"
                 ".popsection"
                 :
                 : [at] "r"(at), [cause] "r"(cause), [address] "r"(address), [error] "r"(error),
                   [instruction] "r"(registers->instruction), [flags] "r"(registers->flags),
                   [stack] "r"(registers->stack)
                 : "memory"
                 : failed);
    return true;
failed:
    __asm__ volatile("clac");
    return false;
}

static inline void arch_upcall_enter(struct thread *thread, uint64_t entry, uint64_t stack) {
    thread->registers.instruction = entry;
    thread->registers.stack = stack;
    thread->registers.flags = FLAGS_FRESH;
}

/* One shot; too far ahead, it fires early, finds nothing due and is set again. */
static inline void arch_timer_set(struct core *core, uint64_t deadline, uint64_t now) {
    uint64_t ticks = deadline - now;
    if (__builtin_expect(ticks > LOCAL_TIMER_COUNT_MAX / 2, 0))
        ticks = deadline > now ? LOCAL_TIMER_COUNT_MAX / 2 : 0;
    uint64_t count = (ticks * core->arch.timer_scale >> 32) + 1;
    *local_register(LOCAL_TIMER_COUNT) = (uint32_t)count;
}

/* arch_space_load() of a user's address space, which is not the one that is loaded. */
static inline void arch_space_switch(struct core *core, uint64_t root) {
    core->arch.root_current = root;
    __asm__ volatile("mov %0, %%cr3" : : "r"(root) : "memory");
    core->counters[EXO_COUNTER_SPACE_SWITCHES]++;
}

static inline void arch_core_thread(struct core *core, struct thread *thread) {
    core->arch.task.stack0 = (uint64_t)(&thread->registers + 1);
}

/* The user's GS base is in the register that swapgs exchanges: nothing uses GS in between. What
   is in the selectors is nobody's; loading one may change its base, so that comes first. */
static inline void arch_thread_switch(struct arch_thread *from, const struct arch_thread *to) {
    uint64_t base;
    __asm__ inline volatile("rdfsbase %[base]; mov %[base], %[from_base]\n"
                     "mov %[zero], %%ds; mov %[zero], %%es; mov %[zero], %%fs\n"
                     "mov %[to_base], %[base]; wrfsbase %[base]; swapgs\n"
                     "rdgsbase %[base]; mov %[base], %[from_base2]; mov %[zero], %%gs\n"
                     "mov %[to_base2], %[base]; wrgsbase %[base]; swapgs\n"
                     "xsave %[from_state]; xrstor %[to_state]"
                     : [base] "=&r"(base), [from_base] "=m"(from->tls_base),
                       [from_base2] "=m"(from->tls_base2), [from_state] "+m"(from->vector_state)
                     : [to_base] "m"(to->tls_base), [to_base2] "m"(to->tls_base2),
                       [to_state] "m"(to->vector_state), "a"(VECTOR_STATE_MASK), [zero] "d"(0)
                     : "memory");
}
