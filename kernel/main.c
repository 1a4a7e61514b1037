/* SPDX-License-Identifier: MIT */
/* ExoV6: the kernel. It protects and multiplexes, and decides nothing that two applications could
   want to decide differently: no heap, no scheduling policy, no names, no processes. */
#include "kernel.h"

_Noreturn void kernel_main(const void *loader);

static struct boot_information boot;
struct core boot_core;
struct core *const boot_stack = &boot_core + 1; /* where it begins, for boot.S */

_Noreturn void kernel_main(const void *loader) {
    arch_boot_information(&boot, loader);          /* what memory there is */
    arch_map_kernel(&boot);                        /* from here on write-or-execute holds */
    cpu_start_core(&boot_core, 0);                 /* a slice vector with one slot */
    arch_core_start(&boot_core);                   /* descriptors, entries: faults are caught */
    uint64_t ticks = arch_timer_start(&boot_core); /* time, before anything is charged for it */
    boot_core.online = 1;
    frame_limit = boot.physical_end >> PAGE_SHIFT; /* counts for every frame of RAM */
    frame_table = physical_pointer(boot_allocate(&boot, frame_limit * sizeof(struct frame)));
    console_line("exov6 kernel");
    if (boot.image.bytes == 0) {
        console_line("no boot image: give one with -initrd");
        arch_halt();
    }
    boot_first_domain(&boot, ticks); /* the last allocation */
    cpu_resume(&boot_core);
}
