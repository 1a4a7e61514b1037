/* SPDX-License-Identifier: MIT */
/* A thread's registers: what may be written, how upcalls use them, what a switch saves and loads. */
#include "arch.h"
#include "core.h"
#include "processor.h"
#include "thread.h"

#define MXCSR_OFFSET 24
#define MXCSR_INITIAL 0x1f80u

extern const uint8_t vector_initial[VECTOR_STATE_BYTES];

/* The lower half of the address space; the upper is the kernel's and not even a base may lie there,
   so that what wrfsbase accepts and what the kernel loads is the same. */
static bool address_is_user(uint64_t address) {
    return address < USER_HIGH;
}

void arch_thread_prepare(struct thread *thread) {
    thread->registers.code_segment = SELECTOR_USER_CODE;
    thread->registers.stack_segment = SELECTOR_USER_DATA;
    thread->registers.flags = FLAG_ALWAYS | FLAG_INTERRUPT;
    *(uint32_t *)(thread->arch.vector_state + MXCSR_OFFSET) = MXCSR_INITIAL;
}

static uint64_t *register_field(struct thread *thread, uint64_t index) {
    struct registers *registers = &thread->registers;
    if (index <= EXO_THREAD_REGISTER_ARG5) {
        return &registers->words[index];
    }
    switch (index) {
    case EXO_THREAD_REGISTER_STATUS:
        return &registers->status;
    case EXO_THREAD_REGISTER_SCRATCH0:
    case EXO_THREAD_REGISTER_SCRATCH1:
        return &registers->scratch[index - EXO_THREAD_REGISTER_SCRATCH0];
    case EXO_THREAD_REGISTER_INSTRUCTION_POINTER:
        return &registers->instruction;
    case EXO_THREAD_REGISTER_FLAGS:
        return &registers->flags;
    case EXO_THREAD_REGISTER_STACK_POINTER:
        return &registers->stack;
    case EXO_THREAD_REGISTER_TLS_BASE:
        return &thread->arch.tls_base;
    case EXO_THREAD_REGISTER_TLS_BASE2:
        return &thread->arch.tls_base2;
    default:
        return &registers->saved[index - EXO_THREAD_REGISTER_SAVE0];
    }
}

bool arch_register_write(struct thread *thread, uint64_t index, uint64_t value) {
    switch (index) {
    case EXO_THREAD_REGISTER_INSTRUCTION_POINTER:
    case EXO_THREAD_REGISTER_TLS_BASE:
    case EXO_THREAD_REGISTER_TLS_BASE2:
        if (!address_is_user(value)) {
            return false;
        }
        break;
    case EXO_THREAD_REGISTER_FLAGS:
        value = (value & FLAG_CARRY_MASK) | FLAG_ALWAYS | FLAG_INTERRUPT;
        break;
    default:
        break;
    }
    *register_field(thread, index) = value;
    return true;
}

uint64_t arch_register_read(const struct thread *thread, uint64_t index) {
    return *register_field((struct thread *)thread, index);
}

void arch_thread_save(struct thread *thread) {
    __asm__ volatile("rdfsbase %0" : "=r"(thread->arch.tls_base));
    __asm__ volatile("swapgs; rdgsbase %0; swapgs" : "=r"(thread->arch.tls_base2));
    __asm__ volatile("xsave %0"
                     : "+m"(thread->arch.vector_state)
                     : "a"(VECTOR_STATE_MASK), "d"(0)
                     : "memory");
}

void arch_thread_load(struct core *core, struct thread *thread) {
    (void)core;
    __asm__ volatile("wrfsbase %0" : : "r"(thread->arch.tls_base));
    __asm__ volatile("swapgs; wrgsbase %0; swapgs" : : "r"(thread->arch.tls_base2));
    __asm__ volatile("xrstor %0" : : "m"(thread->arch.vector_state), "a"(VECTOR_STATE_MASK), "d"(0));
}

void arch_vector_reset(void) {
    __asm__ volatile("wrfsbase %0" : : "r"(0ull));
    __asm__ volatile("swapgs; wrgsbase %0; swapgs" : : "r"(0ull));
    __asm__ volatile("xrstor %0" : : "m"(*vector_initial), "a"(VECTOR_STATE_MASK), "d"(0));
}

void arch_upcall_frame(const struct thread *thread, uint64_t words[ARCH_UPCALL_FRAME_WORDS]) {
    words[0] = thread->registers.instruction;
    words[1] = SELECTOR_USER_CODE;
    words[2] = thread->registers.flags;
    words[3] = thread->registers.stack;
    words[4] = SELECTOR_USER_DATA;
}

void arch_upcall_enter(struct thread *thread, uint64_t entry, uint64_t stack) {
    thread->registers.instruction = entry;
    thread->registers.stack = stack;
    thread->registers.flags = FLAG_ALWAYS | FLAG_INTERRUPT;
}

enum exo_status arch_upcall_return(struct thread *thread, uint64_t frame) {
    (void)thread;
    (void)frame;
    /* iretq works in user mode: nobody needs the kernel to return. */
    return EXO_STATUS_BAD_CALL;
}

uint64_t arch_red_zone(void) {
    return 128;
}
