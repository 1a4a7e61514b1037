/* SPDX-License-Identifier: MIT */
#include "channel.h"

_Static_assert(CHANNEL_DESCRIPTOR_DATA_WORDS == 2 && CHANNEL_DESCRIPTOR_LENGTH_OFFSET == 0 &&
                   CHANNEL_DESCRIPTOR_OFFSET_OFFSET == 4 && CHANNEL_DESCRIPTOR_METHOD_OFFSET == 8 &&
                   CHANNEL_DESCRIPTOR_FLAGS_OFFSET == 10 &&
                   CHANNEL_DESCRIPTOR_QUESTION_OFFSET == 12,
               "channel_pop and channel_push know the descriptor's words");
_Static_assert(CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET == CHANNEL_SERVER_LINE_REPLY_TAIL_OFFSET &&
                   CHANNEL_CLIENT_LINE_EPOCH_OFFSET == CHANNEL_SERVER_LINE_EPOCH_OFFSET &&
                   CHANNEL_CLIENT_LINE_EPOCH_OFFSET ==
                       CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET + 4 &&
                   CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET % 8 == 0 &&
                   CHANNEL_CLIENT_LINE_ATTENTION_OFFSET == CHANNEL_SERVER_LINE_ATTENTION_OFFSET,
               "one function serves both lines, and a counter is fetched with its epoch");

_Static_assert(CHANNEL_LINE_BYTES % CHANNEL_CACHE_LINE_BYTES == 0 &&
                   CHANNEL_CLIENT_LINE_DATA_WORDS * 8 <= CHANNEL_LINE_BYTES &&
                   CHANNEL_SERVER_LINE_DATA_WORDS * 8 <= CHANNEL_LINE_BYTES &&
                   CHANNEL_ONE_WAY_LINE_DATA_WORDS * 8 <= CHANNEL_LINE_BYTES,
               "what one side writes stands in no cache line of the other's");
_Static_assert(CHANNEL_DESCRIPTOR_DATA_WORDS * 8 * 4 == CHANNEL_CACHE_LINE_BYTES,
               "a descriptor is in one cache line");

/* Let the free words be those from `tail` to `limit`. */
static void arena_set(struct channel *channel, uint32_t tail, uint32_t limit)
{
    channel->arena_tail = tail;
    channel->arena_next = channel->send_words + tail;
    channel->arena_room = limit - tail;
}

/* Where the free words that follow on the tail end. */
static uint32_t arena_limit(const struct channel *channel)
{
    return channel->arena_tail + channel->arena_room;
}

