/* SPDX-License-Identifier: MIT */
/* The plan: a checked composition with every name resolved, as init wants it (idl/boot.capnp). */
#ifndef COMPOSE_PLAN_H
#define COMPOSE_PLAN_H

#include "arena.h"
#include "host.h"
#include "system.h"

/*
 * The order in which init starts the components: a server before its clients as far as
 * asynchronous cycles allow, otherwise as written. `order[i]` becomes the index of the component
 * that is started as number i.
 */
void plan_order(const struct system *system, unsigned *order, struct arena *arena);

/* Builds the framed Plan message of a system whose programs have been placed in the image. */
struct host_bytes plan_build(const struct system *system, struct arena *arena);

/* Copies the framed System message into one segment, so that init needs no segment table. */
struct host_bytes plan_flatten(struct host_bytes system_message, struct arena *arena);

#endif
