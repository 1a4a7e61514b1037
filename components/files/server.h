/* SPDX-License-Identifier: MIT */
/*
 * server: serves one file system to clients, as idl/directory.capnp and idl/file.capnp say. A
 * component has one of these. Its export is a Directory: the root, with the credentials that the
 * composition gives each client. Everything is under one lock, so it may be served by several
 * Threads; one more for the rings notices clients that end.
 */
#ifndef FILES_SERVER_H
#define FILES_SERVER_H

#include "binding.h"
#include "core.h"
#include "credentials.h"

enum { FILES_OPEN_BYTES = 128 }; /* of memory for each open file, besides the runtime's object */

struct files_options {
    const struct files_core *core;
    void *state;                    /* the core's */
    struct files_time (*now)(void); /* the time of day */
    bool is_read_only;              /* nothing is changed, whatever the core can */
    void *memory;                   /* for open files ... */
    uint64_t memory_bytes;
    /* The credentials of the client with this name, which has no NUL at its end. */
    void (*credentials)(const char *client, uint32_t bytes, struct files_credentials *who);
};

/* Begin. The options are copied. */
void files_server_start(const struct files_options *options);

/* The life of a Thread that serves an export of interface Directory, and of one for its rings.
 * They return only when they cannot begin. */
void files_serve(const struct binding *binding);
void files_serve_events(const struct binding *binding);

#endif
