/* SPDX-License-Identifier: MIT */
#include "kernel.h"

/* A transfer word: the first of the sender's slots, and how many. */
#define TRANSFER_FIRST(word) ((word) & 0xffffffff)
#define TRANSFER_COUNT(word) ((word) >> 32)
/* Callers that are told at once when the last handler of their core has left. */
#define TOLD_MAX 16

struct portal *portal_create(void *memory, struct domain *domain, struct label_range label) {
    struct portal *portal = memory;
    object_start(&portal->object, EXO_OBJECT_KIND_PORTAL, label);
    portal->domain = domain;
    list_add(domain->portals, portal, domain_next, domain_previous);
    return portal;
}

/* Derive the sender's capabilities into the slots that the receiver posted: all or none. With any,
   the tree lock is held. */
static enum exo_status transfer(struct thread *from, struct thread *to, uint64_t word,
                                uint64_t *received) {
    uint64_t count = TRANSFER_COUNT(word);
    *received = 0;
    if (count == 0)
        return EXO_STATUS_OK;
    if (count > TRANSFER_SLOTS_MAX || from->home == NULL || to->home == NULL)
        return EXO_STATUS_BAD_ARGUMENT;
    if (to->receive_count < count)
        return EXO_STATUS_FULL;
    uint32_t frames_left = TRANSFER_FRAMES_MAX;
    enum exo_status status = EXO_STATUS_OK;
    uint64_t i = 0;
    for (; i < count && status == EXO_STATUS_OK; i++) {
        status = slot_transfer(from->home, TRANSFER_FIRST(word) + i, to->home,
                               to->receive_first + i, &frames_left);
    }
    if (status != EXO_STATUS_OK) {
        for (i--; i-- > 0;) {
            uint32_t budget = 2 * TRANSFER_FRAMES_MAX;
            struct slot *slot = slot_at(to->home, to->receive_first + i);
            slot->flags |= SLOT_FLAG_UNDO; /* nobody had it: nothing is cleared */
            bool gone = slot_delete(slot, &budget);
            assert(gone);
        }
        return status;
    }
    to->receive_first += count;
    to->receive_count -= count;
    *received = count;
    return EXO_STATUS_OK;
}

/* Caller and handler belong together from here on; the handler's registers show the call. */
static inline void portal_join(struct thread *caller, struct thread *handler, uint64_t badge,
                               uint64_t received) {
    handler->registers.words[0] = caller->registers.words[0];
    handler->registers.words[1] = caller->registers.words[1];
    handler->registers.words[2] = caller->registers.words[2];
    handler->registers.words[3] = caller->registers.words[3];
    handler->registers.words[4] = badge;
    handler->registers.words[5] = received;
    handler->registers.status = EXO_STATUS_OK;
    handler->caller = caller;
    handler->serving = 1;
    handler->depth = caller->depth + 1;
    handler->state = THREAD_READY;
    caller->callee = handler;
    caller->state = THREAD_CALLING;
}

void portal_queue_leave(struct thread *caller) {
    struct portal *portal = caller->portal_wanted;
    uint32_t core = caller->core->number;
    queue_remove(portal->queue_first[core], portal->queue_last[core], caller, queue_next,
                 queue_previous);
    caller->portal_wanted = NULL;
}

void portal_cut(struct thread *caller, enum exo_status status) {
    struct thread *handler = caller->callee;
    assert(caller->state == THREAD_CALLING);
    assert(handler->caller == caller);
    handler->caller = NULL;
    caller->callee = NULL;
    deadline_disarm(caller);
    caller->registers.status = status;
    thread_ready(caller);
}

void portal_detach(struct thread *caller, enum exo_status status) {
    struct core *core = caller->core;
    portal_cut(caller, status);
    /* The handler goes on, but no longer on this caller's slice. */
    if (core->current != NULL && core->slot_root != NULL &&
        thread_tail(core->slot_root) != core->current) {
        cpu_reschedule(core);
    }
}

