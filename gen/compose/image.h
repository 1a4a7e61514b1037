/* SPDX-License-Identifier: MIT */
/*
 * The boot image: header page, init, the programs, the System message, the plan; everything begins
 * at a page. Its words are described by BootImage in idl/boot.capnp.
 */
#ifndef COMPOSE_IMAGE_H
#define COMPOSE_IMAGE_H

#include "arena.h"
#include "host.h"
#include "system.h"

/*
 * Gives each segment of init and of the programs its first page of the image. Answers the first
 * page behind them.
 */
uint64_t image_place(struct program *init, struct system *system);

/*
 * Builds the image of a placed system. `page` is what image_place() answered; the two messages are
 * copied. The bytes belong to the arena and are a multiple of PAGE_BYTES.
 */
struct host_bytes image_build(const struct program *init, const struct system *system,
                              uint64_t page, struct host_bytes system_message,
                              struct host_bytes plan, struct arena *arena);

#endif
