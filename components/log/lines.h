/* SPDX-License-Identifier: MIT */
/* lines: the log service's store: the last lines written, and a level for each component. Pure. */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINES_MAX = 256, LINE_TEXT_BYTES = 120, LINES_COMPONENTS_MAX = 256, LINES_LEVELS = 4 };

struct line {
    uint64_t number;
    uint64_t ticks;
    uint16_t level; /* 0 the gravest, as enum log_level */
    uint16_t component;
    uint16_t bytes;
    char text[LINE_TEXT_BYTES];
};

struct lines {
    uint64_t next; /* number of the next line; the store holds the LINES_MAX before it */
    uint8_t level_max[LINES_COMPONENTS_MAX];
    struct line line[LINES_MAX];
};

/* Start empty, with all levels kept. */
void lines_start(struct lines *lines);

/*
 * Keep a line unless the component's level is below it. Control characters become spaces, so that a
 * writer cannot forge other lines. Returns false when it was not kept.
 */
bool lines_write(struct lines *lines, uint16_t component, uint16_t level, const char *text,
                 size_t bytes, uint64_t ticks);

/* The line of this number, or the oldest one after it; null when there is none. */
const struct line *lines_at(const struct lines *lines, uint64_t number);

/*
 * Keep only lines up to this level of a component. Returns false when there is no such component.
 */
bool lines_set_level(struct lines *lines, uint16_t component, uint16_t level);

#endif