static void idle_join(struct portal *portal, struct thread *handler) {
    struct thread **first = &portal->idle[handler->core->number];
    handler->state = THREAD_IDLE;
    handler->queue_next = *first;
    if (*first != NULL)
        (*first)->queue_previous = handler;
    *first = handler;
}

/* A call takes the first one and leaves the next one's `queue_previous` as it is, so only that of
   others can be trusted. */
static void idle_leave(struct portal *portal, struct thread *handler) {
    struct thread **first = &portal->idle[handler->core->number];
    if (*first == handler)
        handler->queue_previous = NULL;
    list_remove(*first, handler, queue_next, queue_previous);
}

/* Nobody will serve those who queue on this core. If there are many, the last one who is told makes
   its call again, and so do others who call: each goes on telling. */
static void queue_tell(struct portal *portal, uint32_t core) {
    for (uint32_t left = TOLD_MAX; portal->queue_first[core] != NULL && left > 0; left--) {
        struct thread *caller = portal->queue_first[core];
        uint64_t word = caller->registers.status;
        thread_unblock(caller, EXO_STATUS_DISCONNECTED);
        if (left == 1 && portal->queue_first[core] != NULL) {
            caller->registers.status = word;
            caller->registers.instruction -= ARCH_SYSCALL_BYTES;
        }
    }
}

void portal_leave(struct thread *handler) {
    struct portal *portal = handler->portal;
    if (handler->state == THREAD_IDLE)
        idle_leave(portal, handler);
    if (portal != NULL) {
        leaf_enter();
        list_remove(portal->handlers, handler, handler_next, handler_previous);
        leaf_leave();
        handler->portal = NULL;
        if (portal->attached[handler->core->number] == 1)
            queue_tell(portal, handler->core->number);
        /* The last word: from here on its end does not wait for this core. */
        __atomic_fetch_sub(&portal->attached[handler->core->number], 1, __ATOMIC_RELEASE);
    }
    struct thread *caller = handler->caller;
    handler->serving = 0;
    handler->depth = 0;
    if (caller != NULL)
        portal_detach(caller, EXO_STATUS_DISCONNECTED);
}

/* A handler without a call takes the next caller from the queue, or is idle. A caller whose
   transfer fails is sent away, and the handler comes back for the next one: it has replied, so
   entered again it only waits. One whose Portal has ended does not wait: it is ready. */
static enum exo_status handler_wait(struct portal *portal, struct thread *handler) {
    handler->serving = 0;
    handler->depth = 0;
    if (portal == NULL)
        return EXO_STATUS_DISCONNECTED;
    struct thread *caller = portal->queue_first[handler->core->number];
    if (caller == NULL) {
        idle_join(portal, handler);
        return EXO_STATUS_OK;
    }
    uint64_t received;
    enum exo_status status = transfer(caller, handler, caller->registers.words[5], &received);
    portal_queue_leave(caller);
    if (status == EXO_STATUS_OK) {
        portal_join(caller, handler, caller->badge, received);
        cpu_thread_ready(caller);
        return EXO_STATUS_OK;
    }
    deadline_disarm(caller);
    caller->registers.status = status;
    thread_ready(caller);
    cpu_thread_ready(handler); /* in slots of its own, until it serves again */
    return call_again();
}

