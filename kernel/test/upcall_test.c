/* SPDX-License-Identifier: MIT */
/*
 * Upcalls: what the frame holds and where it lies, nested and deferred ones, what stops a thread,
 * and the registers that may be written.
 *
 * Seen to fail: a nested frame without the red zone; an event upcall into a handler that serves;
 * a mask word that is not looked at; event_reap() that leaves its upcall thread bound.
 */
#include "kernel.h"
#include "arch_thread.h"
#include "machine.h"

#define SLOT_THREAD 20u
#define SLOT_EVENT 24u
#define SLOT_EXIT 25u
#define SLOT_PORTAL 26u
#define FAULT_ENTRY 0x500000ull
#define FOREIGN_ENTRY 0x500100ull
#define EVENT_ENTRY 0x500200ull
#define LOW (MACHINE_USER + 0x1000)
#define HIGH (MACHINE_USER + 0x2000)
#define MASK (MACHINE_USER + 0x3000)
#define VALUES (MACHINE_USER + 0x4000)
#define STACK 0x7000000ull /* an ordinary stack pointer */

static struct thread *thread;

static uint64_t user_word(uint64_t address) {
    uint64_t value = 0;
    CU_ASSERT_FATAL(arch_copy_from_user(&value, address, sizeof value));
    return value;
}

static void set_word(uint64_t address, uint64_t value) {
    CU_ASSERT_FATAL(arch_copy_to_user(address, &value, sizeof value));
}

static uint64_t set(uint64_t index, uint64_t value) {
    set_word(VALUES, value);
    return CALL(machine_thread, THREAD_WRITE, SLOT_THREAD, index, 1, VALUES);
}

