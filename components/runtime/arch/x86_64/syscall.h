/* SPDX-License-Identifier: MIT */
/*
 * Entering the kernel on x86_64. The generated stubs (kernel_stubs.h) are built on these functions,
 * which are the same on every architecture: exo_syscallN enters with the call's word and N words
 * in registers, and hands back the status and the same N words as the kernel left them.
 *
 * The kernel's contract: the word in rax, the rest in rdi rsi rdx r10 r8 r9, both ways; rcx and r11
 * are lost; all other registers are kept, but for the vector state of exo_syscall6_vector.
 */
#ifndef SYSCALL_H
#define SYSCALL_H
#include <stdint.h>

/* Vector registers that a portal call or reply loses. Code that was compiled without them has none
 * to lose. The control words stay at their initial values, which is what the kernel resets to. */
#ifdef __SSE__
#define SYSCALL_VECTOR                                                                             \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",       \
        "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
#else
#define SYSCALL_VECTOR
#endif

/* Enter the kernel with no more than the word. Returns the status. */
static inline uint64_t exo_syscall0(uint64_t word)
{
    __asm__ volatile("syscall"
                     : "+a"(word)
                     :
                     : "rcx", "r11", "memory");
    return word;
}

/* Enter the kernel with 1 word of arguments and results. Returns the status. */
static inline uint64_t exo_syscall1(uint64_t word, uint64_t *word0)
{
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0)
                     :
                     : "rcx", "r11", "memory");
    return word;
}

/* Enter the kernel with 2 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall2(uint64_t word, uint64_t *word0, uint64_t *word1)
{
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1)
                     :
                     : "rcx", "r11", "memory");
    return word;
}

/* Enter the kernel with 3 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall3(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2)
{
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1), "+d"(*word2)
                     :
                     : "rcx", "r11", "memory");
    return word;
}

/* Enter the kernel with 4 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall4(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3)
{
    register uint64_t r10 __asm__("r10") = *word3;
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1), "+d"(*word2), "+r"(r10)
                     :
                     : "rcx", "r11", "memory");
    *word3 = r10;
    return word;
}

/* Enter the kernel with 5 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall5(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3, uint64_t *word4)
{
    register uint64_t r10 __asm__("r10") = *word3;
    register uint64_t r8 __asm__("r8") = *word4;
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1), "+d"(*word2), "+r"(r10), "+r"(r8)
                     :
                     : "rcx", "r11", "memory");
    *word3 = r10;
    *word4 = r8;
    return word;
}

/* Enter the kernel with 6 words of arguments and results. Returns the status. */
static inline uint64_t exo_syscall6(uint64_t word, uint64_t *word0, uint64_t *word1,
                                    uint64_t *word2, uint64_t *word3, uint64_t *word4,
                                    uint64_t *word5)
{
    register uint64_t r10 __asm__("r10") = *word3;
    register uint64_t r8 __asm__("r8") = *word4;
    register uint64_t r9 __asm__("r9") = *word5;
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1), "+d"(*word2), "+r"(r10),
                       "+r"(r8), "+r"(r9)
                     :
                     : "rcx", "r11", "memory");
    *word3 = r10;
    *word4 = r8;
    *word5 = r9;
    return word;
}

/* As exo_syscall6; the vector registers are lost as well. */
static inline uint64_t exo_syscall6_vector(uint64_t word, uint64_t *word0, uint64_t *word1,
                                           uint64_t *word2, uint64_t *word3, uint64_t *word4,
                                           uint64_t *word5)
{
    register uint64_t r10 __asm__("r10") = *word3;
    register uint64_t r8 __asm__("r8") = *word4;
    register uint64_t r9 __asm__("r9") = *word5;
    __asm__ volatile("syscall"
                     : "+a"(word), "+D"(*word0), "+S"(*word1), "+d"(*word2), "+r"(r10),
                       "+r"(r8), "+r"(r9)
                     :
                     : SYSCALL_VECTOR "rcx", "r11", "memory");
    *word3 = r10;
    *word4 = r8;
    *word5 = r9;
    return word;
}

#endif
