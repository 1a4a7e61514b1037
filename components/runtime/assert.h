/* SPDX-License-Identifier: MIT */
/*
 * assert: as ISO C 7.2, but it does not need a C library's headers, which a cross compiler has for
 * one calling convention only. Asserts stay in every build.
 */
#ifndef RUNTIME_ASSERT_H
#define RUNTIME_ASSERT_H

/* In upcall.c; on the host the C library's. */
_Noreturn void __assert_fail(const char *condition, const char *file, unsigned line,
                             const char *function);

#define assert(condition)                                                         \
    (__builtin_expect(!(condition), 0)                                            \
         ? __assert_fail(#condition, __FILE__, __LINE__, __extension__ __func__)  \
         : (void)0)

#endif
