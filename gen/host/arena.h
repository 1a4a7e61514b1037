/* SPDX-License-Identifier: MIT */
/*
 * Memory that lives until a program is done: taken piece by piece, freed at once, so that no
 * function has to say who owns what. A program that runs for milliseconds needs no more.
 */
#ifndef HOST_ARENA_H
#define HOST_ARENA_H

#include <stddef.h>

struct arena_block;

/* All zeros is an empty arena. */
struct arena {
    struct arena_block *blocks;
};

/*
 * Takes `bytes` of zeroed memory, aligned for any type. It never answers NULL: when the host has
 * no memory left, the program ends with a message.
 */
void *arena_take(struct arena *arena, size_t bytes);

/* Writes a text as printf() does and answers it; it lives as long as the arena. */
const char *arena_text(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies `bytes` of text and ends the copy with a NUL. */
const char *arena_copy(struct arena *arena, const char *text, size_t bytes);

/* Frees everything that was taken; the arena is empty then. */
void arena_free(struct arena *arena);

#endif
