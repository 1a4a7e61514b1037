/* SPDX-License-Identifier: MIT */
/*
 * transfer: a client's reads and writes by way of the pool of its channel to the file server, which
 * the composition gives by `poolPages`. Nobody else may use the pool meanwhile.
 */
#ifndef FILES_TRANSFER_H
#define FILES_TRANSFER_H

#include "file.capnp.h"

/*
 * Read up to `bytes` bytes from `offset` on into the caller's buffer; *got is less only at the end.
 * `place` is that of the import. Errors: those of the channel; EXO_STATUS_BAD_ARGUMENT: it has no
 * pool. *result is what the file server said, with *got bytes before it.
 */
enum exo_status files_read(struct file_service_ref file, const struct channel_place *place,
                           uint64_t offset, void *buffer, uint64_t bytes, uint64_t *got,
                           enum node_result *result);

/* Write them; *got is less only if *result says why. */
enum exo_status files_write(struct file_service_ref file, const struct channel_place *place,
                            uint64_t offset, const void *buffer, uint64_t bytes, uint64_t *got,
                            enum node_result *result);

#endif
