/* SPDX-License-Identifier: MIT */
/* The mechanics of the derivation tree: look-up, linking, and deletion in steps. */
#include "kernel.h"

struct slot *slot_find_free(struct domain *domain, uint64_t index) {
    return index == 0 ? NULL : slot_find(domain, index, EXO_OBJECT_KIND_EMPTY, 0);
}

struct domain *slot_domain(const struct slot *slot) {
    const struct frame *frame = frame_at(pointer_physical(slot) >> PAGE_SHIFT);
    assert(frame->owner != 0);
    return physical_pointer((uint64_t)frame->owner << PAGE_SHIFT);
}

uint32_t slot_id(const struct slot *slot) {
    return (uint32_t)(pointer_physical(slot) / sizeof(struct slot));
}

struct slot *slot_from_id(uint32_t id) {
    return physical_pointer((uint64_t)id * sizeof(struct slot));
}

static void slot_link(struct slot *slot, struct slot *parent) {
    slot->parent = parent;
    if (parent != NULL)
        list_add(parent->child, slot, next, previous);
}

static void slot_unlink(struct slot *slot) {
    if (slot->parent != NULL)
        list_remove(slot->parent->child, slot, next, previous);
}

void slot_fill(struct slot *slot, struct slot *parent, uint32_t kind, uint32_t rights) {
    assert(slot->kind == EXO_OBJECT_KIND_EMPTY);
    slot->rights = (uint16_t)rights;
    slot->notify = EXO_NONE;
    slot->notice = EXO_NOTICE_REASON_NONE;
    slot_link(slot, parent);
    core_self()->counters[EXO_COUNTER_CAPABILITIES]++;
    /* Other cores look without a lock: the kind comes last. */
    __atomic_store_n(&slot->kind, (uint8_t)kind, __ATOMIC_RELEASE);
}

void slot_fill_object(struct slot *slot, struct slot *parent, struct object *object,
                      uint32_t rights, uint64_t badge) {
    slot->object = object;
    list_add(object->slots, slot, list_next, list_previous);
    slot->badge = badge;
    object->references++;
    slot_fill(slot, parent, object->kind, rights);
}

enum exo_status slot_derivable(const struct slot *slot) {
    uint32_t depth = 0;
    for (; slot != NULL; slot = slot->parent) {
        if (slot->revoker != NULL && thread_revokes(slot->revoker))
            return EXO_STATUS_CONFLICT;
        if (++depth >= DERIVATION_DEPTH_MAX)
            return EXO_STATUS_TOO_DEEP;
    }
    return EXO_STATUS_OK;
}

uint32_t slot_rights_allowed(const struct domain *domain, const struct slot *slot,
                             struct label_range label, uint32_t rights) {
    switch (label_access(domain->object.label, label)) {
    case LABEL_ACCESS_ALL:
        return rights;
    case LABEL_ACCESS_READ:
        return slot->kind == EXO_OBJECT_KIND_MEMORY
                   ? rights & (EXO_RIGHT_READ | EXO_RIGHT_EXECUTE | EXO_RIGHT_FROZEN)
                   : 0;
    case LABEL_ACCESS_SIGNAL:
        return slot->kind == EXO_OBJECT_KIND_EVENT ? rights & EXO_RIGHT_SIGNAL : 0;
    case LABEL_ACCESS_NONE:
        break;
    }
    return 0;
}

uint32_t slot_notice(struct slot *slot, enum exo_notice_reason reason) {
    slot->notice = (uint8_t)reason;
    if (slot->notify == EXO_NONE)
        return 1;
    struct slot *event =
        slot_find(slot_domain(slot), slot->notify, EXO_OBJECT_KIND_EVENT, EXO_RIGHT_SIGNAL);
    return event == NULL ? 1 : 2 + event_raise((struct event *)event->object, event->badge);
}

/* Whether the holder that the frames return to may not see what the child left in them. */
static bool slot_needs_clearing(const struct slot *slot) {
    if (slot->parent == NULL || !(slot->rights & EXO_RIGHT_WRITE) ||
        (slot->flags & (SLOT_FLAG_DEVICE | SLOT_FLAG_UNDO))) {
        return false;
    }
    enum label_access access = label_access(slot_domain(slot->parent)->object.label, slot->label);
    return access != LABEL_ACCESS_ALL && access != LABEL_ACCESS_READ;
}

/* Take the frames of an ending Memory capability out of its counts, from the front; the capability
   shrinks with it, so no cursor is kept. */
