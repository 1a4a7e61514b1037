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
 * Gives the files of all devices their places from `page` on. Answers the first page behind them.
 */
uint64_t image_place_files(struct system *system, uint64_t page);

/*
 * Gives the embedded schemas their place from `page` on and tells all devices that show them.
 * Answers the first page behind them.
 */
uint64_t image_place_schemas(struct system *system, uint64_t page, struct host_bytes schemas);

/*
 * Builds the image of a placed system. `page` is what image_place_schemas() answered; the three
 * messages are copied. The bytes belong to the arena and are a multiple of PAGE_BYTES.
 */
struct host_bytes image_build(const struct program *init, const struct system *system,
                              uint64_t page, struct host_bytes schemas,
                              struct host_bytes system_message, struct host_bytes plan,
                              struct arena *arena);

#endif
