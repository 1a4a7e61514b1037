/* SPDX-License-Identifier: MIT */
#include "hostile.h"

#include "kernel_stubs.h"
#include "ticks.h"

#define NULL_CALL ((uint64_t)EXO_CALL_TAG << 48)
#define NON_CANONICAL UINT64_C(0x8000000000000000)
#define KERNEL_ADDRESS UINT64_C(0xffffffff80200000)
#define DIRECT_ADDRESS UINT64_C(0xffffffc080000000)
#define ODD UINT64_C(0x10000003)

enum { SPIN_MICROSECONDS = 4000 };

/* Call with a stack pointer that no stack can have, and take the old one back. */
static void call_on_stack(uint64_t stack)
{
    register uint64_t word __asm__("a7") = NULL_CALL;
    __asm__ volatile("mv s1, sp; mv sp, %1; ecall; mv sp, s1"
                     : "+r"(word)
                     : "r"(stack)
                     : "s1", SYSCALL_LOST);
}

static void stack_non_canonical(void)
{
    call_on_stack(NON_CANONICAL);
}

static void stack_of_kernel(void)
{
    call_on_stack(KERNEL_ADDRESS);
}

static void stack_null(void)
{
    call_on_stack(0);
}

static void stack_odd(void)
{
    call_on_stack(ODD);
}

/* The kernel's own pointers are kept where user code has these. */
static void pointers(void)
{
    register uint64_t word __asm__("a7") = NULL_CALL;
    __asm__ volatile("mv gp, %1; mv tp, %1; ecall; li gp, 0; li tp, 0"
                     : "+r"(word)
                     : "r"(KERNEL_ADDRESS)
                     : SYSCALL_LOST);
}

/* The call's instruction in the second half of a word. */
static void call_misaligned(void)
{
    register uint64_t word __asm__("a7") = NULL_CALL;
    __asm__ volatile(".balign 4; c.nop; ecall; c.nop" : "+r"(word) : : SYSCALL_LOST);
}

/* A kernel call of a number that there is not: the table is looked up in assembly. */
static void call_number(void)
{
    for (uint64_t number = EXO_CALL_COUNT; number < 0x10000; number += 13)
        exo_syscall0(NULL_CALL | number << 32);
}

static void call_foreign(void)
{
    exo_syscall0(64);
}

static void call_tag(void)
{
    exo_syscall0(NULL_CALL + (UINT64_C(1) << 48));
}

/* Control words with a rounding mode that there is not, which only an instruction minds. */
static void rounding_kept(void)
{
    register uint64_t word __asm__("a7") = NULL_CALL;
    __asm__ volatile("fsrmi 7; ecall; fsrmi 0" : "+r"(word) : : SYSCALL_LOST);
}

static void rounding_used(void)
{
    __asm__ volatile("fsrmi 7; fadd.d ft0, ft0, ft0, dyn" : : : "ft0");
}

static void jump_non_canonical(void)
{
    __asm__ volatile("jr %0" : : "r"(NON_CANONICAL));
}

static void jump_to_kernel(void)
{
    __asm__ volatile("jr %0" : : "r"(KERNEL_ADDRESS));
}

static void jump_null(void)
{
    __asm__ volatile("jr zero");
}

static void read_kernel(void)
{
    (void)*(volatile uint64_t *)KERNEL_ADDRESS;
}

static void read_direct(void)
{
    (void)*(volatile uint64_t *)DIRECT_ADDRESS;
}

static void write_non_canonical(void)
{
    __asm__ volatile("sd zero, 0(%0)" : : "r"(NON_CANONICAL) : "memory");
}

static void atomic_misaligned(void)
{
    uint64_t words[2] = {0};
    __asm__ volatile("amoadd.d t0, t0, (%0)" : : "r"((uintptr_t)words + 3) : "t0", "memory");
}

static void fault_without_stack(void)
{
    __asm__ volatile("mv sp, %0; sd zero, 0(sp)" : : "r"(NON_CANONICAL) : "memory");
}

/*
 * Turn a loop for some slices, in which the timer interrupts it, and then read at `address`: with
 * no stack, and the kernel's address in both pointers.
 */
static void interrupted(const volatile uint64_t *address)
{
    uint64_t end = ticks_deadline(SPIN_MICROSECONDS);
    __asm__ volatile("mv s1, sp; mv sp, %[stack]; mv gp, %[base]; mv tp, %[base];"
                     "1: rdtime t0; bltu t0, %[end], 1b;"
                     "ld t0, 0(%[address]); mv sp, s1; li gp, 0; li tp, 0"
                     :
                     : [stack] "r"(NON_CANONICAL), [base] "r"(KERNEL_ADDRESS), [end] "r"(end),
                       [address] "r"(address)
                     : "t0", "s1", "memory");
}

