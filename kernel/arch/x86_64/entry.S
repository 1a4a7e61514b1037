/* SPDX-License-Identifier: MIT */
/* All ways into the kernel from user mode and back.

   Hostile user state: every entry clears AC and DF, the system-call mask clears IF, TF, NT, AC and
   DF; the kernel's GS comes from a register that user code cannot write; NMI, #DB, #DF and #MC have
   stacks of their own. Entries store straight into the thread: a system call by hand, everything
   else by the processor, whose stack pointer for entries ends at the thread's registers. */
#include "offsets.h"

#define SAVED(i) (THREAD_SAVED + 8 * (i))

    .text
    .code64

.macro push_list registers:vararg
    .irp register, \registers
    push %\register
    .endr
.endm

.macro pop_list registers:vararg
    .irp register, \registers
    pop %\register
    .endr
.endm

/* Registers in the order of struct registers, to and from `first` of `thread` on. */
.macro store_list thread, first, registers:vararg
    .set place, \first
    .irp register, \registers
    mov %\register, place(\thread)
    .set place, place + 8
    .endr
.endm

.macro load_list thread, first, registers:vararg
    .set place, \first
    .irp register, \registers
    mov place(\thread), %\register
    .set place, place + 8
    .endr
.endm

.macro store_saved thread
    store_list \thread, SAVED(1), rbp, r12, r13, r14, r15
.endm

/* rax: call word, rcx: user rip, r11: user flags. Until `ordinary` only rcx and rbx change. */
    .globl entry_syscall
entry_syscall:
    swapgs
    mov %rsp, %gs:CORE_USER_STACK
    mov %gs:CORE_CURRENT, %rsp
    mov %rcx, THREAD_INSTRUCTION(%rsp)
    mov %r11, THREAD_FLAGS(%rsp)
    mov %rbx, SAVED(0)(%rsp)
    mov %gs:CORE_USER_STACK, %rbx
    mov %rbx, THREAD_STACK(%rsp)
    incq %gs:CORE_ENTRIES
    mov %rax, %rcx
    shr $32, %rcx
    sub $(TAG << 16), %ecx
    cmp $NUMBER_CALL, %ecx
    je portal_call_short
    cmp $NUMBER_REPLY, %ecx
    je portal_reply_short
ordinary:
    store_list %rsp, THREAD_WORDS, rdi, rsi, rdx, r10, r8, r9, rax
    mov %rsp, %rbx
    mov %gs:CORE_KERNEL_STACK, %rsp
    cmp $NUMBER_COUNT, %ecx
    jae unusual
    add %ecx, %ecx
    movzwl call_table+CALL_KIND(,%rcx,8), %edx
    cmp $KIND_NONE, %edx
    je dispatch
    /* The slot must hold this kind with these rights; a Domain may also be the caller's own. */
    mov THREAD_HOME(%rbx), %rsi
    cmp $KIND_DOMAIN, %edx
    je domain_argument
    mov %eax, %eax
    cmp %rax, DOMAIN_SLOT_COUNT(%rsi)
    jbe unusual
    shl $7, %rax
    add DOMAIN_SLOTS(%rsi), %rax
    cmp SLOT_KIND(%rax), %dl
    jne unusual
    movzwl call_table+CALL_RIGHTS(,%rcx,8), %edx
    mov %rax, %rsi
    movzwl SLOT_RIGHTS(%rax), %eax
    not %eax
    test %eax, %edx
    jne unusual
dispatch:
    mov call_table+CALL_GAS(,%rcx,8), %eax
    add %rax, %gs:CORE_CHARGE
    mov %rbx, %rdi
    lea THREAD_WORDS(%rbx), %rdx
    call *call_table(,%rcx,8)
leave:
    cmpl $0, %gs:CORE_SLOW
    jne leave_slow
    load_list %rbx, THREAD_WORDS, rdi, rsi, rdx, r10, r8, r9
    mov THREAD_INSTRUCTION(%rbx), %rcx
    mov THREAD_FLAGS(%rbx), %r11
    mov THREAD_STACK(%rbx), %rsp
    mov SAVED(0)(%rbx), %rbx
    swapgs
    sysretq

domain_argument:
    cmp $SELF, %eax
    je dispatch
/* Wrong number, foreign word, another Domain, wrong slot: the same dispatch in C. */
unusual:
    mov THREAD_STATUS(%rbx), %rdi
    mov %rbx, %rsi
    call call_enter
    jmp leave

/* C preserved the registers that it must; store them while they still hold the caller's values,
   unless the caller is gone, which wiped its memory. */
leave_slow:
    cmpb $0, OBJECT_STATE(%rbx)
    je 1f
    store_saved %rbx
1:  mov %rax, %rdi
    mov %rbx, %rsi
    call call_leave
resume_or_more:
    test %rax, %rax
    je resume_later
    lea THREAD_WORDS(%rax), %rsp
    swapgs
    jmp restore_words
