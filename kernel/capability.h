/* SPDX-License-Identifier: MIT */
/* Capabilities. A slot of a Domain's table holds one capability and is at the same time its node of
   the derivation tree, so derive needs a free slot and nothing else.

   Invariants (slot_check): a slot of kind empty is all zero. The children of a slot form a doubly
   linked list; each names the slot as parent. A child names the same object, or a part of the
   parent's run, with no more rights. A slot that is being deleted has kind SLOT_ENDING, so that no
   look-up finds it; its true kind is in `kind_ending`. A growing slot is a capability to the first
   `count` frames of the run that it will have.

   Protected by the tree lock, except that look-ups on a core read kind and rights without it. */
#pragma once

#define SLOT_ENDING 0xff
#define DERIVATION_DEPTH_MAX 64
/* Frames that may be frozen for the capabilities of one call, and capabilities of one call. */
#define TRANSFER_FRAMES_MAX 512
#define TRANSFER_SLOTS_MAX 8

#define SLOT_FLAG_GROWING 0x02 /* derive has not reached its count yet */
#define SLOT_FLAG_UNDO 0x04    /* ... and met a conflict: it is being deleted again */
#define SLOT_FLAG_DEVICE 0x08  /* Memory that is no RAM */
#define SLOT_FLAG_CLEAR 0x10   /* ending, and its frames must be cleared */

struct slot {
    uint8_t kind; /* enum exo_object_kind or SLOT_ENDING */
    uint8_t flags;
    uint16_t rights;
    uint32_t notify; /* slot of the Event in the same table, or EXO_NONE */
    union {
        struct object *object;
        struct {
            uint32_t base; /* first frame, line or port */
            uint32_t count;
        };
    };
    union {
        uint64_t badge;      /* Portal: the channel's; Event: the bits */
        uint64_t map_tables; /* Memory: bits of the page tables mapped through it (memory.c) */
        struct core *core;   /* vector: who plays it */
    };
    struct slot *parent, *child, *next, *previous;
    uint64_t map_low, map_high; /* Memory: user addresses mapped through it, [low, high) */
    struct label_range label;   /* Memory; objects carry their own */
    struct gas *account;        /* Memory: who pays for the frames it charges, or NULL */
    struct slot *list_next, *list_previous; /* Memory: of the account; otherwise of the object */
    uint8_t kind_ending;
    uint8_t notice; /* enum exo_notice_reason: the last notice about this slot */
    uint8_t unused[2];
    uint32_t count_wanted; /* growing: frames that it will have */
    struct thread *revoker; /* who is taking back everything below; its `revoking` is the slot */
};
_Static_assert(sizeof(struct slot) == 128, "the table index is shifted by 7");

/* The slot of a Domain's table; NULL when the index is beyond it. */
static inline struct slot *slot_at(struct domain *domain, uint64_t index) {
    return index < domain->slot_count ? &domain->slots[index] : NULL;
}

/* What it holds, before anything else is read of it: whoever fills it writes the kind last. */
static inline uint8_t slot_kind(const struct slot *slot) {
    return __atomic_load_n(&slot->kind, __ATOMIC_ACQUIRE);
}

/* The slot when it holds this kind with all these rights; otherwise NULL. */
static inline struct slot *slot_find(struct domain *domain, uint64_t index, uint32_t kind,
                                     uint32_t rights) {
    if (__builtin_expect(index >= domain->slot_count, 0))
        return NULL;
    struct slot *slot = &domain->slots[index];
    return slot_kind(slot) == kind && (slot->rights & rights) == rights ? slot : NULL;
}

/* Whether a run that the slot names has these frames, lines or ports: none is too few. */
static inline bool slot_holds(const struct slot *slot, uint64_t offset, uint64_t count) {
    return offset < slot->count && count > 0 && count <= slot->count - offset;
}

/* A slot that is free; otherwise NULL. */
struct slot *slot_find_free(struct domain *domain, uint64_t index);
/* The Domain in whose table the slot lies. */
struct domain *slot_domain(const struct slot *slot);
uint32_t slot_id(const struct slot *slot);
struct slot *slot_from_id(uint32_t id);

/* Fill a free slot with a capability, as a child of `parent` (NULL: a root). */
void slot_fill(struct slot *slot, struct slot *parent, uint32_t kind, uint32_t rights);
/* The same for an object; counts the reference. */
void slot_fill_object(struct slot *slot, struct slot *parent, struct object *object,
                      uint32_t rights, uint64_t badge);
/* Whether something may be derived from the slot: ok, conflict below a marked one, too_deep. */
enum exo_status slot_derivable(const struct slot *slot);
/* The rights, of those wanted, that a Domain may hold of what the slot names (labels). */
uint32_t slot_rights_allowed(const struct domain *domain, const struct slot *slot,
                             struct label_range label, uint32_t rights);

/* Delete one capability, step by step: true when the slot is free. */
bool slot_delete(struct slot *slot, uint32_t *budget);
/* Set the notice of a slot and signal the Event that it names, if any. Answers what that cost, in
   units of the budget. */
uint32_t slot_notice(struct slot *slot, enum exo_notice_reason reason);
/* Make a child for a capability that travels with a call; all or nothing. */
enum exo_status slot_transfer(struct domain *from, uint64_t index, struct domain *to,
                              uint64_t to_index, uint32_t *frames_left);
/* The invariants of one slot. */
bool slot_check(const struct slot *slot);
