/* SPDX-License-Identifier: MIT */
/*
 * A machine for host tests: one core, an arena of frames, a first Domain that holds everything, and
 * kernel calls made as the entry code makes them, through call_enter(), the handlers of the call
 * table and call_leave(). What the kernel does not return from (resuming a thread, idling) comes
 * back here instead.
 */
#pragma once

#include <stdio.h>

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

#include "kernel.h"

/* Slots of the first Domain, as in kernel/first.c; free ones follow. */
enum machine_slot {
    MACHINE_RAM = 1, /* all frames that are left */
    MACHINE_DEVICES = 3,
    MACHINE_CPU,
    MACHINE_GAS,
    MACHINE_IRQ,
    MACHINE_PORTS,
    MACHINE_THREAD,
    MACHINE_SELF, /* the Domain */
    MACHINE_FREE = 16,
};

#define MACHINE_FRAMES_MAX 8192
#define MACHINE_DEVICE_FRAME 0x100000u /* beyond the frame table */
#define MACHINE_DEVICE_FRAMES 16u
/* The one piece of user memory that exists, in every address space. */
#define MACHINE_USER 0x10000000ull
#define MACHINE_USER_BYTES 65536ull
/* Where a thread's system-call instruction lies. */
#define MACHINE_CODE 0x400000ull
/* Answer of machine_call() when the call has not returned: the thread waits, stopped or is gone. */
#define MACHINE_BLOCKED 0x1000u
#define MACHINE_GAS_BALANCE (1ll << 50)

extern uint8_t machine_user[MACHINE_USER_BYTES];
extern struct domain *machine_domain;
extern struct thread *machine_thread;
extern uint64_t machine_timer;  /* what arch_timer_set() was told last */
extern void (*machine_in_window)(void); /* what comes in a window for interrupts, once ... */
extern unsigned machine_windows;        /* ... and in which one from now on; 0: in none */
extern uint64_t machine_idles;  /* times that the core had nothing to run */
extern uint64_t machine_resets; /* of the vector state, by portal transfers */
extern uint64_t machine_vector_state; /* the processor's, now */
extern uint64_t machine_lines_open;   /* interrupt lines that are not masked */
/* What another core, which was interrupted, still does before it parks; NULL: nothing. */
extern void (*machine_asked)(struct core *core);

/* Call `work`, which ends in arch_resume() or arch_idle_wait(), and come back from there. */
void machine_leave(void (*work)(void *), void *argument);

/* Throw the old machine away and start one with `frames` frames; `domain_frames` of them are the
   first Domain, `pool` its page-table frames. Its thread is bound at index 0 and runs. */
void machine_start(uint64_t frames, uint64_t domain_frames, uint64_t pool);
/* First frame of the RAM capability. */
uint64_t machine_ram(void);

/* Copies of everything that a machine consists of, to go back to. Only what is in use is copied:
   the frames below `machine_frames()`, the core without the empty ends of its tables. */
struct machine_snapshot {
    uint64_t bytes;
    uint8_t *data;
};
void machine_save(struct machine_snapshot *snapshot);
void machine_load(const struct machine_snapshot *snapshot);
void machine_forget(struct machine_snapshot *snapshot);

/* Let the thread run on a slot of its own, or of the first caller when it serves a call; false when
   it is not ready. */
bool machine_run(struct thread *thread);
/* Begin a long slot of this thread: who runs in it (the end of its chain), or NULL. */
struct thread *machine_slot(struct thread *owner);
/* Load a kernel call into the thread's registers, as its user code would. */
void machine_prepare(struct thread *thread, uint32_t number, uint32_t capability,
                     const uint64_t words[6]);
/* Execute the system-call instruction of the current thread once. */
void machine_step(void);
/* Whether the thread has to execute its system-call instruction (again). */
bool machine_pending(const struct thread *thread);
/* Run the thread and make the call to its end, entering it again as often as it asks. Answers the
   status, or MACHINE_BLOCKED. Results are in the thread's registers. */
uint64_t machine_call(struct thread *thread, uint32_t number, uint32_t capability,
                      const uint64_t words[6]);
#define CALL(thread, number, capability, ...)                                                      \
    machine_call((thread), EXO_CALL_##number, (uint32_t)(capability),                              \
                 (const uint64_t[6]){__VA_ARGS__})
/* The same, and the test fails when it is not ok. */
#define CALL_OK(thread, number, capability, ...)                                                   \
    CU_ASSERT_EQUAL_FATAL(CALL(thread, number, capability, __VA_ARGS__), EXO_STATUS_OK)

/* Advance the clock; the timer fires when it is due. */
void machine_pass(uint64_t ticks);
/* The timer's interrupt, now. */
void machine_interrupt(void);
/* Go on from idle, as after an interrupt. */
void machine_wake(void);
/* A fault of the current thread. */
void machine_fault(uint64_t address);
/* An interrupt line fires. */
void machine_line(uint32_t line);
/* Finish every ending object, as an idle core does. */
void machine_reap(void);

/* Make objects out of the first Domain's RAM; slots are of its table. Each returns the object. */
struct domain *machine_make_domain(uint64_t frame, uint64_t frames, uint64_t slot);
struct thread *machine_make_thread(uint64_t frame, uint64_t slot, uint64_t home_slot,
                                   uint64_t index);
void *machine_make(uint64_t frame, uint64_t frames, uint32_t kind, uint64_t slot, uint64_t number,
                   uint64_t detail);

/* Called before a panic ends the program, to say what led to it. */
extern void (*machine_panic_hook)(void);

/* A random number (xorshift64*); the seed is never 0. */
extern uint64_t machine_seed;
uint64_t machine_random(uint64_t below);
/* Whether the long variants are wanted: EXO_TEST_LONG=1. */
bool machine_long(void);

/* Everything that must always hold, recomputed from scratch. NULL, or what does not hold. */
const char *machine_check(void);
/* Run one suite of tests and answer the program's exit status. */
struct machine_test {
    const char *name;
    void (*run)(void);
};
int machine_main(const char *suite, const struct machine_test *tests, unsigned count);
#define MACHINE_MAIN(suite, tests)                                                                 \
    int main(void) {                                                                               \
        return machine_main(suite, tests, sizeof(tests) / sizeof(tests)[0]);                       \
    }