enum exo_status portal_attach(struct thread *caller, struct slot *slot,
                              const struct portal_attach_args *args) {
    struct portal *portal = (struct portal *)slot->object;
    struct slot *named = slot_find(caller->home, args->thread, EXO_OBJECT_KIND_THREAD,
                                   EXO_RIGHT_CONTROL);
    if (named == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    struct thread *handler = (struct thread *)named->object;
    if (handler->home != portal->domain || portal->domain == NULL || handler->core == NULL)
        return EXO_STATUS_BAD_ARGUMENT;
    if (handler->portal != NULL)
        return EXO_STATUS_BUSY;
    core_own(handler->core);
    handler->portal = portal;
    portal->attached[handler->core->number]++;
    leaf_enter();
    list_add(portal->handlers, handler, handler_next, handler_previous);
    leaf_leave();
    return EXO_STATUS_OK;
}

enum exo_status portal_call(struct thread *caller, struct slot *slot,
                            const struct portal_call_args *args,
                            struct portal_call_results *results) {
    struct portal *portal = (struct portal *)slot->object;
    struct core *core = caller->core;
    uint32_t number = core->number;
    (void)results;
    if (portal->attached[number] == 0) {
        queue_tell(portal, number);
        return EXO_STATUS_DISCONNECTED;
    }
    if (caller->depth >= CALL_DEPTH_MAX)
        return EXO_STATUS_TOO_DEEP;
    if (caller->home->gas->balance < portal->gas_minimum)
        return EXO_STATUS_NO_GAS;
    struct thread *handler = portal->idle[number];
    caller->deadline = args->deadline;
    if (handler == NULL) {
        if (args->deadline == 0)
            return EXO_STATUS_BUSY;
        core->counters[EXO_COUNTER_PORTAL_CALLS]++;
        caller->calls++;
        caller->badge = slot->badge;
        caller->state = THREAD_QUEUED;
        caller->portal_wanted = portal;
        queue_add(portal->queue_first[number], portal->queue_last[number], caller, queue_next,
                  queue_previous);
        deadline_arm(caller, EXPIRE_TICKS);
        cpu_thread_blocked(caller);
        cpu_reschedule(core);
        return EXO_STATUS_OK;
    }
    uint64_t received;
    bool carries = TRANSFER_COUNT(args->transfer) != 0;
    if (carries && !tree_enter())
        return call_later(caller);
    enum exo_status status = transfer(caller, handler, args->transfer, &received);
    if (carries)
        tree_leave();
    if (status != EXO_STATUS_OK)
        return status;
    core->counters[EXO_COUNTER_PORTAL_CALLS]++;
    caller->calls++;
    portal->idle[number] = handler->queue_next;
    handler->queue_next = NULL;
    portal_join(caller, handler, slot->badge, received);
    cpu_enter(core, handler);
    return EXO_STATUS_OK;
}

/* The caller has its answer, and is no longer one. */
static void portal_part(struct thread *handler, struct thread *caller,
                        const struct portal_reply_args *args, uint64_t received) {
    caller->registers.words[0] = args->word0;
    caller->registers.words[1] = args->word1;
    caller->registers.words[2] = args->word2;
    caller->registers.words[3] = args->word3;
    caller->registers.words[4] = 0;
    caller->registers.words[5] = received;
    caller->registers.status = args->status;
    caller->callee = NULL;
    caller->state = THREAD_READY;
    handler->caller = NULL;
    if (caller->heap_index != 0)
        deadline_disarm(caller);
}

enum exo_status portal_reply(struct thread *handler, const struct portal_reply_args *args,
                             struct portal_reply_results *results) {
    struct portal *portal = handler->portal;
    struct thread *caller = handler->caller;
    struct core *core = handler->core;
    (void)results;
    if (args->status >= EXO_STATUS_COUNT)
        return EXO_STATUS_BAD_ARGUMENT;
    if (caller == NULL && (handler->serving || portal == NULL)) {
        handler->serving = 0;
        handler->depth = 0;
        return EXO_STATUS_DISCONNECTED;
    }
    /* The lock for this answer and the call behind it at once: then nothing is half done. */
    struct thread *next = portal != NULL ? portal->queue_first[core->number] : NULL;
    bool carries = (caller != NULL && TRANSFER_COUNT(args->transfer) != 0) ||
                   (next != NULL && TRANSFER_COUNT(next->registers.words[5]) != 0);
    if (carries && !tree_enter())
        return call_later(handler);
    uint64_t received;
    enum exo_status status = EXO_STATUS_OK;
    if (caller != NULL)
        status = transfer(handler, caller, args->transfer, &received);
    bool answered = status == EXO_STATUS_OK;
    if (answered) {
        if (caller != NULL)
            portal_part(handler, caller, args, received);
        status = handler_wait(portal, handler);
    }
    if (carries)
        tree_leave();
    if (!answered)
        return status;
    /* The current thread is the tail of slot_root's chain, so its caller now is. */
    if (caller != NULL && core->slot_root != handler) {
        cpu_enter(core, caller);
        return status;
    }
    /* The handler ran in a slot of its own: nobody stopped running for its caller's callers. */
    for (const struct thread *t = caller; t != NULL && t->caller != NULL; t = t->caller)
        deadline_arm(t->caller, 0);
    cpu_reschedule(core);
    return status;
}

enum exo_status portal_cancel(struct thread *caller, struct slot *slot) {
    (void)caller;
    struct thread *thread = (struct thread *)slot->object;
    if (thread->core != NULL)
        core_own(thread->core);
    if (thread->state != THREAD_CALLING && thread->state != THREAD_QUEUED)
        return EXO_STATUS_BAD_ARGUMENT;
    thread_unblock(thread, EXO_STATUS_CANCELLED);
    return EXO_STATUS_OK;
}

enum exo_status portal_limit(struct thread *caller, struct slot *slot,
                             const struct portal_limit_args *args) {
    (void)caller;
    ((struct portal *)slot->object)->gas_minimum = (int64_t)args->gas;
    return EXO_STATUS_OK;
}

/* Send away the callers in the queues. With handlers or callers on them, cores are parked. */
static bool queues_drop(struct portal *portal, uint32_t *budget) {
    for (uint32_t core = 0; core < core_count; core++) {
        if (__atomic_load_n(&portal->attached[core], __ATOMIC_ACQUIRE) != 0 ||
            portal->queue_first[core] != NULL)
            core_own(cores[core]);
        while (portal->queue_first[core] != NULL) {
            if (!budget_take(budget, 8))
                return false;
            thread_unblock(portal->queue_first[core], EXO_STATUS_DISCONNECTED);
        }
    }
    return true;
}

bool portal_leave_domain(struct portal *portal, uint32_t *budget) {
    struct domain *domain = portal->domain;
    if (domain == NULL)
        return true;
    if (!queues_drop(portal, budget) || !object_tell(&portal->object, budget))
        return false;
    list_remove(domain->portals, portal, domain_next, domain_previous);
    portal->domain = NULL;
    return true;
}

bool portal_reap(struct portal *portal, uint32_t *budget) {
    if (!queues_drop(portal, budget))
        return false;
    /* Handlers that serve finish, those that wait are told. */
    for (struct thread *t; (t = portal->handlers) != NULL;) {
        if (!budget_take(budget, 8))
            return false;
        if (t->state == THREAD_IDLE) {
            thread_unblock(t, EXO_STATUS_DISCONNECTED);
        } else {
            list_remove(portal->handlers, t, handler_next, handler_previous);
            t->portal = NULL;
        }
    }
    bool left = portal_leave_domain(portal, budget);
    assert(left);
    object_free(&portal->object);
    return true;
}

bool portal_check(const struct portal *portal) {
    for (uint32_t core = 0; core < CORES_MAX; core++) {
        uint32_t idle = 0;
        for (const struct thread *t = portal->idle[core]; t != NULL; t = t->queue_next) {
            if (t->state != THREAD_IDLE || t->portal != portal || ++idle > portal->attached[core] ||
                (t->queue_next != NULL && t->queue_next->queue_previous != t)) {
                return false;
            }
        }
        if (portal->idle[core] != NULL && portal->queue_first[core] != NULL)
            return false;
    }
    return true;
}
