/* SPDX-License-Identifier: MIT */
#include "tree_model.h"

#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

/* Slots of the first Domain's table. */
#define SLOT_DOMAIN 44u
#define SLOT_FEED 48u
#define SLOT_THREAD 52u
#define OWN_DOMAIN 1u /* in the others' tables: capabilities to all three Domains */
#define WINDOW 0x40000000ull
#define MACHINE_OWN 40 /* frames below the RAM capability, and a few */
#define FIRST_MODEL_FRAME 32 /* of the RAM capability */
#define HISTORY 40

void (*tree_between)(struct tree_model *model, struct tree_operation running);

static struct domain *domains[TREE_DOMAINS];
static struct thread *threads[TREE_DOMAINS];
static struct tree_operation history[HISTORY];
static unsigned done;

void tree_history(void) {
    static const char *const names[] = {"derive", "delete", "revoke", "map",
                                        "unmap",  "retype", "end"};
    for (unsigned i = done > HISTORY ? done - HISTORY : 0; i < done; i++) {
        const struct tree_operation *o = &history[i % HISTORY];
        fprintf(stderr, "  %s %u.%u -> %u.%u offset %u count %u rights %x\n", names[o->kind],
                o->domain, o->slot, o->target_domain, o->target, o->offset, o->count, o->rights);
    }
}

static void expect(bool condition, const char *what, uint64_t got) {
    if (!condition) {
        fprintf(stderr, "\n%s (%lu)\n", what, (unsigned long)got);
        tree_history();
        abort();
    }
}
#define EXPECT(condition, got) expect((condition), #condition, (got))

static uint32_t real_slot(unsigned domain, unsigned slot) {
    return (domain == 0 ? MACHINE_FREE : 4) + slot;
}

static struct slot *kernel_slot(int slot) {
    struct domain *domain = domains[slot / TREE_SLOTS];
    return &domain->slots[real_slot((unsigned)slot / TREE_SLOTS, (unsigned)slot % TREE_SLOTS)];
}

static uint64_t first_frame(void) {
    return machine_ram() + FIRST_MODEL_FRAME;
}

void tree_start(struct tree_model *model, uint16_t frames) {
    uint64_t all = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE;
    machine_start(MACHINE_OWN + FIRST_MODEL_FRAME + frames, 3, 8);
    machine_panic_hook = tree_history;
    done = 0;
    for (uint64_t i = 0; i < TREE_DOMAINS; i++) {
        domains[i] = i == 0 ? machine_domain : machine_make_domain(2 + i, 1, SLOT_DOMAIN + i);
        threads[i] = machine_thread;
        if (i > 0) {
            CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_FEED + i, 8 * i,
                    8, all, 0);
            CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN + i, SLOT_FEED + i, 0, 8, 27);
            threads[i] = machine_make_thread(4 + i, SLOT_THREAD + i, SLOT_DOMAIN + i, i);
            /* An address space of its own, with something in it. */
            CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, 26, 0, 1,
                    EXO_RIGHT_READ, 0);
            CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN + i, 26, MACHINE_CODE, 0, 1,
                    EXO_RIGHT_READ);
            CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
        }
    }
    for (uint64_t i = 0; i < TREE_DOMAINS * TREE_DOMAINS; i++) {
        uint64_t named = i / TREE_DOMAINS == 0 ? MACHINE_SELF : SLOT_DOMAIN + i / TREE_DOMAINS;
        if (i % TREE_DOMAINS > 0) {
            CALL_OK(machine_thread, CAPABILITY_DERIVE, named, SLOT_DOMAIN + i % TREE_DOMAINS,
                    OWN_DOMAIN + i / TREE_DOMAINS, 0, 0, EXO_RIGHT_CONTROL, 0);
        }
    }
    memset(model, 0, sizeof *model);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, real_slot(0, 0),
            FIRST_MODEL_FRAME, frames, all, 0);
    model->frames = frames;
    model->slot[0] = (struct tree_slot){.kind = EXO_OBJECT_KIND_MEMORY, .parent = TREE_ROOT,
                                        .count = frames, .rights = (uint16_t)all};
}

/* What is true of a frame, found by looking at everything --------------------------------- */

