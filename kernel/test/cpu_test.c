/* SPDX-License-Identifier: MIT */
/*
 * The slice vector: the order of its slots, skipping, the scheduler's own slot, the report that it
 * reads, yielding, hostile words, and a random walk against a model of the player.
 *
 * Seen to fail: a skip limit of 63; a length that is not rounded up; a dry vector without notice;
 * a ready bit that stays after a block; a slot whose owner is gone; a word that is read twice; a
 * timer that is set every millisecond while nobody runs; who asked is told when it is dry, when it
 * runs itself, or never.
 */
#include <pthread.h>
#include <stdlib.h>

#include "kernel.h"
#include "machine.h"

#define THREADS 6
#define SLOT_THREAD 20u
#define SLOT_EVENT 30u
#define SLOT_VECTOR 40u
#define SLOT_MEMORY 41u
#define WORDS (PAGE_SIZE / 8)
#define TICKS 5000ull
#define SKIPPED 64u /* the design's number, not the kernel's constant */

static struct thread *threads[THREADS]; /* bound at index 1 + i */
static uint64_t *report, *words, *consumed;

static uint64_t word(uint64_t index, uint64_t ticks) {
    return index | ticks << 16;
}

static void fill(const uint64_t *pattern, uint64_t count) {
    for (uint64_t i = 0; i < WORDS; i++) {
        words[i] = pattern[i % count];
    }
}

/* All threads are ready; the first Domain's thread, index 0, is the scheduler. */
static void start(void) {
    machine_start(64, 3, 4);
    for (uint64_t i = 0; i < THREADS; i++) {
        threads[i] = machine_make_thread(i, SLOT_THREAD + i, EXO_SELF, i + 1);
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD + i, 0);
    }
    machine_make(10, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, 2, 0);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, MACHINE_RAM, EXO_SELF, SLOT_MEMORY, 20, 3,
            EXO_RIGHT_READ | EXO_RIGHT_WRITE, 0);
    memset(physical_pointer((machine_ram() + 20) << PAGE_SHIFT), 0, 3 * PAGE_SIZE);
    CALL_OK(machine_thread, CPU_PLAY, MACHINE_CPU, SLOT_MEMORY, 0, 3, SLOT_VECTOR,
            (uint64_t)(SLOT_EVENT + 1) << 32);
    report = physical_pointer((machine_ram() + 20) << PAGE_SHIFT);
    words = report + WORDS;
    consumed = words + WORDS;
}

/* To the end of the slice; who runs then: index in the table, -1 nobody. */
static int next(void) {
    if (machine_core->current == NULL) {
        machine_wake();
    } else {
        machine_clock = machine_core->slice_end;
        machine_interrupt();
    }
    return machine_core->current == NULL ? -1 : (int)machine_core->current->cpu_index;
}

static void block(unsigned thread) {
    uint64_t status = CALL(threads[thread], EVENT_WAIT, SLOT_EVENT, ~0ull);
    CU_ASSERT_EQUAL_FATAL(status, MACHINE_BLOCKED);
}

/* A signal wakes one, which takes all the bits. */
static void wake_all(void) {
    for (unsigned i = 0; i < THREADS; i++) {
        if (threads[i]->state == THREAD_WAITING) {
            CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_EVENT, 0);
        }
    }
}

