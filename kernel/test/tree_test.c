/* SPDX-License-Identifier: MIT */
/*
 * The capability tree against the model of tree_model.c, after every call: a random walk with calls
 * of other threads between the steps of long ones, and all sequences of a small scene.
 *
 * Seen to fail: a link of the sibling list that is not mended; slot_delete() that drops its
 * children; memory_unmap_slot() that stops one page early; revoke that leaves its mark; an object
 * whose references are not counted.
 */
#include <stdlib.h>

#include "machine.h"
#include "tree_model.h"

#define RWXT (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE)
#define RW (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
#define FROZEN (EXO_RIGHT_READ | EXO_RIGHT_FROZEN)
#define DMA (RW | EXO_RIGHT_DMA)

/* The random walk -------------------------------------------------------------------------- */

static uint16_t random_rights(void) {
    static const uint16_t choices[] = {RWXT, RWXT, RW, EXO_RIGHT_READ, FROZEN, FROZEN, DMA,
                                       RW | EXO_RIGHT_FROZEN, DMA | EXO_RIGHT_FROZEN, 0};
    return choices[machine_random(sizeof choices / sizeof choices[0])];
}

static struct tree_operation random_operation(void) {
    static const uint8_t kinds[] = {TREE_DERIVE, TREE_DERIVE, TREE_DERIVE, TREE_DERIVE, TREE_DELETE,
                                    TREE_DELETE, TREE_REVOKE, TREE_MAP,    TREE_MAP,    TREE_UNMAP,
                                    TREE_RETYPE};
    struct tree_operation o = {.kind = kinds[machine_random(sizeof kinds)]};
    o.domain = (uint8_t)machine_random(TREE_DOMAINS);
    o.slot = (uint8_t)machine_random(TREE_SLOTS);
    o.target_domain = (uint8_t)machine_random(TREE_DOMAINS);
    o.target = (uint8_t)machine_random(TREE_SLOTS - 2);
    o.offset = (uint16_t)machine_random(4);
    o.count = (uint16_t)machine_random(6);
    o.rights = random_rights();
    if (o.kind == TREE_DERIVE && machine_random(6) == 0) {
        o.count = (uint16_t)(200 + machine_random(440)); /* takes several steps */
    }
    if (o.kind == TREE_MAP || o.kind == TREE_RETYPE || o.kind == TREE_UNMAP) {
        o.target_domain = o.domain;
        o.count = o.kind == TREE_RETYPE ? (uint16_t)(1 + machine_random(2)) : 1;
        o.rights &= RW | EXO_RIGHT_EXECUTE;
    }
    if (o.domain == 0 && o.slot == 0 && o.kind == TREE_DELETE) {
        o.slot = 1; /* the pool's capability stays */
    }
    return o;
}

/* Between the steps: whatever is below a slot that is revoked or deleted cannot give anything. */
static void others(struct tree_model *model, struct tree_operation running) {
    int above = running.domain * TREE_SLOTS + running.slot;
    struct tree_operation o = random_operation();
    int from = o.domain * TREE_SLOTS + o.slot;
    bool below = model->slot[from].kind != 0 &&
                 (from == above || tree_below(model, from, above));
    bool revoke = running.kind == TREE_REVOKE;
    if (o.domain == running.domain || running.kind == TREE_DERIVE ||
        (!revoke && from != above) || !below) {
        return;
    }
    if (o.kind == TREE_DERIVE) {
        uint64_t status = tree_call(o);
        if (status == EXO_STATUS_OK) {
            fprintf(stderr, "\nderived below a slot that goes\n");
            tree_history();
            abort();
        }
    } else if (o.kind == TREE_DELETE && revoke) {
        /* It may be gone already; afterwards it is. */
        tree_call(o);
    }
    const char *broken = machine_check();
    if (broken != NULL) {
        fprintf(stderr, "\nbetween the steps: %s\n", broken);
        tree_history();
        abort();
    }
}

static void test_random(void) {
    struct tree_model model;
    tree_between = others;
    for (unsigned run = 0; run < (machine_long() ? 2000u : 60u); run++) {
        tree_start(&model, TREE_FRAMES);
        for (unsigned i = 0; i < 250; i++) {
            tree_do(&model, random_operation());
        }
        for (uint8_t domain = 2; domain > 0; domain--) {
            tree_do(&model,
                    (struct tree_operation){.kind = TREE_END, .target_domain = domain});
        }
        for (unsigned i = 0; i < 30; i++) {
            tree_do(&model, random_operation());
        }
        tree_do(&model, (struct tree_operation){.kind = TREE_REVOKE});
    }
    tree_between = NULL;
}

