/* SPDX-License-Identifier: MIT */
/*
 * general_registers: included first by a file whose functions run as upcalls. The build compiles a
 * file that includes it without floating-point registers, since an upcall's entry code does not
 * save them.
 */
#ifndef RUNTIME_GENERAL_REGISTERS_H
#define RUNTIME_GENERAL_REGISTERS_H

#endif
