/* SPDX-License-Identifier: MIT */
/* text_print: values in Cap'n Proto's text format, as `capnp decode` prints them. */
#ifndef DYNAMIC_TEXT_PRINT_H
#define DYNAMIC_TEXT_PRINT_H
#include "dynamic.h"
#include "output.h"

/* How a value is printed, by any printer. */
struct print_options {
    bool pretty;        /* on several lines, indented; otherwise on one */
    uint32_t depth_max; /* structs, groups and lists in each other; 0: DYNAMIC_DEPTH_MAX */
    uint64_t work_max;  /* values looked at; 0: DYNAMIC_WORK_MAX */
    /* text_print: prints what a message says of a capability; null: only that it is one. */
    void (*capability)(struct output *output, uint32_t number);
};

/*
 * Print a struct with its parentheses. Pretty and short are byte for byte what the C++ tool makes.
 * Bytes below 32 in texts come out as escapes, so a terminal is safe from a hostile text; bytes
 * from 128 on come out as they are. Errors: DYNAMIC_MESSAGE (see the message's `error`) and the
 * others but DYNAMIC_POINTER; what was printed until then stays.
 */
enum dynamic_error text_print(const struct dynamic_struct *value, struct print_options options,
                              struct output *output);

/* Print any value alone, on one line. */
enum dynamic_error text_print_value(const struct dynamic_value *value, struct output *output);

/* Print `bytes` with C's escapes, without quotes; of bytes that are no text, all from 127 on too.
 * Each byte is fetched once. */
void text_print_escaped(struct output *output, const char *bytes, uint32_t count, bool is_text);
#endif
