/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <assert.h>

#include "channel_guard.h"
#include "kernel_stubs.h"
#include "rpc.h"
#include "startup.h"
#include "text.h"
#include "write.h"

/* Words of a line that each end writes for itself: how far its ring is, and whether it sleeps. */
enum {
    TAIL_WORD = CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET / 4,
    ATTENTION_WORD = CHANNEL_CLIENT_LINE_ATTENTION_OFFSET / 4,
    EPOCH_WORD = CHANNEL_CLIENT_LINE_EPOCH_OFFSET / 4,
};

/* One direction of a wire. */
struct direction {
    struct wire *wire;
    struct channel *from, *to;
    uint32_t *line; /* as last copied */
    bool is_forward; /* from client to server */
};

static struct direction forward(struct wire *wire)
{
    return (struct direction){wire, &wire->near, &wire->far, wire->client_line, true};
}

static struct direction backward(struct wire *wire)
{
    return (struct direction){wire, &wire->far, &wire->near, wire->server_line, false};
}

bool wire_check(const struct wire *wire)
{
    return wire->near.arena_words == wire->far.arena_words &&
           wire->near.entry_mask == wire->far.entry_mask && wire->near.is_server &&
           !wire->far.is_server;
}

/* Begin anew as the server's client. */
static bool open_far(struct wire *wire, uint32_t base)
{
    const struct channel_place *far = wire->far_place;
    if (!channel_open(&wire->far, (void *)(uintptr_t)far->address, far->bytes, false))
        return false;
    channel_begin(&wire->far, base);
    exo_capability_notify(EXO_SELF, wire->import->portal, far->wake);
    /* The client's doorbell is always heard here; whether it rings depends on the server. */
    channel_set_attention(&wire->far, CHANNEL_ATTENTION_ASLEEP);
    return true;
}

bool wire_open(struct wire *wire, const struct binding *export, uint32_t index,
               const struct binding *import, uint32_t port, uint32_t place)
{
    *wire = (struct wire){.near_place = &export->places[index], .far_place = &import->places[0],
                          .import = import, .port = (uint16_t)port, .place = (uint16_t)place};
    const struct channel_place *near = wire->near_place, *far = wire->far_place;
    if (import->place_count != 1 || near->bytes != far->bytes ||
        !channel_open(&wire->near, (void *)(uintptr_t)near->address, near->bytes, true) ||
        !open_far(wire, 0))
        return false;
    uint64_t bytes = wire->near.arena_words * sizeof *wire->words;
    wire->words = pages_take(bytes / CHILD_PAGE_BYTES + 1, 0);
    if (!wire->words)
        return false;
    channel_guard(near->address, near->bytes, &wire->near);
    channel_guard(far->address, far->bytes, &wire->far);
    assert(wire_check(wire));
    return true;
}

/* Copy a message to the same place of the other channel, if it lies within it. Each word is fetched
 * once, into memory of our own, so what is written down is what was passed on. */
static void copy_message(const struct direction *direction, struct entry *entry, uint64_t place)
{
    uint32_t offset = channel_place_offset(place), length = channel_place_length(place);
    entry->offset = offset;
    if (!channel_in_bounds(direction->from, offset, length))
        return;
    entry->words = direction->wire->words;
    entry->word_count = length;
    for (uint32_t i = 0; i < length; i++) {
        direction->wire->words[i] = capnp_load64(direction->from->receive_words + offset + i);
        direction->to->send_words[offset + i] = direction->wire->words[i];
    }
}

/* Copy what the sender's line says besides, and the client's table of finished questions. */
static void copy_line(const struct direction *direction, struct entry *entry)
{
    const uint8_t *from = channel_peer_line(direction->from);
    uint8_t *to = channel_own_line(direction->to);
    for (uint32_t i = 0; i < WIRE_LINE_WORDS; i++) {
        if (i == TAIL_WORD || i == ATTENTION_WORD)
            continue;
        uint32_t word = capnp_load32(from + 4 * (size_t)i);
        if (word == direction->line[i])
            continue;
        direction->line[i] = word;
        if (i != EPOCH_WORD) /* each channel has its own; what is recorded says that it changed */
            __atomic_store_n((uint32_t *)(void *)(to + 4 * (size_t)i), word, __ATOMIC_RELEASE);
        entry->line = direction->line;
    }
    for (uint32_t i = 0; direction->is_forward && i <= direction->from->entry_mask; i++) {
        uint32_t word = capnp_load32(direction->from->finished + i);
        if (word == direction->wire->finished[i])
            continue;
        direction->wire->finished[i] = word;
        __atomic_store_n(direction->to->finished + i, word, __ATOMIC_RELEASE);
        entry->finished = direction->wire->finished;
        entry->finished_count = direction->from->entry_mask + 1;
    }
}

