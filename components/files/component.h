/* SPDX-License-Identifier: MIT */
/*
 * component: what the main programs of all file servers have in common: the settings `open_files`,
 * `user.CLIENT` and `group.CLIENT`, and the Threads of the export `directory`.
 */
#ifndef FILES_COMPONENT_H
#define FILES_COMPONENT_H

#include "server.h"

enum { FILES_NO_EXPORT = 1, FILES_NO_MEMORY = 2 };

/* Memory of as many KiB as a setting says, or `kib`; *bytes becomes how much that is. Null, and it
 * says so: there is not so much. */
void *files_component_memory(const char *key, uint64_t kib, uint64_t *bytes);

/* Pages for as many open files as the settings say. */
uint64_t files_component_pages(void);

/* Serve for ever. `options` has the core, its state and the time; the rest is filled in. The second
 * Thread of the export serves the rings, and so notices clients that end; all others serve calls.
 * Returns FILES_NO_EXPORT or FILES_NO_MEMORY, which it has told of, if it cannot. */
int files_component_serve(struct files_options *options);

#endif
