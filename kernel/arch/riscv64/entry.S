/* SPDX-License-Identifier: MIT */
/* All ways into the kernel from user mode and back.

   sscratch names the current thread, in kernel mode too, so that even a fault of the kernel's own
   stores to nothing that a user has chosen. In the kernel tp is the core. C is compiled without t0
   to t6 and a6 (configure's kernel_flags), so these are the user's until somebody else is to run,
   and only t0 is used here. Traps come from user mode, or are a fault in a user copy, which has an
   stvec of its own; everything else panics. Interrupts are off in the kernel (interrupt.c). */
#include "offsets.h"
#include "processor.h"

#define SAVED(i) (THREAD_SAVED + 8 * (i))
#define OTHER(i) (THREAD_OTHERS + 8 * (i))

    .text

/* Registers in the order of struct registers, from `field` of `thread` on. */
.macro each operation, thread, field, registers:vararg
    .set place, \field
    .irp register, \registers
    \operation \register, place(\thread)
    .set place, place + 8
    .endr
.endm

.macro words operation
    each \operation, sp, THREAD_WORDS, a0, a1, a2, a3, a4, a5
.endm

/* What C keeps, and what it does not know. */
.macro kept operation, thread
    each \operation, \thread, THREAD_SAVED, s0, s1, s2, s3, s4, s5
    each \operation, \thread, OTHER(6), s6, s7, s8, s9, s10, s11
    \operation gp, THREAD_TLS2(\thread)
.endm

.macro unknown operation, thread
    \operation t1, THREAD_SCRATCH+8(\thread)
    each \operation, \thread, OTHER(0), a6, t2, t3, t4, t5, t6
.endm

.macro back_to_user
    ld ra, THREAD_RETURN(sp)
    ld tp, THREAD_TLS(sp)
    ld sp, THREAD_STACK(sp)
    sret
.endm

.macro clear registers:vararg
    .irp register, \registers
    li \register, 0
    .endr
.endm

.macro count field, scratch, base=tp
    ld \scratch, \field(\base)
    addi \scratch, \scratch, 1
    sd \scratch, \field(\base)
.endm

/* The user's stack pointer to the thread, and sscratch back to it. */
.macro store_stack scratch=t0
    csrrw \scratch, sscratch, sp
    sd \scratch, THREAD_STACK(sp)
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
    bltz ra, short
ordinary:
    words sd
    sd a7, THREAD_STATUS(sp)
    store_stack a5
    csrr a5, sepc
    addi a5, a5, 4
    csrw sepc, a5
    count CORE_ENTRIES, a5
    bnez ra, object
dispatch:
    lwu a3, CORE_CALLS_TABLE+CALL_GAS(t0)
    ld a5, CORE_CHARGE(tp)
    add a5, a5, a3
    sd a5, CORE_CHARGE(tp)
    ld a5, CORE_CALLS_TABLE+CALL_HANDLER(t0)
    mv a0, sp
    addi a2, sp, THREAD_WORDS
    ld sp, CORE_KERNEL_STACK(tp)
    jalr a5
leave:
    lw t0, CORE_SLOW(tp)
    bnez t0, leave_slow
    csrr sp, sscratch
    mv a7, a0
    words ld
    back_to_user

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
    fence r, r /* whoever fills a slot writes the kind last */
    lhu a2, CORE_CALLS_TABLE+CALL_RIGHTS(t0)
    lhu a3, SLOT_RIGHTS(a1)
    not a3, a3
    and a2, a2, a3
    beqz a2, dispatch
/* Wrong number, another Domain, wrong slot: the same dispatch in C. */
unusual:
    mv a0, a7
    mv a1, sp
    ld sp, CORE_KERNEL_STACK(tp)
    call call_enter
    j leave

domain_argument:
    ld a1, THREAD_HOME(sp)
    sext.w a0, a7
    li a5, SELF
    beq a0, a5, dispatch
    j unusual

