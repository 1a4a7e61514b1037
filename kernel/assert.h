/* SPDX-License-Identifier: MIT */
/* Asserts and the panic. An assert states one condition; it stays in every build, since a kernel
   that goes on with broken invariants protects nobody. */
#pragma once

/* Print the message, the registers and a backtrace, and end the machine. */
_Noreturn void panic(const char *message, const char *file, unsigned line);

#define assert(condition)                                                                          \
    do {                                                                                           \
        if (__builtin_expect(!(condition), 0)) {                                                   \
            panic(#condition, __FILE__, __LINE__);                                                 \
        }                                                                                          \
    } while (0)

/* Costly checks, on in debug builds only (./configure --debug). */
#ifdef EXO_DEBUG
#define assert_debug(condition) assert(condition)
#else
#define assert_debug(condition) ((void)0)
#endif
