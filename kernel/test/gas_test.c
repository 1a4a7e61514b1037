/* SPDX-License-Identifier: MIT */
/*
 * Gas: all balances and what the cores have debited are constant whatever happens; every frame is
 * charged to exactly one account (machine_check counts them); the owner of a slice pays; an account
 * that ends leaves everything to its parent.
 *
 * Seen to fail: gas_reap() that forgets the balance; gas_transfer() that lets a child go below
 * zero; frames of an ending account counted twice; a dry account whose slots are played; a balance
 * that two cores change by ordinary subtractions.
 */
#include <pthread.h>
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define ACCOUNTS 8
#define RUNS 10
#define RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_RETYPE)
#define SLOT_ACCOUNT 16u
#define SLOT_RUN 28u
#define SLOT_DOMAIN 40u
#define SLOT_THREAD 44u
#define SLOT_EVENT 50u

static struct gas *account(uint64_t slot) {
    return (struct gas *)slot_at(machine_domain, slot)->object;
}

static int64_t balances(const struct gas *gas) {
    int64_t sum = gas->balance;
    CU_ASSERT_FATAL(gas_check(gas));
    for (const struct gas *child = gas->children; child != NULL; child = child->next) {
        sum += balances(child);
    }
    return sum;
}

/* With what was debited, by whichever core. */
static int64_t total(void) {
    int64_t sum = balances(gas_root);
    for (uint32_t i = 0; i < core_count; i++) {
        sum += (int64_t)cores[i]->counters[EXO_COUNTER_GAS_DEBITED];
    }
    return sum;
}

/* A Domain on its own account, with a thread that is ready, at table index 1 + i. */
static struct thread *make_payer(uint64_t i, uint64_t gas_slot) {
    uint64_t frame = 8 + 10 * i;
    machine_make(frame, 1, EXO_OBJECT_KIND_DOMAIN, SLOT_DOMAIN + i, 1, gas_slot);
    CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN + i, MACHINE_RAM, frame + 1, 4, 20);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, 1, frame + 5, 1, 1, 0);
    CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN + i, 1, MACHINE_CODE, 0, 1, 1);
    struct thread *thread =
        machine_make_thread(frame + 6, SLOT_THREAD + i, SLOT_DOMAIN + i, i + 1);
    CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
    return thread;
}

static void random_step(void) {
    uint64_t slot = SLOT_ACCOUNT + machine_random(ACCOUNTS);
    uint64_t other = machine_random(4) ? SLOT_ACCOUNT + machine_random(ACCOUNTS) : MACHINE_GAS;
    uint64_t run = SLOT_RUN + machine_random(RUNS);
    uint64_t amount = machine_random(1u << 20);
    switch (machine_random(9)) {
    case 0:
        CALL(machine_thread, MEMORY_RETYPE, MACHINE_RAM, machine_random(6), 1, EXO_OBJECT_KIND_GAS,
             slot, 1, other);
        break;
    case 1:
    case 2:
        amount = machine_random(4) ? amount : 0 - amount;
        CALL(machine_thread, GAS_TRANSFER, other, slot, amount, machine_random(1000));
        break;
    case 3:
        CALL(machine_thread, GAS_DEBIT, slot, machine_random(machine_random(3) ? 1000 : 1u << 30));
        break;
    case 4:
        CALL(machine_thread, CAPABILITY_DERIVE, machine_random(3) ? MACHINE_RAM : run, EXO_SELF,
             SLOT_RUN + machine_random(RUNS), 100 + machine_random(20), 1 + machine_random(400),
             RIGHTS | slot << 32, 0);
        break;
    case 5:
        CALL(machine_thread, CAPABILITY_DERIVE, run, EXO_SELF, SLOT_RUN + machine_random(RUNS),
             machine_random(4), 1 + machine_random(300), RIGHTS | slot << 32, 0);
        break;
    case 6:
        CALL(machine_thread, CAPABILITY_DELETE, run, 0);
        break;
    case 7:
        CALL(machine_thread, CAPABILITY_DELETE, machine_random(4) ? run : slot, 0);
        break;
    default:
        machine_pass(machine_random(1u << 22));
        break;
    }
}