struct tree_frame {
    unsigned written, frozen, mapped;
    bool kernel;
};

static struct tree_frame look(const struct tree_model *model, unsigned frame) {
    struct tree_frame result = {.kernel = false};
    for (int i = 0; i < TREE_DOMAINS * TREE_SLOTS; i++) {
        const struct tree_slot *s = &model->slot[i];
        if (s->kind == EXO_OBJECT_KIND_MEMORY && frame >= s->base && frame - s->base < s->count) {
            result.written += (s->rights & EXO_RIGHT_DMA) != 0;
            result.frozen += (s->rights & EXO_RIGHT_FROZEN) != 0;
        }
    }
    for (int i = 0; i < TREE_MAPPINGS; i++) {
        const struct tree_mapping *m = &model->mapping[i];
        result.mapped += m->used && m->frame == frame;
        result.written += m->used && m->frame == frame && m->writable;
    }
    for (int i = 0; i < TREE_OBJECTS; i++) {
        result.kernel = result.kernel || model->object_frame[i] == frame + 1;
    }
    return result;
}

bool tree_below(const struct tree_model *model, int slot, int above) {
    int at = model->slot[slot].parent;
    while (at != above && at != TREE_ROOT) {
        at = model->slot[at].parent;
    }
    return at == above;
}

static unsigned depth(const struct tree_model *model, int slot) {
    unsigned result = 2; /* the pool has a parent that the model does not know */
    while (model->slot[slot].parent != TREE_ROOT) {
        slot = model->slot[slot].parent;
        result++;
    }
    return result;
}

/* Changes of the model --------------------------------------------------------------------- */

void tree_remove(struct tree_model *model, int slot) {
    struct tree_slot *s = &model->slot[slot];
    unsigned references = 0;
    for (int i = 0; i < TREE_MAPPINGS; i++) {
        struct tree_mapping *m = &model->mapping[i];
        if (m->used && m->domain == slot / TREE_SLOTS && m->page >= s->map_low &&
            m->page < s->map_high && m->frame >= s->base && m->frame - s->base < s->count) {
            m->used = 0;
        }
    }
    for (int i = 0; i < TREE_DOMAINS * TREE_SLOTS; i++) {
        if (model->slot[i].kind != 0 && model->slot[i].parent == slot) {
            model->slot[i].parent = s->parent;
        }
        references += i != slot && model->slot[i].kind == EXO_OBJECT_KIND_EVENT &&
                      model->slot[i].object == s->object;
    }
    if (s->kind == EXO_OBJECT_KIND_EVENT && references == 0) {
        model->object_frame[s->object] = 0;
    }
    memset(s, 0, sizeof *s);
}

static void model_revoke(struct tree_model *model, int slot) {
    for (int i = 0; i < TREE_DOMAINS * TREE_SLOTS; i++) {
        if (model->slot[i].kind != 0 && tree_below(model, i, slot)) {
            tree_remove(model, i);
            i = -1;
        }
    }
}

static void model_end(struct tree_model *model, unsigned domain) {
    for (unsigned i = 0; i < TREE_SLOTS; i++) {
        if (model->slot[domain * TREE_SLOTS + i].kind != 0) {
            tree_remove(model, (int)(domain * TREE_SLOTS + i));
        }
    }
    for (int i = 0; i < TREE_MAPPINGS; i++) {
        model->mapping[i].used = model->mapping[i].used && model->mapping[i].domain != domain;
    }
    model->ended[domain] = 1;
}

/* Each answers the status and, when that is ok, changes the model -------------------------- */

static unsigned memory_rights(const struct tree_slot *source, struct tree_operation o) {
    unsigned counted = o.rights & (EXO_RIGHT_FROZEN | EXO_RIGHT_DMA);
    if (counted == (EXO_RIGHT_FROZEN | EXO_RIGHT_DMA)) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    if (counted != 0 && !(source->rights & EXO_RIGHT_WRITE) && !(source->rights & counted)) {
        return EXO_STATUS_DENIED;
    }
    if ((o.rights & ~counted & ~source->rights) != 0) {
        return EXO_STATUS_DENIED;
    }
    if ((o.rights & EXO_RIGHT_FROZEN) && (o.rights & (EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE))) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    return (o.rights & EXO_RIGHT_DMA) && o.target_domain != 0 ? EXO_STATUS_DENIED : EXO_STATUS_OK;
}

