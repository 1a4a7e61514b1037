/* SPDX-License-Identifier: MIT */
/*
 * The lattice channel's memory: two rings of descriptors and two arenas that both sides map
 * (idl/channel.capnp says how they lie). This file knows no kernel call: it moves words.
 *
 * Protocol. The client pushes descriptors of requests, the server pops them, and the other way
 * round for replies. A producer writes the descriptor, then publishes it by storing its tail with
 * release; a consumer loads the tail with acquire. Before a side sleeps it says so in its line,
 * and looks at the ring once more; after a push the other side looks at that word (both with a
 * full barrier).
 *
 * Invariants.
 * - One side writes each word. What a side needs to know of its own words is in its private
 *   `struct channel`; nothing of it is ever read back from the channel but a client's counter
 *   and epoch, when it takes the next one: it begins no less than where the one before ended, so
 *   whoever takes that up too late finds nothing in it.
 * - Whoever of the server has the channel takes up a new epoch, so nothing is done for the former
 *   one at that moment. A client that was there before writes neither ring nor arena until it sees
 *   that; where the memory is fresh there is nobody to wait for.
 * - Whoever clears the two lines (init, before it starts a server again) ends the epoch: what the
 *   client pushes from then on counts for nobody, and the client sees it by either line.
 * - What the peer wrote is fetched once and believed in nothing: a count of descriptors above the
 *   ring's size drops them all, a message outside the arena is a bad message.
 * - An arena is freed in the order in which it was given out (a ring of bytes).
 */
#ifndef CHANNEL_H
#define CHANNEL_H
#include "capnp.h"
#include "capnp_build.h"
#include "channel.capnp.h"

#define CHANNEL_CACHE_LINE_BYTES 64u     /* of every architecture */
#define CHANNEL_ENTRIES_MAX 64u          /* of a ring */
#define CHANNEL_BYTES_MIN 4096u          /* smallest memory of a channel */
#define CHANNEL_BYTES_MAX (1u << 28)     /* largest; keeps every word count in 32 bits */
#define CHANNEL_SMALL_BYTES 8192u        /* up to here the rings are half as long */

/* What one side knows of a channel; private. */
struct channel {
    uint8_t *memory;
    const uint32_t *peer_tail;     /* what the peer pushed, and behind it its epoch */
    uint32_t *own_tail;            /* what this side pushed, for the peer */
    uint64_t *send_ring;           /* descriptors that this side pushes, two words each */
    const uint64_t *receive_ring;  /* descriptors that the peer pushes */
    uint32_t *finished;            /* the client writes it: question + 1 of each finished one */
    uint64_t *send_words;          /* the arena that this side writes */
    const uint64_t *receive_words; /* the arena that the peer writes */
    uint64_t arena_words;          /* of each */
    uint32_t arena_quarter;        /* look for room when less is left */
    uint32_t entry_mask;
    uint32_t send_tail;     /* pushed by this side */
    uint32_t receive_head;  /* popped by this side */
    uint32_t epoch;         /* that of the peer's line, or its counters say nothing */
    uint64_t *arena_next;   /* first free word of the arena that this side writes ... */
    uint32_t arena_tail;    /* ... and its index */
    uint32_t arena_room;    /* how many free words follow, itself included */
    uint32_t arena_head;    /* first word still in use, when any is */
    uint32_t arena_pending; /* words from arena_tail on that a synchronous reply uses */
    bool is_server;
    bool is_met;    /* the server has taken up this client's epoch, so its line can be believed */
    bool broken;    /* the memory went away under a read or write, see channel_guard */
    uint64_t *mark; /* a word that is told so as well, if not null ... */
    uint64_t mark_bits; /* ... by these bits */
};

/* A descriptor, fetched. */
struct channel_descriptor {
    uint32_t offset, length;
    uint16_t method, flags;
    uint32_t question;
};

/* Lay a channel over `bytes` of shared memory at `memory` (aligned to a page). A server writes its
 * line, a client when it begins. Returns false if the size is out of range. */
bool channel_open(struct channel *channel, void *memory, uint64_t bytes, bool is_server);

/* Take the next epoch, in the half of a client, with all counters at `base`. Returns whether nobody
 * was there before, since the memory is fresh. */
bool channel_begin(struct channel *channel, uint32_t base);

/* The counter of descriptors that this side pushed, or one before it in this line. */
uint32_t channel_own_pushed(const struct channel *channel);

/* Does the own line still say which epoch this side has written: nobody has cleared it. */
bool channel_is_kept(const struct channel *channel);

/* Take up an epoch of the client's line in the server's half, or 0 for none: all counters begin at
 * the client's base, and the own line says so, with the attention that the server has for its ring.
 * Returns the base. What else of the private half other Threads may read stays as it is. */
uint32_t channel_take_up(struct channel *channel, uint32_t epoch,
                         enum channel_attention attention);

/* Forget what lies in the arena that this side writes. */
void channel_arena_empty(struct channel *channel);

/* Believe the server's line from now on, if the server has taken up this client's epoch. Returns
 * is_met. If the memory was cleared meanwhile, the channel is broken. */
bool channel_meet(struct channel *channel);

/* Do the invariants of the private half hold; for asserts. */
bool channel_check(const struct channel *channel);

#define CHANNEL_JUNK UINT64_C(0xdeadc4a77e1dead1) /* far from any legal pointer */

/* Fill words that are free again with junk, so that a use after that shows. Debug builds only. */
static inline void channel_junk(uint64_t *words, uint32_t count)
{
#ifdef EXO_DEBUG
    for (uint32_t i = 0; i < count; i++)
        words[i] = CHANNEL_JUNK;
#else
    (void)words;
    (void)count;
#endif
}

