/* SPDX-License-Identifier: MIT */
/*
 * wire: one connection that leads through the recorder: a channel to the client and one of the same
 * size to the server, and everything that one side writes copied to the same place of the other.
 *
 * What was copied is written down before the other side hears of it, so an entry that answers
 * another one comes after it.
 */
#ifndef RECORDER_WIRE_H
#define RECORDER_WIRE_H
#include "binding.h"
#include "channel.h"
#include "lock.h"

enum {
    WIRES_MAX = 16,
    PORTS_MAX = 8,
    WIRE_LINE_WORDS = CHANNEL_LINE_BYTES / 4,
};

struct wire {
    struct lock lock; /* of all that follows; nobody waits in a call with it */
    struct channel near, far; /* towards the client, as its server; the server, as its client */
    const struct channel_place *near_place, *far_place;
    const struct binding *import; /* of the server */
    uint32_t ended;               /* the client's epoch that ended with the server, or 0 */
    uint16_t port, place;         /* as the recording calls it; `place` is also the badge's index */
    uint32_t client_line[WIRE_LINE_WORDS], server_line[WIRE_LINE_WORDS]; /* as last copied */
    uint32_t finished[CHANNEL_ENTRIES_MAX];
    uint64_t *words; /* the message that is being copied; as many as an arena has */
};

/* Join place `index` of an export with an import. False if the two channels differ, or there is no
 * memory for a message. */
bool wire_open(struct wire *wire, const struct binding *export, uint32_t index,
               const struct binding *import, uint32_t port, uint32_t place);

/* The invariants: both channels are of one size. */
bool wire_check(const struct wire *wire);

/* Pass on what lies in the rings, and wake who waits for it. */
void wire_carry(struct wire *wire);

/* The life of handler thread `number` of an export with `count` wires from `wires` on: it passes
 * calls and answers on. */
_Noreturn void wire_serve(struct wire *wires, uint32_t count, const struct binding *export,
                          uint32_t number);
#endif
