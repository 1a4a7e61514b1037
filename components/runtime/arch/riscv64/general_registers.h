/* SPDX-License-Identifier: MIT */
/*
 * general_registers: included first by a file whose functions run as upcalls, and by what they
 * call. The build compiles a file that includes it without the floating-point registers and without
 * t1 to t6 and a6, since an upcall's entry code does not save them, and refuses an object that has
 * one (gen/general-registers). No portal call may be made from an upcall, which loses them in the
 * kernel. What ends the program may use all.
 */
#ifndef RUNTIME_GENERAL_REGISTERS_H
#define RUNTIME_GENERAL_REGISTERS_H

/* Of a function that ends with a call by a pointer: it may be a jump, which needs no register. */
#define GENERAL_JUMPS __attribute__((optimize("optimize-sibling-calls")))

#endif