/*
 * Make room: move the tail to the arena's start when more is free there. Returns whether it moved.
 */
bool channel_arena_wrap(struct channel *channel);

/* The arena is in use up to `head` no more; `is_empty` says that nothing of it is. */
void channel_arena_release(struct channel *channel, uint32_t head, bool is_empty);

/* Take the first `length` free words of the arena. */
static inline void channel_arena_take(struct channel *channel, uint32_t length)
{
    channel->arena_next += length;
    channel->arena_tail += length;
    channel->arena_room -= length;
}

/* The peer's and the own line. */
static inline uint8_t *channel_own_line(const struct channel *channel)
{
    return channel->memory + (channel->is_server ? CHANNEL_LINE_BYTES : 0);
}

/* As channel_own_line. */
static inline uint8_t *channel_peer_line(const struct channel *channel)
{
    return channel->memory + (channel->is_server ? 0 : CHANNEL_LINE_BYTES);
}

/* Say whether this side waits for signals, before it looks at the ring for the last time. */
static inline void channel_set_attention(struct channel *channel, enum channel_attention attention)
{
    uint16_t *at =
        (uint16_t *)(void *)(channel_own_line(channel) + CHANNEL_CLIENT_LINE_ATTENTION_OFFSET);
    __atomic_store_n(at, (uint16_t)attention, __ATOMIC_SEQ_CST);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* Does the peer wait for signals, after this side pushed. */
static inline enum channel_attention channel_peer_attention(const struct channel *channel)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return (enum channel_attention)capnp_load16(channel_peer_line(channel) +
                                                CHANNEL_CLIENT_LINE_ATTENTION_OFFSET);
}

/* The peer's counter of descriptors that it pushed in the lower half, its epoch in the upper. */
static inline uint64_t channel_fetch_pushed(const struct channel *channel)
{
    const uint64_t *at = (const uint64_t *)(const void *)channel->peer_tail;
    uint64_t pushed = __atomic_load_n(at, __ATOMIC_ACQUIRE);
    CAPNP_FETCHED(at, 8);
    return pushed;
}

/* The epoch of the peer's line; 0: its memory is fresh. */
static inline uint32_t channel_peer_epoch(const struct channel *channel)
{
    return (uint32_t)(channel_fetch_pushed(channel) >> 32);
}

/* What channel_waiting does with a counter of another epoch, which it ignores and by which a client
 * sees that the channel is broken, or of more than the ring holds, which is the peer's breach of
 * contract: all are dropped. Returns 0. */
uint32_t channel_waiting_oddly(struct channel *channel, uint64_t pushed);

/* How many descriptors wait to be popped. */
static inline uint32_t channel_waiting(struct channel *channel)
{
    uint64_t pushed = channel_fetch_pushed(channel);
    uint32_t count = (uint32_t)pushed - channel->receive_head;
    if (__builtin_expect(pushed >> 32 != channel->epoch || count > channel->entry_mask + 1, 0))
        return channel_waiting_oddly(channel, pushed);
    return count;
}

/* Is there something to pop, or to drop, or an epoch to be taken up; changes nothing, so any Thread
 * may ask. */
static inline bool channel_has_waiting(const struct channel *channel)
{
    uint64_t pushed = channel_fetch_pushed(channel);
    if (pushed >> 32 != __atomic_load_n(&channel->epoch, __ATOMIC_RELAXED))
        return pushed >> 32 != 0;
    return (uint32_t)pushed != __atomic_load_n(&channel->receive_head, __ATOMIC_RELAXED);
}

/* The words of a descriptor, as the ring and the registers of a portal call carry them. The place
 * of a message at the arena's start is its length. */
static inline uint64_t channel_place_word(uint32_t offset, uint32_t length)
{
    return (uint64_t)offset << 32 | length;
}

/* The two halves of a place. */
static inline uint32_t channel_place_offset(uint64_t place)
{
    return (uint32_t)(place >> 32);
}

/* As channel_place_offset. */
static inline uint32_t channel_place_length(uint64_t place)
{
    return (uint32_t)place;
}

/* Fetch the descriptor at counter `head` of a ring with `mask` + 1 entries; only if channel_waiting
 * said that it is there. */
static inline struct channel_descriptor channel_entry(const uint64_t *ring, uint32_t mask,
                                                      uint32_t head)
{
    const uint64_t *at = ring + (head & mask) * 2;
    uint64_t place = capnp_load64(at), meaning = capnp_load64(at + 1);
    return (struct channel_descriptor){channel_place_offset(place), channel_place_length(place),
                                       (uint16_t)meaning, (uint16_t)(meaning >> 16),
                                       (uint32_t)(meaning >> 32)};
}

/* As channel_place_word. */
static inline uint64_t channel_meaning_word(uint16_t method, uint16_t flags, uint32_t question)
{
    return (uint64_t)question << 32 | (uint64_t)flags << 16 | method;
}

/* Push a descriptor. The caller knows that the ring has room: it counts its questions. */
static inline void channel_push(struct channel *channel, uint64_t place, uint64_t meaning)
{
    uint64_t *at = channel->send_ring + (channel->send_tail & channel->entry_mask) * 2;
    __atomic_store_n(at, place, __ATOMIC_RELAXED);
    __atomic_store_n(at + 1, meaning, __ATOMIC_RELAXED);
    channel->send_tail++;
    __atomic_store_n(channel->own_tail, channel->send_tail, __ATOMIC_RELEASE);
}

/* Does a message lie in the arena that the peer writes. */
static inline bool channel_in_bounds(const struct channel *channel, uint32_t offset,
                                     uint32_t length)
{
    return (uint64_t)offset + length <= channel->arena_words;
}
#endif
