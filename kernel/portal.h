/* SPDX-License-Identifier: MIT */
/* Portals: protected control transfer on the caller's time slice.

   Handlers are listed per core; those without a call stand in `idle`. A caller that finds none
   waits in the core's queue. The protocol of one call: idle handler + caller -> (caller calling,
   handler serving) -> reply -> (caller ready, handler idle, or serving the first of the queue). A
   detach cuts the two apart at any moment: the caller becomes ready with a status, the handler
   goes on serving nobody and its reply answers `disconnected`.

   idle and queue of a core are touched by that core only and need no lock. */
#pragma once

#define PORTAL_BYTES 2048

struct portal {
    struct object object;
    struct domain *domain; /* NULL once it has ended */
    struct portal *domain_next, *domain_previous;
    int64_t gas_minimum;
    struct thread *handlers;      /* whose `portal` it is; linked by handler_next, leaf lock */
    uint32_t attached[CORES_MAX]; /* of them, those of each core */
    struct thread *idle[CORES_MAX];
    struct thread *queue_first[CORES_MAX];
    struct thread *queue_last[CORES_MAX];
};
_Static_assert(sizeof(struct portal) <= PORTAL_BYTES, "two portals fit on a frame");

struct portal *portal_create(void *memory, struct domain *domain, struct label_range label);
/* Cut a caller from its handler: the caller is ready and its call answers `status`. */
void portal_detach(struct thread *caller, enum exo_status status);
/* The same, while the core is just choosing whom to run. */
void portal_cut(struct thread *caller, enum exo_status status);
/* A handler is stopped or gone: leave the lists; its caller gets `disconnected`, and so do those
   who queue, if it was the core's last. */
void portal_leave(struct thread *handler);
/* A caller no longer waits in the queue. */
void portal_queue_leave(struct thread *caller);
/* The Domain that it enters ends: nobody can call any more. True when those who queue are told. */
bool portal_leave_domain(struct portal *portal, uint32_t *budget);
bool portal_reap(struct portal *portal, uint32_t *budget);
bool portal_check(const struct portal *portal);
