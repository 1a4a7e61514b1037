/* SPDX-License-Identifier: MIT */
/*
 * fault: a component handles its own page faults.
 *
 * The kernel writes a frame to the thread's upcall stack and jumps to the fault entry, which calls
 * fault_handle. That looks for the region that holds the address and asks its handler, which makes
 * the access possible (by mapping a page, say) or refuses. What nobody handles ends the component.
 * Handlers run on the upcall stack, with the registers that general_registers.h leaves them, and
 * must not block on anything that the interrupted code may hold.
 */
#ifndef RUNTIME_FAULT_H
#define RUNTIME_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum { FAULT_REGIONS_MAX = 96 };

/* What the kernel writes for an upcall, lowest address first. */
struct upcall_frame {
    uint64_t cause;   /* enum exo_upcall_cause */
    uint64_t address; /* the address that faulted; a foreign call's word; the bits of an event */
    uint64_t error;   /* exception number << 32 | the processor's error code, if it has one */
    uint64_t instruction_pointer;
    uint64_t own4, own5; /* these and own7: what the processor's way back needs, see start.S */
    uint64_t stack_pointer;
    uint64_t own7;
};

/*
 * Handles a fault at `address` inside the region. Returns true when the instruction can be tried
 * again. It may change the frame, to go on elsewhere. `context` is what fault_region_add was given.
 */
typedef bool fault_handler(struct upcall_frame *frame, uint64_t address, void *context);

/* For files alone that include general_registers.h, since they have the handler. */
#ifdef RUNTIME_GENERAL_REGISTERS_H
/*
 * Let `handler` handle the faults at addresses [low, high). Regions must not overlap. Returns false
 * when they do or when there are FAULT_REGIONS_MAX already.
 */
bool fault_region_add(uint64_t low, uint64_t high, fault_handler *handler, void *context);
#endif

/* Forget the region that begins at `low`. Returns false when there is none. */
bool fault_region_remove(uint64_t low);

/*
 * Find the region of an address and ask its handler. Returns false when there is none or it
 * refuses.
 */
bool fault_dispatch(struct upcall_frame *frame);

#endif
