/* SPDX-License-Identifier: MIT */
/*
 * Single rules of the capability tree that a random walk meets seldom: hostile calls between the
 * steps of a long one, marks, limits, notices, and Memory that goes from under its objects.
 *
 * Seen to fail: a growing capability that takes its count from the second call; a frame returned to
 * an account whose capability is ending; revoke without its mark; a depth limit of 65; a notice
 * that is not raised for the last child; a conflict that is not undone.
 */
#include "kernel.h"
#include "machine.h"

#define RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE)
#define FROZEN (EXO_RIGHT_READ | EXO_RIGHT_FROZEN)
enum { A = MACHINE_FREE, B, C, D, E, F, G, H };

static struct thread *other; /* a second thread of the first Domain */

static void start(void) {
    machine_start(900, 3, 8);
    machine_make(0, 1, EXO_OBJECT_KIND_THREAD, H + 1, 1, EXO_SELF);
    other = (struct thread *)slot_at(machine_domain, H + 1)->object;
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, H + 1, 1, 0);
    CALL_OK(machine_thread, THREAD_START, H + 1, 0);
}

static void derive(uint64_t source, uint64_t target, uint64_t offset, uint64_t count,
                   uint64_t rights) {
    CALL_OK(machine_thread, CAPABILITY_DERIVE, source, EXO_SELF, target, offset, count, rights, 0);
}

/* The first step of a call that takes several. */
static void first_step(uint32_t number, uint32_t capability, const uint64_t words[6]) {
    CU_ASSERT_FATAL(machine_run(machine_thread));
    machine_prepare(machine_thread, number, capability, words);
    machine_step();
    CU_ASSERT_FATAL(machine_pending(machine_thread));
}

static uint64_t finish(void) {
    while (machine_pending(machine_thread)) {
        machine_run(machine_thread);
        machine_step();
    }
    return machine_thread->registers.status;
}

