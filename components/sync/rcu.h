/* SPDX-License-Identifier: MIT */
/*
 * rcu: memory that Threads read while another one changes it. A writer takes something out of a
 * structure, so that no reader can find it any more, and frees it after a grace period: when each
 * reader has since been seen outside of all sections, nobody can hold a pointer to it.
 *
 * Read-copy-update by quiescent states: McKenney and Slingwine (1998); as here, Desnoyers,
 * McKenney, Stern, Dagenais, Walpole, "User-Level Implementations of Read-Copy Update" (2012). A
 * section of a reader that is online stores nothing at all. In between, where it holds no pointer,
 * the reader says so, with rcu_quiescent(), in a cache line of its own; a Thread that sleeps, or
 * waits for calls, goes offline, or writers would wait for it.
 *
 * Epoch reclamation (Fraser, "Practical lock-freedom", 2004, section 5.2.3) is the same with a
 * reader that is online only in its sections: rcu_online() enters, rcu_offline() leaves. That
 * suits a handler Thread of a Portal, at a fence for each call.
 *
 * The count of grace periods only grows: 64 bits do not run over. A reader's word is 0 while it is
 * offline, otherwise the count that it saw last. A grace period that got number n is over when
 * each word is 0 or at least n.
 *
 * Order: a writer takes the node out before it counts (release), and a reader that sees the new
 * count (acquire) does not find the node any more. Who comes online writes its word before it reads
 * the structure (a full fence on both sides): the writer sees that, or it what the writer did.
 */
#ifndef SYNC_RCU_H
#define SYNC_RCU_H
#include <stdbool.h>
#include <stdint.h>

#define RCU_LINE_BYTES 64

/* A reader's word, alone in its cache line; that Thread alone writes it. */
struct rcu_reader {
    _Alignas(RCU_LINE_BYTES) uint64_t seen;
};
_Static_assert(sizeof(struct rcu_reader) == RCU_LINE_BYTES, "readers do not share a line");

/* Whatever is protected together. */
struct rcu {
    _Alignas(RCU_LINE_BYTES) uint64_t grace; /* the newest grace period; readers only read it */
    struct rcu_reader *readers;              /* the caller's, one for each Thread that reads */
    uint32_t reader_count;
};
_Static_assert(sizeof(struct rcu) == RCU_LINE_BYTES, "writers disturb readers in one line only");

/* Begin, with all readers offline. The caller owns the readers. */
void rcu_start(struct rcu *rcu, struct rcu_reader *readers, uint32_t reader_count);

/* ---- readers ---- */

/* Come online: from here on the reader may have sections. */
static inline void rcu_online(const struct rcu *rcu, struct rcu_reader *reader)
{
    uint64_t grace = __atomic_load_n(&rcu->grace, __ATOMIC_RELAXED);
#ifdef __SANITIZE_THREAD__ /* which knows no fences */
    __atomic_exchange_n(&reader->seen, grace, __ATOMIC_SEQ_CST);
#else
    __atomic_store_n(&reader->seen, grace, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

/* Go offline; the reader holds no pointer. */
static inline void rcu_offline(struct rcu_reader *reader)
{
    __atomic_store_n(&reader->seen, 0, __ATOMIC_RELEASE);
}

/* The reader, which is online, holds no pointer now. */
static inline void rcu_quiescent(const struct rcu *rcu, struct rcu_reader *reader)
{
    uint64_t grace = __atomic_load_n(&rcu->grace, __ATOMIC_ACQUIRE);
    if (grace != __atomic_load_n(&reader->seen, __ATOMIC_RELAXED))
        __atomic_store_n(&reader->seen, grace, __ATOMIC_RELEASE);
}

/* The pointer in a word that writers change. What it leads to may be read up to the next
 * rcu_quiescent() or rcu_offline(); a reader that is online needs nothing else for a section. */
#define RCU_READ(word) __atomic_load_n(&(word), __ATOMIC_ACQUIRE)

/* ---- writers, one at a time for each structure ---- */

/* Publish what was made ready before. */
#define RCU_WRITE(word, value) __atomic_store_n(&(word), (value), __ATOMIC_RELEASE)

/* Begin a grace period for all that was taken out before; returns its number. */
uint64_t rcu_grace_begin(struct rcu *rcu);

/* Is that grace period over. */
bool rcu_grace_is_over(const struct rcu *rcu, uint64_t grace);

/* Begin a grace period and wait until it is over; `rest` is called between two looks, with
 * `context`, and lets others run. A reader must be offline when it calls this. */
void rcu_synchronize(struct rcu *rcu, void (*rest)(void *context), void *context);

/* Something that is to be freed, within it. */
struct rcu_retired {
    struct rcu_retired *next;
    uint64_t grace;
};

/* What one writer has retired, oldest first. Zero is an empty one. */
struct rcu_limbo {
    struct rcu_retired *first, *last;
};

/* Free a node, which nobody can find any more, when nobody holds it. */
void rcu_retire(struct rcu *rcu, struct rcu_limbo *limbo, struct rcu_retired *node);

/* Hand all nodes whose grace period is over to `free_node`. Returns how many. */
uint32_t rcu_reclaim(const struct rcu *rcu, struct rcu_limbo *limbo,
                     void (*free_node)(struct rcu_retired *node, void *context), void *context);

/* Do the invariants hold: no reader has seen what did not begin. For asserts. */
bool rcu_check(const struct rcu *rcu);

/* Do the invariants of a limbo hold: the oldest come first. */
bool rcu_limbo_check(const struct rcu_limbo *limbo);
#endif
