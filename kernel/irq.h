/* SPDX-License-Identifier: MIT */
/* Interrupt lines: each sets bits of an Event and stays masked until acknowledged. */
#ifndef IRQ_H
#define IRQ_H

#include <stdint.h>

struct event;
struct slot;

/* A line has fired. */
void irq_raise(uint32_t line);
/* The Event ends: its lines are disconnected. */
void irq_event_gone(struct event *event);
/* A capability goes: so do the connections that it made. */
void irq_slot_gone(const struct slot *slot);

#endif
