/* SPDX-License-Identifier: MIT */
/* What a core is told once: what users may read, and the table of calls as entry code wants it.
   (This processor has no descriptors; the file has the name of its twin.) */
#include "kernel.h"
#include "processor.h"

#define USERS_READ_COUNTERS 7u /* cycle, time, instret */
#define INTERRUPTS                                                                                 \
    (1ull << INTERRUPT_SOFTWARE | 1ull << INTERRUPT_TIMER | 1ull << INTERRUPT_EXTERNAL)
#define KIND_SHORT (-1)
#define KIND_UNUSUAL 0x7ffe /* no slot has it */

extern uint8_t entry_trap[], upcall_return_fault[];
extern uint8_t portal_call_short[], portal_reply_short[], upcall_return_short[];

_Static_assert(EXO_CALL_COUNT <= ARCH_TABLE_CALLS, "entry.S masks the number");
_Static_assert(EXO_CALL_TAG >> 15 == 1, "entry.S takes a positive word for a foreign one");

static void short_way(struct arch_core *arch, uint32_t number, void *handler) {
    arch->calls[number].kind = KIND_SHORT;
    arch->calls[number].handler = handler;
}

static void calls_start(struct arch_core *arch) {
    for (uint32_t i = 0; i < ARCH_TABLE_CALLS; i++) {
        arch->calls[i].kind = KIND_UNUSUAL;
        if (i >= EXO_CALL_COUNT)
            continue;
        uint16_t kind = call_table[i].kind == CALL_OBJECT_NONE ? 0 : call_table[i].kind;
        arch->calls[i].handler = (void *)call_table[i].handler;
        arch->calls[i].kind = kind == CALL_OBJECT_ANY ? KIND_UNUSUAL : (int16_t)kind;
        arch->calls[i].rights = call_table[i].rights;
        arch->calls[i].gas = call_table[i].gas;
    }
    short_way(arch, EXO_CALL_PORTAL_CALL, portal_call_short);
    short_way(arch, EXO_CALL_PORTAL_REPLY, portal_reply_short);
    short_way(arch, EXO_CALL_UPCALL_RETURN, upcall_return_short);
    arch->entry_trap = entry_trap;
    arch->upcall_failed = upcall_return_fault;
    arch->upcall_return = ((uint64_t)EXO_CALL_TAG << 16 | EXO_CALL_UPCALL_RETURN) << 32;
    arch->call_tag = (uint64_t)EXO_CALL_TAG << 10;
    arch->standing_serving = (THREAD_READY | 1u << 16) + 0x100;
}

void arch_core_fold(struct core *core) {
    struct arch_core *arch = &core->arch;
    uint64_t transfers = arch->short_calls + arch->short_replies;
    if ((transfers | arch->short_returns) == 0)
        return;
    core->charge += arch->short_calls * EXO_CALL_PORTAL_CALL_GAS_UNITS +
                    arch->short_replies * EXO_CALL_PORTAL_REPLY_GAS_UNITS +
                    arch->short_returns * EXO_CALL_UPCALL_RETURN_GAS_UNITS;
    core->counters[EXO_COUNTER_KERNEL_ENTRIES] += transfers + arch->short_returns;
    core->counters[EXO_COUNTER_SPACE_SWITCHES] += transfers - arch->short_same;
    core->counters[EXO_COUNTER_PORTAL_CALLS] += arch->short_calls;
    arch->short_calls = arch->short_replies = arch->short_same = 0;
    arch->short_returns = 0;
}

void arch_core_start(struct core *core) {
    core->arch.timer_is_own = machine.timer_is_own;
    core->arch.number_offset = 8ull * core->number;
    calls_start(&core->arch);
    core_register = core;
    __asm__ volatile("csrw scounteren, %0" : : "r"(USERS_READ_COUNTERS));
    uint64_t off = STATUS_PREVIOUS_KERNEL | STATUS_USER_ACCESS | STATUS_FLOAT | STATUS_VECTOR;
    __asm__ volatile("csrc sstatus, %0" : : "r"(off));
    timer_set(core->arch.timer_is_own, ~0ull);
    __asm__ volatile("csrw sie, %0" : : "r"(INTERRUPTS));
}
