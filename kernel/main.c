/* SPDX-License-Identifier: MIT */
/* ExoV6: the kernel. It protects and multiplexes, and decides nothing that two applications could
   want to decide differently: no heap, no scheduling policy, no names, no processes. */
#include "arch.h"
#include "boot.h"
#include "core.h"
#include "cpu.h"
#include "frame.h"
#include "panic.h"

_Noreturn void kernel_main(const void *loader);

static struct boot_information boot;
static struct core boot_core;

static void start_frames(void) {
    uint64_t limit = boot.physical_end >> PAGE_SHIFT;
    uint64_t table = boot_allocate(&boot, limit * sizeof(struct frame));
    frame_start(physical_pointer(table), limit);
}

_Noreturn void kernel_main(const void *loader) {
    arch_boot_information(&boot, loader);          /* what memory there is */
    arch_map_kernel(&boot);                        /* from here on write-or-execute holds */
    boot_core.self = &boot_core;
    arch_core_start(&boot_core);                   /* descriptors, entries: faults are caught */
    uint64_t ticks = arch_timer_start(&boot_core); /* time, before anything is charged for it */
    cpu_start_core(&boot_core);                    /* a slice vector with one slot */
    start_frames();                                /* counts for every frame of RAM */
    console_line("exov6 kernel");
    if (boot.image.bytes == 0) {
        console_line("no boot image: give one with -initrd");
        arch_halt();
    }
    boot_first_domain(&boot, ticks); /* the last allocation */
    cpu_resume(&boot_core);
}
