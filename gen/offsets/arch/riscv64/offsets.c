/* SPDX-License-Identifier: MIT */
/* What the assembly of this architecture knows of C structures; see common.h. */
#include "common.h"
#include "processor.h"

#define CORE(name, member) DEFINE(CORE_##name, offsetof(struct core, member))
#define THREAD(name, member) DEFINE(THREAD_##name, offsetof(struct thread, member))

_Static_assert(offsetof(struct core, arch.calls) + sizeof((struct core){0}.arch.calls) <= 2048,
               "what entry.S reads has distances of 12 bits");

void offsets(void);

void offsets(void)
{
    common_offsets();
    CORE(CURRENT, current); CORE(KERNEL_STACK, kernel_stack); CORE(CHARGE, charge);
    CORE(HARDWARE, hardware);
    CORE(SLOW, slow); CORE(SLOT_ROOT, slot_root); CORE(ROOT, arch.root_current);
    CORE(CALL_TAG, arch.call_tag); CORE(NUMBER_OFFSET, arch.number_offset);
    CORE(STANDING_SERVING, arch.standing_serving); CORE(CALLS_TABLE, arch.calls);
    CORE(SHORT_CALLS, arch.short_calls); CORE(SHORT_REPLIES, arch.short_replies);
    CORE(SHORT_SAME, arch.short_same); CORE(SHORT_RETURNS, arch.short_returns);
    CORE(ENTRY_TRAP, arch.entry_trap); CORE(UPCALL_FAILED, arch.upcall_failed);
    CORE(UPCALL_RETURN, arch.upcall_return);
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
    DEFINE(CALL_HANDLER, offsetof(struct call_entry, handler));
    DEFINE(KIND_PORTAL, EXO_OBJECT_KIND_PORTAL); DEFINE(RIGHT_CALL, EXO_RIGHT_CALL);
}
