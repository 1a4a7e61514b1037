/* SPDX-License-Identifier: MIT */
/* Compiled to assembly only: each line `->NAME value` becomes a #define for the .S files. */
#include "kernel.h"
#include "processor.h"

#define DEFINE(name, value) __asm__ volatile("\n->" #name " %c0" : : "i"(value))
#define CORE(name, member) DEFINE(CORE_##name, offsetof(struct core, member))
#define THREAD(name, member) DEFINE(THREAD_##name, offsetof(struct thread, member))

_Static_assert(offsetof(struct core, arch.calls) + sizeof((struct core){0}.arch.calls) <= 2048,
               "what entry.S reads has distances of 12 bits");

void offsets(void);

void offsets(void) {
    CORE(CURRENT, current); CORE(KERNEL_STACK, kernel_stack); CORE(CHARGE, charge);
    CORE(SLOW, slow); CORE(SLOT_ROOT, slot_root); CORE(ROOT, arch.root_current);
    CORE(CALL_TAG, arch.call_tag); CORE(NUMBER_OFFSET, arch.number_offset);
    CORE(STANDING_SERVING, arch.standing_serving); CORE(CALLS_TABLE, arch.calls);
    DEFINE(CORE_ENTRIES, offsetof(struct core, counters) + 8 * EXO_COUNTER_KERNEL_ENTRIES);
    CORE(SHORT_CALLS, arch.short_calls); CORE(SHORT_REPLIES, arch.short_replies);
    CORE(SHORT_SAME, arch.short_same); CORE(SHORT_RETURNS, arch.short_returns);
    CORE(ENTRY_TRAP, arch.entry_trap); CORE(UPCALL_FAILED, arch.upcall_failed);
    CORE(UPCALL_RETURN, arch.upcall_return);
    DEFINE(OBJECT_STATE, offsetof(struct object, state));
    THREAD(WORDS, registers.words);
    THREAD(STATUS, registers.status); THREAD(SAVED, registers.saved);
    THREAD(SCRATCH, registers.scratch); THREAD(INSTRUCTION, registers.instruction);
    THREAD(STACK, registers.stack); THREAD(RETURN, registers.return_address);
    THREAD(OTHERS, registers.others); THREAD(TLS, registers.tls_base);
    THREAD(TLS2, registers.tls_base2); THREAD(FLOAT, arch.float_valid); THREAD(STANDING, standing);
    THREAD(DEPTH, depth); THREAD(ATTENTION, attention); THREAD(CORE, core); THREAD(HOME, home);
    THREAD(CALLER, caller); THREAD(CALLEE, callee); THREAD(PORTAL, portal);
    THREAD(QUEUE_NEXT, queue_next); THREAD(QUEUE_PREVIOUS, queue_previous);
    THREAD(DEADLINE, deadline); THREAD(CALLS, calls); THREAD(HEAP_INDEX, heap_index);
    DEFINE(DOMAIN_ROOT, offsetof(struct domain, root));
    DEFINE(DOMAIN_SLOTS, offsetof(struct domain, slots));
    DEFINE(DOMAIN_SLOT_COUNT, offsetof(struct domain, slot_count));
    DEFINE(DOMAIN_GAS, offsetof(struct domain, gas));
    DEFINE(GAS_BALANCE, offsetof(struct gas, balance));
    DEFINE(SLOT_KIND, offsetof(struct slot, kind));
    DEFINE(SLOT_RIGHTS, offsetof(struct slot, rights));
    DEFINE(SLOT_OBJECT, offsetof(struct slot, object));
    DEFINE(SLOT_BADGE, offsetof(struct slot, badge));
    DEFINE(PORTAL_GAS, offsetof(struct portal, gas_minimum));
    DEFINE(PORTAL_IDLE, offsetof(struct portal, idle));
    DEFINE(PORTAL_QUEUE, offsetof(struct portal, queue_first));
    DEFINE(CALL_HANDLER, offsetof(struct call_entry, handler));
    DEFINE(CALL_KIND, offsetof(struct call_entry, kind));
    DEFINE(CALL_RIGHTS, offsetof(struct call_entry, rights));
    DEFINE(CALL_GAS, offsetof(struct call_entry, gas)); DEFINE(STANDING_READY, THREAD_READY);
    DEFINE(STANDING_CALLING, THREAD_CALLING); DEFINE(STANDING_IDLE, THREAD_IDLE);
    DEFINE(DEPTH_MAX, CALL_DEPTH_MAX); DEFINE(KIND_DOMAIN, EXO_OBJECT_KIND_DOMAIN);
    DEFINE(KIND_PORTAL, EXO_OBJECT_KIND_PORTAL); DEFINE(RIGHT_CALL, EXO_RIGHT_CALL);
    DEFINE(SELF, (int)EXO_SELF);
}
