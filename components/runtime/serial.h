/* SPDX-License-Identifier: MIT */
/*
 * serial: a 16550 serial port (National Semiconductor PC16550D) behind a Ports capability.
 *
 * Output waits for the transmitter by asking it, one look for each 16 bytes that its buffer holds;
 * input is taken when the caller asks for it, which a driver does after the port's interrupt.
 */
#ifndef RUNTIME_SERIAL_H
#define RUNTIME_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SERIAL_BASE = 0x3f8, SERIAL_PORTS = 8, SERIAL_LINE = 4 }; /* the first port of a PC */

struct serial {
    uint32_t ports; /* slot of the Ports capability, which the caller keeps */
    uint16_t base;  /* first of the eight ports */
    uint16_t burst; /* bytes that the transmitter takes at once */
};

/* Set the port to 115,200 bit/s, eight bits, no parity, buffers on, interrupts off. */
void serial_start(struct serial *serial, uint32_t ports, uint16_t base);

/* Let the port raise its line when bytes arrive, or no more. */
void serial_interrupts(const struct serial *serial, bool on);

/* Write bytes as they are, and return when the last one is in the transmitter's buffer. */
void serial_write(const struct serial *serial, const char *text, size_t bytes);

/* Take what has arrived, at most `room` bytes; returns how many. */
size_t serial_read(const struct serial *serial, char *to, size_t room);

#endif