/* C preserved the registers that it must, and knows not the others; store them while they hold the
   caller's values, unless the caller is gone, which wiped its memory. */
leave_slow:
    csrr a1, sscratch
    lbu a2, OBJECT_STATE(a1)
    beqz a2, 1f
    kept sd, a1
    unknown sd, a1
    csrr a2, sepc
    sd a2, THREAD_INSTRUCTION(a1)
1:  call call_leave
    beqz a0, resume_later

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
    back_to_user

/* Make `a6` the current thread, in its address space, and let it go on; the call's words stay in
   their registers all the way. Of the registers that are lost, those are cleared that hold anything
   but zero or what everybody may know. */
.macro transfer_to_a6 counter
    sd s0, SAVED(0)(sp)
gas_\@_begin: count \counter, t0
gas_\@_end: sd a6, CORE_CURRENT(tp)
    li a7, 0
    csrw sscratch, a6
    ld t0, THREAD_HOME(a6)
    ld t0, DOMAIN_ROOT(t0)
    ld t1, CORE_ROOT(tp)
    beq t0, t1, 2f
    sd t0, CORE_ROOT(tp)
    csrw satp, t0
    sfence.vma zero, a7
1:  li t0, STATUS_FLOAT
    csrc sstatus, t0
    sb zero, THREAD_FLOAT(a6)
    ld ra, THREAD_INSTRUCTION(a6)
    csrw sepc, ra
    ld s0, SAVED(0)(a6)
    ld sp, THREAD_STACK(a6)
    clear s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, t1, t2, a6, gp, tp
    sret
2:  count CORE_SHORT_SAME, t0
    j 1b
.endm

.macro short_begin
    store_stack
    csrr t0, sepc
    addi t0, t0, 4
    sd t0, THREAD_INSTRUCTION(sp)
.endm

/* Calls that have a short way of their own, where their handler would stand. */
short:
    ld ra, CORE_CALLS_TABLE+CALL_HANDLER(t0)
    jr ra

/* portal_call and portal_reply, when nothing is unusual (portal.c states the protocol and does all
   other cases). What they count is folded into what C reads by arch_core_fold(). */
    .globl portal_call_short
portal_call_short:
    short_begin
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
    fence r, r
    lbu t4, SLOT_RIGHTS(t2)
    andi t4, t4, RIGHT_CALL
    beqz t4, short_failed
    ld t5, SLOT_OBJECT(t2) /* the portal */
gas_look_begin: ld t1, DOMAIN_GAS(t1)
    ld t1, GAS_BALANCE(t1)
    ld t4, PORTAL_GAS(t5)
    blt t1, t4, short_failed
gas_look_end: ld t4, CORE_NUMBER_OFFSET(tp)
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
    count THREAD_CALLS, t0, sp
    clear t4, t5
    transfer_to_a6 CORE_SHORT_CALLS

/* To a caller on this slice, with nothing else waiting. */
    .globl portal_reply_short
portal_reply_short:
    short_begin
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
    beqz t0, 3f
    sd sp, THREAD_QUEUE_PREVIOUS(t0)
3:  sd sp, PORTAL_IDLE(t2)
    transfer_to_a6 CORE_SHORT_REPLIES

/* Back to the ordinary way, with nothing of the kernel's in registers that C does not clear. */
short_failed:
    clear t1, t2, t3, t4, t5, t6
short_unusual:
    words sd
    sd a7, THREAD_STATUS(sp)
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    count CORE_ENTRIES, t0
    j unusual

/* upcall_return: words 3 to 7 of the frame are sepc, a0, t0, sp and a7; all other registers
   are kept. Where it cannot be read, the ordinary way says so. */
    .globl upcall_return_short
