/* SPDX-License-Identifier: MIT */
/* own: init's own kernel objects: the Event that it waits on, and what serves the supervisor. */
#ifndef INIT_OWN_H
#define INIT_OWN_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of init's Event. Component i signals bit i % OWN_COMPONENT_BITS when it ends. */
enum {
    OWN_COMPONENT_BITS = 56,
    OWN_BIT_GAS = 60,     /* an account that init keeps filled runs low */
    OWN_BIT_REQUEST = 61, /* the supervisor has a request */
};

enum { OWN_CORES_MAX = 64 };

struct own {
    uint32_t event;    /* init's Event, all bits */
    uint32_t done;     /* another: the request was carried out */
    uint32_t pause;    /* another, that nobody signals: to wait for some time */
    uint32_t portal;   /* the supervisor's */
    uint32_t threads;  /* its handlers, the first of one for each core */
    uint32_t core_count;
    uint32_t core[OWN_CORES_MAX]; /* a Cpu for each, the first being the one that init runs on */
    uint32_t accounts; /* the first of a Gas account for each component */
    uint64_t window;   /* pages of address space for short mappings */
};

extern struct own own;

enum { OWN_WINDOW_PAGES = 64 };

/* Make them, with `accounts` Gas accounts, and start the cores, so many in all. Returns false, with
 * a line printed, when that fails. */
bool own_make(uint32_t accounts, uint32_t cores);

/*
 * Start the handler Thread of a core at function(argument), in place `index` of its table.
 */
bool own_start_thread(uint32_t core, uint32_t index, void (*function)(void *), void *argument);

#endif
