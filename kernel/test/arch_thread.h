/* SPDX-License-Identifier: MIT */
/* The inline part of kernel/arch.h that needs struct thread, for host tests. */
#pragma once

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

static inline void arch_core_thread(struct core *core, struct thread *thread) {
    core->arch.entry_thread = thread;
}

extern uint64_t machine_timer;

static inline void arch_timer_set(struct core *core, uint64_t deadline, uint64_t now) {
    (void)core;
    (void)now;
    machine_timer = deadline;
}

static inline void arch_space_switch(struct core *core, uint64_t root) {
    /* Loading 0 would be the end of the kernel. */
    if (root == 0) {
        panic("no address space to switch to", __FILE__, __LINE__);
    }
    arch_space_load(core, root);
}

/* The processor's vector state is one number, which user code sets and a transfer resets. */
extern uint64_t machine_vector_state;

static inline void arch_thread_switch(struct arch_thread *from, const struct arch_thread *to) {
    from->vector_state = machine_vector_state;
    machine_vector_state = to->vector_state;
}
