/* SPDX-License-Identifier: MIT */
/* Interrupt lines: each sets bits of an Event and stays masked until acknowledged. */
#ifndef IRQ_H
#define IRQ_H

#include <stdint.h>

struct event;

/* A line has fired. */
void irq_raise(uint32_t line);
/* The Event ends: its lines are disconnected. */
void irq_event_gone(struct event *event);

#endif
