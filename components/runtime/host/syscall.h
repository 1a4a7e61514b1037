/* SPDX-License-Identifier: MIT */
/*
 * The double of arch/<arch>/syscall.h for tests on the host: kernel calls go to the function
 * host_system_call of the test program, or answer bad_call if it has none.
 */
#ifndef SYSCALL_H
#define SYSCALL_H
#include <stdint.h>

/* Defined by a test that needs a kernel: gets the call's word, and six register words to read and
 * overwrite; returns the status. */
uint64_t host_system_call(uint64_t word, uint64_t words[6]) __attribute__((weak));

/* Where the words of a call lie. In a struct, since C++ has no arrays that are passed by value. */
struct host_places {
    uint64_t *at[6];
};

/* Hand a call over; words that the call has not are zero. */
static inline uint64_t host_call(uint64_t word, unsigned count, struct host_places places)
{
    uint64_t words[6] = {0};
    for (unsigned i = 0; i < count; i++)
        words[i] = *places.at[i];
    if (!host_system_call)
        return 1;
    uint64_t status = host_system_call(word, words);
    for (unsigned i = 0; i < count; i++)
        *places.at[i] = words[i];
    return status;
}

/* As in arch/<arch>/syscall.h. */
#define exo_syscall0(word) host_call(word, 0, (struct host_places){{0}})
#define exo_syscall1(word, a) host_call(word, 1, (struct host_places){{a}})
#define exo_syscall2(word, a, b) host_call(word, 2, (struct host_places){{a, b}})
#define exo_syscall3(word, a, b, c) host_call(word, 3, (struct host_places){{a, b, c}})
#define exo_syscall4(word, a, b, c, d) host_call(word, 4, (struct host_places){{a, b, c, d}})
#define exo_syscall5(word, a, b, c, d, e)                                                         \
    host_call(word, 5, (struct host_places){{a, b, c, d, e}})
#define exo_syscall6(word, a, b, c, d, e, f)                                                       \
    host_call(word, 6, (struct host_places){{a, b, c, d, e, f}})
static inline uint64_t exo_syscall6_vector(uint64_t word, uint64_t *word0, uint64_t *word1,
                                           uint64_t *word2, uint64_t *word3, uint64_t *word4,
                                           uint64_t *word5)
{
    return exo_syscall6(word, word0, word1, word2, word3, word4, word5);
}
#endif
