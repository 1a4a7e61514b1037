/* SPDX-License-Identifier: MIT */
/* Interrupt lines: each sets bits of an Event and stays masked until acknowledged. */
#pragma once

/* A line has fired. */
void irq_raise(uint32_t line);
/* An Event ends, or a capability goes: so do its connections. Either may be NULL. */
void irq_gone(const struct event *event, const struct slot *slot);
