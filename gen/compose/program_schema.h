/* SPDX-License-Identifier: MIT */
/*
 * The schemas that programs were built from: the generator leaves them in the section .exo_schema
 * of each program (gen/capnpc-c/output_schema.c says how), and both ends of a connection must
 * understand each other.
 */
#ifndef COMPOSE_PROGRAM_SCHEMA_H
#define COMPOSE_PROGRAM_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"
#include "system.h"

/*
 * Finds the section in the `size` bytes of an ELF file whose header was checked, and remembers it
 * in `program`. One that does not lie in the file is taken for none: then nothing is known.
 */
void program_schema_find(struct program *program, const uint8_t *bytes, size_t size);

/* The hash of the schema of an interface in a program; 0: it says nothing of it. */
uint64_t program_schema_hash(const struct program *program, uint64_t interface_id);

/*
 * Compares the schemas at both ends of each connection, and reports those that do not understand
 * each other. Writes into each port the hash of its own program's schema. Needs the connections and
 * the programs.
 */
void program_schema_check(struct system *system, struct arena *arena, struct report *report);

#endif