static unsigned model_derive(struct tree_model *model, struct tree_operation o) {
    int from = o.domain * TREE_SLOTS + o.slot;
    const struct tree_slot *source = &model->slot[from];
    struct tree_slot *target = &model->slot[o.target_domain * TREE_SLOTS + o.target];
    bool memory = source->kind == EXO_OBJECT_KIND_MEMORY;
    if (target->kind != 0) {
        return EXO_STATUS_CONFLICT;
    }
    if (memory && (o.count == 0 || o.offset + o.count > source->count)) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    unsigned status = memory ? memory_rights(source, o)
                      : o.rights & ~source->rights ? EXO_STATUS_DENIED
                                                   : EXO_STATUS_OK;
    if (status != EXO_STATUS_OK) {
        return status;
    }
    if (depth(model, from) >= DERIVATION_DEPTH_MAX) {
        return EXO_STATUS_TOO_DEEP;
    }
    for (unsigned i = 0; memory && i < o.count; i++) {
        struct tree_frame frame = look(model, source->base + o.offset + i);
        if (((o.rights & EXO_RIGHT_FROZEN) && (frame.written > 0 || frame.kernel)) ||
            ((o.rights & EXO_RIGHT_DMA) && (frame.frozen > 0 || frame.kernel))) {
            return EXO_STATUS_CONFLICT;
        }
    }
    *target = *source;
    target->parent = (int16_t)from;
    target->rights = o.rights;
    target->map_low = target->map_high = 0;
    target->base = memory ? source->base + o.offset : source->base;
    target->count = memory ? o.count : source->count;
    return EXO_STATUS_OK;
}

static struct tree_mapping *mapping_at(struct tree_model *model, unsigned domain, unsigned page) {
    for (int i = 0; i < TREE_MAPPINGS; i++) {
        struct tree_mapping *m = &model->mapping[i];
        if (m->used && m->domain == domain && m->page == page) {
            return m;
        }
    }
    return NULL;
}

static unsigned model_map(struct tree_model *model, struct tree_operation o) {
    struct tree_slot *s = &model->slot[o.domain * TREE_SLOTS + o.slot];
    if (o.rights & ~s->rights) {
        return EXO_STATUS_DENIED;
    }
    if (o.offset >= s->count) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    struct tree_frame frame = look(model, s->base + o.offset);
    bool writable = o.rights & EXO_RIGHT_WRITE;
    if (mapping_at(model, o.domain, o.target) != NULL || frame.kernel ||
        (writable && frame.frozen > 0)) {
        return EXO_STATUS_CONFLICT;
    }
    for (int i = 0; i < TREE_MAPPINGS; i++) {
        if (!model->mapping[i].used) {
            model->mapping[i] = (struct tree_mapping){.used = 1, .domain = o.domain,
                                                      .writable = writable, .page = o.target,
                                                      .frame = (uint16_t)(s->base + o.offset)};
            break;
        }
    }
    bool fresh = s->map_high == 0;
    s->map_low = fresh || o.target < s->map_low ? o.target : s->map_low;
    s->map_high = o.target >= s->map_high ? o.target + 1u : s->map_high;
    return EXO_STATUS_OK;
}

static unsigned model_retype(struct tree_model *model, struct tree_operation o) {
    int from = o.domain * TREE_SLOTS + o.slot;
    const struct tree_slot *source = &model->slot[from];
    unsigned first = o.domain * TREE_SLOTS + o.target, objects = 0;
    if (o.offset >= source->count || o.count == 0) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    for (unsigned i = 0; i < o.count; i++) {
        if (model->slot[first + i].kind != 0) {
            return EXO_STATUS_CONFLICT;
        }
    }
    struct tree_frame frame = look(model, source->base + o.offset);
    if (frame.kernel || frame.mapped || frame.written || frame.frozen) {
        return EXO_STATUS_CONFLICT;
    }
    if (depth(model, from) >= DERIVATION_DEPTH_MAX) {
        return EXO_STATUS_TOO_DEEP;
    }
    for (unsigned i = 0; i < TREE_OBJECTS && objects < o.count; i++) {
        if (model->object_frame[i] == 0) {
            model->object_frame[i] = (uint16_t)(source->base + o.offset + 1);
            model->slot[first + objects++] =
                (struct tree_slot){.kind = EXO_OBJECT_KIND_EVENT, .object = (uint8_t)i,
                                   .parent = (int16_t)from,
                                   .rights = EXO_RIGHT_SIGNAL | EXO_RIGHT_WAIT};
        }
    }
    return EXO_STATUS_OK;
}

