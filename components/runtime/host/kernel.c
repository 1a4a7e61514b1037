/* SPDX-License-Identifier: MIT */
/* See kernel.h. */
#include "kernel.h"

#include "kernel_calls.h"
#include "syscall.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#define WAIT_MS 30 /* any deadline but "for ever" */

/* A handler thread and the call that it serves. */
struct handler {
    bool is_idle, has_call, has_reply, is_detached;
    uint32_t thread;
    uint64_t words[6];
    uint64_t status, received;
};

/* The slots that a thread posted. */
struct window {
    uint32_t first, count;
};

uint64_t host_slots[HOST_DOMAINS][HOST_SLOTS];
uint64_t host_badge;
unsigned host_calls, host_detached, host_signals, host_waits;
static struct handler handlers[HOST_HANDLERS];
static struct window windows[HOST_SLOTS];
static uint64_t pending[HOST_SLOTS];
static uint32_t notice_slot, notice_event; /* of the client: who hears of the portal's end */
static bool portal_is_alive = true;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static __thread int domain;
static __thread uint32_t self;
static __thread struct handler *handler;

/* Wait for a change; false when the deadline passed. */
static bool wait_change(uint64_t deadline)
{
    struct timespec until;
    if (deadline == UINT64_MAX)
        return pthread_cond_wait(&changed, &lock) == 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += WAIT_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    return pthread_cond_timedwait(&changed, &lock, &until) == 0;
}

/* Copy capabilities from one table into a posted window; false if there is too little room. */
static bool transfer(int from, uint64_t word, int to, uint32_t thread, uint64_t *received)
{
    uint32_t first = (uint32_t)word, count = (uint32_t)(word >> 32) & 0xff;
    struct window *window = &windows[thread];
    *received = 0;
    if (count > window->count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        host_slots[to][window->first + i] = host_slots[from][first + i];
    window->first += count;
    window->count -= count;
    *received = count;
    return true;
}

/* A handler that is idle, waiting for one; null when the deadline passed. */
static struct handler *idle_handler(uint64_t deadline)
{
    for (;;) {
        for (int i = 0; i < HOST_HANDLERS; i++)
            if (handlers[i].is_idle)
                return &handlers[i];
        if (!wait_change(deadline))
            return 0;
    }
}

static uint64_t portal_call(uint64_t words[6])
{
    host_calls++;
    if (!portal_is_alive)
        return EXO_STATUS_BAD_CAPABILITY;
    uint64_t deadline = words[4], came;
    struct handler *server = idle_handler(deadline);
    if (!server)
        return EXO_STATUS_DEADLINE;
    if (!transfer(domain, words[5], HOST_SERVER, server->thread, &came))
        return EXO_STATUS_FULL;
    memcpy(server->words, words, sizeof server->words);
    server->words[4] = host_badge;
    server->words[5] = came;
    server->is_idle = false;
    server->has_call = true;
    server->has_reply = server->is_detached = false;
    pthread_cond_broadcast(&changed);
    while (!server->has_reply && portal_is_alive)
        if (!wait_change(deadline) && !server->has_reply) {
            server->is_detached = true;
            return EXO_STATUS_DEADLINE;
        }
    if (!server->has_reply) {
        server->is_detached = true;
        return EXO_STATUS_DISCONNECTED;
    }
    server->has_reply = false;
    pthread_cond_broadcast(&changed); /* the handler goes on */
    memcpy(words, server->words, sizeof server->words);
    words[5] = server->received;
    return server->status;
}

static uint64_t portal_reply(uint64_t words[6])
{
    for (int i = 0; !handler && i < HOST_HANDLERS; i++)
        if (handlers[i].thread == 0)
            handler = &handlers[i];
    handler->thread = self;
    if (handler->has_call) {
        if (handler->is_detached) {
            handler->has_call = handler->is_detached = false;
            host_detached++;
            return EXO_STATUS_DISCONNECTED;
        }
        if (!transfer(domain, words[5], HOST_CLIENT, 2, &handler->received))
            return EXO_STATUS_FULL;
        handler->status = words[4];
        memcpy(handler->words, words, sizeof handler->words);
        handler->has_call = false;
        handler->has_reply = true;
        pthread_cond_broadcast(&changed);
        while (handler->has_reply)
            wait_change(1);
    }
    handler->is_idle = true;
    pthread_cond_broadcast(&changed);
    while (!handler->has_call)
        wait_change(UINT64_MAX);
    memcpy(words, handler->words, sizeof handler->words);
    return EXO_STATUS_OK;
}

static uint64_t event_wait(uint32_t slot, uint64_t words[6])
{
    host_waits++;
    while (pending[slot] == 0)
        if (words[0] == 0 || !wait_change(words[0]))
            return EXO_STATUS_DEADLINE;
    words[0] = pending[slot];
    pending[slot] = 0;
    return EXO_STATUS_OK;
}

/* The calls that only look at or change a table. */
static uint64_t table_call(unsigned number, uint32_t slot, uint64_t words[6])
{
    uint64_t *table = host_slots[domain];
    switch (number) {
    case EXO_CALL_CAPABILITY_INFO:
        slot = (uint32_t)words[0];
        words[0] = slot < HOST_SLOTS &&
            table[slot] ? EXO_OBJECT_KIND_MEMORY : EXO_OBJECT_KIND_EMPTY;
        words[3] = 1; /* of a Thread: it is ready */
        return EXO_STATUS_OK;
    case EXO_CALL_CAPABILITY_DELETE:
        if (table[slot] == 0)
            return EXO_STATUS_BAD_CAPABILITY;
        table[slot] = 0;
        return EXO_STATUS_OK;
    case EXO_CALL_CAPABILITY_DERIVE:
        if (table[slot] == 0)
            return EXO_STATUS_BAD_CAPABILITY;
        if (table[words[1]] != 0)
            return EXO_STATUS_CONFLICT;
        table[words[1]] = table[slot];
        return EXO_STATUS_OK;
    case EXO_CALL_CAPABILITY_NOTIFY:
        notice_slot = (uint32_t)words[0];
        notice_event = (uint32_t)words[1];
        return EXO_STATUS_OK;
    case EXO_CALL_THREAD_READ: { /* a thread of the host is the first Thread that it asks for */
        static bool taken[HOST_SLOTS];
        static _Thread_local uint32_t own;
        if (own == 0 && !taken[slot]) {
            taken[slot] = true;
            own = slot;
        }
        if (own == slot)
            *(uint64_t *)(uintptr_t)words[2] = windows[slot].first;
        return own == slot ? EXO_STATUS_OK : EXO_STATUS_BUSY;
    }
    case EXO_CALL_THREAD_WRITE: {
        const uint64_t *from = (const uint64_t *)(uintptr_t)words[2];
        windows[slot] = (struct window){(uint32_t)from[0], (uint32_t)from[1]};
        return EXO_STATUS_OK;
    }
    default: return EXO_STATUS_OK;
    }
}

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    unsigned number = (unsigned)(word >> 32) & 0xffff;
    uint32_t slot = (uint32_t)word;
    uint64_t status;
    pthread_mutex_lock(&lock);
    switch (number) {
    case EXO_CALL_PORTAL_CALL: status = portal_call(words); break;
    case EXO_CALL_PORTAL_REPLY: status = portal_reply(words); break;
    case EXO_CALL_EVENT_WAIT: status = event_wait(slot, words); break;
    case EXO_CALL_EVENT_SIGNAL:
        host_signals++;
        pending[slot] |= 1;
        pthread_cond_broadcast(&changed);
        status = EXO_STATUS_OK;
        break;
    default: status = table_call(number, slot, words);
    }
    pthread_mutex_unlock(&lock);
    return status;
}

