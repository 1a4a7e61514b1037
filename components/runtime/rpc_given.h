/* SPDX-License-Identifier: MIT */
/*
 * rpc_given: the capabilities that go with a message, as the kernel takes them: a run of slots that
 * follow each other. Slots that do already are the run; of others, children are derived into a run
 * of free slots just before the message goes, and deleted once it went. What the receiver got are
 * then children of the originals, as if these had gone themselves (see capabilityDelete).
 */
#ifndef RPC_GIVEN_H
#define RPC_GIVEN_H
#include "rpc.h"
#include "slots.h"

/* A run is a word as the kernel takes it: the first slot | the count << 32; and: */
#define RPC_RUN_MADE (UINT64_C(0x80) << 32) /* its slots were made for it */
#define RPC_RUN_TRANSFER(run) ((run) & ~RPC_RUN_MADE)

/* Say of which slots runs are made: the program's free ones. Without this, only slots that follow
 * each other can be given. */
void rpc_given_use(struct slots *slots);

/* Make the run of what is given; of what is `leaving` (its slots are emptied before the message
 * goes; null: nothing), children are given. Errors: EXO_STATUS_FULL when there are not enough free
 * slots in a row, and those of exo_capability_derive for what cannot be given; nothing is left
 * then. */
enum exo_status rpc_run_make(const struct rpc_given *given, const struct rpc_received *leaving,
                             uint64_t *run);

/* The message went, or will not go: give back the slots that were made. */
void rpc_run_end(uint64_t run);
#endif
