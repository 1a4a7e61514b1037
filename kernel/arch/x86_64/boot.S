/* SPDX-License-Identifier: MIT */
/* PVH start: QEMU enters here in 32-bit protected mode without paging, ebx = physical address of
   the start information (Xen's docs/misc/pvh.pandoc). Sets up boot page tables (the first 4 GiB
   both at 0 and in the direct map, the first 1 GiB at the kernel's base) and goes to C in 64-bit
   mode. */
#include "offsets.h"

    .section .note.pvh, "a", @note
    .long 4, 4, 18 /* XEN_ELFNOTE_PHYS32_ENTRY */
    .asciz "Xen"
    .long boot_entry

    .section .boot, "ax"
    .code32
    .globl boot_entry
boot_entry:
    cld
    mov %ebx, %esi
    mov $boot_directory, %edi
    mov $0x83, %eax
    mov $2048, %ecx
1:  mov %eax, (%edi)
    movl $0, 4(%edi)
    add $0x200000, %eax
    add $8, %edi
    loop 1b
boot_paging:
    mov $boot_root, %eax
    mov %eax, %cr3
    mov $0x20, %eax /* PAE */
    mov %eax, %cr4
    mov $0xc0000080, %ecx /* EFER: SCE, LME, NXE */
    rdmsr
    or $0x901, %eax
    wrmsr
    mov $0x80010011, %eax /* PG, WP, ET, PE */
    mov %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $8, $boot_long
    .code64
boot_long:
    mov $0x10, %eax
    mov %eax, %ss
    mov %eax, %ds
    mov %eax, %es
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    movabs $boot_high, %rax
    jmp *%rax

    .balign 8
boot_gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x00cf9b000000ffff
boot_gdt_pointer:
    .word 31
    .long boot_gdt

/* A later core, in real mode on the page that the kernel copied this to (interrupt.c). */
    .code16
    .globl boot_later, boot_later_end
boot_later:
    lgdtl %cs:boot_later_table - boot_later
    mov $0x11, %eax /* ET, PE */
    mov %eax, %cr0
    ljmpl $0x18, $boot_protected
boot_later_table:
    .word 31
    .long boot_gdt
boot_later_end:
    .code32
boot_protected:
    mov $0x10, %eax
    mov %eax, %ds
    xor %esi, %esi
    jmp boot_paging

    .section .boot.data, "aw"
    .balign 4096
boot_root:
    .quad boot_low + 3
    .fill 255, 8, 0
    .quad boot_low + 3
    .fill 254, 8, 0
    .quad boot_upper + 3
boot_low:
    .quad boot_directory + 3, boot_directory + 0x1003
    .quad boot_directory + 0x2003, boot_directory + 0x3003
    .fill 508, 8, 0
boot_upper:
    .fill 510, 8, 0
    .quad boot_directory + 3
    .quad 0

    .section .boot.bss, "aw", @nobits
    .balign 4096
boot_directory:
    .skip 4 * 4096

    .text
    .code64
boot_high:
    xor %ebp, %ebp
    mov %esi, %edi
    test %esi, %esi
    je boot_core_high
    mov boot_stack, %rsp
    call kernel_main
/* Who comes too late finds nothing, and halts. */
boot_core_high:
    mov kernel_root, %rax
    mov %rax, %cr3
    xchg %rdi, core_next
    test %rdi, %rdi
    je 1f
    mov CORE_KERNEL_STACK(%rdi), %rsp
    call core_main
1:  hlt
    jmp 1b

    .section .note.GNU-stack,"",@progbits
