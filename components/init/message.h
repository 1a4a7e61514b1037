/* SPDX-License-Identifier: MIT */
/* message: what init writes into a component's first page: idl/startup.capnp's Startup. */
#ifndef INIT_MESSAGE_H
#define INIT_MESSAGE_H

#include <stdint.h>

#include "plan.h"

enum { MESSAGE_WORDS_MAX = EXO_STARTUP_WORDS_MAX };

/*
 * Build the message for a component (by its index) into `words`, which has room for
 * MESSAGE_WORDS_MAX. Its length does not depend on the component's state, so it can be built once
 * to learn it. Returns the length in words, 0 when there is not enough room.
 */
uint64_t message_build(uint32_t component, uint64_t *words);

/* The slots of a component's three capabilities for its channel of this number. */
uint32_t message_doorbell_slot(const struct component *component, uint32_t number);
uint32_t message_wake_slot(const struct component *component, uint32_t number);
uint32_t message_memory_slot(const struct component *component, uint32_t number);

#endif
