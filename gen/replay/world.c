/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "child.h"
#include "kernel_calls.h"
#include "kernel_names.h"
#include "startup.capnp.h"

#define STACK_BYTES (UINT64_C(1) << 20)
#define SPACE_BYTES (UINT64_C(1) << 32)
#define PAGES_MAX (UINT32_C(1) << 18)
#define NO_CHANNEL UINT32_MAX
#define CALL_NUMBER(word) ((uint32_t)((word) >> 32) & 0xffff)

enum thread_state {
    THREAD_UNUSED,
    THREAD_RUNS,
    THREAD_WAITS_CALL,   /* a handler, for the next call of its side */
    THREAD_WAITS_ANSWER, /* a caller */
    THREAD_WAITS_EVENT,
    THREAD_ENDED
};

struct thread {
    enum thread_state state;
    ucontext_t context;
    uint32_t side;    /* whose handler it is */
    uint32_t serves;  /* the channel that it serves a call of; NO_CHANNEL: none */
    uint32_t calls;   /* the one that it waits for the answer on, which may be meanwhile */
    uint64_t *words;  /* registers of the kernel call that it waits in */
    uint64_t status;  /* of that call, when it goes on */
    uint64_t deadline, bits;
    void (*function)(void *);
    void *argument;
};

/* A call that no handler was free for. */
struct queued {
    struct queued *next;
    const struct recording_item *item;
};

struct peer {
    struct channel channel; /* the peer's end */
    uint64_t address;
    enum channel_attention attention; /* see world_hears */
    uint32_t epoch;         /* of a recorded client, as the recording last said; 0: not yet */
    bool is_late; /* the caller's deadline passed: the answer goes nowhere */
    struct world_sent *first, *last;
};

static const struct recording *recording;
static struct arena *arena;
static struct thread threads[WORLD_THREADS_MAX];
static struct thread *current;
static ucontext_t driver;
static struct peer peers[RECORDING_PLACES_MAX];
static uint64_t now, pending, status_words[8];
static uint8_t *space;
static int frames;
static const char *refused;
static uint32_t side_threads[RECORDING_PORTS_MAX];
static struct queued *queue; /* of all sides, the oldest first */

/* The component's first instruction, in components/runtime/startup.c. */
_Noreturn void runtime_start(const uint64_t *words, uint64_t word_count);

uint64_t world_ticks(void)
{
    return ++now;
}

uint64_t world_channel_address(uint32_t channel)
{
    return peers[channel].address;
}

uint64_t world_space(uint64_t *bytes)
{
    *bytes = SPACE_BYTES;
    return (uintptr_t)space;
}

uint64_t *world_status(void)
{
    return status_words;
}

uint32_t world_side_thread(uint32_t side)
{
    return side_threads[side];
}

const char *world_refused(void)
{
    return refused;
}

bool world_has_ended(uint64_t *status)
{
    *status = status_words[1];
    return status_words[0] != 0 || threads[0].state == THREAD_ENDED;
}

/* ---- Threads ---- */

/* Wait until somebody sets the state back. */
static void wait_as(enum thread_state state)
{
    struct thread *thread = current;
    thread->state = state;
    swapcontext(&thread->context, &driver);
}

void world_stop(void)
{
    current->state = THREAD_ENDED;
    setcontext(&driver);
    __builtin_unreachable();
}

static void begin_thread(void)
{
    current->function(current->argument);
    world_stop();
}

static void start_thread(struct thread *thread, void (*function)(void *), void *argument)
{
    getcontext(&thread->context);
    thread->context.uc_stack.ss_sp = arena_take(arena, STACK_BYTES);
    thread->context.uc_stack.ss_size = STACK_BYTES;
    thread->context.uc_link = NULL;
    thread->function = function;
    thread->argument = argument;
    thread->state = THREAD_RUNS;
    thread->serves = NO_CHANNEL;
    makecontext(&thread->context, begin_thread, 0);
}

/* ---- What the component sends ---- */