static void interrupts(void)
{
    uint64_t word = 0;
    interrupted(&word);
}

static void fault_with_pointers(void)
{
    interrupted((const volatile uint64_t *)KERNEL_ADDRESS);
}

static void counters(void)
{
    __asm__ volatile("rdcycle t0; rdtime t0; rdinstret t0; fence.i" : : : "t0", "memory");
}

/* An instruction that stops the child, by a fault that it does not handle. */
#define FORBIDDEN(name, text)             \
    static void name(void)                \
    {                                     \
        __asm__ volatile(text : : : "t0", "memory"); \
    }

FORBIDDEN(privileged_wait, "wfi")
FORBIDDEN(privileged_status, "csrr t0, sstatus")
FORBIDDEN(privileged_interrupts, "csrwi sie, 0")
FORBIDDEN(privileged_space, "csrwi satp, 0")
FORBIDDEN(privileged_vector, "csrwi stvec, 0")
FORBIDDEN(privileged_scratch, "csrrwi t0, sscratch, 0")
FORBIDDEN(privileged_machine, "csrr t0, mstatus")
FORBIDDEN(privileged_flush, "sfence.vma")
FORBIDDEN(privileged_return, "sret")
FORBIDDEN(privileged_machine_return, "mret")
FORBIDDEN(write_time, "csrwi time, 0")
FORBIDDEN(breakpoint, "ebreak")
FORBIDDEN(undefined, "unimp")
FORBIDDEN(undefined_long, ".word 0xffffffff")
FORBIDDEN(old_return, ".word 0x00200073")
FORBIDDEN(debug_return, ".word 0x7b200073")

static const struct hostile_case cases[] = {
    {"non-canonical stack pointer", stack_non_canonical, HOSTILE_RETURNS},
    {"stack pointer of the kernel", stack_of_kernel, HOSTILE_RETURNS},
    {"null stack pointer", stack_null, HOSTILE_RETURNS},
    {"odd stack pointer", stack_odd, HOSTILE_RETURNS},
    {"gp and tp of the kernel", pointers, HOSTILE_RETURNS},
    {"ecall between two words", call_misaligned, HOSTILE_RETURNS},
    {"numbers of no call", call_number, HOSTILE_RETURNS},
    {"a foreign call", call_foreign, HOSTILE_STOPS},
    {"a tag that is nearly right", call_tag, HOSTILE_STOPS},
    {"rounding mode of no use", rounding_kept, HOSTILE_RETURNS},
    {"rounding mode of no use, used", rounding_used, HOSTILE_STOPS},
    {"jump to a non-canonical address", jump_non_canonical, HOSTILE_STOPS},
    {"jump into the kernel", jump_to_kernel, HOSTILE_STOPS},
    {"jump to null", jump_null, HOSTILE_STOPS},
    {"read of the kernel", read_kernel, HOSTILE_STOPS},
    {"read of the direct map", read_direct, HOSTILE_STOPS},
    {"write to a non-canonical address", write_non_canonical, HOSTILE_STOPS},
    {"misaligned atomic", atomic_misaligned, HOSTILE_EITHER},
    {"fault without a stack", fault_without_stack, HOSTILE_STOPS},
    {"interrupts without a stack", interrupts, HOSTILE_RETURNS},
    {"fault with pointers of the kernel", fault_with_pointers, HOSTILE_STOPS},
    {"counters", counters, HOSTILE_RETURNS},
    {"wfi", privileged_wait, HOSTILE_STOPS},
    {"read of sstatus", privileged_status, HOSTILE_STOPS},
    {"write of sie", privileged_interrupts, HOSTILE_STOPS},
    {"write of satp", privileged_space, HOSTILE_STOPS},
    {"write of stvec", privileged_vector, HOSTILE_STOPS},
    {"exchange of sscratch", privileged_scratch, HOSTILE_STOPS},
    {"read of mstatus", privileged_machine, HOSTILE_STOPS},
    {"sfence.vma", privileged_flush, HOSTILE_STOPS},
    {"sret", privileged_return, HOSTILE_STOPS},
    {"mret", privileged_machine_return, HOSTILE_STOPS},
    {"write of time", write_time, HOSTILE_STOPS},
    {"ebreak", breakpoint, HOSTILE_STOPS},
    {"unimp", undefined, HOSTILE_STOPS},
    {"32 ones", undefined_long, HOSTILE_STOPS},
    {"uret", old_return, HOSTILE_STOPS},
    {"dret", debug_return, HOSTILE_STOPS},
};

const struct hostile_case *hostile_cases(uint32_t *count)
{
    *count = sizeof cases / sizeof *cases;
    return cases;
}
