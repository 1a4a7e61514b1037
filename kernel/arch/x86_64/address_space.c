/* SPDX-License-Identifier: MIT */
/* The kernel's half of every address space, fixed at boot: the direct map (never executable), and
   the kernel's own parts, none both writable and executable, in the direct map neither. */
#include "kernel.h"
#include "processor.h"

#define LARGE 0x080ull
#define LARGE_BYTES 0x200000ull
#define GLOBAL 0x100ull
#define KERNEL_CONSTANTS (ENTRY_PRESENT | GLOBAL | ENTRY_NO_EXECUTE)
#define KERNEL_DATA (KERNEL_CONSTANTS | ENTRY_WRITE)
#define CONTROLLERS 0xfec00000ull /* up to 4 MiB above: both interrupt controllers */

extern uint8_t kernel_text_start[], kernel_text_end[], kernel_rodata_end[], kernel_end[];
extern uint8_t kernel_physical_start[];

uint64_t kernel_root; /* boot.S loads it for later cores */

static uint64_t *table_below(struct boot_information *boot, uint64_t *entry) {
    if (*entry == 0)
        *entry = boot_allocate(boot, PAGE_SIZE) | ENTRY_PRESENT | ENTRY_WRITE;
    return physical_pointer(*entry & ENTRY_FRAME);
}

static uint64_t *directory_entry(struct boot_information *boot, uint64_t address) {
    uint64_t *table = physical_pointer(kernel_root);
    table = table_below(boot, &table[address >> 39 & 511]);
    table = table_below(boot, &table[address >> 30 & 511]);
    return &table[address >> 21 & 511];
}

static void map_small(struct boot_information *boot, uint64_t address, uint64_t entry) {
    uint64_t *table = table_below(boot, directory_entry(boot, address));
    table[address >> 12 & 511] = entry;
}

/* Rights of a kernel page by its address in the kernel's image, without execution. */
static uint64_t kernel_rights(uint64_t address) {
    return address < (uint64_t)kernel_text_start || address >= (uint64_t)kernel_rodata_end
               ? KERNEL_DATA
               : KERNEL_CONSTANTS;
}

static void map_direct(struct boot_information *boot, uint64_t end) {
    uint64_t first = (uint64_t)kernel_physical_start & ~(LARGE_BYTES - 1);
    uint64_t last = (uint64_t)kernel_end - KERNEL_BASE;
    for (uint64_t at = 0; at < end; at += LARGE_BYTES) {
        if (at < first || at >= last) {
            *directory_entry(boot, DIRECT_MAP + at) = at | KERNEL_DATA | LARGE;
            continue;
        }
        for (uint64_t page = at; page < at + LARGE_BYTES; page += PAGE_SIZE)
            map_small(boot, DIRECT_MAP + page, page | kernel_rights(KERNEL_BASE + page));
    }
    for (uint64_t at = CONTROLLERS; at < CONTROLLERS + 2 * LARGE_BYTES; at += LARGE_BYTES)
        *directory_entry(boot, DIRECT_MAP + at) = at | KERNEL_DATA | LARGE | ENTRY_UNCACHED;
}

void arch_map_kernel(struct boot_information *boot) {
    kernel_root = boot_allocate(boot, PAGE_SIZE);
    map_direct(boot, boot->physical_end);
    for (uint64_t at = (uint64_t)kernel_text_start; at < (uint64_t)kernel_end; at += PAGE_SIZE) {
        uint64_t execute = at < (uint64_t)kernel_text_end ? ENTRY_NO_EXECUTE : 0;
        map_small(boot, at, (at - KERNEL_BASE) | (kernel_rights(at) & ~execute));
    }
    __asm__ volatile("mov %0, %%cr3" : : "r"(kernel_root) : "memory");
}

uint64_t arch_root_prepare(uint64_t frame) {
    uint64_t *table = physical_pointer(frame << PAGE_SHIFT);
    const uint64_t *kernel = physical_pointer(kernel_root);
    table[DIRECT_MAP >> 39 & 511] = kernel[DIRECT_MAP >> 39 & 511];
    table[KERNEL_BASE >> 39 & 511] = kernel[KERNEL_BASE >> 39 & 511];
    return frame << PAGE_SHIFT;
}

void arch_root_clear(uint64_t root) {
    uint64_t *table = physical_pointer(root);
    table[DIRECT_MAP >> 39 & 511] = 0;
    table[KERNEL_BASE >> 39 & 511] = 0;
}

void arch_space_load(struct core *core, uint64_t root) {
    core->arch.root_current = root;
    core->counters[EXO_COUNTER_SPACE_SWITCHES]++;
    __asm__ volatile("mov %0, %%cr3" : : "r"(root != 0 ? root : kernel_root) : "memory");
}

/* A fault at label 1 continues at label 2 with the count not at zero (see trap_kernel). */
static bool copy_words(void *target, const void *source, uint64_t words) {
    __asm__ volatile("stac\n"
                     "1: rep movsq\n"
                     "2: clac\n"
                     ".pushsection .fixups, \"a\"\n"
                     ".quad 1b, 2b, 2b\n"
                     ".popsection"
                     : "+D"(target), "+S"(source), "+c"(words)
                     :
                     : "memory");
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