/* Put a message behind a channel's queue, as its words are now. */
static void send(uint32_t channel, struct recording_item item, uint64_t place)
{
    struct peer *peer = &peers[channel];
    struct world_sent *sent = arena_take(arena, sizeof *sent);
    uint32_t offset = channel_place_offset(place), length = channel_place_length(place);
    item.channel = channel;
    item.side = 0;
    while (channel >= recording->sides[item.side].first + recording->sides[item.side].count)
        item.side++;
    if (channel_in_bounds(&peer->channel, offset, length)) {
        item.offset = offset;
        item.word_count = length;
        item.words = arena_take(arena, (length + 1) * sizeof *item.words);
        memcpy(item.words, peer->channel.receive_words + offset, length * sizeof *item.words);
    }
    sent->item = item;
    *(peer->first ? &peer->last->next : &peer->first) = sent;
    peer->last = sent;
}

/* A component that begins as a client says so by its line. */
static void meet(struct peer *peer)
{
    uint32_t epoch = channel_peer_epoch(&peer->channel);
    if (epoch != 0 && epoch != peer->channel.epoch)
        channel_take_up(&peer->channel, epoch, peer->attention);
}

/* Take what the component pushed into a ring. An answer to a run of questions is one to each. */
static void take_ring(uint32_t number)
{
    struct channel *channel = &peers[number].channel;
    if (channel->is_server)
        meet(&peers[number]);
    for (uint32_t count = channel_waiting(channel); count > 0; count--) {
        struct channel_descriptor found = channel_entry(channel->receive_ring, channel->entry_mask,
                                                        channel->receive_head++);
        struct recording_item item = {.kind = channel->is_server ? RECORDING_KIND_REQUEST
                                                                 : RECORDING_KIND_REPLY,
                                      .flags = found.flags, .question = found.question};
        if (channel->is_server) {
            item.method = found.method;
        } else {
            item.status = found.method;
            if (found.flags & CHANNEL_FLAG_RANGE) {
                item.flags = 0;
                for (uint32_t i = 0; i < found.length && i < CHANNEL_ENTRIES_MAX; i++) {
                    send(number, item, 0);
                    item.question++;
                }
                continue;
            }
        }
        send(number, item, channel_place_word(found.offset, found.length));
    }
}

static void take_rings(void)
{
    for (uint32_t i = 0; i < recording->channel_count; i++)
        take_ring(i);
}

const struct world_sent *world_sent(uint32_t channel)
{
    return peers[channel].first;
}

void world_take(uint32_t channel)
{
    peers[channel].first = peers[channel].first->next;
}

/* ---- Kernel calls ---- */

/* The component cannot go on. */
static void refuse(const char *why)
{
    refused = why;
    wait_as(THREAD_ENDED);
}

/* Memory that it received lacks its content, and what went through a portal is not recorded. */
static const char received[] = "it uses a capability that it received, which is not recorded";

/* The component's own frames and addresses. */
static uint64_t map_memory(uint64_t words[6])
{
    uint64_t address = words[1], bytes = words[3] * CHILD_PAGE_BYTES;
    if (words[0] != CHILD_SLOT_MEMORY)
        refuse(received);
    if (address < (uintptr_t)space || words[3] > SPACE_BYTES / CHILD_PAGE_BYTES ||
        address - (uintptr_t)space > SPACE_BYTES - bytes)
        return EXO_STATUS_BAD_ARGUMENT;
    void *at = mmap((void *)(uintptr_t)address, bytes, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_FIXED, frames, (off_t)(words[2] * CHILD_PAGE_BYTES));
    words[0] = words[3];
    return at == MAP_FAILED ? EXO_STATUS_BAD_ARGUMENT : EXO_STATUS_OK;
}

static uint64_t call_portal(uint32_t slot, uint64_t words[6])
{
    uint32_t side = slot - WORLD_SLOT_PORTALS;
    if (side >= recording->side_count || recording->sides[side].is_export)
        refuse(received);
    uint32_t channel = recording->sides[side].first;
    uint64_t meaning = words[1];
    struct recording_item item = {.kind = RECORDING_KIND_CALL, .method = (uint16_t)meaning,
                                  .flags = (uint16_t)(meaning >> 16),
                                  .question = (uint32_t)(meaning >> 32),
                                  .capabilities = (uint8_t)(words[5] >> 32)};
    send(channel, item, words[0]);
    current->calls = channel;
    current->deadline = words[4];
    current->words = words;
    wait_as(THREAD_WAITS_ANSWER);
    return current->status;
}