/* Calls ------------------------------------------------------------------------------------ */

static void prepare(struct tree_operation o) {
    struct thread *thread = threads[o.domain];
    uint32_t slot = real_slot(o.domain, o.slot);
    uint64_t target = real_slot(o.target_domain, o.target);
    uint64_t named = (o.domain > 0 ? OWN_DOMAIN : SLOT_DOMAIN) + o.target_domain;
    uint64_t domain = o.domain == o.target_domain ? EXO_SELF : named;
    uint64_t address = WINDOW + o.target * PAGE_SIZE;
    switch (o.kind) {
    case TREE_DERIVE:
        machine_prepare(thread, EXO_CALL_CAPABILITY_DERIVE, slot,
                        (uint64_t[6]){domain, target, o.offset, o.count, o.rights, 0});
        break;
    case TREE_DELETE:
        machine_prepare(thread, EXO_CALL_CAPABILITY_DELETE, slot, (uint64_t[6]){0});
        break;
    case TREE_REVOKE:
        machine_prepare(thread, EXO_CALL_CAPABILITY_REVOKE, slot, (uint64_t[6]){0});
        break;
    case TREE_MAP:
        machine_prepare(thread, EXO_CALL_MEMORY_MAP, EXO_SELF,
                        (uint64_t[6]){slot, address, o.offset, 1, o.rights});
        break;
    case TREE_UNMAP:
        machine_prepare(thread, EXO_CALL_MEMORY_UNMAP, EXO_SELF, (uint64_t[6]){address, 1});
        break;
    case TREE_RETYPE:
        machine_prepare(thread, EXO_CALL_MEMORY_RETYPE, slot,
                        (uint64_t[6]){o.offset, 1, EXO_OBJECT_KIND_EVENT, target, o.count});
        break;
    default:
        machine_prepare(thread, EXO_CALL_CAPABILITY_REVOKE, SLOT_FEED + o.target_domain,
                        (uint64_t[6]){0});
        break;
    }
}

uint64_t tree_call(struct tree_operation o) {
    struct thread *thread = threads[o.domain];
    if (!machine_run(thread)) {
        return MACHINE_BLOCKED;
    }
    prepare(o);
    while (machine_pending(thread)) {
        machine_run(thread);
        machine_step();
    }
    return thread->registers.status;
}

/* The same with the calls of others between the steps. */
static uint64_t call_with_others(struct tree_model *model, struct tree_operation o) {
    struct thread *thread = threads[o.domain];
    EXPECT(machine_run(thread), o.domain);
    prepare(o);
    for (unsigned i = 0; machine_pending(thread); i++) {
        if (i > 0 && tree_between != NULL && o.kind != TREE_END) {
            tree_between(model, o);
        }
        EXPECT(machine_run(thread), o.domain);
        machine_step();
    }
    return thread->registers.status;
}

/* A revoke that met a pinned descendant: what went was below and not pinned. */
static void after_busy(struct tree_model *model, int slot) {
    bool pinned = false;
    for (int i = 0; i < TREE_DOMAINS * TREE_SLOTS; i++) {
        struct tree_slot *s = &model->slot[i];
        bool below = s->kind != 0 && tree_below(model, i, slot);
        bool dma = s->kind == EXO_OBJECT_KIND_MEMORY && (s->rights & EXO_RIGHT_DMA);
        pinned = pinned || (below && dma);
        if (s->kind != 0 && kernel_slot(i)->kind == EXO_OBJECT_KIND_EMPTY) {
            EXPECT(below && !dma, (uint64_t)i);
            tree_remove(model, i);
        }
    }
    EXPECT(pinned, (uint64_t)slot);
}