static bool slot_release_frames(struct slot *slot, uint32_t *budget) {
    bool counted = (slot->rights & (EXO_RIGHT_FROZEN | EXO_RIGHT_DMA)) || slot->account != NULL ||
                   (slot->flags & SLOT_FLAG_CLEAR);
    if (!counted || (slot->flags & SLOT_FLAG_DEVICE))
        return true;
    uint32_t rights = slot->rights, base = slot->base;
    uint32_t cost = slot->flags & SLOT_FLAG_CLEAR ? 16 : 1;
    uint32_t end = base + (slot->count < *budget / cost ? slot->count : *budget / cost);
    struct slot *heir = slot->account != NULL ? gas_heir(slot) : NULL;
    slot->count -= end - base;
    slot->base = end;
    *budget = slot->count > 0 ? 0 : *budget - (end - base) * cost;
    for (; base < end; base++) {
        struct frame *frame = frame_at(base);
        if (rights & EXO_RIGHT_FROZEN) {
            frame_thaw(frame);
        } else if (rights & EXO_RIGHT_DMA) {
            frame_write_remove(frame);
        }
        if (cost > 1 && frame->writers == 0)
            arch_zero_words(physical_pointer((uint64_t)base << PAGE_SHIFT), PAGE_SIZE / 8);
        if (slot->account != NULL && frame->charger == slot_id(slot))
            gas_frame_charge(heir, frame);
    }
    return slot->count == 0;
}

/* Children become the parent's, at the head of its list. */
static bool slot_release_children(struct slot *slot, uint32_t *budget) {
    while (slot->child != NULL) {
        if (!budget_take(budget, 1))
            return false;
        struct slot *child = slot->child;
        slot_unlink(child);
        slot_link(child, slot->parent);
    }
    return true;
}

/* What the kind asks for before the slot can go; true when it is done. */
static bool slot_release_kind(struct slot *slot, uint32_t *budget) {
    switch (slot->kind_ending) {
    case EXO_OBJECT_KIND_MEMORY:
        return memory_unmap_slot(slot, budget) && slot_release_frames(slot, budget);
    case EXO_OBJECT_KIND_FEED:
        return domain_feed_release(slot, budget);
    case EXO_OBJECT_KIND_VECTOR:
        cpu_vector_release(slot);
        return true;
    case EXO_OBJECT_KIND_IRQ:
        irq_gone(NULL, slot);
        return true;
    default:
        return true;
    }
}

static void slot_clear(struct slot *slot, uint32_t *budget) {
    struct slot *parent = slot->parent;
    uint8_t kind = slot->kind_ending;
    if (slot->account != NULL)
        list_remove(slot->account->slots, slot, list_next, list_previous);
    if (slot->revoker != NULL)
        slot->revoker->revoking = NULL;
    if (kind >= EXO_OBJECT_KIND_DOMAIN && kind <= EXO_OBJECT_KIND_GAS) {
        struct object *object = slot->object;
        if (kind == EXO_OBJECT_KIND_GAS && ((struct gas *)object)->listener == slot)
            ((struct gas *)object)->listener = NULL;
        if (object->tell == slot)
            object->tell = slot->list_next;
        list_remove(object->slots, slot, list_next, list_previous);
        assert(object->references > 0);
        if (--object->references == 0)
            object_end(object);
    }
    slot_unlink(slot);
    /* What happened to it can still be read in the slot, and its Event stays named. */
    uint8_t notice = slot->notice;
    arch_zero_words(slot, sizeof *slot / 8);
    slot->notice = notice;
    core_self()->counters[EXO_COUNTER_CAPABILITIES]--;
    if (parent != NULL && parent->child == NULL && parent->kind != SLOT_ENDING)
        budget_take(budget, slot_notice(parent, EXO_NOTICE_REASON_LAST_CHILD));
}

bool slot_delete(struct slot *slot, uint32_t *budget) {
    assert(slot->kind != EXO_OBJECT_KIND_EMPTY);
    if (slot->kind != SLOT_ENDING) {
        if (slot->kind == EXO_OBJECT_KIND_MEMORY && slot_needs_clearing(slot))
            slot->flags |= SLOT_FLAG_CLEAR;
        slot->kind_ending = slot->kind;
        slot->kind = SLOT_ENDING;
        /* Whoever has found it before that leaves the kernel first. */
        if (core_count > 1)
            core_own_mask(slot_domain(slot)->cores);
    }
    if (!slot_release_kind(slot, budget) || !slot_release_children(slot, budget))
        return false;
    budget_take(budget, 3);
    slot_clear(slot, budget);
    return true;
}

bool slot_check(const struct slot *slot) {
    if (slot->kind == EXO_OBJECT_KIND_EMPTY)
        return slot->parent == NULL && slot->child == NULL && slot->object == NULL;
    for (const struct slot *child = slot->child; child != NULL; child = child->next) {
        if (child->parent != slot || (child->next != NULL && child->next->previous != child))
            return false;
    }
    if (slot->kind != EXO_OBJECT_KIND_MEMORY || slot->parent == NULL ||
        slot->parent->kind != EXO_OBJECT_KIND_MEMORY) {
        return true;
    }
    return slot->base >= slot->parent->base && (slot->rights & ~slot->parent->rights &
           ~(EXO_RIGHT_DMA | EXO_RIGHT_FROZEN)) == 0 &&
           slot->base + slot->count <= slot->parent->base + slot->parent->count;
}
