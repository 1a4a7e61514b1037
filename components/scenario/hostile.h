/* SPDX-License-Identifier: MIT */
/*
 * hostile: what user code can do to the processor's state before the kernel is entered, and the
 * instructions that user code must not execute. Each is one function that a child runs.
 */
#ifndef SCENARIO_HOSTILE_H
#define SCENARIO_HOSTILE_H

#include <stdint.h>

enum hostile_end {
    HOSTILE_RETURNS, /* the child goes on after it */
    HOSTILE_STOPS,   /* the kernel stops the child */
    HOSTILE_EITHER,  /* processors differ, or the emulator checks less than they do */
};

struct hostile_case {
    const char *name;
    void (*run)(void);
    enum hostile_end end;
};

/* The cases of this architecture; `*count` becomes how many. */
const struct hostile_case *hostile_cases(uint32_t *count);

#endif