static void test_order(void) {
    start();
    const uint64_t pattern[4] = {word(1, TICKS), word(2, 1), word(3, 2 * TICKS), word(2, TICKS)};
    fill(pattern, 4);
    const uint64_t lengths[4] = {TICKS, SLICE_TICKS_MIN, 2 * TICKS, TICKS};
    const int order[4] = {1, 2, 3, 2};
    machine_clock = machine_core->slice_end;
    for (uint64_t i = 0; i < 3 * WORDS; i++) {
        CU_ASSERT_EQUAL(next(), order[i % 4]);
        CU_ASSERT_EQUAL(machine_core->slice_end - machine_clock, lengths[i % 4]);
        CU_ASSERT_EQUAL(report[REPORT_POSITION], (i + 1) % WORDS);
        CU_ASSERT_EQUAL(report[REPORT_SLICES], i + 1);
    }
    next();
    uint64_t rounds = 3 * WORDS / 4;
    CU_ASSERT_EQUAL(consumed[1], rounds * TICKS);
    CU_ASSERT_EQUAL(consumed[2], rounds * (TICKS + SLICE_TICKS_MIN));
    CU_ASSERT_EQUAL(consumed[3], rounds * 2 * TICKS);
    CU_ASSERT_EQUAL(report[REPORT_DRY], 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Exactly 64 slots that nobody can run in are skipped; the next step begins behind them. */
static void test_skipping(void) {
    for (uint64_t gap = 60; gap < 70; gap++) {
        start();
        block(1);
        fill(&(const uint64_t){word(2, TICKS)}, 1); /* thread 1 is at index 2 */
        words[gap] = word(3, TICKS);
        machine_run(machine_thread);
        /* Blocking has played the vector before it was filled. */
        struct event *dry = (struct event *)slot_at(machine_domain, SLOT_EVENT + 1)->object;
        dry->pending = 0;
        report[REPORT_DRY] = 0;
        machine_core->position = 0;
        CU_ASSERT_EQUAL(next(), gap < SKIPPED ? 3 : 0);
        CU_ASSERT_EQUAL(report[REPORT_DRY], gap >= SKIPPED);
        CU_ASSERT_EQUAL(machine_core->position, gap < SKIPPED ? gap + 1 : SKIPPED);
        CU_ASSERT_EQUAL(dry->pending, gap < SKIPPED ? 0 : ~0ull);
    }
}

/* Words that no scheduler should write. */
static void test_hostile_words(void) {
    start();
    const uint64_t pattern[8] = {word(16384, TICKS), word(0xffff, TICKS), word(40, TICKS),
                                 word(1, 0),         ~0ull,               0,
                                 word(5, TICKS),     word(1, (1ull << 48) - 1)};
    fill(pattern, 8);
    CU_ASSERT_EQUAL(next(), 5);
    CU_ASSERT_EQUAL(next(), 1);
    CU_ASSERT(machine_core->slice_end > machine_clock);
    machine_core->slice_end = machine_clock;
    CU_ASSERT_EQUAL(next(), 5);
    for (unsigned i = 0; i < 2000; i++) {
        for (unsigned j = 0; j < 8; j++) {
            words[machine_random(WORDS)] = machine_random(1ull << 52) << machine_random(13);
        }
        machine_core->slice_end = machine_clock;
        next();
        CU_ASSERT(machine_core->current != NULL);
    }
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Nobody can run: the core idles until a deadline comes. */
static void test_idle(void) {
    start();
    fill(&(const uint64_t){word(1, TICKS)}, 1);
    for (unsigned i = 1; i < THREADS; i++) {
        block(i);
    }
    uint64_t deadline = machine_clock + 70000;
    CU_ASSERT_EQUAL(CALL(threads[0], EVENT_WAIT, SLOT_EVENT, deadline), MACHINE_BLOCKED);
    uint64_t idles = machine_idles;
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, ~0ull), MACHINE_BLOCKED);
    CU_ASSERT(machine_idles > idles);
    CU_ASSERT_PTR_NULL(machine_core->current);
    CU_ASSERT(machine_timer <= deadline);
    machine_pass(69999);
    CU_ASSERT_PTR_NULL(machine_core->current);
    machine_pass(1);
    CU_ASSERT_PTR_EQUAL(machine_core->current, threads[0]);
    CU_ASSERT_EQUAL(threads[0]->registers.status, EXO_STATUS_DEADLINE);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A scheduler that asked for it is told when the idle core plays somebody else, not when it is dry;
 * nor when the core plays the scheduler itself. */
static void test_asked(void) {
    for (unsigned is_other = 0; is_other < 2; is_other++) {
        start();
        struct event *told = (struct event *)slot_at(machine_domain, SLOT_EVENT + 1)->object;
        struct thread *sleeper = is_other ? threads[0] : machine_thread;
        fill((const uint64_t[2]){word(0, TICKS), word(1, TICKS)}, 2);
        report[REPORT_ASKED] = 1;
        for (unsigned i = 1; i < THREADS; i++)
            block(i);
        uint64_t deadline = machine_clock + 70000;
        CU_ASSERT_EQUAL(CALL(sleeper, EVENT_WAIT, SLOT_EVENT, deadline), MACHINE_BLOCKED);
        CU_ASSERT_EQUAL(CALL(is_other ? machine_thread : threads[0], EVENT_WAIT, SLOT_EVENT, ~0ull),
                        MACHINE_BLOCKED);
        CU_ASSERT_PTR_NULL(machine_core->current);
        CU_ASSERT_EQUAL(told->pending, 0);
        machine_pass(70000);
        CU_ASSERT_PTR_EQUAL(machine_core->current, sleeper);
        CU_ASSERT_EQUAL(told->pending, is_other ? ~0ull : 0);
        CU_ASSERT_PTR_NULL(machine_check());
    }
}

/* A marked thread becomes ready: the scheduler is next, at once, once; and is told even if it
 * wanted to know of the end of idleness only. */
static void test_marked(void) {
    start();
    struct event *told = (struct event *)slot_at(machine_domain, SLOT_EVENT + 1)->object;
    report[REPORT_ASKED] = 1;
    fill(&(const uint64_t){word(2, TICKS)}, 1);
    uint64_t dry = report[REPORT_DRY];
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 1, 1);
    CU_ASSERT_EQUAL(report[REPORT_DRY], dry); /* it was ready before */
    block(0);
    CU_ASSERT_EQUAL(next(), 2);
    CU_ASSERT_EQUAL(told->pending, 0);
    machine_prepare(threads[1], EXO_CALL_EVENT_SIGNAL, SLOT_EVENT, (uint64_t[6]){0});
    machine_step();
    CU_ASSERT_EQUAL(told->pending, ~0ull);
    CU_ASSERT_PTR_EQUAL(machine_core->current, machine_thread);
    CU_ASSERT_EQUAL(threads[1]->registers.status, EXO_STATUS_OK);
    CU_ASSERT_EQUAL(next(), 2);
    CU_ASSERT_EQUAL(next(), 2);
}

static bool ready_bit(unsigned index) {
    return report[REPORT_READY + index / 64] >> index % 64 & 1;
}

static void test_yield(void) {
    start();
    const uint64_t pattern[2] = {word(1, TICKS), word(2, TICKS)};
    fill(pattern, 2);
    CU_ASSERT_EQUAL(next(), 1);
    uint64_t end = machine_core->slice_end;
    machine_prepare(threads[0], EXO_CALL_THREAD_YIELD, SLOT_THREAD + 3, (uint64_t[6]){0});
    machine_step();
    CU_ASSERT_PTR_EQUAL(machine_core->current, threads[3]);
    CU_ASSERT_EQUAL(machine_core->slice_end, end);
    CU_ASSERT_EQUAL(threads[0]->registers.status, EXO_STATUS_OK);
    /* It blocks: what is left comes back to the giver. */
    machine_clock += 1000;
    machine_prepare(threads[3], EXO_CALL_EVENT_WAIT, SLOT_EVENT, (uint64_t[6]){~0ull});
    machine_step();
    CU_ASSERT_PTR_EQUAL(machine_core->current, threads[0]);
    CU_ASSERT_EQUAL(machine_core->slice_end, end);
    CU_ASSERT(!ready_bit(4) && ready_bit(1));
    CU_ASSERT_EQUAL(next(), 2);
    CU_ASSERT_EQUAL(consumed[1], TICKS);
    CU_ASSERT_EQUAL(consumed[4], 0);
    CU_ASSERT_EQUAL(CALL(threads[1], THREAD_YIELD, SLOT_THREAD + 3), EXO_STATUS_BUSY);
    CALL_OK(threads[1], THREAD_YIELD, SLOT_THREAD + 1);
    /* The receiver goes on to the end of the slice, and no further. */
    machine_run(threads[1]);
    machine_core->slice_end = machine_clock + TICKS;
    machine_prepare(threads[1], EXO_CALL_THREAD_YIELD, SLOT_THREAD + 4, (uint64_t[6]){0});
    machine_step();
    CU_ASSERT_PTR_EQUAL(machine_core->current, threads[4]);
    CU_ASSERT_EQUAL(next(), 1);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* The vector's Memory goes: back to the one slot that was there at boot; a slot's owner goes. */
static void test_ends(void) {
    start();
    fill(&(const uint64_t){word(2, TICKS)}, 1);
    CU_ASSERT_EQUAL(next(), 2);
    CALL_OK(machine_thread, CAPABILITY_REVOKE, SLOT_MEMORY, 0);
    CU_ASSERT_PTR_NULL(machine_check());
    CU_ASSERT_EQUAL(next(), 0);
    CU_ASSERT_EQUAL(CALL(machine_thread, CPU_PLAY, MACHINE_CPU, SLOT_MEMORY, 0, 1, SLOT_VECTOR, 0),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(
        CALL(machine_thread, CPU_PLAY, MACHINE_CPU, SLOT_MEMORY, 0, 2, SLOT_VECTOR, 16384),
        EXO_STATUS_BAD_ARGUMENT);
    CALL_OK(machine_thread, CPU_PLAY, MACHINE_CPU, SLOT_MEMORY, 0, 2, SLOT_VECTOR, 0);
    CU_ASSERT_EQUAL(next(), 2);
    CU_ASSERT_PTR_EQUAL(machine_core->current, threads[1]);
    machine_prepare(threads[1], EXO_CALL_THREAD_YIELD, SLOT_THREAD, (uint64_t[6]){0});
    machine_step();
    machine_prepare(threads[0], EXO_CALL_CAPABILITY_DELETE, SLOT_THREAD + 1, (uint64_t[6]){0});
    machine_step();
    machine_reap();
    CU_ASSERT_PTR_NULL(machine_check());
    next();
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Random words, blocks and signals, against a model that plays the same vector. */
static void test_random(void) {
    start();
    uint64_t position = 0;
    for (unsigned step = 0; step < 5000; step++) {
        unsigned thread = (unsigned)machine_random(THREADS);
        if (machine_random(3) == 0 && threads[thread]->state == THREAD_READY) {
            block(thread);
        } else if (machine_random(4) == 0) {
            wake_all();
        }
        for (unsigned i = 0; i < 20; i++) {
            words[machine_random(WORDS)] =
                machine_random(4) ? word(1 + machine_random(THREADS), machine_random(2) * TICKS)
                                  : word(machine_random(100), TICKS);
        }
        for (unsigned i = 0; i < THREADS; i++) {
            CU_ASSERT_EQUAL_FATAL(ready_bit(i + 1), threads[i]->state == THREAD_READY);
        }
        machine_run(machine_thread);
        machine_core->slice_end = machine_clock; /* or the account would be dry soon */
        position = machine_core->position;
        uint64_t wanted = 0, length = SLICE_TICKS_DEFAULT, skipped = 0;
        for (; skipped < SKIPPED && wanted == 0; skipped++) {
            uint64_t at = words[position], index = at & 0xffff;
            position = (position + 1) % WORDS;
            bool runs = index == 0 || (index <= THREADS &&
                                       threads[index - 1]->state == THREAD_READY);
            if (at >> 16 != 0 && runs) {
                wanted = index + 1;
                length = at >> 16;
            }
        }
        CU_ASSERT_EQUAL_FATAL(next(), wanted == 0 ? 0 : (int)wanted - 1);
        CU_ASSERT_EQUAL_FATAL(machine_core->position, position);
        CU_ASSERT_EQUAL_FATAL(machine_core->slice_end - machine_clock, length);
    }
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_binding(void) {
    start();
    CU_ASSERT_EQUAL(CALL(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 2, 0),
                    EXO_STATUS_CONFLICT);
    CU_ASSERT_EQUAL(CALL(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 16384, 0),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 9, 2),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_EVENT, 9, 0),
                    EXO_STATUS_BAD_CAPABILITY);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 100, 0);
    CU_ASSERT_PTR_NULL(machine_core->table[1]);
    CU_ASSERT(ready_bit(100) && !ready_bit(1));
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, EXO_NONE, 100, 0);
    CU_ASSERT(!ready_bit(100));
    CU_ASSERT_EQUAL(threads[0]->cpu_index, THREAD_UNBOUND);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* The ready bits of a large table are set in steps, and are right whatever happens in between. */
static void test_ready_steps(void) {
    start();
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD, 5000, 0);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD + 1, 9000, 0);
    CALL_OK(machine_thread, CPU_BIND, MACHINE_CPU, SLOT_THREAD + 2, CPU_THREADS_MAX - 1, 0);
    block(2);
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_VECTOR, 0);
    const uint64_t play[6] = {SLOT_MEMORY, 0, 3, SLOT_VECTOR, 0, 0};
    machine_prepare(machine_thread, EXO_CALL_CPU_PLAY, MACHINE_CPU, play);
    uint32_t steps = 0;
    do {
        CU_ASSERT_TRUE_FATAL(machine_run(machine_thread));
        machine_step();
        if (++steps == 1) { /* one that the steps have still to reach, and one that is not ready */
            struct thread *caller = machine_thread;
            uint64_t words_before[6];
            memcpy(words_before, caller->registers.words, sizeof words_before);
            thread_stop_now(threads[1], EXO_STOP_REASON_REQUESTED);
            thread_unblock(threads[2], EXO_STATUS_CANCELLED);
            CU_ASSERT_EQUAL(memcmp(words_before, caller->registers.words, sizeof words_before), 0);
        }
    } while (machine_pending(machine_thread) && steps < 100);
    CU_ASSERT_EQUAL(steps, 8);
    CU_ASSERT_EQUAL(machine_thread->registers.status, EXO_STATUS_OK);
    const uint64_t *bits = report + REPORT_READY;
    CU_ASSERT_EQUAL(bits[5000 / 64] >> 5000 % 64 & 1, 1);
    CU_ASSERT_EQUAL(bits[9000 / 64] >> 9000 % 64 & 1, 0);
    CU_ASSERT_EQUAL(bits[CPU_THREADS_MAX / 64 - 1] >> 63, 1);
    CU_ASSERT_EQUAL(bits[0] & 1, 1); /* the first thread */
    CU_ASSERT_PTR_NULL(machine_check());
}

