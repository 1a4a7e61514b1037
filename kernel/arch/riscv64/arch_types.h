/* SPDX-License-Identifier: MIT */
/* What the shared kernel must know of the processor at compile time: the saved registers, the page
   size, the address ranges, and the few operations that have to be inline. The contract of each
   function is in kernel/arch.h. */
#pragma once

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ull
extern int table_levels; /* of an address space: 3 or 4 */
#define ARCH_TABLE_LEVELS table_levels
#define TABLE_ENTRIES 512u
#define TABLE_SPAN_MASK 0x1fffffull /* addresses of one page table */
/* The user's half under Sv39; under Sv48 it is the first entry of a larger one, so that addresses
   are the same in both. */
#define USER_LOW 0x1000ull
#define USER_HIGH 0x0000003fffffe000ull
/* All of physical memory, mapped for the kernel only, never executable. */
#define DIRECT_MAP 0xffffffc000000000ull
#define KERNEL_BASE 0xffffffff00000000ull /* of physical address 0 in the kernel's own mapping */

#define TICKS_PER_MICROSECOND 10ull /* about */
/* A timer that is set to the past interrupts before the first instruction, so the shortest slot
   must be longer than a switch and the loading of floating-point registers behind it. */
#define SLICE_TICKS_MIN 100ull
#define IRQ_LINES 32u               /* of the PLIC's, the first: those of no PCI device */
#define ARCH_PORTS 0                /* there are no I/O ports */
/* With these rights a page may be mapped from a template; others go by arch_entry_make(). */
#define ARCH_TEMPLATE_RIGHTS (EXO_RIGHT_READ | EXO_RIGHT_WRITE)

/* A thread's registers as the entry code stores them. From `words` to `tls_base2` the order is that
   of ThreadRegister; `others` are those that it does not name. */
struct registers {
    uint64_t vector;     /* scause; this one and `error`, stval, are for a panic */
    uint64_t words[6];   /* a0 to a5 */
    uint64_t status;     /* a7 */
    uint64_t saved[6];   /* s0 to s5 */
    uint64_t scratch[2]; /* t0 t1 */
    uint64_t instruction;
    uint64_t flags; /* users have none */
    uint64_t stack, tls_base, tls_base2; /* sp tp gp */
    uint64_t return_address;
    uint64_t others[12]; /* a6 t2 t3 t4 t5 t6 s6 to s11 */
    uint64_t error, unused;
};
_Static_assert(sizeof(struct registers) == 288, "entry.S stores 35 words");

/* Loaded at the first use after a switch; until then floating point is off. */
struct arch_thread {
    uint8_t float_valid; /* the rest is its state; otherwise that is the initial one */
    uint64_t float_control;
    uint64_t float_state[32];
};

#define ARCH_TABLE_CALLS 64u /* more than there are, so that a masked number needs no check */

/* What entry.S wants to find per core; its distance from the start is below 2,048. */
struct arch_core {
    uint64_t root_current; /* what satp names */
    /* Transfers by the short way since arch_core_fold(), and those that stayed in a
       Domain; returns from upcalls. */
    uint64_t short_calls, short_replies, short_same, short_returns;
    uint64_t upcall_return; /* the word of this call */
    uint8_t *entry_trap, *upcall_failed; /* what stvec holds */
    bool timer_is_own; /* the processor compares time by itself (Sstc), not the firmware */
    uint64_t call_tag;     /* the call word's bits from 38 on, of every kernel call */
    uint64_t number_offset; /* the core's number in bytes of a table of words */
    uint64_t standing_serving;
    /* call_table with kinds as entry.S compares them: 0 for no object, -1 for what has a short way
       in the place of its handler, one that no slot has for what C is to look at. */
    struct {
        void *handler;
        int16_t kind;
        uint16_t rights;
        uint32_t gas;
    } calls[ARCH_TABLE_CALLS];
};

#define ARCH_SYSCALL_BYTES 4 /* length of the system-call instruction, to enter a call again */

static inline void *physical_pointer(uint64_t physical) {
    return (void *)(DIRECT_MAP + physical);
}

