/* SPDX-License-Identifier: MIT */
/*
 * ck: the parts of Concurrency Kit (Al Bahra and others; Debian's libck-dev) that are used here, as
 * they are. It says itself what they do: man ck_ring and so on.
 *
 * - ck_spinlock_ticket: first come, first served; all who wait look at one word.
 * - ck_spinlock_fas: one word, whoever comes when it is free, which may be tried.
 * - ck_spinlock_mcs: a queue of those who wait, each of whom looks at a word of its own
 *   (Mellor-Crummey and Scott, 1991).
 * - ck_sequence: a writer counts before and after, and readers try again.
 * - ck_ring: a queue with room for as many as its array has entries; lock-free. Several producers
 *   with one consumer: ck_ring_enqueue_mpsc and ck_ring_dequeue_mpsc; others likewise.
 *
 * Whoever spins does so on its own slice, and waits in vain for a Thread of its own core: for
 * sections of some instructions, by Threads of different cores. sleeping.h has the other kind.
 */
#ifndef SYNC_CK_H
#define SYNC_CK_H
/* What stands in the place of its own files of these names. */
#include "ck_md.h"
#include "ck_pr.h"
#include "ck_string.h"

#include <ck_ring.h>
#include <ck_sequence.h>
#include <spinlock/fas.h>
#include <spinlock/mcs.h>
#include <spinlock/ticket.h>
#endif
