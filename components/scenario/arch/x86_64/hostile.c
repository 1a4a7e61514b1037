/* SPDX-License-Identifier: MIT */
#include "hostile.h"

#include "kernel_stubs.h"
#include "ticks.h"

#define NULL_CALL ((uint64_t)EXO_CALL_TAG << 48)
#define NON_CANONICAL UINT64_C(0x8000000000000000)
#define KERNEL_ADDRESS UINT64_C(0xffffffff80100000)
#define DIRECTION 0x400
#define NESTED 0x4000
#define ALIGNMENT 0x40000

enum { SPIN_MICROSECONDS = 4000 };

/* Set bits of the flags, enter the kernel, and clear them again. */
#define WITH_FLAGS(bits)                                                                       \
    uint64_t word = NULL_CALL;                                                                 \
    __asm__ volatile("pushfq; orq %1, (%%rsp); popfq; syscall; pushfq; andq %2, (%%rsp); popfq" \
                     : "+a"(word)                                                              \
                     : "i"(bits), "i"(~(bits))                                                 \
                     : "rcx", "r11", "memory", "cc")

static void direction_flag(void)
{
    WITH_FLAGS(DIRECTION);
}

static void alignment_flag(void)
{
    WITH_FLAGS(ALIGNMENT);
}

static void nested_flag(void)
{
    WITH_FLAGS(NESTED);
}

/* The trap flag raises a debug exception behind each instruction, also behind the call. */
static void trap_flag(void)
{
    WITH_FLAGS(0x100);
}

