/* SPDX-License-Identifier: MIT */
/* The kernel's half of every address space, fixed at boot: the direct map (never executable), and
   the kernel's own parts, none both writable and executable, in the direct map neither. It has the
   upper half of a table of Sv39; under Sv48 that table is the last entry of the root. */
#include "kernel.h"
#include "processor.h"

#define LARGE_BYTES 0x200000ull
#define KERNEL_CONSTANTS (ENTRY_VALID | ENTRY_READ | ENTRY_GLOBAL | ENTRY_ACCESSED)
#define KERNEL_DATA (KERNEL_CONSTANTS | ENTRY_WRITE | ENTRY_DIRTY)
#define INDEX(address, level) ((address) >> (12 + 9 * (level)) & 511)
#define LAST 511 /* under Sv48, the root's entry of the kernel's table */

extern uint8_t kernel_text_start[], kernel_text_end[], kernel_rodata_end[], kernel_end[];

uint64_t kernel_root;         /* what is loaded while nobody's address space is */
static uint64_t kernel_table; /* of the Sv39 half */
int table_levels;

static uint64_t entry_of(uint64_t physical) {
    return physical >> PAGE_SHIFT << ARCH_ENTRY_FRAME_SHIFT;
}

static uint64_t *table_below(struct boot_information *boot, uint64_t *entry) {
    if (*entry == 0)
        *entry = arch_entry_table(boot_allocate(boot, PAGE_SIZE) >> PAGE_SHIFT);
    return physical_pointer(arch_entry_frame(*entry) << PAGE_SHIFT);
}

static uint64_t *large_entry(struct boot_information *boot, uint64_t address) {
    uint64_t *table = physical_pointer(kernel_table);
    return &table_below(boot, &table[INDEX(address, 2)])[INDEX(address, 1)];
}

static void map_small(struct boot_information *boot, uint64_t address, uint64_t entry) {
    table_below(boot, large_entry(boot, address))[INDEX(address, 0)] = entry;
}

/* Rights of a kernel page by its address in the kernel's image, without execution. */
static uint64_t kernel_rights(uint64_t address) {
    return address < (uint64_t)kernel_text_start || address >= (uint64_t)kernel_rodata_end
               ? KERNEL_DATA
               : KERNEL_CONSTANTS;
}

static void map_direct(struct boot_information *boot, uint64_t end) {
    uint64_t first = ((uint64_t)kernel_text_start - KERNEL_BASE) & ~(LARGE_BYTES - 1);
    uint64_t last = (uint64_t)kernel_end - KERNEL_BASE;
    for (uint64_t at = 0; at < end; at += LARGE_BYTES) {
        if (at < first || at >= last) {
            *large_entry(boot, DIRECT_MAP + at) = entry_of(at) | KERNEL_DATA;
            continue;
        }
        for (uint64_t page = at; page < at + LARGE_BYTES; page += PAGE_SIZE)
            map_small(boot, DIRECT_MAP + page,
                      entry_of(page) | kernel_rights(KERNEL_BASE + page));
    }
}

static void satp_load(uint64_t root) {
    __asm__ volatile("csrw satp, %0; sfence.vma zero, %1; fence.i"
                     :
                     : "r"(root), "r"(0)
                     : "memory");
}

void arch_map_kernel(struct boot_information *boot) {
    uint64_t satp;
    kernel_table = boot_allocate(boot, PAGE_SIZE);
    map_direct(boot, boot->physical_end);
    for (uint64_t at = (uint64_t)kernel_text_start; at < (uint64_t)kernel_end; at += PAGE_SIZE) {
        uint64_t execute = at < (uint64_t)kernel_text_end ? ENTRY_EXECUTE : 0;
        map_small(boot, at, entry_of(at - KERNEL_BASE) | kernel_rights(at) | execute);
    }
    table_levels = machine.satp_mode == SATP_SV48 ? 4 : 3;
    kernel_root = machine.satp_mode | kernel_table >> PAGE_SHIFT;
    if (table_levels == 4)
        kernel_root = arch_root_prepare(boot_allocate(boot, PAGE_SIZE) >> PAGE_SHIFT);
    satp_load(kernel_root);
    __asm__ volatile("sfence.vma; csrr %0, satp" : "=r"(satp) : : "memory");
    /* A mode that the processor does not have leaves satp as it was. */
    if (satp != kernel_root) {
        console_line("the processor has not the mmu-type that the device tree says");
        arch_halt();
    }
}

/* Under Sv39, all of the upper half. */
uint64_t arch_root_prepare(uint64_t frame) {
    uint64_t *table = physical_pointer(frame << PAGE_SHIFT);
    const uint64_t *kernel = physical_pointer(kernel_table);
    if (table_levels == 4)
        table[LAST] = arch_entry_table(kernel_table >> PAGE_SHIFT);
    for (uint64_t i = TABLE_ENTRIES / 2; table_levels == 3 && i < TABLE_ENTRIES; i++)
        table[i] = kernel[i];
    return machine.satp_mode | frame;
}

void arch_root_clear(uint64_t root) {
    uint64_t *table = physical_pointer(arch_root_frame(root) << PAGE_SHIFT);
    arch_zero_words(table + TABLE_ENTRIES / 2, TABLE_ENTRIES / 2);
}

void arch_space_load(struct core *core, uint64_t root) {
    core->arch.root_current = root;
    core->counters[EXO_COUNTER_SPACE_SWITCHES]++;
    satp_load(root != 0 ? root : kernel_root);
}

/* A fault continues at label 9 with what is left of the count; sepc is the user's still. */
static bool copy_words(void *target, const void *source, uint64_t words) {
    uint64_t word, instruction;
    __asm__ volatile("csrr %[instruction], sepc\n"
                     USER_ACCESS_BEGIN
                     "j 2f\n"
                     "1: ld %[word], 0(%[source])\n"
                     "sd %[word], 0(%[target])\n"
                     "addi %[source], %[source], 8\n"
                     "addi %[target], %[target], 8\n"
                     "addi %[words], %[words], -1\n"
                     "2: bnez %[words], 1b\n"
                     USER_ACCESS_END
                     "j 3f\n"
                     ".balign 4\n"
                     "9:\n"
                     USER_ACCESS_FAILED
                     "csrw sepc, %[instruction]\n"
                     "3:\n"
                     : [target] "+r"(target), [source] "+r"(source), [words] "+r"(words),
                       [word] "=&r"(word), [instruction] "=&r"(instruction)
                     : [trap] "i"(offsetof(struct core, arch.entry_trap))
                     : "t0", "memory");
    return words == 0;
}

static bool range_is_user(uint64_t address, uint64_t bytes) {
    return address < USER_HIGH && bytes <= USER_HIGH - address;
}

bool arch_copy_from_user(void *target, uint64_t source, uint64_t bytes) {
    return range_is_user(source, bytes) && copy_words(target, (const void *)source, bytes / 8);
}

bool arch_copy_to_user(uint64_t target, const void *source, uint64_t bytes) {
    return range_is_user(target, bytes) && copy_words((void *)target, source, bytes / 8);
}