/* Somebody enters a derive that is growing with a larger count. */
static void test_growing(void) {
    start();
    derive(MACHINE_RAM, A, 8, 300, RIGHTS);
    const uint64_t words[6] = {EXO_SELF, B, 0, 300, FROZEN, 0};
    first_step(EXO_CALL_CAPABILITY_DERIVE, A, words);
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->count, BUDGET_STEP);
    CU_ASSERT_PTR_NULL(machine_check());
    CALL_OK(other, CAPABILITY_DERIVE, A, EXO_SELF, B, 0, 600, FROZEN, 0);
    CU_ASSERT_EQUAL(finish(), EXO_STATUS_CONFLICT); /* the slot is taken, and complete */
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->count, 300);
    CU_ASSERT_EQUAL(frame_at(machine_ram() + 8 + 299)->writers, -1);
    CU_ASSERT_EQUAL(frame_at(machine_ram() + 8 + 300)->writers, 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* The source goes while its child grows; a conflict undoes what was done and clears nothing. */
static void test_undo(void) {
    start();
    derive(MACHINE_RAM, A, 8, 300, RIGHTS);
    CALL_OK(machine_thread, MEMORY_MAP, EXO_SELF, A, 0x40000000, 280, 1, 3);
    uint64_t *word = physical_pointer((machine_ram() + 8) << PAGE_SHIFT);
    *word = 42;
    CU_ASSERT_EQUAL(
        CALL(machine_thread, CAPABILITY_DERIVE, A, EXO_SELF, B, 0, 300, FROZEN, 0),
        EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->kind, EXO_OBJECT_KIND_EMPTY);
    CU_ASSERT_EQUAL(*word, 42);
    CALL_OK(machine_thread, MEMORY_UNMAP, EXO_SELF, 0x40000000, 1);
    const uint64_t words[6] = {EXO_SELF, B, 0, 300, FROZEN, 0};
    first_step(EXO_CALL_CAPABILITY_DERIVE, A, words);
    CALL_OK(other, CAPABILITY_DELETE, A, 0);
    CU_ASSERT_EQUAL(finish(), EXO_STATUS_BAD_CAPABILITY);
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->count, BUDGET_STEP);
    CU_ASSERT_PTR_NULL(machine_check());
    CALL_OK(other, CAPABILITY_DELETE, B, 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A frame is never charged to a capability that has let go of it. */
static void test_returned(void) {
    start();
    machine_make(1, 1, EXO_OBJECT_KIND_GAS, E, 2, MACHINE_GAS);
    derive(MACHINE_RAM, A, 8, 300, RIGHTS | (uint64_t)E << 32);
    derive(A, B, 0, 1, RIGHTS | (uint64_t)F << 32);
    const struct gas *gas = (const struct gas *)slot_at(machine_domain, E)->object;
    CU_ASSERT_EQUAL(gas->frames, 299);
    first_step(EXO_CALL_CAPABILITY_DELETE, A, (const uint64_t[6]){0});
    CALL_OK(other, CAPABILITY_DELETE, B, 0);
    CU_ASSERT_PTR_NULL(machine_check());
    CU_ASSERT_EQUAL(finish(), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(frame_at(machine_ram() + 8)->charger, 0);
    CU_ASSERT_EQUAL(gas->frames, 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_marks(void) {
    start();
    derive(MACHINE_RAM, A, 8, 300, RIGHTS);
    derive(A, B, 0, 300, RIGHTS);
    derive(B, C, 0, 300, FROZEN);
    first_step(EXO_CALL_CAPABILITY_REVOKE, A, (const uint64_t[6]){0});
    CU_ASSERT_EQUAL(CALL(other, CAPABILITY_DERIVE, A, EXO_SELF, D, 0, 1, EXO_RIGHT_READ, 0),
                    EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(CALL(other, CAPABILITY_DERIVE, B, EXO_SELF, D, 0, 1, EXO_RIGHT_READ, 0),
                    EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(CALL(other, MEMORY_RETYPE, A, 299, 1, EXO_OBJECT_KIND_EVENT, D, 1, 0),
                    EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(finish(), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->kind, EXO_OBJECT_KIND_EMPTY);
    CU_ASSERT_EQUAL(slot_at(machine_domain, C)->kind, EXO_OBJECT_KIND_EMPTY);
    derive(A, D, 0, 1, EXO_RIGHT_READ);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A revoke that is given up leaves no mark: below it may be derived again once its thread has gone
   elsewhere, has stopped, or is no more. */
static void test_abandoned(void) {
    for (unsigned end = 0; end < 4; end++) {
        start();
        derive(MACHINE_RAM, A, 8, 300, RIGHTS);
        derive(A, B, 0, 300, RIGHTS);
        derive(B, C, 0, 300, FROZEN);
        machine_make(320, 1, EXO_OBJECT_KIND_THREAD, E, 1, EXO_SELF);
        struct thread *third = (struct thread *)slot_at(machine_domain, E)->object;
        CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, E, 9, 0);
        CALL_OK(machine_thread, THREAD_START, E, 0);
        CU_ASSERT_TRUE_FATAL(machine_run(third));
        machine_prepare(third, EXO_CALL_CAPABILITY_REVOKE, A, (uint64_t[6]){0});
        machine_step();
        CU_ASSERT_TRUE_FATAL(machine_pending(third));
        CU_ASSERT_EQUAL(CALL(other, CAPABILITY_DERIVE, B, EXO_SELF, D, 0, 1, EXO_RIGHT_READ, 0),
                        EXO_STATUS_CONFLICT);
        if (end == 0) {
            CALL_OK(third, KERNEL_NULL, 0, 0);
        } else if (end == 1) {
            CALL_OK(machine_thread, THREAD_STOP, E, 0);
        } else if (end == 2) {
            CALL_OK(machine_thread, CAPABILITY_DELETE, E, 0);
            machine_reap();
        } else { /* the slot goes first, then the thread revokes elsewhere, and goes as well */
            CALL_OK(machine_thread, CAPABILITY_DELETE, A, 0);
            CU_ASSERT_PTR_NULL(third->revoking);
            derive(MACHINE_RAM, A, 8, 300, RIGHTS);
            CU_ASSERT_PTR_NULL(slot_at(machine_domain, A)->revoker);
            CALL_OK(machine_thread, CAPABILITY_DELETE, E, 0);
            machine_reap();
        }
        derive(B, D, 0, 1, EXO_RIGHT_READ);
        CU_ASSERT_PTR_NULL(machine_check());
        if (end < 3) {
            CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 0);
            CU_ASSERT_EQUAL(slot_at(machine_domain, D)->kind, EXO_OBJECT_KIND_EMPTY);
        }
    }
}

static void test_limits(void) {
    start();
    uint64_t first = H + 2, source = MACHINE_RAM;
    for (uint64_t depth = 1; depth < DERIVATION_DEPTH_MAX; depth++) {
        derive(source, first + depth, 0, 8, RIGHTS);
        source = first + depth;
    }
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, source, EXO_SELF, A, 0, 1, 1, 0),
                    EXO_STATUS_TOO_DEEP);
    CU_ASSERT_EQUAL(
        CALL(machine_thread, MEMORY_RETYPE, source, 1, 1, EXO_OBJECT_KIND_EVENT, A, 1, 0),
        EXO_STATUS_TOO_DEEP);
    CALL_OK(machine_thread, CAPABILITY_DELETE, first + 7, 0);
    derive(source, A, 0, 1, EXO_RIGHT_READ);
    /* Slots: 0 is none, an occupied one stays, the last one can be used, none is behind it. */
    uint64_t last = machine_domain->slot_total - 1;
    const uint64_t targets[] = {0, A, last, last + 1, EXO_SELF, ~0ull};
    const unsigned answers[] = {EXO_STATUS_BAD_ARGUMENT, EXO_STATUS_CONFLICT, EXO_STATUS_OK,
                                EXO_STATUS_BAD_ARGUMENT, EXO_STATUS_BAD_ARGUMENT,
                                EXO_STATUS_BAD_ARGUMENT};
    for (unsigned i = 0; i < 6; i++) {
        CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, targets[i],
                             0, 1, 1, 0),
                        answers[i]);
    }
    CU_ASSERT_EQUAL(CALL(machine_thread, MEMORY_RETYPE, MACHINE_RAM, 20, 1, EXO_OBJECT_KIND_EVENT,
                         last - 1, 2, 0),
                    EXO_STATUS_CONFLICT);
    CU_ASSERT_PTR_NULL(machine_check());
}

static uint64_t take(uint64_t slot) {
    uint64_t status = CALL(machine_thread, EVENT_WAIT, slot, 0);
    return status == EXO_STATUS_OK ? machine_thread->registers.words[0] : 0;
}

static unsigned notice_of(uint64_t slot) {
    CALL_OK(machine_thread, CAPABILITY_INFO, EXO_SELF, slot);
    return machine_thread->registers.words[0] >> 8 & 0xff;
}

static void test_notices(void) {
    start();
    machine_make(1, 1, EXO_OBJECT_KIND_EVENT, E, 1, 0);
    for (uint64_t i = 0; i < 2; i++) {
        CALL_OK(machine_thread, CAPABILITY_DERIVE, E, EXO_SELF, F + i, 0, 0, EXO_RIGHT_SIGNAL,
                1ull << (4 * i));
    }
    derive(MACHINE_RAM, A, 8, 8, RIGHTS);
    derive(A, B, 0, 1, RIGHTS);
    CALL_OK(machine_thread, CAPABILITY_NOTIFY, EXO_SELF, A, F);
    CALL_OK(machine_thread, CAPABILITY_NOTIFY, EXO_SELF, B, G);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 1);
    CU_ASSERT_EQUAL(take(E), 16);
    CU_ASSERT_EQUAL(notice_of(B), EXO_NOTICE_REASON_ASKED);
    CU_ASSERT_EQUAL(slot_at(machine_domain, B)->kind, EXO_OBJECT_KIND_MEMORY);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 0);
    CU_ASSERT_EQUAL(take(E), 17); /* taken, and the last child gone */
    CU_ASSERT_EQUAL(notice_of(B), EXO_NOTICE_REASON_TAKEN);
    CU_ASSERT_EQUAL(notice_of(A), EXO_NOTICE_REASON_LAST_CHILD);
    derive(A, B, 0, 1, RIGHTS);
    CU_ASSERT_EQUAL(take(E), 0);
    CALL_OK(machine_thread, CAPABILITY_DELETE, B, 0);
    CU_ASSERT_EQUAL(take(E), 1);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A Domain with a thread that runs, on Memory of slot A; page tables from the frames behind. */
static struct thread *make_domain(uint64_t memory) {
    CALL_OK(machine_thread, MEMORY_RETYPE, memory, 0, 1, EXO_OBJECT_KIND_DOMAIN, B, 1, MACHINE_GAS);
    CALL_OK(machine_thread, DOMAIN_FEED, B, memory, 1, 4, 20);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, memory, B, 1, 5, 4, RIGHTS, 0);
    CALL_OK(machine_thread, MEMORY_MAP, B, 1, MACHINE_CODE, 0, 2, 3);
    CALL_OK(machine_thread, MEMORY_RETYPE, memory, 9, 1, EXO_OBJECT_KIND_THREAD, C, 1, B);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, C, 5, 0);
    CALL_OK(machine_thread, THREAD_START, C, 0);
    return (struct thread *)slot_at(machine_domain, C)->object;
}

