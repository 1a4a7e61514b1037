/* SPDX-License-Identifier: MIT */
/* What the programs of gen/ ask of the host: files, and the program `capnp`. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"

/* The bytes of a file or of a program's output; aligned to words and followed by a NUL. */
struct host_bytes {
    const uint8_t *bytes;
    size_t size;
};

/* Reads a whole file; false when it cannot be read (errno says why). */
bool host_read(struct arena *arena, const char *path, struct host_bytes *out);

/* Reads the rest of a stream; false when it cannot be read (errno says why). */
bool host_read_stream(struct arena *arena, FILE *from, struct host_bytes *out);

/* Writes a whole file, through a second name so that no half file is ever seen; false: errno. */
bool host_write(struct arena *arena, const char *path, const void *bytes, size_t size);

bool host_exists(const char *path);

/*
 * Runs a program with the NULL-ended `arguments` and collects what it writes to its standard
 * output; its errors go straight to ours. Answers its exit status, or 127 when it cannot be
 * started.
 */
int host_run(struct arena *arena, const char *const *arguments, struct host_bytes *out);

#endif
