/* SPDX-License-Identifier: MIT */
/* What the assembly of this architecture knows of C structures; see common.h. */
#include "common.h"
#include "processor.h"

#define REGISTER(member) (offsetof(struct thread, registers) + offsetof(struct registers, member))

void offsets(void);

void offsets(void)
{
    common_offsets();
    DEFINE(CORE_CURRENT, offsetof(struct core, current));
    DEFINE(CORE_USER_STACK, offsetof(struct core, user_stack));
    DEFINE(CORE_KERNEL_STACK, offsetof(struct core, kernel_stack));
    DEFINE(CORE_CHARGE, offsetof(struct core, charge));
    DEFINE(CORE_SLOW, offsetof(struct core, slow));
    DEFINE(CORE_NUMBER, offsetof(struct core, number));
    DEFINE(CORE_SLOT_ROOT, offsetof(struct core, slot_root));
    DEFINE(CORE_ROOT, offsetof(struct core, arch.root_current));
    DEFINE(CORE_STACK0, offsetof(struct core, arch.task.stack0));
    DEFINE(CORE_SWITCHES, offsetof(struct core, counters) + 8 * EXO_COUNTER_SPACE_SWITCHES);
    DEFINE(CORE_CALLS, offsetof(struct core, counters) + 8 * EXO_COUNTER_PORTAL_CALLS);

    DEFINE(THREAD_REGISTERS, offsetof(struct thread, registers));
    DEFINE(THREAD_END, offsetof(struct thread, registers) + sizeof(struct registers));
    DEFINE(THREAD_WORDS, REGISTER(words));
    DEFINE(THREAD_STATUS, REGISTER(status));
    DEFINE(THREAD_SAVED, REGISTER(saved));
    DEFINE(THREAD_INSTRUCTION, REGISTER(instruction));
    DEFINE(THREAD_FLAGS, REGISTER(flags));
    DEFINE(THREAD_STACK, REGISTER(stack));
    DEFINE(THREAD_STANDING, offsetof(struct thread, standing));
    DEFINE(THREAD_DEPTH, offsetof(struct thread, depth));
    DEFINE(THREAD_ATTENTION, offsetof(struct thread, attention));
    DEFINE(THREAD_HOME, offsetof(struct thread, home));
    DEFINE(THREAD_CALLER, offsetof(struct thread, caller));
    DEFINE(THREAD_CALLEE, offsetof(struct thread, callee));
    DEFINE(THREAD_PORTAL, offsetof(struct thread, portal));
    DEFINE(THREAD_QUEUE_NEXT, offsetof(struct thread, queue_next));
    DEFINE(THREAD_QUEUE_PREVIOUS, offsetof(struct thread, queue_previous));
    DEFINE(THREAD_DEADLINE, offsetof(struct thread, deadline));
    DEFINE(THREAD_CALLS, offsetof(struct thread, calls));
    DEFINE(THREAD_HEAP_INDEX, offsetof(struct thread, heap_index));

    DEFINE(STANDING_SERVING, THREAD_READY | 1 << 16);
    DEFINE(KIND_NONE, CALL_OBJECT_NONE);
    DEFINE(KIND_CALLABLE, EXO_OBJECT_KIND_PORTAL | EXO_RIGHT_CALL << 16);
    DEFINE(TAG, EXO_CALL_TAG);
    DEFINE(NUMBER_COUNT, EXO_CALL_COUNT);
    DEFINE(NUMBER_CALL, EXO_CALL_PORTAL_CALL);
    DEFINE(NUMBER_REPLY, EXO_CALL_PORTAL_REPLY);
    DEFINE(GAS_CALL, EXO_CALL_PORTAL_CALL_GAS_UNITS);
    DEFINE(GAS_REPLY, EXO_CALL_PORTAL_REPLY_GAS_UNITS);
    DEFINE(TIMER_VECTOR, VECTOR_TIMER);
    DEFINE(LOCAL_PAGE, (int)(LOCAL_CONTROLLER >> PAGE_SHIFT));
    DEFINE(DIRECT_MAP_HIGH, (int)(DIRECT_MAP >> 32));
    DEFINE(LOCAL_END_OFFSET, LOCAL_END);
    DEFINE(VECTOR_MASK, VECTOR_STATE_MASK);
}
