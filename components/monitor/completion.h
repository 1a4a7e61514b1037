/* SPDX-License-Identifier: MIT */
/*
 * completion: what can stand where the cursor is. The word before the cursor is taken apart from
 * the line, names are offered, and what all that fit have in common is what can be added. Pure
 * logic.
 */
#ifndef MONITOR_COMPLETION_H
#define MONITOR_COMPLETION_H

#include <stdbool.h>
#include <stdint.h>

enum { COMPLETION_WORDS_MAX = 4, COMPLETION_NAMES_MAX = 64, COMPLETION_NAME_BYTES = 72 };

struct completion {
    uint32_t index; /* which word of the line it is; at least COMPLETION_WORDS_MAX: a later one */
    /* The words before it, each ended by NUL. */
    char words[COMPLETION_WORDS_MAX][COMPLETION_NAME_BYTES];
    char start[COMPLETION_NAME_BYTES]; /* what of the word is there, ended by NUL */
    uint32_t start_bytes;
    uint32_t count; /* names that begin so */
    char names[COMPLETION_NAMES_MAX][COMPLETION_NAME_BYTES]; /* the first of them */
};

/* Take apart the first `cursor` bytes of a line. False: the word is longer than any name. */
bool completion_begin(struct completion *completion, const char *line, uint32_t cursor);

/* A name that may stand there. */
void completion_offer(struct completion *completion, const char *name, uint32_t bytes);

/* What is to be added to the line: what all names have in common behind what is there, and a space
 * if there is only one name. Returns the bytes; `to` has COMPLETION_NAME_BYTES + 1. */
uint32_t completion_result(const struct completion *completion, char *to);

#endif