static void plain(uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        const struct frame *frame = frame_at(machine_ram() + 8 + i);
        CU_ASSERT(frame->mapped == 0 && frame->writers == 0);
    }
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Revoking the Memory ends what was made of it, whatever it was doing. */
static void test_revoked_under_objects(void) {
    for (unsigned doing = 0; doing < 4; doing++) {
        start();
        derive(MACHINE_RAM, A, 8, 16, RIGHTS);
        struct thread *thread = make_domain(A);
        CALL_OK(machine_thread, MEMORY_RETYPE, A, 10, 1, EXO_OBJECT_KIND_EVENT, D, 1, 0);
        CALL_OK(machine_thread, MEMORY_RETYPE, A, 11, 1, EXO_OBJECT_KIND_PORTAL, E, 1, B);
        CALL_OK(machine_thread, CAPABILITY_DERIVE, D, B, 2, 0, 0, EXO_RIGHT_WAIT, 0);
        CALL_OK(machine_thread, CAPABILITY_DERIVE, E, B, 3, 0, 0, EXO_RIGHT_CALL, 0);
        if (doing == 1) {
            CU_ASSERT_EQUAL(CALL(thread, EVENT_WAIT, 2, ~0ull), MACHINE_BLOCKED);
        } else if (doing >= 2) {
            CALL_OK(machine_thread, PORTAL_ATTACH, E, C);
            CU_ASSERT_EQUAL(CALL(thread, PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
        }
        if (doing == 3) {
            CU_ASSERT_EQUAL(CALL(other, PORTAL_CALL, E, 1, 2, 3, 4, ~0ull, 0), MACHINE_BLOCKED);
            CU_ASSERT_PTR_EQUAL(machine_core->current, thread);
        }
        CU_ASSERT_PTR_NULL(machine_check());
        CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 0);
        if (doing == 3) {
            CU_ASSERT_EQUAL(other->registers.status, EXO_STATUS_DISCONNECTED);
        }
        plain(16);
    }
}

/* A Domain revokes the Memory of its own page tables: it ends in its own call. */
static void test_suicide(void) {
    start();
    derive(MACHINE_RAM, A, 8, 16, RIGHTS);
    struct thread *thread = make_domain(A);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, A, B, 4, 12, 2, RIGHTS, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, B, B, 5, 0, 0, EXO_RIGHT_CONTROL, 0);
    CALL_OK(thread, DOMAIN_FEED, EXO_SELF, 4, 0, 1, 21);
    CALL_OK(machine_thread, MEMORY_RETYPE, MACHINE_RAM, 60, 1, EXO_OBJECT_KIND_EVENT, E, 1, 0);
    CALL_OK(machine_thread, CAPABILITY_NOTIFY, EXO_SELF, B, E);
    CALL_OK(machine_thread, CAPABILITY_NOTIFY, EXO_SELF, C, E);
    CU_ASSERT_PTR_NULL(machine_check());
    CU_ASSERT_EQUAL(CALL(thread, CAPABILITY_REVOKE, 4, 0), MACHINE_BLOCKED);
    machine_reap();
    CU_ASSERT_EQUAL(thread->state, THREAD_STOPPED);
    CU_ASSERT_PTR_NULL(thread->home);
    CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_DOMAIN_ENDED);
    /* Whoever holds the Domain or the Thread is told. */
    CU_ASSERT_EQUAL(take(E), ~0ull);
    CU_ASSERT_EQUAL(notice_of(B), EXO_NOTICE_REASON_ENDED);
    CU_ASSERT_EQUAL(notice_of(C), EXO_NOTICE_REASON_ENDED);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_START, C, 0), EXO_STATUS_CONFLICT);
    CU_ASSERT_PTR_NULL(machine_check());
    CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 0);
    plain(16);
}

