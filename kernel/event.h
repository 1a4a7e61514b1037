/* SPDX-License-Identifier: MIT */
/* Events: a word of 64 pending bits, and the threads that wait for some of them. */
#pragma once

#define EVENT_BYTES 128
/* Threads that may wait at once: a signal looks at each, and may wake as many. */
#define EVENT_WAITERS_MAX 32

struct event {
    struct object object;
    uint64_t pending;
    struct thread *first, *last; /* waiting threads, FIFO; linked by queue_next */
    struct thread *upcall;       /* the thread that takes the bits by upcall, or NULL */
    struct core *core; /* home: who waits is of this one, and only it touches the above */
    uint64_t remote;   /* bits that other cores have set */
    struct event *mail_next;
    uint32_t mailed, moved; /* it stands in the mail, or is just being put there; had other homes */
};
_Static_assert(sizeof(struct event) <= EVENT_BYTES, "32 events fit on a frame");

struct event *event_create(void *memory, struct label_range label);
/* Set the bits; each waiting thread, the oldest first, takes those that it waits for. Answers what
   the waiting ones cost, in units of the budget. */
uint32_t event_raise(struct event *event, uint64_t bits);
/* The same for the bits from other cores, on the core whose mail it was. */
uint32_t event_mailed(struct event *event, struct core *core);
/* Make the core its home, under the tree lock; busy: it is used. It may still stand in the mail of
   the one before. */
enum exo_status event_move(struct event *event, struct core *core);
/* A thread no longer waits here. */
void event_leave(struct event *event, struct thread *thread);
/* Name the thread whose event upcall takes the bits (NULL: nobody). */
void event_upcall_bind(struct event *event, struct thread *thread);
bool event_reap(struct event *event, uint32_t *budget);
bool event_check(const struct event *event);
