/* SPDX-License-Identifier: MIT */
/* scenario: what the boot tests have in common. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "child.h"
#include "kernel_stubs.h"
#include "print.h"
#include "startup.h"

#define READ_WRITE (EXO_RIGHT_READ | EXO_RIGHT_WRITE)
#define NO_CORE_INDEX UINT32_MAX

/* End the component with a line that says which condition does not hold. */
#define CHECK(condition) scenario_check(condition, #condition, __FILE__, __LINE__)
/* The same for a call that must answer a status. */
#define EXPECT(call, status) scenario_expect(call, status, #call, __FILE__, __LINE__)

void scenario_check(bool holds, const char *condition, const char *file, int line);
void scenario_expect(enum exo_status got, enum exo_status wanted, const char *call,
                     const char *file, int line);

/* Free slots and frames of the component, or the end of the component. */
uint32_t scenario_slots(uint32_t number);
uint64_t scenario_frames(uint64_t number);
/* Free addresses, `pages` pages. */
uint64_t scenario_addresses(uint64_t pages);

enum { SCENARIO_SHARES_MAX = 4 };

/* Memory that a child and we have at the same address. */
struct scenario_share {
    uint32_t slot;
    uint64_t frame, address, pages;
};

/* A child, and what is needed to go on with it. */
struct scenario_child {
    struct child child;
    struct child_plan plan;
    uint32_t shares; /* of memory with it, at most SCENARIO_SHARES_MAX */
    struct scenario_share share[SCENARIO_SHARES_MAX];
};

/*
 * Make a child that runs function(argument) in a domain of its own, with a copy of this program's
 * data as it is now. Its thread is bound to the core of the device "cpu" without slots of its own:
 * scenario_run lends it ours. `frames` is the size of its pool, 0 the least; `gas` the slot of its
 * account, 0 our own; `labels` two words, or null.
 */
void scenario_child(struct scenario_child *child, void (*function)(uint64_t), uint64_t argument,
                    uint64_t frames, uint32_t gas, const uint64_t *labels);

/* `pages` pages of fresh memory, zeros, at the same address here and in the child. */
void *scenario_share(struct scenario_child *child, uint64_t pages);

/* Give a capability of ours to a slot of the child's table, with these rights. */
void scenario_give(const struct scenario_child *child, uint32_t slot, uint32_t child_slot,
                   uint64_t rights);

/*
 * Start the child and lend it our slices until it blocks or stops; returns why it stopped (enum
 * exo_stop_reason, none while it only blocks).
 */
uint64_t scenario_run(const struct scenario_child *child);
/* Lend it our slices until it blocks or stops. */
void scenario_step(const struct scenario_child *child);
/* Why it stopped; EXO_STOP_REASON_NONE while it has not. */
uint64_t scenario_stop_reason(const struct scenario_child *child);

/* End the child; its frames, slots and addresses are ours again. */
void scenario_end(struct scenario_child *child);

/* In a child: stop. */
_Noreturn void scenario_stop(void);

#endif
