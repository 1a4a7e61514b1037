/* SPDX-License-Identifier: MIT */
/*
 * Everything that must hold after every kernel call, recomputed from scratch: nothing here uses a
 * count that the kernel keeps. Domains are found by the owners in the frame table, capabilities in
 * their tables, all other objects through capabilities and home lists.
 */
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define OBJECTS_MAX 4096
#define LIST_MAX 100000 /* longer than any list can be: it has a cycle */

/* What the counts of a frame should be. */
struct tally {
    uint32_t mapped, writers, frozen, live, entries;
};

static struct tally tallies[MACHINE_FRAMES_MAX];
static struct {
    const struct object *object;
    uint32_t references;
} objects[OBJECTS_MAX];
static uint32_t object_count, capability_count;
static const char *broken;

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition) && broken == NULL) {                                                      \
            broken = #condition;                                                                   \
        }                                                                                          \
    } while (0)

static uint64_t frame_number(const void *pointer) {
    return pointer_physical(pointer) >> PAGE_SHIFT;
}

/* An object that is seen for the first time counts on its frame. */
static void object_seen(const struct object *object, uint32_t references) {
    uint32_t i = 0;
    while (i < object_count && objects[i].object != object) {
        i++;
    }
    if (i == object_count) {
        HOLDS(object_count < OBJECTS_MAX);
        if (object_count == OBJECTS_MAX) {
            return;
        }
        objects[object_count++].object = object;
        objects[i].references = 0;
        HOLDS(object_check(object));
        if (object->kind != EXO_OBJECT_KIND_CPU && object->kind != EXO_OBJECT_KIND_DOMAIN) {
            tallies[frame_number(object)].live++;
        }
    }
    objects[i].references += references;
}

static bool slot_is_run(uint32_t kind) {
    return kind == EXO_OBJECT_KIND_MEMORY || kind == EXO_OBJECT_KIND_FEED ||
           kind == EXO_OBJECT_KIND_VECTOR;
}

/* What one capability adds to the counts of its frames. */
static void tally_slot(const struct slot *slot) {
    uint32_t kind = slot->kind == SLOT_ENDING ? slot->kind_ending : slot->kind;
    if (kind >= EXO_OBJECT_KIND_DOMAIN && kind <= EXO_OBJECT_KIND_GAS) {
        object_seen(slot->object, 1);
    }
    if (!slot_is_run(kind) || (slot->flags & SLOT_FLAG_DEVICE)) {
        return;
    }
    HOLDS((uint64_t)slot->base + slot->count <= frame_limit);
    for (uint64_t i = slot->base; i < (uint64_t)slot->base + slot->count && i < frame_limit; i++) {
        if (kind == EXO_OBJECT_KIND_VECTOR) {
            tallies[i].mapped++;
            tallies[i].writers++;
        } else if (kind == EXO_OBJECT_KIND_MEMORY) {
            tallies[i].writers += (slot->rights & EXO_RIGHT_DMA) != 0;
            tallies[i].frozen += (slot->rights & EXO_RIGHT_FROZEN) != 0;
        } else {
            HOLDS(frame_is_kernel(frame_at(i)));
        }
    }
}

/* A child is in its parent's list, once; the whole chain upwards is not longer than allowed. */
static void check_links(const struct slot *slot) {
    HOLDS(slot_check(slot));
    if (slot->kind == EXO_OBJECT_KIND_EMPTY) {
        return;
    }
    uint32_t depth = 0;
    for (const struct slot *at = slot; at != NULL && depth <= DERIVATION_DEPTH_MAX;
         at = at->parent) {
        HOLDS(at->kind != EXO_OBJECT_KIND_EMPTY);
        depth++;
    }
    HOLDS(depth <= DERIVATION_DEPTH_MAX);
    if (slot->parent != NULL) {
        uint32_t found = 0, length = 0;
        for (const struct slot *at = slot->parent->child; at != NULL && length < LIST_MAX;
             at = at->next) {
            found += at == slot;
            length++;
        }
        HOLDS(found == 1);
    }
    HOLDS(slot->revoker == NULL || slot->revoker->revoking == slot);
    HOLDS(slot->account == NULL || slot->account->object.state == OBJECT_LIVE ||
          slot->account->object.state == OBJECT_ENDING);
}

/* Count the present entries below a table; what a leaf maps is counted on its frame. */
static uint32_t tally_table(uint64_t physical, int level) {
    const uint64_t *table = physical_pointer(physical);
    uint32_t tables = 1;
    HOLDS(frame_is_kernel(frame_at(physical >> PAGE_SHIFT)));
    for (uint32_t i = 0; i < TABLE_ENTRIES; i++) {
        uint64_t entry = table[i];
        if (entry == 0) {
            continue;
        }
        HOLDS(entry & ENTRY_PRESENT);
        tallies[physical >> PAGE_SHIFT].entries++;
        if (level > 0) {
            tables += tally_table(entry & ENTRY_FRAME, level - 1);
        } else if (arch_entry_frame(entry) < frame_limit) {
            tallies[arch_entry_frame(entry)].mapped++;
            tallies[arch_entry_frame(entry)].writers += (entry & ENTRY_WRITE) != 0;
        }
    }
    return tables;
}

