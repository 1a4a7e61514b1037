/* SPDX-License-Identifier: MIT */
/*
 * output: where printers put bytes. Either a function takes them, or they are only counted, up to
 * a limit, to learn whether something fits on a line.
 */
#ifndef DYNAMIC_OUTPUT_H
#define DYNAMIC_OUTPUT_H
#include <stdbool.h>
#include <stdint.h>

struct output {
    void (*write)(void *context, const char *bytes, uint32_t count); /* null: only count */
    void *context;
    uint64_t count; /* bytes that came */
    uint64_t limit; /* of a counting output: no need to go on beyond it */
};

/* Begin an output that only counts, up to `limit` bytes. */
static inline void output_begin_count(struct output *output, uint64_t limit)
{
    *output = (struct output){.limit = limit};
}

/* Is a counting output beyond its limit, so that its printer may stop. */
static inline bool output_is_over(const struct output *output)
{
    return !output->write && output->count > output->limit;
}

/* Put `count` bytes. */
static inline void output_bytes(struct output *output, const char *bytes, uint32_t count)
{
    output->count += count;
    if (output->write && count > 0)
        output->write(output->context, bytes, count);
}

/* Put one byte. */
static inline void output_byte(struct output *output, char byte)
{
    output_bytes(output, &byte, 1);
}

/* Put a C string. */
void output_text(struct output *output, const char *text);

/* Put `count` spaces. */
void output_spaces(struct output *output, uint32_t count);

/* Put a decimal number; `is_signed` says how to read the bits. */
void output_integer(struct output *output, uint64_t bits, bool is_signed);

/* A buffer as the context of an output: what does not fit is cut off, and `count` of the output
 * says how much there was. */
struct output_buffer {
    char *bytes;
    uint32_t room;
    uint32_t used;
};

/* Begin an output into a buffer, which is the caller's. */
void output_begin_buffer(struct output *output, struct output_buffer *buffer);
#endif
