/* SPDX-License-Identifier: MIT */
/*
 * A simple model of the capability tree: what each slot of three tables holds, whose child it is,
 * and
 * what is mapped. It has no links and no counts: counts are found by looking at everything. The
 * machine beside it does the same by kernel calls, each made by a thread of the acting Domain.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TREE_DOMAINS 3
#define TREE_SLOTS 12
#define TREE_FRAMES 640
#define TREE_MAPPINGS 32
#define TREE_OBJECTS 64
#define TREE_ROOT (-1) /* parent of the pool's capability, which is slot 0 of Domain 0 */

struct tree_slot {
    uint8_t kind; /* enum exo_object_kind */
    uint8_t object;
    int16_t parent; /* domain * TREE_SLOTS + slot, or TREE_ROOT */
    uint16_t base, count, rights;
    uint16_t map_low, map_high; /* pages of the window, [low, high) */
};

struct tree_mapping {
    uint8_t used, domain, writable;
    uint16_t page, frame;
};

struct tree_model {
    struct tree_slot slot[TREE_DOMAINS * TREE_SLOTS];
    struct tree_mapping mapping[TREE_MAPPINGS];
    uint16_t object_frame[TREE_OBJECTS]; /* frame + 1 of a live event, 0 free */
    uint8_t ended[TREE_DOMAINS];
    uint16_t frames; /* of the pool */
    uint16_t steps;
};

enum tree_kind {
    TREE_DERIVE,
    TREE_DELETE,
    TREE_REVOKE,
    TREE_MAP,
    TREE_UNMAP,
    TREE_RETYPE, /* one frame into `count` events, in the slots from `target` on */
    TREE_END,    /* the page-table memory of the Domain is revoked */
    TREE_KINDS,
};

struct tree_operation {
    uint8_t kind, domain, slot;    /* who acts, on which of its slots */
    uint8_t target_domain, target; /* derive; map: page */
    uint16_t offset, count, rights;
};

/* Start with a pool of `frames`, at most TREE_FRAMES. */
void tree_start(struct tree_model *model, uint16_t frames);
/* Do it on both and compare the answer and everything else. */
void tree_do(struct tree_model *model, struct tree_operation operation);
/* Calls of other threads between the steps of a delete or a revoke; NULL: none. */
extern void (*tree_between)(struct tree_model *model, struct tree_operation running);
/* Whether a slot descends from another. */
bool tree_below(const struct tree_model *model, int slot, int above);
/* The same operations for the test to make by itself, without the model: the answer. */
uint64_t tree_call(struct tree_operation operation);
/* Forget a slot in the model that is known to be gone. */
void tree_remove(struct tree_model *model, int slot);
void tree_compare(const struct tree_model *model, bool all);
void tree_history(void);
