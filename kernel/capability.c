/* SPDX-License-Identifier: MIT */
/* The three operations on the derivation tree and their kernel calls: derive, delete, revoke; and
   notices. A call that needs several steps leaves its progress in the slot (a growing or ending
   capability is just a smaller one), so entering it again with the same registers goes on. */
#include "kernel.h"

/* Descendants that one `ask` tells. */
#define ASK_MAX 2048
#define ASK_STEP 128 /* ... and the budget of one step of it */
#define RIGHTS_COUNTED (EXO_RIGHT_FROZEN | EXO_RIGHT_DMA)

/* What derive was asked for, decoded and allowed. */
struct derivation {
    struct domain *domain;
    struct slot *target;
    struct gas *account;
    struct label_range label;
    uint64_t offset, count, badge;
    uint32_t rights;
};

/* Memory rights: a frozen child only reads; frozen and dma need the write right, or a source that
   already has them. */
static enum exo_status derive_memory_rights(const struct slot *source, struct derivation *d) {
    uint32_t counted = d->rights & RIGHTS_COUNTED;
    if (counted == RIGHTS_COUNTED)
        return EXO_STATUS_BAD_ARGUMENT;
    if (counted != 0 && !(source->rights & (EXO_RIGHT_WRITE | counted)))
        return EXO_STATUS_DENIED;
    if ((d->rights & ~counted & ~source->rights) != 0)
        return EXO_STATUS_DENIED;
    if ((d->rights & EXO_RIGHT_FROZEN) && (d->rights & (EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE)))
        return EXO_STATUS_BAD_ARGUMENT;
    if ((d->rights & EXO_RIGHT_DMA) && !d->domain->dma_trusted)
        return EXO_STATUS_DENIED;
    if ((source->flags & SLOT_FLAG_DEVICE) && (counted != 0 || d->account != NULL))
        return EXO_STATUS_BAD_ARGUMENT;
    return EXO_STATUS_OK;
}

static bool kind_is_run(uint32_t kind) {
    return kind == EXO_OBJECT_KIND_MEMORY || kind == EXO_OBJECT_KIND_IRQ ||
           kind == EXO_OBJECT_KIND_PORTS;
}

/* The `detail` word: labels of Memory, bits of an Event, badge of a Portal. */
static enum exo_status derive_detail(const struct slot *source, uint64_t detail,
                                     struct derivation *d) {
    d->badge = source->badge;
    d->label = kind_is_run(source->kind) ? source->label : source->object->label;
    if (detail == 0)
        return EXO_STATUS_OK;
    switch (source->kind) {
    case EXO_OBJECT_KIND_MEMORY:
        if (!arch_copy_from_user(&d->label, detail, sizeof d->label) ||
            !label_range_check(d->label) || !label_range_holds(source->label, d->label)) {
            return EXO_STATUS_BAD_ARGUMENT;
        }
        return EXO_STATUS_OK;
    case EXO_OBJECT_KIND_EVENT:
        d->badge = detail;
        return (detail & ~source->badge) == 0 ? EXO_STATUS_OK : EXO_STATUS_DENIED;
    case EXO_OBJECT_KIND_PORTAL:
        d->badge = detail;
        return source->rights & EXO_RIGHT_BADGE ? EXO_STATUS_OK : EXO_STATUS_DENIED;
    default:
        return EXO_STATUS_BAD_ARGUMENT;
    }
}

