/* SPDX-License-Identifier: MIT */
#include "used.h"
#ifdef __x86_64__
int riscv64 = 1; /* x86_64 may be said here */
#elif __riscv_xlen == 64 || defined(__i386) || __ARM_ARCH == 8
#endif
