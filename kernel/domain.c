/* SPDX-License-Identifier: MIT */
#include "kernel.h"

/* The phases of a Domain's end, in order. */
enum domain_phase {
    PHASE_THREADS, PHASE_SPACE, PHASE_SLOTS, PHASE_POOL, PHASE_FEEDS, PHASE_FRAMES
};

struct domain *domain_find(struct thread *caller, uint64_t index, uint32_t rights) {
    if (index == EXO_SELF)
        return caller->home;
    struct slot *slot = slot_find(caller->home, index, EXO_OBJECT_KIND_DOMAIN, rights);
    return slot == NULL ? NULL : (struct domain *)slot->object;
}

struct domain *domain_create(void *memory, uint64_t frames, struct label_range label,
                             struct gas *gas) {
    struct domain *domain = memory;
    assert(frames > 0 && frames <= DOMAIN_FRAMES_MAX);
    object_start(&domain->object, EXO_OBJECT_KIND_DOMAIN, label);
    domain->frames = frames;
    domain->table_address = TABLE_NONE;
    domain->slots = (struct slot *)((uint8_t *)memory + DOMAIN_HEADER_BYTES);
    domain->slot_total = (frames * PAGE_SIZE - DOMAIN_HEADER_BYTES) / sizeof(struct slot);
    domain->slot_count = domain->slot_total;
    domain->gas = gas;
    list_add(gas->domains, domain, gas_next, gas_previous);
    return domain;
}

uint64_t domain_pool_take(struct domain *domain) {
    uint64_t physical = domain->pool;
    if (physical != 0) {
        uint64_t *words = physical_pointer(physical);
        domain->pool = words[0];
        domain->pool_count--;
        arch_zero_words(words, PAGE_SIZE / 8);
    }
    return physical;
}

void domain_pool_give(struct domain *domain, uint64_t physical) {
    uint64_t *words = physical_pointer(physical);
    words[0] = domain->pool;
    domain->pool = physical;
    domain->pool_count++;
}

enum exo_status domain_feed(struct thread *caller, struct domain *domain,
                            const struct domain_feed_args *args) {
    struct slot *memory =
        slot_find(caller->home, args->memory, EXO_OBJECT_KIND_MEMORY, EXO_RIGHT_RETYPE);
    if (memory == NULL || (memory->flags & SLOT_FLAG_DEVICE))
        return EXO_STATUS_BAD_CAPABILITY;
    uint64_t count = args->count;
    struct slot *target = slot_find_free(domain, args->slot);
    if (target == NULL || count > FEED_FRAMES_MAX || !slot_holds(memory, args->offset, count))
        return EXO_STATUS_BAD_ARGUMENT;
    if (label_access(domain->object.label, memory->label) != LABEL_ACCESS_ALL)
        return EXO_STATUS_DENIED;
    enum exo_status status = slot_derivable(memory);
    if (status != EXO_STATUS_OK)
        return status;
    uint64_t base = memory->base + args->offset;
    uint32_t owner = (uint32_t)(pointer_physical(domain) >> PAGE_SHIFT);
    if (!frame_take_run(base, count, owner))
        return EXO_STATUS_CONFLICT;
    slot_fill(target, memory, EXO_OBJECT_KIND_FEED, 0);
    target->base = (uint32_t)base;
    target->count = (uint32_t)count;
    for (uint64_t i = count; i-- > 0;) {
        /* Cleared when it becomes a table; only the link word is written here. */
        domain_pool_give(domain, (base + i) << PAGE_SHIFT);
    }
    return EXO_STATUS_OK;
}

bool domain_feed_release(struct slot *slot, uint32_t *budget) {
    struct domain *domain = slot_domain(slot);
    if (domain->object.state == OBJECT_LIVE)
        object_end(&domain->object);
    if (domain->phase != PHASE_FEEDS)
        return false;
    while (slot->count > 0) {
        if (!budget_take(budget, 1))
            return false;
        struct frame *frame = frame_at(slot->base);
        /* Only its link word can be left: tables were emptied. */
        arch_zero_words(physical_pointer((uint64_t)slot->base << PAGE_SHIFT), 1);
        frame->mapped = 0;
        frame_release(frame);
        slot->base++;
        slot->count--;
    }
    return true;
}