/* Decode: may refuse, changes nothing. */
static enum exo_status derive_decode(struct thread *caller, const struct slot *source,
                                     const struct capability_derive_args *args,
                                     struct derivation *d) {
    d->rights = (uint32_t)args->rights & 0xffff;
    d->offset = args->offset;
    d->count = args->count;
    d->account = NULL;
    uint32_t account = (uint32_t)(args->rights >> 32);
    if (account != 0) {
        struct slot *gas =
            slot_find(caller->home, account, EXO_OBJECT_KIND_GAS, EXO_RIGHT_PAY);
        if (gas == NULL)
            return EXO_STATUS_BAD_CAPABILITY;
        if (source->kind != EXO_OBJECT_KIND_MEMORY)
            return EXO_STATUS_BAD_ARGUMENT; /* only frames are charged */
        d->account = (struct gas *)gas->object;
    }
    if (source->kind >= EXO_OBJECT_KIND_FEED)
        return EXO_STATUS_BAD_ARGUMENT;
    if (d->target->kind != EXO_OBJECT_KIND_EMPTY)
        return EXO_STATUS_CONFLICT;
    if (kind_is_run(source->kind) && !slot_holds(source, d->offset, d->count))
        return EXO_STATUS_BAD_ARGUMENT;
    enum exo_status status = derive_detail(source, args->detail, d);
    if (status == EXO_STATUS_OK && source->kind == EXO_OBJECT_KIND_MEMORY) {
        status = derive_memory_rights(source, d);
    } else if (status == EXO_STATUS_OK && (d->rights & ~source->rights) != 0) {
        status = EXO_STATUS_DENIED;
    }
    if (status != EXO_STATUS_OK)
        return status;
    if (slot_rights_allowed(d->domain, source, d->label, d->rights) != d->rights)
        return EXO_STATUS_DENIED;
    return slot_derivable(source);
}

/* Take the next frames of a growing capability into its counts. */
static enum exo_status derive_grow(struct slot *slot, uint32_t *budget) {
    uint32_t rights = slot->rights, count = slot->count, wanted = slot->count_wanted;
    bool allowed = !(slot->flags & SLOT_FLAG_UNDO);
    while (allowed && count < wanted && budget_take(budget, 1)) {
        struct frame *frame = frame_at((uint64_t)slot->base + count);
        if (rights & EXO_RIGHT_FROZEN) {
            allowed = frame_freeze(frame);
        } else if (rights & EXO_RIGHT_DMA) {
            allowed = frame_write_add(frame);
        }
        count += allowed;
        if (allowed && slot->account != NULL)
            gas_frame_charge(slot, frame);
    }
    if (!allowed) {
        slot->count = slot->kind == SLOT_ENDING ? slot->count : count;
        slot->flags |= SLOT_FLAG_UNDO;
        return slot_delete(slot, budget) ? EXO_STATUS_CONFLICT : call_again();
    }
    slot->count = count;
    if (count < wanted)
        return call_again();
    slot->flags &= (uint8_t)~SLOT_FLAG_GROWING;
    return EXO_STATUS_OK;
}

/* Commit: the child is there; counted ones still have to grow. */
static void derive_commit(struct slot *source, struct derivation *d) {
    struct slot *target = d->target;
    if (!kind_is_run(source->kind)) {
        slot_fill_object(target, source, source->object, d->rights, d->badge);
        return;
    }
    bool grows = (d->rights & RIGHTS_COUNTED) != 0 || d->account != NULL;
    target->base = source->base + (uint32_t)d->offset;
    target->count = grows ? 0 : (uint32_t)d->count;
    target->count_wanted = grows ? (uint32_t)d->count : 0;
    target->label = d->label;
    target->flags = (source->flags & SLOT_FLAG_DEVICE) | (grows ? SLOT_FLAG_GROWING : 0);
    slot_fill(target, source, source->kind, d->rights);
    target->account = d->account;
    if (d->account != NULL)
        list_add(d->account->slots, target, list_next, list_previous);
}

enum exo_status capability_derive(struct thread *caller, struct slot *source,
                                  const struct capability_derive_args *args) {
    struct derivation d;
    uint32_t budget = BUDGET_STEP;
    d.domain = domain_find(caller, args->domain, EXO_RIGHT_CONTROL);
    if (d.domain == NULL)
        return EXO_STATUS_BAD_CAPABILITY;
    if (source->kind == EXO_OBJECT_KIND_EMPTY)
        return EXO_STATUS_BAD_CAPABILITY; /* it was found ending, and ended before the lock came */
    d.target = args->slot == 0 ? NULL : slot_at(d.domain, args->slot);
    if (d.target == NULL)
        return EXO_STATUS_BAD_ARGUMENT;
    if (!(d.target->flags & SLOT_FLAG_GROWING) || d.target->parent != source) {
        enum exo_status status = derive_decode(caller, source, args, &d);
        if (status != EXO_STATUS_OK)
            return status;
        derive_commit(source, &d);
    }
    if (!(d.target->flags & SLOT_FLAG_GROWING))
        return EXO_STATUS_OK;
    return derive_grow(d.target, &budget);
}