/* Pass on the descriptors of a ring; returns whether there were any. The wire is locked. */
static bool copy_ring(const struct direction *direction)
{
    struct channel *from = direction->from, *to = direction->to;
    uint32_t count = channel_waiting(from);
    for (uint32_t i = 0; i < count; i++) {
        struct channel_descriptor found = channel_entry(from->receive_ring, from->entry_mask,
                                                        from->receive_head);
        struct entry entry = {.kind = direction->is_forward ? RECORDING_KIND_REQUEST
                                                            : RECORDING_KIND_REPLY,
                              .flags = found.flags, .question = found.question};
        if (direction->is_forward)
            entry.method = found.method;
        else
            entry.status = found.method;
        copy_line(direction, &entry);
        uint64_t place = channel_place_word(found.offset, found.length);
        /* A range has a count in the place of a length. */
        if (direction->is_forward || !(found.flags & CHANNEL_FLAG_RANGE))
            copy_message(direction, &entry, place);
        else
            entry.range = found.length;
        write_entry(direction->wire, &entry);
        from->receive_head++;
        channel_push(to, place, channel_meaning_word(found.method, found.flags, found.question));
    }
    return count > 0;
}

/* Where a client has begun, begin anew towards both sides. The wire is locked. */
static void meet(struct wire *wire)
{
    uint32_t epoch = channel_peer_epoch(&wire->near);
    if (epoch == 0 || epoch == wire->near.epoch || epoch == wire->ended)
        return;
    open_far(wire, channel_take_up(&wire->near, epoch, CHANNEL_ATTENTION_ABSENT));
    memset(wire->client_line, 0, sizeof wire->client_line);
    memset(wire->server_line, 0, sizeof wire->server_line);
    memset(wire->finished, 0, sizeof wire->finished);
}

/* Is there still something in the slot of an import's portal. */
static bool is_connected(const struct binding *import)
{
    uint64_t kind, rights, value, count, low, high;
    return exo_capability_info(EXO_SELF, import->portal, &kind, &rights, &value, &count, &low,
                               &high) == EXO_STATUS_OK &&
           (kind & 0xff) != EXO_OBJECT_KIND_EMPTY;
}

/* Pass on that the server ended, or was started again, which ends the client's epoch. The wire is
 * locked. */
static void end_if_broken(struct wire *wire)
{
    if (wire->near.epoch == CHANNEL_EPOCH_NONE)
        return;
    if (!wire->far.broken && is_connected(wire->import))
        return;
    wire->far.broken = true;
    wire->ended = wire->near.epoch;
    channel_take_up(&wire->near, 0, CHANNEL_ATTENTION_ABSENT);
}

/* Tell the client whether anybody hears its doorbell: a server that only hears calls is to be
 * called. */
static void copy_attention(struct wire *wire)
{
    bool is_absent = channel_peer_attention(&wire->far) == CHANNEL_ATTENTION_ABSENT;
    channel_set_attention(&wire->near, is_absent ? CHANNEL_ATTENTION_ABSENT
                                                 : CHANNEL_ATTENTION_ASLEEP);
}

void wire_carry(struct wire *wire)
{
    struct direction to_server = forward(wire), to_client = backward(wire);
    lock_take(&wire->lock);
    meet(wire);
    copy_attention(wire);
    bool has_requests = copy_ring(&to_server);
    if ((has_requests || !channel_meet(&wire->far)) &&
        channel_peer_attention(&wire->far) == CHANNEL_ATTENTION_ASLEEP)
        exo_event_signal(wire->far_place->doorbell);
    bool has_replies = copy_ring(&to_client);
    end_if_broken(wire);
    if ((has_replies || wire->far.broken) &&
        channel_peer_attention(&wire->near) == CHANNEL_ATTENTION_ASLEEP)
        exo_event_signal(wire->near_place->doorbell);
    lock_give(&wire->lock);
}

