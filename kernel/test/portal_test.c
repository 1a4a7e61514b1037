/* SPDX-License-Identifier: MIT */
/*
 * Portals as a state machine, compared with the model of portal_model.c after every step: all
 * sequences to a bounded length over a small scene, all reachable states of the model, and long
 * random ways through a larger scene.
 *
 * Seen to fail: portal_leave() that forgets its caller; portal_cut() without the deadline's
 * disarming; the queue taken from its end; a reply whose portal is gone that leaves its caller
 * waiting; a caller that loses the status of its own call when it detaches its own caller; callers
 * in the queue that are not told that the last handler has left.
 */
#include <stdlib.h>

#include "machine.h"
#include "portal_model.h"

#define DEPTH_MAX 24
#define STATES_MAX (1u << 16)

static const struct operation small[] = {
    {OPERATION_CALL, 0, 0},    {OPERATION_CALL, 1, 2},   {OPERATION_CALL, 0, 1},
    {OPERATION_CALL, 2, 3},    {OPERATION_CALL, 3, 2},   {OPERATION_LOOK, 1, 0},
    {OPERATION_REPLY, 2, 0},   {OPERATION_REPLY, 3, 0},
    {OPERATION_STOP, 0, 0},    {OPERATION_STOP, 1, 0},   {OPERATION_STOP, 2, 0},
    {OPERATION_STOP, 3, 0},    {OPERATION_START, 0, 0},  {OPERATION_START, 2, 0},
    {OPERATION_ATTACH, 2, 0},  {OPERATION_CANCEL, 0, 0}, {OPERATION_CANCEL, 1, 0},
    {OPERATION_CANCEL, 2, 0},  {OPERATION_TIMEOUT, 0, 0}, {OPERATION_DRY, 0, 0},
    {OPERATION_KILL, 2, 0},    {OPERATION_KILL, 0, 0},   {OPERATION_END_PORTAL, 0, 0},
    {OPERATION_END_PORTAL, 0, 1}, {OPERATION_END_DOMAIN, 0, 1},
    {OPERATION_END_DOMAIN, 0, 0}, {OPERATION_STOP_BY, 2, 0},
    {OPERATION_CANCEL_BY, 3, 2},
};
#define SMALL (sizeof small / sizeof small[0])

static struct machine_snapshot snapshots[DEPTH_MAX];
static uint64_t edges;

static void check_all(void) {
    const char *broken = machine_check();
    if (broken != NULL) {
        fprintf(stderr, "\n%s\n", broken);
        scene_history();
        abort();
    }
}

/* Model states that were seen; 0 is free. Open addressing. */
static uint64_t seen[STATES_MAX];
static unsigned seen_count;

static bool state_is_new(const struct model *model) {
    struct model key = *model;
    key.steps = 0;
    uint64_t hash = 14695981039346656037ull;
    for (unsigned i = 0; i < SCENE_THREADS; i++) {
        key.thread[i].word = 0;
        key.thread[i].expect = 0;
        key.thread[i].badge = 0;
    }
    for (unsigned i = 0; i < SCENE_PORTALS; i++) {
        memset(key.queue[i] + key.queued[i], 0, SCENE_THREADS - (size_t)key.queued[i]);
        memset(key.idle[i] + key.idles[i], 0, SCENE_THREADS - (size_t)key.idles[i]);
    }
    for (size_t i = 0; i < sizeof key; i++) {
        hash = (hash ^ ((const uint8_t *)&key)[i]) * 1099511628211ull;
    }
    hash |= 1;
    uint64_t at = hash % STATES_MAX;
    while (seen[at] != 0 && seen[at] != hash) {
        at = (at + 1) % STATES_MAX;
    }
    bool fresh = seen[at] == 0 && seen_count < STATES_MAX / 2;
    seen_count += fresh;
    seen[at] = hash;
    return fresh;
}

/* Every operation in every state, to `depth` steps; with `once`, no state of the model twice. */
static void explore(const struct model *model, unsigned depth, unsigned level, bool once) {
    machine_save(&snapshots[level]);
    bool dirty = false;
    for (unsigned i = 0; i < SMALL; i++) {
        struct model next = *model;
        if (dirty) {
            machine_load(&snapshots[level]);
            dirty = false;
        }
        if (!scene_do(&next, small[i])) {
            continue;
        }
        dirty = true;
        if (++edges % 8 == 0) {
            check_all();
        }
        if (depth > 1 && (!once || state_is_new(&next))) {
            explore(&next, depth - 1, level + 1, once);
        }
    }
    machine_load(&snapshots[level]);
}

static void forget_snapshots(void) {
    for (unsigned i = 0; i < DEPTH_MAX; i++) {
        machine_forget(&snapshots[i]);
    }
}

static void test_sequences(void) {
    struct model model;
    scene_start(&model, 0x0f);
    edges = 0;
    explore(&model, machine_long() ? 6 : 4, 0, false);
    forget_snapshots();
    CU_ASSERT(edges > 500);
}

