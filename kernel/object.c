/* SPDX-License-Identifier: MIT */
#include "kernel.h"

_Static_assert(THREAD_BYTES % CACHE_LINE_BYTES == 0 && PORTAL_BYTES % CACHE_LINE_BYTES == 0 &&
               EVENT_BYTES % CACHE_LINE_BYTES == 0 && GAS_BYTES % CACHE_LINE_BYTES == 0 &&
               DOMAIN_HEADER_BYTES % CACHE_LINE_BYTES == 0 &&
               sizeof(struct slot) % CACHE_LINE_BYTES == 0, "no two of them share a cache line");

struct object_list objects_ending;

uint32_t object_bytes(uint64_t kind) {
    static const uint16_t bytes[] = {
        [EXO_OBJECT_KIND_DOMAIN] = PAGE_SIZE,   [EXO_OBJECT_KIND_THREAD] = THREAD_BYTES,
        [EXO_OBJECT_KIND_PORTAL] = PORTAL_BYTES, [EXO_OBJECT_KIND_EVENT] = EVENT_BYTES,
        [EXO_OBJECT_KIND_GAS] = GAS_BYTES,
    };
    return kind < sizeof bytes / sizeof bytes[0] ? bytes[kind] : 0;
}

void object_start(struct object *object, uint64_t kind, struct label_range label) {
    assert(object->state == OBJECT_FREE);
    object->kind = (uint8_t)kind;
    object->state = OBJECT_LIVE;
    object->label = label;
}

void object_end(struct object *object) {
    if (object->state != OBJECT_LIVE && object->state != OBJECT_PARKED)
        return;
    object->state = OBJECT_ENDING;
    object->reap_next = NULL;
    if (objects_ending.last != NULL) {
        objects_ending.last->reap_next = object;
    } else {
        objects_ending.first = object;
    }
    objects_ending.last = object;
}

bool object_tell(struct object *object, uint32_t *budget) {
    if (!object->telling) {
        object->telling = 1;
        object->tell = object->slots;
    }
    while (object->tell != NULL && *budget > 0) {
        struct slot *slot = object->tell;
        object->tell = slot->list_next;
        budget_take(budget, slot_notice(slot, EXO_NOTICE_REASON_ENDED));
    }
    return object->tell == NULL;
}

void object_free(struct object *object) {
    struct frame *frame = frame_at(pointer_physical(object) >> PAGE_SHIFT);
    arch_zero_words(object, object_bytes(object->kind) / 8);
    assert(frame->mapped > 0);
    if (--frame->mapped == 0)
        frame_release(frame);
}

static bool object_reap_one(struct object *object, uint32_t *budget) {
    switch (object->kind) {
    case EXO_OBJECT_KIND_DOMAIN:
        return domain_reap((struct domain *)object, budget);
    case EXO_OBJECT_KIND_THREAD:
        return thread_reap((struct thread *)object);
    case EXO_OBJECT_KIND_PORTAL:
        return portal_reap((struct portal *)object, budget);
    case EXO_OBJECT_KIND_EVENT:
        return event_reap((struct event *)object, budget);
    default:
        return gas_reap((struct gas *)object, budget);
    }
}

bool object_reap(uint32_t *budget) {
    while (objects_ending.first != NULL) {
        if (!budget_take(budget, 16))
            return false;
        struct object *object = objects_ending.first;
        objects_ending.first = object->reap_next;
        if (objects_ending.first == NULL)
            objects_ending.last = NULL;
        if (!object_reap_one(object, budget)) {
            object->reap_next = objects_ending.first;
            objects_ending.first = object;
            objects_ending.last = objects_ending.last == NULL ? object : objects_ending.last;
            return false;
        }
    }
    return true;
}

void object_info(const struct object *object, uint64_t *value, uint64_t *count) {
    const struct thread *thread = (const struct thread *)object;
    const struct domain *domain = (const struct domain *)object;
    const struct gas *gas = (const struct gas *)object;
    *count = object->references;
    if (object->kind == EXO_OBJECT_KIND_THREAD) {
        *value = thread->consumed;
        *count = thread->state | (uint64_t)thread->stop_reason << 8 | thread->calls << 16;
    } else if (object->kind == EXO_OBJECT_KIND_GAS) {
        *value = (uint64_t)gas->balance;
        *count = gas->frames;
    } else if (object->kind == EXO_OBJECT_KIND_DOMAIN) {
        *value = domain->slot_total;
        *count = domain->pool_count;
    }
}

bool object_check(const struct object *object) {
    return object->state != OBJECT_FREE && object->kind >= EXO_OBJECT_KIND_DOMAIN &&
           object->kind <= EXO_OBJECT_KIND_GAS && label_range_check(object->label);
}

/* Decoded arguments of memory_retype. */
struct retype {
    struct slot *source;
    struct domain *home; /* of a Thread or Portal */
    struct gas *gas;     /* that a Domain runs on, or an account's parent */
    uint64_t base, count, kind, slot, number;
    bool dma_trusted;
};