static void test_random(void) {
    for (unsigned run = 0; run < (machine_long() ? 3000u : 200u); run++) {
        machine_start(700, 3, 4);
        int64_t sum = total();
        for (unsigned i = 0; i < 250; i++) {
            random_step();
            CU_ASSERT_EQUAL_FATAL(total(), sum);
            const char *broken = i % 4 == 0 ? machine_check() : NULL;
            CU_ASSERT_PTR_NULL_FATAL(broken);
        }
        /* Whatever ended left its all to the root in the end. */
        for (uint64_t i = 0; i < ACCOUNTS + RUNS; i++) {
            CALL(machine_thread, CAPABILITY_DELETE, i < ACCOUNTS ? SLOT_ACCOUNT + i
                                                                 : SLOT_RUN + i - ACCOUNTS, 0);
        }
        machine_reap();
        CU_ASSERT_PTR_NULL(gas_root->children);
        CU_ASSERT_EQUAL(total(), sum);
        CU_ASSERT_PTR_NULL_FATAL(machine_check());
    }
}

/* An account with more capabilities than one step can move ends while others use what it pays. */
static void test_ends_in_steps(void) {
    machine_start(900, 24, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 1, MACHINE_GAS);
    machine_make(1, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT + 1, 1, SLOT_ACCOUNT);
    machine_make(2, 1, EXO_OBJECT_KIND_THREAD, SLOT_THREAD, 1, EXO_SELF);
    struct thread *other = (struct thread *)slot_at(machine_domain, SLOT_THREAD)->object;
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 1, 0);
    CALL_OK(machine_thread, THREAD_START, SLOT_THREAD, 0);
    for (uint64_t i = 0; i < 600; i++) {
        CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, 60 + i, 8 + i, 1,
                RIGHTS | (uint64_t)(SLOT_ACCOUNT + 1) << 32, 0);
    }
    const struct gas *parent = account(SLOT_ACCOUNT);
    CU_ASSERT_EQUAL(account(SLOT_ACCOUNT + 1)->frames, 600);
    /* The first step by hand: a call would not come back before the last one. */
    uint32_t budget = BUDGET_STEP;
    CU_ASSERT(slot_delete(slot_at(machine_domain, SLOT_ACCOUNT + 1), &budget));
    CU_ASSERT(!object_reap(&budget));
    CU_ASSERT_EQUAL(parent->frames, 600);
    CALL_OK(other, CAPABILITY_DELETE, 60, 0);       /* moved last: it still names the old one */
    CALL_OK(other, CAPABILITY_DELETE, 60 + 599, 0); /* moved first */
    machine_reap();
    CU_ASSERT_EQUAL(parent->frames, 598);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_transfer(void) {
    machine_start(64, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 2, MACHINE_GAS);
    machine_make(1, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT + 2, 1, SLOT_ACCOUNT);
    struct gas *child = account(SLOT_ACCOUNT);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT, 1000, 0);
    const struct {
        uint64_t from, to, amount;
        unsigned answer;
    } cases[] = {{SLOT_ACCOUNT, SLOT_ACCOUNT + 1, 1, EXO_STATUS_BAD_ARGUMENT}, /* a sibling */
                 {MACHINE_GAS, SLOT_ACCOUNT + 2, 1, EXO_STATUS_BAD_ARGUMENT},  /* a grandchild */
                 {SLOT_ACCOUNT, SLOT_ACCOUNT, 1, EXO_STATUS_BAD_ARGUMENT},
                 {SLOT_ACCOUNT, SLOT_ACCOUNT + 2, 1001, EXO_STATUS_NO_GAS},
                 {SLOT_ACCOUNT, SLOT_ACCOUNT + 2, 1000, EXO_STATUS_OK},
                 {SLOT_ACCOUNT, SLOT_ACCOUNT + 2, (uint64_t)-1001, EXO_STATUS_NO_GAS},
                 {SLOT_ACCOUNT, SLOT_ACCOUNT + 2, (uint64_t)-1000, EXO_STATUS_OK},
                 {SLOT_ACCOUNT, SLOT_ACCOUNT + 2, 1ull << 63, EXO_STATUS_BAD_ARGUMENT},
                 {SLOT_ACCOUNT, MACHINE_THREAD, 1, EXO_STATUS_BAD_CAPABILITY}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_EQUAL(
            CALL(machine_thread, GAS_TRANSFER, cases[i].from, cases[i].to, cases[i].amount, 0),
            cases[i].answer);
    }
    CU_ASSERT_EQUAL(child->balance, 1000);
    CU_ASSERT_EQUAL(CALL(machine_thread, GAS_DEBIT, SLOT_ACCOUNT, 1001), EXO_STATUS_NO_GAS);
    CU_ASSERT_EQUAL(CALL(machine_thread, GAS_DEBIT, SLOT_ACCOUNT, ~0ull), EXO_STATUS_NO_GAS);
    CALL_OK(machine_thread, GAS_DEBIT, SLOT_ACCOUNT, 1000);
    CU_ASSERT_EQUAL(child->balance, 0);
    CU_ASSERT_EQUAL(CALL(machine_thread, GAS_PRICE, SLOT_ACCOUNT, 0, 1), EXO_STATUS_DENIED);
    CU_ASSERT_EQUAL(CALL(machine_thread, GAS_PRICE, MACHINE_GAS, 3, 1), EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, GAS_PRICE, MACHINE_GAS, 0, ~0ull),
                    EXO_STATUS_BAD_ARGUMENT);
}

