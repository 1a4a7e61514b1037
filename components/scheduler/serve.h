/* SPDX-License-Identifier: MIT */
/* serve: what clients ask of the scheduler, beside the thread that fills the vector. */
#ifndef SCHEDULER_SERVE_H
#define SCHEDULER_SERVE_H

#include "binding.h"
#include "lock.h"
#include "player.h"

struct served {
    struct lock lock;      /* over policy and player */
    struct player *player;
    uint16_t *component;   /* by index: whose thread it is; EXO_SERVER_INIT: of no client */
    const struct binding *binding; /* the export */
    uint64_t administrators; /* places of it whose clients may change everything, a bit for each */
    struct schedule_task *tasks; /* room for the graph that a client submits */
    struct schedule_edge *edges;
    uint32_t look;         /* slot of an Event to signal: the first thread is to look at once */
    bool idles;            /* nobody ran when the first thread last looked */
};

/* Take the room for graphs from `take`, which returns null when there is none. */
bool served_room(struct served *served, const struct schedule_shape *shape,
                 void *(*take)(size_t bytes));

/*
 * Let the clients that `names` names change everything; names are separated by commas, and those of
 * an empty text are none. Returns false when one is no client of the export. `binding` was set.
 */
bool served_administrators(struct served *served, const char *names);

/* Serve the export `scheduler` for ever; `served` is a struct served. */
void serve(void *served);

#endif
