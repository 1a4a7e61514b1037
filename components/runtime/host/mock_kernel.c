/* SPDX-License-Identifier: MIT */
/* See mock_kernel.h. It is not the kernel's code, only its contract, as far as rpc needs it. */
#include "mock_kernel.h"

#include "kernel_calls.h"
#include "ticks.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a mock's capabilities lie in the test's table, 8 apart, from that of mock 1 on. */
enum { SLOT_PORTAL = 128, SLOT_THREAD, SLOT_DOORBELL, SLOT_WAKE, SLOT_RECEIVE, SLOTS_EACH = 12 };
enum { RECEIVE_SLOTS = 8 };
/* And where they lie in the server's. In both, runs are made behind them (rpc_given.h). */
enum { SERVER_THREAD = 1, SERVER_WAKE, SERVER_DOORBELL, SERVER_RECEIVE = 8 };
enum { SLOT_RUNS = SLOT_PORTAL + MOCKS_MAX * SLOTS_EACH };
_Static_assert(SLOT_RUNS + 2 * RPC_CAPABILITIES_MAX <= MOCK_SLOTS, "both sides give at once");

/* The slots that a thread posted for capabilities. */
struct window {
    uint32_t first, count;
};

uint64_t mock_slots[MOCK_SLOTS];
uint64_t (*mock_system_call)(uint64_t word, uint64_t words[6]);
static struct mock *mocks[MOCKS_MAX];
static uint32_t mock_count;
static struct slots free_slots;
static struct window client_windows[MOCK_SLOTS], server_windows[MOCKS_MAX + 1];
/* Signals, by the slot of an Event in the test's table. */
static uint64_t pending[MOCK_SLOTS];
static uint64_t now = 1;
/* Who runs; null: the test. Everything here belongs to who runs, so nothing else needs the lock. */
static struct mock *running;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static __thread struct mock *self; /* whose server this thread is; null: the test */