/* The low mark is told once, and again after the next transfer. */
static void test_low(void) {
    machine_start(64, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 1, MACHINE_GAS);
    machine_make(1, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, 1, 0);
    CALL_OK(machine_thread, CAPABILITY_NOTIFY, EXO_SELF, SLOT_ACCOUNT, SLOT_EVENT);
    for (unsigned i = 0; i < 3; i++) {
        CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT, 1000, 500);
        CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, 0), EXO_STATUS_DEADLINE);
        CALL_OK(machine_thread, GAS_DEBIT, SLOT_ACCOUNT, 501);
        CALL_OK(machine_thread, EVENT_WAIT, SLOT_EVENT, 0);
        CALL_OK(machine_thread, GAS_DEBIT, SLOT_ACCOUNT, 400);
        CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, 0), EXO_STATUS_DEADLINE);
        CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT,
                0 - (uint64_t)account(SLOT_ACCOUNT)->balance, 500);
    }
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_ACCOUNT, 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* The owner of the slice pays for a handler's time; memory costs by frames and ticks. */
static void test_who_pays(void) {
    machine_start(128, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 3, MACHINE_GAS);
    struct thread *client = make_payer(0, SLOT_ACCOUNT);
    struct thread *handler = make_payer(1, SLOT_ACCOUNT + 1);
    for (uint64_t i = 0; i < 3; i++) {
        CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT + i, 1 << 30, 0);
    }
    machine_make(2, 1, EXO_OBJECT_KIND_PORTAL, SLOT_EVENT, 1, SLOT_DOMAIN + 1);
    CALL_OK(machine_thread, PORTAL_ATTACH, SLOT_EVENT, SLOT_THREAD + 1);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT, SLOT_DOMAIN, 2, 0, 0, EXO_RIGHT_CALL, 0);
    CU_ASSERT_EQUAL(CALL(handler, PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(client, PORTAL_CALL, 2, 1, 2, 3, 4, ~0ull, 0), MACHINE_BLOCKED);
    CU_ASSERT_PTR_EQUAL(machine_core->current, handler);
    machine_run(machine_thread);
    machine_slot(client);
    int64_t client_balance = account(SLOT_ACCOUNT)->balance;
    int64_t handler_balance = account(SLOT_ACCOUNT + 1)->balance;
    machine_pass(1 << 20);
    machine_run(machine_thread);
    CU_ASSERT(account(SLOT_ACCOUNT)->balance <= client_balance - (1 << 20));
    CU_ASSERT_EQUAL(account(SLOT_ACCOUNT + 1)->balance, handler_balance);
    /* 10 frames for 2^24 ticks at 16 per frame and 2^20 ticks. */
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, 60, 40, 10,
            RIGHTS | (uint64_t)(SLOT_ACCOUNT + 2) << 32, 0);
    machine_pass(1 << 24);
    CALL_OK(machine_thread, CAPABILITY_DELETE, 60, 0);
    CU_ASSERT_EQUAL(account(SLOT_ACCOUNT + 2)->balance, (1 << 30) - 10 * 16 * 16);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A dry account's slots are skipped, and nobody else's. */