/* Call with a stack pointer that no stack can have, and take the old one back. */
static void call_on_stack(uint64_t stack)
{
    uint64_t word = NULL_CALL;
    __asm__ volatile("movq %%rsp, %%rbx; movq %1, %%rsp; syscall; movq %%rbx, %%rsp"
                     : "+a"(word)
                     : "r"(stack)
                     : "rbx", "rcx", "r11", "memory");
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

static void segment_registers(void)
{
    uint64_t word = NULL_CALL;
    __asm__ volatile("xorl %%edx, %%edx; movl %%edx, %%ds; movl %%edx, %%es; movl %%edx, %%fs;"
                     "movl %%edx, %%gs; syscall"
                     : "+a"(word)
                     :
                     : "rcx", "rdx", "r11", "memory");
}

static void segment_bases(void)
{
    uint64_t word = NULL_CALL;
    __asm__ volatile("wrgsbase %1; wrfsbase %1; syscall; xorl %%edx, %%edx; wrgsbase %%rdx;"
                     "wrfsbase %%rdx"
                     : "+a"(word)
                     : "r"(KERNEL_ADDRESS)
                     : "rcx", "rdx", "r11", "memory");
}

static void base_non_canonical(void)
{
    __asm__ volatile("wrgsbase %0" : : "r"(NON_CANONICAL));
}

static void jump_non_canonical(void)
{
    __asm__ volatile("jmp *%0" : : "r"(NON_CANONICAL));
}

static void jump_to_kernel(void)
{
    __asm__ volatile("jmp *%0" : : "r"(KERNEL_ADDRESS));
}

static void read_kernel(void)
{
    (void)*(volatile uint64_t *)KERNEL_ADDRESS;
}

static void write_non_canonical(void)
{
    __asm__ volatile("movq $1, (%0)" : : "r"(NON_CANONICAL) : "memory");
}

static void fault_without_stack(void)
{
    __asm__ volatile("movq %0, %%rsp; pushq $0" : : "r"(NON_CANONICAL) : "memory");
}

/*
 * Turn a loop for some slices, in which the timer interrupts it, and then read at `address`:
 * with no stack, with the kernel's address in both segment bases, and with these flags.
 */
static void interrupted(uint64_t flags, const volatile uint64_t *address)
{
    uint64_t end = ticks_deadline(SPIN_MICROSECONDS);
    __asm__ volatile("pushfq; orq %[flags], (%%rsp); popfq; movq %%rsp, %%rbx;"
                     "movq %[stack], %%rsp; wrgsbase %[base]; wrfsbase %[base];"
                     "1: rdtsc; shlq $32, %%rdx; orq %%rdx, %%rax; cmpq %%rax, %[end]; ja 1b;"
                     "movq (%[address]), %%rax;"
                     "movq %%rbx, %%rsp; xorl %%edx, %%edx; wrgsbase %%rdx; wrfsbase %%rdx;"
                     "pushfq; notq %[flags]; andq %[flags], (%%rsp); popfq"
                     : [flags] "+&r"(flags)
                     : [stack] "r"(NON_CANONICAL), [base] "r"(KERNEL_ADDRESS), [end] "r"(end),
                       [address] "r"(address)
                     : "rax", "rbx", "rdx", "memory", "cc");
}

static void interrupts_plain(void)
{
    uint64_t word = 0;
    interrupted(0, &word);
}

static void interrupts_with_flags(void)
{
    uint64_t word = 0;
    interrupted(DIRECTION | ALIGNMENT | NESTED, &word);
}

static void fault_with_flags(void)
{
    interrupted(DIRECTION | ALIGNMENT | NESTED, (const volatile uint64_t *)KERNEL_ADDRESS);
}

/* An instruction that stops the child, by a fault that it does not handle. */
#define FORBIDDEN(name, text)             \
    static void name(void)                \
    {                                     \
        __asm__ volatile(text : : : "memory"); \
    }

FORBIDDEN(privileged_halt, "hlt")
FORBIDDEN(privileged_interrupts, "cli")
FORBIDDEN(privileged_port, "xorl %%eax, %%eax; outb %%al, $0xf4")
FORBIDDEN(privileged_control, "xorl %%eax, %%eax; movq %%rax, %%cr3")
FORBIDDEN(privileged_model, "movl $0xc0000082, %%ecx; rdmsr")
FORBIDDEN(privileged_swap, "swapgs")
FORBIDDEN(privileged_return, "sysretq")
FORBIDDEN(privileged_page, "invlpg (%%rsp)")
FORBIDDEN(breakpoint, "int3")
FORBIDDEN(software_interrupt, "int $0x80")
FORBIDDEN(software_timer, "int $0x38")
FORBIDDEN(software_double, "int $8")
FORBIDDEN(division, "xorl %%ecx, %%ecx; xorl %%edx, %%edx; divl %%ecx")
FORBIDDEN(undefined, "ud2")
FORBIDDEN(old_entry, "sysenter")
FORBIDDEN(single_step, ".byte 0xf1")

static const struct hostile_case cases[] = {
    {"direction flag", direction_flag, HOSTILE_RETURNS},
    {"alignment flag", alignment_flag, HOSTILE_RETURNS},
    {"nested-task flag", nested_flag, HOSTILE_RETURNS},
    {"trap flag", trap_flag, HOSTILE_STOPS},
    {"non-canonical stack pointer", stack_non_canonical, HOSTILE_RETURNS},
    {"stack pointer of the kernel", stack_of_kernel, HOSTILE_RETURNS},
    {"null stack pointer", stack_null, HOSTILE_RETURNS},
    {"null segment registers", segment_registers, HOSTILE_RETURNS},
    {"segment bases of the kernel", segment_bases, HOSTILE_RETURNS},
    {"non-canonical segment base", base_non_canonical, HOSTILE_EITHER},
    {"jump to a non-canonical address", jump_non_canonical, HOSTILE_STOPS},
    {"jump into the kernel", jump_to_kernel, HOSTILE_STOPS},
    {"read of the kernel", read_kernel, HOSTILE_STOPS},
    {"write to a non-canonical address", write_non_canonical, HOSTILE_STOPS},
    {"fault without a stack", fault_without_stack, HOSTILE_STOPS},
    {"interrupts without a stack", interrupts_plain, HOSTILE_RETURNS},
    {"interrupts with flags", interrupts_with_flags, HOSTILE_RETURNS},
    {"fault with flags", fault_with_flags, HOSTILE_STOPS},
    {"hlt", privileged_halt, HOSTILE_STOPS},
    {"cli", privileged_interrupts, HOSTILE_STOPS},
    {"out", privileged_port, HOSTILE_STOPS},
    {"mov to cr3", privileged_control, HOSTILE_STOPS},
    {"rdmsr", privileged_model, HOSTILE_STOPS},
    {"swapgs", privileged_swap, HOSTILE_STOPS},
    {"sysret", privileged_return, HOSTILE_STOPS},
    {"invlpg", privileged_page, HOSTILE_STOPS},
    {"int3", breakpoint, HOSTILE_STOPS},
    {"int 0x80", software_interrupt, HOSTILE_STOPS},
    {"int of the timer", software_timer, HOSTILE_STOPS},
    {"int of the double fault", software_double, HOSTILE_STOPS},
    {"division by zero", division, HOSTILE_STOPS},
    {"ud2", undefined, HOSTILE_STOPS},
    {"sysenter", old_entry, HOSTILE_STOPS},
    {"int1", single_step, HOSTILE_STOPS},
};

const struct hostile_case *hostile_cases(uint32_t *count)
{
    *count = sizeof cases / sizeof *cases;
    return cases;
}
