/* SPDX-License-Identifier: MIT */
#include "portal_model.h"

#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

/* Slots of the first Domain's table. */
enum {
    SLOT_DOMAIN = 20,
    SLOT_GAS = 24,
    SLOT_FEED_MEMORY = 28,
    SLOT_THREAD = 32,
    SLOT_PORTAL = 40,
    SLOT_VECTOR_MEMORY = 44,
    SLOT_VECTOR,
};
/* Slots of each scene domain's table. */
#define OWN_PORTAL 1
#define OWN_CODE 3
#define OWN_THREAD 8
#define TABLE_FRAMES 20 /* page tables, four for each domain */

#define VECTOR_ADDRESS 2 /* frames of the vector memory: report, vector */
#define SLOT_LENGTH 4000ull
#define DEADLINE_TICKS (1ull << 30)
#define HISTORY 64
#define NO_WORD 0xffff

static struct thread *threads[SCENE_THREADS];
static struct portal *portals[SCENE_PORTALS];
static struct operation history[HISTORY];
static unsigned done;

static unsigned domain_of(unsigned thread) {
    return thread < 2 ? 0 : 1 + thread % 2;
}

void scene_history(void) {
    static const char *const names[OPERATION_KINDS] = {
        "call", "look", "reply", "stop", "start", "cancel", "attach", "kill",
        "timeout", "dry", "end portal", "end domain", "stop by", "cancel by"};
    for (unsigned i = done > HISTORY ? done - HISTORY : 0; i < done; i++) {
        const struct operation *at = &history[i % HISTORY];
        fprintf(stderr, "  %s thread %u, %u\n", names[at->kind], at->thread, at->portal);
    }
}

static void expect(bool condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "\n%s\n", what);
        scene_history();
        abort();
    }
}
#define EXPECT(condition) expect((condition), #condition)

/* The machine ------------------------------------------------------------------------------ */

static void make_vector(void) {
    uint64_t *words = physical_pointer((machine_ram() + VECTOR_ADDRESS + 1) << PAGE_SHIFT);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_VECTOR_MEMORY,
            VECTOR_ADDRESS, 2, EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0);
    CALL_OK(machine_thread, CPU_PLAY, MACHINE_CPU, SLOT_VECTOR_MEMORY, 0, 2, SLOT_VECTOR, 0);
    for (uint64_t i = 0; i < PAGE_SIZE / 8; i++) {
        words[i] = i % 3 | SLOT_LENGTH << 16; /* the first Domain's thread and the clients */
    }
}

static void derive_into(unsigned domain, uint64_t source, uint64_t slot, uint64_t rights,
                        uint64_t detail) {
    CALL_OK(machine_thread, CAPABILITY_DERIVE, source, SLOT_DOMAIN + domain, slot, 0, 0, rights,
            detail);
}

static void make_domains(void) {
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_GAS, SCENE_DOMAINS, MACHINE_GAS);
    for (uint64_t i = 0; i < SCENE_DOMAINS; i++) {
        machine_make(4 + i, 1, EXO_OBJECT_KIND_DOMAIN, SLOT_DOMAIN + i, 1, SLOT_GAS + i);
        CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS + i, 1ll << 40, 0);
        CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_FEED_MEMORY + i,
                TABLE_FRAMES + 4 * i, 4, EXO_RIGHT_READ | EXO_RIGHT_RETYPE, 0);
        CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN + i, SLOT_FEED_MEMORY + i, 0, 4, 20);
        /* Something to run, so that there is an address space. */
        CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, OWN_CODE, 8, 1,
                EXO_RIGHT_READ, 0);
        CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN + i, OWN_CODE, MACHINE_CODE, 0, 1,
                EXO_RIGHT_READ);
    }
}

static void make_objects(void) {
    for (uint64_t i = 0; i < SCENE_THREADS; i++) {
        threads[i] = machine_make_thread(12 + i, SLOT_THREAD + i,
                                         SLOT_DOMAIN + domain_of((unsigned)i), i + 1);
    }
    for (uint64_t i = 0; i < SCENE_PORTALS; i++) {
        portals[i] = machine_make(18 + i, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL + i, 1,
                                  SLOT_DOMAIN + 1 + i);
        for (unsigned domain = 0; domain < SCENE_DOMAINS; domain++) {
            derive_into(domain, SLOT_PORTAL + i, OWN_PORTAL + i, EXO_RIGHT_CALL, 100 + domain);
        }
    }
    for (unsigned i = 0; i < SCENE_THREADS * SCENE_DOMAINS; i++) {
        derive_into(i % SCENE_DOMAINS, SLOT_THREAD + i / SCENE_DOMAINS,
                    OWN_THREAD + i / SCENE_DOMAINS, EXO_RIGHT_CONTROL, 0);
    }
}

