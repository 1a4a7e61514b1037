/* SPDX-License-Identifier: MIT */
#include "kernel.h"

#define REGISTER_COUNT (EXO_THREAD_REGISTER_STOP_REASON + 1)

struct thread *thread_create(void *memory, struct domain *home, struct label_range label) {
    struct thread *thread = memory;
    object_start(&thread->object, EXO_OBJECT_KIND_THREAD, label);
    thread->state = THREAD_STOPPED;
    thread->cpu_index = THREAD_UNBOUND;
    thread->home = home;
    thread->upcall_slot = EXO_NONE;
    thread->exit_slot = EXO_NONE;
    list_add(home->threads, thread, home_next, home_previous);
    arch_thread_prepare(thread);
    return thread;
}

void thread_attend(struct thread *thread, uint8_t attention) {
    thread->attention |= attention;
    if (thread->core != NULL && thread->core->current == thread)
        thread->core->slow = 1;
}

void thread_ready(struct thread *thread) {
    thread->state = THREAD_READY;
    cpu_thread_ready(thread);
}

void thread_unblock(struct thread *thread, enum exo_status status) {
    switch (thread->state) {
    case THREAD_WAITING:
        event_leave(thread->event, thread);
        thread->registers.words[0] = 0;
        break;
    case THREAD_QUEUED:
        portal_queue_leave(thread);
        break;
    case THREAD_CALLING:
        portal_detach(thread, status);
        return;
    case THREAD_IDLE:
        portal_leave(thread);
        break;
    default:
        return;
    }
    deadline_disarm(thread);
    thread->registers.status = status;
    thread_ready(thread);
}

void thread_stop_now(struct thread *thread, enum exo_stop_reason reason) {
    if (thread->state == THREAD_STOPPED)
        return;
    thread_unblock(thread, EXO_STATUS_CANCELLED);
    if (thread->serving || thread->portal != NULL)
        portal_leave(thread);
    thread->state = THREAD_STOPPED;
    thread->stop_reason = (uint8_t)reason;
    cpu_thread_blocked(thread);
    struct core *core = thread->core;
    if (core != NULL && core->current == thread)
        cpu_reschedule(core);
}

void thread_exit(struct thread *thread, enum exo_stop_reason reason) {
    struct domain *home = thread->home;
    thread_stop_now(thread, reason);
    if (home == NULL)
        return;
    struct slot *slot =
        slot_find(home, thread->exit_slot, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_SIGNAL);
    if (slot != NULL)
        event_raise((struct event *)slot->object, slot->badge);
}

struct thread *thread_tail(struct thread *thread) {
    while (thread->state == THREAD_CALLING) {
        assert(thread->callee != NULL);
        thread = thread->callee;
    }
    return thread;
}

static void home_unlink(struct thread *thread) {
    if (thread->home == NULL)
        return;
    /* It was stopped before, but has been attached since. */
    if (thread->portal != NULL)
        portal_leave(thread);
    list_remove(thread->home->threads, thread, home_next, home_previous);
    thread->home = NULL;
}

/* Its core does nothing with it from here on. */
static void own(struct thread *thread) {
    if (thread->core != NULL)
        core_own(thread->core);
}

bool thread_leave_home(struct thread *thread, uint32_t *budget) {
    own(thread);
    thread_stop_now(thread, EXO_STOP_REASON_DOMAIN_ENDED);
    if (!object_tell(&thread->object, budget))
        return false;
    home_unlink(thread);
    return true;
}

bool thread_reap(struct thread *thread) {
    own(thread);
    thread_stop_now(thread, EXO_STOP_REASON_REQUESTED);
    if (thread->upcall_event != NULL)
        event_upcall_bind(thread->upcall_event, NULL);
    if (thread->revoking != NULL)
        thread->revoking->revoker = NULL;
    home_unlink(thread);
    cpu_thread_remove(thread);
    object_free(&thread->object);
    return true;
}

bool thread_check(const struct thread *thread) {
    if (thread->core != NULL && thread->home != NULL &&
        (thread->home->cores >> thread->core->number & 1) == 0) {
        return false;
    }
    if (thread->state == THREAD_CALLING && thread->callee->caller != thread)
        return false;
    if (thread->caller != NULL && thread->caller->callee != thread)
        return false;
    return thread->caller == NULL || thread->serving;
}

/* Registers that only the kernel interprets: the thread has them in the order of enum
   exo_thread_register. NULL: read only. */
static uint64_t *register_field(struct thread *thread, uint64_t index) {
    uint64_t place = index - EXO_THREAD_REGISTER_FAULT_ENTRY;
    _Static_assert(offsetof(struct thread, receive_count) ==
                       offsetof(struct thread, fault_entry) + 8 *
                           (EXO_THREAD_REGISTER_STOP_REASON - 1 - EXO_THREAD_REGISTER_FAULT_ENTRY),
                   "one member for each register");
    return index < EXO_THREAD_REGISTER_STOP_REASON ? &thread->fault_entry + place : NULL;
}