/* Write the own line anew, the counter and its epoch at once and last. */
static void write_line(struct channel *channel, uint32_t base)
{
    uint32_t *line = (uint32_t *)(void *)channel_own_line(channel);
    for (uint32_t i = CHANNEL_LINE_BYTES / 4; i-- > 2;)
        __atomic_store_n(line + i, 0, __ATOMIC_RELAXED);
    if (!channel->is_server) {
        __atomic_store_n(line + CHANNEL_CLIENT_LINE_BASE_OFFSET / 4, base, __ATOMIC_RELAXED);
        __atomic_store_n(line + CHANNEL_CLIENT_LINE_REPLY_HEAD_OFFSET / 4, base, __ATOMIC_RELAXED);
    }
    __atomic_store_n((uint64_t *)(void *)line, (uint64_t)channel->epoch << 32 | base,
                     __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

bool channel_open(struct channel *channel, void *memory, uint64_t bytes, bool is_server)
{
    if (bytes < CHANNEL_BYTES_MIN || bytes > CHANNEL_BYTES_MAX || (uintptr_t)memory % 64 != 0)
        return false;
    uint32_t entries = bytes <= CHANNEL_SMALL_BYTES ? CHANNEL_ENTRIES_MAX / 2 : CHANNEL_ENTRIES_MAX;
    uint8_t *requests = (uint8_t *)memory + 2 * CHANNEL_LINE_BYTES;
    uint8_t *replies = requests + entries * 16;
    uint8_t *finished = replies + entries * 16;
    uint8_t *arenas = finished + entries * 4;
    uint32_t arena_words = (uint32_t)((bytes - (uint64_t)(arenas - (uint8_t *)memory)) / 16);
    uint64_t *request_words = (uint64_t *)(void *)arenas;
    uint64_t *reply_words = request_words + arena_words;
    *channel = (struct channel){.memory = memory, .is_server = is_server};
    channel->send_ring = (uint64_t *)(void *)(is_server ? replies : requests);
    channel->receive_ring = (const uint64_t *)(void *)(is_server ? requests : replies);
    channel->finished = (uint32_t *)(void *)finished;
    channel->send_words = is_server ? reply_words : request_words;
    channel->receive_words = is_server ? request_words : reply_words;
    channel->arena_words = arena_words;
    arena_set(channel, 0, arena_words);
    channel->arena_quarter = arena_words / 4;
    channel->peer_tail = (const uint32_t *)(void *)(channel_peer_line(channel) +
                                                    CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET);
    channel->own_tail = (uint32_t *)(void *)(channel_own_line(channel) +
                                             CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET);
    channel->entry_mask = entries - 1;
    channel->epoch = CHANNEL_EPOCH_NONE;
    if (is_server)
        write_line(channel, 0);
    return true;
}

/* The epoch that the own line has. */
static uint32_t own_epoch(const struct channel *channel)
{
    return capnp_load32(channel_own_line(channel) + CHANNEL_CLIENT_LINE_EPOCH_OFFSET);
}

uint32_t channel_own_pushed(const struct channel *channel)
{
    return capnp_load32(channel->own_tail);
}

bool channel_is_kept(const struct channel *channel)
{
    return own_epoch(channel) == channel->epoch;
}

bool channel_begin(struct channel *channel, uint32_t base)
{
    uint32_t before = own_epoch(channel);
    channel->epoch = before + 1 == CHANNEL_EPOCH_NONE || before + 1 == 0 ? 1 : before + 1;
    channel->send_tail = channel->receive_head = base;
    for (uint32_t i = 0; i <= channel->entry_mask; i++)
        __atomic_store_n(channel->finished + i, base, __ATOMIC_RELAXED);
    write_line(channel, base);
    return before == 0;
}

uint32_t channel_take_up(struct channel *channel, uint32_t epoch, enum channel_attention attention)
{
    uint32_t base = capnp_load32(channel_peer_line(channel) + CHANNEL_CLIENT_LINE_BASE_OFFSET);
    channel->send_tail = base;
    channel->broken = false;
    __atomic_store_n(&channel->receive_head, base, __ATOMIC_RELAXED);
    __atomic_store_n(&channel->epoch, epoch == 0 ? CHANNEL_EPOCH_NONE : epoch, __ATOMIC_RELAXED);
    channel_set_attention(channel, attention); /* a client that looks sees it at any moment */
    __atomic_store_n((uint64_t *)(void *)channel->own_tail,
                     (uint64_t)channel->epoch << 32 | base, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return base;
}

void channel_arena_empty(struct channel *channel)
{
    channel->arena_head = channel->arena_pending = 0;
    arena_set(channel, 0, (uint32_t)channel->arena_words);
}

bool channel_meet(struct channel *channel)
{
    if (channel->is_met)
        return true;
    channel->is_met = channel_peer_epoch(channel) == channel->epoch;
    if (!channel->is_met && !channel_is_kept(channel))
        channel->broken = true;
    return channel->is_met;
}

uint32_t channel_waiting_oddly(struct channel *channel, uint64_t pushed)
{
    if (pushed >> 32 == channel->epoch)
        __atomic_store_n(&channel->receive_head, (uint32_t)pushed, __ATOMIC_RELAXED);
    else if (channel->is_met)
        channel->broken = true;
    return 0;
}

bool channel_check(const struct channel *channel)
{
    bool in_order = channel->arena_tail <= arena_limit(channel) &&
                    arena_limit(channel) <= channel->arena_words;
    bool is_wrapped = arena_limit(channel) != channel->arena_words;
    bool is_apart = !is_wrapped || arena_limit(channel) == channel->arena_head;
    bool has_power = ((channel->entry_mask + 1) & channel->entry_mask) == 0;
    return in_order && is_apart && has_power &&
           channel->arena_next == channel->send_words + channel->arena_tail;
}

bool channel_arena_wrap(struct channel *channel)
{
    bool is_wrapped = arena_limit(channel) != channel->arena_words;
    /* A pending reply is no region yet: it must stay at the tail. */
    if (is_wrapped || channel->arena_pending > 0 || channel->arena_head <= channel->arena_room)
        return false;
    arena_set(channel, 0, channel->arena_head);
    return true;
}

void channel_arena_release(struct channel *channel, uint32_t head, bool is_empty)
{
    bool is_wrapped = arena_limit(channel) != channel->arena_words;
    if (is_empty && channel->arena_pending == 0) {
        channel_junk(channel->send_words, channel->arena_words);
        channel->arena_head = 0;
        arena_set(channel, 0, channel->arena_words);
    } else if (is_empty) {
        channel->arena_head = channel->arena_tail;
        arena_set(channel, channel->arena_tail, channel->arena_words);
    } else {
        if (is_wrapped) /* until the oldest region is behind the wrap too */
            arena_set(channel, channel->arena_tail,
                      head < channel->arena_head ? channel->arena_words : head);
        channel->arena_head = head;
    }
}
