/* SPDX-License-Identifier: MIT */
/* Draws a composition in graphviz's language: components, connections, labels, memory. */
#ifndef COMPOSE_GRAPH_H
#define COMPOSE_GRAPH_H

#include <stdio.h>

#include "system.h"

/* Writes a checked composition; `title` is written above it. False when `out` refused. */
bool graph_write(const struct system *system, const char *title, FILE *out);

#endif
