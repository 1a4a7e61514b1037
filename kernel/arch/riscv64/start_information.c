/* SPDX-License-Identifier: MIT */
/* What the firmware left: the device tree (Devicetree Specification 0.4), read by libfdt. Nothing in
   it is trusted to be right: what is missing or absurd is said on the console, and the machine stops. */
#include <libfdt.h>

#include "arch.h"
#include "boot.h"
#include "panic.h"
#include "processor.h"

#define TREE_BYTES_MAX 0x200000u
#define PHYSICAL_END_MAX (1ull << 37) /* of RAM, and the direct map reaches further */
#define RESERVATIONS_MAX 32
#define CONTEXT_ENTRY_CELLS 2 /* of interrupts-extended: who, which */
#define ISA_SSTC "_sstc"

struct machine_description machine;
uint64_t boot_hart;

extern uint8_t kernel_text_start[], kernel_end[];

static const void *tree;

static _Noreturn void tree_refuse(const char *what) {
    console_line("the device tree cannot be used:");
    console_line(what);
    arch_halt();
}

static int node_find(const char *path, const char *otherwise) {
    int node = fdt_path_offset(tree, path);
    if (node < 0)
        tree_refuse(otherwise);
    return node;
}

/* A property of one or two cells. */
static bool number_read(int node, const char *name, uint64_t *number) {
    int bytes;
    const void *value = fdt_getprop(tree, node, name, &bytes);
    if (value == NULL || (bytes != 4 && bytes != 8))
        return false;
    *number = fdt_number(value, (size_t)bytes);
    return true;
}

static bool text_begins(const char *text, const char *with) {
    while (*with != 0 && *text == *with) {
        text++;
        with++;
    }
    return *with == 0;
}

/* Whether a property's text, which ends with a zero byte, holds another one. */
static bool property_holds(int node, const char *name, const char *part) {
    int bytes;
    const char *text = fdt_getprop(tree, node, name, &bytes);
    if (text == NULL || bytes <= 0 || text[bytes - 1] != 0)
        return false;
    for (; *text != 0; text++) {
        if (text_begins(text, part))
            return true;
    }
    return false;
}

/* The range number `index` of a node's `reg`. */
static bool range_read(int node, uint32_t index, struct boot_range *range) {
    int bytes;
    int parent = fdt_parent_offset(tree, node);
    const uint8_t *reg = fdt_getprop(tree, node, "reg", &bytes);
    int address = parent < 0 ? -1 : fdt_address_cells(tree, parent);
    int size = parent < 0 ? -1 : fdt_size_cells(tree, parent);
    if (reg == NULL || address < 1 || address > 2 || size < 1 || size > 2)
        return false;
    uint64_t step = 4ull * (uint64_t)(address + size);
    if (bytes < 0 || (index + 1) * step > (uint64_t)bytes)
        return false;
    reg += index * step;
    range->base = fdt_number(reg, 4 * (size_t)address);
    range->bytes = fdt_number(reg + 4 * address, 4 * (size_t)size);
    return true;
}

