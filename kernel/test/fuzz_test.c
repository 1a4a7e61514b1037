/* SPDX-License-Identifier: MIT */
/*
 * Every call of the table with random and half-valid arguments, from threads of several Domains
 * that hold some of everything, with interrupts, faults and time in between. Every few calls all
 * invariants are recomputed (machine_check), and no call answers anything but a status.
 *
 * Seen to fail: memory_retype() without its test of occupied slots; slot_delete() that forgets the
 * references of an object.
 */
#include <stdlib.h>
#include <time.h>

#include "kernel.h"
#include "machine.h"

#define THREADS 6
#define DOMAINS 3
#define HISTORY 24
#define SECONDS 4.0
#define WINDOW 0x40000000ull

/* Slots of the first Domain's table; those that others get are derived from them. */
enum {
    SLOT_DOMAIN = 20,
    SLOT_FEED = 24,
    SLOT_GAS = 28,
    SLOT_THREAD = 32,
    SLOT_PORTAL = 40,
    SLOT_EVENT = 44,
    SLOT_GIFT = 48,
};

static struct thread *threads[THREADS];
static struct {
    uint64_t word, words[6];
    unsigned thread;
} history[HISTORY];
static uint64_t calls, seed, all_calls, succeeded[EXO_CALL_COUNT];

static void tell_history(void) {
    fprintf(stderr, "  seed %lu, %lu calls\n", (unsigned long)seed, (unsigned long)calls);
    for (uint64_t i = calls > HISTORY ? calls - HISTORY : 0; i < calls; i++) {
        fprintf(stderr, "  thread %u: call %lu of slot %lx:", history[i % HISTORY].thread,
                (unsigned long)(history[i % HISTORY].word >> 32 & 0xffff),
                (unsigned long)(uint32_t)history[i % HISTORY].word);
        for (unsigned j = 0; j < 6; j++) {
            fprintf(stderr, " %lx", (unsigned long)history[i % HISTORY].words[j]);
        }
        fprintf(stderr, "\n");
    }
}

static void give(uint64_t source, uint64_t domain, uint64_t slot, uint64_t count, uint64_t rights) {
    CALL_OK(machine_thread, CAPABILITY_DERIVE, source, SLOT_DOMAIN + domain, slot, 0, count,
            rights, 0);
}

static void make_domain(uint64_t i) {
    uint64_t all = EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE | EXO_RIGHT_RETYPE;
    machine_make(2 + i, 1, EXO_OBJECT_KIND_DOMAIN, SLOT_DOMAIN + i, 1,
                 (SLOT_GAS + i) | (i == 0 ? 1ull << 32 : 0));
    CALL_OK(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS + i, 1ll << 36, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_FEED + i, 32 + 8 * i, 8,
            all, 0);
    CALL_OK(machine_thread, DOMAIN_FEED, SLOT_DOMAIN + i, SLOT_FEED + i, 0, 8, 27);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, 26, 24, 1,
            EXO_RIGHT_READ, 0);
    CALL_OK(machine_thread, MEMORY_MAP, SLOT_DOMAIN + i, 26, MACHINE_CODE, 0, 1, EXO_RIGHT_READ);
}

/* What every Domain holds: slots 1 to 17 of its table. */
static void give_everything(uint64_t i) {
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, 1, 80, 330, 0xf, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, SLOT_DOMAIN + i, 2, 80, 16, 3, 0);
    for (uint64_t j = 0; j < DOMAINS; j++) {
        give(SLOT_DOMAIN + j, i, 3 + j, 0, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN);
    }
    for (uint64_t j = 0; j < 4; j++) {
        give(SLOT_THREAD + (2 * i + j) % THREADS, i, 6 + j, 0, EXO_RIGHT_CONTROL | EXO_RIGHT_RUN);
    }
    give(SLOT_PORTAL, i, 10, 0, 7);
    give(SLOT_PORTAL + 1, i, 11, 0, 7);
    give(SLOT_EVENT, i, 12, 0, 3);
    give(SLOT_EVENT + 1, i, 13, 0, 3);
    give(SLOT_GAS + i, i, 14, 0, 3);
    give(MACHINE_CPU, i, 15, 0, 1);
    give(MACHINE_IRQ, i, 16, 4, 1);
    give(i == 0 ? MACHINE_PORTS : MACHINE_DEVICES, i, 17, 8, 1);
}