static void interrupt_late(void) {
    machine_clock += 70000;
    cpu_interrupt_timer(machine_core);
}

static void interrupt_line(void) {
    irq_raise(4);
}

/* What makes a thread ready while the idle core is past its only slot: it is found all the same. */
static void test_idle_interrupts(void) {
    static void (*const interrupts[])(void) = {interrupt_late, interrupt_line};
    for (unsigned i = 0; i < 2; i++) {
        start();
        fill(&(const uint64_t){0}, 1);
        words[0] = word(1, TICKS);
        CALL_OK(machine_thread, IRQ_BIND, MACHINE_IRQ, 4, SLOT_EVENT);
        uint64_t deadline = i == 0 ? machine_clock + 70000 : ~0ull;
        CU_ASSERT_EQUAL(CALL(threads[0], EVENT_WAIT, SLOT_EVENT, deadline), MACHINE_BLOCKED);
        for (unsigned k = 1; k < THREADS; k++) {
            block(k);
        }
        machine_in_window = interrupts[i];
        machine_windows = WORDS / SKIPPED - 1; /* behind the last step; the first one has none */
        uint64_t idles = machine_idles;
        CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, ~0ull);
        CU_ASSERT_EQUAL(machine_windows, 0);
        CU_ASSERT_EQUAL(machine_idles, idles);
        CU_ASSERT_PTR_EQUAL(machine_core->current, threads[0]);
        CU_ASSERT_PTR_NULL(machine_check());
    }
}