void host_portal_set(bool is_alive)
{
    pthread_mutex_lock(&lock);
    portal_is_alive = is_alive;
    host_slots[HOST_CLIENT][notice_slot] = is_alive;
    pending[notice_event] |= !is_alive;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void host_await(const bool *flag)
{
    pthread_mutex_lock(&lock);
    while (!*flag)
        wait_change(UINT64_MAX);
    pthread_mutex_unlock(&lock);
}

void host_set(bool *flag, bool value)
{
    pthread_mutex_lock(&lock);
    *flag = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void host_become(int new_domain, uint32_t thread)
{
    domain = new_domain;
    self = thread;
}

/* What a new thread begins with. */
struct start {
    int domain;
    uint32_t thread;
    void *(*function)(void *);
    void *argument;
};

/* The first function of each thread. */
static void *begin_thread(void *argument)
{
    struct start *start = argument;
    host_become(start->domain, start->thread);
    return start->function(start->argument);
}

void host_thread(int new_domain, uint32_t thread, void *(*function)(void *), void *argument)
{
    static struct start starts[HOST_HANDLERS + 2];
    static int count;
    pthread_t id;
    starts[count] = (struct start){new_domain, thread, function, argument};
    pthread_create(&id, 0, begin_thread, &starts[count++]);
    pthread_detach(id);
}

void host_wait_idle(int count)
{
    pthread_mutex_lock(&lock);
    for (;;) {
        int idle = 0;
        for (int i = 0; i < HOST_HANDLERS; i++)
            idle += handlers[i].is_idle;
        if (idle >= count)
            break;
        wait_change(UINT64_MAX);
    }
    pthread_mutex_unlock(&lock);
}
