/* SPDX-License-Identifier: MIT */
/* Faults and interrupts, after entry.S has stored the registers. */
#include "kernel.h"
#include "processor.h"

struct fixup {
    uint64_t first, end, resume;
};
extern const struct fixup kernel_fixups_start[], kernel_fixups_end[];

struct thread *trap_timer(void);
void trap_user(struct registers *registers);
void trap_kernel(struct registers *registers);
_Noreturn void trap_fatal(const uint64_t *frame);

static uint64_t fault_address(void) {
    uint64_t address;
    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    return address;
}

/* True when the vector is an interrupt, which is then done. */
static bool interrupt(uint64_t vector) {
    if (vector < VECTOR_IRQ)
        return false;
    if (vector == VECTOR_TIMER) {
        interrupt_end();
        cpu_interrupt_timer(core_self());
    } else if (vector != VECTOR_SPURIOUS) {
        /* Masked before the end is signalled: a level-triggered line would fire again at once. */
        irq_raise((uint32_t)vector - VECTOR_IRQ);
        interrupt_end();
    }
    return true;
}

struct thread *trap_timer(void) {
    interrupt_end();
    return cpu_interrupt_timer(core_self());
}

void trap_user(struct registers *registers) {
    struct thread *thread = core_self()->current;
    uint64_t vector = registers->vector;
    uint64_t error = vector << 32 | (uint32_t)registers->error;
    if (__builtin_expect(vector == FAULT_PAGE, 1)) {
        upcall_fault(thread, error, fault_address());
    } else if (!interrupt(vector)) {
        upcall_fault(thread, error, registers->instruction);
    }
}

void trap_kernel(struct registers *registers) {
    if (core_self()->asleep)
        core_stand(core_self());
    if (interrupt(registers->vector))
        return;
    for (const struct fixup *fixup = kernel_fixups_start; fixup < kernel_fixups_end; fixup++) {
        if (registers->vector == FAULT_PAGE && registers->instruction >= fixup->first &&
            registers->instruction < fixup->end) {
            registers->instruction = fixup->resume;
            return;
        }
    }
    panic_registers(registers);
}

_Noreturn void trap_fatal(const uint64_t *frame) {
    /* GS may be the user's here: everything below uses none. */
    panic_line("kernel panic: unrecoverable fault at", frame[0]);
    arch_halt();
}

void arch_console_write(const char *text, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
        while (!(port_read8(0x3fd) & 0x20)) {
        }
        port_write8(0x3f8, (uint8_t)text[i]);
    }
}

_Noreturn void arch_halt(void) {
    port_write8(0xf4, 0); /* QEMU's isa-debug-exit: status 1 */
    for (;;)
        __asm__ volatile("cli; hlt");
}