enum exo_status capability_delete(struct thread *caller, struct slot *slot) {
    uint32_t budget = BUDGET_STEP;
    if (slot->kind == EXO_OBJECT_KIND_FEED || slot->kind == EXO_OBJECT_KIND_EMPTY)
        return slot->kind == EXO_OBJECT_KIND_FEED ? EXO_STATUS_BUSY : EXO_STATUS_BAD_CAPABILITY;
    /* An ending slot is found again by the dispatcher, so a second step comes back here. */
    bool gone = slot_delete(slot, &budget);
    /* What is left of the objects is the caller's work, too, before it goes on. */
    if (!object_reap(&budget) && caller->object.state == OBJECT_LIVE)
        thread_attend(caller, ATTENTION_REAP);
    return gone ? EXO_STATUS_OK : call_again();
}

/* Bits 32 and up of the caller's argument count those that the steps before have told. */
static enum exo_status revoke_ask(const struct slot *slot, uint64_t *argument) {
    uint64_t before = *argument >> 32;
    uint64_t seen = 0;
    uint32_t budget = ASK_STEP;
    struct slot *at = slot->child;
    while (at != NULL && budget > 0 && seen < ASK_MAX) {
        if (seen++ >= before)
            budget_take(&budget, slot_notice(at, EXO_NOTICE_REASON_ASKED));
        if (at->child != NULL) {
            at = at->child;
            continue;
        }
        while (at != slot && at->next == NULL)
            at = at->parent;
        at = at == slot ? NULL : at->next;
    }
    bool more = at != NULL && seen < ASK_MAX;
    *argument = more ? seen << 32 | 1 : 1;
    return more ? call_again() : EXO_STATUS_OK;
}

/* Mark a slot for a thread that takes back everything below (NULL: no longer). The mark is good
   only while the thread keeps to it (thread_revokes), so a revoke that is given up leaves none. */
static void revoke_mark(struct slot *slot, struct thread *thread) {
    if (slot->revoker != NULL)
        slot->revoker->revoking = NULL;
    slot->revoker = thread;
    if (thread != NULL && thread->revoking != NULL)
        thread->revoking->revoker = NULL;
    if (thread != NULL)
        thread->revoking = slot;
}

enum exo_status capability_revoke(struct thread *caller, struct slot *slot,
                                  const struct capability_revoke_args *args) {
    if (slot->kind == EXO_OBJECT_KIND_EMPTY)
        return EXO_STATUS_BAD_CAPABILITY;
    if ((uint32_t)args->ask == 1 && args->ask >> 32 < ASK_MAX)
        return revoke_ask(slot, &caller->registers.words[0]);
    if (args->ask != 0)
        return EXO_STATUS_BAD_ARGUMENT;
    uint32_t budget = BUDGET_STEP;
    revoke_mark(slot, caller);
    while (slot->child != NULL) {
        struct slot *leaf = slot->child;
        uint32_t depth = 0;
        for (; leaf->child != NULL; depth++)
            leaf = leaf->child;
        budget -= budget < depth / 16 ? budget : depth / 16; /* the way down is work, too */
        if (leaf->kind == EXO_OBJECT_KIND_MEMORY && (leaf->rights & EXO_RIGHT_DMA)) {
            revoke_mark(slot, NULL);
            return EXO_STATUS_BUSY;
        }
        if (leaf->kind != SLOT_ENDING)
            budget_take(&budget, slot_notice(leaf, EXO_NOTICE_REASON_TAKEN));
        slot_delete(leaf, &budget);
        if (budget == 0 || (!object_reap(&budget) && budget == 0))
            return call_again();
    }
    if (!object_reap(&budget))
        return call_again();
    revoke_mark(slot, NULL);
    return EXO_STATUS_OK;
}