static uint32_t writes, writing;

static void *hostile_writer(void *argument) {
    uint64_t noise = 1;
    while (__atomic_load_n(&writing, __ATOMIC_RELAXED)) {
        for (uint64_t i = 0; i < WORDS; i++) {
            noise = noise * 6364136223846793005 + 1442695040888963407; /* Knuth's MMIX */
            /* A thread's place, or one behind the table, where there is junk. */
            uint64_t index = noise & 1 << 20 ? noise >> 61 : CPU_THREADS_MAX + (noise >> 54);
            __atomic_store_n(&words[i], word(index, TICKS), __ATOMIC_RELAXED);
        }
        __atomic_fetch_add(&writes, 1, __ATOMIC_RELAXED);
    }
    return argument;
}

/* The vector changes between any two looks of the kernel, which takes each word once. */
static void test_hostile_writer(void) {
    pthread_t thread;
    start();
    memset(boot_core.heap, 0xa5, 1024 * sizeof boot_core.heap[0]); /* no deadline is armed */
    writes = 0;
    writing = 1;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, hostile_writer, NULL), 0);
    for (uint64_t i = 0; i < 20000 || __atomic_load_n(&writes, __ATOMIC_RELAXED) < 20; i++) {
        int index = next();
        CU_ASSERT_FATAL(index >= -1 && index <= THREADS);
    }
    __atomic_store_n(&writing, 0, __ATOMIC_RELAXED);
    CU_ASSERT_EQUAL(pthread_join(thread, NULL), 0);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* Nobody can run for ten seconds: the core is not woken ten times in each of them. */
