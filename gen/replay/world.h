/* SPDX-License-Identifier: MIT */
/*
 * world: the kernel, the peers and the processor of one component that is replayed on the host.
 *
 * A Thread is a POSIX context; it runs until it waits in a kernel call. What it sends is put, as it
 * was at that moment, behind the channel's queue of what was sent. Channels are numbered as in the
 * recording.
 */
#ifndef REPLAY_WORLD_H
#define REPLAY_WORLD_H
#include "recording.h"

/* Where the slots of the component's table are. */
enum {
    WORLD_SLOT_GAS = 11,
    WORLD_SLOT_THREADS = 12,
    WORLD_THREADS_MAX = 16,
    WORLD_SLOT_PORTALS = 64, /* of each side */
    WORLD_SLOT_WAKE = 192,   /* of each channel */
    WORLD_SLOT_BELL = 256,
    WORLD_SLOT_RECEIVE = 512, /* WORLD_RECEIVE for each thread or import */
    WORLD_RECEIVE = 8,
    WORLD_SLOT_FREE = 2048,
    WORLD_SLOTS = 4096, /* of the table */
};

/* What the component sent: the fields of an entry that it decides. */
struct world_sent {
    struct recording_item item;
    struct world_sent *next;
};

/* Make memory and channels, and a first Thread that will start at the component's entry. Returns
 * null, or what is wrong. The recording stays. */
const char *world_start(const struct recording *recording, struct arena *arena);

/* Let all Threads run until each waits. */
void world_run(void);

/* Let the time be `ticks`, if it is not later already, after what was to happen until then: Threads
 * whose deadline passes go on. */
void world_advance(uint64_t ticks);

/* What a channel's server says of itself: does it hear doorbells, or only calls. */
void world_hears(uint32_t channel, bool hears);

/* Give an entry, which stays, to the component: a call, the answer to its call, a request or a
 * reply. A call waits when all handlers serve others. Returns null, or why that cannot be: nobody
 * waits for it. */
const char *world_deliver(const struct recording_item *item);

/* The oldest of what was sent on a channel and not taken; null: nothing. */
const struct world_sent *world_sent(uint32_t channel);
/* Take it away. */
void world_take(uint32_t channel);

/* Has the component ended, with which status. One that crashes ends the process. */
bool world_has_ended(uint64_t *status);

/* Why it cannot go on, if it made a call that cannot be replayed; otherwise null. */
const char *world_refused(void);

/* The words of init's message, and their number. */
const uint64_t *world_startup(const struct recording *recording, struct arena *arena,
                                uint64_t *count);

/* Where a channel's memory is mapped; the free addresses, their bytes; the status page. */
uint64_t world_channel_address(uint32_t channel);
uint64_t world_space(uint64_t *bytes);
uint64_t *world_status(void);

/* The slot of the first handler Thread of a side. */
uint32_t world_side_thread(uint32_t side);
#endif
