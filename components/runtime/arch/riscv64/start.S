/* SPDX-License-Identifier: MIT */
/*
 * Where a component's threads begin, and where its upcalls arrive. The four entries stand at the
 * start of the program, at the fixed distances that entries.h gives, so that init can name them to
 * the kernel; hence no relaxation by the linker here. The linker script does not define
 * __global_pointer$, so that no code uses gp, and an upcall needs no gp of its own.
 *
 * runtime_entry: the first instruction of the program; a0, a1 and a2 carry the three words that the
 * maker of the thread put there. runtime_thread_entry: the same for further threads, whose function
 * is in a0 and its argument in a1. Neither function returns. The return address is 0, where a
 * debugger's backtrace ends.
 */
#include "entries.h"

    .option norelax
    .section .text.runtime_entry, "ax"
    .globl runtime_entry
runtime_entry:
    andi sp, sp, -16
    li fp, 0
    li ra, 0
    tail runtime_start

    .org ENTRY_THREAD
    .globl runtime_thread_entry
runtime_thread_entry:
    andi sp, sp, -16
    li fp, 0
    li ra, 0
    mv t0, a0
    mv a0, a1
    jr t0

/*
 * Upcall entries: at the stack pointer stands the frame of 8 words (cause, address, error, pc, and
 * in the seventh sp) and all registers are the interrupted code's. What the C handler may change is
 * saved; the handlers are compiled without the others (general_registers.h).
 *
 * The way back is the kernel call upcall_return. It takes pc and sp from the frame, and from words
 * 4, 5 and 7 the three registers that the call itself takes, a0, t0 and a7, which we put there. It
 * keeps all others.
 */
#define FRAME 48 /* from the stack pointer to the frame: 6 registers */
#define FRAME_A0 (FRAME + 32)
#define FRAME_T0 (FRAME + 40)
#define FRAME_A7 (FRAME + 56)

    .macro upcall_registers operation
    \operation ra, 0(sp)
    \operation a1, 8(sp)
    \operation a2, 16(sp)
    \operation a3, 24(sp)
    \operation a4, 32(sp)
    \operation a5, 40(sp)
    .endm

    .macro upcall_enter
    addi sp, sp, -FRAME
    sd a0, FRAME_A0(sp)
    sd t0, FRAME_T0(sp)
    sd a7, FRAME_A7(sp)
    upcall_registers sd
    addi a0, sp, FRAME
    .endm

    .macro upcall_leave
    upcall_registers ld
    addi a0, sp, FRAME
    ld a7, upcall_return_word
    ecall
    unimp /* the frame, on our own stack, was not one */
    .endm

    .org ENTRY_FAULT
    .globl runtime_fault_entry
runtime_fault_entry:
    upcall_enter
    jal fault_dispatch
    beqz a0, 1f
    upcall_leave
1:  addi a0, sp, FRAME
    tail fault_refused

    .org ENTRY_EVENT
    .globl runtime_event_entry
runtime_event_entry:
    upcall_enter
    jal event_handle
    upcall_leave

    .section .note.GNU-stack, "", @progbits
