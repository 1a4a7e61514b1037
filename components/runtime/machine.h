/* SPDX-License-Identifier: MIT */
/*
 * machine: where this kind of machine has the devices that each kind has, and what the first
 * program, which holds all of them, does with some.
 */
#ifndef RUNTIME_MACHINE_H
#define RUNTIME_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "boot.capnp.h"
#include "registers.h"

/* Where a device is. */
struct machine_place {
    bool in_memory; /* its registers are, and the next two in bytes, of whole pages; else ports */
    uint64_t first;
    uint64_t count; /* 0: this kind of machine does not have it */
    uint32_t line;  /* 0: it has none */
    uint32_t lines; /* how many follow each other; 0: one */
};

/* In arch/<arch>/: the place of a device, and what the device `exit` is told so that the machine
 * ends with `status`, 0 being success. */
struct machine_place machine_place(enum exo_machine_device device);
/* In arch/<arch>/, for the first program: make a device appear at its place. */
bool machine_prepare(enum exo_machine_device device);
uint32_t machine_exit_value(uint32_t status);

/*
 * For the first program: the slot of the device memory that holds these physical addresses; 0 when
 * none does. `*offset` becomes the first page's place in it.
 */
uint32_t machine_memory(uint64_t first, uint64_t bytes, uint64_t *offset);

/*
 * For the first program: the registers of a device. Returns false when the machine does not have
 * it, or there is no room to map them.
 */
bool machine_registers(enum exo_machine_device device, struct registers *registers);

/* For the first program: get ready for machine_end; it needs no memory any more then. */
void machine_start(void);

/* End the machine. On a machine without the device this returns. */
void machine_end(uint32_t status);

#endif
