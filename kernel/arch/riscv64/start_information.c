/* SPDX-License-Identifier: MIT */
/* What the firmware left: the device tree (Devicetree Specification 0.4), read by libfdt. Nothing
   in it is trusted: what is missing or absurd is said on the console, and the machine stops. */
#include <libfdt.h>

#include "kernel.h"
#include "processor.h"

#define TREE_BYTES_MAX 0x200000u
#define PHYSICAL_END_MAX (1ull << 37) /* of RAM; the direct map reaches further */
#define CONTEXT_BYTES 8 /* of an entry of interrupts-extended: two cells, who and which */
#define PLIC_CONTEXT_END(context) (0x201000ull + 0x1000 * (context))

struct machine_description machine;
uint64_t boot_hart;
extern uint8_t kernel_text_start[], kernel_end[];
static const void *tree;

static _Noreturn void tree_refuse(const char *what) {
    console_line("the device tree cannot be used:");
    console_line(what);
    arch_halt();
}

static bool number_read(int node, const char *name, uint64_t *number) {
    int bytes;
    const void *value = fdt_getprop(tree, node, name, &bytes);
    if (value == NULL || (bytes != 4 && bytes != 8))
        return false;
    *number = fdt_number(value, (size_t)bytes);
    return true;
}

/* Whether a property's text holds another one. */
static bool property_holds(int node, const char *name, const char *part) {
    int bytes;
    const char *text = fdt_getprop(tree, node, name, &bytes);
    size_t length = strlen(part);
    for (int at = 0; text != NULL && at + (int)length <= bytes; at++) {
        if (memcmp(text + at, part, length) == 0)
            return true;
    }
    return false;
}

/* The range number `index` of a node's `reg`; false when there is none, or one that is too high. */
static bool range_read(int node, int index, struct boot_range *range) {
    int bytes, parent = fdt_parent_offset(tree, node);
    const uint8_t *reg = fdt_getprop(tree, node, "reg", &bytes);
    int address = 4 * fdt_address_cells(tree, parent), size = 4 * fdt_size_cells(tree, parent);
    if (reg == NULL || address < 4 || address > 8 || size < 4 || size > 8 ||
        (index + 1) * (address + size) > bytes)
        return false;
    reg += index * (address + size);
    range->base = fdt_number(reg, (size_t)address);
    range->bytes = fdt_number(reg + address, (size_t)size);
    return true;
}

static bool range_is_low(struct boot_range range) {
    return range.bytes <= PHYSICAL_END_MAX && range.base <= PHYSICAL_END_MAX - range.bytes;
}