/* Stop what runs here and what enters here, one object a step. */
static bool reap_threads(struct domain *domain, uint32_t *budget) {
    while (domain->threads != NULL || domain->portals != NULL) {
        if (!budget_take(budget, 8))
            return false;
        if (domain->threads != NULL ? !thread_leave_home(domain->threads, budget)
                                    : !portal_leave_domain(domain->portals, budget)) {
            return false;
        }
    }
    return true;
}

/* Delete the capabilities: in PHASE_SLOTS all but the feeds, in PHASE_FEEDS these. */
static bool reap_slots(struct domain *domain, uint32_t *budget) {
    bool feeds = domain->phase == PHASE_FEEDS;
    uint64_t end = feeds ? domain->feed_end : domain->slot_total;
    uint64_t cursor = domain->slot_cursor;
    for (; cursor < end; cursor++) {
        struct slot *slot = &domain->slots[cursor];
        /* Free slots cost less than a unit of the budget. */
        if (cursor % 8 == 0 && !budget_take(budget, 1))
            break;
        if (slot->kind != EXO_OBJECT_KIND_EMPTY) {
            uint8_t kind = slot->kind == SLOT_ENDING ? slot->kind_ending : slot->kind;
            if ((kind == EXO_OBJECT_KIND_FEED) != feeds) {
                domain->feed_end = cursor + 1;
                continue;
            }
            if (!slot_delete(slot, budget))
                break;
        }
        slot->notice = EXO_NOTICE_REASON_NONE; /* all that a free slot still says */
    }
    domain->slot_cursor = cursor < end ? cursor : 0;
    return cursor == end;
}

static void reap_root(struct domain *domain) {
    struct core *core = core_self();
    if (core->arch.root_current == domain->root)
        arch_space_load(core, 0);
    if (domain->root != 0)
        arch_root_clear(domain->root);
    domain->root = 0;
    domain->table_address = TABLE_NONE;
    domain->pool = 0;
    domain->pool_count = 0;
}

static void reap_frames(struct domain *domain) {
    uint64_t base = pointer_physical(domain) >> PAGE_SHIFT;
    uint64_t frames = domain->frames;
    list_remove(domain->gas->domains, domain, gas_next, gas_previous);
    arch_zero_words(domain, DOMAIN_HEADER_BYTES / 8);
    for (uint64_t i = 0; i < frames; i++)
        frame_release(frame_at(base + i));
}

bool domain_reap(struct domain *domain, uint32_t *budget) {
    core_own_mask(domain->cores);
    domain->slot_count = 0;
    for (; domain->phase < PHASE_FRAMES; domain->phase++) {
        bool done = true;
        if (domain->phase == PHASE_THREADS) {
            done = reap_threads(domain, budget);
        } else if (domain->phase == PHASE_SPACE) {
            done = memory_unmap_domain(domain, budget);
        } else if (domain->phase == PHASE_POOL) {
            reap_root(domain);
        } else {
            done = reap_slots(domain, budget);
        }
        if (!done)
            return false;
    }
    if (!object_tell(&domain->object, budget))
        return false;
    /* Capabilities may outlive the Domain; the last one brings it here again. */
    if (domain->object.references > 0) {
        domain->object.state = OBJECT_PARKED;
    } else {
        reap_frames(domain);
    }
    return true;
}

bool domain_check(const struct domain *domain) {
    for (uint64_t i = 0; i < domain->slot_total; i++) {
        if (!slot_check(&domain->slots[i]))
            return false;
    }
    return domain->slot_count == 0 || domain->slot_count == domain->slot_total;
}