#define SET(register, value)                                                                       \
    CU_ASSERT_EQUAL_FATAL(set(EXO_THREAD_REGISTER_##register, (value)), EXO_STATUS_OK)

static void start(void) {
    machine_start(64, 3, 4);
    thread = machine_make_thread(0, SLOT_THREAD, EXO_SELF, 1);
    machine_make(1, 1, EXO_OBJECT_KIND_EVENT, SLOT_EVENT, 2, 0);
    SET(FAULT_ENTRY, FAULT_ENTRY);
    SET(FOREIGN_ENTRY, FOREIGN_ENTRY);
    SET(EVENT_ENTRY, EVENT_ENTRY);
    SET(UPCALL_STACK_LOW, LOW);
    SET(UPCALL_STACK_HIGH, HIGH);
    SET(UPCALL_EVENT, SLOT_EVENT);
    SET(EXIT_EVENT, SLOT_EXIT);
    SET(STACK_POINTER, STACK);
    SET(INSTRUCTION_POINTER, MACHINE_CODE);
    CALL_OK(machine_thread, THREAD_START, SLOT_THREAD, 0);
}

static uint64_t exits(void) {
    return CALL(machine_thread, EVENT_WAIT, SLOT_EXIT, 0) == EXO_STATUS_OK;
}

static void check_frame(uint64_t at, uint64_t cause, uint64_t address, uint64_t instruction,
                        uint64_t stack) {
    CU_ASSERT_EQUAL(thread->registers.stack, at);
    CU_ASSERT_EQUAL(at % 16, 0);
    CU_ASSERT_EQUAL(user_word(at), cause);
    CU_ASSERT_EQUAL(user_word(at + 8), address);
    CU_ASSERT_EQUAL(user_word(at + 24), instruction);
    CU_ASSERT_EQUAL(user_word(at + 48), stack);
}

static void fault(uint64_t address) {
    CU_ASSERT_FATAL(machine_run(thread));
    machine_fault(address);
}

static void test_fault(void) {
    start();
    thread->registers.words[2] = 77;
    fault(0x1234000);
    check_frame(HIGH - 64, EXO_UPCALL_CAUSE_FAULT, 0x1234000, MACHINE_CODE, STACK);
    CU_ASSERT_EQUAL(user_word(HIGH - 48), 14ull << 32 | 6);
    CU_ASSERT_EQUAL(thread->registers.instruction, FAULT_ENTRY);
    CU_ASSERT_EQUAL(thread->registers.words[2], 77);
    /* Nested: below the stack pointer, clear of the red zone, aligned. */
    thread->registers.stack = HIGH - 200 - 8;
    fault(0x5678);
    check_frame(((HIGH - 208 - ARCH_RED_ZONE) & ~15ull) - 64, EXO_UPCALL_CAUSE_FAULT, 0x5678,
                FAULT_ENTRY, HIGH - 208);
    CU_ASSERT_EQUAL(machine_core->counters[EXO_COUNTER_UPCALLS], 2);
    /* Just outside, on either side: at the top. */
    for (unsigned i = 0; i < 2; i++) {
        uint64_t stack = i == 0 ? HIGH + 16 : LOW;
        thread->registers.stack = stack;
        fault(1);
        check_frame(HIGH - 64, EXO_UPCALL_CAUSE_FAULT, 1, FAULT_ENTRY, stack);
    }
    /* The last frame that fits, and one too many. */
    thread->registers.stack = LOW + ARCH_RED_ZONE + 64;
    fault(2);
    check_frame(LOW, EXO_UPCALL_CAUSE_FAULT, 2, FAULT_ENTRY, LOW + ARCH_RED_ZONE + 64);
    thread->registers.stack = LOW + ARCH_RED_ZONE + 48;
    fault(3);
    CU_ASSERT_EQUAL(thread->state, THREAD_STOPPED);
    CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_UPCALL_STACK);
    CU_ASSERT_EQUAL(exits(), 1);
}

/* Upcall stacks that cannot be. */
static void test_stacks(void) {
    static const uint64_t stacks[][2] = {{0, 0},          {HIGH, LOW},
                                         {LOW, LOW},      {LOW, LOW + 63},
                                         {0x9000, 0xa000}, {USER_HIGH - 64, USER_HIGH},
                                         {0, USER_HIGH},  {USER_LOW, USER_LOW + 64}};
    for (unsigned i = 0; i < sizeof stacks / sizeof stacks[0]; i++) {
        start();
        CALL_OK(machine_thread, THREAD_STOP, SLOT_THREAD, 0);
        SET(UPCALL_STACK_LOW, stacks[i][0]);
        SET(UPCALL_STACK_HIGH, stacks[i][1]);
        CALL_OK(machine_thread, THREAD_START, SLOT_THREAD, 0);
        fault(0x1000);
        CU_ASSERT_EQUAL(thread->state, THREAD_STOPPED);
        CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_UPCALL_STACK);
        CU_ASSERT_EQUAL(exits(), 1);
        CU_ASSERT_PTR_NULL(machine_check());
    }
    start();
    thread->fault_entry = 0;
    fault(0x1000);
    CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_FAULT);
    CU_ASSERT_EQUAL(exits(), 1);
}

static void test_foreign(void) {
    static const uint64_t foreign[] = {0, 60, ~0ull, (uint64_t)(EXO_CALL_TAG - 1) << 48,
                                       (uint64_t)(EXO_CALL_TAG + 1) << 48, 0x7fffffff};
    for (unsigned i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        start();
        CU_ASSERT_FATAL(machine_run(thread));
        thread->registers.status = foreign[i];
        thread->registers.words[0] = 5;
        machine_step();
        check_frame(HIGH - 64, EXO_UPCALL_CAUSE_FOREIGN, foreign[i],
                    MACHINE_CODE + ARCH_SYSCALL_BYTES, STACK);
        CU_ASSERT_EQUAL(thread->registers.instruction, FOREIGN_ENTRY);
        CU_ASSERT_EQUAL(thread->registers.status, foreign[i]);
        CU_ASSERT_EQUAL(thread->registers.words[0], 5);
    }
    start();
    CU_ASSERT_EQUAL(machine_call(thread, EXO_CALL_COUNT, 0, (uint64_t[6]){0}),
                    EXO_STATUS_BAD_CALL);
    thread->foreign_entry = 0;
    CU_ASSERT_FATAL(machine_run(thread));
    thread->registers.status = 1;
    machine_step();
    CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_FOREIGN);
    CU_ASSERT_EQUAL(exits(), 1);
}