static uint64_t reply_portal(uint64_t words[6])
{
    if (current->serves != NO_CHANNEL) {
        struct recording_item item = {.kind = RECORDING_KIND_ANSWER, .status = (uint16_t)words[4],
                                      .capabilities = (uint8_t)(words[5] >> 32),
                                      .word3 = words[3]};
        send(current->serves, item, words[0]);
        current->serves = NO_CHANNEL;
    }
    current->words = words;
    wait_as(THREAD_WAITS_CALL);
    return current->status;
}

/* The bits that a capability to the component's own Event names; a server's, those of all clients
 * of its export. */
static uint64_t event_bits(uint32_t slot)
{
    uint32_t channel = slot - WORLD_SLOT_WAKE;
    uint64_t bits = 0;
    if (slot == CHILD_SLOT_WAKE)
        return UINT64_MAX;
    if (slot == CHILD_SLOT_LOCK)
        return CHILD_LOCK_BIT;
    for (uint32_t i = 0; i < recording->side_count; i++) {
        const struct recording_side *side = &recording->sides[i];
        if (channel >= side->first && channel < side->first + side->count)
            bits = ((UINT64_C(1) << side->count) - 1) << side->first;
    }
    return bits;
}

static uint64_t wait_event(uint32_t slot, uint64_t words[6])
{
    uint64_t mask = event_bits(slot);
    if ((pending & mask) == 0) {
        if (words[0] <= now)
            return EXO_STATUS_DEADLINE;
        current->bits = mask;
        current->deadline = words[0];
        current->words = words;
        wait_as(THREAD_WAITS_EVENT);
        if (current->status != EXO_STATUS_OK)
            return current->status;
    }
    words[0] = pending & mask;
    pending &= ~mask;
    return EXO_STATUS_OK;
}

/* The start of a further Thread: thread_run() writes function and argument, then starts it. */
static uint64_t write_thread(uint32_t slot, const uint64_t words[6])
{
    uint32_t number = slot - WORLD_SLOT_THREADS;
    const uint64_t *from = (const uint64_t *)(uintptr_t)words[2];
    if (number >= WORLD_THREADS_MAX || words[0] != EXO_THREAD_REGISTER_ARG0 || words[1] != 2)
        return EXO_STATUS_OK; /* slots for capabilities, which do not come */
    threads[number].function = (void (*)(void *))(uintptr_t)from[0];
    threads[number].argument = (void *)(uintptr_t)from[1];
    return EXO_STATUS_OK;
}

static uint64_t run_thread(uint32_t slot)
{
    uint32_t number = slot - WORLD_SLOT_THREADS;
    if (number >= WORLD_THREADS_MAX || threads[number].state != THREAD_UNUSED)
        return EXO_STATUS_BAD_CAPABILITY;
    start_thread(&threads[number], threads[number].function, threads[number].argument);
    return EXO_STATUS_OK;
}

uint64_t host_system_call(uint64_t word, uint64_t words[6]);

uint64_t host_system_call(uint64_t word, uint64_t words[6])
{
    uint32_t slot = (uint32_t)word;
    take_rings();
    switch (CALL_NUMBER(word)) {
    case EXO_CALL_PORTAL_CALL: return call_portal(slot, words);
    case EXO_CALL_PORTAL_REPLY: return reply_portal(words);
    case EXO_CALL_EVENT_WAIT: return wait_event(slot, words);
    case EXO_CALL_THREAD_WRITE: return write_thread(slot, words);
    case EXO_CALL_THREAD_READ: return EXO_STATUS_BUSY; /* so slots are used as they were posted */
    case EXO_CALL_THREAD_START: return run_thread(slot);
    case EXO_CALL_EVENT_SIGNAL: pending |= event_bits(slot); return EXO_STATUS_OK;
    case EXO_CALL_MEMORY_MAP: return map_memory(words);
    case EXO_CALL_MEMORY_UNMAP:
    case EXO_CALL_THREAD_YIELD:
    case EXO_CALL_CAPABILITY_DERIVE:
    case EXO_CALL_CAPABILITY_DELETE:
    case EXO_CALL_CAPABILITY_NOTIFY:
    case EXO_CALL_CAPABILITY_INFO: return EXO_STATUS_OK;
    default:
        assert(CALL_NUMBER(word) < EXO_CALL_COUNT);
        refuse(arena_text(arena, "it makes the kernel call %s, which cannot be replayed",
                          exo_call_names[CALL_NUMBER(word)].name));
        return EXO_STATUS_BAD_CALL;
    }
}

