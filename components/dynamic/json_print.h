/* SPDX-License-Identifier: MIT */
/*
 * json_print: values as JSON, as `capnp convert` prints them, with the annotations of json.capnp.
 */
#ifndef DYNAMIC_JSON_PRINT_H
#define DYNAMIC_JSON_PRINT_H
#include "text_print.h"

/*
 * Print a struct as a JSON object. 64-bit integers are strings, bytes are lists of numbers,
 * infinities and NaN are strings, as the C++ implementation writes them. Errors as text_print, and
 * DYNAMIC_POINTER.
 */
enum dynamic_error json_print(const struct dynamic_struct *value, struct print_options options,
                              struct output *output);
#endif
