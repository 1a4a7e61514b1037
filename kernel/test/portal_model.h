/* SPDX-License-Identifier: MIT */
/*
 * A simple model of portals, and the scene on a machine that it is compared with: three domains,
 * two portals, clients and handlers, and every way to end a call. The model knows who waits for
 * whom; it has no lists, heaps or slots.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SCENE_DOMAINS 3
#define SCENE_PORTALS 2
#define SCENE_THREADS 6
#define NOBODY (-1)

/* Threads 0 and 1 are clients in domain 0; 2 and 4 handlers of portal 0 in domain 1; 3 and 5
   handlers of portal 1 in domain 2. Portal p enters domain p + 1. */
enum model_state {
    MODEL_STOPPED, MODEL_READY, MODEL_QUEUED, MODEL_CALLING, MODEL_IDLE, MODEL_DEAD
};

struct model_thread {
    int8_t state;
    int8_t portal;  /* attached to, or NOBODY */
    int8_t wanted;  /* queued at, or NOBODY */
    int8_t callee, caller;
    int8_t serving; /* its caller may be gone */
    int8_t timed;   /* the call that waits has a deadline */
    uint8_t expect; /* status of the call that it finished last */
    uint8_t badge;  /* that came with the word */
    uint16_t word;  /* first word that it sent or received last */
};

struct model {
    struct model_thread thread[SCENE_THREADS];
    int8_t queue[SCENE_PORTALS][SCENE_THREADS]; /* oldest first */
    int8_t queued[SCENE_PORTALS];
    int8_t idle[SCENE_PORTALS][SCENE_THREADS];  /* last in, first out */
    int8_t idles[SCENE_PORTALS];
    int8_t portal_gone[SCENE_PORTALS];          /* capabilities and all */
    int8_t domain_gone[SCENE_DOMAINS];
    uint16_t steps;                             /* operations done so far */
};

enum operation_kind {
    OPERATION_CALL,    /* thread calls portal; timed: with a deadline, otherwise for ever */
    OPERATION_LOOK,    /* the same with deadline 0: busy at once */
    OPERATION_REPLY,
    OPERATION_STOP,
    OPERATION_START,
    OPERATION_CANCEL,
    OPERATION_ATTACH,  /* to the portal of its domain */
    OPERATION_KILL,    /* the thread's last capability goes */
    OPERATION_TIMEOUT, /* every deadline passes */
    OPERATION_DRY,     /* the account of domain 0 runs dry while its slots are played */
    OPERATION_END_PORTAL,
    OPERATION_END_DOMAIN, /* its page-table memory is revoked */
    /* A thread that serves does one of these to another thread itself. */
    OPERATION_STOP_BY,
    OPERATION_CANCEL_BY,
    OPERATION_KINDS,
};

struct operation {
    uint8_t kind;
    uint8_t thread;
    uint8_t portal; /* or the domain, or the other thread */
};

/* Build the scene; `threads` is a mask of those that are started and, if handlers, attached and
   idle. The model is its state. */
void scene_start(struct model *model, unsigned threads);
/* Do the operation on both and compare. False when it has no effect in this state. */
bool scene_do(struct model *model, struct operation operation);
/* Compare all threads with the model. */
void scene_compare(const struct model *model);
/* For the panic hook and failures: what was done so far. */
void scene_history(void);
