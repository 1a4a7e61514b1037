/* SPDX-License-Identifier: MIT */
#include "used.h"
#ifdef __x86_64__
int riscv64 = 1; /* x86_64 may be said here */
#endif