static void start(void) {
    machine_start(480, 3, 8);
    machine_panic_hook = tell_history;
    machine_make(0, 1, EXO_OBJECT_KIND_GAS, SLOT_GAS, 4, MACHINE_GAS);
    for (uint64_t i = 0; i < DOMAINS; i++) {
        make_domain(i);
    }
    for (uint64_t i = 0; i < THREADS; i++) {
        threads[i] = machine_make_thread(8 + i, SLOT_THREAD + i, SLOT_DOMAIN + i / 2, i + 1);
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
    }
    machine_make(16, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL, 1, SLOT_DOMAIN);
    machine_make(17, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL + 1, 1, SLOT_DOMAIN + 1);
    machine_make(18, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, 2, 0);
    for (uint64_t i = 0; i < DOMAINS; i++) {
        give_everything(i);
    }
    for (unsigned i = 0; i < sizeof machine_user; i++) {
        machine_user[i] = (uint8_t)machine_random(256);
    }
}

/* A word that may well be the right one for some argument. */
static uint64_t random_word(void) {
    static const uint64_t odd[] = {EXO_SELF, EXO_NONE, ~0ull, 1ull << 63, 1ull << 32, USER_HIGH,
                                   USER_HIGH - PAGE_SIZE, 0xfff, EXO_LABEL_TOP, 0x7fffffff};
    switch (machine_random(9)) {
    case 0:
    case 1:
        return machine_random(28);
    case 2:
        return machine_random(4);
    case 3:
        return machine_random(340);
    case 4:
        return WINDOW + machine_random(64) * PAGE_SIZE;
    case 5:
        return MACHINE_USER + 8 * machine_random(64);
    case 6:
        return machine_clock + machine_random(10000);
    case 7:
        return odd[machine_random(sizeof odd / sizeof odd[0])];
    default:
        return machine_random(2) ? machine_random(1ull << 52) << 12
                                 : machine_random(28) | machine_random(4) << 32;
    }
}

/* The words that make a few important calls succeed often enough to get somewhere. */
static void likely_words(uint32_t number, uint64_t words[6]) {
    static const uint64_t rights[] = {1, 3, 7, 0xf, 0x21, 0x13};
    switch (number) {
    case EXO_CALL_CAPABILITY_DERIVE:
        words[0] = machine_random(3) ? EXO_SELF : 3 + machine_random(3);
        words[1] = 1 + machine_random(25);
        words[2] = machine_random(8);
        words[3] = machine_random(4) ? 1 + machine_random(8) : machine_random(330);
        words[4] = rights[machine_random(6)] | (machine_random(3) ? 0 : 14ull << 32);
        words[5] = 0;
        break;
    case EXO_CALL_MEMORY_MAP:
        words[0] = 1 + machine_random(25);
        words[1] = WINDOW + machine_random(64) * PAGE_SIZE;
        words[2] = machine_random(8);
        words[3] = 1 + machine_random(8);
        words[4] = rights[machine_random(3)];
        break;
    case EXO_CALL_MEMORY_RETYPE:
        words[0] = machine_random(16);
        words[1] = 1 + machine_random(2);
        words[2] = 2 + machine_random(6);
        words[3] = 18 + machine_random(8);
        words[4] = 1 + machine_random(2);
        words[5] = machine_random(2) ? EXO_SELF : 14;
        break;
    case EXO_CALL_DOMAIN_FEED:
        words[0] = machine_random(2) ? 1 : 18 + machine_random(8);
        words[1] = machine_random(300);
        words[2] = 1 + machine_random(3);
        words[3] = 18 + machine_random(8);
        break;
    case EXO_CALL_THREAD_WRITE:
    case EXO_CALL_THREAD_READ:
        words[0] = machine_random(31);
        words[1] = 1 + machine_random(4);
        words[2] = MACHINE_USER + 8 * machine_random(1024);
        break;
    case EXO_CALL_CPU_BIND:
        words[0] = 6 + machine_random(4);
        words[1] = machine_random(10);
        words[2] = machine_random(2);
        break;
    case EXO_CALL_CAPABILITY_REVOKE:
        words[0] = machine_random(2);
        break;
    case EXO_CALL_PORTAL_CALL:
    case EXO_CALL_PORTAL_REPLY:
        words[4] = number == EXO_CALL_PORTAL_REPLY ? 0
                   : machine_random(2)             ? machine_clock + machine_random(100000)
                                                   : ~0ull;
        words[5] = machine_random(4) ? 0 : machine_random(28) | machine_random(3) << 32;
        break;
    default:
        break;
    }
}

