/* SPDX-License-Identifier: MIT */
/* Reads a program's ELF file into whole pages, and says what makes it unusable. */
#ifndef COMPOSE_ELF_FILE_H
#define COMPOSE_ELF_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "report.h"
#include "system.h"

/*
 * Fills in `program` (but its name and path) from the `size` bytes of an ELF file at `bytes`.
 * Segments are sorted by address and rounded outwards to pages. Each thing that is wrong becomes
 * one message under the program's path; the answer says whether there was none.
 */
bool elf_file_read(struct program *program, const uint8_t *bytes, size_t size, struct arena *arena,
                   struct report *report);

#endif
