/* SPDX-License-Identifier: MIT */
/* Local APIC (timer), I/O APIC (lines), and the PIT, which only measures the time-stamp counter
   once at boot. Addresses and the local timer's 1 GHz are what QEMU's machines microvm and q35
   have. */
#include "arch.h"
#include "capability.h"
#include "core.h"
#include "kernel_handlers.h"
#include "processor.h"

#define LOCAL_SPURIOUS 0xf0
#define LOCAL_TIMER 0x320
#define LOCAL_TIMER_CURRENT 0x390
#define LOCAL_TIMER_DIVIDE 0x3e0
#define LOCAL_DIVIDE_BY_1 0xb
#define LOCAL_ENABLE 0x100
#define LINES 0xfec00000ull
#define LINE_MASKED 0x10000u
#define LINE_LEVEL 0xa000u /* level-triggered, active low: PCI lines */
#define ISA_LINES 16
#define PIT_HERTZ 1193182ull
#define PIT_COUNT 597ull /* half a millisecond */
#define PIT_CHANNEL 0x40 /* ports */
#define PIT_CONTROL 0x43
#define PIT_ONE_SHOT 0x30    /* channel 0, both bytes of the count, mode 0 */
#define PIT_READ_STATUS 0xe2 /* read back: the status of channel 0 */
#define PIT_OUT 0x80
#define MEASURE_MAX 20

static void line_write(uint32_t index, uint32_t value) {
    *(volatile uint32_t *)physical_pointer(LINES) = index;
    *(volatile uint32_t *)physical_pointer(LINES + 0x10) = value;
}

void interrupt_start(void) {
    /* The old controllers: everything masked for ever. */
    port_write8(0x21, 0xff);
    port_write8(0xa1, 0xff);
    *local_register(LOCAL_SPURIOUS) = LOCAL_ENABLE | VECTOR_SPURIOUS;
    *local_register(LOCAL_TIMER_DIVIDE) = LOCAL_DIVIDE_BY_1;
    *local_register(LOCAL_TIMER) = VECTOR_TIMER;
    for (uint32_t line = 0; line < IRQ_LINES; line++)
        arch_irq_mask(line, true);
}

void arch_irq_mask(uint32_t line, bool masked) {
    uint32_t value = VECTOR_IRQ + line;
    value |= masked ? LINE_MASKED : 0;
    value |= line >= ISA_LINES ? LINE_LEVEL : 0;
    line_write(0x10 + 2 * line, value);
    line_write(0x11 + 2 * line, 0);
}

struct measurement {
    uint64_t ticks, local, error;
};

/* Has the count run out? The control word latches the channel's status, which is read next. */
static bool pit_is_out(void) {
    port_write8(PIT_CONTROL, PIT_READ_STATUS);
    return port_read8(PIT_CHANNEL) & PIT_OUT;
}

/* Count both clocks over the same half millisecond of the PIT's channel 0, which needs no gate (the
   one of channel 2 is at port 0x61, and a microvm has no such port). `error` is how long the two
   ends were uncertain: where the machine is shared, either may be interrupted for long. */
static struct measurement measure(void) {
    struct measurement m;
    port_write8(PIT_CONTROL, PIT_ONE_SHOT);
    port_write8(PIT_CHANNEL, (uint8_t)PIT_COUNT);
    uint64_t before = arch_ticks();
    port_write8(PIT_CHANNEL, (uint8_t)(PIT_COUNT >> 8));
    uint32_t local = *local_register(LOCAL_TIMER_CURRENT);
    uint64_t start = arch_ticks();
    uint64_t last = start;
    uint64_t now = start;
    while (!pit_is_out()) {
        last = now;
        now = arch_ticks();
    }
    m.local = local - *local_register(LOCAL_TIMER_CURRENT);
    uint64_t end = arch_ticks();
    m.ticks = end - start;
    m.error = (start - before) + (end - last);
    return m;
}

/* Measure until the error is below one percent; after some attempts the best has to do. */
uint64_t arch_timer_start(struct core *core) {
    interrupt_start();
    *local_register(LOCAL_TIMER) = VECTOR_TIMER | LINE_MASKED;
    *local_register(LOCAL_TIMER_COUNT) = 0xffffffff;
    struct measurement best = measure();
    for (int i = 1; i < MEASURE_MAX && best.error > best.ticks / 100; i++) {
        struct measurement m = measure();
        if (m.error * best.ticks < best.error * m.ticks)
            best = m;
    }
    *local_register(LOCAL_TIMER_COUNT) = 0;
    *local_register(LOCAL_TIMER) = VECTOR_TIMER;
    core->arch.timer_scale = (best.local << 32) / best.ticks;
    return best.ticks * PIT_HERTZ / PIT_COUNT;
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
           port - slot->base < slot->count && width <= slot->count - (port - slot->base);
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