static unsigned expected_status(struct tree_model *model, struct tree_operation o) {
    unsigned kind = model->slot[o.domain * TREE_SLOTS + o.slot].kind;
    if (o.kind == TREE_END || o.kind == TREE_UNMAP) {
        return EXO_STATUS_OK;
    }
    bool memory_only = o.kind == TREE_MAP || o.kind == TREE_RETYPE;
    unsigned needed = o.kind == TREE_MAP ? EXO_RIGHT_READ : EXO_RIGHT_RETYPE;
    if (kind == 0 ||
        (memory_only && (kind != EXO_OBJECT_KIND_MEMORY ||
                         !(model->slot[o.domain * TREE_SLOTS + o.slot].rights & needed)))) {
        return EXO_STATUS_BAD_CAPABILITY;
    }
    switch (o.kind) {
    case TREE_DERIVE:
        return model_derive(model, o);
    case TREE_MAP:
        return model_map(model, o);
    case TREE_RETYPE:
        return model_retype(model, o);
    default:
        return EXO_STATUS_OK;
    }
}

void tree_do(struct tree_model *model, struct tree_operation o) {
    if (model->ended[o.domain] || model->ended[o.target_domain]) {
        return;
    }
    done = model->steps++;
    history[done++ % HISTORY] = o;
    int slot = o.domain * TREE_SLOTS + o.slot;
    uint64_t status = call_with_others(model, o);
    if (o.kind == TREE_REVOKE && status == EXO_STATUS_BUSY) {
        after_busy(model, slot);
        tree_compare(model, true);
        return;
    }
    unsigned wanted = expected_status(model, o);
    EXPECT(status == wanted, status);
    if (wanted == EXO_STATUS_OK) {
        struct tree_mapping *mapping = mapping_at(model, o.domain, o.target);
        switch (o.kind) {
        case TREE_DELETE:
            tree_remove(model, slot);
            break;
        case TREE_REVOKE:
            model_revoke(model, slot);
            break;
        case TREE_UNMAP:
            if (mapping != NULL) {
                mapping->used = 0;
            }
            break;
        case TREE_END:
            model_end(model, o.target_domain);
            break;
        default:
            break;
        }
    }
    tree_compare(model, o.kind != TREE_UNMAP);
}

void tree_compare(const struct tree_model *model, bool all) {
    for (int i = 0; i < TREE_DOMAINS * TREE_SLOTS; i++) {
        const struct tree_slot *s = &model->slot[i];
        if (model->ended[i / TREE_SLOTS]) {
            continue;
        }
        const struct slot *slot = kernel_slot(i);
        EXPECT(slot->kind == s->kind, (uint64_t)i);
        if (s->kind == 0) {
            continue;
        }
        const struct slot *parent =
            s->parent == TREE_ROOT ? slot_at(machine_domain, MACHINE_RAM) : kernel_slot(s->parent);
        EXPECT(slot->parent == parent, (uint64_t)i);
        EXPECT(slot->rights == s->rights, (uint64_t)i);
        if (s->kind == EXO_OBJECT_KIND_MEMORY) {
            EXPECT(slot->base == first_frame() + s->base, (uint64_t)i);
            EXPECT(slot->count == s->count, (uint64_t)i);
            EXPECT(!(slot->flags & SLOT_FLAG_GROWING), (uint64_t)i);
        }
    }
    /* Every frame of the smallest runs, and a sample of the others. */
    for (unsigned i = 0; i < model->frames; i += i < 16 ? 1 : 37) {
        struct tree_frame wanted = look(model, i);
        const struct frame *frame = frame_at(first_frame() + i);
        EXPECT(frame_is_kernel(frame) == wanted.kernel, i);
        EXPECT(wanted.kernel || frame->mapped == wanted.mapped, i);
        EXPECT(wanted.kernel ||
                   frame->writers == (int32_t)wanted.written - (int32_t)wanted.frozen, i);
    }
    const char *broken = all ? machine_check() : NULL;
    expect(broken == NULL, broken, 0);
}
