/* SPDX-License-Identifier: MIT */
/* The contract between the kernel and a processor: every function that an architecture owes.
   kernel/arch/<arch>/ implements it; nothing else in the kernel knows the processor.

   arch_types.h of the architecture gives, inline or as constants: PAGE_SHIFT, PAGE_SIZE, USER_LOW,
   USER_HIGH (user addresses are in [low, high)), TICKS_PER_MICROSECOND (about), SLICE_TICKS_MIN,
   IRQ_LINES (at most 32), ARCH_PORTS (how many I/O ports there are), struct registers (with
   `words`, `status`, `instruction`, `flags`, `stack`), struct arch_thread, struct arch_core,
   physical_pointer(), pointer_physical(), arch_ticks(), arch_flush_page(), arch_zero_words(),
   core_self(), arch_core_fold(core) (add to its counters what short ways count elsewhere),
   arch_root_frame(root), ARCH_SYSCALL_BYTES, ARCH_TABLE_LEVELS, TABLE_ENTRIES, TABLE_SPAN_MASK, and
   for page-table entries (0 is an empty one) the bits ENTRY_WRITE, ENTRY_ACCESSED and ENTRY_DIRTY,
   ARCH_ENTRY_FRAME_SHIFT, arch_entry_table() from the frame number of a table of the next level,
   arch_entry_make() from a frame number and EXO_RIGHT_* rights, _quick() from ARCH_TEMPLATE_RIGHTS
   alone, _frame(), _weaken() to at most some rights. */
#pragma once

#include "arch_types.h"

/* Start-up ------------------------------------------------------------------------------- */

/* Fill `boot` from what the loader left; runs first, on the boot core, with the boot tables. */
struct boot_information;
void arch_boot_information(struct boot_information *boot, const void *loader);
/* Map all of physical memory below `physical_end` for the kernel, and the kernel itself with
   write-or-execute rights; takes page-table frames from `boot`'s free memory. */
void arch_map_kernel(struct boot_information *boot);
/* Make this core ready for user mode: descriptors, entry points, protection bits, vector state. */
void arch_core_start(struct core *core);
/* Start the timer and the interrupt controller; gives the ticks per second. */
uint64_t arch_timer_start(struct core *core);
/* Ask the processor `core->hardware` to start: reset it, and after some time, with `where`, tell it
   to go to core_main() with this core; where one request does both, the second does nothing. False
   when there is no such processor (if that can be told). */
bool arch_core_ask(struct core *core, bool where);
_Noreturn void core_main(struct core *core);
/* Interrupt another core: it looks what it is asked for (core.h). Inline in arch_types.h:
   arch_pause(), in a loop that waits for another core. */
void arch_core_interrupt(struct core *core);

/* Console, end of the machine -------------------------------------------------------------- */

void arch_console_write(const char *text, uint64_t length);
/* Stop everything for ever, with a failing exit status where the machine has one. */
_Noreturn void arch_halt(void);

/* Address spaces ------------------------------------------------------------------------- */

/* Prepare a zeroed frame as the root of an address space, the kernel's half filled in: the root. */
uint64_t arch_root_prepare(uint64_t frame);
/* Clear the kernel's half again: the user's half is empty. */
void arch_root_clear(uint64_t root);
/* Run in this address space (0: the kernel's own, no user half). */
void arch_space_load(struct core *core, uint64_t root);

/* Threads -------------------------------------------------------------------------------- */

/* Registers of a thread that never ran: user mode, interrupts on, everything else zero. */
void arch_thread_prepare(struct thread *thread);
/* Read or write register number `index` (enum exo_thread_register up to tlsBase2). A value that
   the processor would refuse is refused (false), privileged flags are masked. */
bool arch_register_write(struct thread *thread, uint64_t index, uint64_t value);
uint64_t arch_register_read(const struct thread *thread, uint64_t index);
/* Inline in arch_thread.h: arch_thread_switch(from, to), which saves and loads what is not in
   `registers` and resets what no thread keeps; arch_core_thread(core, thread), after which entries
   store in this thread; arch_space_switch(core, root), which loads another root that is not 0. */
/* Vector state and thread-local bases to their initial values (portal call and reply). */
void arch_vector_reset(void);
/* Continue the thread in user mode, all registers from `registers`. */
_Noreturn void arch_resume(struct thread *thread);

/* User memory ---------------------------------------------------------------------------- */

/* Copy between the kernel and the loaded user address space; false when a page is missing or not
   writable (part may have been copied) or the range is not the user's. */
bool arch_copy_from_user(void *target, uint64_t source, uint64_t bytes);
bool arch_copy_to_user(uint64_t target, const void *source, uint64_t bytes);

/* Upcall frames. Inline in arch_thread.h: ARCH_UPCALL_FRAME_BYTES; ARCH_RED_ZONE, how far below the
   interrupted stack pointer a nested frame must stay clear; arch_upcall_push(thread, at, cause,
   address, error), which writes the frame, false when it cannot; arch_upcall_enter(thread, entry,
   stack), which continues the thread there with the flags of a fresh thread. */
/* upcall_return on a processor that cannot return alone; bad_call where it can. */
enum exo_status arch_upcall_return(struct thread *thread, uint64_t frame);

/* Time and interrupts -------------------------------------------------------------------- */

/* Inline in arch_thread.h: arch_timer_set(core, deadline, now) interrupts this core once, at
   `deadline` ticks or somewhat earlier, at once if that is past. */
/* Halt until an interrupt, and core_stand() before that does anything. */
void arch_idle_wait(void);
/* Let the interrupts in that are waiting. */
void arch_interrupt_window(void);
void arch_irq_mask(uint32_t line, bool masked);

/* The kernel calls port_read and port_write are the architecture's own (kernel_handlers.h). */