static void ram_add(struct boot_information *boot, struct boot_range range) {
    if (!range_is_low(range))
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

static bool ram_holds(const struct boot_information *boot, uint64_t base, uint64_t end) {
    for (uint32_t i = 0; i < boot->ram_count; i++) {
        if (boot->ram[i].base <= base && base < end &&
            end <= boot->ram[i].base + boot->ram[i].bytes)
            return true;
    }
    return false;
}

static void memory_read(struct boot_information *boot) {
    int node = -1;
    struct boot_range range;
    while ((node = fdt_node_offset_by_prop_value(tree, node, "device_type", "memory", 7)) >= 0) {
        for (int i = 0; range_read(node, i, &range); i++)
            ram_add(boot, range);
    }
    if (boot->ram_count == 0)
        tree_refuse("memory: no node has a range");
    for (uint32_t i = 1; i < boot->ram_count; i++) {
        if (boot->ram[i - 1].base + boot->ram[i - 1].bytes > boot->ram[i].base)
            tree_refuse("memory: two ranges overlap");
    }
    if (!ram_holds(boot, (uint64_t)kernel_text_start - KERNEL_BASE,
                   (uint64_t)kernel_end - KERNEL_BASE))
        tree_refuse("memory: the kernel is in none of the ranges");
}

static void exclude(struct boot_information *boot, struct boot_range range) {
    if (range_is_low(range))
        boot_exclude(boot, range.base, range.bytes);
}

/* Firmware and others that stay. */
static void reservations_read(struct boot_information *boot) {
    struct boot_range range = {0, 1};
    for (int i = 0; range.bytes != 0; i++) {
        if (fdt_get_mem_rsv(tree, i, &range.base, &range.bytes) != 0)
            break;
        exclude(boot, range);
    }
    int node, parent = fdt_path_offset(tree, "/reserved-memory");
    fdt_for_each_subnode(node, tree, parent) {
        for (int i = 0; range_read(node, i, &range); i++)
            exclude(boot, range);
    }
    if (boot_largest(boot, UINT64_MAX)->bytes == 0)
        tree_refuse("memory: nothing of it is free");
}

/* What is said of the hart that booted; answers the phandle of its interrupt controller. */
static uint32_t cpus_read(void) {
    int node, controller, cpus = fdt_path_offset(tree, "/cpus");
    uint64_t hart, *rate = &machine.ticks_per_second;
    if (!number_read(cpus, "timebase-frequency", rate) || *rate < 1000 || *rate > 100000000000ull)
        tree_refuse("cpus: timebase-frequency is not there, or absurd");
    fdt_for_each_subnode(node, tree, cpus) {
        controller = fdt_subnode_offset(tree, node, "interrupt-controller");
        if (!number_read(node, "reg", &hart) || hart != boot_hart || controller < 0)
            continue;
        bool large = property_holds(node, "mmu-type", "riscv,sv48") ||
                     property_holds(node, "mmu-type", "riscv,sv57");
        if (!large && !property_holds(node, "mmu-type", "riscv,sv39"))
            tree_refuse("cpus: mmu-type is none of riscv,sv39, riscv,sv48, riscv,sv57");
        machine.satp_mode = large ? SATP_SV48 : SATP_SV39;
        machine.timer_is_own = property_holds(node, "riscv,isa", "_sstc");
        return fdt_get_phandle(tree, controller);
    }
    tree_refuse("cpus: none is the one that booted, with an interrupt-controller");
}

/* The context is the place of (hart's controller, supervisor external interrupt) in the list of the
   PLIC that has it: each NUMA node may have one. */
static void plic_read(struct boot_information *boot, uint32_t phandle) {
    struct boot_range range;
    int bytes, node = -1;
    while ((node = fdt_node_offset_by_compatible(tree, node, "riscv,plic0")) >= 0) {
        const uint8_t *list = fdt_getprop(tree, node, "interrupts-extended", &bytes);
        if (!range_read(node, 0, &range) || !range_is_low(range) ||
            range.base + range.bytes > boot->ram[0].base)
            tree_refuse("plic: its registers are not below the memory");
        uint64_t end = range.base + range.bytes;
        machine.plic = range.base;
        boot->devices[0] = (struct boot_range){end, boot->ram[0].base - end};
        boot->devices[1] = (struct boot_range){0, range.base};
        for (int i = 0; list != NULL && (i + 1) * CONTEXT_BYTES <= bytes; i++) {
            machine.plic_context = (uint64_t)i;
            if (fdt_number(list + i * CONTEXT_BYTES, 4) == phandle &&
                fdt_number(list + i * CONTEXT_BYTES + 4, 4) == INTERRUPT_EXTERNAL &&
                PLIC_CONTEXT_END(machine.plic_context) <= range.bytes)
                return;
        }
    }
    tree_refuse(machine.plic != 0 ? "plic: interrupts-extended does not name the hart that booted"
                                  : "plic: no node is compatible with riscv,plic0");
}

/* By this device one core interrupts another without the firmware (RISC-V ACLINT Specification,
   chapter 4), where one has all harts, in the order of their numbers. */
static void software_read(void) {
    uint64_t hart;
    struct boot_range range;
    int bytes = 0, cpu, node = fdt_node_offset_by_compatible(tree, -1, "riscv,aclint-sswi");
    const uint8_t *list = fdt_getprop(tree, node, "interrupts-extended", &bytes);
    if (list == NULL || !range_read(node, 0, &range) || !range_is_low(range))
        return;
    fdt_for_each_subnode(cpu, tree, fdt_path_offset(tree, "/cpus")) {
        int controller = fdt_subnode_offset(tree, cpu, "interrupt-controller");
        if (number_read(cpu, "reg", &hart) &&
            (hart >= (uint64_t)bytes / CONTEXT_BYTES || hart >= range.bytes / 4 ||
             fdt_number(list + hart * CONTEXT_BYTES, 4) != fdt_get_phandle(tree, controller)))
            return;
    }
    machine.software = range.base;
}

/* The image and the command line, either of which may be missing. */
static void chosen_read(struct boot_information *boot) {
    uint64_t start, end;
    int bytes, chosen = fdt_path_offset(tree, "/chosen");
    const char *text = fdt_getprop(tree, chosen, "bootargs", &bytes);
    boot->command = text != NULL && memchr(text, 0, (size_t)bytes) != NULL ? text : NULL;
    if (!number_read(chosen, "linux,initrd-start", &start) ||
        !number_read(chosen, "linux,initrd-end", &end))
        return;
    if (start % PAGE_SIZE != 0 || !ram_holds(boot, start, end))
        tree_refuse("chosen: the image (linux,initrd-start, linux,initrd-end) is not in memory");
    boot->image = (struct boot_range){start, end - start};
}

void arch_boot_information(struct boot_information *boot, const void *loader) {
    uint64_t physical = (uint64_t)loader, kernel = (uint64_t)kernel_text_start - KERNEL_BASE;
    struct boot_range range;
    tree = physical_pointer(physical);
    if (physical % 8 != 0 || fdt_check_header(tree) != 0 || fdt_totalsize(tree) > TREE_BYTES_MAX ||
        fdt_check_full(tree, fdt_totalsize(tree)) != 0)
        tree_refuse("it is truncated, or is none");
    /* Only this device gives QEMU an exit status; the firmware's reset is success in any case. */
    int node = fdt_node_offset_by_compatible(tree, -1, "sifive,test1");
    if (node >= 0 && range_read(node, 0, &range) && range_is_low(range))
        machine.exit_device = range.base;
    memory_read(boot);
    plic_read(boot, cpus_read());
    software_read();
    chosen_read(boot);
    boot->devices[2] = (struct boot_range){physical,
        physical % PAGE_SIZE + fdt_totalsize(tree) + PAGE_SIZE - 1};
    boot_exclude(boot, kernel, (uint64_t)kernel_end - KERNEL_BASE - kernel);
    boot_exclude(boot, boot->image.base, boot->image.bytes);
    boot_exclude(boot, physical, fdt_totalsize(tree));
    reservations_read(boot);
}
