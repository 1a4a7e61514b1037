/* SPDX-License-Identifier: MIT */
/* The PVH start information (Xen, public/arch-x86/hvm/start_info.h): memory map, image, command
   line. */
#include "kernel.h"

#define START_MAGIC 0x336ec578u
#define MEMORY_RAM 1

struct start_information {
    uint32_t magic, version, flags, module_count;
    uint64_t modules, command_line, rsdp;
    uint64_t memory_map;
    uint32_t memory_map_entries, reserved;
};

struct start_module {
    uint64_t address, size, command_line, reserved;
};

struct start_memory {
    uint64_t address, size;
    uint32_t type, reserved;
};

extern uint8_t kernel_physical_start[], kernel_end[];

/* Below 1 MiB lie firmware tables and the start information, text and all: left alone. */
#define LOW_MEMORY 0x100000ull
/* Devices lie between RAM and the interrupt controllers. */
#define DEVICES_BEGIN 0xc0000000ull
#define CONTROLLERS_BEGIN 0xfec00000ull

static void ram_add(struct boot_information *boot, const struct start_memory *memory) {
    uint64_t low = (memory->address + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    uint64_t high = (memory->address + memory->size) & ~(PAGE_SIZE - 1);
    if (memory->type != MEMORY_RAM || high <= low || high <= LOW_MEMORY ||
        boot->ram_count == BOOT_RANGES_MAX) {
        return;
    }
    boot->frames += (high - low) / PAGE_SIZE;
    low = low < LOW_MEMORY ? LOW_MEMORY : low;
    boot->ram[boot->ram_count++] = (struct boot_range){low, high - low};
    boot->physical_end = high > boot->physical_end ? high : boot->physical_end;
}

void arch_boot_information(struct boot_information *boot, const void *loader) {
    const struct start_information *start = physical_pointer((uint64_t)loader);
    assert(start->magic == START_MAGIC);
    assert(start->version >= 1);
    assert(start->command_line < LOW_MEMORY);
    const struct start_memory *memory = physical_pointer(start->memory_map);
    for (uint32_t i = 0; i < start->memory_map_entries; i++)
        ram_add(boot, &memory[i]);
    if (start->module_count > 0) {
        const struct start_module *module = physical_pointer(start->modules);
        boot->image = (struct boot_range){module->address, module->size};
    }
    if (start->command_line != 0)
        boot->command = physical_pointer(start->command_line);
    uint64_t devices =
        boot->physical_end < CONTROLLERS_BEGIN ? boot->physical_end : DEVICES_BEGIN;
    boot->devices[0] = (struct boot_range){devices, CONTROLLERS_BEGIN - devices};
    uint64_t kernel = (uint64_t)kernel_physical_start;
    boot_exclude(boot, kernel, (uint64_t)kernel_end - KERNEL_BASE - kernel);
    boot_exclude(boot, boot->image.base, boot->image.bytes);
}