static void ram_add(struct boot_information *boot, struct boot_range range) {
    if (range.bytes > PHYSICAL_END_MAX || range.base > PHYSICAL_END_MAX - range.bytes)
        tree_refuse("memory: a range ends above 128 GiB");
    uint64_t low = (range.base + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    uint64_t high = (range.base + range.bytes) & ~(PAGE_SIZE - 1);
    if (high <= low)
        return;
    if (boot->ram_count == BOOT_RANGES_MAX)
        tree_refuse("memory: more than 32 ranges");
    uint32_t at = boot->ram_count++;
    for (; at > 0 && boot->ram[at - 1].base > low; at--)
        boot->ram[at] = boot->ram[at - 1];
    boot->ram[at] = (struct boot_range){low, high - low};
    boot->frames += (high - low) / PAGE_SIZE;
    boot->physical_end = high > boot->physical_end ? high : boot->physical_end;
}

static void memory_read(struct boot_information *boot) {
    int node = -1;
    while ((node = fdt_node_offset_by_prop_value(tree, node, "device_type", "memory", 7)) >= 0) {
        struct boot_range range;
        for (uint32_t i = 0; range_read(node, i, &range); i++)
            ram_add(boot, range);
    }
    if (boot->ram_count == 0)
        tree_refuse("memory: no node has a range");
    for (uint32_t i = 1; i < boot->ram_count; i++) {
        if (boot->ram[i - 1].base + boot->ram[i - 1].bytes > boot->ram[i].base)
            tree_refuse("memory: two ranges overlap");
    }
    uint64_t first = (uint64_t)kernel_text_start - KERNEL_BASE;
    uint64_t end = (uint64_t)kernel_end - KERNEL_BASE;
    for (uint32_t i = 0; i < boot->ram_count; i++) {
        if (boot->ram[i].base <= first && end <= boot->ram[i].base + boot->ram[i].bytes)
            return;
    }
    tree_refuse("memory: the kernel is in none of the ranges");
}

/* Firmware and others that stay. */
static void reservations_read(struct boot_information *boot) {
    uint64_t base, bytes;
    for (int i = 0; i < fdt_num_mem_rsv(tree) && i < RESERVATIONS_MAX; i++) {
        if (fdt_get_mem_rsv(tree, i, &base, &bytes) == 0 && bytes <= PHYSICAL_END_MAX &&
            base <= PHYSICAL_END_MAX)
            boot_exclude(boot, base, bytes);
    }
    int node, parent = fdt_path_offset(tree, "/reserved-memory");
    if (parent < 0)
        return;
    fdt_for_each_subnode(node, tree, parent) {
        struct boot_range range;
        for (uint32_t i = 0; range_read(node, i, &range); i++) {
            if (range.bytes <= PHYSICAL_END_MAX && range.base <= PHYSICAL_END_MAX)
                boot_exclude(boot, range.base, range.bytes);
        }
    }
}

/* The node of the hart that booted, with the phandle of its interrupt controller. */
static int hart_find(int cpus, uint32_t *phandle) {
    int node;
    fdt_for_each_subnode(node, tree, cpus) {
        uint64_t hart;
        int controller = fdt_subnode_offset(tree, node, "interrupt-controller");
        if (number_read(node, "reg", &hart) && hart == boot_hart && controller >= 0) {
            *phandle = fdt_get_phandle(tree, controller);
            return node;
        }
    }
    tree_refuse("cpus: none is the one that booted, with an interrupt-controller");
}

static void cpus_read(uint32_t *phandle) {
    int cpus = node_find("/cpus", "cpus: there is no such node");
    if (!number_read(cpus, "timebase-frequency", &machine.ticks_per_second) ||
        machine.ticks_per_second < 1000 || machine.ticks_per_second > 100000000000ull)
        tree_refuse("cpus: timebase-frequency is not there, or absurd");
    int hart = hart_find(cpus, phandle);
    machine.boot_hart = boot_hart;
    machine.satp_mode = SATP_SV39;
    if (property_holds(hart, "mmu-type", "riscv,sv48") ||
        property_holds(hart, "mmu-type", "riscv,sv57"))
        machine.satp_mode = SATP_SV48;
    else if (!property_holds(hart, "mmu-type", "riscv,sv39"))
        tree_refuse("cpus: mmu-type is none of riscv,sv39, riscv,sv48, riscv,sv57");
    timer_is_own = property_holds(hart, "riscv,isa", ISA_SSTC);
}

/* The context is the place of (hart's controller, supervisor external interrupt) in the list. */
static void plic_read(struct boot_information *boot, uint32_t phandle) {
    struct boot_range range;
    int bytes, node = fdt_node_offset_by_compatible(tree, -1, "riscv,plic0");
    if (node < 0)
        tree_refuse("plic: no node is compatible with riscv,plic0");
    const uint8_t *list = fdt_getprop(tree, node, "interrupts-extended", &bytes);
    if (!range_read(node, 0, &range) || range.bytes < 0x201000 ||
        range.bytes > PHYSICAL_END_MAX || range.base > boot->ram[0].base - range.bytes)
        tree_refuse("plic: its registers are not below the memory");
    machine.plic = range.base;
    boot->devices[0].base = range.base + range.bytes;
    boot->devices[0].bytes = boot->ram[0].base - boot->devices[0].base;
    boot->devices[1] = (struct boot_range){0, range.base};
    for (int i = 0; list != NULL && (i + 1) * 4 * CONTEXT_ENTRY_CELLS <= bytes; i++) {
        const uint8_t *entry = list + i * 4 * CONTEXT_ENTRY_CELLS;
        if (fdt_number(entry, 4) == phandle && fdt_number(entry + 4, 4) == INTERRUPT_EXTERNAL) {
            machine.plic_context = (uint64_t)i;
            if (PLIC_CONTEXT_END(machine.plic_context) <= range.bytes)
                return;
        }
    }
    tree_refuse("plic: interrupts-extended does not name the hart that booted");
}

/* Only this device gives an exit status; the firmware's reset tells QEMU of success in any case. */
static void exit_device_read(void) {
    struct boot_range range;
    int node = fdt_node_offset_by_compatible(tree, -1, "sifive,test1");
    if (node >= 0 && range_read(node, 0, &range) && range.bytes >= 4 &&
        range.base < PHYSICAL_END_MAX)
        machine.exit_device = range.base;
}

/* The image and the command line, either of which may be missing. */
static void chosen_read(struct boot_information *boot) {
    uint64_t start, end;
    int bytes, chosen = node_find("/chosen", "chosen: there is no such node");
    const char *text = fdt_getprop(tree, chosen, "bootargs", &bytes);
    while (text != NULL && boot->command_bytes < (uint32_t)bytes &&
           boot->command_bytes < BOOT_COMMAND_BYTES - 1 && text[boot->command_bytes] != 0) {
        boot->command[boot->command_bytes] = text[boot->command_bytes];
        boot->command_bytes++;
    }
    if (!number_read(chosen, "linux,initrd-start", &start) ||
        !number_read(chosen, "linux,initrd-end", &end))
        return;
    bool inside = false;
    for (uint32_t i = 0; i < boot->ram_count; i++)
        inside |= start < end && start % PAGE_SIZE == 0 && boot->ram[i].base <= start &&
                  end <= boot->ram[i].base + boot->ram[i].bytes;
    if (!inside)
        tree_refuse("chosen: the image (linux,initrd-start, linux,initrd-end) is not in memory");
    boot->image = (struct boot_range){start, end - start};
}

void arch_boot_information(struct boot_information *boot, const void *loader) {
    uint64_t physical = (uint64_t)loader;
    uint32_t phandle;
    tree = physical_pointer(physical);
    if (physical % 8 != 0 || fdt_check_header(tree) != 0 || fdt_totalsize(tree) > TREE_BYTES_MAX ||
        fdt_check_full(tree, fdt_totalsize(tree)) != 0)
        tree_refuse("it is truncated, or is none");
    exit_device_read();
    memory_read(boot);
    cpus_read(&phandle);
    plic_read(boot, phandle);
    chosen_read(boot);
    uint64_t kernel = (uint64_t)kernel_text_start - KERNEL_BASE;
    boot_exclude(boot, kernel, (uint64_t)kernel_end - KERNEL_BASE - kernel);
    boot_exclude(boot, boot->image.base, boot->image.bytes);
    boot_exclude(boot, physical, fdt_totalsize(tree));
    reservations_read(boot);
    if (boot->ram_count == 0)
        tree_refuse("memory: nothing of it is free");
}