void scene_start(struct model *model, unsigned mask) {
    machine_start(48, 4, 1);
    machine_panic_hook = scene_history;
    done = 0;
    make_domains();
    make_objects();
    make_vector();
    memset(model, 0, sizeof *model);
    for (unsigned i = 0; i < SCENE_THREADS; i++) {
        struct model_thread *thread = &model->thread[i];
        thread->portal = thread->wanted = thread->callee = thread->caller = NOBODY;
    }
    for (unsigned i = 0; i < SCENE_THREADS; i++) {
        if (mask & 1u << i) {
            scene_do(model, (struct operation){.kind = OPERATION_START, .thread = (uint8_t)i});
        }
        if ((mask & 1u << i) && i >= 2) {
            scene_do(model, (struct operation){.kind = OPERATION_ATTACH, .thread = (uint8_t)i});
            scene_do(model, (struct operation){.kind = OPERATION_REPLY, .thread = (uint8_t)i});
        }
    }
}

/* The model -------------------------------------------------------------------------------- */

static void model_remove(int8_t *list, int8_t *count, int thread) {
    int8_t kept = 0;
    for (int8_t i = 0; i < *count; i++) {
        if (list[i] != thread) {
            list[kept++] = list[i];
        }
    }
    *count = kept;
}

static void finish(struct model *model, int thread, unsigned status) {
    struct model_thread *t = &model->thread[thread];
    t->state = MODEL_READY;
    t->expect = (uint8_t)status;
    t->timed = 0;
    t->word = NO_WORD;
}

/* Out of whatever it waits for. */
static void leave_wait(struct model *model, int thread) {
    struct model_thread *t = &model->thread[thread];
    if (t->state == MODEL_CALLING) {
        model->thread[t->callee].caller = NOBODY;
        t->callee = NOBODY;
    } else if (t->state == MODEL_QUEUED) {
        model_remove(model->queue[t->wanted], &model->queued[t->wanted], thread);
        t->wanted = NOBODY;
    } else if (t->state == MODEL_IDLE) {
        model_remove(model->idle[t->portal], &model->idles[t->portal], thread);
    }
    t->timed = 0;
}

static void interrupt_call(struct model *model, int thread, unsigned status) {
    leave_wait(model, thread);
    finish(model, thread, status);
}

/* Who queues is told when nobody is left to serve: so many wait at most that it is all at once. */
static void tell_queue(struct model *model, int portal) {
    for (int i = 0; i < SCENE_THREADS; i++) {
        if (model->thread[i].portal == portal) {
            return;
        }
    }
    while (model->queued[portal] > 0) {
        interrupt_call(model, model->queue[portal][0], EXO_STATUS_DISCONNECTED);
    }
}

static void leave_portal(struct model *model, int thread) {
    struct model_thread *t = &model->thread[thread];
    int caller = t->caller, portal = t->portal;
    if (caller != NOBODY) {
        interrupt_call(model, caller, EXO_STATUS_DISCONNECTED);
    }
    t->portal = NOBODY;
    t->serving = 0;
    if (portal != NOBODY) {
        tell_queue(model, portal);
    }
}

static void model_stop(struct model *model, int thread, int state) {
    struct model_thread *t = &model->thread[thread];
    if (t->state != MODEL_STOPPED) {
        leave_wait(model, thread);
        leave_portal(model, thread);
    }
    t->state = (int8_t)state;
    /* One that is stopped keeps its place when it was attached since; a dead one keeps nothing. */
    if (state == MODEL_DEAD && t->portal != NOBODY) {
        leave_portal(model, thread);
    }
}

static void join(struct model *model, int caller, int handler) {
    struct model_thread *c = &model->thread[caller], *h = &model->thread[handler];
    c->state = MODEL_CALLING;
    c->callee = (int8_t)handler;
    c->wanted = NOBODY;
    h->state = MODEL_READY;
    h->caller = (int8_t)caller;
    h->serving = 1;
    h->expect = EXO_STATUS_OK;
    h->word = c->word;
    h->badge = (uint8_t)(100 + domain_of((unsigned)caller));
}

