/* SPDX-License-Identifier: MIT */
/* All ways into the kernel from user mode and back.

   sscratch names the current thread, in kernel mode too, so that even a fault of the kernel's own
   stores to nothing that a user has chosen. In the kernel tp is the core. C is compiled without t0 to
   t6 and a6 (configure's kernel_flags), so these are the user's until somebody else is to run, and
   only t0 is used here. Traps come from user mode, or are a fault in a user copy, which has an stvec
   of its own; everything else panics. Interrupts are off in kernel mode and looked for where they may
   come (interrupt.c). */
#include "offsets.h"
#include "processor.h"

#define WORD(i) (THREAD_WORDS + 8 * (i))
#define SAVED(i) (THREAD_SAVED + 8 * (i))
#define OTHER(i) (THREAD_OTHERS + 8 * (i))

    .text

/* Only `t0` and `ra` are used, and by a portal call nothing else is kept. */
.macro words operation
    \operation a0, WORD(0)(sp)
    \operation a1, WORD(1)(sp)
    \operation a2, WORD(2)(sp)
    \operation a3, WORD(3)(sp)
    \operation a4, WORD(4)(sp)
    \operation a5, WORD(5)(sp)
.endm

/* What C keeps, and what it does not know. */
.macro kept operation, thread
    \operation s0, SAVED(0)(\thread)
    \operation s1, SAVED(1)(\thread)
    \operation s2, SAVED(2)(\thread)
    \operation s3, SAVED(3)(\thread)
    \operation s4, SAVED(4)(\thread)
    \operation s5, SAVED(5)(\thread)
    \operation s6, OTHER(6)(\thread)
    \operation s7, OTHER(7)(\thread)
    \operation s8, OTHER(8)(\thread)
    \operation s9, OTHER(9)(\thread)
    \operation s10, OTHER(10)(\thread)
    \operation s11, OTHER(11)(\thread)
    \operation gp, THREAD_TLS2(\thread)
.endm

.macro unknown operation, thread
    \operation t1, THREAD_SCRATCH+8(\thread)
    \operation a6, OTHER(0)(\thread)
    \operation t2, OTHER(1)(\thread)
    \operation t3, OTHER(2)(\thread)
    \operation t4, OTHER(3)(\thread)
    \operation t5, OTHER(4)(\thread)
    \operation t6, OTHER(5)(\thread)
.endm

.macro count field, base=tp
    ld t0, \field(\base)
    addi t0, t0, 1
    sd t0, \field(\base)
.endm

/* The user's stack pointer to the thread, and sscratch back to it. */
.macro store_stack
    csrrw t0, sscratch, sp
    sd t0, THREAD_STACK(sp)
.endm

    .balign 4
    .globl entry_trap
entry_trap:
    csrrw sp, sscratch, sp
    sd tp, THREAD_TLS(sp)
    csrr tp, scause
    addi tp, tp, -CAUSE_CALL
    bnez tp, trap
    bgez a7, trap /* no kernel call: all registers are to be kept */
    ld tp, THREAD_CORE(sp)
    sd ra, THREAD_RETURN(sp)
    srli t0, a7, 38
    ld ra, CORE_CALL_TAG(tp)
    bne t0, ra, foreign
    srli t0, a7, 28
    andi t0, t0, 0x3f0
    add t0, t0, tp
    lh ra, CORE_CALLS_TABLE+CALL_KIND(t0)
    bltz ra, portal_short
ordinary:
    words sd
    mv a4, t0
    sd a7, THREAD_STATUS(sp)
    store_stack
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    count CORE_ENTRIES
    bnez ra, object
dispatch:
    lwu a3, CORE_CALLS_TABLE+CALL_GAS(a4)
    ld a5, CORE_CHARGE(tp)
    add a5, a5, a3
    sd a5, CORE_CHARGE(tp)
    ld a5, CORE_CALLS_TABLE+CALL_HANDLER(a4)
    mv a0, sp
    addi a2, sp, THREAD_WORDS
    sd sp, CORE_CALLER(tp)
    ld sp, CORE_KERNEL_STACK(tp)
    jalr a5
leave:
    lw t0, CORE_SLOW(tp)
    bnez t0, leave_slow
    ld sp, CORE_CURRENT(tp)
    mv a7, a0
    words ld
    ld ra, THREAD_RETURN(sp)
    ld tp, THREAD_TLS(sp)
    ld sp, THREAD_STACK(sp)
    sret

/* The slot must hold this kind with these rights; a Domain may also be the caller's own. */
object:
    li a5, KIND_DOMAIN
    beq ra, a5, domain_argument
    ld a0, THREAD_HOME(sp)
    slli a1, a7, 32
    srli a2, a1, 32
    ld a3, DOMAIN_SLOT_COUNT(a0)
    bgeu a2, a3, unusual
    ld a3, DOMAIN_SLOTS(a0)
    srli a1, a1, 25
    add a1, a1, a3
    lbu a2, SLOT_KIND(a1)
    bne a2, ra, unusual
    lhu a2, CORE_CALLS_TABLE+CALL_RIGHTS(a4)
    lhu a3, SLOT_RIGHTS(a1)
    not a3, a3
    and a2, a2, a3
    beqz a2, dispatch
