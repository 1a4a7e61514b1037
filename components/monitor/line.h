/* SPDX-License-Identifier: MIT */
/*
 * line: editing of one input line on a terminal, with history.
 *
 * Pure logic: bytes from the terminal go in one at a time, bytes for the terminal come out. Keys:
 * left, right, home, end, delete, backspace, up and down for history, and Control with
 * A E B F (move), H D (delete), K U W (cut to the end, to the start, a word), P N (history),
 * L (draw again), C (give the line up), I (tab: see LINE_COMPLETE). The terminal is a VT100
 * (ECMA-48). Text is UTF-8: keys move and cut by whole characters, each of one column.
 */
#ifndef MONITOR_LINE_H
#define MONITOR_LINE_H

#include <stdbool.h>
#include <stdint.h>

enum { LINE_BYTES_MAX = 1024, LINE_HISTORY_MAX = 16, LINE_OUTPUT_MAX = 2048 };

enum line_result {
    LINE_MORE,   /* the line goes on */
    LINE_DONE,   /* the user pressed return: `text` holds the line, without its end */
    LINE_GIVEN_UP, /* Control-C: the line is empty */
    LINE_CLOSED, /* Control-D on an empty line */
    LINE_COMPLETE, /* Tab: the line goes on, and the caller may add to it */
};

struct line {
    char text[LINE_BYTES_MAX + 1]; /* always ends in NUL */
    uint32_t length;
    uint32_t cursor; /* at most length */
    const char *prompt;

    char history[LINE_HISTORY_MAX][LINE_BYTES_MAX + 1]; /* a ring; history_count lines were added */
    uint32_t history_count;
    uint32_t history_back; /* how many lines back the line shown comes from; 0: it is the new one */
    char saved[LINE_BYTES_MAX + 1]; /* the new line while an old one is shown */

    uint32_t escape; /* of a sequence: 0 none, 1 after ESC, 2 after ESC [ or ESC O */
    uint32_t escape_number;

    char output[LINE_OUTPUT_MAX]; /* what the caller must write to the terminal, then empty */
    uint32_t output_bytes;
};

/* Start with an empty history. `prompt` is kept by address and must live as long as the line. */
void line_start(struct line *line, const char *prompt);

/* Begin a new line: empties it and puts the prompt into `output`. */
void line_begin(struct line *line);

/*
 * Take one byte from the terminal. What the terminal must show is added to `output`; the caller
 * writes it and sets output_bytes to 0 at least once per byte. After LINE_DONE the line was added
 * to the history unless it is empty or the same as the last.
 */
enum line_result line_take(struct line *line, unsigned char byte);

/* Add text at the cursor, as if it was typed; what has no room is left out. */
void line_add(struct line *line, const char *text, uint32_t bytes);

/* Draw prompt and line anew, after the caller printed lines of its own. */
void line_show(struct line *line);

#endif
