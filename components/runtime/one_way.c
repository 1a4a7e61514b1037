/* SPDX-License-Identifier: MIT */
#include "one_way.h"

_Static_assert(CHANNEL_ONE_WAY_LINE_REQUEST_TAIL_OFFSET == CHANNEL_CLIENT_LINE_REQUEST_TAIL_OFFSET,
               "channel_push stores the tail");

/* How a one-way channel's memory is divided; the same at both ends. */
struct layout {
    uint32_t entries, arena, arena_words; /* `arena` in bytes from the start */
};

static bool lay_out(struct layout *layout, const void *memory, uint64_t bytes)
{
    if (bytes < CHANNEL_BYTES_MIN || bytes > CHANNEL_BYTES_MAX || (uintptr_t)memory % 64 != 0)
        return false;
    layout->entries = bytes <= CHANNEL_SMALL_BYTES ? CHANNEL_ENTRIES_MAX / 2 : CHANNEL_ENTRIES_MAX;
    layout->arena = CHANNEL_LINE_BYTES + layout->entries * 16;
    layout->arena_words = (uint32_t)((bytes - layout->arena) / 8);
    return true;
}

/* The words of the line. */
static uint32_t *tail_of(const uint8_t *memory)
{
    return (uint32_t *)(uintptr_t)(memory + CHANNEL_ONE_WAY_LINE_REQUEST_TAIL_OFFSET);
}

static uint32_t *oldest_of(const uint8_t *memory)
{
    return (uint32_t *)(uintptr_t)(memory + CHANNEL_ONE_WAY_LINE_OLDEST_OFFSET);
}

static uint64_t *epoch_of(const uint8_t *memory)
{
    return (uint64_t *)(uintptr_t)(memory + CHANNEL_ONE_WAY_LINE_EPOCH_OFFSET);
}

/* Begin a new epoch. The old one is the client's own word, in memory that nobody else writes: this
 * is the one time that it is looked at, since a program may open its end again. */
