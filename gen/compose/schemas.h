/* SPDX-License-Identifier: MIT */
/* What the composer learns from Cap'n Proto's own compiler. */
#ifndef COMPOSE_SCHEMAS_H
#define COMPOSE_SCHEMAS_H

#include "arena.h"
#include "host.h"
#include "report.h"
#include "system.h"

enum { SCHEMA_FOLDERS_MAX = 8 };

/* The folders in which schemas are looked for, in this order. */
struct schema_folders {
    const char *paths[SCHEMA_FOLDERS_MAX];
    unsigned count;
    struct arena *arena;
    /* The schemas that were read, for the dependency file; one path per line's end. */
    const char *used;
    /* What schemas_resolve() put together for the device `schemas`; no bytes if nobody has it. */
    struct host_bytes embedded;
};

/*
 * Compiles the composition report->file and answers the bytes of its constant `system`. What capnp
 * finds wrong it says itself, with file and line; then, and when the constant is not there or is
 * of another type, a message follows and the answer is false.
 */
bool schemas_evaluate(struct schema_folders *folders, struct report *report,
                      struct host_bytes *message);

/*
 * Finds the interface of each import and export and writes its type id there. What is missing,
 * badly written or unknown is reported, and its id stays 0. Of an export it also writes what
 * its interface inherits; of an import why its interface needs both directions, if it does.
 */
void schemas_resolve(struct schema_folders *folders, struct system *system, struct report *report);

#endif