static void serve_next(struct model *model, int handler) {
    struct model_thread *h = &model->thread[handler];
    int portal = h->portal;
    h->serving = 0;
    if (model->queued[portal] > 0) {
        int caller = model->queue[portal][0];
        model_remove(model->queue[portal], &model->queued[portal], caller);
        join(model, caller, handler);
    } else {
        h->state = MODEL_IDLE;
        model->idle[portal][model->idles[portal]++] = (int8_t)handler;
    }
}

static unsigned attached(const struct model *model, int portal) {
    unsigned count = 0;
    for (unsigned i = 0; i < SCENE_THREADS; i++) {
        count += model->thread[i].portal == portal;
    }
    return count;
}

static void model_call(struct model *model, int thread, int portal, bool look, bool timed) {
    struct model_thread *t = &model->thread[thread];
    if (model->portal_gone[portal]) {
        finish(model, thread, EXO_STATUS_BAD_CAPABILITY);
    } else if (attached(model, portal) == 0) {
        finish(model, thread, EXO_STATUS_DISCONNECTED);
    } else if (model->idles[portal] > 0) {
        int handler = model->idle[portal][--model->idles[portal]];
        join(model, thread, handler);
        t->timed = timed;
    } else if (look) {
        finish(model, thread, EXO_STATUS_BUSY);
    } else {
        t->state = MODEL_QUEUED;
        t->wanted = (int8_t)portal;
        t->timed = timed;
        model->queue[portal][model->queued[portal]++] = (int8_t)thread;
    }
}

static void model_reply(struct model *model, int thread, uint16_t word) {
    struct model_thread *t = &model->thread[thread];
    int caller = t->caller;
    if (caller == NOBODY && (t->serving || t->portal == NOBODY)) {
        t->serving = 0;
        finish(model, thread, EXO_STATUS_DISCONNECTED);
        return;
    }
    if (caller != NOBODY) {
        model->thread[caller].callee = NOBODY;
        finish(model, caller, EXO_STATUS_OK);
        model->thread[caller].word = word;
        model->thread[caller].badge = 0;
        t->caller = NOBODY;
    }
    if (t->portal == NOBODY) {
        t->serving = 0;
        finish(model, thread, EXO_STATUS_DISCONNECTED);
    } else {
        serve_next(model, thread);
    }
}

static void model_end_portal(struct model *model, int portal) {
    while (model->queued[portal] > 0) {
        interrupt_call(model, model->queue[portal][0], EXO_STATUS_DISCONNECTED);
    }
    for (int i = 0; i < SCENE_THREADS; i++) {
        struct model_thread *t = &model->thread[i];
        if (t->portal == portal && t->state == MODEL_IDLE) {
            interrupt_call(model, i, EXO_STATUS_DISCONNECTED);
        }
        t->portal = t->portal == portal ? NOBODY : t->portal;
    }
}

static void model_end_domain(struct model *model, unsigned domain) {
    for (int i = 0; i < SCENE_THREADS; i++) {
        if (domain_of((unsigned)i) == domain && model->thread[i].state != MODEL_DEAD) {
            model_stop(model, i, MODEL_DEAD);
        }
    }
    if (domain > 0) {
        model_end_portal(model, (int)domain - 1);
    }
    model->domain_gone[domain] = 1;
}

/* Both ------------------------------------------------------------------------------------- */

/* The thread executes a call, on the slot of its chain's first caller. */
static void execute(struct operation operation, uint32_t number, uint32_t capability,
                    const uint64_t words[6]) {
    struct thread *thread = threads[operation.thread];
    struct thread *owner = thread;
    while (owner->caller != NULL) {
        owner = owner->caller;
    }
    struct thread *tail = machine_slot(owner);
    EXPECT(tail == thread);
    machine_prepare(thread, number, capability, words);
    machine_step();
    for (unsigned i = 0; machine_pending(thread); i++) {
        EXPECT(i < 100);
        machine_slot(thread);
        machine_step();
    }
}

static uint64_t deadline_of(unsigned timed) {
    return timed ? machine_clock + DEADLINE_TICKS : ~0ull;
}

