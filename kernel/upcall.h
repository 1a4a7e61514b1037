/* SPDX-License-Identifier: MIT */
/* Upcalls: the kernel writes a frame to the thread's own upcall stack and continues it at an entry
   point. Frame, from the stack pointer up: cause, address, error, and what the processor returns
   by. */
#pragma once

/* A fault of the current thread: `error` is the processor's vector << 32 | its error code,
   `address` the faulting one. Without a usable handler the thread stops. */
void upcall_fault(struct thread *thread, uint64_t error, uint64_t address);
/* A system call that is not the kernel's. */
void upcall_foreign(struct thread *thread, uint64_t word);
/* Bits of the thread's Event are pending: start the upcall unless it is deferred. False when the
   thread stopped over it. */
bool upcall_event(struct thread *thread);
