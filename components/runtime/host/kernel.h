/* SPDX-License-Identifier: MIT */
/*
 * A small kernel for tests of rpc on the host: one portal whose handlers are POSIX threads, events,
 * and a capability table for each of two domains. It is not the kernel's code, only its contract.
 */
#ifndef HOST_KERNEL_H
#define HOST_KERNEL_H
#include <stdbool.h>
#include <stdint.h>

enum { HOST_CLIENT, HOST_SERVER, HOST_DOMAINS };
#define HOST_SLOTS 64
#define HOST_HANDLERS 4

/* What a slot holds: any number but zero. */
extern uint64_t host_slots[HOST_DOMAINS][HOST_SLOTS];

/* Does the portal exist; a dead one answers bad_capability, and calls inside it disconnected. Its
 * end empties the client's slot and signals the Event that the client named for that. */
void host_portal_set(bool is_alive);

/* The badge of the client's capability. */
extern uint64_t host_badge;

/* How many calls, replies with a detached caller, signals and waits there were. */
extern unsigned host_calls, host_detached, host_signals, host_waits;

/* Start a thread of a domain with a slot of its own for receive windows. It never ends. */
void host_thread(int domain, uint32_t thread, void *(*function)(void *), void *argument);

/* Say which domain and thread the calling POSIX thread is. */
void host_become(int domain, uint32_t thread);

/* Wait until a flag is set; set or clear one. */
void host_await(const bool *flag);
void host_set(bool *flag, bool value);

/* Wait until a number of handlers is idle in the portal. */
void host_wait_idle(int count);
#endif
