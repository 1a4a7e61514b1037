/* SPDX-License-Identifier: MIT */
/* command: a command line split into words, and the table that says what the words mean. */
#ifndef MONITOR_COMMAND_H
#define MONITOR_COMMAND_H

#include <stdint.h>

enum { COMMAND_WORDS_MAX = 8 };

struct command_words {
    uint32_t count;
    const char *word[COMMAND_WORDS_MAX]; /* each ends in NUL, inside the line that was split */
};

/* Carries a command out. `context` is what command_run was given. */
typedef void command_function(const struct command_words *words, void *context);

struct command {
    const char *name;
    /* For help, as in "NAME" or "". Each '[' is an argument that may be left out; one with "..." is
     * the rest of the line, with its spaces. */
    const char *arguments;
    uint32_t argument_count; /* with the optional ones */
    const char *help; /* one sentence */
    command_function *run;
};

enum command_result {
    COMMAND_RUN,
    COMMAND_NOTHING,         /* no word in the line */
    COMMAND_UNKNOWN,         /* no command begins like this */
    COMMAND_AMBIGUOUS,       /* several do */
    COMMAND_WRONG_ARGUMENTS, /* too few or too many words */
};

/* Split a line at its spaces, in place. Words beyond COMMAND_WORDS_MAX are dropped. Word number
 * `rest` (0: none) is all that is left of the line, without spaces around it. */
void command_split(char *line, uint32_t rest, struct command_words *words);

/*
 * Find the command that the first word names (its beginning is enough when only one begins so) in a
 * table of `count` commands, and run it. `found` may be null; else it becomes the command found, or
 * null.
 */
enum command_result command_run(const struct command *table, uint32_t count, char *line,
                                void *context, const struct command **found);

#endif