resume_later:
    mov %gs:0, %rdi
    mov %gs:CORE_KERNEL_STACK, %rsp
    xor %ebp, %ebp
    call cpu_resume

/* Store the caller's other registers, make rbx the current thread, in its address space. */
.macro transfer_to_rbx gas
    store_saved %rsp
gas_\@_begin: addq $\gas, %gs:CORE_CHARGE
gas_\@_end: mov %rbx, %gs:CORE_CURRENT
    mov THREAD_HOME(%rbx), %rcx
    mov DOMAIN_ROOT(%rcx), %rcx
    cmp %gs:CORE_ROOT, %rcx
    je 1f
    mov %rcx, %gs:CORE_ROOT
    mov %rcx, %cr3
    incq %gs:CORE_SWITCHES
1:  lea THREAD_END(%rbx), %rcx
    mov %rcx, %gs:CORE_STACK0
.endm

/* portal_call, when a handler is idle and nothing is unusual (portal.c states the protocol and does
   every other case). The four words stay in their registers all the way. */
portal_call_short:
    test %r9, %r9
    jne short_failed
    mov THREAD_HOME(%rsp), %rcx
    mov %eax, %r9d
    cmp DOMAIN_SLOT_COUNT(%rcx), %r9
    jae unset_failed
    shl $7, %r9
    add DOMAIN_SLOTS(%rcx), %r9
    mov SLOT_KIND(%r9), %r11d
    and $0x000100ff, %r11d
    cmp $KIND_CALLABLE, %r11d
    jne unset_failed
    mov SLOT_OBJECT(%r9), %r11
gas_look_begin: mov DOMAIN_GAS(%rcx), %rcx
    mov GAS_BALANCE(%rcx), %rcx
    cmp PORTAL_GAS(%r11), %rcx
    jl unset_failed
gas_look_end: mov %gs:CORE_NUMBER, %ebx
    lea PORTAL_IDLE(%r11,%rbx,8), %r11
    mov (%r11), %rbx
    test %rbx, %rbx
    je unset_failed
    movzbl THREAD_DEPTH(%rsp), %ecx
    cmp $DEPTH_MAX, %ecx
    jae unset_failed
    /* Nothing may fail from here on. */
    mov %r8, THREAD_DEADLINE(%rsp)
    mov THREAD_QUEUE_NEXT(%rbx), %r8
    mov %r8, (%r11)
    mov SLOT_BADGE(%r9), %r8
    shl $8, %ecx
    add $(STANDING_SERVING + 0x100), %ecx
    mov %ecx, THREAD_STANDING(%rbx)
    movb $STANDING_CALLING, THREAD_STANDING(%rsp)
    mov %rsp, THREAD_CALLER(%rbx)
    mov %rbx, THREAD_CALLEE(%rsp)
    incq %gs:CORE_CALLS
    incq THREAD_CALLS(%rsp)
    transfer_to_rbx GAS_CALL
    jmp portal_leave_short

/* portal_reply to a caller on this slice, with nothing else waiting. */
portal_reply_short:
    mov %r8, %rcx
    or %r9, %rcx
    jne short_failed
    mov THREAD_CALLER(%rsp), %rbx
    mov THREAD_PORTAL(%rsp), %r9
    test %rbx, %rbx
    je unset_failed
    test %r9, %r9
    je unset_failed
    mov %gs:CORE_NUMBER, %ecx
    cmpq $0, PORTAL_QUEUE(%r9,%rcx,8)
    jne unset_failed
    cmp %rsp, %gs:CORE_SLOT_ROOT
    je unset_failed
    cmpl $0, THREAD_HEAP_INDEX(%rbx)
    jne unset_failed
    cmpb $0, THREAD_ATTENTION(%rbx)
    jne unset_failed
    movq $0, THREAD_CALLER(%rsp)
    movq $0, THREAD_CALLEE(%rbx)
    movb $STANDING_READY, THREAD_STANDING(%rbx)
    movl $STANDING_IDLE, THREAD_STANDING(%rsp)
    lea PORTAL_IDLE(%r9,%rcx,8), %r9
    mov (%r9), %rcx
    mov %rcx, THREAD_QUEUE_NEXT(%rsp)
    jrcxz 1f
    mov %rsp, THREAD_QUEUE_PREVIOUS(%rcx)
1:  mov %rsp, (%r9)
    transfer_to_rbx GAS_REPLY
portal_leave_short:
    /* Nothing of the caller's is left: vector state and thread-local bases are reset. */
    mov $VECTOR_MASK, %eax
    xrstor vector_initial
    mov THREAD_INSTRUCTION(%rbx), %rcx
    mov THREAD_FLAGS(%rbx), %r11
    load_list %rbx, SAVED(1), rbp, r12, r13, r14, r15
    mov THREAD_STACK(%rbx), %rsp
    mov SAVED(0)(%rbx), %rbx
    xor %r9d, %r9d
    xor %eax, %eax
    wrfsbase %r9
    swapgs
    wrgsbase %r9
    sysretq

/* Back to the ordinary way with the registers as the user left them: only zeroes were lost. */
unset_failed:
    xor %r9d, %r9d
