/* SPDX-License-Identifier: MIT */
/*
 * serial: a 16550 serial port (National Semiconductor PC16550D).
 *
 * Output waits for the transmitter by asking it, one look for each 16 bytes that its buffer holds;
 * input is taken when the caller asks for it, which a driver does after the port's interrupt.
 */
#ifndef RUNTIME_SERIAL_H
#define RUNTIME_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registers.h"

struct serial {
    struct registers registers; /* eight, of a byte each */
    uint16_t burst;             /* bytes that the transmitter takes at once */
};

/* Set the port to 115,200 bit/s, eight bits, no parity, buffers on, interrupts off. */
void serial_start(struct serial *serial, const struct registers *registers);

/* Let the port raise its line when bytes arrive, or no more. */
void serial_interrupts(const struct serial *serial, bool on);

/* Write bytes as they are, and return when the last one is in the transmitter's buffer. */
void serial_write(const struct serial *serial, const char *text, size_t bytes);

/* Take what has arrived, at most `room` bytes; returns how many. */
size_t serial_read(const struct serial *serial, char *to, size_t room);

#endif
