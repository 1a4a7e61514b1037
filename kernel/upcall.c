/* SPDX-License-Identifier: MIT */
#include "kernel.h"
#include "arch_thread.h"

/* Where the frame goes: below the stack pointer when that is inside the upcall stack (nested),
   otherwise at its top. Not inside the bounds (which are user addresses) when it does not fit. */
static inline uint64_t frame_address(const struct thread *thread) {
    uint64_t low = thread->upcall_low;
    uint64_t top = thread->upcall_high;
    uint64_t stack = thread->registers.stack;
    if (stack - low - 1 < top - low)
        top = stack - ARCH_RED_ZONE;
    return (top & ~15ull) - ARCH_UPCALL_FRAME_BYTES;
}

/* False when the frame could not be written: the thread is stopped. */
static inline bool upcall_start(struct thread *thread, uint64_t entry, uint64_t cause,
                                uint64_t address, uint64_t error) {
    uint64_t at = frame_address(thread);
    if (__builtin_expect(at < thread->upcall_low, 0) ||
        __builtin_expect(at >= thread->upcall_high, 0) ||
        __builtin_expect(!arch_upcall_push(thread, at, cause, address, error), 0)) {
        thread_exit(thread, EXO_STOP_REASON_UPCALL_STACK);
        return false;
    }
    arch_upcall_enter(thread, entry, at);
    core_count(EXO_COUNTER_UPCALLS);
    return true;
}

void upcall_fault(struct thread *thread, uint64_t error, uint64_t address) {
    if (__builtin_expect(thread->fault_entry == 0, 0)) {
        thread_exit(thread, EXO_STOP_REASON_FAULT);
        return;
    }
    upcall_start(thread, thread->fault_entry, EXO_UPCALL_CAUSE_FAULT, address, error);
}

void upcall_foreign(struct thread *thread, uint64_t word) {
    if (thread->foreign_entry == 0) {
        thread_exit(thread, EXO_STOP_REASON_FOREIGN);
        return;
    }
    upcall_start(thread, thread->foreign_entry, EXO_UPCALL_CAUSE_FOREIGN, word, 0);
}

bool upcall_event(struct thread *thread) {
    struct event *event = thread->upcall_event;
    if (event == NULL || event->pending == 0 || thread->event_entry == 0) {
        thread->attention &= (uint8_t)~ATTENTION_EVENT;
        return true;
    }
    const struct slot *slot =
        slot_find(thread->home, thread->upcall_slot, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_WAIT);
    if (slot == NULL || slot->object != &event->object) {
        event_upcall_bind(event, NULL); /* the capability was taken back */
        return true;
    }
    uint64_t mask = 0;
    if (thread->serving)
        return true; /* after its reply */
    if (thread->upcall_mask != 0 &&
        !arch_copy_from_user(&mask, thread->upcall_mask, sizeof mask)) {
        thread_exit(thread, EXO_STOP_REASON_UPCALL_STACK);
        return false;
    }
    if (mask != 0) {
        core_self()->slow = 1; /* look again at the next entry: the word may be 0 by then */
        return true;
    }
    uint64_t bits = event->pending;
    event->pending = 0;
    thread->attention &= (uint8_t)~ATTENTION_EVENT;
    return upcall_start(thread, thread->event_entry, EXO_UPCALL_CAUSE_EVENT, bits, 0);
}

enum exo_status upcall_return(struct thread *caller, const struct upcall_return_args *args) {
    return arch_upcall_return(caller, args->frame);
}
