/* SPDX-License-Identifier: MIT */
/* A thread's registers: what may be written, what upcalls and switches save and load. */
#include "kernel.h"
#include "processor.h"
#include "arch_thread.h"

static const struct arch_thread float_initial;

void arch_thread_prepare(struct thread *thread) {
    (void)thread; /* all zero is right */
}

/* A kernel's instruction pointer would fault in user mode; it is refused for programs to see. */
bool arch_register_write(struct thread *thread, uint64_t index, uint64_t value) {
    if (index == EXO_THREAD_REGISTER_INSTRUCTION_POINTER && value >= USER_HIGH)
        return false;
    (&thread->registers.words[0])[index] = index == EXO_THREAD_REGISTER_FLAGS ? 0 : value;
    return true;
}

uint64_t arch_register_read(const struct thread *thread, uint64_t index) {
    return (&thread->registers.words[0])[index];
}

void arch_vector_reset(void) {
    __asm__ volatile("csrc sstatus, %0" : : "r"(STATUS_FLOAT));
    core_self()->current->arch.float_valid = 0;
}

#define FLOAT_EACH(operation)                                                                      \
    ".option push\n"                                                                               \
    ".option arch, +d\n"                                                                           \
    ".irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, "  \
    "22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"                                                     \
    operation " f\\number, 8*\\number(%[state])\n.endr\n"

/* With floating point switched on meanwhile: a switch has switched it off before. */
void float_store(struct arch_thread *thread) {
    uint64_t control;
    __asm__ volatile("csrs sstatus, %[on]\n" FLOAT_EACH("fsd") "csrr %[control], fcsr\n"
                     ".option pop\n"
                     "csrc sstatus, %[on]"
                     : [control] "=&r"(control)
                     : [on] "r"(STATUS_FLOAT), [state] "r"(thread->float_state)
                     : "memory");
    thread->float_control = control;
    thread->float_valid = 1;
}

/* They count as clean: they are what is stored. */
void float_load(const struct arch_thread *thread) {
    const struct arch_thread *from = thread->float_valid ? thread : &float_initial;
    __asm__ volatile("csrs sstatus, %[on]\n" FLOAT_EACH("fld") "csrw fcsr, %[control]\n"
                     ".option pop\n"
                     "csrc sstatus, %[on]\n"
                     "csrs sstatus, %[clean]"
                     :
                     : [on] "r"(STATUS_FLOAT), [state] "r"(from->float_state),
                       [control] "r"(from->float_control), [clean] "r"(STATUS_FLOAT_CLEAN)
                     : "memory");
}

/* Words of the frame, see docs/porting.md; the handler restored all other registers, and the call
   keeps them. The entry code stores sepc after this. */
enum exo_status arch_upcall_return(struct thread *thread, uint64_t frame) {
    uint64_t words[ARCH_UPCALL_FRAME_BYTES / 8];
    if (!arch_copy_from_user(words, frame, sizeof words) || words[3] >= USER_HIGH)
        return EXO_STATUS_BAD_ARGUMENT;
    struct registers *registers = &thread->registers;
    registers->scratch[0] = words[5];
    registers->words[0] = words[4];
    registers->stack = words[6];
    registers->status = words[7];
    __asm__ volatile("csrw sepc, %0" : : "r"(words[3]));
    core_self()->slow = 1; /* t0 comes back on the long way only */
    return STATUS_DONE;
}