static void test_no_tick(void) {
    start();
    fill(&(const uint64_t){0}, 1);
    words[0] = word(1, TICKS);
    for (unsigned k = 0; k < THREADS; k++) {
        block(k);
    }
    uint64_t second = 1000000 * TICKS_PER_MICROSECOND;
    uint64_t deadline = machine_clock + 10 * second;
    CU_ASSERT_EQUAL(CALL(machine_thread, EVENT_WAIT, SLOT_EVENT, deadline), MACHINE_BLOCKED);
    uint64_t idles = machine_idles;
    for (unsigned i = 0; i < 1000; i++) {
        CU_ASSERT_PTR_NULL_FATAL(machine_core->current);
        machine_pass(second / 100);
    }
    CU_ASSERT(machine_idles - idles < 10 * 10);
    CU_ASSERT_EQUAL(machine_thread->registers.status, EXO_STATUS_DEADLINE);
}

static const struct machine_test tests[] = {
    {"order and length of slots", test_order},   {"at most 64 are skipped", test_skipping},
    {"hostile words", test_hostile_words},       {"idle until a deadline", test_idle},
    {"told of the end of idleness", test_asked},
    {"a marked thread", test_marked},            {"yield", test_yield},
    {"the end of vector and threads", test_ends}, {"random vectors against a model", test_random},
    {"binding", test_binding},
    {"ready bits in steps", test_ready_steps},
    {"interrupts while it is idle", test_idle_interrupts},
    {"no tick while it is idle", test_no_tick},
    {"a scheduler that writes meanwhile", test_hostile_writer},
};

MACHINE_MAIN("slice vector", tests)
