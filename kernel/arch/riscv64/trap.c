/* SPDX-License-Identifier: MIT */
/* Faults and interrupts, after entry.S has stored the registers. */
#include "kernel.h"
#include "processor.h"

#define EXIT_FAILURE 0x13333u /* sifive_test: FAIL with status 1 */

void trap_user(struct thread *thread, uint64_t cause);
_Noreturn void trap_kernel(struct thread *thread);

/* True when it was the first use of floating point since the thread was switched to. */
static bool float_begins(const struct thread *thread) {
    uint64_t status;
    __asm__ volatile("csrr %0, sstatus" : "=r"(status));
    if ((status & STATUS_FLOAT) != 0)
        return false;
    float_load(&thread->arch);
    return true;
}

/* Whatever is no interrupt and no page fault, which entry.S hands to upcall_fault() itself. */
void trap_user(struct thread *thread, uint64_t cause) {
    struct registers *registers = &thread->registers;
    if (cause == CAUSE_CALL) { /* with a word that is no kernel call */
        registers->instruction += ARCH_SYSCALL_BYTES;
        registers->status = call_enter(registers->status, thread);
    } else if (cause != CAUSE_ILLEGAL || !float_begins(thread)) {
        upcall_fault(thread, cause << 32, registers->instruction);
    }
}

_Noreturn void trap_kernel(struct thread *thread) {
    struct registers *registers = &thread->registers;
    __asm__ volatile("csrr %0, scause" : "=r"(registers->vector));
    __asm__ volatile("csrr %0, stval" : "=r"(registers->error));
    __asm__ volatile("csrr %0, sepc" : "=r"(registers->instruction));
    panic_registers(registers);
}

void arch_console_write(const char *text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++)
        firmware_call(FIRMWARE_CONSOLE_PUT, 0, (uint8_t)text[i], 0, 0);
}

_Noreturn void arch_halt(void) {
    if (machine.exit_device != 0)
        *(volatile uint32_t *)physical_pointer(machine.exit_device) = EXIT_FAILURE;
    firmware_call(FIRMWARE_RESET, 0, 0, 1, 0); /* shut down, for a failure */
    for (;;)
        __asm__ volatile("wfi");
}
