/* SPDX-License-Identifier: MIT */
/* Imports of all interfaces ("*"), which stand for many ordinary ones. */
#ifndef COMPOSE_ANY_H
#define COMPOSE_ANY_H

#include "report.h"
#include "system.h"

/*
 * Puts in the place of each import of the interface "*" the imports that it stands for: an export
 * each, with the interface, "COMPONENT.EXPORT" as `from`, and that behind a "*" as the name. All
 * other fields are the written import's. The checks that follow see ordinary imports, so that
 * nothing passes that could not be written by hand. Reported is a name or a `from` that cannot be
 * meant; the import is left out then.
 */
void any_expand(struct system *system, struct arena *arena, struct report *report);

#endif
