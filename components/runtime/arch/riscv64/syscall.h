/* SPDX-License-Identifier: MIT */
/*
 * Entering the kernel on riscv64. The generated stubs (kernel_stubs.h) are built on these
 * functions, which are the same on every architecture: exo_syscallN enters with the call's word and
 * N words in registers, and hands back the status and the same N words as the kernel left them.
 *
 * The kernel's contract: the word in a7, the rest in a0 to a5, both ways; t0 is lost and all other
 * registers are kept. But of a portal call and reply, exo_syscall6_vector, only sp and s0 are kept.
 */
#ifndef SYSCALL_H
#define SYSCALL_H
#include <stdint.h>

#define SYSCALL_LOST "t0", "memory"

/* What a portal call or reply loses besides. Code that was compiled without floating-point
 * registers has none to lose. The control word stays at its initial value, which is what the kernel
 * resets to. gp and tp are lost, too, which nothing here uses. */
#ifdef __riscv_flen
#define SYSCALL_FLOAT                                                                              \
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "ft8", "ft9", "ft10", "ft11", "fs0",   \
        "fs1", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "fa0",      \
        "fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7",
#else
#define SYSCALL_FLOAT
#endif
#define SYSCALL_PORTAL                                                                             \
    "ra", "t1", "t2", "t3", "t4", "t5", "t6", "a6", "s1", "s2", "s3", "s4", "s5", "s6", "s7",      \
        "s8", "s9", "s10", "s11",

/* Enter the kernel with no more than the word. Returns the status. */
static inline uint64_t exo_syscall0(uint64_t word)
{
    register uint64_t a7 __asm__("a7") = word;
    __asm__ volatile("ecall"
                     : "+r"(a7)
                     :
                     : SYSCALL_LOST);
    return a7;
}

/* Enter the kernel with 1 word of arguments and results. Returns the status. */
static inline uint64_t exo_syscall1(uint64_t word, uint64_t *word0)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    return a7;
}

/* Enter the kernel with 2 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall2(uint64_t word, uint64_t *word0, uint64_t *word1)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    return a7;
}

/* Enter the kernel with 3 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall3(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    register uint64_t a2 __asm__("a2") = *word2;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    *word2 = a2;
    return a7;
}

/* Enter the kernel with 4 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall4(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    register uint64_t a2 __asm__("a2") = *word2;
    register uint64_t a3 __asm__("a3") = *word3;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    *word2 = a2;
    *word3 = a3;
    return a7;
}

/* Enter the kernel with 5 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall5(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3, uint64_t *word4)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    register uint64_t a2 __asm__("a2") = *word2;
    register uint64_t a3 __asm__("a3") = *word3;
    register uint64_t a4 __asm__("a4") = *word4;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    *word2 = a2;
    *word3 = a3;
    *word4 = a4;
    return a7;
}

/* Enter the kernel with 6 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall6(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3, uint64_t *word4,
                                    uint64_t *word5)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    register uint64_t a2 __asm__("a2") = *word2;
    register uint64_t a3 __asm__("a3") = *word3;
    register uint64_t a4 __asm__("a4") = *word4;
    register uint64_t a5 __asm__("a5") = *word5;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5)
                     :
                     : SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    *word2 = a2;
    *word3 = a3;
    *word4 = a4;
    *word5 = a5;
    return a7;
}

/* As exo_syscall6; most registers are lost as well. */
static inline uint64_t exo_syscall6_vector(uint64_t word, uint64_t *word0, uint64_t *word1,
                                           uint64_t *word2, uint64_t *word3, uint64_t *word4,
                                           uint64_t *word5)
{
    register uint64_t a7 __asm__("a7") = word;
    register uint64_t a0 __asm__("a0") = *word0;
    register uint64_t a1 __asm__("a1") = *word1;
    register uint64_t a2 __asm__("a2") = *word2;
    register uint64_t a3 __asm__("a3") = *word3;
    register uint64_t a4 __asm__("a4") = *word4;
    register uint64_t a5 __asm__("a5") = *word5;
    __asm__ volatile("ecall"
                     : "+r"(a7), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5)
                     :
                     : SYSCALL_FLOAT SYSCALL_PORTAL SYSCALL_LOST);
    *word0 = a0;
    *word1 = a1;
    *word2 = a2;
    *word3 = a3;
    *word4 = a4;
    *word5 = a5;
    return a7;
}

#endif