/* ---- The driver's side ---- */

/* Those that wait for an Event whose bits are there go on. */
static void wake_pending(void)
{
    for (uint32_t i = 0; i < WORLD_THREADS_MAX; i++) {
        if (threads[i].state == THREAD_WAITS_EVENT && (threads[i].bits & pending)) {
            threads[i].status = EXO_STATUS_OK;
            threads[i].state = THREAD_RUNS;
        }
    }
}

/* A Thread that waits in this state for this side or channel. */
static struct thread *find_thread(enum thread_state state, uint32_t side, uint32_t channel)
{
    for (uint32_t i = 0; i < WORLD_THREADS_MAX; i++)
        if (threads[i].state == state &&
            (state == THREAD_WAITS_CALL ? threads[i].side == side : threads[i].calls == channel))
            return &threads[i];
    return NULL;
}

/* Let a Thread go on with the registers of a call or an answer. */
static void resume(struct thread *thread, const struct recording_item *item)
{
    bool is_call = item->kind == RECORDING_KIND_CALL;
    uint64_t *words = thread->words;
    words[0] = channel_place_word(item->offset, item->word_count);
    words[1] = is_call ? channel_meaning_word(item->method, item->flags, item->question) : 0;
    words[2] = 0;
    words[3] = item->word3;
    words[4] = is_call ? item->channel - recording->sides[item->side].first : 0;
    words[5] = item->capabilities;
    thread->status = is_call ? EXO_STATUS_OK : item->status;
    if (is_call)
        thread->serves = item->channel;
    thread->state = THREAD_RUNS;
}

/* Give the calls that wait to handlers that have become free. */
static void take_queued(void)
{
    for (struct queued **at = &queue; *at;) {
        struct thread *thread = find_thread(THREAD_WAITS_CALL, (*at)->item->side, NO_CHANNEL);
        if (!thread) {
            at = &(*at)->next;
            continue;
        }
        resume(thread, (*at)->item);
        *at = (*at)->next;
    }
}

/* Let a call wait until a handler of its side is free. Returns whether there is one that serves. */
static bool add_queued(const struct recording_item *item)
{
    const struct recording_side *side = &recording->sides[item->side];
    bool is_served = false;
    for (uint32_t i = 0; i < WORLD_THREADS_MAX; i++)
        is_served |= threads[i].state > THREAD_RUNS && threads[i].state < THREAD_ENDED &&
                     threads[i].serves >= side->first &&
                     threads[i].serves - side->first < side->count;
    struct queued **end = &queue;
    while (*end)
        end = &(*end)->next;
    *end = arena_take(arena, sizeof **end);
    **end = (struct queued){NULL, item};
    return is_served;
}

void world_run(void)
{
    for (bool again = true; again;) {
        again = false;
        wake_pending();
        take_queued();
        for (uint32_t i = 0; i < WORLD_THREADS_MAX && !refused; i++) {
            if (threads[i].state != THREAD_RUNS)
                continue;
            current = &threads[i];
            swapcontext(&driver, &current->context);
            again = true;
        }
    }
    take_rings();
}

void world_advance(uint64_t ticks)
{
    for (;;) {
        struct thread *first = NULL;
        for (uint32_t i = 0; i < WORLD_THREADS_MAX; i++) {
            struct thread *thread = &threads[i];
            if ((thread->state == THREAD_WAITS_EVENT || thread->state == THREAD_WAITS_ANSWER) &&
                thread->deadline <= ticks && (!first || thread->deadline < first->deadline))
                first = thread;
        }
        if (!first)
            break;
        if (now < first->deadline)
            now = first->deadline;
        if (first->state == THREAD_WAITS_ANSWER)
            peers[first->calls].is_late = true;
        first->status = EXO_STATUS_DEADLINE;
        first->state = THREAD_RUNS;
        world_run();
    }
    if (now < ticks)
        now = ticks;
}

void world_hears(uint32_t channel, bool hears)
{
    peers[channel].attention = hears ? CHANNEL_ATTENTION_ASLEEP : CHANNEL_ATTENTION_ABSENT;
    channel_set_attention(&peers[channel].channel, peers[channel].attention);
}