static void begin_epoch(uint8_t *memory, uint32_t generation)
{
    uint64_t epoch = __atomic_load_n(epoch_of(memory), __ATOMIC_RELAXED);
    epoch = epoch >> 32 == generation ? epoch + 1 : (uint64_t)generation << 32 | 1;
    __atomic_store_n(epoch_of(memory), 0, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(tail_of(memory), 0, __ATOMIC_RELAXED);
    __atomic_store_n(oldest_of(memory), 0, __ATOMIC_RELAXED);
    __atomic_store_n(epoch_of(memory), epoch, __ATOMIC_RELEASE);
}

bool one_way_writer_open(struct one_way_writer *writer, struct channel *channel, void *memory,
                         uint64_t bytes, uint32_t generation)
{
    struct layout layout;
    if (!lay_out(&layout, memory, bytes))
        return false;
    uint8_t *line = memory;
    *writer = (struct one_way_writer){.words = layout.arena_words / 4};
    if (writer->words > ONE_WAY_WORDS_MAX)
        writer->words = ONE_WAY_WORDS_MAX;
    *channel = (struct channel){
        .memory = memory,
        .own_tail = tail_of(line),
        .send_ring = (uint64_t *)(void *)(line + CHANNEL_LINE_BYTES),
        .send_words = (uint64_t *)(void *)(line + layout.arena),
        .arena_words = layout.arena_words,
        .entry_mask = layout.entries - 1,
    };
    channel->arena_next = channel->send_words;
    begin_epoch(line, generation);
    return true;
}

/* Move `oldest` behind the requests that lie in the next place, and behind the one whose entry the
 * next request gets. They are the oldest ones, since places are given out in the order of a ring.
 * That holds for the step back to the arena's start, too: no place begins where less than the
 * longest request has room, so nothing older lies behind the last. */
static void pass_oldest(struct one_way_writer *writer, const struct channel *channel)
{
    uint32_t next = channel->send_tail, mask = channel->entry_mask, oldest = writer->oldest;
    uint32_t start = writer->start, end = start + writer->words;
    if (next - oldest > mask)
        oldest = next - mask;
    while (oldest != next && writer->starts[oldest & mask] >= start &&
           writer->starts[oldest & mask] < end)
        oldest++;
    writer->oldest = oldest;
}

void one_way_writer_begin(struct one_way_writer *writer, struct channel *channel)
{
    uint32_t tail = channel->arena_tail;
    /* A request without words takes one all the same, so that no two lie at one place. */
    if (channel->send_tail != writer->number && tail == writer->start)
        tail++;
    writer->number = channel->send_tail;
    writer->start = channel->arena_words - tail < writer->words ? 0 : tail;
    pass_oldest(writer, channel);
    writer->starts[writer->number & channel->entry_mask] = writer->start;
    __atomic_store_n(oldest_of(channel->memory), writer->oldest, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    channel->arena_tail = writer->start;
    channel->arena_next = channel->send_words + writer->start;
    channel->arena_room = writer->words;
}

bool one_way_reader_open(struct one_way_reader *reader, const void *memory, uint64_t bytes)
{
    struct layout layout;
    *reader = (struct one_way_reader){0};
    if (!lay_out(&layout, memory, bytes))
        return false;
    reader->memory = memory;
    reader->entry_mask = layout.entries - 1;
    reader->arena_words = layout.arena_words;
    return true;
}

bool one_way_has_waiting(const struct one_way_reader *reader)
{
    uint64_t epoch = capnp_load64(epoch_of(reader->memory));
    uint32_t next = epoch == __atomic_load_n(&reader->epoch, __ATOMIC_RELAXED)
                        ? __atomic_load_n(&reader->next, __ATOMIC_RELAXED)
                        : 0;
    return epoch != 0 && capnp_load32(tail_of(reader->memory)) != next;
}

/* Go past a number of requests. */
static void go_on(struct one_way_reader *reader, uint32_t count)
{
    __atomic_store_n(&reader->next, reader->next + count, __ATOMIC_RELAXED);
}

/* Go past those that were overwritten. Returns whether there is one to try, whatever it is. */
static bool find_next(struct one_way_reader *reader)
{
    uint64_t epoch = __atomic_load_n(epoch_of(reader->memory), __ATOMIC_ACQUIRE);
    CAPNP_FETCHED(epoch_of(reader->memory), 8);
    uint32_t tail = __atomic_load_n(tail_of(reader->memory), __ATOMIC_ACQUIRE);
    CAPNP_FETCHED(tail_of(reader->memory), 4);
    uint32_t oldest = capnp_load32(oldest_of(reader->memory));
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (epoch == 0 || capnp_load64(epoch_of(reader->memory)) != epoch)
        return false; /* it begins anew just now, and will ring */
    if (epoch != reader->epoch) {
        __atomic_store_n(&reader->epoch, epoch, __ATOMIC_RELAXED);
        __atomic_store_n(&reader->next, 0, __ATOMIC_RELAXED);
    }
    uint32_t waiting = tail - reader->next, passed = oldest - reader->next;
    if (passed > waiting) /* it lies before the next one */
        passed = 0;
    /* No more than the ring holds, whatever `oldest` says. */
    if (waiting - passed > reader->entry_mask + 1)
        passed = waiting - (reader->entry_mask + 1);
    reader->lost += passed;
    go_on(reader, passed);
    return waiting != passed;
}

/* Copy the next request. Returns whether the copy is what the client pushed. */
static bool copy_next(struct one_way_reader *reader, uint64_t *words,
                      struct channel_descriptor *descriptor)
{
    const uint8_t *memory = reader->memory;
    const uint64_t *ring = (const uint64_t *)(const void *)(memory + CHANNEL_LINE_BYTES);
    *descriptor = channel_entry(ring, reader->entry_mask, reader->next);
    if (descriptor->length > ONE_WAY_WORDS_MAX ||
        (uint64_t)descriptor->offset + descriptor->length > reader->arena_words)
        return false;
    const uint64_t *from = ring + (reader->entry_mask + 1) * 2 + descriptor->offset;
    for (uint32_t i = 0; i < descriptor->length; i++)
        words[i] = capnp_load64(from + i);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    uint32_t oldest = capnp_load32(oldest_of(memory));
    return (int32_t)(reader->next - oldest) >= 0 && descriptor->question == reader->next &&
           capnp_load64(epoch_of(memory)) == reader->epoch;
}

bool one_way_take(struct one_way_reader *reader, uint64_t *words,
                  struct channel_descriptor *descriptor)
{
    for (uint32_t tries = 0; tries <= reader->entry_mask && find_next(reader); tries++) {
        bool is_whole = copy_next(reader, words, descriptor);
        go_on(reader, 1);
        if (is_whole) {
            reader->received++;
            return true;
        }
        reader->lost++;
    }
    return false;
}

bool one_way_writer_check(const struct one_way_writer *writer, const struct channel *channel)
{
    bool is_in_ring = channel->send_tail - writer->oldest <= channel->entry_mask + 1;
    bool has_room = writer->start + writer->words <= channel->arena_words;
    return is_in_ring && has_room && channel->arena_tail - writer->start <= writer->words &&
           channel->send_tail - writer->number <= 1;
}

bool one_way_reader_check(const struct one_way_reader *reader)
{
    bool has_power = ((reader->entry_mask + 1) & reader->entry_mask) == 0;
    bool is_empty = reader->received == 0 && reader->lost == 0 && reader->next == 0;
    return reader->memory && has_power && (reader->epoch != 0 || is_empty);
}
