/* SPDX-License-Identifier: MIT */
/* OpenSBI enters here in supervisor mode without paging: a0 = the number of this hart, a1 = where
   the device tree is. By Sv39, which every processor has that has Sv48, 254 GiB are mapped in the
   direct map, and the GiB of the kernel at its base and where it runs now. */
#include "offsets.h"
#include "processor.h"

#define DIRECT_COUNT 254 /* entries of the root, from the middle on */
#define KERNEL_ENTRY 510
#define LOAD_ENTRY 2
#define LARGE 0xef /* dirty, accessed, global, execute, write, read, valid */

    .section .boot, "ax"
    .globl boot_entry
boot_entry:
    mv s0, a0
    mv s1, a1
    la t0, boot_root
    li t1, LARGE
    li t2, DIRECT_COUNT
    li t3, 1 << 28
    addi t4, t0, 2047
    addi t4, t4, 1
1:  sd t1, (t4)
    add t1, t1, t3
    addi t4, t4, 8
    addi t2, t2, -1
    bnez t2, 1b
    li t1, (LOAD_ENTRY << 28) | LARGE
    sd t1, LOAD_ENTRY*8(t0)
    li t2, KERNEL_ENTRY * 8
    add t2, t2, t0
    sd t1, (t2)
boot_paging:
    csrw sie, zero
    srli t0, t0, 12
    li t1, SATP_SV39
    or t0, t0, t1
    la t2, boot_high
    li t1, 0xffffffff00000000
    add t2, t2, t1
    sfence.vma
    csrw satp, t0
    sfence.vma
    jr t2
/* A later core. */
    .globl boot_later
boot_later:
    mv s0, a0
    li s1, -1
    la t0, boot_root
    j boot_paging
boot_high:
    la t0, boot_thread
    csrw sscratch, t0
    la t0, entry_trap
    csrw stvec, t0
    li ra, 0
    mv a0, s1
    bltz s1, 1f
    la sp, boot_stack
    ld sp, (sp)
    la t0, boot_hart
    sd s0, (t0)
    call kernel_main
/* Who comes too late finds nothing, and waits for ever. */
1:  la t0, core_next
    amoswap.d.aqrl a0, zero, (t0)
    beqz a0, 2f
    sd s0, CORE_HARDWARE(a0)
    la t0, kernel_root
    ld t0, (t0)
    csrw satp, t0
    sfence.vma
    ld sp, CORE_KERNEL_STACK(a0)
    call core_main
2:  wfi
    j 2b

    .bss
    .balign 4096
    .globl boot_root
boot_root:
    .skip 4096
boot_thread: /* what sscratch names until there is a thread: a fault's registers go here */
    .skip 2048
    .section .note.GNU-stack,"",@progbits