/* Wrong number, another Domain, wrong slot: the same dispatch in C. */
unusual:
    mv a0, a7
    mv a1, sp
    sd sp, CORE_CALLER(tp)
    ld sp, CORE_KERNEL_STACK(tp)
    call call_enter
    j leave

domain_argument:
    ld a1, THREAD_HOME(sp)
    sext.w a0, a7
    li a5, SELF
    beq a0, a5, dispatch
    j unusual

/* C preserved the registers that it must, and knows not the others; store them while they still hold
   the caller's values, unless the caller is gone, which wiped its memory. */
leave_slow:
    ld a1, CORE_CALLER(tp)
    lbu a2, OBJECT_STATE(a1)
    beqz a2, 1f
    kept sd, a1
    unknown sd, a1
    csrr a2, sepc
    sd a2, THREAD_INSTRUCTION(a1)
1:  call call_leave
    bnez a0, arch_resume
    ld sp, CORE_KERNEL_STACK(tp)
    li s0, 0
    call trap_leave

/* void arch_resume(struct thread *) */
    .globl arch_resume
arch_resume:
    csrw sscratch, a0
    mv sp, a0
    ld t0, THREAD_INSTRUCTION(sp)
    csrw sepc, t0
    ld t0, THREAD_SCRATCH(sp)
    unknown ld, sp
    kept ld, sp
    words ld
    ld a7, THREAD_STATUS(sp)
    ld ra, THREAD_RETURN(sp)
    ld tp, THREAD_TLS(sp)
    ld sp, THREAD_STACK(sp)
    sret

/* Make `a6` the current thread, in its address space, and let it go on; the call's words stay in
   their registers all the way. Of the registers that are lost, those are cleared that hold anything
   but zero or what everybody may know. */
.macro transfer_to_a6 gas
    sd s0, SAVED(0)(sp)
    ld t0, CORE_CHARGE(tp)
    addi t0, t0, \gas
    sd t0, CORE_CHARGE(tp)
    sd a6, CORE_CURRENT(tp)
    csrw sscratch, a6
    ld t0, THREAD_HOME(a6)
    ld t0, DOMAIN_ROOT(t0)
    ld t1, CORE_ROOT(tp)
    beq t0, t1, 1f
    sd t0, CORE_ROOT(tp)
    ld t1, CORE_SATP_MODE(tp)
    srli t0, t0, 12
    or t0, t0, t1
    csrw satp, t0
    li t1, 0
    sfence.vma zero, t1
    fence.i
    count CORE_SWITCHES
1:  li t0, STATUS_FLOAT
    csrc sstatus, t0
    sb zero, THREAD_FLOAT(a6)
    ld ra, THREAD_INSTRUCTION(a6)
    csrw sepc, ra
    ld s0, SAVED(0)(a6)
    ld sp, THREAD_STACK(a6)
    li a7, 0
    .irp register, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t1, t2, a6, gp, tp
    li \register, 0
    .endr
.endm

/* portal_call and portal_reply, when nothing is unusual (portal.c states the protocol and does every
   other case). `ra` is -2 for a call, -1 for a reply. */
portal_short:
    store_stack
    csrr t0, sepc
    addi t0, t0, 4
    sd t0, THREAD_INSTRUCTION(sp)
    addi ra, ra, 1
    beqz ra, portal_reply_short
    bnez a5, short_failed
    ld t1, THREAD_HOME(sp)
    slli t2, a7, 32
    srli t3, t2, 32
    ld t4, DOMAIN_SLOT_COUNT(t1)
    bgeu t3, t4, short_failed
    ld t4, DOMAIN_SLOTS(t1)
    srli t2, t2, 25
    add t2, t2, t4 /* the slot */
    lbu t3, SLOT_KIND(t2)
    addi t3, t3, -KIND_PORTAL
    bnez t3, short_failed
    lbu t4, SLOT_RIGHTS(t2)
    andi t4, t4, RIGHT_CALL
    beqz t4, short_failed
    ld t5, SLOT_OBJECT(t2) /* the portal */
    ld t1, DOMAIN_GAS(t1)
    ld t1, GAS_BALANCE(t1)
    ld t4, PORTAL_GAS(t5)
    blt t1, t4, short_failed
    ld t4, CORE_NUMBER_OFFSET(tp)
    add t5, t5, t4
    ld t4, PORTAL_IDLE(t5) /* the handler */
    beqz t4, short_failed
    lbu t1, THREAD_DEPTH(sp)
    li t6, DEPTH_MAX
    bgeu t1, t6, short_failed
    /* Nothing may fail from here on. */
    mv a6, t4
    sd a4, THREAD_DEADLINE(sp)
    ld t4, THREAD_QUEUE_NEXT(a6)
    sd t4, PORTAL_IDLE(t5)
    ld a4, SLOT_BADGE(t2)
    slli t1, t1, 8
    ld t4, CORE_STANDING_SERVING(tp)
    add t1, t1, t4
    sw t1, THREAD_STANDING(a6)
    li t6, STANDING_CALLING
    sb t6, THREAD_STANDING(sp)
    sd sp, THREAD_CALLER(a6)
    sd a6, THREAD_CALLEE(sp)
    count CORE_ENTRIES
    count CORE_CALLS
    count THREAD_CALLS, sp
    li t4, 0
    li t5, 0
    transfer_to_a6 GAS_CALL
    sret