/* A giver's death takes nothing from a receiver. */
static void test_giver(void) {
    start();
    derive(MACHINE_RAM, A, 8, 16, RIGHTS);
    struct thread *thread = make_domain(A);
    derive(MACHINE_RAM, D, 40, 4, RIGHTS);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, D, B, 6, 0, 4, RIGHTS, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_SELF, B, 7, 0, 0, EXO_RIGHT_CONTROL, 0);
    CALL_OK(thread, CAPABILITY_DERIVE, 6, 7, E, 1, 2, EXO_RIGHT_READ, 0);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, A, 0);
    const struct slot *received = slot_at(machine_domain, E);
    CU_ASSERT_EQUAL(received->kind, EXO_OBJECT_KIND_MEMORY);
    CU_ASSERT_PTR_EQUAL(received->parent, slot_at(machine_domain, D));
    plain(16);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, D, 0);
    CU_ASSERT_EQUAL(received->kind, EXO_OBJECT_KIND_EMPTY);
}

/* Whoever holds an object hears of its end, however many there are; one that goes meanwhile does
   not stop that. */
static void test_ended_many(void) {
    enum { HOLDERS = 400 };
    machine_start(200, 20, 8);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, A, 0, 10, RIGHTS, 0);
    CALL_OK(machine_thread, MEMORY_RETYPE, A, 0, 1, EXO_OBJECT_KIND_DOMAIN, B, 1, MACHINE_GAS);
    machine_make(20, 1, EXO_OBJECT_KIND_PORTAL, C, 1, B);
    for (uint64_t i = 0; i < HOLDERS; i++) {
        CALL_OK(machine_thread, CAPABILITY_DERIVE, C, EXO_SELF, C + 1 + i, 0, 0, 1, 0);
    }
    uint32_t budget = BUDGET_STEP;
    CU_ASSERT_TRUE(slot_delete(slot_at(machine_domain, B), &budget));
    CU_ASSERT_FALSE(object_reap(&budget));
    /* The first step has told some. The next one to be told goes. */
    struct slot *next = slot_at(machine_domain, C)->object->tell;
    CU_ASSERT_PTR_NOT_NULL_FATAL(next);
    CU_ASSERT_TRUE(slot_delete(next, &(uint32_t){BUDGET_STEP}));
    machine_reap();
    uint32_t told = 0;
    for (uint64_t i = 0; i <= HOLDERS; i++) {
        told += slot_at(machine_domain, C + i)->notice == EXO_NOTICE_REASON_ENDED;
    }
    CU_ASSERT_EQUAL(told, HOLDERS);
    CU_ASSERT_PTR_NULL(machine_check());
}

static const struct machine_test tests[] = {
    {"a growing capability entered by somebody else", test_growing},
    {"a growing capability undone", test_undo},
    {"frames returned below a capability that ends", test_returned},
    {"nothing is derived below a mark", test_marks},
    {"a revoke that is given up", test_abandoned},
    {"depth and table limits", test_limits},
    {"notices", test_notices},
    {"memory revoked from under its objects", test_revoked_under_objects},
    {"a domain that ends itself", test_suicide},
    {"a receiver outlives its giver", test_giver},
    {"everybody hears of an end", test_ended_many},
};

MACHINE_MAIN("rules of the capability tree", tests)
