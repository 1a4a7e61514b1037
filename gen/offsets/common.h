/* SPDX-License-Identifier: MIT */
/* Compiled to assembly only: each line `->NAME value` becomes a #define for the .S files. Here is
 * what those of every architecture know. */
#pragma once
#include "kernel.h"

#define DEFINE(name, value) __asm__ volatile("\n->" #name " %c0" : : "i"(value))

static inline void common_offsets(void)
{
    DEFINE(CORE_ENTRIES, offsetof(struct core, counters) + 8 * EXO_COUNTER_KERNEL_ENTRIES);
    DEFINE(OBJECT_STATE, offsetof(struct object, state));
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
    DEFINE(STANDING_CALLING, THREAD_CALLING);
    DEFINE(STANDING_IDLE, THREAD_IDLE);
    DEFINE(DEPTH_MAX, CALL_DEPTH_MAX);
    DEFINE(KIND_DOMAIN, EXO_OBJECT_KIND_DOMAIN);
    DEFINE(SELF, (int)EXO_SELF);
}
