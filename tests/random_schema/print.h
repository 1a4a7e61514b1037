/* SPDX-License-Identifier: MIT */
/* Writing a random schema as a schema, and as C that uses what the generator makes of it. */
#ifndef PRINT_H
#define PRINT_H
#include "model.h"

#include <stdio.h>

/* Write the schema of a version; `id` is the file's. With `is_judge` it is one of the same messages
 * for the C++ implementation, which prints and parses no AnyPointer: these have the types that they
 * are set to, and each instance is an ordinary struct. */
void print_schema(FILE *out, const struct model *model, int version, uint64_t id, bool is_judge);

/* Write functions that fill and print each struct (support.h calls them), for a schema whose file
 * is PREFIX.capnp. The first struct's are in PREFIX_s0_element. */
void print_driver(FILE *out, const struct model *model, int version, const char *prefix);

/* The name of a member in the schema and in C; valid until the next but three. */
const char *print_name(const struct member *member);
const char *print_c_name(const struct member *member);
#endif
