/* SPDX-License-Identifier: MIT */
/*
 * json_parse: JSON (RFC 8259), as `capnp convert` reads it, with the annotations of json.capnp.
 * Members that the schema does not know are skipped. 64-bit integers may be strings; floats may be
 * the strings NaN, Infinity and -Infinity; null leaves a field as it is.
 */
#ifndef DYNAMIC_JSON_PARSE_H
#define DYNAMIC_JSON_PARSE_H
#include "scan.h"

/* Parse a JSON object into the fields of `out`, which was just made. `used` and the result are as
 * those of text_parse. */
bool json_parse(struct dynamic_builder *out, const char *text, uint32_t length,
                struct parse_options options, uint32_t *used, struct parse_error *error);
#endif