static void test_states(void) {
    struct model model;
    scene_start(&model, 0x0f);
    memset(seen, 0, sizeof seen);
    seen_count = 0;
    edges = 0;
    explore(&model, DEPTH_MAX - 1, 0, true);
    forget_snapshots();
    CU_ASSERT(seen_count > 100);
    printf("%u states, %lu steps ... ", seen_count, (unsigned long)edges);
}

static struct operation random_operation(void) {
    struct operation operation = {.thread = (uint8_t)machine_random(SCENE_THREADS),
                                  .portal = (uint8_t)machine_random(2 * SCENE_PORTALS)};
    uint64_t kind = machine_random(100);
    operation.kind = OPERATION_CALL;
    if (kind >= 40) {
        operation.kind = OPERATION_REPLY;
    }
    if (kind >= 75) {
        operation.kind = (uint8_t)machine_random(OPERATION_KINDS);
    }
    switch (operation.kind) {
    case OPERATION_LOOK:
    case OPERATION_END_PORTAL:
        operation.portal %= SCENE_PORTALS;
        break;
    case OPERATION_END_DOMAIN:
        operation.portal %= SCENE_DOMAINS;
        break;
    case OPERATION_STOP_BY:
    case OPERATION_CANCEL_BY:
        operation.portal = (uint8_t)machine_random(SCENE_THREADS);
        break;
    default:
        break;
    }
    return operation;
}

static void test_random(void) {
    struct model model;
    for (unsigned run = 0; run < (machine_long() ? 10000u : 400u); run++) {
        scene_start(&model, 0x3f);
        for (unsigned i = 0; i < 300; i++) {
            struct operation operation = random_operation();
            /* Ends are final: let them come late. */
            bool end = operation.kind == OPERATION_KILL ||
                       operation.kind == OPERATION_END_PORTAL ||
                       operation.kind == OPERATION_END_DOMAIN;
            if ((!end || machine_random(300) < i / 8) && scene_do(&model, operation) &&
                i % 16 == 0) {
                check_all();
            }
        }
    }
}

enum { CALLERS = 40, TOLD = 16, CALLER_FRAME = 8 };
enum { SLOT_HANDLER = 16, SLOT_CALLER, SLOT_PORTAL = 60 };
static struct thread *callers[CALLERS];

/* The callers from `first` to `last` were told; `again`: the last one has to make its call anew. */
static bool are_told(unsigned first, unsigned last, bool again) {
    for (unsigned i = first; i <= last; i++) {
        bool pending = i == last && again;
        if (callers[i]->state != THREAD_READY || machine_pending(callers[i]) != pending ||
            (!pending && callers[i]->registers.status != EXO_STATUS_DISCONNECTED)) {
            return false;
        }
    }
    return last + 1 == CALLERS || callers[last + 1]->state == THREAD_QUEUED;
}

/* The only handler is stopped while many queue: all are told, some at a time, by whoever of them
   makes its call again; by another one when that one is stopped. */
static void test_many(void) {
    machine_start(96, 4, 1);
    struct thread *handler = machine_make_thread(0, SLOT_HANDLER, MACHINE_SELF, 1);
    struct portal *portal =
        machine_make(1, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL, 1, MACHINE_SELF);
    CALL_OK(machine_thread, THREAD_START, SLOT_HANDLER);
    CALL_OK(machine_thread, PORTAL_ATTACH, SLOT_PORTAL, SLOT_HANDLER);
    CU_ASSERT_EQUAL(CALL(handler, PORTAL_REPLY, 0, 0, 0, 0, 0, EXO_STATUS_OK), MACHINE_BLOCKED);
    for (unsigned i = 0; i < CALLERS; i++) {
        callers[i] = machine_make_thread(CALLER_FRAME + i, SLOT_CALLER + i, MACHINE_SELF, i + 2);
        CALL_OK(machine_thread, THREAD_START, SLOT_CALLER + i);
        CU_ASSERT_EQUAL(CALL(callers[i], PORTAL_CALL, SLOT_PORTAL, 1, 2, 3, 4, ~0ull),
                        MACHINE_BLOCKED);
    }
    CU_ASSERT_EQUAL(callers[1]->state, THREAD_QUEUED);
    CALL_OK(machine_thread, THREAD_STOP, SLOT_HANDLER);
    CU_ASSERT(are_told(0, TOLD, true)); /* the first one was not in the queue */
    check_all();
    CU_ASSERT(machine_run(callers[TOLD]));
    machine_step();
    CU_ASSERT(are_told(0, 2 * TOLD, true));
    CALL_OK(machine_thread, THREAD_STOP, SLOT_CALLER + 2 * TOLD);
    CU_ASSERT_EQUAL(CALL(callers[0], PORTAL_CALL, SLOT_PORTAL, 1, 2, 3, 4, ~0ull),
                    EXO_STATUS_DISCONNECTED);
    CU_ASSERT(are_told(2 * TOLD + 1, CALLERS - 1, false));
    CU_ASSERT_PTR_NULL(portal->queue_first[0]);
    check_all();
}

static const struct machine_test tests[] = {
    {"all sequences of a small scene", test_sequences},
    {"all states of a small scene", test_states},
    {"random sequences, two handlers a portal", test_random},
    {"many callers without a handler", test_many},
};

MACHINE_MAIN("portal", tests)
