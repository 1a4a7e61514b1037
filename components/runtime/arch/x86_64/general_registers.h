/* SPDX-License-Identifier: MIT */
/*
 * general_registers: included first by a file whose functions run as upcalls. From here on the
 * compiler uses no vector register, since an upcall's entry code does not save them.
 */
#ifndef RUNTIME_GENERAL_REGISTERS_H
#define RUNTIME_GENERAL_REGISTERS_H

#pragma GCC target("general-regs-only")

#endif