static enum exo_status retype_detail(struct thread *caller, uint64_t detail, struct retype *r) {
    uint64_t index = detail & 0xffffffff;
    if (r->kind == EXO_OBJECT_KIND_THREAD || r->kind == EXO_OBJECT_KIND_PORTAL) {
        r->home = domain_find(caller, index, EXO_RIGHT_RUN);
        if (r->home == NULL || r->home->object.state != OBJECT_LIVE)
            return EXO_STATUS_BAD_CAPABILITY;
        return label_range_holds(r->home->object.label, r->source->label) ||
                       label_range_holds(r->source->label, r->home->object.label)
                   ? EXO_STATUS_OK
                   : EXO_STATUS_DENIED;
    }
    if (r->kind == EXO_OBJECT_KIND_DOMAIN || r->kind == EXO_OBJECT_KIND_GAS) {
        struct slot *slot = slot_find(caller->home, index, EXO_OBJECT_KIND_GAS, EXO_RIGHT_PAY);
        if (slot == NULL)
            return EXO_STATUS_BAD_CAPABILITY;
        r->gas = (struct gas *)slot->object;
        r->dma_trusted = r->kind == EXO_OBJECT_KIND_DOMAIN && (detail >> 32 & 1);
        return r->dma_trusted && !caller->home->dma_trusted ? EXO_STATUS_DENIED : EXO_STATUS_OK;
    }
    return EXO_STATUS_OK;
}

/* Decode: may refuse, changes nothing. */
static enum exo_status retype_decode(struct thread *caller, struct slot *source,
                                     const struct memory_retype_args *args, struct retype *r) {
    uint32_t bytes = object_bytes(args->kind);
    *r = (struct retype){.source = source, .kind = args->kind, .slot = args->slot,
                         .number = args->number, .count = args->count,
                         .base = source->base + args->offset};
    if (bytes == 0 || (source->flags & SLOT_FLAG_DEVICE) || args->count > RETYPE_FRAMES_MAX ||
        !slot_holds(source, args->offset, args->count) || args->number == 0 ||
        args->number > args->count * (PAGE_SIZE / bytes) || args->number > RETYPE_OBJECTS_MAX ||
        (args->kind == EXO_OBJECT_KIND_DOMAIN && args->number != 1)) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    struct slot all = {.kind = (uint8_t)args->kind};
    if (slot_rights_allowed(caller->home, &all, source->label, 1) != 1)
        return EXO_STATUS_DENIED;
    for (uint64_t i = 0; i < args->number; i++) {
        if (slot_find_free(caller->home, args->slot + i) == NULL)
            return EXO_STATUS_CONFLICT;
    }
    for (uint64_t i = 0; i < args->count; i++) {
        const struct frame *frame = frame_at(r->base + i);
        if (frame->writers != 0 || frame->mapped != 0)
            return EXO_STATUS_CONFLICT;
    }
    enum exo_status status = retype_detail(caller, args->detail, r);
    return status != EXO_STATUS_OK ? status : slot_derivable(source);
}

/* Make one object at `memory` and name it in the slot. */
static void retype_object(struct retype *r, struct slot *slot, void *memory) {
    struct object *object = memory;
    uint64_t badge = 0;
    uint32_t rights = EXO_RIGHT_CONTROL | EXO_RIGHT_RUN;
    struct label_range label = r->source->label;
    switch (r->kind) {
    case EXO_OBJECT_KIND_DOMAIN:
        domain_create(memory, r->count, label, r->gas)->dma_trusted = r->dma_trusted;
        break;
    case EXO_OBJECT_KIND_THREAD:
        thread_create(memory, r->home, label);
        break;
    case EXO_OBJECT_KIND_PORTAL:
        portal_create(memory, r->home, label);
        rights = EXO_RIGHT_CALL | EXO_RIGHT_ATTACH | EXO_RIGHT_BADGE;
        break;
    case EXO_OBJECT_KIND_EVENT:
        event_create(memory, label);
        badge = ~0ull;
        rights = EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT;
        break;
    default:
        gas_create(memory, r->gas, label);
        break;
    }
    slot_fill_object(slot, r->source, object, rights, badge);
}

enum exo_status memory_retype(struct thread *caller, struct slot *source,
                              const struct memory_retype_args *args) {
    struct retype r;
    enum exo_status status = retype_decode(caller, source, args, &r);
    if (status != EXO_STATUS_OK)
        return status;
    bool domain = r.kind == EXO_OBJECT_KIND_DOMAIN;
    uint32_t bytes = object_bytes(r.kind);
    uint8_t *memory = physical_pointer(r.base << PAGE_SHIFT);
    uint32_t per_frame = (uint32_t)(PAGE_SIZE / bytes);
    for (uint64_t i = 0; i < r.count; i++) {
        /* A frame on which no object lies stays plain. */
        if (!domain && i * per_frame >= r.number)
            break;
        struct frame *frame = frame_at(r.base + i);
        bool taken = frame_take(frame, domain ? (uint32_t)r.base : 0);
        assert(taken);
        arch_zero_words(memory + i * PAGE_SIZE, PAGE_SIZE / 8);
    }
    for (uint64_t i = 0; i < r.number; i++) {
        uint64_t offset = i / per_frame * PAGE_SIZE + i % per_frame * bytes;
        if (!domain)
            frame_at(r.base + i / per_frame)->mapped++;
        retype_object(&r, slot_at(caller->home, r.slot + i), memory + offset);
    }
    return EXO_STATUS_OK;
}