/* The frame of an address space's root, which is in the form of satp. */
static inline uint64_t arch_root_frame(uint64_t root) {
    return root & 0xfffffffffffull;
}

static inline uint64_t pointer_physical(const void *pointer) {
    return (uint64_t)pointer - DIRECT_MAP;
}

static inline void arch_pause(void) {
    __asm__ volatile(".word 0x0100000f" : : : "memory"); /* pause, of Zihintpause */
}

static inline uint64_t arch_ticks(void) {
    uint64_t ticks;
    __asm__ volatile("csrr %0, time" : "=r"(ticks));
    return ticks;
}

static inline void arch_flush_page(uint64_t address) {
    __asm__ volatile("sfence.vma %0, zero" : : "r"(address) : "memory");
}

/* Add what the short ways have counted to the core's counters and its charge. */
void arch_core_fold(struct core *core);

register struct core *core_register __asm__("tp");

static inline struct core *core_self(void) {
    return core_register;
}

/* Page-table entries (The RISC-V Instruction Set Manual, volume II, 4.4.1). */
#define ENTRY_VALID 0x01ull
#define ENTRY_READ 0x02ull
#define ENTRY_WRITE 0x04ull
#define ENTRY_EXECUTE 0x08ull
#define ENTRY_USER 0x10ull
#define ENTRY_GLOBAL 0x20ull
#define ENTRY_ACCESSED 0x40ull
#define ENTRY_DIRTY 0x80ull
#define ARCH_ENTRY_FRAME_SHIFT 10
#define ENTRY_FRAME_MASK 0x3ffffffffffc00ull

/* The entry's bits for rights without a frame. Rights stand one bit below the entry's; what may be
   mapped may be read. Device registers need no bit: the physical memory attributes say what they
   are. */
#define ARCH_ENTRY(rights)                                                                         \
    (((uint64_t)(rights) & (EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE)) << 1 | ENTRY_VALID |             \
     ENTRY_READ | ENTRY_USER)

static inline uint64_t arch_entry_quick(uint64_t rights) {
    return ARCH_ENTRY(rights);
}

/* Text that was written before is fetched anew. */
static inline uint64_t arch_entry_make(uint64_t frame, uint64_t rights) {
    if (rights & EXO_RIGHT_EXECUTE)
        __asm__ volatile("fence.i" : : : "memory");
    return frame << ARCH_ENTRY_FRAME_SHIFT | ARCH_ENTRY(rights);
}
_Static_assert(EXO_RIGHT_WRITE << 1 == ENTRY_WRITE && EXO_RIGHT_EXECUTE << 1 == ENTRY_EXECUTE,
               "arch_entry_make moves the bits");

static inline uint64_t arch_entry_table(uint64_t frame) {
    return frame << ARCH_ENTRY_FRAME_SHIFT | ENTRY_VALID;
}

static inline uint64_t arch_entry_frame(uint64_t entry) {
    return (entry & ENTRY_FRAME_MASK) >> ARCH_ENTRY_FRAME_SHIFT;
}

static inline uint64_t arch_entry_weaken(uint64_t entry, uint64_t rights) {
    return entry & (~(ENTRY_WRITE | ENTRY_EXECUTE) |
                    (rights & (EXO_RIGHT_WRITE | EXO_RIGHT_EXECUTE)) << 1);
}

/* Add one to a word of this core; `offset` is a constant. */
#define arch_core_increment(offset) (*(uint64_t *)((uint8_t *)core_self() + (offset)) += 1)

static inline void arch_zero_words(void *target, uint64_t words) {
    uint64_t *at = target;
    for (; words >= 8; words -= 8, at += 8)
        __asm__ volatile("sd zero, 0(%0); sd zero, 8(%0); sd zero, 16(%0); sd zero, 24(%0)\n"
                         "sd zero, 32(%0); sd zero, 40(%0); sd zero, 48(%0); sd zero, 56(%0)"
                         :
                         : "r"(at)
                         : "memory");
    for (; words > 0; words--)
        *at++ = 0;
}
