/* SPDX-License-Identifier: MIT */
/*
 * text_parse: Cap'n Proto's text format, as `capnp encode` reads it: struct and list literals,
 * numbers (decimal, 0x, 0, with exponents, inf, nan), strings with C's escapes, 0x"..." for bytes,
 * names of enumerants, true, false, void; comments from # to the line's end. Constants cannot be
 * named. An enumerant's number in parentheses, as text_print writes an unknown one, is read too.
 */
#ifndef DYNAMIC_TEXT_PARSE_H
#define DYNAMIC_TEXT_PARSE_H
#include "scan.h"

/*
 * Parse a struct literal into the fields of `out`, which was just made. `used` may be null and then
 * nothing but blanks and comments may follow the literal; else it becomes the bytes that were
 * taken. Returns false when something is wrong, and says what in `error`.
 */
bool text_parse(struct dynamic_builder *out, const char *text, uint32_t length,
                struct parse_options options, uint32_t *used, struct parse_error *error);
#endif
