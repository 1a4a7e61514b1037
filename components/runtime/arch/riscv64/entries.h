/* SPDX-License-Identifier: MIT */
/*
 * entries: where a program's further entries stand, in bytes from its first instruction. Read by
 * the assembler too.
 */
#ifndef RUNTIME_ENTRIES_H
#define RUNTIME_ENTRIES_H

#define ENTRY_THREAD 32 /* a further thread's first instruction */
#define ENTRY_FAULT 64  /* the fault upcall's */
#define ENTRY_EVENT 256 /* the event upcall's */

#endif
