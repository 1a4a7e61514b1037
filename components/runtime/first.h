/* SPDX-License-Identifier: MIT */
/*
 * first: what a program has that the kernel itself starts: init, and the measuring programs. Such a
 * program says FIRST_PROGRAM and defines first_main; the kernel's start-up gives it all the
 * machine's rights in fixed slots.
 */
#ifndef RUNTIME_FIRST_H
#define RUNTIME_FIRST_H

#include <stdint.h>

#include "boot_layout.h"
#include "child.h"
#include "slots.h"
#include "space.h"

/* Slots of the first domain's table, as the kernel fills them (idl/boot.capnp). */
enum {
    FIRST_SLOT_RAM = EXO_FIRST_SLOT_RAM,
    FIRST_SLOT_IMAGE = EXO_FIRST_SLOT_IMAGE,
    FIRST_SLOT_DEVICES = EXO_FIRST_SLOT_DEVICES,
    FIRST_SLOT_CPU = EXO_FIRST_SLOT_CPU,
    FIRST_SLOT_GAS = EXO_FIRST_SLOT_GAS,
    FIRST_SLOT_IRQ = EXO_FIRST_SLOT_IRQ,
    FIRST_SLOT_PORTS = EXO_FIRST_SLOT_PORTS,
    FIRST_SLOT_THREAD = EXO_FIRST_SLOT_THREAD,
    FIRST_SLOT_INFORMATION = EXO_FIRST_SLOT_INFORMATION,
    FIRST_SLOT_RAM_SECOND = EXO_FIRST_SLOT_RAM_SECOND,
    FIRST_SLOT_RAM_THIRD = EXO_FIRST_SLOT_RAM_THIRD,
    FIRST_SLOT_RAM_FOURTH = EXO_FIRST_SLOT_RAM_FOURTH,
    FIRST_SLOT_RAM_FIFTH = EXO_FIRST_SLOT_RAM_FIFTH,
    FIRST_SLOT_DEVICES_LOW = EXO_FIRST_SLOT_DEVICES_LOW,
    FIRST_SLOT_TREE = EXO_FIRST_SLOT_TREE,
    FIRST_SLOT_FREE = 16,
    FIRST_SLOT_COUNT = 1024,
};

/* Addresses that the first program maps for itself; 64 GiB from here on are free. All of it lies
 * below 256 GiB, where the addresses of user code may end. */
#define FIRST_SPACE_ADDRESS UINT64_C(0x1000000000)

/*
 * Said once in such a program's main file: its threads begin here, and not where those of the
 * components do, which init starts.
 */
#define FIRST_PROGRAM                                                                            \
    _Noreturn void runtime_start(uint64_t bytes, uint64_t image, uint64_t information);          \
    void runtime_start(uint64_t bytes, uint64_t image, uint64_t information)                     \
    {                                                                                            \
        first_start(bytes, image, information);                                                  \
    }

/* What FIRST_PROGRAM calls, with the three words that the kernel gives. */
_Noreturn void first_start(uint64_t bytes, uint64_t image, uint64_t information);

/* The program. When it returns, the machine ends with this status, 0 being success. */
uint32_t first_main(void);

/* The whole boot image, mapped read-only, and its length in bytes. */
const uint8_t *first_image(uint64_t *bytes);
/* The page that tells about the machine (KernelInformation of idl/boot.capnp), as words. */
const uint64_t *first_information(void);

/* Free frames of FIRST_SLOT_RAM, free slots, free pages of the address space. */
struct space *first_frames(void);
struct slots *first_slots(void);
struct space *first_space(void);

/*
 * The segments of this very program, for children that run a copy of it: their data is a copy of
 * what ours is at the moment of child_make. Fills at most CHILD_SEGMENTS_MAX; returns how many.
 */
uint32_t first_segments(struct child_segment *segments);

#endif