static void do_call(struct model *model, struct operation operation) {
    bool look = operation.kind == OPERATION_LOOK;
    bool timed = !look && operation.portal >= SCENE_PORTALS;
    unsigned portal = operation.portal % SCENE_PORTALS;
    struct model_thread *t = &model->thread[operation.thread];
    t->word = (uint16_t)(1000 + done);
    execute(operation, EXO_CALL_PORTAL_CALL, OWN_PORTAL + portal,
            (const uint64_t[6]){t->word, 2, 3, 4, look ? 0 : deadline_of(timed), 0});
    model_call(model, operation.thread, (int)portal, look, timed);
}

static void do_dry(struct model *model) {
    machine_run(machine_thread); /* which settles what the others used */
    int64_t balance = ((struct gas *)slot_at(machine_domain, SLOT_GAS)->object)->balance;
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, (uint64_t)-balance, 0);
    machine_core->slice_end = machine_clock;
    machine_interrupt();
    for (unsigned i = 0; i < 6; i++) {
        machine_pass(SLOT_LENGTH);
    }
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, 1ll << 40, 0);
    for (int i = 0; i < 2; i++) {
        if (model->thread[i].state == MODEL_CALLING) {
            interrupt_call(model, i, EXO_STATUS_NO_GAS);
        }
    }
}

static void do_end(struct model *model, struct operation operation) {
    if (operation.kind == OPERATION_KILL) {
        uint64_t slot = SLOT_THREAD + operation.thread;
        CALL_OK(machine_thread, CAPABILITY_REVOKE, slot, 0);
        CALL_OK(machine_thread, CAPABILITY_DELETE, slot, 0);
        model_stop(model, operation.thread, MODEL_DEAD);
    } else if (operation.kind == OPERATION_END_PORTAL) {
        CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_PORTAL + operation.portal, 0);
        CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_PORTAL + operation.portal, 0);
        model_end_portal(model, operation.portal);
        model->portal_gone[operation.portal] = 1;
    } else {
        CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_FEED_MEMORY + operation.portal, 0);
        model_end_domain(model, operation.portal);
    }
}

/* Stop or cancel: by the first Domain's thread, or by a thread of the scene. */
static void do_control(struct model *model, struct operation operation, bool by) {
    unsigned target = by ? operation.portal : operation.thread;
    struct model_thread *t = &model->thread[target];
    bool stop = operation.kind == OPERATION_STOP || operation.kind == OPERATION_STOP_BY;
    uint32_t number = stop ? EXO_CALL_THREAD_STOP : EXO_CALL_PORTAL_CANCEL;
    bool waits = t->state == MODEL_CALLING || t->state == MODEL_QUEUED;
    unsigned status = stop || waits ? EXO_STATUS_OK : EXO_STATUS_BAD_ARGUMENT;
    if (by) {
        execute(operation, number, OWN_THREAD + target, (const uint64_t[6]){0});
        finish(model, operation.thread, status);
    } else {
        uint64_t answer = machine_call(machine_thread, number, SLOT_THREAD + target,
                                       (const uint64_t[6]){0});
        EXPECT(answer == status);
    }
    if (stop) {
        model_stop(model, (int)target, MODEL_STOPPED);
    } else if (waits) {
        interrupt_call(model, (int)target, EXO_STATUS_CANCELLED);
    }
}

static void do_timeout(struct model *model) {
    machine_run(machine_thread);
    machine_pass(2 * DEADLINE_TICKS);
    for (int i = 0; i < SCENE_THREADS; i++) {
        if (model->thread[i].timed) {
            interrupt_call(model, i, EXO_STATUS_DEADLINE);
        }
    }
}

static bool enabled(const struct model *model, struct operation operation) {
    const struct model_thread *t = &model->thread[operation.thread];
    unsigned domain = domain_of(operation.thread);
    bool waits = t->state == MODEL_CALLING || t->state == MODEL_QUEUED;
    switch (operation.kind) {
    case OPERATION_CALL:
    case OPERATION_LOOK:
        return t->state == MODEL_READY;
    case OPERATION_REPLY:
        return t->state == MODEL_READY && operation.thread >= 2;
    case OPERATION_STOP:
    case OPERATION_KILL:
        return t->state != MODEL_DEAD && (operation.kind == OPERATION_KILL ||
                                          t->state != MODEL_STOPPED);
    case OPERATION_START:
        return t->state == MODEL_STOPPED;
    case OPERATION_CANCEL:
        return waits;
    case OPERATION_ATTACH:
        return t->state != MODEL_DEAD && t->portal == NOBODY && domain > 0 &&
               !model->portal_gone[domain - 1];
    case OPERATION_END_PORTAL:
        return !model->portal_gone[operation.portal];
    case OPERATION_END_DOMAIN:
        return !model->domain_gone[operation.portal];
    case OPERATION_STOP_BY:
    case OPERATION_CANCEL_BY:
        return t->state == MODEL_READY && operation.thread != operation.portal &&
               model->thread[operation.portal].state != MODEL_DEAD;
    default:
        return true;
    }
}

