/* SPDX-License-Identifier: MIT */
/*
 * plan: the composition that init makes real, as tables of its own.
 *
 * The plan's message lies in the boot image, which `compose` wrote and checked; init reads it once.
 * Everything about a component that stays the same over its restarts is decided here: its slots,
 * its addresses, its place in the core's table.
 */
#ifndef INIT_PLAN_H
#define INIT_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "boot.capnp.h"
#include "child.h"
#include "restart.h"
#include "supervisor.capnp.h"

enum {
    PLAN_COMPONENTS_MAX = EXO_PLAN_COMPONENTS_MAX,
    PLAN_CONNECTIONS_MAX = EXO_PLAN_CHANNELS_MAX,
    PLAN_NAME_BYTES = 32,
    PLAN_SPARE_SLOTS = 32, /* free slots of a component whose plan leaves the number to init */
};

/* What a component's domain looks like, the same at each start: slots of its own table. */
struct layout {
    uint32_t gas;
    uint32_t threads;       /* its Threads, the main one first */
    uint32_t imports;       /* a Portal for each import */
    uint32_t exports;       /* a Portal for each export */
    uint32_t channels;      /* three for each channel: doorbell, wake, memory */
    uint32_t devices;
    uint32_t receive;       /* runs for arriving capabilities: imports, then exports */
    uint32_t free;          /* the first that nobody uses */
    uint32_t count;         /* of the table */
};

struct component {
    struct exo_planned_component_reader plan;
    struct exo_planned_port_list imports, exports;
    struct exo_planned_device_list devices;
    char name[PLAN_NAME_BYTES];
    uint32_t import_count, export_count, channel_count;
    uint32_t thread_count;
    uint32_t cpu_index;      /* first of thread_count in the core's table */
    uint32_t gas;            /* init's slot of its account */
    struct layout layout;
    struct child_plan make;  /* what it is made of; the pool keeps its place */
    uint32_t node;           /* that its pool is on */
    uint64_t message_words;  /* of the Startup message */
    /* What changes. */
    struct child child;
    enum supervisor_state state;
    struct restart_state restart;
    uint32_t generation;
    uint32_t starts;
    uint32_t exit_status;
    uint64_t restart_at;     /* ticks; 0: no restart is due */
    uint64_t consumed_before, calls_before; /* by earlier incarnations */
};

/* One end of a channel. */
struct connection_end {
    uint32_t component; /* index; EXO_SERVER_INIT: init itself */
    uint32_t port;      /* index of the import or export */
    uint32_t number;    /* which of the component's channels it is; also its bit of the Event */
    uint64_t address;   /* in that component */
};

struct connection {
    struct connection_end client, server;
    uint32_t client_shown, server_shown; /* components whose names the other sides are told */
    uint32_t place;       /* which of the server's clients of this export: the badge's low half */
    uint32_t memory;      /* init's slot */
    uint32_t node;        /* that its frames are on: its client's, when there were some left */
    uint64_t pages;       /* the channel's and, behind them, those of its pool */
    uint64_t pool_pages;
    uint64_t labels[2];
    bool asynchronous;
    bool one_way; /* the labels are the client's, and the server only reads */
};

struct plan {
    struct exo_plan_reader reader;
    uint32_t component_count, connection_count, thread_count;
    uint32_t core_count;
    uint64_t slice_ticks;
    struct component component[PLAN_COMPONENTS_MAX];
    struct connection connection[PLAN_CONNECTIONS_MAX];
};

/* The one plan of this system. */
extern struct plan plan;

/*
 * Read the plan from the boot image. Returns false, with a line printed, when the message is broken
 * or names more than init has room for. Sets everything but addresses (see plan_place).
 */
bool plan_read(const uint8_t *image);

/*
 * Which channels a component takes part in, in the order of their numbers: calls `visit` for each.
 */
typedef void connection_visit(struct connection *connection, struct connection_end *end,
                              bool is_client,
                           void *context);
void plan_each_connection(uint32_t component, connection_visit *visit, void *context);

/* The core of a component's thread, by its number among them. */
uint32_t plan_thread_core(const struct component *component, uint32_t thread);

/* Does a component own the core's Cpu, which says what runs there? */
bool plan_owns_core(const struct component *component, uint32_t core);

/* Find a component by its name; returns component_count when there is none. */
uint32_t plan_find(const char *name, uint32_t bytes);

/*
 * Does an import of a component come to nothing without the component `other`? So it is when
 * `other` is the component itself, the import's server, or one that a needed one imports from.
 */
bool plan_needs(uint32_t component, uint32_t import, uint32_t other);

#endif
