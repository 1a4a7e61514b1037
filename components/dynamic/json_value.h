/* SPDX-License-Identifier: MIT */
/* json_value: JSON of any kind as json.capnp:Value, a struct that holds what JSON can say. */
#ifndef DYNAMIC_JSON_VALUE_H
#define DYNAMIC_JSON_VALUE_H
#include "scan.h"

/* Where the members of a Value lie, and its kinds. */
enum { JSON_VALUE_BOOLEAN_BIT = 16, JSON_VALUE_NUMBER_OFFSET = 8 };
enum { JSON_VALUE_DATA_WORDS = 2, JSON_VALUE_POINTERS = 1, JSON_VALUE_FIELD_POINTERS = 2 };
enum json_value_kind {
    JSON_VALUE_NULL,
    JSON_VALUE_BOOLEAN,
    JSON_VALUE_NUMBER,
    JSON_VALUE_STRING,
    JSON_VALUE_ARRAY,
    JSON_VALUE_OBJECT,
    JSON_VALUE_CALL /* a function's name and parameters; printed, but not parsed */
};

/* Parse one value into a Value that was just made. */
bool json_value_parse(struct scan *scan, const struct dynamic_builder *out);
#endif
