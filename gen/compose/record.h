/* SPDX-License-Identifier: MIT */
/* Puts a recorder between one component and all that it is connected with. */
#ifndef COMPOSE_RECORD_H
#define COMPOSE_RECORD_H

#include "arena.h"
#include "report.h"
#include "system.h"

/*
 * Adds the component `recorder` to a system that was checked, and leads each import of the
 * component `name` and each import of its exports through it. What the recorder must know of them
 * stands in its settings (components/recorder/README.md). A component that cannot be recorded is
 * reported, and the system stays as it was. `arena` owns the new parts.
 */
void record_insert(struct system *system, const char *name, struct arena *arena,
                   struct report *report);

#endif
