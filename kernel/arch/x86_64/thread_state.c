/* SPDX-License-Identifier: MIT */
/* A thread's registers: what may be written, how upcalls use them. */
#include "kernel.h"
#include "processor.h"
#include "arch_thread.h"

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
    thread->registers.flags = FLAGS_FRESH;
    *(uint32_t *)(thread->arch.vector_state + MXCSR_OFFSET) = MXCSR_INITIAL;
}

static uint64_t *register_field(struct thread *thread, uint64_t index) {
    struct registers *registers = &thread->registers;
    uint64_t *const others[] = {&registers->instruction, &registers->flags, &registers->stack,
                                &thread->arch.tls_base, &thread->arch.tls_base2};
    /* Up to the scratch registers the order is that of the structure. */
    return index < EXO_THREAD_REGISTER_INSTRUCTION_POINTER
               ? &registers->words[0] + index
               : others[index - EXO_THREAD_REGISTER_INSTRUCTION_POINTER];
}

bool arch_register_write(struct thread *thread, uint64_t index, uint64_t value) {
    if (index == EXO_THREAD_REGISTER_FLAGS)
        value = (value & FLAG_CARRY_MASK) | FLAGS_FRESH;
    if ((index == EXO_THREAD_REGISTER_INSTRUCTION_POINTER ||
         index == EXO_THREAD_REGISTER_TLS_BASE || index == EXO_THREAD_REGISTER_TLS_BASE2) &&
        !address_is_user(value)) {
        return false;
    }
    *register_field(thread, index) = value;
    return true;
}

uint64_t arch_register_read(const struct thread *thread, uint64_t index) {
    return *register_field((struct thread *)thread, index);
}

void arch_vector_reset(void) {
    __asm__ volatile("wrfsbase %0" : : "r"(0ull));
    __asm__ volatile("swapgs; wrgsbase %0; swapgs" : : "r"(0ull));
    __asm__ volatile("xrstor %0" : : "m"(*vector_initial), "a"(VECTOR_STATE_MASK), "d"(0));
}

/* The interrupted rax, rdi, rcx and r11 in words 0, 1, 2 and 4 (the call itself uses these
   registers), rip, flags and stack pointer in 3, 5 and 6. */
enum exo_status arch_upcall_return(struct thread *thread, uint64_t frame) {
    uint64_t words[ARCH_UPCALL_FRAME_BYTES / 8];
    if (!arch_copy_from_user(words, frame, sizeof words) || !address_is_user(words[3]))
        return EXO_STATUS_BAD_ARGUMENT;
    struct registers *registers = &thread->registers;
    registers->words[0] = words[1];
    registers->scratch[0] = words[2];
    registers->scratch[1] = words[4];
    registers->instruction = words[3];
    registers->flags = (words[5] & FLAG_CARRY_MASK) | FLAGS_FRESH;
    registers->stack = words[6];
    core_self()->slow = 1; /* rcx and r11 come back on the long way only */
    registers->status = words[0];
    return STATUS_DONE;
}
