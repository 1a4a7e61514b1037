/* SPDX-License-Identifier: MIT */
/*
 * A scheduler that is bad in its first life or two, in the way that its name says, and plays a
 * vector with everybody in turn, the same for ever, in its last one.
 */
#include "kernel_stubs.h"
#include "startup.h"
#include "text.h"
#include "ticks.h"

enum {
    WORDS = 512, /* of a page */
    FRAMES = 3,
    LENGTH_SHIFT = 16,
    THREADS = 4, /* on this core */
    CRASH_MICROSECONDS = 100000,
    SIGNS = 20,  /* of life, before it stalls */
    SIGN_MICROSECONDS = 1000,
    NO_CPU = 1,
    REFUSED = 2,
};

static uint64_t *report, *vector;

static void fill(void)
{
    struct startup_thread thread;
    uint32_t count = 0;
    while (startup_thread(count, &thread))
        count++;
    for (uint32_t i = 0; i < WORDS; i++) {
        startup_thread(i % count, &thread);
        __atomic_store_n(&vector[i], thread.index | startup_slice_ticks() << LENGTH_SHIFT,
                         __ATOMIC_RELAXED);
    }
}

static uint64_t chance(void)
{
    static uint64_t state = 88172645463325252; /* G. Marsaglia, "Xorshift RNGs" (2003) */
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Whatever can stand in a word: places that do not exist, no length, lengths of years; and in the
 * pages that only the kernel is to write. */
static _Noreturn void rewrite(void)
{
    for (;;) {
        uint64_t word = chance(), at = chance() % (FRAMES * WORDS);
        struct startup_thread thread;
        if (word % 4 != 0 && startup_thread((word >> 40) % THREADS, &thread)) {
            bool is_endless = word % 64 == 1 && thread.component != startup_position();
            word = thread.index | (is_endless ? word : word >> 8 & 0xffff) << LENGTH_SHIFT;
        }
        __atomic_store_n(&report[at], word, __ATOMIC_RELAXED);
    }
}

static _Noreturn void rest(void)
{
    uint64_t bits;
    for (;;)
        exo_event_wait(CHILD_SLOT_WAKE, UINT64_MAX, &bits);
}

static bool is_called(const char *name)
{
    return text_is(startup_name(), strlen(startup_name()), name);
}

/* It promises to go on, and then it loops, or waits for ever in its second life. */
static _Noreturn void stall(void)
{
    static volatile uint64_t turns;
    uint64_t bits;
    for (uint32_t i = 0; i < SIGNS; i++) {
        startup_alive();
        exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(SIGN_MICROSECONDS), &bits);
    }
    if (startup_generation() > 0)
        rest();
    for (;;)
        turns++;
}

/* It gives signs of life until its account is empty. */
static _Noreturn void spend(void)
{
    for (;;)
        startup_alive();
}

static _Noreturn void misbehave(void)
{
    uint64_t bits;
    if (is_called("rewrites"))
        rewrite();
    if (is_called("crashes")) {
        if (startup_generation() > 0)
            spend();
        exo_event_wait(CHILD_SLOT_WAKE, ticks_deadline(CRASH_MICROSECONDS), &bits);
        *(volatile uint64_t *)CHILD_PAGE_BYTES = 0; /* nothing is mapped there */
    }
    stall();
}

int component_main(void)
{
    struct startup_device cpu;
    uint64_t offset, index;
    uint32_t slot = slots_take(slots_own(), 1);
    if (!startup_device("cpu", &cpu))
        return NO_CPU;
    report = pages_take(FRAMES, &offset);
    vector = report + WORDS;
    fill();
    if (exo_cpu_play(cpu.slot, CHILD_SLOT_MEMORY, offset, FRAMES, slot,
                     (uint64_t)EXO_NONE << 32, &index) != EXO_STATUS_OK)
        return REFUSED;
    if (startup_generation() == 0 || (startup_generation() == 1 && !is_called("rewrites")))
        misbehave();
    rest();
}
