/* SPDX-License-Identifier: MIT */
/*
 * What must be true of a composition before anybody boots it. Each function writes one message for
 * each thing that is wrong; the checks go on after an error as far as they can, so that a user
 * sees all of them at once. They are called in the order in which they stand here.
 */
#ifndef COMPOSE_CHECK_H
#define COMPOSE_CHECK_H

#include "arena.h"
#include "report.h"
#include "system.h"

enum {
    STACK_PAGES_MAX = 1024,
    SLOTS_MAX = 2044, /* of the largest Domain that the kernel makes: 64 frames */
    CHANNEL_PAGES_MIN = 2,
    CHANNEL_PAGES_MAX = 1024,
    POOL_PAGES_MAX = 1024, /* as many as the kernel maps in one call */
    THREADS_MAX = 64,
    RECEIVE_MAX = 64,
    CORES_MAX = 64,
    IRQ_LINES = 256,
    PORTS = 65536,
    SHARE_MAX = 1000,
    MEMORY_MIB_MAX = 65536,
    /* What the kernel, init and the firmware need beside the image: 8 MiB. */
    SYSTEM_PAGES = 2048,
};

/* Names: legal, there, and no two equal where they must differ. */
void check_names(const struct system *system, struct report *report);

/* Numbers of the composition and its components: within their bounds, and fitting together. */
void check_numbers(const struct system *system, struct report *report);

/* Labels: at most eight dimensions and levels, ranges only for the trusted, low below high. */
void check_labels(const struct system *system, struct report *report);

/*
 * Devices: within what the machine can have, and no two owners of one that is not shared by both.
 */
void check_devices(const struct system *system, struct report *report);

/*
 * Finds each import's server and export, and writes them into the import. Needs the interfaces'
 * ids where they are known; an import whose id is 0 was already reported and is compared by name.
 */
void check_connections(struct system *system, struct report *report);

/*
 * Labels allow every connection: one end's range holds the other's, or the server's lies above and
 * the interface gives nothing back, so that the connection goes one way.
 */
void check_flow(const struct system *system, struct report *report);

/*
 * No cycle of components each of which can wait in a call of the next: such a cycle could
 * deadlock. Each cycle is reported once, by all the names on it.
 */
void check_cycles(const struct system *system, struct arena *arena, struct report *report);

/*
 * Nothing is larger than init can hold: connections, threads, exports, capability tables,
 * settings. Needs the connections.
 */
void check_limits(const struct system *system, struct report *report);

/* The pages that a component needs to start with; a little more than it will really take. */
uint64_t check_pages_needed(const struct system *system, unsigned index);

/*
 * Memory adds up: each component's holds its program, and all of them, their channels and the
 * image fit in the machine. `image_pages` 0: the image is not known (no programs were read).
 */
void check_memory(const struct system *system, uint64_t image_pages, struct report *report);

/* Gas adds up: what the accounts start with and get a second is there. */
void check_gas(const struct system *system, struct report *report);

#endif
