/* SPDX-License-Identifier: MIT */
/*
 * measure: what an operation costs in instructions, which the emulator counts exactly, and in
 * privileged operations, which the kernel counts.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>

#include "child.h"
#include "processor.h"

/* Readings at one moment, or the difference of two. */
struct measure {
    uint64_t instructions;
    uint64_t entries;  /* of the kernel */
    uint64_t switches; /* of the address space */
    uint64_t flushes;  /* of the TLB, of a page or of all */
};

/* Keeps the compiler from moving memory accesses across, or from removing an empty loop. */
static inline void measure_barrier(void)
{
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

/* Start, and stop: `measure` then holds the differences, without what the two calls cost. */
void measure_begin(struct measure *measure);
void measure_end(struct measure *measure);

/*
 * Print the figure NAME, per operation and rounded to the nearest, and NAME_privileged with its
 * three parts. `overhead` instructions (of the loop alone) are taken off first.
 */
void measure_print(const char *name, const struct measure *measure, uint64_t overhead,
                   uint64_t operations);

/* Print one value with its unit. */
void measure_print_value(const char *name, uint64_t value, const char *unit);

/*
 * Make a child that runs function(argument) in a domain of its own, with a copy of this program's
 * data, and put it into the core's table at `index` (1 and up; all ones: without slots). It is not
 * started. Ends the program when that fails.
 */
void measure_child(struct child *child, void (*function)(uint64_t), uint64_t argument,
                   uint32_t index, uint32_t portal_count);

/* The same on the core whose Cpu is in the slot. */
void measure_child_on(uint32_t cpu, struct child *child, void (*function)(uint64_t),
                      uint64_t argument, uint32_t index, uint32_t portal_count);

/* Share `pages` pages of fresh memory, zeros, with a child at the same address; returns it. */
void *measure_share(const struct child *child, uint64_t pages);

/*
 * Let the core play `count` words (index | ticks << 16, the kernel's ticks) again and again; index
 * 0, which is this program, also serves as scheduler.
 */
void measure_play(const uint64_t *words, uint32_t count);

/* End the program with a message when a kernel call failed. */
void measure_check(enum exo_status status, const char *what);

#endif
