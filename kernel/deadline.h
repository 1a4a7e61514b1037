/* SPDX-License-Identifier: MIT */
/* The deadlines of a core's threads: a binary heap in the core, earliest first. */
#pragma once

/* Put the thread's deadline into its core's heap; nothing for DEADLINE_NEVER or when armed. */
void deadline_arm(struct thread *thread);
void deadline_disarm(struct thread *thread);
/* Time out the threads whose deadline is not after `now`; at most a fixed number at once. */
void deadline_expire(struct core *core, uint64_t now);
/* The earliest deadline, DEADLINE_NEVER when there is none. */
uint64_t deadline_first(const struct core *core);
/* The heap property and the back links. */
bool deadline_check(const struct core *core);