enum exo_status capability_notify(struct thread *caller, struct domain *domain,
                                  const struct capability_notify_args *args) {
    (void)caller;
    struct slot *slot = slot_at(domain, args->slot);
    if (slot == NULL || slot->kind == EXO_OBJECT_KIND_EMPTY ||
        (args->event != EXO_NONE && slot_at(domain, args->event) == NULL)) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    slot->notify = (uint32_t)args->event;
    if (slot->kind == EXO_OBJECT_KIND_GAS && (slot->rights & EXO_RIGHT_CONTROL)) {
        ((struct gas *)slot->object)->listener = slot;
        ((struct gas *)slot->object)->low = 0;
    }
    return EXO_STATUS_OK;
}

enum exo_status capability_info(struct thread *caller, struct domain *domain,
                                const struct capability_info_args *args,
                                struct capability_info_results *results) {
    (void)caller;
    struct slot *slot = slot_at(domain, args->slot);
    if (slot == NULL)
        return EXO_STATUS_BAD_ARGUMENT;
    uint32_t kind = slot->kind == SLOT_ENDING ? slot->kind_ending : slot->kind;
    results->kind = kind | (uint64_t)slot->notice << 8;
    results->rights = slot->rights;
    results->value = slot->badge;
    results->count = 0;
    results->low = slot->label.low;
    results->high = slot->label.high;
    if (kind_is_run(kind) || kind >= EXO_OBJECT_KIND_FEED) {
        results->value = (uint64_t)slot->base << (kind == EXO_OBJECT_KIND_MEMORY ? PAGE_SHIFT : 0);
        results->count = kind >= EXO_OBJECT_KIND_FEED ? slot->map_high : slot->count;
    } else if (kind != EXO_OBJECT_KIND_EMPTY) {
        results->low = slot->object->label.low;
        results->high = slot->object->label.high;
        object_info(slot->object, &results->value, &results->count);
    }
    return EXO_STATUS_OK;
}

enum exo_status slot_transfer(struct domain *from, uint64_t index, struct domain *to,
                              uint64_t to_index, uint32_t *frames_left) {
    struct slot *source = slot_at(from, index);
    if (source == NULL || source->kind == EXO_OBJECT_KIND_EMPTY || source->kind == SLOT_ENDING ||
        source->kind >= EXO_OBJECT_KIND_FEED) {
        return EXO_STATUS_BAD_CAPABILITY;
    }
    struct derivation d = {.domain = to, .target = slot_find_free(to, to_index)};
    if (d.target == NULL)
        return EXO_STATUS_FULL;
    d.rights = source->rights;
    d.badge = source->badge;
    d.count = kind_is_run(source->kind) ? source->count : 0;
    d.label = kind_is_run(source->kind) ? source->label : source->object->label;
    if (source->kind == EXO_OBJECT_KIND_MEMORY && (d.rights & RIGHTS_COUNTED) != 0) {
        if ((d.rights & EXO_RIGHT_DMA) || source->count > *frames_left)
            return EXO_STATUS_BAD_ARGUMENT;
        *frames_left -= source->count;
    }
    /* Labels take rights away; only when nothing is left the sender is told. */
    d.rights = slot_rights_allowed(to, source, d.label, d.rights);
    if (d.rights == 0)
        return EXO_STATUS_DENIED;
    enum exo_status status = slot_derivable(source);
    if (status != EXO_STATUS_OK)
        return status;
    derive_commit(source, &d);
    uint32_t budget = TRANSFER_FRAMES_MAX + 1;
    return d.target->flags & SLOT_FLAG_GROWING ? derive_grow(d.target, &budget) : EXO_STATUS_OK;
}
