/* SPDX-License-Identifier: MIT */
/* Local APIC (timer, by which the time-stamp counter is measured at boot) and I/O APIC (lines).
   Addresses and the local timer's 1 GHz are what QEMU's machines microvm and q35 have. */
#include "kernel.h"
#include "processor.h"

#define LOCAL_SPURIOUS 0xf0
#define LOCAL_TIMER 0x320
#define LOCAL_TIMER_CURRENT 0x390
#define LOCAL_TIMER_DIVIDE 0x3e0
#define LOCAL_DIVIDE_BY_1 0xb
#define LOCAL_HERTZ 1000000000ull
#define LOCAL_ENABLE 0x100
#define COMMAND_FIXED 0x4000u
#define COMMAND_RESET 0x4500u
#define COMMAND_START 0x4600u
#define COMMAND_PENDING 0x1000u
#define LOCAL_NUMBER_MAX 254
#define START_PAGE 8ull /* below 1 MiB, where nothing of the kernel's is: boot.S knows it, too */
#define LINES 0xfec00000ull
#define LINE_MASKED 0x10000u
#define LINE_LEVEL 0xa000u /* level-triggered, active low: PCI lines */
#define ISA_LINES 16
#define MEASURE_MAX 20

static void line_write(uint32_t index, uint32_t value) {
    *(volatile uint32_t *)physical_pointer(LINES) = index;
    *(volatile uint32_t *)physical_pointer(LINES + 0x10) = value;
}

void local_start(struct core *core) {
    core->hardware = *local_register(LOCAL_NUMBER) >> 24;
    core->arch.timer_scale = boot_core.arch.timer_scale;
    *local_register(LOCAL_SPURIOUS) = LOCAL_ENABLE | VECTOR_SPURIOUS;
    *local_register(LOCAL_TIMER_DIVIDE) = LOCAL_DIVIDE_BY_1;
    *local_register(LOCAL_TIMER) = VECTOR_TIMER;
}

/* An interrupt command; nothing else of this core sends one meanwhile. */
static void local_send(const struct core *core, uint32_t command) {
    *local_register(LOCAL_COMMAND + 0x10) = (uint32_t)core->hardware << 24;
    *local_register(LOCAL_COMMAND) = command;
    while (*local_register(LOCAL_COMMAND) & COMMAND_PENDING)
        arch_pause();
}

void arch_core_interrupt(struct core *core) {
    local_send(core, COMMAND_FIXED | VECTOR_CORE);
}

/* INIT, and later twice STARTUP (Intel's MultiProcessor Specification 1.4, B.4). */
bool arch_core_ask(struct core *core, bool where) {
    extern uint8_t boot_later[], boot_later_end[];
    if (core->hardware > LOCAL_NUMBER_MAX)
        return false;
    if (!where) {
        local_send(core, COMMAND_RESET);
        return true;
    }
    uint8_t *low = physical_pointer(START_PAGE << PAGE_SHIFT);
    for (const uint8_t *from = boot_later; from < boot_later_end; from++)
        *low++ = *(const uint8_t *)physical_pointer((uint64_t)from);
    local_send(core, COMMAND_START | START_PAGE);
    local_send(core, COMMAND_START | START_PAGE);
    return true;
}

void arch_irq_mask(uint32_t line, bool masked) {
    uint32_t value = VECTOR_IRQ + line;
    value |= masked ? LINE_MASKED : 0;
    value |= line >= ISA_LINES ? LINE_LEVEL : 0;
    line_write(0x10 + 2 * line, value);
    line_write(0x11 + 2 * line, 0);
}

/* Count ticks while the local timer counts half a millisecond. `error` is how long the two ends
   were uncertain: where the machine is shared, either may be interrupted for long. So measure until
   it is below one percent; after some attempts the best has to do. */
uint64_t arch_timer_start(struct core *core) {
    struct {
        uint64_t ticks, local, error;
    } m, best = {0, 0, 0};
    port_write8(0x21, 0xff); /* the old controllers: everything masked for ever */
    port_write8(0xa1, 0xff);
    for (uint32_t line = 0; line < IRQ_LINES; line++)
        arch_irq_mask(line, true);
    *local_register(LOCAL_TIMER) = VECTOR_TIMER | LINE_MASKED;
    *local_register(LOCAL_TIMER_COUNT) = 0xffffffff;
    for (int i = 0; i == 0 || (i < MEASURE_MAX && best.error > best.ticks / 100); i++) {
        uint64_t before = arch_ticks();
        uint32_t local = *local_register(LOCAL_TIMER_CURRENT);
        uint64_t start = arch_ticks(), last = start;
        while ((m.local = local - *local_register(LOCAL_TIMER_CURRENT)) < LOCAL_HERTZ / 2000)
            last = arch_ticks();
        uint64_t end = arch_ticks();
        m.ticks = end - start;
        m.error = (start - before) + (end - last);
        if (i == 0 || m.error * best.ticks < best.error * m.ticks)
            best = m;
    }
    *local_register(LOCAL_TIMER_COUNT) = 0;
    *local_register(LOCAL_TIMER) = VECTOR_TIMER;
    core->arch.timer_scale = (best.local << 32) / best.ticks;
    return best.ticks * LOCAL_HERTZ / best.local;
}

void arch_idle_wait(void) {
    __asm__ volatile("sti; hlt; cli" : : : "memory");
}

void arch_interrupt_window(void) {
    __asm__ volatile("sti; nop; nop; cli" : : : "memory");
}

/* The whole access lies in the run; `port` is absolute. */
static bool port_of(const struct slot *slot, uint64_t port, uint64_t width) {
    return (width == 1 || width == 2 || width == 4) && port >= slot->base &&
           slot_holds(slot, port - slot->base, width);
}

enum exo_status port_read(struct thread *caller, struct slot *slot,
                          const struct port_read_args *args, struct port_read_results *results) {
    (void)caller;
    uint32_t value = 0;
    if (!port_of(slot, args->port, args->width))
        return EXO_STATUS_BAD_ARGUMENT;
    if (args->width == 1) {
        value = port_read8((uint16_t)args->port);
    } else if (args->width == 2) {
        __asm__ volatile("inw %1, %w0" : "+a"(value) : "Nd"((uint16_t)args->port));
    } else {
        __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"((uint16_t)args->port));
    }
    results->value = value;
    return EXO_STATUS_OK;
}

enum exo_status port_write(struct thread *caller, struct slot *slot,
                           const struct port_write_args *args) {
    (void)caller;
    uint16_t port = (uint16_t)args->port;
    if (!port_of(slot, args->port, args->width))
        return EXO_STATUS_BAD_ARGUMENT;
    if (args->width == 1) {
        port_write8(port, (uint8_t)args->value);
    } else if (args->width == 2) {
        __asm__ volatile("outw %w0, %1" : : "a"((uint32_t)args->value), "Nd"(port));
    } else {
        __asm__ volatile("outl %0, %1" : : "a"((uint32_t)args->value), "Nd"(port));
    }
    return EXO_STATUS_OK;
}
