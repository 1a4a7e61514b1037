/* SPDX-License-Identifier: MIT */
/* The schemas that go into the boot image, for programs that learn types while they run. */
#ifndef COMPOSE_EMBED_H
#define COMPOSE_EMBED_H

#include "host.h"
#include "schema.capnp.h"
#include "system.h"

/*
 * Builds a framed request of one segment with the types of all ports of the system, all types that
 * these name, and their doc comments; nothing else of `request`. What a port's interface is must
 * be known. Answers no bytes when a schema cannot be read, which a compiler's never is.
 */
struct host_bytes embed_schemas(struct schema_code_generator_request_reader request,
                                const struct system *system, struct arena *arena);

#endif
