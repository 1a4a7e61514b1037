/* SPDX-License-Identifier: MIT */
/*
 * upcall: what the entry code of arch/ calls, and what a program can put behind it.
 *
 * A fault goes to fault_dispatch (fault.h) first. What nobody handles ends the thread: the crash
 * handler is told once, then processor_stop makes the kernel stop the thread and signal its exit
 * Event. This needs no right to stop oneself. Everything here runs on the upcall stack; see
 * general_registers.h.
 */
#ifndef RUNTIME_UPCALL_H
#define RUNTIME_UPCALL_H

#include <stdint.h>

#include "fault.h"

/* Takes the bits of the Event that the thread named for its upcalls. */
typedef void event_handler(uint64_t bits);
/* Hears of a fault that nobody handled, before the thread stops. */
typedef void crash_handler(const struct upcall_frame *frame);

/* Set the handlers; null: none. */
void upcall_on_event(event_handler *handler);
void upcall_on_crash(crash_handler *handler);

/* What the entry code calls besides fault_dispatch: for faults that nobody handled, for events. */
_Noreturn void fault_refused(struct upcall_frame *frame);
void event_handle(struct upcall_frame *frame);

/* The kernel call upcall_return, for entry code that returns by it. */
extern const uint64_t upcall_return_word;

/* Stop this thread as described above, without telling the crash handler. */
_Noreturn void upcall_stop(void);

/*
 * A condition that must hold does not: say where, and end the program. The name is the C library's.
 */
_Noreturn void __assert_fail(const char *condition, const char *file, unsigned line,
                             const char *function);

#endif