/* Bind the Event whose bits start the event upcall. */
static bool register_upcall_event(struct thread *thread, uint64_t slot_index) {
    struct event *event = NULL;
    if (slot_index != EXO_NONE) {
        struct slot *slot =
            slot_find(thread->home, slot_index, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_WAIT);
        if (slot == NULL || slot->badge != ~0ull)
            return false;
        event = (struct event *)slot->object;
        if (thread->core == NULL || (event->core != thread->core &&
                                     event_move(event, thread->core) != EXO_STATUS_OK) ||
            (event->upcall != NULL && event->upcall != thread)) {
            return false;
        }
    }
    if (thread->upcall_event != NULL)
        event_upcall_bind(thread->upcall_event, NULL);
    if (event != NULL)
        event_upcall_bind(event, thread);
    thread->upcall_slot = slot_index;
    return true;
}

static bool register_write(struct thread *thread, uint64_t index, uint64_t value) {
    if (index < EXO_THREAD_REGISTER_FAULT_ENTRY)
        return arch_register_write(thread, index, value);
    if (index <= EXO_THREAD_REGISTER_UPCALL_MASK && value != 0 &&
        (value < USER_LOW || value > USER_HIGH)) {
        return false; /* all up to that one are addresses */
    }
    if (index == EXO_THREAD_REGISTER_UPCALL_EVENT)
        return register_upcall_event(thread, value);
    uint64_t *field = register_field(thread, index);
    if (field != NULL)
        *field = value;
    return field != NULL || index == EXO_THREAD_REGISTER_STOP_REASON;
}

static uint64_t register_read(struct thread *thread, uint64_t index) {
    if (index < EXO_THREAD_REGISTER_FAULT_ENTRY)
        return arch_register_read(thread, index);
    const uint64_t *field = register_field(thread, index);
    return field != NULL ? *field : thread->stop_reason;
}

/* A Thread's own entry points and receive slots may be set by itself while it runs. */
static bool registers_accessible(const struct thread *caller, const struct thread *thread,
                                 uint64_t first) {
    return thread->state == THREAD_STOPPED ||
           (thread == caller && first >= EXO_THREAD_REGISTER_FAULT_ENTRY);
}

enum exo_status thread_write(struct thread *caller, struct slot *slot,
                             const struct thread_write_args *args) {
    struct thread *thread = (struct thread *)slot->object;
    uint64_t values[REGISTER_COUNT];
    if (args->count == 0 || args->first >= REGISTER_COUNT ||
        args->count > REGISTER_COUNT - args->first || thread->home == NULL ||
        !arch_copy_from_user(values, args->address, args->count * sizeof values[0])) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    own(thread);
    if (!registers_accessible(caller, thread, args->first))
        return EXO_STATUS_BUSY;
    for (uint64_t i = 0; i < args->count; i++) {
        if (!register_write(thread, args->first + i, values[i]))
            return EXO_STATUS_BAD_ARGUMENT;
    }
    return EXO_STATUS_OK;
}

enum exo_status thread_read(struct thread *caller, struct slot *slot,
                            const struct thread_read_args *args) {
    struct thread *thread = (struct thread *)slot->object;
    uint64_t values[REGISTER_COUNT];
    if (args->count == 0 || args->first >= REGISTER_COUNT ||
        args->count > REGISTER_COUNT - args->first) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    own(thread);
    if (!registers_accessible(caller, thread, args->first))
        return EXO_STATUS_BUSY;
    for (uint64_t i = 0; i < args->count; i++)
        values[i] = register_read(thread, args->first + i);
    return arch_copy_to_user(args->address, values, args->count * sizeof values[0])
               ? EXO_STATUS_OK
               : EXO_STATUS_BAD_ARGUMENT;
}

enum exo_status thread_start(struct thread *caller, struct slot *slot) {
    (void)caller;
    struct thread *thread = (struct thread *)slot->object;
    /* A home that was never mapped anything has no address space to switch to. */
    if (thread->state != THREAD_STOPPED || thread->home == NULL || thread->core == NULL ||
        thread->home->root == 0) {
        return EXO_STATUS_CONFLICT;
    }
    own(thread);
    thread->stop_reason = EXO_STOP_REASON_NONE;
    thread_ready(thread);
    return EXO_STATUS_OK;
}

enum exo_status thread_stop(struct thread *caller, struct slot *slot) {
    struct thread *thread = (struct thread *)slot->object;
    /* It may be the caller itself, which finds its answer when it is started again. */
    caller->registers.status = EXO_STATUS_OK;
    own(thread);
    thread_stop_now(thread, EXO_STOP_REASON_REQUESTED);
    return EXO_STATUS_OK;
}

enum exo_status thread_yield(struct thread *caller, struct slot *slot) {
    struct thread *thread = (struct thread *)slot->object;
    if (thread->core != caller->core)
        return EXO_STATUS_BAD_ARGUMENT;
    struct thread *tail = thread->state == THREAD_CALLING ? thread_tail(thread) : thread;
    if (tail->state != THREAD_READY)
        return EXO_STATUS_BUSY;
    if (tail != caller)
        cpu_yield(caller->core, thread, tail);
    return EXO_STATUS_OK;
}