static void test_dry(void) {
    machine_start(128, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 2, MACHINE_GAS);
    struct thread *poor = make_payer(0, SLOT_ACCOUNT), *rich = make_payer(1, SLOT_ACCOUNT + 1);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT, 20000, 0);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT + 1, 1 << 30, 0);
    CALL_OK(machine_thread, CPU_PLAY, MACHINE_CPU, MACHINE_RAM, 60, 2, 60, 0);
    uint64_t *words = physical_pointer((machine_ram() + 61) << PAGE_SHIFT);
    for (uint64_t i = 0; i < PAGE_SIZE / 8; i++) {
        words[i] = (1 + i % 2) | 4000ull << 16;
    }
    unsigned slots_of_poor = 0, slots_of_rich = 0;
    for (unsigned i = 0; i < 100; i++) {
        machine_clock = machine_core->slice_end;
        machine_interrupt();
        slots_of_poor += machine_core->current == poor;
        slots_of_rich += machine_core->current == rich;
    }
    CU_ASSERT(slots_of_poor >= 4 && slots_of_poor <= 6);
    CU_ASSERT_EQUAL(slots_of_rich + slots_of_poor, 100);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT, 1 << 30, 0);
    for (unsigned i = 0; i < 4; i++) {
        machine_clock = machine_core->slice_end;
        machine_interrupt();
        slots_of_poor += 100 * (machine_core->current == poor);
    }
    CU_ASSERT(slots_of_poor >= 200);
}

#define GATHERS 60000000 /* enough to meet, even on a busy host */

static void *gather_all(void *argument) {
    struct core *core = argument;
    for (unsigned i = 0; i < GATHERS; i++) {
        core->charge = 3;
        gas_gather(core, core->payer_mark + 16);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    }
    return NULL;
}

/* Two cores charge one account at once, on two threads of the host, and nothing gets lost. */
static void test_two_cores(void) {
    static struct core two[2];
    pthread_t thread[2];
    machine_start(64, 3, 4);
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_ACCOUNT, 1, MACHINE_GAS);
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_ACCOUNT, 1ll << 40, 0);
    int64_t before = account(SLOT_ACCOUNT)->balance;
    for (unsigned i = 0; i < 2; i++) {
        two[i].payer = account(SLOT_ACCOUNT);
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread[i], NULL, gather_all, &two[i]), 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(thread[i], NULL);
    }
    uint64_t time = 16 * gas_prices[EXO_GAS_PRICE_TIME] / 1024;
    int64_t each = (int64_t)(time + 3 * gas_prices[EXO_GAS_PRICE_CALL]);
    CU_ASSERT_EQUAL(before - account(SLOT_ACCOUNT)->balance, 2 * GATHERS * each);
    for (unsigned i = 0; i < 2; i++) {
        CU_ASSERT_EQUAL(two[i].counters[EXO_COUNTER_GAS_DEBITED], (uint64_t)(GATHERS * each));
        CU_ASSERT_EQUAL(two[i].counters[EXO_COUNTER_PAID_TICKS], GATHERS * 16ull);
    }
}

static const struct machine_test tests[] = {
    {"conservation and charges, random", test_random},
    {"an account that ends in steps", test_ends_in_steps},
    {"transfers, debits and prices", test_transfer},
    {"the low mark", test_low},
    {"who pays for time and memory", test_who_pays},
    {"a dry account", test_dry},
    {"two cores at once", test_two_cores},
};

MACHINE_MAIN("gas", tests)
