/* SPDX-License-Identifier: MIT */
/* gas: init fills the components' accounts, as the plan says. */
#ifndef INIT_GAS_H
#define INIT_GAS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* Set the prices, give each account its first credit, listen to those that init keeps filled. */
bool gas_start(void);

/* Does init keep this component's account filled, since the plan gives it no credit? */
bool gas_is_kept(const struct component *component);

/* Do the refills that are due; returns the ticks when the next one is. */
uint64_t gas_refill_due(void);

/* Fill the accounts that run low, when init's Event says so with the bit OWN_BIT_GAS. */
void gas_fill_low(uint64_t bits);

/*
 * Is what the accounts were charged what the cores took, and have the accounts paid for each slot
 * that was played? To be asked when no component runs any more; tells in a line what is wrong.
 */
bool gas_adds_up(void);

#endif
