/* SPDX-License-Identifier: MIT */
/*
 * serve: what clients ask of the scheduler, beside the threads that fill the vectors, of which each
 * has a core.
 */
#ifndef SCHEDULER_SERVE_H
#define SCHEDULER_SERVE_H

#include "binding.h"
#include "child.h"
#include "ck.h"
#include "player.h"

enum {
    SERVED_CORES_MAX = 8,  /* each needs two of the component's threads */
    SERVED_ELSEWHERE = 64, /* a core that is another scheduler's */
};

enum server_state { SERVER_FREE, SERVER_WAITS, SERVER_DEALT };

/* A thread that serves the export. */
struct server {
    bool serves;    /* otherwise it is a player's */
    uint32_t core;  /* its number here, or SERVED_ELSEWHERE */
    uint32_t event; /* slot of an Event for which it alone waits */
    /* While its client waits for a task: who asks, and what is answered, once the state says so. */
    uint32_t state; /* enum server_state */
    uint32_t worker, family, task;
    enum schedule_status status;
};

struct served {
    ck_spinlock_fas_t lock; /* over policy, players and who waits */
    struct policy *policy;
    struct player *players;                   /* one on each core */
    uint32_t look[SERVED_CORES_MAX];          /* by core: slot of an Event to signal: its player is
                                                 to look at once */
    struct server servers[CHILD_THREADS_MAX]; /* by the component's thread */
    uint32_t server_count;
    uint16_t *component;           /* by index: whose thread it is; EXO_SERVER_INIT: of no client */
    uint16_t *submitter;           /* by family: whose graph it is */
    const struct binding *binding; /* the export */
    uint64_t administrators; /* places of it whose clients may change everything, a bit for each */
    struct schedule_task *tasks;              /* room for the graph that a client submits */
    struct schedule_edge *edges;
};

/* Take the room for graphs from `take`, which returns null when there is none. */
bool served_room(struct served *served, const struct schedule_shape *shape,
                 void *(*take)(size_t bytes));

/*
 * Let the clients that `names` names change everything; names are separated by commas, and those of
 * an empty text are none. Returns false when one is no client of the export. `binding` was set.
 */
bool served_administrators(struct served *served, const char *names);

/*
 * Take the lock, if it is free now or a moment later. Whoever has it may lose its slice, so nobody
 * waits for long without sleeping, and nobody who sleeps is given the lock.
 */
bool served_try(struct served *served);
void served_give(struct served *served);

/* Serve the export for ever, as the struct server that is given. */
void serve(void *server);

/* Of whom all servers are; before the first one starts. */
void serve_for(struct served *served);

#endif
