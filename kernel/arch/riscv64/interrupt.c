/* SPDX-License-Identifier: MIT */
/* The PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0) and the timer. In kernel
   mode interrupts are never taken; where they may come, what is pending is asked for. */
#include "kernel.h"
#include "processor.h"

#define PLIC_PRIORITY(line) (4ull * (line))
#define PLIC_ENABLE(context) (0x2000ull + 0x80 * (context))
#define PLIC_THRESHOLD(context) (0x200000ull + 0x1000 * (context))
#define PLIC_CLAIM(context) (PLIC_THRESHOLD(context) + 4)

static volatile uint32_t *plic(uint64_t offset) {
    return physical_pointer(machine.plic + offset);
}

uint64_t arch_timer_start(struct core *core) {
    core->hardware = boot_hart;
    for (uint32_t line = 1; line < IRQ_LINES; line++) {
        *plic(PLIC_PRIORITY(line)) = 1;
        arch_irq_mask(line, true);
    }
    *plic(PLIC_THRESHOLD(machine.plic_context)) = 0;
    return machine.ticks_per_second;
}

/* The lines' bits are in one word: there are 32. Line 0 does not exist. */
void arch_irq_mask(uint32_t line, bool masked) {
    volatile uint32_t *enabled = plic(PLIC_ENABLE(machine.plic_context));
    uint32_t bit = 1u << line;
    *enabled = masked || line == 0 ? *enabled & ~bit : *enabled | bit;
}

/* Completed first, since what is masked cannot be, and before another core masks it: the PLIC would
   never tell of that line again. A level-triggered line then waits masked. */
void interrupt_external(void) {
    for (;;) {
        leaf_enter();
        uint32_t line = *plic(PLIC_CLAIM(machine.plic_context));
        *plic(PLIC_CLAIM(machine.plic_context)) = line; /* 0, none, is ignored */
        leaf_leave();
        if (line == 0)
            return;
        irq_raise(line);
    }
}

void arch_core_interrupt(struct core *core) {
    if (machine.software == 0) {
        firmware_call(FIRMWARE_INTERRUPT, 0, 1, core->hardware, 0);
        return;
    }
    __asm__ volatile("fence rw, o" : : : "memory"); /* what it is to see comes before */
    *(volatile uint32_t *)physical_pointer(machine.software + 4 * core->hardware) = 1;
}

/* Hart State Management (Supervisor Binary Interface, chapter 9) does both in one. */
bool arch_core_ask(struct core *core, bool where) {
    extern uint8_t boot_later[];
    return where || firmware_call(FIRMWARE_HART, 0, core->hardware,
                                  (uint64_t)boot_later - KERNEL_BASE, 0) == 0;
}

void arch_interrupt_window(void) {
    uint64_t pending;
    __asm__ volatile("csrrci %0, sip, 1 << 1" : "=r"(pending)); /* software's needs no more */
    if (pending & 1ull << INTERRUPT_TIMER) {
        struct core *core = core_self();
        cpu_interrupt_timer(core);
        if (core->timer_deadline == DEADLINE_NEVER) /* it is pending until it is set for later */
            timer_set(core->arch.timer_is_own, DEADLINE_NEVER);
    }
    if (pending & 1ull << INTERRUPT_EXTERNAL)
        interrupt_external();
}

/* It ends with an interrupt pending, though none is taken. */
void arch_idle_wait(void) {
    __asm__ volatile("wfi" : : : "memory");
    core_stand(core_self());
    arch_interrupt_window();
}

/* There are no ports. */
enum exo_status port_read(struct thread *caller, struct slot *slot,
                          const struct port_read_args *args, struct port_read_results *results) {
    (void)caller, (void)slot, (void)args, (void)results;
    return EXO_STATUS_BAD_ARGUMENT;
}

enum exo_status port_write(struct thread *caller, struct slot *slot,
                           const struct port_write_args *args) {
    (void)caller, (void)slot, (void)args;
    return EXO_STATUS_BAD_ARGUMENT;
}