/* Page tables: those in use and those in the pool are all the frames that were fed. */
static void check_space(const struct domain *domain) {
    uint64_t self = frame_number(domain);
    uint64_t tables = domain->root == 0 ? 0 : tally_table(domain->root, 3);
    uint64_t free_tables = 0, owned = 0;
    for (uint64_t at = domain->pool; at != 0 && free_tables < LIST_MAX;
         at = *(const uint64_t *)physical_pointer(at)) {
        free_tables++;
        HOLDS(frame_at(at >> PAGE_SHIFT)->owner == self);
    }
    HOLDS(free_tables == domain->pool_count);
    for (uint64_t i = 0; i < frame_limit; i++) {
        owned += frame_is_kernel(frame_at(i)) && frame_at(i)->owner == self;
    }
    HOLDS(domain->root == 0 || owned == domain->frames + free_tables + tables);
}

static void check_domain(const struct domain *domain) {
    HOLDS(domain->object.kind == EXO_OBJECT_KIND_DOMAIN);
    object_seen(&domain->object, 0);
    check_space(domain);
    for (uint64_t i = 0; i < domain->slot_total; i++) {
        const struct slot *slot = &domain->slots[i];
        check_links(slot);
        if (slot->kind != EXO_OBJECT_KIND_EMPTY) {
            HOLDS(i != 0);
            HOLDS(slot_domain(slot) == domain);
            capability_count++;
            tally_slot(slot);
        }
    }
    HOLDS(domain->slot_count == 0 || domain->slot_count == domain->slot_total);
    uint32_t length = 0;
    const struct thread *before = NULL;
    for (const struct thread *at = domain->threads; at != NULL && length < LIST_MAX;
         at = at->home_next) {
        HOLDS(at->home == domain && at->home_previous == before);
        object_seen(&at->object, 0);
        before = at;
        length++;
    }
    for (const struct portal *at = domain->portals; at != NULL && length < LIST_MAX;
         at = at->domain_next) {
        HOLDS(at->domain == domain);
        object_seen(&at->object, 0);
        length++;
    }
    HOLDS(length < LIST_MAX);
}

static void check_frames(void) {
    uint64_t kernel = 0;
    for (uint64_t i = 1; i < frame_limit; i++) {
        const struct frame *frame = frame_at(i);
        const struct tally *tally = &tallies[i];
        HOLDS(frame_check(frame));
        if (frame_is_kernel(frame)) {
            kernel++;
            HOLDS(tally->mapped == 0 && tally->writers == 0 && tally->frozen == 0);
            HOLDS(frame->mapped == tally->live + tally->entries);
            continue;
        }
        HOLDS(tally->live == 0 && tally->entries == 0);
        HOLDS(tally->writers == 0 || tally->frozen == 0);
        HOLDS(frame->mapped == tally->mapped);
        HOLDS(frame->writers == (int32_t)tally->writers - (int32_t)tally->frozen);
        if (frame->charger != 0) {
            const struct slot *charger = slot_from_id(frame->charger);
            HOLDS(charger->account != NULL && charger->base <= i &&
                  i < (uint64_t)charger->base + charger->count);
        }
    }
    HOLDS(machine_core->counters[EXO_COUNTER_KERNEL_FRAMES] == kernel);
    HOLDS(machine_core->counters[EXO_COUNTER_CAPABILITIES] == capability_count);
}

static void check_thread(const struct thread *thread) {
    HOLDS(thread_check(thread));
    HOLDS(thread->state <= THREAD_IDLE);
    HOLDS(thread->state == THREAD_STOPPED || (thread->home != NULL && thread->core != NULL));
    HOLDS((thread->state == THREAD_CALLING) == (thread->callee != NULL));
    HOLDS((thread->state == THREAD_QUEUED) == (thread->portal_wanted != NULL));
    HOLDS((thread->state == THREAD_WAITING) == (thread->event != NULL));
    HOLDS(thread->state != THREAD_IDLE || (thread->portal != NULL && !thread->serving));
    HOLDS(thread->depth <= CALL_DEPTH_MAX);
    HOLDS(thread->caller == NULL || thread->depth == thread->caller->depth + 1);
    HOLDS(thread->serving || thread->depth == 0);
    bool waits = thread->state == THREAD_WAITING || thread->state == THREAD_QUEUED ||
                 thread->state == THREAD_CALLING;
    HOLDS(thread->heap_index == 0 || waits);
    HOLDS(thread->heap_index == 0 ||
          machine_core->heap[thread->heap_index - 1] == thread);
    HOLDS(thread->revoking == NULL || thread->revoking->revoker == thread);
    HOLDS(thread->upcall_event == NULL || thread->upcall_event->upcall == thread);
}