static void test_event(void) {
    start();
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT, EXO_SELF, 30, 0, 0, EXO_RIGHT_SIGNAL,
            0x30);
    CALL_OK(machine_thread, EVENT_SIGNAL, 30, 0);
    /* It starts when the thread next goes back to user mode the long way. */
    CU_ASSERT_FATAL(machine_run(thread));
    machine_wake();
    check_frame(HIGH - 64, EXO_UPCALL_CAUSE_EVENT, 0x30, MACHINE_CODE, STACK);
    CU_ASSERT_EQUAL(thread->registers.instruction, EVENT_ENTRY);
    const struct event *event = (const struct event *)slot_at(machine_domain, SLOT_EVENT)->object;
    CU_ASSERT_EQUAL(event->pending, 0);
    /* Deferred while the mask word is not 0. */
    start();
    set_word(MASK, 1);
    thread->upcall_mask = MASK;
    CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_EVENT, 0);
    CU_ASSERT_FATAL(machine_run(thread));
    machine_wake();
    CU_ASSERT_EQUAL(thread->registers.instruction, MACHINE_CODE);
    set_word(MASK, 0);
    machine_wake();
    CU_ASSERT_EQUAL(thread->registers.instruction, EVENT_ENTRY);
    /* A mask word that cannot be read stops the thread. */
    start();
    thread->upcall_mask = 0x9000;
    CALL_OK(machine_thread, EVENT_SIGNAL, SLOT_EVENT, 0);
    CU_ASSERT_FATAL(machine_run(thread));
    machine_wake();
    CU_ASSERT_EQUAL(thread->stop_reason, EXO_STOP_REASON_UPCALL_STACK);
    CU_ASSERT_PTR_NULL(machine_check());
}

