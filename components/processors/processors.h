/* SPDX-License-Identifier: MIT */
/* processors: which cores the machine has. */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include <stdint.h>

enum { PROCESSORS_MAX = 64 };

/*
 * The numbers by which cpu_start knows the machine's cores, the running one among them, in the
 * order of the machine; at most `room`. On riscv64 some may belong to no hart, which cpu_start then
 * says. Returns how many there are; 0: the machine does not tell.
 */
uint32_t processors_find(uint64_t *numbers, uint32_t room);

/*
 * What processors_find does with the ACPI tables of x86_64: the local controllers' numbers from
 * the Multiple APIC Description Table (ACPI 6.4, 5.2.12) among `bytes` of tables one behind the
 * other. Broken lengths end it early.
 */
uint32_t processors_in_tables(const uint8_t *tables, uint32_t bytes, uint64_t *numbers,
                              uint32_t room);

#endif