/* The registers of a call or an answer. */
struct call_registers {
    uint64_t word[4];
    uint64_t badge, received;
};

/* Write a call or an answer down, with what its side changed besides. The wire is locked. */
static void copy_call(const struct direction *direction, const struct call_registers *registers,
                      enum exo_status status)
{
    uint64_t meaning = registers->word[1];
    struct entry entry = {.kind = direction->is_forward ? RECORDING_KIND_CALL
                                                        : RECORDING_KIND_ANSWER,
                          .capabilities = (uint8_t)registers->received,
                          .status = (uint16_t)status, .word3 = registers->word[3]};
    if (direction->is_forward) {
        entry.method = (uint16_t)meaning;
        entry.flags = (uint16_t)(meaning >> 16);
        entry.question = (uint32_t)(meaning >> 32);
    }
    copy_line(direction, &entry);
    copy_message(direction, &entry, registers->word[0]);
    write_entry(direction->wire, &entry);
}

/* Give back the capabilities that came with a message, which were passed on. */
static void release(uint32_t first, uint64_t count)
{
    for (uint32_t i = 0; i < count; i++)
        exo_capability_delete(first + i);
}

/* Pass a call on and wait for its answer, which takes its registers' place; returns its status. The
 * capabilities that came with it are in the import's slots. */
static enum exo_status pass_call(struct wire *wire, struct call_registers *registers,
                                 struct rpc_window *window)
{
    const struct binding *import = wire->import;
    struct direction to_server = forward(wire), to_client = backward(wire);
    struct rpc_window answers = {window->thread, import->receive_first, import->receive_count, 0};
    uint64_t *word = registers->word, count = registers->received;
    lock_take(&wire->lock);
    meet(wire);
    copy_ring(&to_server);
    copy_call(&to_server, registers, EXO_STATUS_OK);
    lock_give(&wire->lock);
    rpc_window_post(&answers);
    registers->received = 0;
    enum exo_status status =
        exo_portal_call(import->portal, word[0], word[1], word[2], word[3], UINT64_MAX,
                        count == 0 ? 0 : count << 32 | window->first, &word[0], &word[1], &word[2],
                        &word[3], &registers->received);
    release(window->first, count);
    /* What failed brings no capabilities, and no message either if the kernel says so. */
    if (status != EXO_STATUS_OK)
        registers->received = 0;
    if (word[3] == 0)
        word[0] = 0;
    lock_take(&wire->lock);
    channel_meet(&wire->far);
    copy_attention(wire);
    copy_ring(&to_client);
    end_if_broken(wire);
    copy_call(&to_client, registers, status);
    lock_give(&wire->lock);
    rpc_window_post(window);
    return status;
}

_Noreturn void wire_serve(struct wire *wires, uint32_t count, const struct binding *export,
                          uint32_t number)
{
    uint32_t share = export->receive_count / export->thread_count;
    struct rpc_window window = {export->thread + number, export->receive_first + number * share,
                                share, 0};
    struct call_registers registers = {.word = {0, 0, 0, 1}};
    enum exo_status status = EXO_STATUS_OK;
    uint32_t given = 0; /* first slot of the capabilities that go with the answer */
    rpc_window_post(&window);
    for (;;) {
        uint64_t *word = registers.word, sent = registers.received;
        enum exo_status replied =
            exo_portal_reply(word[0], word[1], word[2], word[3], status,
                             sent == 0 ? 0 : sent << 32 | given, &word[0], &word[1], &word[2],
                             &word[3], &registers.badge, &registers.received);
        release(given, sent);
        if (replied != EXO_STATUS_OK) {
            /* Nobody waits any more, or it could not be given: say at least that. */
            status = replied == EXO_STATUS_DISCONNECTED ? EXO_STATUS_OK : replied;
            registers = (struct call_registers){.word = {0, 0, 0, 1}};
            continue;
        }
        uint32_t index = (uint32_t)registers.badge;
        if (index >= count) {
            release(window.first, registers.received);
            rpc_window_post(&window);
            status = EXO_STATUS_BAD_ARGUMENT;
            registers = (struct call_registers){.word = {0, 0, 0, 1}};
            continue;
        }
        given = wires[index].import->receive_first;
        status = pass_call(&wires[index], &registers, &window);
    }
}