static void check_portal(const struct portal *portal) {
    uint32_t idle = 0, attached = 0, queued = 0, in_idle = 0, in_queue = 0;
    HOLDS(portal_check(portal));
    for (uint32_t i = 0; i < object_count; i++) {
        if (objects[i].object->kind == EXO_OBJECT_KIND_THREAD) {
            const struct thread *thread = (const struct thread *)objects[i].object;
            attached += thread->portal == portal;
            idle += thread->portal == portal && thread->state == THREAD_IDLE;
            queued += thread->portal_wanted == portal;
        }
    }
    for (const struct thread *at = portal->idle[0]; at != NULL && in_idle <= idle;
         at = at->queue_next) {
        in_idle++;
    }
    uint32_t handlers = 0;
    for (const struct thread *at = portal->handlers; at != NULL && handlers <= attached;
         at = at->handler_next) {
        HOLDS(at->portal == portal);
        HOLDS(at->handler_next == NULL || at->handler_next->handler_previous == at);
        handlers++;
    }
    HOLDS(handlers == attached);
    const struct thread *before = NULL;
    for (const struct thread *at = portal->queue_first[0]; at != NULL && in_queue <= queued;
         at = at->queue_next) {
        HOLDS(at->state == THREAD_QUEUED && at->portal_wanted == portal);
        HOLDS(at->queue_previous == before);
        before = at;
        in_queue++;
    }
    HOLDS(portal->queue_last[0] == before);
    HOLDS(idle == in_idle && queued == in_queue && attached == portal->attached[0]);
}

static void check_event(const struct event *event) {
    uint32_t waiting = 0, listed = 0;
    HOLDS(event_check(event));
    for (uint32_t i = 0; i < object_count; i++) {
        const struct thread *thread = (const struct thread *)objects[i].object;
        waiting += objects[i].object->kind == EXO_OBJECT_KIND_THREAD && thread->event == event;
    }
    for (const struct thread *at = event->first; at != NULL && listed <= waiting;
         at = at->queue_next) {
        listed++;
    }
    HOLDS(waiting == listed);
}

/* Frames charged to each account but the root, which also has all that nobody was charged for. */
static void check_gas(const struct gas *gas) {
    HOLDS(gas_check(gas));
    uint64_t charged = 0;
    for (uint64_t i = 0; i < frame_limit; i++) {
        uint32_t charger = frame_at(i)->charger;
        charged += charger != 0 && slot_from_id(charger)->account == gas;
    }
    HOLDS(gas == gas_root || gas->frames == charged);
}

static void check_core(const struct core *core) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < CPU_THREADS_MAX && found < core->bound; i++) {
        const struct thread *thread = core->table[i];
        if (thread != NULL) {
            found++;
            HOLDS(thread->cpu_index == i && thread->core == core);
        }
    }
    HOLDS(core->position < core->vector_count);
    HOLDS(deadline_check(core));
    HOLDS(core->current == NULL || core->current->state == THREAD_READY);
    HOLDS(core->current == NULL || core->current->home != NULL);
    HOLDS(core->slot_thread == NULL || core->slot_thread->core == core);
    HOLDS(core->slot_root == NULL || core->slot_root->core == core);
}

static void check_objects(void) {
    for (uint32_t i = 0; i < object_count; i++) {
        const struct object *object = objects[i].object;
        uint32_t kept = object == &gas_root->object || object->kind == EXO_OBJECT_KIND_CPU;
        HOLDS(object->references == objects[i].references + kept);
        HOLDS(object->references > 0 || object->state == OBJECT_ENDING);
        uint32_t listed = 0;
        for (const struct slot *slot = object->slots; slot != NULL && listed < LIST_MAX;
             slot = slot->list_next) {
            HOLDS(slot->object == object);
            listed++;
        }
        HOLDS(listed == objects[i].references);
        switch (object->kind) {
        case EXO_OBJECT_KIND_THREAD:
            check_thread((const struct thread *)object);
            break;
        case EXO_OBJECT_KIND_PORTAL:
            check_portal((const struct portal *)object);
            break;
        case EXO_OBJECT_KIND_EVENT:
            check_event((const struct event *)object);
            break;
        case EXO_OBJECT_KIND_GAS:
            check_gas((const struct gas *)object);
            break;
        default:
            break;
        }
    }
}

const char *machine_check(void) {
    broken = NULL;
    object_count = 0;
    capability_count = 0;
    memset(tallies, 0, sizeof tallies[0] * frame_limit);
    for (uint64_t i = 1; i < frame_limit; i++) {
        if (frame_is_kernel(frame_at(i)) && frame_at(i)->owner == i) {
            check_domain(physical_pointer(i << PAGE_SHIFT));
        }
    }
    check_frames();
    check_objects();
    check_core(machine_core);
    return broken;
}
