/* SPDX-License-Identifier: MIT */
/*
 * What the kernel of one core does while there is another: calls that do not get the tree lock,
 * Events that stand in another core's mail, accounts that another core is just paying.
 *
 * Seen to fail: a call that is charged for each try; a handler that has answered before it has the
 * lock for the next call; event_move() that gives up on an Event in the mail; event_reap() that
 * looks for it in its home's mail only; gas_reap() that does not look again who pays; all of the
 * mail, or some of it at each slot's end; a core that sleeps before it has looked at all;
 * credit for threads of a core that sleeps; one that is woken for nothing, or not for a thread.
 */
#include "kernel.h"
#include "machine.h"

#define SLOT_DOMAIN 20u
#define SLOT_CLIENT 21u
#define SLOT_HANDLER 22u
#define SLOT_PORTAL 23u
#define SLOT_GAS 24u
#define SLOT_EVENT 30u
#define EVENTS 32u /* on one frame; more than one look at the mail handles */
#define OWN_RECEIVE 8u
#define LOOK_TICKS (20 * TICKS_PER_MICROSECOND) /* between two looks at the mail */
#define VALUES (MACHINE_USER + 0x4000)

static struct core other;

static struct event *event_at(uint32_t i) {
    return (struct event *)slot_at(machine_domain, SLOT_EVENT + i)->object;
}

static void start(void) {
    machine_start(200, 3, 8);
    memset(&other, 0, sizeof other);
    cpu_start_core(&other, 1);
    other.online = 1;
    cores[1] = &other;
    core_count = 2;
    boot_core.several = other.several = 1;
}

/* A Domain with a thread that is ready at the table's index, below the other slots' numbers. */
static struct thread *make_thread(uint64_t frame, uint64_t slot, uint64_t index) {
    struct thread *thread = machine_make_thread(frame, slot, SLOT_DOMAIN, index);
    CALL_OK(machine_thread, THREAD_START, slot, 0);
    return thread;
}

static void make_domain(void) {
    machine_make_domain(0, 1, SLOT_DOMAIN);
    CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN, MACHINE_RAM, 1, 4, 20);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN, 1, 8, 1, 1, 0);
    CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN, 1, MACHINE_CODE, 0, 1, 1);
}

/* The call is entered while another core has the tree lock: it has to be entered again, and has
   cost nothing. */
static void contended(struct thread *thread, uint32_t number, uint32_t capability,
                      const uint64_t words[6]) {
    CU_ASSERT_FATAL(machine_run(thread));
    machine_prepare(thread, number, capability, words);
    uint64_t charge = boot_core.charge;
    uint64_t steps = boot_core.counters[EXO_COUNTER_STEPS];
    tree_lock |= 1;
    machine_step();
    tree_lock &= ~1u;
    CU_ASSERT_EQUAL(boot_core.counters[EXO_COUNTER_STEPS], steps + 1);
    CU_ASSERT_EQUAL(boot_core.charge, charge);
    CU_ASSERT_FATAL(machine_pending(thread));
}

static void test_charge(void) {
    start();
    struct event *event = machine_make(0, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, 1, 0);
    contended(machine_thread, EXO_CALL_MEMORY_UNMAP, EXO_SELF,
              (const uint64_t[6]){MACHINE_USER, 1});
    CU_ASSERT_EQUAL(machine_call(machine_thread, EXO_CALL_MEMORY_UNMAP, EXO_SELF,
                                 (const uint64_t[6]){MACHINE_USER, 1}), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(boot_core.charge, EXO_CALL_MEMORY_UNMAP_GAS_UNITS);
    /* One whose home is the other core. */
    event->core = &other;
    contended(machine_thread, EXO_CALL_EVENT_WAIT, SLOT_EVENT, (const uint64_t[6]){0});
    CU_ASSERT_PTR_EQUAL(event->core, &other);
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, 0), EXO_STATUS_DEADLINE);
    CU_ASSERT_PTR_EQUAL(event->core, &boot_core);
}

/* A handler answers, and the next one in the queue brings a capability: it keeps its caller until
   it can have both. */
