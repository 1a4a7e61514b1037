/* SPDX-License-Identifier: MIT */
/* Finds and reads the programs that a composition runs, each once. */
#ifndef COMPOSE_PROGRAMS_H
#define COMPOSE_PROGRAMS_H

#include "arena.h"
#include "report.h"
#include "system.h"

/* Where programs are, and what the machine lets them use. */
struct program_source {
    const char *folder; /* holds NAME.elf for each program */
    const char *init;   /* the name of init's program, or a path of its file */
};

/*
 * Reads init's program. It must have one executable, one read-only and one writable segment at
 * most, since the kernel, which starts it, knows no more.
 */
bool programs_read_init(const struct program_source *source, struct program *init,
                        struct arena *arena, struct report *report);

/*
 * Reads the programs of all components into system->programs and sets each component's index.
 * `init` is only compared with: all programs are for one machine.
 */
void programs_read(const struct program_source *source, struct system *system,
                   const struct program *init, struct arena *arena, struct report *report);

#endif
