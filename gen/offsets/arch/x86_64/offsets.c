/* SPDX-License-Identifier: MIT */
/* Compiled to assembly only: each line `->NAME value` becomes a #define for the .S files. */
#include "kernel.h"
#include "processor.h"

#define DEFINE(name, value) __asm__ volatile("\n->" #name " %c0" : : "i"(value))
#define REGISTER(member) (offsetof(struct thread, registers) + offsetof(struct registers, member))

void offsets(void);

void offsets(void) {
    DEFINE(CORE_CURRENT, offsetof(struct core, current));
    DEFINE(CORE_USER_STACK, offsetof(struct core, user_stack));
    DEFINE(CORE_KERNEL_STACK, offsetof(struct core, kernel_stack));
    DEFINE(CORE_CHARGE, offsetof(struct core, charge));
    DEFINE(CORE_SLOW, offsetof(struct core, slow));
    DEFINE(CORE_NUMBER, offsetof(struct core, number));
    DEFINE(CORE_SLOT_ROOT, offsetof(struct core, slot_root));
    DEFINE(CORE_ROOT, offsetof(struct core, arch.root_current));
    DEFINE(CORE_STACK0, offsetof(struct core, arch.task.stack0));
    DEFINE(CORE_ENTRIES, offsetof(struct core, counters) + 8 * EXO_COUNTER_KERNEL_ENTRIES);
    DEFINE(CORE_SWITCHES, offsetof(struct core, counters) + 8 * EXO_COUNTER_SPACE_SWITCHES);
    DEFINE(CORE_CALLS, offsetof(struct core, counters) + 8 * EXO_COUNTER_PORTAL_CALLS);

    DEFINE(OBJECT_STATE, offsetof(struct object, state));
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

    DEFINE(CALL_KIND, offsetof(struct call_entry, kind));
    DEFINE(CALL_RIGHTS, offsetof(struct call_entry, rights));
    DEFINE(CALL_GAS, offsetof(struct call_entry, gas));
    DEFINE(STANDING_READY, THREAD_READY);
    DEFINE(STANDING_SERVING, THREAD_READY | 1 << 16);
    DEFINE(STANDING_CALLING, THREAD_CALLING);
    DEFINE(STANDING_IDLE, THREAD_IDLE);
    DEFINE(DEPTH_MAX, CALL_DEPTH_MAX);
    DEFINE(KIND_NONE, CALL_OBJECT_NONE);
    DEFINE(KIND_DOMAIN, EXO_OBJECT_KIND_DOMAIN);
    DEFINE(KIND_CALLABLE, EXO_OBJECT_KIND_PORTAL | EXO_RIGHT_CALL << 16);
    DEFINE(SELF, (int)EXO_SELF);
    DEFINE(TAG, EXO_CALL_TAG);
    DEFINE(NUMBER_COUNT, EXO_CALL_COUNT);
    DEFINE(NUMBER_CALL, EXO_CALL_PORTAL_CALL);
    DEFINE(NUMBER_REPLY, EXO_CALL_PORTAL_REPLY);
    DEFINE(GAS_CALL, EXO_CALL_PORTAL_CALL_GAS_UNITS);
    DEFINE(GAS_REPLY, EXO_CALL_PORTAL_REPLY_GAS_UNITS);
    DEFINE(TIMER_VECTOR, VECTOR_TIMER);
    DEFINE(VECTOR_MASK, VECTOR_STATE_MASK);
}
