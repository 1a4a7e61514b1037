/* SPDX-License-Identifier: MIT */
/*
 * The double of an architecture for host tests: the names of kernel/arch.h on an ordinary process.
 * Physical memory is one aligned arena, so a physical address is an offset into it; the clock is a
 * variable; user memory is one buffer at a fixed user address (machine.h). Page-table entries are
 * those of x86_64.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernel_calls.h"

struct core;

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ull
#define ARCH_TABLE_LEVELS 4
#define TABLE_ENTRIES 512u
#define TABLE_SPAN_MASK 0x1fffffull
#define USER_LOW 0x1000ull
#define USER_HIGH 0x00007fffffffe000ull
#define TICKS_PER_MICROSECOND 1000ull
#define SLICE_TICKS_MIN 2000ull
#define IRQ_LINES 24
#define ARCH_PORTS 65536
#define ARCH_TEMPLATE_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE)
#define ARCH_ENTRY_FRAME_SHIFT 12

/* The same words as on x86_64, so that offsets within the structures stay alike. */
struct registers {
    uint64_t vector;
    uint64_t words[6];
    uint64_t status;
    uint64_t saved[6];
    uint64_t scratch[2];
    uint64_t error;
    uint64_t instruction;
    uint64_t code_segment;
    uint64_t flags;
    uint64_t stack;
    uint64_t stack_segment;
};

struct thread;

struct arch_thread {
    uint64_t tls_base;
    uint64_t tls_base2;
    uint64_t vector_state; /* stands for all of it; 0 is the initial state */
};

struct arch_core {
    uint64_t root_current;
    struct thread *entry_thread; /* where entries from user mode are stored */
};

#define ARCH_SYSCALL_BYTES 2

/* Owned by machine.c. */
extern uint8_t *machine_memory;
extern struct core *machine_core;
extern uint64_t machine_clock;
/* Flushes of single pages so far, and the one that is told of each (NULL: nobody). */
extern uint64_t machine_flushes;
extern void (*machine_flush_hook)(uint64_t address);

static inline void *physical_pointer(uint64_t physical) {
    return machine_memory + physical;
}

static inline uint64_t pointer_physical(const void *pointer) {
    return (uint64_t)((const uint8_t *)pointer - machine_memory);
}

static inline void arch_pause(void) {
}

static inline uint64_t arch_ticks(void) {
    return machine_clock;
}

static inline void arch_flush_page(uint64_t address) {
    machine_flushes++;
    if (machine_flush_hook != NULL) {
        machine_flush_hook(address);
    }
}

static inline uint64_t arch_root_frame(uint64_t root) {
    return root >> PAGE_SHIFT;
}

static inline void arch_core_fold(struct core *core) {
    (void)core;
}

static inline struct core *core_self(void) {
    return machine_core;
}

/* Page-table entries as in kernel/arch/x86_64/arch_types.h. */
#define ENTRY_PRESENT 0x001ull
#define ENTRY_WRITE 0x002ull
#define ENTRY_USER 0x004ull
#define ENTRY_UNCACHED 0x018ull
#define ENTRY_ACCESSED 0x020ull
#define ENTRY_DIRTY 0x040ull
#define ENTRY_NO_EXECUTE (1ull << 63)
#define ENTRY_FRAME 0x000ffffffffff000ull

#define ARCH_ENTRY(rights)                                                                         \
    (ENTRY_PRESENT | ENTRY_USER | ((uint64_t)(rights) & ENTRY_WRITE) |                             \
     ((~(uint64_t)(rights) & EXO_RIGHT_EXECUTE) << 61))

/* The same for read, write and execute rights, quickly. */
static inline uint64_t arch_entry_quick(uint64_t rights) {
    static const uint64_t entries[] = {ARCH_ENTRY(0), ARCH_ENTRY(1), ARCH_ENTRY(2), ARCH_ENTRY(3),
                                       ARCH_ENTRY(4), ARCH_ENTRY(5), ARCH_ENTRY(6), ARCH_ENTRY(7)};
    return entries[rights];
}

static inline uint64_t arch_entry_make(uint64_t frame, uint64_t rights) {
    uint64_t entry = ARCH_ENTRY(rights) | frame << PAGE_SHIFT;
    return rights & EXO_RIGHT_UNCACHED ? entry | ENTRY_UNCACHED : entry;
}

static inline uint64_t arch_entry_table(uint64_t frame) {
    return frame << PAGE_SHIFT | ENTRY_PRESENT | ENTRY_WRITE | ENTRY_USER;
}

static inline uint64_t arch_entry_frame(uint64_t entry) {
    return (entry & ENTRY_FRAME) >> PAGE_SHIFT;
}

static inline uint64_t arch_entry_weaken(uint64_t entry, uint64_t rights) {
    entry &= ~ENTRY_WRITE | (rights & EXO_RIGHT_WRITE);
    return rights & EXO_RIGHT_EXECUTE ? entry : entry | ENTRY_NO_EXECUTE;
}

#define arch_core_increment(offset) (++*(uint64_t *)((uint8_t *)machine_core + (offset)))

static inline void arch_zero_words(void *target, uint64_t words) {
    memset(target, 0, words * 8);
}