/* A slot that may hold what the call wants. */
static uint32_t likely_slot(uint32_t number) {
    uint32_t made = 18 + (uint32_t)machine_random(8);
    if (machine_random(3) == 0) {
        return made;
    }
    switch (call_table[number].kind) {
    case EXO_OBJECT_KIND_MEMORY:
        return 1;
    case EXO_OBJECT_KIND_DOMAIN:
        return machine_random(3) ? EXO_SELF : 3 + (uint32_t)machine_random(3);
    case EXO_OBJECT_KIND_THREAD:
        return 6 + (uint32_t)machine_random(4);
    case EXO_OBJECT_KIND_PORTAL:
        return 10 + (uint32_t)machine_random(2);
    case EXO_OBJECT_KIND_EVENT:
        return 12 + (uint32_t)machine_random(2);
    case EXO_OBJECT_KIND_GAS:
        return 14;
    case EXO_OBJECT_KIND_CPU:
        return 15;
    case EXO_OBJECT_KIND_IRQ:
        return 16;
    case EXO_OBJECT_KIND_PORTS:
        return 17;
    default:
        /* Derive from anything; what is deleted or revoked was mostly made on the way. */
        return number == EXO_CALL_CAPABILITY_DERIVE ? 1 + (uint32_t)machine_random(17) : made;
    }
}

static void random_call(struct thread *thread, unsigned who) {
    /* Deleting and revoking less often, or nothing would be left soon. */
    uint32_t number = (uint32_t)machine_random(EXO_CALL_COUNT);
    bool ends = number == EXO_CALL_CAPABILITY_DELETE || number == EXO_CALL_CAPABILITY_REVOKE ||
                number == EXO_CALL_THREAD_STOP;
    number = ends && machine_random(2) ? EXO_CALL_CAPABILITY_DERIVE : number;
    uint32_t capability =
        machine_random(10) ? likely_slot(number) : (uint32_t)random_word();
    uint64_t words[6];
    for (unsigned i = 0; i < 6; i++) {
        words[i] = random_word();
    }
    if (machine_random(3)) {
        likely_words(number, words);
    }
    machine_prepare(thread, number, capability, words);
    if (machine_random(200) == 0) {
        thread->registers.status = machine_random(1ull << 62); /* foreign, or a wrong number */
    }
    history[calls % HISTORY].word = thread->registers.status;
    memcpy(history[calls % HISTORY].words, words, sizeof words);
    history[calls++ % HISTORY].thread = who;
}

/* Something from outside. */
static void random_interrupt(void) {
    switch (machine_random(4)) {
    case 0:
        machine_pass(machine_random(200000));
        break;
    case 1:
        machine_line((uint32_t)machine_random(IRQ_LINES));
        break;
    case 2:
        machine_interrupt();
        break;
    default:
        if (machine_core->current != NULL && machine_core->current != machine_thread) {
            machine_fault(random_word());
        }
        break;
    }
}

static void check(void) {
    machine_reap();
    const char *broken = machine_check();
    if (broken != NULL) {
        fprintf(stderr, "\n%s\n", broken);
        tell_history();
        abort();
    }
}

