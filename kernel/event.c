/* SPDX-License-Identifier: MIT */
#include "kernel.h"

struct event *event_create(void *memory, struct label_range label) {
    struct event *event = memory;
    object_start(&event->object, EXO_OBJECT_KIND_EVENT, label);
    event->core = core_self();
    return event;
}

void event_leave(struct event *event, struct thread *thread) {
    queue_remove(event->first, event->last, thread, queue_next, queue_previous);
    thread->event = NULL;
}

/* A thread that has left the list gets its bits. */
static inline void event_wake(struct thread *thread, uint64_t taken) {
    thread->registers.words[0] = taken;
    thread->registers.status = EXO_STATUS_OK;
    thread->state = THREAD_READY;
    cpu_thread_ready(thread);
}

static __attribute__((noinline)) uint32_t event_wake_all(struct event *event) {
    struct thread *next;
    uint32_t cost = EVENT_WAITERS_MAX / 16;
    for (struct thread *thread = event->first; thread != NULL && event->pending != 0;
         thread = next) {
        next = thread->queue_next;
        uint64_t taken = event->pending & thread->wait_bits;
        if (taken != 0) {
            event->pending &= ~taken;
            event_leave(event, thread);
            deadline_disarm(thread);
            event_wake(thread, taken);
            cost += 3; /* a heap of deadlines may be deep */
        }
    }
    if (event->upcall != NULL && event->pending != 0)
        thread_attend(event->upcall, ATTENTION_EVENT);
    return cost;
}

static inline uint32_t event_raise_here(struct event *event, uint64_t bits) {
    bits |= event->pending;
    struct thread *thread = event->first;
    /* The usual case: one waits for all of them, without a deadline. */
    if (thread != NULL && thread->queue_next == NULL && (bits & ~thread->wait_bits) == 0 &&
        thread->heap_index == 0) {
        event->pending = 0;
        event->first = NULL;
        event->last = NULL;
        thread->event = NULL;
        event_wake(thread, bits);
        return 1;
    }
    event->pending = bits;
    return event_wake_all(event);
}

uint32_t event_raise(struct event *event, uint64_t bits) {
    return __builtin_expect(event->core == core_self(), 1) ? event_raise_here(event, bits)
                                                           : core_send(event, bits);
}

uint32_t event_mailed(struct event *event, struct core *core) {
    uint64_t bits = __atomic_exchange_n(&event->remote, 0, __ATOMIC_SEQ_CST);
    if (bits == 0)
        return 0; /* they were taken when it came before */
    return event->core == core ? event_raise_here(event, bits)
                               : core_send(event, bits); /* it has moved meanwhile */
}

enum exo_status event_move(struct event *event, struct core *core) {
    core_own(event->core);
    if (event->first != NULL || event->upcall != NULL)
        return event->core == core ? EXO_STATUS_OK : EXO_STATUS_BUSY;
    event->core = core;
    event->moved = 1;
    event->pending |= __atomic_exchange_n(&event->remote, 0, __ATOMIC_SEQ_CST);
    return EXO_STATUS_OK;
}

/* A thread of another core is the first to wait: its core becomes the event's home. */
static __attribute__((noinline)) enum exo_status event_come(struct event *event,
                                                            const struct thread *caller) {
    if (!tree_enter())
        return call_later(caller);
    enum exo_status status = event_move(event, caller->core);
    tree_leave();
    return status == EXO_STATUS_OK ? call_again() : status;
}

void event_upcall_bind(struct event *event, struct thread *thread) {
    if (event->upcall != NULL) {
        event->upcall->upcall_event = NULL;
        event->upcall->attention &= (uint8_t)~ATTENTION_EVENT;
    }
    event->upcall = thread;
    if (thread != NULL) {
        thread->upcall_event = event;
        if (event->pending != 0)
            thread_attend(thread, ATTENTION_EVENT);
    }
}

/* Out of the mail of its home, or of a home before, where nobody puts it any more. */
static bool mail_leave(struct event *event, uint32_t *budget) {
    uint64_t homes = event->moved ? ~0ull : 1ull << event->core->number;
    core_own_mask(homes);
    for (uint32_t i = 0; i < core_count && event->mailed; i++) {
        for (bool none = !(homes >> i & 1); event->mailed && !none; none = core_mail(cores[i])) {
            if (!budget_take(budget, EVENT_WAITERS_MAX))
                return false;
        }
    }
    return !event->mailed;
}

bool event_reap(struct event *event, uint32_t *budget) {
    irq_gone(event, NULL); /* or one might put it into the mail again */
    if (!mail_leave(event, budget))
        return false;
    while (event->first != NULL) {
        if (!budget_take(budget, 8))
            return false;
        thread_unblock(event->first, EXO_STATUS_DISCONNECTED);
    }
    event_upcall_bind(event, NULL);
    object_free(&event->object);
    return true;
}

bool event_check(const struct event *event) {
    uint32_t waiters = 0;
    for (const struct thread *thread = event->first; thread != NULL;
         thread = thread->queue_next) {
        if (thread->state != THREAD_WAITING || thread->event != event ||
            (thread->wait_bits & event->pending) != 0 ||
            (thread->queue_next == NULL) != (event->last == thread)) {
            return false;
        }
        waiters++;
    }
    return waiters <= EVENT_WAITERS_MAX;
}

enum exo_status event_signal(struct thread *caller, struct slot *slot) {
    (void)caller;
    event_raise((struct event *)slot->object, slot->badge);
    return EXO_STATUS_OK;
}

enum exo_status event_wait(struct thread *caller, struct slot *slot,
                           const struct event_wait_args *args,
                           struct event_wait_results *results) {
    struct event *event = (struct event *)slot->object;
    uint64_t deadline = args->deadline;
    if (__builtin_expect(event->core != caller->core, 0))
        return event_come(event, caller);
    uint64_t taken = event->pending & slot->badge;
    results->bits = taken;
    if (taken != 0) {
        event->pending &= ~taken;
        return EXO_STATUS_OK;
    }
    if (deadline == 0)
        return EXO_STATUS_DEADLINE;
    uint32_t waiters = 0;
    for (const struct thread *other = event->first; other != NULL; other = other->queue_next)
        waiters++;
    if (waiters == EVENT_WAITERS_MAX)
        return EXO_STATUS_FULL;
    queue_add(event->first, event->last, caller, queue_next, queue_previous);
    caller->event = event;
    caller->wait_bits = slot->badge;
    caller->state = THREAD_WAITING;
    caller->deadline = deadline;
    deadline_arm(caller, EXPIRE_TICKS);
    cpu_thread_blocked(caller);
    cpu_reschedule(caller->core);
    return EXO_STATUS_OK;
}
