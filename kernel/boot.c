/* SPDX-License-Identifier: MIT */
/* Memory at boot. Nothing is allocated after the first user code runs. */
#include "kernel.h"

/* How far the boot page tables reach; memory above is there once arch_map_kernel() is done. */
#define BOOT_REACH (1ull << 32)

struct boot_range *boot_largest(struct boot_information *boot, uint64_t below) {
    struct boot_range *best = &boot->ram[0];
    for (struct boot_range *range = best; range < boot->ram + boot->ram_count; range++) {
        if (range->base < below && range->bytes > best->bytes)
            best = range;
    }
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
        if (low <= range->base) {
            *range = (struct boot_range){high, high < end ? end - high : 0};
            continue;
        }
        range->bytes = low - range->base;
        if (high < end && boot->ram_count < BOOT_RANGES_MAX)
            boot->ram[boot->ram_count++] = (struct boot_range){high, end - high};
    }
}
