/* SPDX-License-Identifier: MIT */
/* Memory at boot. Nothing is allocated after the first user code runs. */
#include "kernel.h"

/* How far the boot page tables reach; memory above is there once arch_map_kernel() is done. */
#define BOOT_REACH (1ull << 32)

struct boot_range *boot_largest(struct boot_information *boot, uint64_t below) {
    struct boot_range *best = &boot->ram[0];
    assert(boot->ram_count > 0);
    for (uint32_t i = 1; i < boot->ram_count && boot->ram[i].base < below; i++)
        best = boot->ram[i].bytes > best->bytes ? &boot->ram[i] : best;
    return best;
}

uint64_t boot_allocate(struct boot_information *boot, uint64_t bytes) {
    struct boot_range *range = boot_largest(boot, BOOT_REACH);
    bytes = (bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    assert(range->bytes > bytes);
    uint64_t physical = range->base;
    range->base += bytes;
    range->bytes -= bytes;
    arch_zero_words(physical_pointer(physical), bytes / 8);
    return physical;
}

void boot_exclude(struct boot_information *boot, uint64_t base, uint64_t bytes) {
    uint64_t low = base & ~(PAGE_SIZE - 1);
    uint64_t high = (base + bytes + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    for (uint32_t i = 0; i < boot->ram_count && bytes > 0; i++) {
        struct boot_range *range = &boot->ram[i];
        uint64_t end = range->base + range->bytes;
        if (high <= range->base || low >= end)
            continue;
        uint64_t before = low > range->base ? low - range->base : 0;
        uint64_t after = high < end ? end - high : 0;
        if (before != 0 && after != 0 && boot->ram_count < BOOT_RANGES_MAX) {
            for (uint32_t j = boot->ram_count++; j > i + 1; j--)
                boot->ram[j] = boot->ram[j - 1];
            boot->ram[i + 1] = (struct boot_range){high, after};
            boot->ram[i].bytes = before;
        } else if (before != 0) {
            range->bytes = before;
        } else {
            *range = (struct boot_range){high, after};
        }
    }
}
