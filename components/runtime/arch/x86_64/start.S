/* SPDX-License-Identifier: MIT */
/*
 * Where a component's threads begin, and where its upcalls arrive. The four entries stand at the
 * start of the program, at the fixed distances that entries.h gives, so
 * that init can name them to the kernel.
 *
 * runtime_entry: the first instruction of the program; rdi, rsi and rdx carry the three words that
 * the maker of the thread put there. runtime_thread_entry: the same for further threads, whose
 * function is in rdi and its argument in rsi. The psABI wants the stack pointer 8 below a multiple
 * of 16 at a function's first instruction, hence a call; neither function returns.
 */
#include "entries.h"

    .section .text.runtime_entry, "ax"
    .globl runtime_entry
runtime_entry:
    xorl %ebp, %ebp
    andq $-16, %rsp
    call runtime_start
    ud2

    .org ENTRY_THREAD
    .globl runtime_thread_entry
runtime_thread_entry:
    xorl %ebp, %ebp
    andq $-16, %rsp
    movq %rdi, %rax
    movq %rsi, %rdi
    call *%rax
    ud2

/*
 * Upcall entries: at the stack pointer stands the frame of 8 words (cause, address, error, rip,
 * cs, rflags, rsp, ss) and all general registers are the interrupted code's. What the C handler may
 * change is saved; the handlers are compiled without vector registers.
 *
 * The way back does without iretq, which the emulator (QEMU 7.2) refuses to user code under SMAP:
 * the instruction pointer is put below the interrupted stack pointer, where components, compiled
 * without a red zone, have nothing, and reached by a return.
 */
    .macro upcall_enter
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    leaq 72(%rsp), %rdi
    subq $8, %rsp /* the frame lies on a multiple of 16; so does the stack at the call */
    .endm

    .macro upcall_leave
    movq 128(%rsp), %rcx /* the interrupted stack pointer */
    movq 104(%rsp), %rdx /* the instruction to go on with */
    subq $8, %rcx
    movq %rdx, (%rcx)
    movq %rcx, 128(%rsp)
    addq $8, %rsp
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    leaq 40(%rsp), %rsp
    popfq
    popq %rsp
    ret
    .endm

    .org ENTRY_FAULT
    .globl runtime_fault_entry
runtime_fault_entry:
    upcall_enter
    call fault_dispatch
    testb %al, %al
    je 1f
    upcall_leave
1:  leaq 80(%rsp), %rdi
    call fault_refused

    .org ENTRY_EVENT
    .globl runtime_event_entry
runtime_event_entry:
    upcall_enter
    call event_handle
    upcall_leave

    .section .note.GNU-stack, "", @progbits