static void test_handler(void) {
    start();
    make_domain();
    struct thread *handler = make_thread(10, SLOT_HANDLER, 1);
    struct thread *client = machine_make_thread(11, SLOT_CLIENT, EXO_SELF, 2);
    machine_make(12, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL, 1, SLOT_DOMAIN);
    CALL_OK(machine_thread, THREAD_START, SLOT_CLIENT, 0);
    CALL_OK(machine_thread, PORTAL_ATTACH, SLOT_PORTAL, SLOT_HANDLER);
    CU_ASSERT_EQUAL_FATAL(CALL(handler, PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
    handler->receive_first = OWN_RECEIVE;
    handler->receive_count = 1;
    CU_ASSERT_EQUAL(CALL(machine_thread, PORTAL_CALL, SLOT_PORTAL, 0, 0, 0, 0, ~0ull, 0),
                    MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(client, PORTAL_CALL, SLOT_PORTAL, 0, 0, 0, 0, ~0ull,
                         SLOT_PORTAL | 1ull << 32), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(client->state, THREAD_QUEUED);
    contended(handler, EXO_CALL_PORTAL_REPLY, 0, (const uint64_t[6]){7});
    CU_ASSERT_PTR_EQUAL(handler->caller, machine_thread);
    CU_ASSERT_EQUAL(client->state, THREAD_QUEUED);
    CU_ASSERT_FATAL(machine_run(handler));
    machine_step();
    CU_ASSERT_EQUAL(machine_thread->state, THREAD_READY);
    CU_ASSERT_EQUAL(machine_thread->registers.words[0], 7);
    CU_ASSERT_PTR_EQUAL(handler->caller, client);
    CU_ASSERT_EQUAL(handler->registers.words[5], 1);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Events that were the other core's, and of which the first to be signalled is the last one in its
   mail, behind more than one look takes. */
static void mailed_events(void) {
    machine_make(20, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, EVENTS, 0);
    for (uint32_t i = 0; i < EVENTS; i++) {
        event_at(i)->core = &other;
        CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_EVENT + i, 0);
        CU_ASSERT_EQUAL(event_at(i)->mailed, 1);
        CU_ASSERT_EQUAL(event_at(i)->pending, 0);
    }
}

static void test_mailed(void) {
    start();
    make_domain();
    mailed_events();
    struct event *event = event_at(0);
    struct thread *thread = machine_make_thread(10, SLOT_HANDLER, SLOT_DOMAIN, 1);
    const uint64_t slot = 10;
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT, SLOT_DOMAIN, slot, 0, 0, 3, 0);
    CU_ASSERT_FATAL(arch_copy_to_user(VALUES, &slot, sizeof slot));
    CALL_OK(machine_thread, THREAD_WRITE, SLOT_HANDLER, EXO_THREAD_REGISTER_UPCALL_EVENT, 1,
            VALUES);
    CU_ASSERT_PTR_EQUAL(thread->upcall_event, event);
    CU_ASSERT_PTR_EQUAL(event->core, &boot_core);
    CU_ASSERT_EQUAL(event->pending, ~0ull);
    /* What comes meanwhile is sent on by the core that had it. */
    event->pending = 0;
    event->remote = 4;
    machine_core = &other;
    for (uint32_t i = 0; i < EVENTS; i++) {
        core_mail(&other);
    }
    machine_core = &boot_core;
    CU_ASSERT_PTR_EQUAL(boot_core.mail, event);
    core_mail(&boot_core);
    CU_ASSERT_EQUAL(event->pending, 4);
    CU_ASSERT_TRUE(core_mail(&other));
}

static void test_mailed_ends(void) {
    start();
    mailed_events();
    struct event *event = event_at(0);
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, 0), EXO_STATUS_OK);
    CU_ASSERT_PTR_EQUAL(event->core, &boot_core);
    CU_ASSERT_EQUAL(event->mailed, 1);
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_EVENT, 0);
    machine_reap();
    CU_ASSERT_EQUAL(event->object.state, OBJECT_FREE);
    other.parked = 0;
    for (struct event *at = other.mail_taken; at != NULL; at = at->mail_next) {
        CU_ASSERT_PTR_NOT_EQUAL(at, event);
    }
}

static uint32_t pending_events(void) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < EVENTS; i++) {
        count += event_at(i)->pending != 0;
    }
    return count;
}

/* Other cores signal much, and a thread of this one runs: it keeps most of the time. */
static void test_flood(void) {
    start();
    machine_make(20, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, EVENTS, 0);
    machine_core = &other;
    for (uint32_t i = 0; i < EVENTS; i++) {
        event_raise(event_at(i), 1);
    }
    machine_core = &boot_core;
    CU_ASSERT_EQUAL(pending_events(), 0);
    uint32_t before = 0, looks = 0;
    for (; before < EVENTS && looks < EVENTS; looks++) {
        machine_clock += LOOK_TICKS;
        cpu_slice_end(&boot_core, machine_clock);
        CU_ASSERT_PTR_EQUAL(boot_core.current, machine_thread);
        uint32_t now = pending_events();
        CU_ASSERT(now > before && now - before <= MAIL_COST_MAX);
        before = now;
        machine_clock += LOOK_TICKS / 2; /* too soon */
        cpu_slice_end(&boot_core, machine_clock);
        CU_ASSERT_EQUAL(pending_events(), before);
    }
    CU_ASSERT(looks > 1);
    CU_ASSERT_EQUAL(before, EVENTS);
    boot_core.slow = 0;
}