/* The first Domain lets them go on: starts who stopped, ends calls that wait, refills accounts. */
static void supervise(void) {
    if (!machine_run(machine_thread)) {
        return;
    }
    for (uint64_t i = 0; i < THREADS; i++) {
        if (threads[i]->object.state == OBJECT_LIVE) {
            CALL(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
            if (machine_random(2)) {
                CALL(machine_thread, PORTAL_CANCEL, SLOT_THREAD + i, 0);
            }
        }
    }
    for (uint64_t i = 0; i < 2; i++) {
        CALL(machine_thread, EVENT_SIGNAL, SLOT_EVENT + i, 0);
        CALL(machine_thread, PORTAL_ATTACH, SLOT_PORTAL + i,
             SLOT_THREAD + 2 * i + machine_random(2));
    }
    CALL(machine_thread, GAS_TRANSFER, MACHINE_GAS, SLOT_GAS + machine_random(3), 1 << 30, 0);
}

/* Whoever the kernel let run, or any thread that can. */
static void turn(void) {
    unsigned who = (unsigned)machine_random(THREADS);
    if (machine_random(2) && threads[who]->object.state == OBJECT_LIVE) {
        machine_run(threads[who]);
    }
    struct thread *thread = machine_core->current;
    if (thread == NULL || thread == machine_thread) {
        supervise();
        machine_pass(machine_random(50000));
        return;
    }
    if (!machine_pending(thread)) {
        random_call(thread, who);
    }
    uint64_t number = thread->registers.status >> 32 & 0xffff;
    machine_step();
    bool here = thread->object.state == OBJECT_LIVE && thread->state == THREAD_READY;
    succeeded[number % EXO_CALL_COUNT] += here && thread->registers.status == EXO_STATUS_OK;
    if (thread->state == THREAD_READY && thread->object.state == OBJECT_LIVE &&
        thread->registers.instruction == MACHINE_CODE + ARCH_SYSCALL_BYTES &&
        thread->registers.status >= EXO_STATUS_COUNT &&
        thread->registers.status >> 48 == EXO_CALL_TAG) {
        fprintf(stderr, "\nno status\n");
        tell_history();
        abort();
    }
}

static void run(uint64_t turns) {
    start();
    for (uint64_t i = 0; i < turns; i++) {
        turn();
        if (machine_random(16) == 0) {
            random_interrupt();
        }
        if (i % 64 == 0) {
            check();
        }
    }
    /* Taking everything back leaves a machine on which every frame is plain again. */
    machine_core->urgent = 0;
    machine_line(IRQ_LINES);
    CU_ASSERT_FATAL(machine_thread->state == THREAD_READY);
    uint64_t status = CALL(machine_thread, CAPABILITY_REVOKE, MACHINE_RAM, 0);
    CU_ASSERT_FATAL(status == EXO_STATUS_OK || status == EXO_STATUS_BUSY);
    check();
    for (uint64_t i = 0; status == EXO_STATUS_OK && i < 400; i++) {
        CU_ASSERT_FATAL(!frame_is_kernel(frame_at(machine_ram() + i)));
        CU_ASSERT_FATAL(frame_at(machine_ram() + i)->writers == 0);
    }
}

static void test_fuzz(void) {
    clock_t begin = clock();
    double seconds = machine_long() ? 300 : SECONDS;
    const char *given = getenv("EXO_TEST_SEED");
    seed = given != NULL ? strtoul(given, NULL, 0) : 1;
    unsigned runs = 0;
    calls = 0;
    /* At least a fixed number of runs; more while there is time. */
    while (runs < 20 || (double)(clock() - begin) / CLOCKS_PER_SEC < seconds) {
        machine_seed = 0x9e3779b97f4a7c15ull * seed;
        calls = 0;
        run(3000);
        all_calls += calls;
        runs++;
        seed++;
    }
    unsigned useful = 0;
    for (unsigned i = 0; i < EXO_CALL_COUNT; i++) {
        useful += succeeded[i] > 0;
    }
    /* Random arguments that never get anywhere test nothing. */
    CU_ASSERT(useful >= 26);
    printf("%u runs, %lu calls, %u kinds succeeded ... ", runs, (unsigned long)all_calls, useful);
}

static const struct machine_test tests[] = {
    {"random and half-valid calls", test_fuzz},
};

MACHINE_MAIN("kernel-call fuzzer", tests)
