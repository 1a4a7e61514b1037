/* SPDX-License-Identifier: MIT */
/*
 * show: values of messages as text, in the form that `capnp eval` prints: (city = "Lisbon", days =
 * 3). The programs that are generated from a schema's first method put their answers together with
 * it.
 *
 * The text grows in a buffer of the caller's; what does not fit is cut off, and nothing else
 * happens.
 */
#ifndef RUNTIME_SHOW_H
#define RUNTIME_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capnp.h"

/* A text that is being put together; `used` of `room` bytes at `to` are written. Never ended by
 * NUL. */
struct show {
    char *to;
    size_t room;
    size_t used;
};

/* Add words as they are, ended by NUL. */
void show_words(struct show *show, const char *words);

/* Add a text in quotes; what is no printable ASCII is escaped as in C. */
void show_text(struct show *show, struct capnp_text text);

/* Add bytes: 0x"de ad". */
void show_data(struct show *show, struct capnp_data data);

/* Add a number, or a truth value. */
void show_signed(struct show *show, int64_t value);
void show_unsigned(struct show *show, uint64_t value);
void show_bool(struct show *show, bool value);

/*
 * Add a floating-point number by its bits (IEEE 754 binary32 or binary64): the shortest of at most
 * seven or fifteen digits that is near enough for people, and nan, inf, -inf.
 */
void show_float32(struct show *show, uint32_t bits);
void show_float64(struct show *show, uint64_t bits);

/* Add the name of an enum's value, or its number when the schema of this program has no such
 * value. */
void show_enum(struct show *show, uint16_t value, const char *const *names, uint16_t count);

#endif