/* A core that has nobody to run looks at all of it before it sleeps. */
static void test_flood_idle(void) {
    start();
    machine_make(20, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, EVENTS, 0);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_STOP, MACHINE_THREAD, 0), MACHINE_BLOCKED);
    machine_core = &other;
    for (uint32_t i = 0; i < EVENTS; i++) {
        event_raise(event_at(i), 1);
    }
    machine_core = &boot_core;
    machine_wake();
    CU_ASSERT_EQUAL(pending_events(), EVENTS);
}

static struct gas *payer_next;

static void pays_next(struct core *core) {
    core->payer = payer_next;
}

/* Until the other core has parked, its slots may come to somebody else. */
static void test_payer(void) {
    start();
    struct gas *gas = machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_GAS, 2, MACHINE_GAS);
    payer_next = (struct gas *)slot_at(machine_domain, SLOT_GAS + 1)->object;
    other.payer = gas;
    machine_asked = pays_next;
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_GAS, 0);
    machine_reap();
    CU_ASSERT_PTR_EQUAL(other.payer, payer_next);
    other.parked = 0;
    machine_asked = NULL;
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_GAS + 1, 0);
    machine_reap();
    CU_ASSERT_PTR_EQUAL(other.payer, gas_root);
}

static uint32_t asked;

static void count_asked(struct core *core) {
    (void)core;
    asked++;
}

/* An account that was dry gets credit: its threads on a core that sleeps may run again. */
static void test_refill(void) {
    start();
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_GAS, 1, MACHINE_GAS);
    machine_asked = count_asked;
    asked = 0;
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, 100, 0);
    CU_ASSERT_EQUAL(asked, 0); /* it is awake */
    CU_ASSERT_EQUAL(other.slot_due, 1);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, (uint64_t)-100, 0);
    other.asleep = 1;
    other.slot_due = 0;
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, 1, 0);
    CU_ASSERT_EQUAL(asked, 1);
    CU_ASSERT_EQUAL(other.slot_due, 1);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS, 1, 0);
    CU_ASSERT_EQUAL(asked, 1); /* it was not dry */
    machine_asked = NULL;
}

/* A core that sleeps is left alone, unless somebody can run there then. */
static void test_asleep(void) {
    start();
    make_domain();
    struct slot *cpu = slot_at(machine_domain, SLOT_GAS);
    slot_fill_object(cpu, NULL, &other.object, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN, 0);
    machine_make(10, 1, EXO_OBJECT_KIND_THREAD, SLOT_HANDLER, 1, SLOT_DOMAIN);
    other.asleep = 1;
    other.skipped = 1; /* as it is when a core goes to sleep */
    machine_asked = count_asked;
    asked = 0;
    CALL_OK(machine_thread, CPU_BIND, SLOT_GAS, SLOT_HANDLER, 0, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_HANDLER, SLOT_DOMAIN, 10, 0, 0, 1, 0);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_HANDLER, 0);
    CU_ASSERT_EQUAL(asked, 0);
    CU_ASSERT_EQUAL(other.park_due, 1);
    CALL_OK(machine_thread, THREAD_START, SLOT_HANDLER, 0);
    CU_ASSERT_EQUAL(asked, 1);
    other.parked = 0;
    other.asleep = 0;
    CALL_OK(machine_thread, THREAD_STOP, SLOT_HANDLER, 0);
    CU_ASSERT_EQUAL(asked, 2);
    machine_asked = NULL;
}

static const struct machine_test tests[] = {
    {"no gas for a try", test_charge},
    {"a handler keeps its caller", test_handler},
    {"an Event in the mail moves", test_mailed},
    {"an Event in old mail ends", test_mailed_ends},
    {"much mail, and somebody runs", test_flood},
    {"much mail, and nobody runs", test_flood_idle},
    {"a core that sleeps", test_asleep},
    {"a dry account gets credit", test_refill},
    {"who pays is looked at again", test_payer},
};

MACHINE_MAIN("cores", tests)
