/* SPDX-License-Identifier: MIT */
/*
 * What a core is told once: where traps go, what users may read, and the table of calls as the entry
 * code wants it. (This processor has no descriptors; the file has the name of its twin.)
 */
#include "arch.h"
#include "call.h"
#include "capability.h"
#include "core.h"
#include "portal.h"
#include "processor.h"
#include "thread.h"

#define USERS_READ_COUNTERS 7u /* cycle, time, instret */
#define INTERRUPTS (1ull << INTERRUPT_TIMER | 1ull << INTERRUPT_EXTERNAL)
#define KIND_SHORT_CALL (-2)
#define KIND_SHORT_REPLY (-1)
#define KIND_UNUSUAL 0x7ffe /* no slot has it */

extern uint8_t entry_trap[], boot_stack_top[];

/* What sscratch names until there is a thread: where the registers of a fault at boot are stored. */
static struct thread boot_thread;

_Static_assert(EXO_CALL_COUNT <= ARCH_TABLE_CALLS, "entry.S masks the number");
_Static_assert(EXO_CALL_TAG >> 15 == 1, "entry.S takes a positive word for a foreign one");

static int16_t kind_of(uint32_t number) {
    if (number >= EXO_CALL_COUNT)
        return KIND_UNUSUAL;
    if (number == EXO_CALL_PORTAL_CALL)
        return KIND_SHORT_CALL;
    if (number == EXO_CALL_PORTAL_REPLY)
        return KIND_SHORT_REPLY;
    if (call_table[number].kind == CALL_OBJECT_NONE)
        return 0;
    return call_table[number].kind == CALL_OBJECT_ANY ? KIND_UNUSUAL
                                                      : (int16_t)call_table[number].kind;
}

static void calls_start(struct arch_core *arch) {
    for (uint32_t i = 0; i < ARCH_TABLE_CALLS; i++) {
        arch->calls[i].kind = kind_of(i);
        if (i < EXO_CALL_COUNT) {
            arch->calls[i].handler = (void *)call_table[i].handler;
            arch->calls[i].rights = call_table[i].rights;
            arch->calls[i].gas = call_table[i].gas;
        }
    }
    arch->call_tag = (uint64_t)EXO_CALL_TAG << 10;
    arch->standing_serving = (THREAD_READY | 1u << 16) + 0x100;
}

void arch_core_start(struct core *core) {
    core->arch.satp_mode = machine.satp_mode;
    core->arch.number_offset = 8ull * core->number;
    core->kernel_stack = (uint64_t)boot_stack_top;
    calls_start(&core->arch);
    boot_thread.core = core;
    __asm__ volatile("mv tp, %0" : : "r"(core));
    __asm__ volatile("csrw sscratch, %0" : : "r"(&boot_thread));
    __asm__ volatile("csrw stvec, %0" : : "r"(entry_trap));
    __asm__ volatile("csrw scounteren, %0" : : "r"(USERS_READ_COUNTERS));
    __asm__ volatile("csrc sstatus, %0"
                     :
                     : "r"(STATUS_PREVIOUS_KERNEL | STATUS_USER_ACCESS | STATUS_FLOAT |
                           STATUS_VECTOR));
    __asm__ volatile("csrw sie, %0" : : "r"(INTERRUPTS));
}
