/* SPDX-License-Identifier: MIT */
/* machine: how a program that holds the ports of the emulator's exit device ends the machine. */
#ifndef RUNTIME_MACHINE_H
#define RUNTIME_MACHINE_H

#include <stdint.h>

enum { MACHINE_EXIT_PORT = 0xf4, MACHINE_EXIT_SUCCESS = 0x10 };

/*
 * End the machine through the Ports capability in slot `ports`. Status 0 is success. On a machine
 * without the device this returns.
 */
void machine_end(uint32_t ports, uint32_t status);

#endif