void mock_fail(const struct mock *mock, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fprintf(stderr, "mock of %s: ", mock && mock->name ? mock->name : "what is not open");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

uint64_t host_ticks(void)
{
    return now++; /* or who waits by looking at the clock would never end */
}

void mock_pass(uint64_t microseconds)
{
    now += microseconds;
}

/* Let another run, and wait until it gives back. */
static void run(struct mock *other)
{
    struct mock *own = self;
    pthread_mutex_lock(&lock);
    running = other;
    pthread_cond_broadcast(&changed);
    while (running != own)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

void mock_kernel_add(struct mock *mock)
{
    if (mock_count == MOCKS_MAX)
        mock_fail(mock, "there are %u already, and no room for more", MOCKS_MAX);
    mocks[mock_count++] = mock;
    mock->index = mock_count;
    uint32_t base = (mock_count - 1) * SLOTS_EACH;
    if (mock_count == 1) {
        slots_start(&free_slots, SLOT_RUNS, MOCK_SLOTS);
        rpc_given_use(&free_slots);
    }
    mock->memory = aligned_alloc(4096, MOCK_MEMORY_BYTES);
    if (!mock->memory)
        mock_fail(mock, "the host has no memory left");
    mock->client_place = mock->server_place = (struct channel_place){
        .address = (uintptr_t)mock->memory, .bytes = MOCK_MEMORY_BYTES, .wake_bits = 1,
        .is_one_way = mock->is_one_way};
    mock->client_place.doorbell = base + SLOT_DOORBELL;
    mock->client_place.wake = base + SLOT_WAKE;
    mock->server_place.doorbell = SERVER_DOORBELL;
    mock->server_place.wake = SERVER_WAKE;
    mock->client = (struct binding){.name = mock->name, .portal = base + SLOT_PORTAL,
                                    .name_bytes = (uint32_t)strlen(mock->name), .place_count = 1,
                                    .places = &mock->client_place, .thread = base + SLOT_THREAD,
                                    .thread_count = 1, .receive_first = base + SLOT_RECEIVE,
                                    .receive_count = RECEIVE_SLOTS};
    mock->server = mock->client;
    mock->server.places = &mock->server_place;
    mock->server.thread = SERVER_THREAD;
    mock->server.receive_first = SERVER_RECEIVE;
    mock->server.portal = 0;
}

/* What a server's thread does. */
static void *begin_server(void *argument)
{
    void **start = argument;
    void (*serve)(struct mock *mock);
    self = start[0];
    memcpy(&serve, &start[1], sizeof serve);
    serve(self);
    mock_fail(self, "its server could not begin");
}

void mock_kernel_start(struct mock *mock, void (*serve)(struct mock *mock))
{
    pthread_t thread;
    void *start[2] = {mock, 0};
    memcpy(&start[1], &serve, sizeof serve);
    pthread_mutex_lock(&lock);
    running = mock;
    pthread_mutex_unlock(&lock);
    if (pthread_create(&thread, 0, begin_server, start) != 0)
        mock_fail(mock, "the host has no thread left");
    pthread_detach(thread);
    run(mock); /* until it waits for its first call */
}

/* The mock whose portal is in a slot of the test's table; null: none. */
static struct mock *mock_at(uint32_t slot)
{
    for (uint32_t i = 0; i < mock_count; i++)
        if (mocks[i]->client.portal == slot)
            return mocks[i];
    return 0;
}

/* Copy capabilities into a window; false if there is too little room, or a slot is empty. */
static bool transfer(const uint64_t *from, uint32_t from_count, uint64_t word, uint64_t *to,
                     struct window *window, uint64_t *received)
{
    uint32_t first = (uint32_t)word, count = (uint32_t)(word >> 32) & 0xff;
    *received = 0;
    if (count > window->count || first > from_count || count > from_count - first)
        return false;
    for (uint32_t i = 0; i < count; i++)
        to[window->first + i] = from[first + i];
    window->first += count;
    window->count -= count;
    *received = count;
    return true;
}

/* Let the time of a deadline come; who has none waits for ever, and so does the test. */
static void pass_until(const struct mock *mock, uint64_t deadline)
{
    if (deadline == TICKS_NEVER)
        mock_fail(mock, "its client waits for ever: the call has no deadline, see "
                  "NAME_client_timeout and $deadline");
    if (now < deadline)
        now = deadline;
}

/* The test calls a mock. */
static uint64_t portal_call(uint32_t slot, uint64_t words[6])
{
    struct mock *mock = mock_at(slot);
    if (!mock || !mock->is_connected)
        return EXO_STATUS_BAD_CAPABILITY;
    uint64_t deadline = words[4];
    memcpy(mock->words, words, sizeof mock->words);
    mock->words[4] = mock->client_place.badge;
    if (!transfer(mock_slots, MOCK_SLOTS, words[5], mock->slots,
                  &server_windows[mock->index], &mock->words[5]))
        return EXO_STATUS_FULL;
    mock->fault = MOCK_NOTHING;
    mock->is_place_damaged = false;
    mock->has_call = true;
    run(mock);
    if (mock->fault == MOCK_DELAY) {
        pass_until(mock, deadline);
        return EXO_STATUS_DEADLINE;
    }
    if (mock->fault == MOCK_DISCONNECT) {
        mock_disconnect(mock);
        mock->back_after = mock->fault_number;
        return EXO_STATUS_DISCONNECTED;
    }
    memcpy(words, mock->words, sizeof mock->words);
    words[5] = mock->received;
    return mock->status;
}

/* A server answers the call that it has, and waits for the next. */
static uint64_t portal_reply(uint64_t words[6])
{
    if (self->has_call) {
        if (self->fault == MOCK_DELAY || self->fault == MOCK_DISCONNECT) {
            self->has_call = false; /* nobody waits for the answer any more */
            return EXO_STATUS_DISCONNECTED;
        }
        struct window *window = &client_windows[self->client.thread];
        if (!transfer(self->slots, MOCK_SLOTS, words[5], mock_slots, window, &self->received))
            return EXO_STATUS_FULL;
        self->status = words[4];
        memcpy(self->words, words, sizeof self->words);
        if (self->is_place_damaged)
            self->words[0] ^= UINT64_C(0x8000000080000000) >> self->fault_number % 8;
        self->has_call = false;
    }
    do
        run(0);
    while (!self->has_call);
    memcpy(words, self->words, sizeof self->words);
    return EXO_STATUS_OK;
}

/* Signal an Event. A server of a one-way channel hears its client's at once, if it is there. */
static uint64_t event_signal(uint32_t slot)
{
    /* A server's Events are those of its client, the other way round. */
    slot = self ? self->client_place.wake : slot;
    for (uint32_t i = 0; !self && i < mock_count; i++) {
        struct mock *mock = mocks[i];
        if (!mock->is_one_way || mock->client_place.doorbell != slot)
            continue;
        mock->has_signal = true;
        if (mock->is_connected)
            run(mock);
        return EXO_STATUS_OK;
    }
    if (slot < MOCK_SLOTS)
        pending[slot] |= 1;
    return EXO_STATUS_OK;
}

/* Wait for a signal: it came already, or it never comes, since nobody else runs. */
static uint64_t event_wait(uint32_t slot, uint64_t words[6])
{
    if (self && self->is_one_way) {
        while (!self->has_signal)
            run(0);
        self->has_signal = false;
        words[0] = 1;
        return EXO_STATUS_OK;
    }
    uint64_t bits = slot < MOCK_SLOTS ? pending[slot] : 0;
    if (bits == 0) {
        const struct mock *mock = 0; /* whose client waits, if any's */
        for (uint32_t i = 0; i < mock_count; i++)
            if (mocks[i]->client_place.wake == slot)
                mock = mocks[i];
        if (words[0] != 0)
            pass_until(mock, words[0]);
        return EXO_STATUS_DEADLINE;
    }
    pending[slot] = 0;
    words[0] = bits;
    return EXO_STATUS_OK;
}

/* Does a slot of the own table hold something; a look at a portal may bring its server back. */
static bool is_live(uint64_t slot)
{
    if (self)
        return slot < MOCK_SLOTS && self->slots[slot] != 0;
    struct mock *mock = slot < MOCK_SLOTS ? mock_at((uint32_t)slot) : 0;
    if (!mock)
        return slot < MOCK_SLOTS && mock_slots[slot] != 0;
    if (!mock->is_connected && mock->back_after != UINT32_MAX && mock->back_after-- == 0)
        mock_connect(mock);
    return mock->is_connected;
}

/* The calls that only look at or change a table. */
static uint64_t table_call(uint64_t word, uint32_t slot, uint64_t words[6])
{
    uint64_t *table = self ? self->slots : mock_slots;
    uint32_t count = MOCK_SLOTS;
    switch ((unsigned)(word >> 32) & 0xffff) {
    case EXO_CALL_CAPABILITY_INFO:
        words[0] = is_live(words[0]) ? EXO_OBJECT_KIND_MEMORY : EXO_OBJECT_KIND_EMPTY;
        return EXO_STATUS_OK;
    case EXO_CALL_CAPABILITY_DELETE:
        if (slot >= count || table[slot] == 0)
            return EXO_STATUS_BAD_CAPABILITY;
        table[slot] = 0;
        return EXO_STATUS_OK;
    case EXO_CALL_CAPABILITY_DERIVE:
        if (slot >= count || words[1] >= count || table[slot] == 0)
            return EXO_STATUS_BAD_CAPABILITY;
        if (table[words[1]] != 0)
            return EXO_STATUS_CONFLICT;
        table[words[1]] = table[slot];
        return EXO_STATUS_OK;
    case EXO_CALL_THREAD_WRITE: {
        const uint64_t *from = (const uint64_t *)(uintptr_t)words[2];
        if (slot >= count)
            return EXO_STATUS_BAD_CAPABILITY;
        *(self ? &server_windows[self->index] : &client_windows[slot]) =
            (struct window){(uint32_t)from[0], (uint32_t)from[1]};
        return EXO_STATUS_OK;
    }
    case EXO_CALL_CAPABILITY_NOTIFY:
    case EXO_CALL_THREAD_YIELD: return EXO_STATUS_OK;
    default: return mock_system_call ? mock_system_call(word, words) : EXO_STATUS_BAD_CALL;
    }
}

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    uint32_t slot = (uint32_t)word;
    switch ((unsigned)(word >> 32) & 0xffff) {
    case EXO_CALL_PORTAL_CALL: return portal_call(slot, words);
    case EXO_CALL_PORTAL_REPLY: return portal_reply(words);
    case EXO_CALL_EVENT_WAIT: return event_wait(slot, words);
    case EXO_CALL_EVENT_SIGNAL: return event_signal(slot);
    default: return table_call(word, slot, words);
    }
}
