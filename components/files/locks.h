/* SPDX-License-Identifier: MIT */
/*
 * locks: advisory locks of ranges of files (POSIX.1-2024, fcntl, F_SETLK and F_SETLKW). Pure data.
 *
 * A lock belongs to an owner, who is a client's number and what the client calls it; an owner has
 * at most one lock on a byte, and takes another one in its place. Locks end with the open file that
 * they were taken by. Who waits has a ticket; waiting locks are taken in the order of their tickets
 * when nothing is in the way any more.
 */
#ifndef FILES_LOCKS_H
#define FILES_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "node.capnp.h"

enum { FILES_LOCKS_MAX = 1024, FILES_LOCKS_OF_CLIENT = FILES_LOCKS_MAX / 4 };
enum files_lock_kind { FILES_LOCK_SHARED, FILES_LOCK_EXCLUSIVE, FILES_LOCK_NONE };

/* A lock, or one that is wanted. */
struct files_lock {
    uint64_t node;        /* of the file */
    uint64_t owner;       /* as the client calls it */
    uint32_t client;
    uint32_t process;     /* what the conflict tells others */
    uint64_t start, last; /* bytes, both of them included */
    uint64_t ticket;      /* 0: it is held; otherwise it waits */
    const void *open;     /* the open file that it ends with */
    enum files_lock_kind kind; /* NONE: this place of the table is free */
};

struct files_locks {
    struct files_lock table[FILES_LOCKS_MAX];
    uint32_t end;         /* no place from here on was ever used */
    uint64_t tickets;     /* that were given out */
};

/* Begin with none; the memory may hold anything. */
void files_locks_start(struct files_locks *locks);

/* A lock of another owner that is in the way of this one; null: there is none. */
const struct files_lock *files_locks_conflict(const struct files_locks *locks,
                                              const struct files_lock *wanted);

/*
 * Take a lock, or give a range back by kind NONE. WOULD_BLOCK when another is in the way; then, if
 * `waits`, *ticket is a number for files_locks_waits(). DEADLOCK: whoever is in the way waits for
 * this owner, directly or not; of circles that come into being while an owner waits, since it
 * takes another lock meanwhile, nobody is told. NO_LOCKS: the table is full, or this client has its
 * part of it.
 */
enum node_result files_locks_set(struct files_locks *locks, const struct files_lock *wanted,
                                 bool waits, uint64_t *ticket);

/* Does a ticket of a client still wait. Once it does not, its lock was taken, or it was cancelled.
 */
bool files_locks_waits(const struct files_locks *locks, uint32_t client, uint64_t ticket);

/* Give a ticket of a client up. NOT_FOUND: it does not wait. */
enum node_result files_locks_cancel(struct files_locks *locks, uint32_t client, uint64_t ticket);

/* An open file ends, and all locks with it. */
void files_locks_end(struct files_locks *locks, const void *open);

/* Is no byte locked by two who exclude each other, none twice by one owner, and can nobody who
 * waits go on? */
bool files_locks_check(const struct files_locks *locks);

#endif
