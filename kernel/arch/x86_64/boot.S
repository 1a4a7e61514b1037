/* SPDX-License-Identifier: MIT */
/* PVH start: QEMU enters here in 32-bit protected mode without paging, ebx = physical address of
   the start information (Xen's docs/misc/pvh.pandoc). Sets up boot page tables (the first 4 GiB
   both at 0 and in the direct map, the first 1 GiB at the kernel's base) and goes to C in 64-bit
   mode. */
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
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
boot_gdt_pointer:
    .word 23
    .long boot_gdt

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
boot_high:
    mov $boot_stack_top, %rsp
    xor %ebp, %ebp
    mov %esi, %edi
    call kernel_main

    .bss
    .balign 4096
    .globl boot_stack_top
    .skip 16384
boot_stack_top:
    .section .note.GNU-stack,"",@progbits
