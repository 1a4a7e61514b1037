/* SPDX-License-Identifier: MIT */
/* A core's descriptor tables, protection bits and system-call registers (AMD64 Architecture
   Programmer's Manual, volume 2: 4.8 descriptors, 6.1 SYSCALL, 8.9 stacks, 11.5 XSAVE). */
#include "kernel.h"
#include "processor.h"

#define GATE_INTERRUPT 0x8e
#define GATE_USER 0x60 /* descriptor privilege level 3: int3 and into may be executed */
#define CR0_BITS 0x80010033u /* PG WP NE ET MP PE; TS and EM clear */
#define CR4_BASE 0x000006a0u /* PAE PGE OSFXSR OSXMMEXCPT */
#define CR4_UMIP (1u << 11) /* users do not read where the kernel's tables lie */
#define CR4_FSGSBASE (1u << 16)
#define CR4_OSXSAVE (1u << 18)
#define CR4_SMEP (1u << 20)
#define CR4_SMAP (1u << 21)
#define FLAG_MASK 0x47700u /* AC NT DF IF TF and IOPL */

struct gate {
    uint16_t offset_low, selector;
    uint8_t stack, type;
    uint16_t offset_middle;
    uint32_t offset_high, reserved;
};

extern uint8_t entry_vectors[], entry_debug[], entry_nmi[], entry_fatal[];
extern uint8_t entry_syscall[], entry_timer[], entry_core[];

static struct gate gates[VECTORS] __attribute__((aligned(16)));
#define VECTOR_ENTRY_BYTES 16

static void gate_set(uint32_t vector, const void *entry, uint8_t stack, uint8_t type) {
    uint64_t address = (uint64_t)entry;
    gates[vector] = (struct gate){
        .offset_low = (uint16_t)address,
        .offset_middle = (uint16_t)(address >> 16),
        .offset_high = (uint32_t)(address >> 32),
        .selector = SELECTOR_KERNEL_CODE,
        .stack = stack,
        .type = type,
    };
}

static void gates_start(void) {
    for (uint32_t vector = 0; vector < VECTORS; vector++) {
        uint8_t user = vector == 3 || vector == 4 ? GATE_USER : 0;
        gate_set(vector, entry_vectors + vector * VECTOR_ENTRY_BYTES, 0, GATE_INTERRUPT | user);
    }
    gate_set(1, entry_debug, 1, GATE_INTERRUPT);
    gate_set(2, entry_nmi, 2, GATE_INTERRUPT);
    gate_set(8, entry_fatal, 3, GATE_INTERRUPT);
    gate_set(18, entry_fatal, 4, GATE_INTERRUPT);
    gate_set(VECTOR_TIMER, entry_timer, 0, GATE_INTERRUPT);
    gate_set(VECTOR_CORE, entry_core, 0, GATE_INTERRUPT);
}

static void tables_load(struct core *core) {
    struct arch_core *arch = &core->arch;
    uint64_t task = (uint64_t)&arch->task;
    uint64_t limit = sizeof arch->task - 1;
    arch->gdt[1] = 0x00af9b000000ffff;
    arch->gdt[2] = 0x00cf93000000ffff;
    arch->gdt[3] = 0x00cff3000000ffff;
    arch->gdt[4] = 0x00affb000000ffff;
    arch->gdt[5] = limit | (task & 0xffffff) << 16 | 0x89ull << 40 | (task >> 24 & 0xff) << 56;
    arch->gdt[6] = task >> 32;
    for (uint32_t i = 0; i < 4; i++) {
        arch->task.interrupt_stack[i] = (uint64_t)(&arch->interrupt_stacks[i] + 1);
    }
    arch->task.ports = sizeof arch->task; /* no port bitmap: users have none */
    struct __attribute__((packed)) {
        uint16_t limit;
        uint64_t base;
    } gdt = {sizeof arch->gdt - 1, (uint64_t)arch->gdt}, idt = {sizeof gates - 1, (uint64_t)gates};
    __asm__ volatile("lgdt %0; lidt %1; ltr %w2"
                     :
                     : "m"(gdt), "m"(idt), "r"(SELECTOR_TASK));
    /* Kernel code keeps its selector value, so only the data segments are loaded. */
    __asm__ volatile("mov %0, %%ss" : : "r"(SELECTOR_KERNEL_DATA));
    __asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs" : : "r"(0));
}

static void protection_start(void) {
    uint32_t a = 7, b, c = 0, d;
    uint64_t cr4 = CR4_BASE | CR4_FSGSBASE | CR4_OSXSAVE;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    cr4 |= b & 1u << 7 ? CR4_SMEP : 0;
    cr4 |= b & 1u << 20 ? CR4_SMAP : 0;
    cr4 |= c & 1u << 2 ? CR4_UMIP : 0;
    __asm__ volatile("mov %0, %%cr0" : : "r"((uint64_t)CR0_BITS));
    __asm__ volatile("mov %0, %%cr4" : : "r"(cr4));
    /* AVX only where there is any. */
    a = 1;
    c = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    uint32_t features = c & 1u << 28 ? VECTOR_STATE_MASK : 3;
    __asm__ volatile("xsetbv" : : "c"(0), "a"(features), "d"(0));
    __asm__ volatile("fninit");
}

void arch_core_start(struct core *core) {
    if (core == &boot_core)
        gates_start(); /* for all, and others may be using them already */
    tables_load(core);
    protection_start();
    write_msr(MSR_GS_BASE, (uint64_t)core);
    write_msr(MSR_KERNEL_GS_BASE, 0);
    write_msr(MSR_FS_BASE, 0);
    /* SYSRET loads cs = base + 16, ss = base + 8 of the upper half, SYSCALL cs of the lower. */
    write_msr(MSR_STAR, (uint64_t)(SELECTOR_USER_DATA - 8) << 48 |
                            (uint64_t)SELECTOR_KERNEL_CODE << 32);
    write_msr(MSR_LSTAR, (uint64_t)entry_syscall);
    write_msr(MSR_FMASK, FLAG_MASK);
    local_start(core);
}
