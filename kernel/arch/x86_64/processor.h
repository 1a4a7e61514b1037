/* SPDX-License-Identifier: MIT */
/* What the files of this folder share: privileged instructions and each other's entry points. */
#pragma once

#define VECTOR_IRQ 32
#define VECTOR_TIMER 56
#define VECTOR_CORE 57 /* from another core */
#define VECTOR_SPURIOUS 63
#define VECTORS 64
#define FAULT_PAGE 14

#define MSR_EFER 0xc0000080
#define MSR_STAR 0xc0000081
#define MSR_LSTAR 0xc0000082
#define MSR_FMASK 0xc0000084
#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#define FLAG_CARRY_MASK 0xcd5ull /* CF PF AF ZF SF DF OF: what a user may set */

static inline void write_msr(uint32_t msr, uint64_t value) {
    __asm__ volatile("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static inline void port_write8(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* Signal the end of an interrupt to the local controller. */
static inline void interrupt_end(void) {
    *local_register(LOCAL_END) = 0;
}
/* Start this core's local controller. */
void local_start(struct core *core);