/* All sequences of a small scene: three Domains, four frames ------------------------------- */

static const struct tree_operation small[] = {
    {TREE_DERIVE, 0, 0, 1, 1, 0, 4, RWXT},   {TREE_DERIVE, 1, 1, 2, 1, 0, 2, RW},
    {TREE_DERIVE, 1, 1, 2, 2, 1, 1, FROZEN}, {TREE_DERIVE, 2, 1, 0, 1, 1, 1, EXO_RIGHT_READ},
    {TREE_DERIVE, 2, 1, 0, 2, 1, 1, DMA},    {TREE_DELETE, 1, 1, 0, 0, 0, 0, 0},
    {TREE_DELETE, 2, 1, 0, 0, 0, 0, 0},      {TREE_DELETE, 2, 2, 0, 0, 0, 0, 0},
    {TREE_DELETE, 0, 2, 0, 0, 0, 0, 0},      {TREE_REVOKE, 1, 1, 0, 0, 0, 0, 0},
    {TREE_REVOKE, 0, 0, 0, 0, 0, 0, 0},      {TREE_MAP, 1, 1, 1, 0, 1, 1, RW},
    {TREE_MAP, 2, 1, 2, 0, 1, 1, RW},        {TREE_UNMAP, 1, 0, 1, 0, 0, 0, 0},
    {TREE_RETYPE, 1, 1, 1, 3, 1, 2, 0},      {TREE_DELETE, 1, 3, 0, 0, 0, 0, 0},
    {TREE_DERIVE, 1, 4, 2, 3, 0, 0, EXO_RIGHT_SIGNAL}, {TREE_END, 0, 0, 2, 0, 0, 0, 0},
    {TREE_DERIVE, 2, 1, 1, 2, 0, 1, RW},     {TREE_DERIVE, 1, 2, 2, 4, 0, 1, FROZEN},
    {TREE_DELETE, 1, 2, 0, 0, 0, 0, 0},      {TREE_MAP, 1, 2, 1, 1, 0, 1, EXO_RIGHT_READ},
};
#define SMALL (sizeof small / sizeof small[0])
#define DEPTH_MAX 24
#define STATES_MAX (1u << 15)

static struct machine_snapshot snapshots[DEPTH_MAX];
static uint64_t seen[STATES_MAX];
static unsigned seen_count, seen_limit;

static bool state_is_new(const struct tree_model *model) {
    struct tree_model key = *model;
    uint64_t hash = 14695981039346656037ull;
    key.steps = 0;
    for (size_t i = 0; i < sizeof key; i++) {
        hash = (hash ^ ((const uint8_t *)&key)[i]) * 1099511628211ull;
    }
    hash |= 1;
    uint64_t at = hash % STATES_MAX;
    while (seen[at] != 0 && seen[at] != hash) {
        at = (at + 1) % STATES_MAX;
    }
    bool fresh = seen[at] == 0 && seen_count < seen_limit;
    seen_count += fresh;
    seen[at] = hash;
    return fresh;
}

static void explore(const struct tree_model *model, unsigned depth, unsigned level) {
    machine_save(&snapshots[level]);
    for (unsigned i = 0; i < SMALL; i++) {
        struct tree_model next = *model;
        tree_do(&next, small[i]);
        if (depth > 1 && state_is_new(&next)) {
            explore(&next, depth - 1, level + 1);
        }
        machine_load(&snapshots[level]);
    }
}

static void test_small(void) {
    struct tree_model model;
    tree_start(&model, 8);
    memset(seen, 0, sizeof seen);
    seen_count = 0;
    seen_limit = machine_long() ? STATES_MAX / 2 : 2000;
    explore(&model, machine_long() ? DEPTH_MAX : 9, 0);
    for (unsigned i = 0; i < DEPTH_MAX; i++) {
        machine_forget(&snapshots[i]);
    }
    CU_ASSERT(seen_count > 200);
    printf("%u states ... ", seen_count);
}

static const struct machine_test tests[] = {
    {"random calls, others between the steps", test_random},
    {"all states of a small scene", test_small},
};

MACHINE_MAIN("capability tree", tests)
