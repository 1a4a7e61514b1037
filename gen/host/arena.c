/* SPDX-License-Identifier: MIT */
/*
 * Each piece is one allocation of the host, linked to the one before it, so that the address
 * sanitizer still sees where each of them ends.
 */
#include "arena.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One allocation of the host; the taken memory follows the link, aligned for any type. */
struct arena_block {
    _Alignas(max_align_t) struct arena_block *next;
};

void *arena_take(struct arena *arena, size_t bytes)
{
    struct arena_block *block = calloc(1, sizeof *block + bytes);

    /* No caller could do better than this, so none has to look. */
    if (block == NULL) {
        fprintf(stderr, "%s: the host has no memory left; close other programs and try again\n",
                program_invocation_short_name);
        exit(EXIT_FAILURE);
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block + 1;
}

const char *arena_text(struct arena *arena, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    /* The first pass only measures. */
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    char *text = arena_take(arena, (size_t)length + 1);

    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

const char *arena_copy(struct arena *arena, const char *text, size_t bytes)
{
    char *copy = arena_take(arena, bytes + 1);

    assert(text != NULL || bytes == 0);
    /* memcpy() from NULL is undefined even for nothing, and an empty text may be NULL. */
    if (bytes > 0) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

void arena_free(struct arena *arena)
{
    while (arena->blocks != NULL) {
        struct arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
}