/* A handler that serves a call is not entered by an event upcall, but after its reply. */
static void test_event_and_call(void) {
    start();
    machine_make(2, 1, EXO_OBJECT_KIND_PORTAL, SLOT_PORTAL, 1, EXO_SELF);
    CALL_OK(machine_thread, PORTAL_ATTACH, SLOT_PORTAL, SLOT_THREAD);
    CU_ASSERT_EQUAL(CALL(thread, PORTAL_REPLY, 0, 0), MACHINE_BLOCKED);
    CU_ASSERT_EQUAL(CALL(machine_thread, PORTAL_CALL, SLOT_PORTAL, 1, 2, 3, 4, ~0ull, 0),
                    MACHINE_BLOCKED);
    CU_ASSERT_PTR_EQUAL(machine_core->current, thread);
    event_raise((struct event *)slot_at(machine_domain, SLOT_EVENT)->object, 4);
    machine_wake();
    CU_ASSERT_NOT_EQUAL(thread->registers.instruction, EVENT_ENTRY);
    machine_prepare(thread, EXO_CALL_PORTAL_REPLY, 0, (uint64_t[6]){9, 8, 7, 6, 0, 0});
    machine_step();
    CU_ASSERT_EQUAL(machine_thread->registers.words[0], 9);
    CU_ASSERT_EQUAL(thread->state, THREAD_IDLE);
    /* Stopped, and started as an ordinary thread: now it comes. */
    CALL_OK(machine_thread, THREAD_STOP, SLOT_THREAD, 0);
    CALL_OK(machine_thread, THREAD_START, SLOT_THREAD, 0);
    CU_ASSERT_FATAL(machine_run(thread));
    machine_wake();
    CU_ASSERT_EQUAL(thread->registers.instruction, EVENT_ENTRY);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_registers(void) {
    start();
    CU_ASSERT_EQUAL(set(EXO_THREAD_REGISTER_ARG0, 1), EXO_STATUS_BUSY); /* it runs */
    CALL_OK(machine_thread, THREAD_STOP, SLOT_THREAD, 0);
    const struct {
        uint64_t index, value;
        unsigned answer;
    } cases[] = {{EXO_THREAD_REGISTER_INSTRUCTION_POINTER, USER_HIGH, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_TLS_BASE, 1ull << 63, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_TLS_BASE2, ~0ull, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_FAULT_ENTRY, USER_HIGH + 1, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_UPCALL_STACK_HIGH, 5, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_UPCALL_MASK, 0, EXO_STATUS_OK},
                 {EXO_THREAD_REGISTER_UPCALL_EVENT, 9999, EXO_STATUS_BAD_ARGUMENT},
                 {EXO_THREAD_REGISTER_UPCALL_EVENT, EXO_NONE, EXO_STATUS_OK},
                 {EXO_THREAD_REGISTER_UPCALL_EVENT, SLOT_EXIT, EXO_STATUS_OK},
                 {EXO_THREAD_REGISTER_FLAGS, ~0ull, EXO_STATUS_OK},
                 {31, 0, EXO_STATUS_BAD_ARGUMENT}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_EQUAL(set(cases[i].index, cases[i].value), cases[i].answer);
    }
    CU_ASSERT_EQUAL(thread->registers.flags & 0x3000, 0); /* no I/O privilege */
    CU_ASSERT_EQUAL(thread->registers.flags & 0x200, 0x200);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_READ, SLOT_THREAD, 0, 31, VALUES), EXO_STATUS_OK);
    CU_ASSERT_EQUAL(user_word(VALUES + 8 * EXO_THREAD_REGISTER_STACK_POINTER), STACK);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_READ, SLOT_THREAD, 1, 31, VALUES),
                    EXO_STATUS_BAD_ARGUMENT);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_READ, SLOT_THREAD, 0, 31,
                         MACHINE_USER + MACHINE_USER_BYTES - 8),
                    EXO_STATUS_BAD_ARGUMENT);
    /* One thread for an event; its capability must hold every bit. */
    machine_make_thread(5, SLOT_THREAD + 1, EXO_SELF, 2);
    set_word(VALUES, SLOT_EXIT);
    CU_ASSERT_EQUAL(CALL(machine_thread, THREAD_WRITE, SLOT_THREAD + 1,
                         EXO_THREAD_REGISTER_UPCALL_EVENT, 1, VALUES),
                    EXO_STATUS_BAD_ARGUMENT);
    CALL_OK(machine_thread, CAPABILITY_DERIVE, SLOT_EVENT, EXO_SELF, 30, 0, 0, 3, 1);
    CU_ASSERT_EQUAL(set(EXO_THREAD_REGISTER_UPCALL_EVENT, 30), EXO_STATUS_BAD_ARGUMENT);
    /* The event goes, and with it the binding. */
    CALL_OK(machine_thread, CAPABILITY_DELETE, SLOT_EXIT, 0);
    CU_ASSERT_PTR_NULL(thread->upcall_event);
    CU_ASSERT_PTR_NULL(machine_check());
}

static void test_return(void) {
    start();
    fault(0x1000);
    uint64_t frame = thread->registers.stack;
    const uint64_t words[8] = {11, 12, 13, MACHINE_CODE + 64, 14, ~0ull, STACK, 0};
    CU_ASSERT_FATAL(arch_copy_to_user(frame, words, sizeof words));
    CU_ASSERT_FATAL(machine_run(thread));
    machine_prepare(thread, EXO_CALL_UPCALL_RETURN, 0, (uint64_t[6]){frame});
    machine_step();
    CU_ASSERT_EQUAL(thread->registers.instruction, MACHINE_CODE + 64);
    CU_ASSERT_EQUAL(thread->registers.stack, STACK);
    CU_ASSERT_EQUAL(thread->registers.status, 11);
    CU_ASSERT_EQUAL(thread->registers.words[0], 12);
    CU_ASSERT_EQUAL(CALL(thread, UPCALL_RETURN, 0, 0x9000), EXO_STATUS_BAD_ARGUMENT);
}

static const struct machine_test tests[] = {
    {"faults and where the frame lies", test_fault},
    {"stacks that cannot be written", test_stacks},
    {"foreign system calls", test_foreign},
    {"events, and what defers them", test_event},
    {"no event in a call", test_event_and_call},
    {"registers that may be written", test_registers},
    {"return by a call", test_return},
};

MACHINE_MAIN("upcalls", tests)
