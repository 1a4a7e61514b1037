/* SPDX-License-Identifier: MIT */
/*
 * terminal: what the console driver does to bytes between its clients and the serial port. Pure.
 *
 * Input waits in a ring; when that is full, the rest waits where it came from. Output gets a
 * carriage return before each line feed.
 */
#ifndef CONSOLE_TERMINAL_H
#define CONSOLE_TERMINAL_H

#include <stddef.h>
#include <stdint.h>

enum { TERMINAL_INPUT_BYTES = 1024 };

struct terminal {
    char input[TERMINAL_INPUT_BYTES];
    size_t taken; /* bytes taken out since the start */
    size_t put;   /* bytes put in; put - taken is at most TERMINAL_INPUT_BYTES */
    char last; /* the last byte of the output before, for lines that end across two writes */
};

/* How many more bytes can be kept. */
size_t terminal_room(const struct terminal *terminal);

/* Keep bytes that were typed, as many as there is room for at most. */
void terminal_put(struct terminal *terminal, const char *bytes, size_t count);

/* Take at most `room` typed bytes; returns how many. */
size_t terminal_take(struct terminal *terminal, char *to, size_t room);

/*
 * Translate output: at most `count` bytes of `from` into `to`, which has `room` bytes (at least 2).
 * Returns how many bytes of `from` were used; `*made` becomes the bytes made. A line feed right
 * behind a carriage return is left as it is.
 */
size_t terminal_translate(struct terminal *terminal, const char *from, size_t count, char *to,
                          size_t room, size_t *made);

#endif
