/* SPDX-License-Identifier: MIT */
/* Turns the System message into the composer's own structs. */
#ifndef COMPOSE_LOAD_H
#define COMPOSE_LOAD_H

#include "arena.h"
#include "host.h"
#include "system.h"

/*
 * Reads a framed System message into `system`, which `arena` then owns, and completes it. False
 * when the bytes are no such message, which only a broken capnp can cause.
 */
bool load_system(struct system *system, struct host_bytes message, struct arena *arena);

#endif
