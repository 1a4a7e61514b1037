/* SPDX-License-Identifier: MIT */
/* The functions of kernel/arch.h that the shared kernel calls, for a machine in a process. */
#include <setjmp.h>
#include <stdlib.h>

#include "kernel.h"
#include "arch_thread.h"
#include "machine.h"

#define FLAG_USER_MASK 0xcd5ull

void (*machine_in_window)(void);
unsigned machine_windows;
uint64_t machine_timer, machine_idles, machine_resets, machine_vector_state;
uint64_t machine_flushes;
void (*machine_flush_hook)(uint64_t address);
void (*machine_panic_hook)(void);
uint8_t machine_user[MACHINE_USER_BYTES];

/* Where arch_resume() and arch_idle_wait() go instead of to user mode and to sleep. */
static jmp_buf leave_point;
static bool leaving;

void machine_leave(void (*work)(void *), void *argument) {
    assert(!leaving);
    leaving = true;
    if (setjmp(leave_point) == 0) {
        work(argument);
    }
    leaving = false;
}

_Noreturn void arch_resume(struct thread *thread) {
    assert(machine_core->current == thread);
    assert(machine_core->arch.entry_thread == thread);
    assert(machine_core->arch.root_current == thread->home->root);
    assert(leaving);
    longjmp(leave_point, 1);
}

void arch_idle_wait(void) {
    assert(machine_core->current == NULL);
    assert(leaving);
    machine_idles++;
    longjmp(leave_point, 1);
}

_Noreturn void panic(const char *message, const char *file, unsigned line) {
    fprintf(stderr, "\nkernel panic: %s, %s:%u\n", message, file, line);
    if (machine_panic_hook != NULL) {
        machine_panic_hook();
    }
    abort();
}

void arch_core_start(struct core *core) {
    (void)core;
}

void (*machine_asked)(struct core *core);

/* Another core does what the test says, and parks. */
void arch_core_interrupt(struct core *core) {
    if (machine_asked != NULL) {
        machine_asked(core);
    }
    core->park_due = 0;
    core->parked = 1;
}

bool arch_core_ask(struct core *core, bool where) {
    (void)where;
    return core->hardware < CORES_MAX;
}

uint64_t arch_root_prepare(uint64_t frame) {
    return frame << PAGE_SHIFT;
}

void arch_root_clear(uint64_t root) {
    (void)root;
}

void arch_space_load(struct core *core, uint64_t root) {
    core->arch.root_current = root;
    core->counters[EXO_COUNTER_SPACE_SWITCHES]++;
}

void arch_flush_all(struct core *core) {
    core->counters[EXO_COUNTER_FLUSHES]++;
}

void arch_thread_prepare(struct thread *thread) {
    thread->registers.flags = FLAGS_FRESH;
}

static uint64_t *register_field(struct thread *thread, uint64_t index) {
    struct registers *registers = &thread->registers;
    if (index <= EXO_THREAD_REGISTER_ARG5) {
        return &registers->words[index];
    }
    switch (index) {
    case EXO_THREAD_REGISTER_STATUS:
        return &registers->status;
    case EXO_THREAD_REGISTER_SCRATCH0:
    case EXO_THREAD_REGISTER_SCRATCH1:
        return &registers->scratch[index - EXO_THREAD_REGISTER_SCRATCH0];
    case EXO_THREAD_REGISTER_INSTRUCTION_POINTER:
        return &registers->instruction;
    case EXO_THREAD_REGISTER_FLAGS:
        return &registers->flags;
    case EXO_THREAD_REGISTER_STACK_POINTER:
        return &registers->stack;
    case EXO_THREAD_REGISTER_TLS_BASE:
        return &thread->arch.tls_base;
    case EXO_THREAD_REGISTER_TLS_BASE2:
        return &thread->arch.tls_base2;
    default:
        return &registers->saved[index - EXO_THREAD_REGISTER_SAVE0];
    }
}

bool arch_register_write(struct thread *thread, uint64_t index, uint64_t value) {
    bool address = index == EXO_THREAD_REGISTER_INSTRUCTION_POINTER ||
                   index == EXO_THREAD_REGISTER_TLS_BASE ||
                   index == EXO_THREAD_REGISTER_TLS_BASE2;
    if (address && value >= USER_HIGH) {
        return false;
    }
    if (index == EXO_THREAD_REGISTER_FLAGS) {
        value = (value & FLAG_USER_MASK) | FLAGS_FRESH;
    }
    *register_field(thread, index) = value;
    return true;
}

uint64_t arch_register_read(const struct thread *thread, uint64_t index) {
    return *register_field((struct thread *)thread, index);
}

void arch_vector_reset(void) {
    machine_vector_state = 0;
    machine_resets++;
}

static uint8_t *user_pointer(uint64_t address, uint64_t bytes) {
    bool inside = address >= MACHINE_USER && address - MACHINE_USER <= MACHINE_USER_BYTES &&
                  bytes <= MACHINE_USER_BYTES - (address - MACHINE_USER);
    return inside ? machine_user + (address - MACHINE_USER) : NULL;
}

bool arch_copy_from_user(void *target, uint64_t source, uint64_t bytes) {
    const uint8_t *from = user_pointer(source, bytes);
    if (from != NULL) {
        memcpy(target, from, bytes);
    }
    return from != NULL;
}

bool arch_copy_to_user(uint64_t target, const void *source, uint64_t bytes) {
    uint8_t *to = user_pointer(target, bytes);
    if (to != NULL) {
        memcpy(to, source, bytes);
    }
    return to != NULL;
}

/* As on x86_64: see arch_upcall_return() in kernel/arch/x86_64/thread_state.c. */
enum exo_status arch_upcall_return(struct thread *thread, uint64_t frame) {
    uint64_t words[ARCH_UPCALL_FRAME_BYTES / 8];
    if (!arch_copy_from_user(words, frame, sizeof words) || words[3] >= USER_HIGH) {
        return EXO_STATUS_BAD_ARGUMENT;
    }
    thread->registers.words[0] = words[1];
    thread->registers.scratch[0] = words[2];
    thread->registers.scratch[1] = words[4];
    thread->registers.instruction = words[3];
    thread->registers.flags = (words[5] & FLAG_USER_MASK) | FLAGS_FRESH;
    thread->registers.stack = words[6];
    thread->registers.status = words[0];
    core_self()->slow = 1;
    return STATUS_DONE;
}

uint64_t machine_lines_open;

void arch_irq_mask(uint32_t line, bool masked) {
    assert(line < IRQ_LINES);
    machine_lines_open &= ~(1ull << line);
    machine_lines_open |= masked ? 0 : 1ull << line;
}

enum exo_status port_read(struct thread *caller, struct slot *slot,
                          const struct port_read_args *args, struct port_read_results *results) {
    (void)caller;
    (void)slot;
    results->value = args->port ^ args->width << 16;
    return EXO_STATUS_OK;
}

enum exo_status port_write(struct thread *caller, struct slot *slot,
                           const struct port_write_args *args) {
    (void)caller;
    (void)slot;
    (void)args;
    return EXO_STATUS_OK;
}

void arch_console_write(const char *text, uint64_t length) {
    fwrite(text, 1, length, stdout);
}

_Noreturn void arch_halt(void) {
    abort();
}

void arch_interrupt_window(void) {
    if (machine_windows > 0 && --machine_windows == 0) {
        machine_in_window();
    }
}