/* Write what came besides a message: the peer's line, and a client's finished questions. */
static void deliver_line(struct peer *peer, const struct recording_item *item)
{
    const uint32_t epoch = CHANNEL_CLIENT_LINE_EPOCH_OFFSET / 4;
    struct channel *channel = &peer->channel;
    uint32_t *line = (uint32_t *)(void *)channel_own_line(channel);
    if (item->line && !channel->is_server && item->line[epoch] != peer->epoch) {
        if (peer->epoch != 0) /* the client began again */
            channel_begin(channel, item->line[CHANNEL_CLIENT_LINE_BASE_OFFSET / 4]);
        peer->epoch = item->line[epoch];
    }
    /* What is before the attention, and that, is our own. */
    for (uint32_t i = 3; item->line && i < RECORDING_LINE_WORDS; i++)
        line[i] = item->line[i];
    for (uint32_t i = 0; !channel->is_server && i < item->finished_count; i++)
        if (i <= channel->entry_mask)
            channel->finished[i] = item->finished[i];
    if (channel_in_bounds(channel, item->offset, item->word_count) && item->word_count > 0)
        memcpy(channel->send_words + item->offset, item->words,
               item->word_count * sizeof *item->words);
}

const char *world_deliver(const struct recording_item *item)
{
    struct peer *peer = &peers[item->channel];
    struct channel *channel = &peer->channel;
    bool is_ring = item->kind == RECORDING_KIND_REQUEST || item->kind == RECORDING_KIND_REPLY;
    bool is_range = item->kind == RECORDING_KIND_REPLY && (item->flags & CHANNEL_FLAG_RANGE);
    deliver_line(peer, item);
    if (is_ring) {
        uint16_t method = item->kind == RECORDING_KIND_REPLY ? item->status : item->method;
        channel_push(channel,
                     channel_place_word(item->offset, is_range ? item->range : item->word_count),
                     channel_meaning_word(method, item->flags, item->question));
        pending |= UINT64_C(1) << item->channel;
        return NULL;
    }
    if (item->kind == RECORDING_KIND_ANSWER && peer->is_late) {
        peer->is_late = false;
        return NULL;
    }
    struct thread *thread = find_thread(item->kind == RECORDING_KIND_CALL ? THREAD_WAITS_CALL
                                                                          : THREAD_WAITS_ANSWER,
                                        item->side, item->channel);
    if (!thread && item->kind == RECORDING_KIND_CALL)
        return add_queued(item) ? NULL : "no Thread of the component waits for a call";
    if (!thread)
        return "the component has made no such call";
    resume(thread, item);
    return NULL;
}

/* ---- The beginning ---- */

static void start_component(void *argument)
{
    uint64_t count;
    const uint64_t *words = world_startup(argument, arena, &count);
    runtime_start(words, count);
}

static bool make_channels(void)
{
    for (uint32_t i = 0; i < recording->side_count; i++) {
        const struct recording_side *side = &recording->sides[i];
        for (uint32_t j = side->first; j < side->first + side->count; j++) {
            uint64_t bytes = recording->channels[j].bytes;
            void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            peers[j].address = (uintptr_t)memory;
            if (memory == MAP_FAILED ||
                !channel_open(&peers[j].channel, memory, bytes, !side->is_export))
                return false;
            if (side->is_export)
                channel_begin(&peers[j].channel, 0);
            world_hears(j, true);
        }
    }
    return true;
}

const char *world_start(const struct recording *of, struct arena *in)
{
    uint32_t count = 0;
    recording = of;
    arena = in;
    if (recording->devices > 0)
        return "the component has devices; what it reads from them is not recorded";
    for (uint32_t i = 0; i < recording->side_count; i++) {
        const struct recording_side *side = &recording->sides[i];
        side_threads[i] = WORLD_SLOT_THREADS + count;
        if (side->is_export && side->threads > WORLD_THREADS_MAX - count)
            return "the component has more than 16 handler Threads";
        for (uint32_t j = 0; side->is_export && j < side->threads; j++)
            threads[count++].side = i;
    }
    if (recording->pages > PAGES_MAX)
        return "the component has more than 1 GiB of memory";
    frames = memfd_create("replay", 0);
    space = mmap(NULL, SPACE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (frames < 0 || ftruncate(frames, (off_t)recording->pages * CHILD_PAGE_BYTES) != 0 ||
        space == MAP_FAILED || !make_channels())
        return "there is not enough memory";
    now = recording->ticks;
    start_thread(&threads[0], start_component, (void *)(uintptr_t)recording);
    return NULL;
}
