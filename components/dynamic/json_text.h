/* SPDX-License-Identifier: MIT */
/* json_text: the grammar of JSON (RFC 8259) on a scan, without types. */
#ifndef DYNAMIC_JSON_TEXT_H
#define DYNAMIC_JSON_TEXT_H
#include "scan.h"

/* Skip blanks. */
void json_text_blanks(struct scan *scan);

/* Take a byte with the blanks before it; the next byte after blanks (NUL at the end). */
bool json_text_take(struct scan *scan, char byte);
char json_text_next(struct scan *scan);

/* Take one of the words true, false, null. */
bool json_text_word(struct scan *scan, const char *word);

/*
 * Take a string with its quotes. At most `room` bytes of it go to `to` (null: none); `length`
 * becomes that of the whole, in UTF-8. Fails on control characters, wrong escapes, and halves of
 * surrogate pairs.
 */
bool json_text_string(struct scan *scan, uint8_t *to, uint32_t room, uint32_t *length);

/* Take a number with its sign. */
bool json_text_number(struct scan *scan, struct scan_number *out);

/* Skip any value. */
bool json_text_skip(struct scan *scan);

/* How many elements the array has whose bracket was just taken; nothing is taken. */
bool json_text_count(struct scan *scan, uint32_t *count);
#endif
