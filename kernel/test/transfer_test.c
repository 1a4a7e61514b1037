/* SPDX-License-Identifier: MIT */
/*
 * What travels with a portal call: words, badge, capabilities (all or none, into the posted slots,
 * by the labels); the depth of calls, the gas minimum, the order of the queue.
 *
 * Seen to fail: transfer() that leaves the first of two capabilities when the second fails;
 * receive_first that does not move; a depth of 17; the queue served from its end; a minimum that
 * is compared with <=.
 */
#include "kernel.h"
#include "machine.h"

#define SLOT_DOMAIN 20u
#define SLOT_FEED 21u
#define SLOT_HANDLER 22u
#define SLOT_PORTAL 23u
#define SLOT_GAS 24u
#define SLOT_GIFT 30u /* what is sent */
#define OWN_RECEIVE 8u
#define VALUES (MACHINE_USER + 0x4000)
#define LABELS (MACHINE_USER + 0x5000)
#define RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE)

static struct thread *handler;
static struct domain *server;

static void post(struct thread *thread, uint64_t first, uint64_t count) {
    thread->receive_first = first;
    thread->receive_count = count;
}

/* A server with one handler that is idle; Memory with a range of labels at first. */
static void start(uint64_t low, uint64_t high) {
    const uint64_t labels[2] = {low, high};
    machine_start(200, 3, 8);
    CU_ASSERT_FATAL(arch_copy_to_user(LABELS, labels, sizeof labels));
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_FEED, 0, 20, 0xf,
            LABELS);
    CALL_OK(machine_thread, MEMORY_RETYPE, SLOT_FEED, 0, 1, EXO_OBJECT_KIND_DOMAIN, SLOT_DOMAIN, 1,
            MACHINE_GAS);
    CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN, SLOT_FEED, 1, 4, 20);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_FEED, SLOT_DOMAIN, 1, 8, 1, 1, 0);
    CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN, 1, MACHINE_CODE, 0, 1, 1);
    CALL_OK(machine_thread, MEMORY_RETYPE, SLOT_FEED, 5, 1, EXO_OBJECT_KIND_THREAD, SLOT_HANDLER, 1,
            SLOT_DOMAIN);
    CALL_OK(machine_thread, MEMORY_RETYPE, SLOT_FEED, 6, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL, 1,
            SLOT_DOMAIN);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_HANDLER, 1, 0);
    CALL_OK(machine_thread, THREAD_START, SLOT_HANDLER, 0);
    CALL_OK(machine_thread, PORTAL_ATTACH, SLOT_PORTAL, SLOT_HANDLER);
    handler = (struct thread *)slot_at(machine_domain, SLOT_HANDLER)->object;
    server = (struct domain *)slot_at(machine_domain, SLOT_DOMAIN)->object;
    CU_ASSERT_EQUAL_FATAL(CALL(handler, PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_GIFT, 40, 4, RIGHTS, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_GIFT + 1, 50, 8,
            EXO_RIGHT_READ | EXO_RIGHT_FROZEN, 0);
    machine_make(60, 1, EXO_OBJECT_KIND_EVENT, SLOT_GIFT + 2, 1, 0);
}

static uint64_t send(uint64_t first, uint64_t count) {
    return CALL(machine_thread, PORTAL_CALL, SLOT_PORTAL, 1, 2, 3, 4, ~0ull, first | count << 32);
}

static uint64_t reply(uint64_t word, uint64_t first, uint64_t count) {
    return CALL(handler, PORTAL_REPLY, 0, word, 0, 0, 0, EXO_STATUS_OK, first | count << 32);
}