/* To a caller on this slice, with nothing else waiting. */
portal_reply_short:
    or t3, a4, a5
    bnez t3, short_failed
    ld t1, THREAD_CALLER(sp)
    beqz t1, short_failed
    ld t2, THREAD_PORTAL(sp)
    beqz t2, short_failed
    ld t4, CORE_NUMBER_OFFSET(tp)
    add t2, t2, t4
    ld t4, PORTAL_QUEUE(t2)
    bnez t4, short_failed
    ld t5, CORE_SLOT_ROOT(tp)
    beq t5, sp, short_failed
    lwu t5, THREAD_HEAP_INDEX(t1)
    bnez t5, short_failed
    lbu t6, THREAD_ATTENTION(t1)
    bnez t6, short_failed
    mv a6, t1
    sd zero, THREAD_CALLER(sp)
    sd zero, THREAD_CALLEE(a6)
    li t0, STANDING_READY
    sb t0, THREAD_STANDING(a6)
    li t0, STANDING_IDLE
    sw t0, THREAD_STANDING(sp)
    ld t0, PORTAL_IDLE(t2)
    sd t0, THREAD_QUEUE_NEXT(sp)
    beqz t0, 2f
    sd sp, THREAD_QUEUE_PREVIOUS(t0)
2:  sd sp, PORTAL_IDLE(t2)
    count CORE_ENTRIES
    transfer_to_a6 GAS_REPLY
    sret

/* Back to the ordinary way. */
short_failed:
    words sd
    .irp register, t1, t2, t3, t4, t5, t6
    li \register, 0
    .endr
    sd a7, THREAD_STATUS(sp)
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    count CORE_ENTRIES
    j unusual

/* A word of a tag that is none, with the top bit set. */
foreign:
    ld ra, THREAD_RETURN(sp)
/* Faults, interrupts and foreign system calls: everything but s0 to s11 and gp is stored. */
trap:
    csrr tp, sstatus
    andi tp, tp, STATUS_PREVIOUS_KERNEL
    bnez tp, trap_of_kernel
    sd t0, THREAD_SCRATCH(sp)
    unknown sd, sp
    words sd
    sd a7, THREAD_STATUS(sp)
    sd ra, THREAD_RETURN(sp)
    store_stack
    ld tp, THREAD_CORE(sp)
    csrr t0, sepc
    sd t0, THREAD_INSTRUCTION(sp)
    csrr t0, scause
    sd t0, THREAD_VECTOR(sp)
    count CORE_ENTRIES
    addi a0, sp, THREAD_REGISTERS
    sd sp, CORE_CALLER(tp)
    ld sp, CORE_KERNEL_STACK(tp)
    call trap_user
    lw t0, CORE_SLOW(tp)
    bnez t0, 1f
    ld sp, CORE_CURRENT(tp)
    ld t0, THREAD_INSTRUCTION(sp)
    csrw sepc, t0
    ld t0, THREAD_SCRATCH(sp)
    unknown ld, sp
    words ld
    ld a7, THREAD_STATUS(sp)
    ld ra, THREAD_RETURN(sp)
    ld tp, THREAD_TLS(sp)
    ld sp, THREAD_STACK(sp)
    sret
1:  ld a1, CORE_CALLER(tp)
    lbu a2, OBJECT_STATE(a1)
    beqz a2, 2f
    kept sd, a1
2:  ld sp, CORE_KERNEL_STACK(tp)
    li s0, 0
    call trap_leave

/* The kernel's own fault, with its stack pointer in sscratch: only the registers for the panic. */
trap_of_kernel:
    words sd
    store_stack
    ld tp, THREAD_CORE(sp)
    csrr t0, sepc
    sd t0, THREAD_INSTRUCTION(sp)
    csrr t0, scause
    sd t0, THREAD_VECTOR(sp)
    csrr t0, stval
    sd t0, THREAD_STATUS(sp)
    addi a0, sp, THREAD_REGISTERS
    ld sp, THREAD_STACK(sp)
    call trap_kernel

    .section .note.GNU-stack,"",@progbits
