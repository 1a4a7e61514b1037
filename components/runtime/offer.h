/* SPDX-License-Identifier: MIT */
/*
 * offer: objects that a client implements and passes to its server, in a message with two
 * capabilities: a Portal to call, and the Memory of a channel to it. Each side has one call for it.
 */
#ifndef OFFER_H
#define OFFER_H
#include "binding.h"

/* What is offered; static, since the binding points into it. */
struct offer {
    struct binding binding; /* for NAME_serve: a Thread of one's own answers there */
    struct channel_place place;
    uint32_t portal, channel; /* slots of what goes into the message */
};

/* Make a channel of `pages` own pages to the export `own`, whose Thread number `thread` will serve
 * it, and what to pass to the peer. Errors: EXO_STATUS_BAD_ARGUMENT (no such Thread, no pages),
 * EXO_STATUS_FULL (no free slots or pages), and those of exo_capability_derive. */
enum exo_status offer_make(const struct binding *own, uint32_t thread, uint32_t pages,
                           struct offer *offer);

/* What was accepted; static, as an offer. */
struct acceptance {
    struct binding binding; /* for NAME_client_open */
    struct channel_place place;
    uint32_t slots, pages; /* the portal's and the memory's slot; pages that are mapped */
};

enum { OFFER_PAGES_MAX = 256 };

/* Keep what came with a message: the slots in which its Portal and its Memory arrived. Nothing of
 * it is trusted: the kinds are looked at, and a client reads the channel as it reads any peer's.
 * Errors: EXO_STATUS_BAD_MESSAGE (it is no Portal that may be called, or no Memory of 1 to
 * OFFER_PAGES_MAX pages that may be written), EXO_STATUS_FULL, and those of exo_memory_map. */
enum exo_status offer_accept(uint32_t portal, uint32_t channel, uint64_t interface_id,
                             struct acceptance *acceptance);

/* Give back what offer_accept kept; its client must not be used any more. */
void offer_release(struct acceptance *acceptance);
#endif