static void test_all(void) {
    start(0, EXO_LABEL_TOP);
    post(handler, OWN_RECEIVE, 4);
    CU_ASSERT_EQUAL(send(SLOT_GIFT, 3), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(handler->registers.words[5], 3);
    CU_ASSERT_EQUAL(handler->receive_first, OWN_RECEIVE + 3);
    CU_ASSERT_EQUAL(handler->receive_count, 1);
    for (uint64_t i = 0; i < 3; i++) {
        const struct slot *sent = slot_at(machine_domain, SLOT_GIFT + i);
        const struct slot *got = slot_at(server, OWN_RECEIVE + i);
        CU_ASSERT_EQUAL(got->kind, sent->kind);
        CU_ASSERT_EQUAL(got->rights, sent->rights);
        CU_ASSERT_PTR_EQUAL(got->parent, sent);
    }
    CU_ASSERT_EQUAL(frame_at(machine_ram() + 50)->writers, -2);
    CU_ASSERT_PTR_NULL(machine_check());
    /* And back with the reply. */
    post(machine_thread, 40, 1);
    CU_ASSERT_EQUAL(reply(7, OWN_RECEIVE, 2), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(machine_thread->state, THREAD_CALLING);
    CU_ASSERT_EQUAL(reply(7, OWN_RECEIVE, 1), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(machine_thread->registers.status, EXO_STATUS_OK);
    CU_ASSERT_EQUAL(machine_thread->registers.words[0], 7);
    CU_ASSERT_EQUAL(machine_thread->registers.words[5], 1);
    CU_ASSERT_PTR_EQUAL(slot_at(machine_domain, 40)->parent, slot_at(server, OWN_RECEIVE));
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Whatever fails, nothing arrives and nothing is used up. */
static void nothing_arrived(uint64_t count) {
    for (uint64_t i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(slot_at(server, OWN_RECEIVE + i)->kind, EXO_OBJECT_KIND_EMPTY);
    }
    CU_ASSERT_EQUAL(handler->receive_first, OWN_RECEIVE);
    CU_ASSERT_EQUAL(handler->receive_count, count);
    CU_ASSERT_EQUAL(handler->state, THREAD_IDLE);
    CU_ASSERT_EQUAL(frame_at(machine_ram() + 50)->writers, -1);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_none(void) {
    start(0, EXO_LABEL_TOP);
    const struct {
        uint64_t first, count, posted;
        unsigned answer;
    } cases[] = {{SLOT_GIFT, 3, 2, EXO_STATUS_FULL},
                 {SLOT_GIFT, 4, 8, EXO_STATUS_BAD_CAPABILITY}, /* the last slot is empty */
                 {SLOT_GIFT, 9, 8, EXO_STATUS_BAD_ARGUMENT},
                 {SLOT_GIFT, 1ull << 31, 8, EXO_STATUS_BAD_ARGUMENT},
                 {0, 1, 8, EXO_STATUS_BAD_CAPABILITY},
                 {0xffffffff, 1, 8, EXO_STATUS_BAD_CAPABILITY}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        post(handler, OWN_RECEIVE, cases[i].posted);
        CU_ASSERT_EQUAL(send(cases[i].first, cases[i].count), cases[i].answer);
        nothing_arrived(cases[i].posted);
    }
    /* A posted slot that is occupied, and posted slots that do not exist. */
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_GIFT, SLOT_DOMAIN, OWN_RECEIVE + 1, 0, 1, 1, 0);
    post(handler, OWN_RECEIVE, 4);
    CU_ASSERT_EQUAL(send(SLOT_GIFT, 3), EXO_STATUS_FULL);
    CU_ASSERT_EQUAL(slot_at(server, OWN_RECEIVE)->kind, EXO_OBJECT_KIND_EMPTY);
    CU_ASSERT_EQUAL(handler->receive_count, 4);
    post(handler, ~0ull, 8);
    CU_ASSERT_EQUAL(send(SLOT_GIFT, 3), EXO_STATUS_FULL);
    post(handler, server->slot_total - 1, 8);
    CU_ASSERT_EQUAL(send(SLOT_GIFT, 2), EXO_STATUS_FULL);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Labels take rights away on delivery, or the capability itself. */
static void test_labels(void) {
    const uint64_t low = 0x01, high = 0x05;
    const uint64_t of_memory[2] = {low, low};
    start(high, high);
    CU_ASSERT_FATAL(arch_copy_to_user(LABELS, of_memory, sizeof of_memory));
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_GIFT + 4, 70, 2, 0xb,
            LABELS);
    CALL_OK(machine_thread, MEMORY_RETYPE, SLOT_GIFT + 4, 1, 1, EXO_OBJECT_KIND_EVENT,
            SLOT_GIFT + 5, 1, 0);
    post(handler, OWN_RECEIVE, 4);
    CU_ASSERT_EQUAL(send(SLOT_GIFT + 5, 1), EXO_STATUS_DENIED); /* a high one may not signal low */
    CU_ASSERT_EQUAL(handler->receive_count, 4);
    CU_ASSERT_EQUAL(send(SLOT_GIFT + 4, 1), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(slot_at(server, OWN_RECEIVE)->rights, EXO_RIGHT_READ); /* read down */
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A chain of 16 calls; the 17th is too deep. Each handler calls the next portal. */
static void test_depth(void) {
    machine_start(200, 4, 8);
    struct thread *handlers[18];
    for (uint64_t i = 0; i < 18; i++) {
        handlers[i] = machine_make_thread(i, 30 + i, EXO_SELF, i + 1);
        machine_make(20 + i, 1, EXO_OBJECT_KIND_PORTAL, 50 + i, 1, EXO_SELF);
        CALL_OK(machine_thread, THREAD_START, 30 + i, 0);
        CALL_OK(machine_thread, PORTAL_ATTACH, 50 + i, 30 + i);
        CU_ASSERT_EQUAL(CALL(handlers[i], PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
    }
    struct thread *caller = machine_thread;
    for (uint64_t i = 0; i < CALL_DEPTH_MAX; i++) {
        CU_ASSERT_EQUAL(CALL(caller, PORTAL_CALL, 50 + i, i, 0, 0, 0, ~0ull, 0), MACHINE_BLOCKED);
        caller = handlers[i];
        CU_ASSERT_EQUAL(caller->registers.words[0], i);
    }
    CU_ASSERT_EQUAL(CALL(caller, PORTAL_CALL, 50 + CALL_DEPTH_MAX, 1, 0, 0, 0, ~0ull, 0),
                    EXO_STATUS_TOO_DEEP);
    CU_ASSERT_EQUAL(CALL(caller, PORTAL_CALL, 50, 1, 0, 0, 0, 0, 0), EXO_STATUS_TOO_DEEP);
    /* The whole slice of the first caller runs the last handler. */
    CU_ASSERT_PTR_EQUAL(machine_slot(machine_thread), caller);
    CU_ASSERT_PTR_NULL(machine_check());
    for (uint64_t i = CALL_DEPTH_MAX; i-- > 0;) {
        CU_ASSERT_EQUAL(CALL(handlers[i], PORTAL_REPLY, 0, 100 + i), MACHINE_BLOCKED);
    }
    CU_ASSERT_EQUAL(machine_thread->registers.words[0], 100);
    CU_ASSERT_EQUAL(machine_thread->registers.status, EXO_STATUS_OK);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_gas_minimum(void) {
    start(0, EXO_LABEL_TOP);
    machine_run(machine_thread);
    int64_t balance = machine_domain->gas->balance;
    CALL_OK(machine_thread, PORTAL_LIMIT, SLOT_PORTAL, (uint64_t)balance + 1);
    CU_ASSERT_EQUAL(send(0, 0), EXO_STATUS_NO_GAS);
    CALL_OK(machine_thread, PORTAL_LIMIT, SLOT_PORTAL,
            (uint64_t)(machine_domain->gas->balance - 100000));
    CU_ASSERT_EQUAL(send(0, 0), MACHINE_BLOCKED);
    CU_ASSERT_PTR_EQUAL(handler->caller, machine_thread);
}

/* Callers are served in the order in which they came; each with its own badge. */
static void test_queue(void) {
    struct thread *clients[6];
    start(0, EXO_LABEL_TOP);
    for (uint64_t i = 0; i < 6; i++) {
        clients[i] = machine_make_thread(80 + i, 40 + i, EXO_SELF, 2 + i);
        CALL_OK(machine_thread, THREAD_START, 40 + i, 0);
        CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_PORTAL, EXO_SELF, 50 + i, 0, 0,
                EXO_RIGHT_CALL, 1000 + i);
        CU_ASSERT_EQUAL(CALL(clients[i], PORTAL_CALL, 50 + i, i, 0, 0, 0, ~0ull, 0),
                        MACHINE_BLOCKED);
    }
    CU_ASSERT_EQUAL(CALL(machine_thread, CAPABILITY_DERIVE, 50, EXO_SELF, 60, 0, 0, 1, 5),
                    EXO_STATUS_DENIED); /* a badge of one's own needs the right */
    CALL_OK(machine_thread, PORTAL_CANCEL, 43, 0);
    CU_ASSERT_EQUAL(clients[3]->registers.status, EXO_STATUS_CANCELLED);
    CU_ASSERT_EQUAL(CALL(machine_thread, PORTAL_CANCEL, 43, 0), EXO_STATUS_BAD_ARGUMENT);
    for (uint64_t i = 0; i < 6; i++) {
        if (i == 3) {
            continue;
        }
        CU_ASSERT_PTR_EQUAL(handler->caller, clients[i]);
        CU_ASSERT_EQUAL(handler->registers.words[0], i);
        CU_ASSERT_EQUAL(handler->registers.words[4], 1000 + i);
        CU_ASSERT_PTR_NULL(machine_check());
        uint64_t status = reply(i, 0, 0);
        CU_ASSERT(status == (i < 5 ? EXO_STATUS_OK : MACHINE_BLOCKED));
        CU_ASSERT_EQUAL(clients[i]->registers.status, EXO_STATUS_OK);
    }
    CU_ASSERT_EQUAL(handler->state, THREAD_IDLE);
    CU_ASSERT_EQUAL(reply(0, 0, 0), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(machine_thread, PORTAL_CALL, SLOT_PORTAL, 1, 0, 0, 0, 0, 0),
                    MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(clients[0], PORTAL_CALL, SLOT_PORTAL, 1, 0, 0, 0, 0, 0), EXO_STATUS_BUSY);
}

/* Callers whose transfers fail are sent away one a step: a handler that looks for its next call
   never handles more than one of them without coming back. */
static void test_queue_failures(void) {
    struct thread *clients[4];
    start(0, EXO_LABEL_TOP);
    for (uint64_t i = 0; i < 4; i++) {
        clients[i] = machine_make_thread(80 + i, 40 + i, EXO_SELF, 2 + i);
        CALL_OK(machine_thread, THREAD_START, 40 + i, 0);
        /* All but the first call and the last bring what nobody has posted a slot for. */
        uint64_t gift = i == 0 || i == 3 ? 0 : SLOT_GIFT | 1ull << 32;
        CU_ASSERT_EQUAL(CALL(clients[i], PORTAL_CALL, SLOT_PORTAL, i, 0, 0, 0, ~0ull, gift),
                        MACHINE_BLOCKED);
    }
    CU_ASSERT_PTR_EQUAL(handler->caller, clients[0]);
    machine_prepare(handler, EXO_CALL_PORTAL_REPLY, 0, (uint64_t[6]){7});
    CU_ASSERT_TRUE(machine_run(handler));
    for (uint64_t i = 1; i < 3; i++) {
        CU_ASSERT_TRUE(machine_run(handler));
        machine_step();
        CU_ASSERT_EQUAL(clients[0]->registers.words[0], 7);
        CU_ASSERT_EQUAL(clients[i]->registers.status, EXO_STATUS_FULL);
        CU_ASSERT_EQUAL(clients[i + 1]->state, THREAD_QUEUED);
        CU_ASSERT_EQUAL(handler->state, THREAD_READY);
        CU_ASSERT_TRUE(machine_pending(handler));
        CU_ASSERT_PTR_NULL(machine_check());
    }
    CU_ASSERT_TRUE(machine_run(handler));
    machine_step();
    CU_ASSERT_PTR_EQUAL(handler->caller, clients[3]);
    CU_ASSERT_EQUAL(handler->registers.words[0], 3);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Vector state is reset on the way in and on the way out. */
static void test_vector_state(void) {
    start(0, EXO_LABEL_TOP);
    machine_run(machine_thread);
    machine_vector_state = 0xdead;
    CU_ASSERT_EQUAL(send(0, 0), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(machine_vector_state, 0);
    machine_vector_state = 0xbeef;
    machine_prepare(handler, EXO_CALL_PORTAL_REPLY, 0, (uint64_t[6]){0});
    machine_step();
    CU_ASSERT_PTR_EQUAL(machine_core->current, machine_thread);
    CU_ASSERT_EQUAL(machine_vector_state, 0);
}

static const struct machine_test tests[] = {
    {"capabilities there and back", test_all}, {"all or none", test_none},
    {"labels at delivery", test_labels},       {"depth of calls", test_depth},
    {"the gas minimum", test_gas_minimum},     {"the queue is first in, first out", test_queue},
    {"vector state", test_vector_state},       {"failures in the queue", test_queue_failures},
};

MACHINE_MAIN("what travels with a call", tests)