bool scene_do(struct model *model, struct operation operation) {
    if (!enabled(model, operation)) {
        return false;
    }
    done = model->steps++;
    history[done++ % HISTORY] = operation;
    switch (operation.kind) {
    case OPERATION_CALL:
    case OPERATION_LOOK:
        do_call(model, operation);
        break;
    case OPERATION_REPLY:
        execute(operation, EXO_CALL_PORTAL_REPLY, 0,
                (const uint64_t[6]){1000 + done, 0, 0, 0, EXO_STATUS_OK, 0});
        model_reply(model, operation.thread, (uint16_t)(1000 + done));
        break;
    case OPERATION_START:
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + operation.thread, 0);
        model->thread[operation.thread].state = MODEL_READY;
        /* No call is finished: whatever its status register holds stays. */
        model->thread[operation.thread].expect = 0xff;
        model->thread[operation.thread].word = NO_WORD;
        break;
    case OPERATION_ATTACH:
        CALL_OK(machine_thread, PORTAL_ATTACH,
                SLOT_PORTAL + domain_of(operation.thread) - 1, SLOT_THREAD + operation.thread);
        model->thread[operation.thread].portal = (int8_t)domain_of(operation.thread) - 1;
        break;
    case OPERATION_TIMEOUT:
        do_timeout(model);
        break;
    case OPERATION_DRY:
        do_dry(model);
        break;
    case OPERATION_KILL:
    case OPERATION_END_PORTAL:
    case OPERATION_END_DOMAIN:
        do_end(model, operation);
        break;
    default:
        do_control(model, operation, operation.kind >= OPERATION_STOP_BY);
        break;
    }
    scene_compare(model);
    return true;
}

static void compare_thread(const struct model *model, unsigned number) {
    static const uint8_t states[] = {[MODEL_STOPPED] = THREAD_STOPPED, [MODEL_READY] = THREAD_READY,
                                     [MODEL_QUEUED] = THREAD_QUEUED,
                                     [MODEL_CALLING] = THREAD_CALLING, [MODEL_IDLE] = THREAD_IDLE};
    const struct model_thread *t = &model->thread[number];
    const struct thread *thread = threads[number];
    if (t->state == MODEL_DEAD) {
        EXPECT(thread->state == THREAD_STOPPED);
        return;
    }
    EXPECT(thread->state == states[t->state]);
    EXPECT(thread_check(thread));
    EXPECT(thread->callee == (t->callee == NOBODY ? NULL : threads[t->callee]));
    EXPECT(thread->caller == (t->caller == NOBODY ? NULL : threads[t->caller]));
    EXPECT(thread->portal == (t->portal == NOBODY ? NULL : portals[t->portal]));
    EXPECT(thread->serving == t->serving);
    if (t->state == MODEL_READY && t->expect != 0xff) {
        /* Exactly one status for each call that ended, and none before. */
        EXPECT(thread->registers.status == t->expect);
        EXPECT(thread->registers.instruction == MACHINE_CODE + ARCH_SYSCALL_BYTES);
        EXPECT(t->word == NO_WORD || thread->registers.words[0] == t->word);
        EXPECT(t->word == NO_WORD || thread->registers.words[4] == t->badge);
    } else if (t->state == MODEL_CALLING || t->state == MODEL_QUEUED) {
        EXPECT(thread->registers.status >> 48 == EXO_CALL_TAG);
    }
}

void scene_compare(const struct model *model) {
    for (unsigned i = 0; i < SCENE_THREADS; i++) {
        compare_thread(model, i);
    }
    for (unsigned i = 0; i < SCENE_PORTALS; i++) {
        const struct thread *at = model->portal_gone[i] ? NULL : portals[i]->queue_first[0];
        for (int8_t j = 0; j < model->queued[i]; j++) {
            EXPECT(at == threads[model->queue[i][j]]);
            at = at->queue_next;
        }
        EXPECT(at == NULL);
        EXPECT(model->portal_gone[i] || portal_check(portals[i]));
    }
    EXPECT(machine_core->current == NULL || machine_core->current->state == THREAD_READY);
}
