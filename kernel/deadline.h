/* SPDX-License-Identifier: MIT */
/* The deadlines of a core's threads: a binary heap in the core, earliest first. */
#pragma once

/* About what it takes to time out a thread, which the slot pays in advance that it lies down in:
   that happens in somebody else's, who gets the time back. */
#define EXPIRE_TICKS (TICKS_PER_MICROSECOND * 2 / 5)

/* Put the thread's deadline into its core's heap, and let the slot pay so much in advance; nothing
   for DEADLINE_NEVER or when armed. */
void deadline_arm(struct thread *thread, uint64_t advance);
void deadline_disarm(struct thread *thread);
/* Time out the threads whose deadline is not after `now`; at most a fixed number at once. */
void deadline_expire(struct core *core, uint64_t now);
/* The heap property and the back links. */
bool deadline_check(const struct core *core);