short_failed:
    mov %rax, %rcx
    shr $32, %rcx
    sub $(TAG << 16), %ecx
    jmp ordinary

/* Faults and interrupts. The processor has pushed ss, rsp, rflags, cs, rip and maybe an error. */
.macro vector_entry number, error
    .balign 16
    .if \error == 0
    push $0
    .endif
    push %r11
    push %rcx
    mov $\number, %ecx
    jmp entry_vector
.endm

    .balign 16
    .globl entry_vectors
entry_vectors:
    .set number, 0
    .rept 64
    vector_entry number, ((0x60227d00 >> number) & 1)
    .set number, number + 1
    .endr

entry_vector:
    clac
    cld
    testb $3, 4*8(%rsp)
    je entry_from_kernel
    /* C preserves rbp and r12 to r15: their places stay open until somebody else is to run. */
    sub $40, %rsp
    push_list rbx, rax, r9, r8, r10, rdx, rsi, rdi, rcx
    swapgs
    mov %rsp, %rbx
    mov %rsp, %rdi
    mov %gs:CORE_KERNEL_STACK, %rsp
    incq %gs:CORE_ENTRIES
    call trap_user
    cmpl $0, %gs:CORE_SLOW
    jne 1f
    load_list %rbx, 8, rdi, rsi, rdx, r10, r8, r9, rax
    load_list %rbx, 112, rcx, r11
    lea 136(%rbx), %rsp
    mov 64(%rbx), %rbx
    swapgs
    iretq
1:  lea -THREAD_REGISTERS(%rbx), %rbx
    cmpb $0, OBJECT_STATE(%rbx)
    je resume_later
    store_saved %rbx
    jmp resume_later

/* The timer: mostly the end of a slice, so everything is stored at once. */
    .globl entry_timer
entry_timer:
    push $0
    push %r11
    push %rcx
    clac
    cld
    testb $3, 4*8(%rsp)
    je timer_from_kernel
    push_list r15, r14, r13, r12, rbp, rbx, rax, r9, r8, r10, rdx, rsi, rdi
    swapgs
    mov %gs:CORE_KERNEL_STACK, %rsp
    incq %gs:CORE_ENTRIES
    call trap_timer
    jmp resume_or_more

/* Another core asks for something. Who idles looks what as soon as it is awake. */
    .globl entry_core
entry_core:
    testb $3, 8(%rsp)
    jne entry_timer
    push %rax
    movabs $(DIRECT_MAP_HIGH << 32) + (LOCAL_PAGE << 12), %rax
    movl $0, LOCAL_END_OFFSET(%rax)
    pop %rax
    iretq

/* Only idling and the user-copy functions are interrupted in kernel mode; anything else panics. */
timer_from_kernel:
    mov $TIMER_VECTOR, %ecx
entry_from_kernel:
    push_list r15, r14, r13, r12, rbp, rbx, rax, r9, r8, r10, rdx, rsi, rdi
    push %rcx
    mov %rsp, %rdi
    mov %rsp, %rbp
    and $-16, %rsp
    call trap_kernel
    mov %rbp, %rsp
    jmp restore_all

/* void arch_resume(struct thread *) */
    .globl arch_resume
arch_resume:
    lea THREAD_REGISTERS(%rdi), %rsp
    swapgs
restore_all:
    add $8, %rsp
restore_words:
    pop_list rdi, rsi, rdx, r10, r8, r9, rax, rbx, rbp, r12, r13, r14, r15, rcx, r11
    add $8, %rsp
    iretq

/* #DB has its own stack: the first instruction after a system call can raise it in kernel mode with
   the user's stack pointer. From kernel mode it is dropped; from user mode the frame moves to the
   thread and goes the usual way. */
    .globl entry_debug
entry_debug:
    testb $3, 8(%rsp)
    je 1f
    swapgs
    mov %rax, %gs:CORE_USER_STACK
    mov %gs:CORE_CURRENT, %rax
    popq THREAD_INSTRUCTION(%rax)
    popq THREAD_INSTRUCTION+8(%rax)
    popq THREAD_FLAGS(%rax)
    popq THREAD_STACK(%rax)
    popq THREAD_STACK+8(%rax)
    lea THREAD_INSTRUCTION(%rax), %rsp
    mov %gs:CORE_USER_STACK, %rax
    swapgs
    push $0
    push %r11
    push %rcx
    mov $1, %ecx
    jmp entry_vector
/* NMI: nobody uses it, and GS may be anything. */
    .globl entry_nmi
entry_nmi:
1:  iretq

/* #DF and #MC: nothing can be trusted but the stack of its own. */
    .globl entry_fatal
entry_fatal:
    cld
    mov %rsp, %rdi
    call trap_fatal

    .section .rodata
    .balign 64
    .globl vector_initial
vector_initial:
    .fill 24, 1, 0
    .long 0x1f80
    .fill 832 - 28, 1, 0
    .section .note.GNU-stack,"",@progbits
