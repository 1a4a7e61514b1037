/* SPDX-License-Identifier: MIT */
/* What the files of this folder share. (The RISC-V Instruction Set Manual, volume II, 4.1; RISC-V
   Supervisor Binary Interface Specification.) */
#pragma once

#define STATUS_PREVIOUS_KERNEL 0x100
#define STATUS_USER_ACCESS 0x40000
#define STATUS_FLOAT 0x6000 /* 0 off, 0x2000 initial, 0x4000 clean, 0x6000 dirty */
#define STATUS_FLOAT_CLEAN 0x4000
#define STATUS_VECTOR 0x600 /* off for ever: nobody saves it */

#define CAUSE_ILLEGAL 2
#define CAUSE_CALL 8
#define CAUSE_FETCH_PAGE 12
#define CAUSE_STORE_PAGE 15
#define INTERRUPT_SOFTWARE 1 /* from another core */
#define INTERRUPT_TIMER 5
#define INTERRUPT_EXTERNAL 9

#define SATP_SV39 (8ull << 60)
#define SATP_SV48 (9ull << 60)

#ifndef __ASSEMBLER__

/* Around loads and stores of user memory: a fault continues at the label 9 that the user of these
   defines, in kernel mode still, as if by a jump. t0 is lost, and after a fault sepc, too. */
#define USER_ACCESS_BEGIN                                                                          \
    "la t0, 9f; csrw stvec, t0\n"                                                                  \
    "lui t0, 0x40; csrs sstatus, t0\n"
#define USER_ACCESS_END                                                                            \
    "lui t0, 0x40; csrc sstatus, t0\n"                                                             \
    "ld t0, %[trap](tp); csrw stvec, t0\n"
#define USER_ACCESS_FAILED                                                                         \
    "li t0, 0x40100; csrc sstatus, t0\n"                                                           \
    "la t0, entry_trap; csrw stvec, t0\n"

struct arch_thread;

#define FIRMWARE_CONSOLE_PUT 1
#define FIRMWARE_TIME 0x54494d45u
#define FIRMWARE_HART 0x48534du
#define FIRMWARE_INTERRUPT 0x735049u
#define FIRMWARE_RESET 0x53525354u

/* Call the machine-mode firmware, which keeps all but a0 and a1; a6 is the user's (see entry.S).
   Answers 0, or an error. */
static inline uint64_t firmware_call(uint64_t extension, uint64_t function, uint64_t word0,
                                     uint64_t word1, uint64_t word2) {
    register uint64_t a0 __asm__("a0") = word0;
    register uint64_t a1 __asm__("a1") = word1;
    register uint64_t a2 __asm__("a2") = word2;
    register uint64_t a7 __asm__("a7") = extension;
    __asm__ volatile("mv t0, a6; mv a6, %[function]; ecall; mv a6, t0"
                     : "+r"(a0), "+r"(a1)
                     : [function] "r"(function), "r"(a2), "r"(a7)
                     : "t0", "memory");
    return a0;
}

/* Interrupt this core once at `deadline` ticks; what was due before no longer is. */
static inline void timer_set(bool is_own, uint64_t deadline) {
    if (__builtin_expect(is_own, 1))
        __asm__ volatile("csrw 0x14d, %0" : : "r"(deadline)); /* stimecmp */
    else
        firmware_call(FIRMWARE_TIME, 0, deadline, 0, 0);
}

void float_store(struct arch_thread *thread);
void float_load(const struct arch_thread *thread); /* and switch it on */
void interrupt_external(void);                     /* handle the lines that are pending */

/* What start_information.c found in the device tree. */
struct machine_description {
    uint64_t ticks_per_second;
    uint64_t plic;         /* physical address */
    uint64_t plic_context; /* of supervisor mode on the boot hart */
    uint64_t software;     /* physical address of a word for each hart, to interrupt it; 0: none */
    uint64_t satp_mode; /* Sv39 or Sv48, as in satp */
    bool timer_is_own;
    uint64_t exit_device;  /* physical address of QEMU's sifive_test; 0: there is none */
};
extern struct machine_description machine;
extern uint64_t boot_hart; /* the number of the first core */

#endif