upcall_return_short:
    lw ra, CORE_SLOW(tp)
    bnez ra, upcall_return_failed
    srli ra, a0, 38
    bnez ra, upcall_return_failed
    csrr ra, sepc
    sd ra, THREAD_INSTRUCTION(sp)
    ld ra, CORE_UPCALL_FAILED(tp)
    csrw stvec, ra
    lui ra, STATUS_USER_ACCESS >> 12
    csrs sstatus, ra
    ld a7, 56(a0)
    ld t0, 40(a0)
    ld ra, 24(a0)
    csrw sepc, ra
    ld ra, 48(a0)
    csrw sscratch, ra /* nothing fails any more: what is left lies between what was read */
    ld a0, 32(a0)
    lui ra, STATUS_USER_ACCESS >> 12
    csrc sstatus, ra
    ld ra, CORE_ENTRY_TRAP(tp)
    csrw stvec, ra
    count CORE_SHORT_RETURNS, ra
    ld ra, THREAD_RETURN(sp)
    ld tp, THREAD_TLS(sp)
    csrrw sp, sscratch, sp
    sret
    .balign 4
    .globl upcall_return_fault
upcall_return_fault:
    li t0, STATUS_USER_ACCESS | STATUS_PREVIOUS_KERNEL
    csrc sstatus, t0
    la t0, entry_trap
    csrw stvec, t0
    ld t0, THREAD_INSTRUCTION(sp)
    csrw sepc, t0
    ld a7, CORE_UPCALL_RETURN(tp) /* a0 is what was to be read last */
upcall_return_failed:
    store_stack
    j short_unusual

/* A word of a tag that is none, with the top bit set. */
foreign:
    ld ra, THREAD_RETURN(sp)
/* Faults, interrupts and foreign system calls. */
trap:
    csrr tp, sstatus
    andi tp, tp, STATUS_PREVIOUS_KERNEL
    bnez tp, trap_of_kernel
    sd t0, THREAD_SCRATCH(sp)
    words sd
    sd a7, THREAD_STATUS(sp)
    sd ra, THREAD_RETURN(sp)
    store_stack
    ld tp, THREAD_CORE(sp)
    csrr t0, sepc
    sd t0, THREAD_INSTRUCTION(sp)
    count CORE_ENTRIES, t0
    csrr a1, scause
    bltz a1, interrupt
    addi a2, a1, -CAUSE_FETCH_PAGE
    mv a0, sp
    ld sp, CORE_KERNEL_STACK(tp)
    li a4, CAUSE_STORE_PAGE - CAUSE_FETCH_PAGE
    bgtu a2, a4, other
    csrr a2, stval
    slli a1, a1, 32
    call upcall_fault
trap_done:
    lw t0, CORE_SLOW(tp)
    bnez t0, 1f
    csrr sp, sscratch
    ld t0, THREAD_INSTRUCTION(sp)
    csrw sepc, t0
    ld t0, THREAD_SCRATCH(sp)
    words ld
    ld a7, THREAD_STATUS(sp)
    back_to_user
1:  csrr a1, sscratch
    lbu a2, OBJECT_STATE(a1)
    beqz a2, resume_later
    kept sd, a1
    unknown sd, a1
resume_later:
    ld sp, CORE_KERNEL_STACK(tp)
    li s0, 0
    mv a0, tp
    call cpu_resume

other:
    call trap_user
    j trap_done

/* A timer's is mostly the end of a slice, so everything is stored at once. */
interrupt:
    kept sd, sp
    unknown sd, sp
    ld sp, CORE_KERNEL_STACK(tp)
    andi a1, a1, INTERRUPT_EXTERNAL & ~INTERRUPT_TIMER
    bnez a1, 1f
    csrci sip, 1 << INTERRUPT_SOFTWARE
    mv a0, tp
    call cpu_interrupt_timer
    bnez a0, arch_resume
    j resume_later
1:  call interrupt_external
    j resume_later

/* The kernel's own fault, with its stack pointer in sscratch: only the registers for the panic. */
trap_of_kernel:
    words sd
    store_stack
    mv a0, sp
    ld tp, THREAD_CORE(sp)
    ld sp, THREAD_STACK(sp)
    call trap_kernel

    .section .note.GNU-stack,"",@progbits
