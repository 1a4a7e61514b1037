/* SPDX-License-Identifier: MIT */
/*
 * general_registers: included first by a file whose functions run as upcalls. The build compiles a
 * file that includes it without floating-point registers, t1 to t6 and a6, since an upcall's entry
 * code does not save them. Such functions call none of other files, but to end.
 */
#ifndef RUNTIME_GENERAL_REGISTERS_H
#define RUNTIME_GENERAL_REGISTERS_H

#endif
