/* SPDX-License-Identifier: MIT */
/* What the shared kernel must know of the processor at compile time: the saved registers, the page
   size, the address ranges, and the few operations that have to be inline. The contract of each
   function is in kernel/arch.h. */
#pragma once

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ull
#define ARCH_TABLE_LEVELS 4
#define TABLE_ENTRIES 512u
#define TABLE_SPAN_MASK 0x1fffffull /* addresses of one page table */
#define USER_LOW 0x1000ull
#define USER_HIGH 0x00007fffffffe000ull
/* All of physical memory, mapped for the kernel only, never executable. */
#define DIRECT_MAP 0xffff800000000000ull
#define KERNEL_BASE 0xffffffff80000000ull
#define TICKS_PER_MICROSECOND 1000ull
#define SLICE_TICKS_MIN 2000ull
#define IRQ_LINES 24
#define ARCH_PORTS 65536
#define ARCH_TEMPLATE_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE)

#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_DATA 0x1b
#define SELECTOR_USER_CODE 0x23
#define SELECTOR_TASK 0x28

/* x87, SSE and AVX state; XCR0 enables no more, so a user cannot own state that is not saved. */
#define VECTOR_STATE_BYTES 832
#define VECTOR_STATE_MASK 7u

/* A thread's registers as the entry code stores them. From `error` up the order is the processor's
   own; the kernel stack pointer for entries from user mode points behind `stack_segment`, so the
   processor pushes straight into the thread. */
struct registers {
    uint64_t vector;
    uint64_t words[6];   /* rdi rsi rdx r10 r8 r9 */
    uint64_t status;     /* rax */
    uint64_t saved[6];   /* rbx rbp r12 r13 r14 r15 */
    uint64_t scratch[2]; /* rcx r11 */
    uint64_t error;
    uint64_t instruction;
    uint64_t code_segment;
    uint64_t flags;
    uint64_t stack;
    uint64_t stack_segment;
};
_Static_assert(sizeof(struct registers) == 176, "entry.S stores 22 words");
_Static_assert(sizeof(struct registers) % 16 == 0, "the processor aligns its frame to 16 bytes");

struct arch_thread {
    uint64_t tls_base;
    uint64_t tls_base2;
    uint8_t vector_state[VECTOR_STATE_BYTES] __attribute__((aligned(64)));
};

/* What the processor wants to find per core; kernel/core.h embeds it. */
struct task_segment {
    uint32_t reserved0;
    uint64_t stack0, stack1, stack2;
    uint64_t reserved1;
    uint64_t interrupt_stack[7];
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t ports;
} __attribute__((packed));

struct arch_core {
    struct task_segment task __attribute__((aligned(16)));
    uint64_t gdt[7];
    uint64_t timer_scale;  /* local timer ticks per TSC tick, 32.32 fixed point */
    uint64_t root_current; /* what CR3 holds */
    uint8_t interrupt_stacks[4][4096] __attribute__((aligned(16)));
};

#define ARCH_SYSCALL_BYTES 2 /* length of the system-call instruction, to enter a call again */

static inline void *physical_pointer(uint64_t physical) {
    return (void *)(DIRECT_MAP + physical);
}

static inline uint64_t pointer_physical(const void *pointer) {
    return (uint64_t)pointer - DIRECT_MAP;
}

/* Registers of the local interrupt controller. */
#define LOCAL_CONTROLLER 0xfee00000ull
#define LOCAL_NUMBER 0x20
#define LOCAL_END 0xb0
#define LOCAL_COMMAND 0x300
#define LOCAL_TIMER_COUNT 0x380
#define LOCAL_TIMER_COUNT_MAX 0xffffffffull

static inline volatile uint32_t *local_register(uint32_t offset) {
    return physical_pointer(LOCAL_CONTROLLER + offset);
}

static inline void arch_pause(void) {
    __asm__ volatile("pause" : : : "memory");
}

static inline uint64_t arch_ticks(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static inline void arch_flush_page(uint64_t address) {
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

static inline uint64_t arch_root_frame(uint64_t root) {
    return root >> PAGE_SHIFT;
}

static inline void arch_core_fold(struct core *core) {
    (void)core;
}

static inline struct core *core_self(void) {
    struct core *core;
    __asm__("mov %%gs:0, %0" : "=r"(core));
    return core;
}

/* Page-table entries (AMD64 Architecture Programmer's Manual, volume 2, 5.4). */
#define ENTRY_PRESENT 0x001ull
#define ENTRY_WRITE 0x002ull
#define ENTRY_USER 0x004ull
#define ENTRY_UNCACHED 0x018ull /* write-through and cache-disable */
#define ENTRY_ACCESSED 0x020ull
#define ENTRY_DIRTY 0x040ull
#define ENTRY_NO_EXECUTE (1ull << 63)
#define ENTRY_FRAME 0x000ffffffffff000ull
#define ARCH_ENTRY_FRAME_SHIFT 12 /* where the frame number stands */

/* The entry's bits for rights without a frame: read and write rights stand at the bits of present
   and write, and what may not be executed has bit 63. */
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
_Static_assert(EXO_RIGHT_READ == ENTRY_PRESENT && EXO_RIGHT_WRITE == ENTRY_WRITE &&
                   EXO_RIGHT_EXECUTE == 4,
               "arch_entry_make moves the bits");

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

/* Add one to a word of this core; `offset` is a constant. */
#define arch_core_increment(offset) __asm__ volatile("incq %%gs:%c0" : : "i"(offset) : "memory")

static inline void arch_zero_words(void *target, uint64_t words) {
    __asm__ volatile("rep stosq" : "+D"(target), "+c"(words) : "a"(0ull) : "memory");
}
