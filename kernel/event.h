/* SPDX-License-Identifier: MIT */
/* Events: a word of 64 pending bits, and the threads that wait for some of them. */
#ifndef EVENT_H
#define EVENT_H

#include "object.h"

struct thread;

#define EVENT_BYTES 128
/* Threads that may wait at once: a signal looks at each, and may wake as many. */
#define EVENT_WAITERS_MAX 32

struct event {
    struct object object;
    uint64_t pending;
    struct thread *first, *last; /* waiting threads, FIFO; linked by queue_next */
    struct thread *upcall;       /* the thread that takes the bits by upcall, or NULL */
    uint32_t lines;              /* interrupt lines bound to it, one bit each */
};
_Static_assert(sizeof(struct event) <= EVENT_BYTES, "32 events fit on a frame");

struct event *event_create(void *memory, struct label_range label);
/* Set the bits; each waiting thread, the oldest first, takes those that it waits for. Answers what
   the waiting ones cost, in units of the budget. */
uint32_t event_raise(struct event *event, uint64_t bits);
/* A thread no longer waits here. */
void event_leave(struct event *event, struct thread *thread);
/* Name the thread whose event upcall takes the bits (NULL: nobody). */
void event_upcall_bind(struct event *event, struct thread *thread);
bool event_reap(struct event *event, uint32_t *budget);
bool event_check(const struct event *event);

#endif
